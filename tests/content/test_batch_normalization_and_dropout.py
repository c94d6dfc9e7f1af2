"""The chapter on batch normalization and dropout and its problems: all numbers, recomputed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import minimize

from tests.content.bank import Topic

TOPIC = Topic("normalization-and-dropout")


def normalize(z: np.ndarray, eps: float = 0.0) -> np.ndarray:
    return (z - z.mean()) / np.sqrt(z.var() + eps)


def gradient(f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Central differences."""
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])


def masks(keep: float, number: int) -> list[tuple[np.ndarray, float]]:
    """All masks with inverted scaling, and their probabilities."""
    found = []
    for bits in itertools.product((0, 1), repeat=number):
        ones = sum(bits)
        found.append((np.array(bits) / keep, keep**ones * (1 - keep) ** (number - ones)))
    return found


@pytest.mark.parametrize("eps", [0.0, 0.3])
def test_backward_pass(eps):
    """thm-bd-backward, eq-bd-gradient-norm."""
    rng = np.random.default_rng(1)
    gamma, beta = 1.7, -0.4
    for m in (3, 7):
        z, c = rng.normal(size=(2, m))

        def loss(y, c=c):
            return float(np.sum(np.sin(y) * c) + y[0] * y[1])

        hat, s = normalize(z, eps), math.sqrt(z.var() + eps)
        a = gradient(loss, gamma * hat + beta)
        centre = np.eye(m) - 1 / m
        found = gamma / s * (centre - np.outer(hat, hat) / m) @ a

        def through(z, loss=loss):
            return loss(gamma * normalize(z, eps) + beta)

        assert np.allclose(found, gradient(through, z), atol=1e-7)
        assert np.linalg.norm(found) <= abs(gamma) / s * np.linalg.norm(a)
        square = gamma**2 / s**2 * (a @ a - a.sum() ** 2 / m - (a @ hat) ** 2 / m)
        assert (abs(found @ found - square) < 1e-9) == (eps == 0)
    z = np.array([7.0, 7, 1, 1])
    found = gradient(lambda z: 2 * float(normalize(z)[0]), z)
    assert np.allclose(found, [1 / 3, -1 / 3, 0, 0], atol=1e-8)  # ex-bd-four


def test_curvature_after_normalization():
    """thm-bd-smoothness, eq-bd-hessian."""
    rng = np.random.default_rng(2)
    m, gamma, beta = 5, 0.8, 0.3
    z, b, u = rng.normal(size=(3, m))
    H = rng.normal(size=(m, m))
    H = H @ H.T

    def value(t):
        y = gamma * normalize(z + t * u) + beta
        return y @ H @ y / 2 + b @ y

    h = 1e-4
    second = (value(h) - 2 * value(0) + value(-h)) / h**2
    hat, s = normalize(z), z.std()
    a = H @ (gamma * hat + beta) + b
    Qu = u - u.mean() - hat * (hat @ u) / m
    found = gamma**2 / s**2 * Qu @ H @ Qu
    found -= gamma / (m * s**2) * (2 * (hat @ u) * (a @ Qu) + (a @ hat) * (Qu @ Qu))
    assert found == pytest.approx(second, rel=1e-4)


def quotient(A: np.ndarray) -> tuple[Callable, Callable]:
    """A Rayleigh quotient and its gradient."""

    def f(w):
        return w @ A @ w / (w @ w)

    def g(w):
        return 2 * (A @ w - f(w) * w) / (w @ w)

    return f, g


def test_scale_invariant_functions():
    """prop-bd-scale, lem-bd-tangent; a Rayleigh quotient has L = 2 (largest - smallest)."""
    rng = np.random.default_rng(3)
    A = rng.normal(size=(4, 4))
    A = A + A.T
    f, g = quotient(A)
    low, high = np.linalg.eigvalsh(A)[[0, -1]]
    sharp = 0.0
    for _ in range(80):
        w = rng.normal(size=4)
        assert abs(g(w) @ w) < 1e-10
        assert np.allclose(g(3 * w), g(w) / 3)
        u = w / np.linalg.norm(w)
        hessian = np.array([gradient(lambda x, i=i: g(x)[i], u) for i in range(4)])
        assert np.allclose(hessian @ u, -g(u), atol=1e-6)
        sharp = max(sharp, float(np.abs(np.linalg.eigvalsh((hessian + hessian.T) / 2)).max()))
    L = 2 * (high - low)
    assert 0.3 * L < sharp <= L * (1 + 1e-6)
    for _ in range(500):
        w, v = rng.normal(size=(2, 4))
        v -= (v @ w) / (w @ w) * w
        assert f(w + v) <= f(w) + g(w) @ v + L / 2 * (v @ v) / (w @ w) + 1e-12
        assert g(w) @ g(w) <= 2 * L * (f(w) - low) / (w @ w) + 1e-12
    assert high - low <= math.pi**2 * L / 2


@pytest.mark.parametrize("eta", [0.01, 1.0, 30.0, 1000.0])
def test_any_step_size(eta):
    """thm-bd-autotune, prop-bd-growth."""
    rng = np.random.default_rng(4)
    A = np.diag([1.0, 0.6, 0.3, 0.0])
    f, g = quotient(A)
    L, gap = 2.0, 1.0
    w = rng.normal(size=4) / 2
    start = w @ w
    bound = max(start, eta * L + 2 * eta**2 * L * gap / start) + 2 * eta * gap
    total, best, K = 0.0, math.inf, 1000
    for _ in range(K):
        square = g(w) @ g(w)
        new = w - eta * g(w)
        assert new @ new == pytest.approx(w @ w + eta**2 * square, rel=1e-12)
        if w @ w >= eta * L:
            assert f(new) <= f(w) - eta / 2 * square + 1e-12
        total += square
        best = min(best, square * (w @ w))
        w = new
    assert w @ w <= bound
    assert total <= (bound - start) / eta**2
    assert best <= bound * (bound - start) / (eta**2 * K)


def test_a_step_that_is_too_large():
    """ex-bd-large-step, eq-bd-tan with C = 2, and the numbers after thm-bd-ls."""
    f, g = quotient(np.diag([0.0, 1.0]))
    w, eta = np.array([1.0, 1.0]), 10.0
    values, points = [f(w)], [w]
    for _ in range(400):
        x, n = 2 * eta / (w @ w), w @ w
        factor = (1 - x * w[0] ** 2 / n) / (1 + x * w[1] ** 2 / n)
        new = w - eta * g(w)
        assert new[1] / new[0] == pytest.approx(factor * w[1] / w[0], rel=1e-9, abs=1e-300)
        w = new
        values.append(f(w))
        points.append(w)
    assert np.allclose(points[1], [6, -4])
    assert np.allclose(points[2], [6.71, -2.93], atol=0.006)
    assert np.allclose(points[3], [7.11, -2.02], atol=0.006)
    assert np.allclose(values[:4], [0.5, 0.308, 0.161, 0.074], atol=6e-4)
    assert w @ w == pytest.approx(55.5, abs=0.05)
    assert 20 / (w @ w) == pytest.approx(0.360, abs=5e-4)
    assert 1 / (1 - 20 / (w @ w)) == pytest.approx(1.56, abs=0.005)
    assert max(2, 20 + 2 * 100 * 2 / 2) + 20 == 240


def test_normalized_least_squares():
    """prop-bd-rayleigh and thm-bd-ls (a)."""
    rng = np.random.default_rng(5)
    m, d = 30, 3
    X = rng.normal(size=(m, d)) * [1.0, 2.0, 0.5] + 1.0
    y = X @ [1.0, -0.5, 2.0] + rng.normal(size=m)
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    S, c, v = Xc.T @ Xc / m, Xc.T @ yc / m, yc @ yc / m
    residual = v - c @ np.linalg.solve(S, c)

    def psi(w):
        return (v - (c @ w) ** 2 / (w @ S @ w)) / 2

    w = rng.normal(size=d)
    design = np.column_stack([normalize(X @ w), np.ones(m)])
    fit = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    assert np.mean((y - fit) ** 2) / 2 == pytest.approx(psi(w))
    full = np.column_stack([X, np.ones(m)])
    fit = full @ np.linalg.lstsq(full, y, rcond=None)[0]
    assert np.mean((y - fit) ** 2) == pytest.approx(residual)
    for eta in (0.5, 3.0, 50.0):
        w = np.array([0.3, 1.0, -0.2])
        for _ in range(6000):
            ratio = (c @ w) / (w @ S @ w)
            w = w + eta * ratio * (c - ratio * S @ w)
        assert psi(w) == pytest.approx(residual / 2, rel=1e-6)


def test_equilibrium_of_the_norm():
    """thm-bd-equilibrium, eq-bd-decay, ex-bd-decay; exr-bd-stochastic-growth."""
    rng = np.random.default_rng(6)
    eta, decay, G = 0.5, 0.04, 3.0
    alpha = eta * decay * (2 - eta * decay)
    w = rng.normal(size=5) * 0.01
    star = eta * G / math.sqrt(alpha)
    ratios = []
    for _ in range(500):
        h = rng.normal(size=5)
        h -= (h @ w) / (w @ w) * w
        h *= G / np.linalg.norm(w) / np.linalg.norm(h)
        new = (1 - eta * decay) * w - eta * h
        cosine = new @ w / np.linalg.norm(new) / np.linalg.norm(w)
        w = new
        ratios.append(w @ w / star)
    ratios = np.array(ratios)
    assert np.all(np.abs(ratios[1:] - 1) <= (1 - alpha) * np.abs(ratios[:-1] - 1) + 1e-12)
    assert np.linalg.norm(w) == pytest.approx(
        (eta * G**2 / (decay * (2 - eta * decay))) ** 0.25, rel=1e-6
    )
    assert math.tan(math.acos(cosine)) == pytest.approx(
        math.sqrt(alpha) / (1 - eta * decay), rel=1e-5
    )
    for alpha, first in itertools.product((0.01, 0.2, 0.49), (1e-3, 0.3, 1.5, 40.0)):
        path = [(1 - alpha) * first + alpha / first]
        for _ in range(50):
            path.append((1 - alpha) * path[-1] + alpha / path[-1])
            assert abs(path[-1] - 1) <= (1 - alpha) * abs(path[-2] - 1) + 1e-14
    alpha = 5e-5 * (2 - 5e-5)
    assert alpha == pytest.approx(1e-4, rel=1e-4)
    assert math.degrees(math.sqrt(alpha)) == pytest.approx(0.57, abs=0.005)
    n, k = 2.0, 20000
    for _ in range(k):
        n += eta**2 * G**2 / n
    assert 4 + 2 * eta**2 * G**2 * k <= n**2 <= 4 + (2 * eta**2 * G**2 + eta**4 * G**4 / 4) * k
    assert n == pytest.approx(eta * G * math.sqrt(2 * k), rel=1e-3)


@pytest.mark.parametrize("m", [2, 3, 8])
def test_statistics_of_a_batch(m):
    """prop-bd-batch, ex-bd-batch."""
    z = np.random.default_rng(7).normal(1.0, 2.0, size=(400_000, m))
    variance = z.var(axis=1)
    hat = (z[:, 0] - z.mean(axis=1)) / np.sqrt(variance)
    assert variance.mean() == pytest.approx(4 * (m - 1) / m, rel=0.01)
    assert variance.var() == pytest.approx(16 * 2 * (m - 1) / m**2, rel=0.03)
    assert np.mean(hat**4) == pytest.approx(3 * (m - 1) / (m + 1), rel=0.01)
    assert np.mean(hat**2 * variance) == pytest.approx(4 * (m - 1) / m, rel=0.02)
    assert np.abs(hat).max() <= math.sqrt(m - 1) + 1e-9
    assert normalize(np.eye(m)[0])[0] == pytest.approx(math.sqrt(m - 1))
    kurtosis = 3 * 127 / 129
    assert kurtosis == pytest.approx(2.95, abs=0.005)
    assert math.sqrt(2 / 7) == pytest.approx(0.53, abs=0.005)


def test_table_of_invariances():
    """prop-bd-invariances."""
    rng = np.random.default_rng(8)
    W, X, b = rng.normal(size=(6, 4)), rng.normal(size=(4, 5)), rng.normal(size=(6, 1))

    def four(Z):
        rows = np.apply_along_axis(normalize, 1, Z)
        columns = np.apply_along_axis(normalize, 0, Z)
        groups = np.vstack([np.apply_along_axis(normalize, 0, part) for part in (Z[:3], Z[3:])])
        return rows, columns, groups, Z / np.sqrt(np.mean(Z**2, axis=0))

    row = np.ones((6, 1))
    row[2] = 2.5
    example = np.ones((1, 5))
    example[0, 3] = 3.0
    v = rng.normal(size=(1, 4))
    others = X.copy()
    others[:, 1:] = rng.normal(size=(4, 4))
    table = [
        (W @ X + b, 2 * W @ X + 2 * b, "1111"),
        (W @ X + b, row * (W @ X + b), "1000"),
        (W @ X, W @ (X * example), "0111"),
        (W @ X + b, W @ X, "1000"),
        (W @ X + b, W @ X + b + 0.7, "1110"),
        (W @ X + b, (W + v) @ X + b, "0110"),
        (W @ X + b, W @ others + b, "0111"),
    ]
    for number, (before, after, same) in enumerate(table):
        for old, new, expected in zip(four(before), four(after), same, strict=True):
            first = slice(0, 1) if number == 6 else slice(None)
            assert np.allclose(old[:, first], new[:, first]) == (expected == "1")


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
    assert np.allclose(np.linalg.solve(gram + np.diag(np.diag(gram)), right), [1, 0])


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
    mean = np.mean([odds / (1 + odds) for odds in (1, 2, 8, 16)])
    assert mean == pytest.approx(0.749, abs=5e-4)


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


def test_problem_batch_gradient():
    """bd-batch-gradient: differences instead of the formula."""
    for values, answer in TOPIC.draws("bd-batch-gradient"):
        s, c, g, p = (float(values[key]) for key in "scgp")
        z = np.array([c + s, c + s, c - s, c - s])

        def loss(z, g=g, p=p):
            return g * float(p * normalize(z)[0] + normalize(z)[2])

        found = gradient(loss, z)
        assert np.linalg.norm(found) == pytest.approx(float(answer), rel=1e-6)
        assert np.allclose(found[[0, 2]], [float(values["first"]), float(values["third"])])


def test_problem_norm_equilibrium():
    """bd-norm-equilibrium: the recursion, iterated."""
    for values, answer in TOPIC.draws("bd-norm-equilibrium"):
        e, decay, G = (float(values[key]) for key in "elG")
        eta, decay, n = 1 / e, 1 / decay, 1.0
        for _ in range(8000):
            n = (1 - eta * decay) ** 2 * n + eta**2 * G**2 / n
        assert n == pytest.approx(float(answer), rel=1e-6)
        assert eta / n == pytest.approx(float(values["eff"]), rel=1e-6)
        tangent = eta * G / n / (1 - eta * decay)
        assert tangent == pytest.approx(float(values["tan"]), rel=1e-6)


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


def test_problem_growing_steps():
    """bd-growing-steps: both iterations have the same directions."""
    f, g = quotient(np.diag([2.0, 1.0, 0.0]))
    w = v = np.array([0.5, -1.0, 0.4])
    eta, decay = 0.7, 0.1
    for k in range(20):
        assert f(v) == pytest.approx(f(w), abs=1e-9)
        assert np.allclose(v, w / (1 - eta * decay) ** k, rtol=1e-8)
        w = (1 - eta * decay) * w - eta * g(w)
        v = v - eta * (1 - eta * decay) ** (-2 * k - 1) * g(v)


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
