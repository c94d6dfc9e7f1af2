"""Dropout and its penalties: chapter and problems, recomputed."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import minimize

from tests.content.bank import Topic

TOPIC = Topic("normalization-and-dropout")


def masks(keep: float, number: int) -> list[tuple[np.ndarray, float]]:
    """All masks with inverted scaling, and their probabilities."""
    found = []
    for bits in itertools.product((0, 1), repeat=number):
        ones = sum(bits)
        found.append((np.array(bits) / keep, keep**ones * (1 - keep) ** (number - ones)))
    return found


def test_linear_regression_with_dropout():
    """thm-bd-linear, ex-bd-linear, by enumeration of the masks."""
    rng = np.random.default_rng(9)
    X, y, w = rng.normal(size=(5, 3)), rng.normal(size=5), rng.normal(size=3)
    keep = 0.3
    mean = sum(p * np.mean((y - X @ (xi * w)) ** 2) for xi, p in masks(keep, 3))
    penalty = (1 - keep) / keep * np.sum(np.mean(X**2, axis=0) * w**2)
    assert mean == pytest.approx(np.mean((y - X @ w) ** 2) + penalty)
    gram, right = np.array([[4.0, 2], [2, 4]]), np.array([8.0, 2])
    assert np.allclose(np.linalg.solve(gram, right), [7 / 3, -2 / 3])
    shrunk = np.linalg.solve(gram + np.diag(np.diag(gram)), right)
    assert np.allclose(shrunk, [1, 0])
    plain = np.linalg.solve(gram, right)
    assert shrunk.sum() / plain.sum() == pytest.approx(3 / 5)
    assert (shrunk[0] - shrunk[1]) / (plain[0] - plain[1]) == pytest.approx(1 / 3)


def test_logistic_regression_with_dropout():
    """thm-bd-glm, eq-bd-glm; the figure fig-bd-dropout."""
    rng = np.random.default_rng(10)
    t = np.linspace(-10, 10, 200_001)
    p = 1 / (1 + np.exp(-t))
    third = np.abs(p * (1 - p) * (1 - 2 * p)).max()
    assert third == pytest.approx(1 / (6 * math.sqrt(3)), rel=1e-6)
    for keep, scale in itertools.product((0.3, 0.5, 0.9), (0.1, 1.0, 3.0)):
        a = rng.normal(size=6) * scale
        s = a.sum()
        kappa = (1 - keep) / keep
        mean = sum(q * np.logaddexp(0, xi @ a) for xi, q in masks(keep, 6))
        penalty, V = mean - np.logaddexp(0, s), kappa * a @ a
        fourth = (1 - keep) * (1 - 3 * keep + 3 * keep**2) / keep**3
        exact = sum(q * (xi[0] - 1) ** 4 for xi, q in masks(keep, 1))
        assert fourth == pytest.approx(exact)
        bound = third / 6 * math.sqrt(V) * math.sqrt(fourth * np.sum(a**4) + 3 * V**2)
        slope = 1 / (1 + math.exp(-s))
        assert 0 <= penalty <= V / 8
        assert abs(penalty - slope * (1 - slope) * V / 2) <= bound
    s = np.linspace(0, 8, 801)  # the left half of the figure
    exact = sum(p * np.logaddexp(0, xi.sum() * s / 10) for xi, p in masks(0.5, 10))
    exact -= np.logaddexp(0, s)
    assert s[exact.argmax()] == pytest.approx(2.7, abs=0.05)
    assert exact.max() == pytest.approx(0.024, abs=5e-4)
    assert exact[-1] == pytest.approx(0.005, abs=5e-4)
    p = 1 / (1 + np.exp(-s))
    assert np.max(p * (1 - p) * s**2 / 20) == pytest.approx(0.022, abs=5e-4)


def test_constant_diagonal_and_factorization():
    """lem-bd-constant-diagonal, thm-bd-factorization."""
    rng = np.random.default_rng(11)
    r = 4
    M = rng.normal(size=(3, 2)) @ rng.normal(size=(2, 5))
    A, sigma, Bt = np.linalg.svd(M)
    nuclear = sigma.sum()
    T = np.diag(np.append(sigma[:2], np.zeros(r - 2)))
    Q, mean = np.eye(r), sigma[:2].sum() / r
    for _ in range(r):
        D = np.diag(Q.T @ T @ Q)
        i, j = int(np.argmin(D)), int(np.argmax(D))
        if D[j] - D[i] < 1e-12:
            break
        low, high = 0.0, math.pi / 2
        for _ in range(60):
            middle = (low + high) / 2
            e = math.cos(middle) * Q[:, i] + math.sin(middle) * Q[:, j]
            low, high = (middle, high) if e @ T @ e < mean else (low, middle)
        e = math.cos(low) * Q[:, i] + math.sin(low) * Q[:, j]
        Q[:, j] = -math.sin(low) * Q[:, i] + math.cos(low) * Q[:, j]
        Q[:, i] = e
    assert np.allclose(np.diag(Q.T @ T @ Q), mean)
    root = np.sqrt(sigma[:2])[:, None] * Q[:2]
    U, V = A[:, :2] @ root, Bt[:2].T @ root
    assert np.allclose(U @ V.T, M)
    products = np.linalg.norm(U, axis=0) * np.linalg.norm(V, axis=0)
    assert np.allclose(products, nuclear / r)
    for _ in range(200):
        R = rng.normal(size=(r, r))
        other, partner = U @ R, V @ np.linalg.inv(R).T
        cost = np.sum(np.sum(other**2, axis=0) * np.sum(partner**2, axis=0))
        assert cost >= nuclear**2 / r - 1e-9
    noise = np.random.default_rng(0).normal(size=(3, 5))
    mean = sum(q * np.sum((noise - (U * xi) @ V.T) ** 2) for xi, q in masks(0.4, r))
    assert mean == pytest.approx(np.sum((noise - M) ** 2) + 1.5 * np.sum(products**2))


def test_shrinkage_of_singular_values():
    """thm-bd-threshold, ex-bd-threshold, the right half of fig-bd-dropout."""
    rng = np.random.default_rng(12)

    def threshold(y, kappa, r):
        k = np.arange(1, len(y) + 1)
        return float(np.max(kappa * np.cumsum(y) / (r + k * kappa)))

    for kappa in (0.2, 1.0, 5.0):
        Y = rng.normal(size=(4, 3))
        A, y, Bt = np.linalg.svd(Y, full_matrices=False)
        tau = threshold(y, kappa, 5)
        shrunk = np.clip(y - tau, 0, None)
        assert tau == pytest.approx(kappa / 5 * shrunk.sum())
        best = (A * shrunk) @ Bt

        def objective(M, Y=Y, kappa=kappa):
            return np.sum((Y - M) ** 2) + kappa / 5 * np.linalg.norm(M, "nuc") ** 2

        for size in (1e-3, 0.1, 1.0):
            step = rng.normal(size=(4, 3)) * size
            assert objective(best + step) >= objective(best) + np.sum(step**2) - 1e-12
    assert threshold(np.array([4.0, 1]), 1.0, 2) == pytest.approx(4 / 3)
    for columns, penalty in (([4 / 3, 4 / 3], 32 / 9), ([8 / 3, 0], 64 / 9)):
        U = np.array([np.sqrt(columns), [0, 0]])
        assert np.allclose(U @ U.T, np.diag([8 / 3, 0]))
        noise = sum(q * np.sum(((U * xi - U) @ U.T) ** 2) for xi, q in masks(0.5, 2))
        assert noise == pytest.approx(penalty)
    singular = np.array([5, 3, 2, 1, 0.5])
    assert threshold(singular[:4], 4 / 9, 8) == pytest.approx(0.5)
    assert threshold(singular[:3], 8 / 7, 8) == pytest.approx(1.0)


def test_ensemble_of_subnetworks():
    """thm-bd-ensemble, ex-bd-ensemble."""
    rng = np.random.default_rng(13)
    W, b, h, keep = rng.normal(size=(3, 4)) * 2, rng.normal(size=3), rng.normal(size=4), 0.7

    def softmax(z):
        return np.exp(z - z.max()) / np.sum(np.exp(z - z.max()))

    logs = sum(q * np.log(softmax(W @ (keep * xi * h) + b)) for xi, q in masks(keep, 4))
    scaled = softmax(keep * W @ h + b)
    assert np.allclose(np.exp(logs) / np.exp(logs).sum(), scaled)
    assert np.all(-np.log(scaled) <= -logs)
    logits = [float(2 * xi @ np.log([2, 8])) / 2 for xi, _ in masks(1.0, 2)]
    probabilities = 1 / (1 + np.exp(-np.array(logits)))
    assert np.mean(probabilities) == pytest.approx(0.749, abs=5e-4)
    odds = math.exp(np.mean(np.log(probabilities / (1 - probabilities))))
    assert odds / (1 + odds) == pytest.approx(0.8)
    assert sum(q * max(xi[0] - xi[1], 0) / 2 for xi, q in masks(0.5, 2)) == 1 / 4


def test_rademacher_complexity_with_dropout():
    """prop-bd-rademacher, by enumeration of the signs and simulation of the masks."""
    rng = np.random.default_rng(14)
    n, d, keep = 8, 3, 0.5
    X = rng.normal(size=(n, d)) * [1.0, 5.0, 0.2]
    signs = np.array(list(itertools.product((-1, 1), repeat=n)))
    found = []
    for _ in range(300):
        nu = rng.random((n, d)) < keep
        found.append(np.mean(np.linalg.norm(signs @ (nu * X), axis=1)) / n)
    full = math.sqrt(np.sum(X**2)) / n
    assert 0.8 * math.sqrt(keep) * full < np.mean(found) <= math.sqrt(keep) * full
    s = np.sqrt(np.mean(X**2, axis=0))
    ball = np.mean(np.linalg.norm(signs @ (X / s), axis=1)) / n * math.sqrt(keep / (1 - keep))
    bound = math.sqrt(keep / (1 - keep) * d / n)
    assert 0.8 * bound < ball <= bound


def test_variance_shift_and_variants():
    """prop-bd-shift, ex-bd-shift, prop-bd-variants."""
    rng = np.random.default_rng(15)
    g = np.maximum(rng.normal(size=(400_000, 3)), 0)
    w = np.array([1.0, -2.0, 0.5])
    for keep in (0.5, 0.9):
        kappa = (1 - keep) / keep
        exact = (math.pi - 1) / (math.pi - 1 + kappa * math.pi)
        noisy = g * (rng.random(g.shape) < keep) / keep
        assert (g @ w).var() / (noisy @ w).var() == pytest.approx(exact, rel=0.02)
        assert exact <= keep
        assert exact == pytest.approx({0.5: 0.405, 0.9: 0.860}[keep], abs=6e-4)
    assert math.sqrt((math.pi - 1) / (2 * math.pi - 1)) == pytest.approx(0.637, abs=5e-4)
    assert sum(1 - depth / 54 * 0.5 for depth in range(1, 55)) == pytest.approx(40.25)
    keep, h = 0.4, np.array([1.0, -2.0, 0.5])
    W = np.array([[1.0, 2.0, 0.0], [3.0, -1.0, 1.0]])
    outputs = [(W @ (xi * h), p) for xi, p in masks(keep, 3)]
    shared = sum(p * (z - W @ h)[0] * (z - W @ h)[1] for z, p in outputs)
    assert shared == pytest.approx(1.5 * np.sum(W[0] * W[1] * h**2))


def test_problem_correlated_features():
    """bd-correlated-features: data with this Gram matrix, all masks, least squares."""
    for values, answer in TOPIC.draws("bd-correlated-features"):
        A, B, keep = (float(values[key]) for key in "ABq")
        X = np.linalg.cholesky(np.array([[A, B], [B, A]])).T
        y = np.linalg.solve(X.T, [10.0, 2.0])
        rows, targets = [], []
        for xi, p in masks(keep, 2):
            rows.append(math.sqrt(p) * X * xi)
            targets.append(math.sqrt(p) * y)
        w = np.linalg.lstsq(np.vstack(rows), np.concatenate(targets), rcond=None)[0]
        assert np.allclose(w, [float(answer), float(values["two"])])
        plain = np.linalg.solve(X, y)
        assert w.sum() / plain.sum() == pytest.approx(float(values["fp"]))
        assert (w[0] - w[1]) / (plain[0] - plain[1]) == pytest.approx(float(values["fm"]))
        assert values["fm"] < values["fp"]


def test_problem_two_neurons():
    """bd-two-neurons: a quasi-Newton method for the mean over all masks, from a random start."""
    rng = np.random.default_rng(16)
    for values, answer in TOPIC.draws("bd-two-neurons"):
        y, z, keep = (float(values[key]) for key in "yzq")
        Y, cases = np.diag([y, z]), masks(keep, 2)

        def mean(theta, Y=Y, cases=cases):
            U, V = theta.reshape(2, 2, 2)
            total, slope = 0.0, np.zeros((2, 2, 2))
            for xi, p in cases:
                R = (U * xi) @ V.T - Y
                total += p * np.sum(R**2)
                slope += 2 * p * np.array([R @ (V * xi), R.T @ (U * xi)])
            return total, slope.ravel()

        found = minimize(mean, rng.normal(size=8), jac=True, options={"gtol": 1e-9})
        U, V = found.x.reshape(2, 2, 2)
        expected = np.diag([float(answer), float(values["b"])])
        assert np.allclose(U @ V.T, expected, atol=1e-5)
        products = np.linalg.norm(U, axis=0) * np.linalg.norm(V, axis=0)
        assert np.allclose(products, float(values["each"]), atol=1e-4)
        assert values["b"] > 0


def test_problem_on_off_shift():
    """bd-on-off-shift: the four joint values of neuron and mask."""
    for values, answer in TOPIC.draws("bd-on-off-shift"):
        p, q = values["p"], values["q"]
        noisy = [(1 / q, p * q), (sp.Integer(0), 1 - p * q)]
        mean = sum(h * weight for h, weight in noisy)
        variance = sum((h - mean) ** 2 * weight for h, weight in noisy)
        plain = (1 - p) ** 2 * p + p**2 * (1 - p)
        assert sp.simplify(plain / variance - answer) == 0


def test_problem_four_subnetworks():
    """bd-four-subnetworks: from the logits."""
    for values, answer in TOPIC.draws("bd-four-subnetworks"):
        logits = np.log([float(values["a"]), float(values["b"])])
        s = np.array([nu @ logits for nu in np.array([[0, 0], [1, 0], [0, 1], [1, 1]])])
        p = 1 / (1 + np.exp(-s))
        one, two = np.exp(np.log(p).mean()), np.exp(np.log1p(-p).mean())
        assert one / (one + two) == pytest.approx(float(answer))
        assert p.mean() == pytest.approx(float(values["mean"]))


def test_problem_equal_neurons():
    """bd-equal-neurons: gradient descent finds the balanced point; its value."""
    rng = np.random.default_rng(17)
    y, kappa, r = 2.0, 0.5, 3
    u, v = rng.normal(size=(2, r))
    for _ in range(20_000):
        D = y - u @ v
        u, v = u + 0.02 * 2 * v * (D - kappa * u * v), v + 0.02 * 2 * u * (D - kappa * u * v)
    assert np.allclose(u * v, y / (r + kappa))
    value = (y - u @ v) ** 2 + kappa * np.sum((u * v) ** 2)
    assert value == pytest.approx(kappa * y**2 / (r + kappa))
