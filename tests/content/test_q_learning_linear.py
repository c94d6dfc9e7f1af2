"""The chapter on temporal differences and Q-learning: linear values, on-policy and off-policy."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from tests.content.linear_values import norm, off_policy, stationary


@pytest.mark.parametrize("seed", range(6))
def test_projected_equation(seed: int) -> None:
    """lem-ql-stationary, thm-ql-projected."""
    rng = np.random.default_rng(seed)
    n, d, gamma = 6, 3, 0.9
    P = rng.dirichlet(np.full(n, 0.4), n)
    mu, r, phi = stationary(P), rng.standard_normal(n), rng.standard_normal((n, d))
    D = np.diag(mu)
    A, b = phi.T @ D @ (np.eye(n) - gamma * P) @ phi, phi.T @ D @ r
    theta = np.linalg.solve(A, b)
    projection = phi @ np.linalg.solve(phi.T @ D @ phi, phi.T @ D)
    u, v = phi @ theta, np.linalg.solve(np.eye(n) - gamma * P, r)
    assert projection @ (r + gamma * P @ u) == pytest.approx(u)
    assert norm(u - v, mu) <= norm(projection @ v - v, mu) / math.sqrt(1 - gamma**2) + 1e-12
    smallest = np.linalg.eigvalsh(phi.T @ D @ phi)[0]
    for x in rng.standard_normal((20, d)):
        assert x @ A @ x >= (1 - gamma) * norm(phi @ x, mu) ** 2 - 1e-12
        assert norm(phi @ x, mu) ** 2 >= smallest * (x @ x) - 1e-12
        w = rng.standard_normal(n)
        assert norm(P @ w, mu) <= norm(w, mu) + 1e-12


@pytest.mark.parametrize("gamma", [0.1, 0.5, 0.8, 0.99])
def test_sharpness_of_the_error_bound(gamma: float) -> None:
    """exr-ql-sharp: a feature (1, t) with 2t/(1+t^2) = gamma and the exchange of two states."""
    P = np.array([[0.0, 1.0], [1.0, 0.0]])
    phi = np.array([1.0, (1 - math.sqrt(1 - gamma**2)) / gamma])
    u = 3 * phi
    v = u - 2 * P @ phi
    r = v - gamma * P @ v
    projection = np.outer(phi, phi) / (phi @ phi)
    assert projection @ (r + gamma * P @ u) == pytest.approx(u)
    ratio = np.linalg.norm(u - v) / np.linalg.norm(projection @ v - v)
    assert ratio == pytest.approx(1 / math.sqrt(1 - gamma**2))


def test_linear_td_converges() -> None:
    """thm-ql-td-linear and ex-ql-one-feature."""
    rng = np.random.default_rng(7)
    phi, r = np.array([1.0, 2.0]), np.array([1.0, 0.0])
    theta = np.zeros(50)
    for k in range(8000):
        s, following = rng.integers(2, size=(2, 50))
        delta = r[s] + 0.8 * phi[following] * theta - phi[s] * theta
        theta += 2 / (k + 20) * delta * phi[s]
    assert theta.mean() == pytest.approx(5 / 7, abs=0.015)
    assert theta.std() < 0.05
    v = np.array([3, 2])
    assert r + 0.8 * v.mean() == pytest.approx(v)
    errors = [np.mean((c * phi - v) ** 2) for c in (5 / 7, 7 / 5)]
    assert errors == pytest.approx([136 / 49, 8 / 5])
    assert math.sqrt(errors[0] / errors[1]) == pytest.approx(1.32, abs=0.005)


def test_divergence_off_policy() -> None:
    """prop-ql-divergence."""
    features = np.array([1.0, 2.0])
    for p, gamma in itertools.product((0, 0.2, 0.5, 1), (0.3, 0.6, 0.82, 0.85, 0.99)):
        drift, factor = off_policy(features, np.array([p, 1 - p]), gamma)
        assert drift == pytest.approx((4 - 3 * p) - gamma * (4 - 2 * p))
        assert factor == pytest.approx(gamma * (4 - 2 * p) / (4 - 3 * p))
        assert (drift < 0) == (factor > 1) == (gamma > (4 - 3 * p) / (4 - 2 * p))
    rng = np.random.default_rng(8)
    final = {}
    for gamma in (0.7, 0.99):
        theta = 1.0
        for feature in 1 + rng.integers(2, size=2000):
            theta += 0.02 * (2 * gamma - feature) * feature * theta
        final[gamma] = theta
    assert abs(final[0.7]) < 1e-3
    assert abs(final[0.99]) > 1e3


def test_several_steps_at_once() -> None:
    """exr-ql-multistep: the example converges if gamma to the power m is below the threshold."""
    features = np.array([1.0, 2.0])
    for p, gamma, m in itertools.product((0.2, 0.5, 1), (0.9, 0.99), (1, 2, 5, 20, 100)):
        returns = gamma**m * features[1]
        drift = p * (1 - returns) + (1 - p) * 2 * (2 - returns)
        assert drift == pytest.approx(off_policy(features, np.array([p, 1 - p]), gamma**m)[0])
        assert (drift > 0) == (gamma**m < (4 - 3 * p) / (4 - 2 * p))


def test_importance_weights() -> None:
    """exr-ql-importance: they correct the next state, not the frequency of the present one."""
    gamma, theta = 0.9, 1.0
    behaviour = np.array([[0.3, 0.7], [0.6, 0.4]])  # the action is the next state
    features, target = np.array([1.0, 2.0]), np.array([0.0, 1.0])
    mu = stationary(behaviour)
    deltas = gamma * features[None, :] * theta - features[:, None] * theta
    weighted = behaviour * (target / behaviour) * deltas * features[:, None]
    drift, _ = off_policy(features, mu, gamma)
    assert np.sum(mu[:, None] * weighted) == pytest.approx(-drift * theta)
    assert drift < 0


@pytest.mark.parametrize("cross", [-2.0, 0.5, 1.0, 1.2, 1.3, 3.0])
def test_moving_average_as_target(cross: float) -> None:
    """exr-ql-moving-target with one parameter, Sigma = 1 and C = cross."""
    gamma, b = 0.8, 1.0
    for alpha, beta in itertools.product((0.02, 0.1), repeat=2):
        step = np.array([[1 - alpha, alpha * gamma * cross], [beta, 1 - beta]])
        assert (np.abs(np.linalg.eigvals(step)).max() < 1) == (gamma * cross < 1)
        if gamma * cross < 1:
            x = np.linalg.solve(np.eye(2) - step, [alpha * b, 0])
            assert x == pytest.approx([b / (1 - gamma * cross)] * 2)
    alpha, beta = 0.1, 0.05
    x = np.zeros(2)
    for _ in range(1000):  # the borderline case drifts at a constant speed
        last, x = x, np.array([x[0] + alpha * (b - x[0] + x[1]), x[1] + beta * (x[0] - x[1])])
    assert x - last == pytest.approx(alpha * beta * b / (alpha + beta))
