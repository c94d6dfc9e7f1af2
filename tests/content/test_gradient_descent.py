"""The chapter on gradient descent: rates and bounds, recomputed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from tests.content.descents import descend, hessian, nesterov


def logistic(seed: int, lam: float = 0.0) -> tuple[Callable, Callable, float]:
    """A regularized logistic loss in the plane, its gradient, and its smoothness constant."""
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((9, 2)) * rng.choice([-1, 1], 9)[:, None]

    def value(w):
        return np.mean(np.logaddexp(0, -z @ w)) + lam / 2 * w @ w

    def gradient(w):
        return -(z.T @ (1 / (1 + np.exp(z @ w)))) / 9 + lam * w

    return value, gradient, np.linalg.eigvalsh(z.T @ z)[-1] / 36 + lam


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_smooth_convex_inequalities(seed):
    """lem-descent, lem-cocoercive (c) and (d), lem-gd-decrease, ex-gd-logistic."""
    f, g, smooth = logistic(seed)
    assert np.linalg.eigvalsh(hessian(g, np.zeros(2)))[-1] == pytest.approx(smooth, rel=1e-6)
    rng = np.random.default_rng(seed)
    for x, y in rng.standard_normal((200, 2, 2)) * 3:
        gap = f(y) - f(x) - g(x) @ (y - x)
        change = g(y) - g(x)
        assert change @ change / (2 * smooth) <= gap + 1e-12
        assert gap <= smooth / 2 * (y - x) @ (y - x)
        assert change @ (y - x) >= change @ change / smooth - 1e-12
        for step in (0.3 / smooth, 1 / smooth, 1.9 / smooth):
            drop = step * (1 - step * smooth / 2) * g(x) @ g(x)
            assert f(x - step * g(x)) <= f(x) - drop + 1e-12


def test_descent_on_a_nonconvex_function():
    """thm-gd-nonconvex, and the saddle point in the paragraph after it."""

    def value(x):
        return x[0] ** 2 / 2 + np.cos(x[1])

    def gradient(x):
        return np.array([x[0], -np.sin(x[1])])

    for start, step in itertools.product(([1.0, 0.0], [2.0, 0.4]), (0.3, 1.0, 1.8)):
        points = descend(gradient, np.array(start), step, 60)
        squares = np.array([gradient(x) @ gradient(x) for x in points])
        counts = np.arange(1, 61)
        bound = (value(points[0]) + 1) / (step * (1 - step / 2) * counts)
        assert np.all(np.minimum.accumulate(squares)[:60] <= bound)
        if start[1] == 0:
            assert points[-1] == pytest.approx([0, 0], abs=1e-5)
            assert points[-1][1] == 0


def test_backtracking():
    """prop-gd-backtracking: the accepted step is at least the bound."""
    for seed, c, beta in itertools.product((0, 1), (0.1, 0.5, 0.9), (0.3, 0.5, 0.8)):
        f, g, smooth = logistic(seed, 0.2)
        for x in np.random.default_rng(seed).standard_normal((20, 2)) * 4:
            step = 10.0
            while f(x - step * g(x)) > f(x) - c * step * g(x) @ g(x):
                step *= beta
            assert step >= min(10, 2 * beta * (1 - c) / smooth) * (1 - 1e-9)


def huber(smooth, tau):
    def value(x):
        return smooth * x * x / 2 if abs(x) <= tau else smooth * tau * abs(x) - smooth * tau**2 / 2

    def gradient(x):
        return smooth * max(-tau, min(x, tau))

    return value, gradient


def test_convex_rate():
    """thm-gd-convex, rem-gd-sharp and exr-gd-huber: the value LR^2/(4k+2) is attained."""
    for k, radius in itertools.product((1, 2, 5, 20), (1, 3)):
        value, gradient = huber(2, Fraction(radius, 2 * k + 1))
        points = descend(gradient, Fraction(radius), Fraction(1, 2), k)
        assert value(points[-1]) == Fraction(2 * radius**2, 4 * k + 2)
    for seed in range(4):
        f, g, smooth = logistic(seed, 0.01)
        star = descend(g, np.zeros(2), 1 / smooth, 4000)[-1]
        points = descend(g, np.array([2.0, -3.0]), 1 / smooth, 80)
        square = (points[0] - star) @ (points[0] - star)
        gaps = np.array([f(x) - f(star) for x in points[1:]])
        k = np.arange(1, 81)
        assert np.all(gaps <= smooth * square / (4 * k + 2) + 1e-12)
        norms = np.array([np.linalg.norm(g(x)) for x in points])
        assert np.all(np.diff(norms) <= 1e-12)
        assert np.all(norms[2:81:2] <= smooth * math.sqrt(square) / np.arange(1, 41))


def test_optimal_constant_step():
    """ex-gd-quadratic, thm-gd-strongly-convex: factors on a quadratic, and the zigzag."""
    mu, smooth = 1.0, 10.0
    steps = np.linspace(0.01, 0.22, 2101)
    factors = np.maximum(np.abs(1 - steps * mu), np.abs(1 - steps * smooth))
    assert steps[np.argmin(factors)] == pytest.approx(2 / 11, abs=2e-4)
    assert factors.min() == pytest.approx(9 / 11, abs=2e-3)
    assert np.array_equal(factors < 1 - 1e-12, steps < 0.2 - 1e-9)
    scale = np.array([mu, smooth])
    for k, x in enumerate(descend(lambda x: scale * x, np.array([10, 1.6]), 2 / 11, 20)):
        assert x == pytest.approx((9 / 11) ** k * np.array([10, (-1) ** k * 1.6]))


def test_contraction_of_a_gradient_step():
    """thm-gd-strongly-convex: q(alpha) is a Lipschitz constant, on a logistic loss."""
    f, g, smooth = logistic(3, 0.3)
    rng = np.random.default_rng(0)
    for step in (0.2, 1 / smooth, 2 / (smooth + 0.3), 2.5 / smooth):
        q = max(abs(1 - 0.3 * step), abs(1 - smooth * step))
        for x, y in rng.standard_normal((100, 2, 2)) * 3:
            moved = (x - step * g(x)) - (y - step * g(y))
            assert np.linalg.norm(moved) <= q * np.linalg.norm(x - y) + 1e-12
    star = descend(g, np.zeros(2), 1 / smooth, 500)[-1]
    for x in rng.standard_normal((50, 2)) * 3:
        assert 0.15 * (x - star) @ (x - star) <= f(x) - f(star) + 1e-12


def test_overparametrized_least_squares():
    """ex-gd-least-squares, prop-gd-pl-conditions (b), thm-gd-pl with eq-gd-pl-length."""
    rng = np.random.default_rng(1)
    x, y, start = rng.standard_normal((4, 9)), rng.standard_normal(4), rng.standard_normal(9)
    values = np.linalg.svd(x, compute_uv=False)
    mu, smooth = values[-1] ** 2 / 4, values[0] ** 2 / 4

    def value(w):
        return np.sum((x @ w - y) ** 2) / 8

    def gradient(w):
        return x.T @ (x @ w - y) / 4

    for w in rng.standard_normal((100, 9)):
        assert gradient(w) @ gradient(w) / 2 >= mu * value(w) * (1 - 1e-9)
    points = descend(gradient, start, 1 / smooth, 1500)
    nearest = start + np.linalg.pinv(x) @ (y - x @ start)
    assert points[-1] == pytest.approx(nearest, abs=1e-6)
    gaps = np.array([value(w) for w in points])
    assert np.all(gaps[:60] <= (1 - mu / smooth) ** np.arange(60) * gaps[0] * (1 + 1e-9))
    lengths = np.linalg.norm(np.diff(points, axis=0), axis=1)
    for k in (0, 5, 30):
        assert lengths[k:].sum() <= 2 * math.sqrt(2 * gaps[k] / mu)


def test_accelerated_rate_and_lower_bound():
    """thm-nesterov, thm-gd-lower-bound, fig-gd-rates (about three times the lowest curve)."""
    m, d = 401, 401

    def gradient(x):
        padded = np.concatenate([[0], x, [0]])
        change = (2 * x - padded[:-2] - padded[2:]) / 4
        change[0] -= 1 / 4
        return change

    star = 1 - np.arange(1, d + 1) / (m + 1)
    assert np.abs(gradient(star)).max() < 1e-12

    def value(x):
        return x @ (gradient(x) - np.eye(1, d)[0] / 4) / 2

    assert value(star) == pytest.approx(-(1 - 1 / (m + 1)) / 8)
    square = star @ star
    assert square == pytest.approx(m * (2 * m + 1) / (6 * (m + 1)))
    k = np.arange(1, 201)
    fast = np.array([value(x) for x in nesterov(gradient, np.zeros(d), 1, 200)[1:]]) - value(star)
    slow = np.array([value(x) for x in descend(gradient, np.zeros(d), 1, 200)[1:]]) - value(star)
    lowest = (1 / (k + 1) - 1 / (m + 1)) / 8
    assert np.all(fast <= 2 * square / (k + 1) ** 2)
    assert np.all(slow <= square / (2 * k))
    assert np.all(np.minimum(fast, slow) >= lowest - 1e-12)
    assert fast[-1] / lowest[-1] == pytest.approx(3, abs=0.5)
    theorem = 3 * square / (32 * 201**2)
    assert lowest[-1] == pytest.approx(theorem, rel=0.01)
    assert lowest[-1] >= theorem
    assert Fraction(2) / Fraction(3, 32) == Fraction(64, 3)


def test_restarts():
    """cor-gd-restart: each round halves the gap, on an ill-conditioned quadratic."""
    scale = np.geomspace(0.001, 1, 12)
    rounds = math.ceil(math.sqrt(8000)) - 1
    x = np.ones(12)
    for _ in range(8):
        new = nesterov(lambda z: scale * z, x, 1, rounds)[-1]
        assert new @ (scale * new) <= x @ (scale * x) / 2
        x = new


def test_flat_minimum_and_sine():
    """exr-gd-quartic, exr-gd-pl-sine."""
    for start, step in ((1.0, 0.5), (1.3, 0.1)):
        x = descend(lambda x: x**3, start, step, 20_000)[-1]
        assert 2 * step * 20_000 * x**2 == pytest.approx(1, rel=0.01)
    sizes = np.abs(descend(lambda x: x**3, 1.01, 2.0, 5))
    assert np.all(np.diff(sizes) > 0)
    assert abs(descend(lambda x: x**3, 0.99, 2.0, 3000)[-1]) < 0.2
    x = np.linspace(-30, 30, 600_000)
    slope, value = 2 * x + 3 * np.sin(2 * x), x**2 + 3 * np.sin(x) ** 2
    assert np.min(slope**2 / (2 * value)) > 0.03
    second = 2 + 6 * np.cos(2 * x)
    assert (second.min(), second.max()) == (pytest.approx(-4), pytest.approx(8))


def test_early_stopping_and_ridge():
    """exr-gd-early-stopping: the quotient of the coefficients is between one and two."""
    for u, k in itertools.product(np.linspace(0.001, 1, 300), (1, 2, 3, 10, 1000)):
        quotient = (1 - (1 - u) ** k) * (u * k + 1) / (u * k)
        assert 1 - 1e-12 <= quotient <= 2 + 1e-12
