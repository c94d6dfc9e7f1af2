"""The chapter on temporal differences and Q-learning: its theorems and numbers for tables."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import sympy as sp


def process(seed: int, n: int = 3, actions: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Transition probabilities (n, actions, n) and rewards (n, actions)."""
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(n), (n, actions)), rng.random((n, actions))


def backup(P: np.ndarray, r: np.ndarray, gamma: float, q: np.ndarray) -> np.ndarray:
    """The operator F."""
    return r + gamma * P @ q.max(axis=1)


def optimum(P: np.ndarray, r: np.ndarray, gamma: float) -> np.ndarray:
    q = np.zeros_like(r)
    for _ in range(math.ceil(40 / (1 - gamma))):
        q = backup(P, r, gamma, q)
    return q


def test_averaged_noise() -> None:
    """lem-ql-averaging, with steps that depend on the noise so far."""
    rng = np.random.default_rng(0)
    W, k = np.zeros(200), np.ones(200)
    for _ in range(4000):
        k += 1 + (W > 0)
        alpha = k**-0.8
        W = (1 - alpha) * W + alpha * rng.choice([-1, 1], 200)
    assert np.abs(W).max() < 0.25
    assert np.abs(W).mean() < 0.05


def test_asynchronous_stochastic_approximation() -> None:
    """thm-ql-sa: a nonlinear contraction in the maximum norm, random coordinates."""
    rng = np.random.default_rng(1)
    target = (1.0, -2.0, 0.5)
    x, visits = [10.0, 10.0, 10.0], [0, 0, 0]
    chosen = rng.choice(3, size=40000, p=[0.7, 0.25, 0.05])
    for i, noise in zip(chosen.tolist(), rng.choice([-1, 1], 40000).tolist(), strict=True):
        y = [a - b for a, b in zip(x, target, strict=True)]
        image = (-y[1], max(map(abs, y)), min(y))[i]
        visits[i] += 1
        x[i] += visits[i] ** -0.7 * (target[i] + 0.8 * image - x[i] + noise)
    assert max(abs(a - b) for a, b in zip(x, target, strict=True)) < 0.25


def test_td_for_tables() -> None:
    """thm-ql-td along one trajectory, with steps one over the number of visits."""
    rng = np.random.default_rng(2)
    P = np.array([[0.1, 0.9], [0.5, 0.5]])
    r, gamma = np.array([1.0, -1.0]), 0.5
    exact = np.linalg.solve(np.eye(2) - gamma * P, r)
    v, visits, s = np.zeros(2), np.zeros(2), 0
    for u in rng.random(60000):
        following = int(u > P[s, 0])
        visits[s] += 1
        v[s] += (r[s] + gamma * v[following] - v[s]) / visits[s]
        s = following
    assert v == pytest.approx(exact, abs=0.03)


def test_q_learning_off_policy() -> None:
    """thm-ql-qlearning and lem-ql-visits: uniformly random behaviour, one trajectory."""
    gamma = 0.6
    P, r = process(3)
    best = optimum(P, r, gamma)
    rng = np.random.default_rng(3)
    edges = np.cumsum(P, axis=2)
    q, visits, s = [[0.0, 0.0] for _ in range(3)], np.zeros((3, 2), int).tolist(), 0
    steps, (first, second) = 40000, edges[:, :, :2].transpose(2, 0, 1).tolist()
    tosses = zip(rng.random(steps).tolist(), rng.random((steps, 2)).tolist(), strict=True)
    for u, (v, w) in tosses:
        a = int(v < 0.5)
        following = (u > first[s][a]) + (u > second[s][a])
        visits[s][a] += 1
        target = r[s, a] + 0.6 * (w - 0.5) + gamma * max(q[following])
        q[s][a] += visits[s][a] ** -0.8 * (target - q[s][a])
        s = following
    assert np.abs(np.array(q) - best).max() < 0.06
    assert np.array_equal(np.argmax(q, axis=1), best.argmax(axis=1))


def test_too_little_exploration() -> None:
    """ex-ql-no-exploration."""
    gamma, stuck, runs = 0.5, 0, 300
    rng = np.random.default_rng(4)
    for _ in range(runs):
        q = [0.0, 0.0]
        explore = (rng.random(150) < 1 / np.arange(1, 151) ** 2).tolist()
        for t, tried in enumerate(explore):
            a = 1 if (tried and t) or q[1] > q[0] else 0
            q[a] += 0.5 * (1 + a + gamma * max(q) - q[a])
        stuck += q[1] == 0
        if q[1] == 0:
            assert q[0] == pytest.approx(1 / (1 - gamma))
    assert stuck / runs == pytest.approx(0.5, abs=0.08)
    for start in (2 / (1 - gamma), 9.0):
        q = [start, start]
        for _ in range(300):
            a = int(q[1] > q[0])
            q[a] += 0.5 * (1 + a + gamma * max(q) - q[a])
        assert q[1] == pytest.approx(2 / (1 - gamma)) and q[0] < q[1]


def test_steps_without_noise() -> None:
    """prop-ql-linear-step, and the numbers after it."""
    for gamma in (0.3, 0.9, 0.99):
        slow = fast = 1.0
        for k in range(1, 2000):
            slow *= 1 - (1 - gamma) / k
            fast *= 1 - (1 - gamma) / (1 + (1 - gamma) * (k - 1))
            assert gamma * k ** (gamma - 1) <= slow * (1 + 1e-12)
            assert slow <= (k + 1) ** (gamma - 1) * (1 + 1e-12)
            assert fast == pytest.approx(gamma / (1 + (1 - gamma) * (k - 1)))
    needed = (0.99 * 10) ** 100
    assert needed == pytest.approx(4e99, rel=0.1)
    fast = [sp.Rational(99, 100) / (1 + sp.Rational(k - 1, 100)) for k in (890, 891)]
    assert fast[1] <= sp.Rational(1, 10) < fast[0]


def test_polynomial_steps() -> None:
    """exr-ql-polynomial: a number of steps between those of the two linear choices."""
    gamma, p, error = 0.99, 0.75, 1.0
    for k in range(1, 3000):
        error *= 1 - (1 - gamma) * k**-p
        assert error <= math.exp(-(1 - gamma) / (1 - p) * ((k + 1) ** (1 - p) - 1))
    enough = (1 + (1 - p) / (1 - gamma) * math.log(10)) ** (1 / (1 - p))
    assert 891 < enough < 2e7


def test_steps_longer_than_one() -> None:
    """exr-ql-bounded: they can lead to infinity, but not if their squares have a finite sum."""
    gamma, far, near = 0.9, 1.0, 100.0
    rng = np.random.default_rng(10)
    for k, noise in enumerate(rng.choice([-1, 1], 20000)):
        if k < 50:
            far += 2 * (-gamma * far - far)
        near += min(2, 6 * (k + 1) ** -0.8) * (-gamma * near - near + noise)
    assert abs(far) > 1e9
    assert abs(near) < 0.2


@pytest.mark.parametrize("alpha", [0.02, 0.1, 0.5])
def test_finite_time_bound(alpha: float) -> None:
    """thm-ql-finite, on a process whose values differ as much as they can."""
    gamma, runs = 0.7, 60
    P = np.full((2, 2, 2), 0.5)
    r = np.array([[1.0, 1.0], [0.0, 0.0]])
    best = optimum(P, r, gamma)
    rng = np.random.default_rng(5)
    q = np.zeros((runs, 2, 2))
    for k in range(150):
        mean = np.abs(q - best).max(axis=(1, 2)).mean()
        noise = gamma / (1 - gamma) ** 2 * math.sqrt(alpha * math.log(8) / 2)
        assert mean <= (1 - (1 - gamma) * alpha) ** k * best.max() + noise
        following = rng.integers(2, size=(runs, 2, 2))
        values = np.take_along_axis(q.max(axis=2)[:, None, :], following.reshape(runs, 1, 4), 2)
        q = (1 - alpha) * q + alpha * (r + gamma * values.reshape(runs, 2, 2))


def test_number_of_samples() -> None:
    """cor-ql-samples and ex-ql-numbers."""
    for gamma, pairs, eps in itertools.product((0.1, 0.5, 0.9), (2, 400), (0.01, 0.5, 1.1)):
        size = math.log(2 * pairs)
        alpha = min(1, (1 - gamma) ** 4 * eps**2 / (2 * gamma**2 * size))
        k = math.log(2 / ((1 - gamma) * eps)) / ((1 - gamma) * alpha)
        noise = gamma / (1 - gamma) ** 2 * math.sqrt(alpha * size / 2)
        assert (1 - (1 - gamma) * alpha) ** k / (1 - gamma) + noise <= eps * (1 + 1e-5)
    alpha = 1e-4 / (2 * 0.81 * math.log(800))
    assert alpha == pytest.approx(9.2e-6, rel=0.01)
    steps, plain = 10 / alpha * math.log(20), 0.81 * math.log(16000) / 2e-4
    assert steps == pytest.approx(3.2e6, rel=0.02)
    assert plain == pytest.approx(3.9e4, rel=0.01)
    assert steps / plain == pytest.approx(80, rel=0.05)


def test_bias_of_the_maximum() -> None:
    """prop-ql-bias and ex-ql-bias."""
    x = sp.symbols("x")
    for m in (2, 3, 10):
        law = sp.diff(((1 + x) / 2) ** m, x)
        assert sp.integrate(x * law, (x, -1, 1)) == sp.Rational(m - 1, m + 1)
    x = 0.0
    for _ in range(300):
        x = 0.9 * (x + 9 / 11)
    assert x == pytest.approx(81 / 11)
    rng = np.random.default_rng(6)
    means = np.array([0.3, 0.0, 0.25])
    first, second = means + rng.standard_normal((2, 100000, 3))
    chosen = first.argmax(axis=1)
    double = np.take_along_axis(second, chosen[:, None], 1).mean()
    assert first.max(axis=1).mean() > 0.3 + 0.5
    assert first.max(axis=1).mean() <= 0.3 + math.sqrt(2 * math.log(3))
    assert double == pytest.approx(means[chosen].mean(), abs=0.015)
    assert double < 0.3
    outcomes = [(0, 1), (0, -2)]
    assert np.mean([max(o) for o in outcomes]) == 0.5
    assert np.mean([(0, -0.5)[int(np.argmax(o))] for o in outcomes]) == -0.25


def test_what_regression_estimates() -> None:
    """prop-ql-regression and ex-ql-residual."""
    P, r = process(9)
    rng = np.random.default_rng(9)
    frozen, q = rng.standard_normal((2, 3, 2))
    weights = rng.dirichlet(np.ones(6)).reshape(3, 2)
    values = frozen.max(axis=1)
    targets = r[..., None] + 0.9 * values
    direct = np.sum(weights[..., None] * P * (q[..., None] - targets) ** 2)
    mean = np.sum(P * targets, axis=2)
    variance = np.sum(P * (targets - mean[..., None]) ** 2, axis=2)
    split = np.sum(weights * ((q - backup(P, r, 0.9, frozen)) ** 2 + variance))
    assert direct == pytest.approx(split)

    g = sp.symbols("gamma", positive=True)
    a, b, c = sp.symbols("a b c")
    loss = (a - g * b) ** 2 / 2 + (a - g * c) ** 2 / 2 + (b - 1) ** 2 + (c + 1) ** 2
    found = sp.solve([sp.diff(loss, x) for x in (a, b, c)], (a, b, c), dict=True)[0]
    assert sp.simplify(found[b] - 2 / (2 + g**2)) == 0
    assert found[a] == 0


@pytest.mark.parametrize("seed", range(4))
def test_errors_of_fitted_iteration(seed: int) -> None:
    """thm-ql-fitted, and the numbers of ex-ql-budget."""
    gamma = 0.8
    P, r = process(seed)
    best, rng = optimum(P, r, gamma), np.random.default_rng(seed)
    q = np.zeros((3, 2))
    bound = np.abs(best).max()
    for k in range(40):
        errors = 0.1 / (1 + k % 3) * rng.choice([-1, 1], (3, 2))
        q = backup(P, r, gamma, q) + errors
        bound = gamma * bound + np.abs(errors).max()
        assert np.abs(q - best).max() <= bound + 1e-12
        policy = q.argmax(axis=1)
        rows = np.arange(3)
        value = np.linalg.solve(np.eye(3) - gamma * P[rows, policy], r[rows, policy])
        loss = (best.max(axis=1) - value).max()
        assert loss <= 2 / (1 - gamma) * np.abs(q - best).max() + 1e-12
    eps = 0.01
    assert 2 * eps / 0.05**2 == pytest.approx(8)
    assert 800 * 0.95**131 < 1 < 800 * 0.95**130
