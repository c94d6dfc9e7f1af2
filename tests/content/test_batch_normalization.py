"""Batch normalization, scale invariance, weight decay: the chapter, recomputed."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from tests.content.normalized import gradient, normalize, quotient


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
    steep = gamma / s * (a - a.mean() - hat * (hat @ a) / m)
    u[:] = steep  # the direction of steepest descent
    second = (value(h) - 2 * value(0) + value(-h)) / h**2
    found = gamma**2 / s**2 * steep @ H @ steep
    found -= gamma * (a @ hat) / (m * s**2) * (steep @ steep)
    assert found == pytest.approx(second, rel=1e-4)


def largest_square(eta: float, L: float, gap: float, start: float) -> float:
    """The bound for the squared norms in eq-bd-autotune-bound."""
    return max(start, eta * L + 2 * eta**2 * L * gap / start) + 2 * eta * gap


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
    bound = largest_square(eta, L, gap, start)
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
    """ex-bd-large-step, eq-bd-tan with C = 2, the numbers after thm-bd-ls, fig-bd-training."""
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
    assert w @ w <= largest_square(eta, 2.0, 1.0, 2.0) == 240
    for rate, steps in ((1.0, 14), (10.0, 42)):  # alt text of fig-bd-training
        w, count = np.array([1.0, 1.0]), 0
        while f(w) >= 1e-16:
            w, count = w - rate * g(w), count + 1
        assert count == steps


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


def test_a_step_onto_the_maximum():
    """The numbers after thm-bd-ls: a step that makes the correlation with the target vanish."""
    c, S, w = np.array([1.0, 1.0]), np.diag([1.0, 0.25]), np.array([1.0, 2.0])
    slope = gradient(lambda w: -float((c @ w) ** 2 / (w @ S @ w)) / 2, w)
    assert np.allclose(slope, [0.75, -0.375], atol=1e-8)
    reached = w - 8 * slope
    assert np.allclose(reached, [-5, 5], atol=1e-6)
    assert abs(c @ w) > 1 and abs(c @ reached) < 1e-6


def equilibrium(eta: float, decay: float, G: float = 1.0) -> float:
    """The squared norm in thm-bd-equilibrium."""
    return eta * G / math.sqrt(eta * decay * (2 - eta * decay))


def fourth_moment(m: int) -> float:
    """Of a normalized entry of a normal batch, prop-bd-batch (c)."""
    return 3 * (m - 1) / (m + 1)


def relative_deviation(m: int) -> float:
    """The standard deviation of the variance of a normal batch, over its mean."""
    return math.sqrt(2 / (m - 1))


def test_equilibrium_of_the_norm():
    """thm-bd-equilibrium, eq-bd-decay, ex-bd-decay; exr-bd-stochastic-growth."""
    rng = np.random.default_rng(6)
    eta, decay, G = 0.5, 0.04, 3.0
    alpha = eta * decay * (2 - eta * decay)
    w = rng.normal(size=5) * 0.01
    star = equilibrium(eta, decay, G)
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
    for rate, first in itertools.product((0.01, 0.2, 0.49), (1e-3, 0.3, 1.5, 40.0)):
        path = [(1 - rate) * first + rate / first]
        for _ in range(50):
            path.append((1 - rate) * path[-1] + rate / path[-1])
            assert abs(path[-1] - 1) <= (1 - rate) * abs(path[-2] - 1) + 1e-14
    assert eta / (w @ w) == pytest.approx(math.sqrt(alpha) / G, rel=1e-5)
    pace = 5e-5  # the product of step size and decay in ex-bd-decay
    before, after = equilibrium(0.1, 5e-4), equilibrium(0.01, 5e-4)
    turn = math.atan(0.1 / before / (1 - pace))
    assert math.degrees(turn) == pytest.approx(0.57, abs=0.005)
    assert before / after == pytest.approx(math.sqrt(10), rel=1e-4)
    assert (0.1 / before) / (0.01 / after) == pytest.approx(math.sqrt(10), rel=1e-4)
    for start, step, ratio in ((4, 300, 1.02), (0.05, 1, 0.25), (0.05, 150, 0.98)):
        r = float(start)  # alt text of fig-bd-training
        for _ in range(step):
            r = 0.99 * r + 0.01 / r
        assert r == pytest.approx(ratio, abs=0.005)
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
    assert variance.std() / variance.mean() == pytest.approx(relative_deviation(m), rel=0.02)
    assert np.mean(hat**4) == pytest.approx(fourth_moment(m), rel=0.01)
    assert np.mean(hat**2 * variance) == pytest.approx(4 * (m - 1) / m, rel=0.02)
    assert np.abs(hat).max() <= math.sqrt(m - 1) + 1e-9
    assert normalize(np.eye(m)[0])[0] == pytest.approx(math.sqrt(m - 1))
    assert fourth_moment(8) == pytest.approx(7 / 3)
    assert fourth_moment(128) == pytest.approx(2.95, abs=0.005)
    assert relative_deviation(8) == pytest.approx(0.53, abs=0.005)
    assert relative_deviation(128) == pytest.approx(0.125, abs=0.0005)


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


def test_exercises_on_invariances():
    """exr-bd-whitening, exr-bd-epsilon."""
    rng = np.random.default_rng(18)
    X, W, T = rng.normal(size=(4, 9)), rng.normal(size=(3, 4)), rng.normal(size=(3, 3))
    X -= X.mean(axis=1, keepdims=True)

    def whiten(Z):
        values, Q = np.linalg.eigh(Z @ Z.T / Z.shape[1])
        return (Q / np.sqrt(values)) @ Q.T @ Z

    plain = whiten(W @ X)
    assert np.allclose(plain @ plain.T / 9, np.eye(3))
    Q = np.linalg.eigh(W @ X @ X.T @ W.T)[1]
    commuting = (Q * [0.5, 2.0, 3.0]) @ Q.T
    assert np.allclose(whiten(commuting @ W @ X), plain)
    factor = whiten(T @ W @ X) @ plain.T / 9
    assert np.allclose(factor @ factor.T, np.eye(3))
    assert not np.allclose(factor, np.eye(3))
    X, w, c, eps, gamma = rng.normal(size=(6, 3)), rng.normal(size=3), rng.normal(size=6), 0.4, 1.3

    def loss(w):
        return float(c @ np.sin(gamma * normalize(X @ w, eps)))

    hat, s = normalize(X @ w, eps), math.sqrt((X @ w).var() + eps)
    a = c * np.cos(gamma * hat)
    assert gradient(loss, w) @ w == pytest.approx(gamma * eps / s**2 * (a @ hat), rel=1e-6)
    flat = gamma / math.sqrt(eps) * X.T @ (c - c.mean())
    assert np.allclose(gradient(loss, np.zeros(3)), flat, atol=1e-7)
