"""Adam and RMSProp, when they fail and when they converge, and AdamW: all numbers, recomputed."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from tests.content.adaptive_runs import adam


def test_elementary_properties_of_adam():
    """prop-am-adam (b), (c), (d) and ex-am-two-steps."""
    rng = np.random.default_rng(5)
    g = rng.standard_normal(300) * rng.choice([0.001, 1, 100], 300)
    for b1, b2 in [(0.9, 0.999), (0.5, 0.3), (0.0, 0.9)]:
        size = (1 - b1) / math.sqrt((1 - b2) * (1 - b1**2 / b2))
        worst = np.array([(b1 / b2) ** (300 - j) for j in range(300)]) if b1 else g
        for gradients in (g, worst):
            for k, q in enumerate(adam(gradients, b1, b2), 1):
                assert abs(q) <= size * math.sqrt(1 - b2**k) / (1 - b1**k) * (1 + 1e-9)
        assert adam(1e3 * g, b1, b2) == pytest.approx(adam(g, b1, b2))
    assert adam(np.full(20, -3.0), 0.9, 0.99) == pytest.approx([-1] * 20)
    # The iterates on a scaled loss c f are the same; in another unit x = c y they are not.
    runs = []
    for scale, unit in [(1, 1), (50, 1), (1, 10)]:
        y, seen, points = 2.0 / unit, np.zeros(0), []
        for _ in range(30):
            seen = np.append(seen, scale * unit * math.sinh(unit * y))
            y -= 0.01 * adam(seen, 0.9, 0.99)[-1]
            points.append(unit * y)
        runs.append(points)
    assert runs[1] == pytest.approx(runs[0])
    assert abs(runs[2][0] - 2) == pytest.approx(10 * abs(runs[0][0] - 2))
    assert 0.1 / math.sqrt(0.001 * (1 - 0.81 / 0.999)) == pytest.approx(7.27, abs=0.01)
    k = np.arange(1, 5000)
    assert np.all(np.sqrt(1 - 0.999**k) / (1 - 0.9**k) < 1)
    assert adam(np.array([4.0, -2.0]), 0.9, 0.99) == pytest.approx([1, 0.267], abs=5e-4)


def criterion(n: int, big: float, b2: float) -> bool:
    j = np.arange(1, n)
    return bool(np.sum((b2**j * big**2 + 1 - b2**j) ** -0.5) >= (1 - b2) ** -0.5)


def test_rmsprop_fails():
    """thm-am-rmsprop-fails, eq-am-criterion, ex-am-failure."""
    for big in (2.001, 3, 10, 1000):
        assert criterion(3, big, 1 / (1 + big**2))
    for b2 in (0.1, 0.5, 0.9, 0.99):
        n = next(
            n
            for n in range(3, 10**5)
            if n - 1 - 2 * math.log(n) / math.log(1 / b2) >= math.sqrt(2 / (1 - b2))
        )
        assert criterion(n, n, b2)
    first = next(
        n
        for n in itertools.chain(range(3, 10000, 40), range(10000, 11000))
        if criterion(n, n, 0.999)
    )
    assert first == 10170
    for n, big, b2, a in [(3, 3, 0.1, 0.1), (3, 2.5, 1 / 7.25, 5.0), (40, 40, 0.9, 0.02)]:
        assert criterion(n, big, b2)
        x, v, regret = 1.0, 0.0, 0.0
        path = []
        for t in range(1, 30 * n + 1):
            if t % n == 1:
                assert x == 1
                assert regret >= 2 * (big - n + 1) * (t // n) - 1e-9
            path.append(x)
            g = big if t % n == 1 else -1
            regret += g * (x + 1)
            v = b2 * v + (1 - b2) * g * g
            x = min(1, max(-1, x - a * g / math.sqrt(v)))
        if n == 3 and big == 3:
            assert path[:7] == pytest.approx([1, 0.895, 0.971, 1, 0.895, 0.972, 1], abs=6e-4)
            assert regret / len(path) == pytest.approx(0.71, abs=5e-3)
    # From another starting point the run reaches 1 and stays near, as in the figure.
    x, v, path = -0.5, 0.0, []
    for t in range(1, 3001):
        path.append(x)
        g = 3 if t % 3 == 1 else -1
        v = 0.1 * v + 0.9 * g * g
        x = min(1, max(-1, x - 0.02 * g / math.sqrt(v)))
    left = sum((0.1**j * 9 + 1 - 0.1**j) ** -0.5 for j in (1, 2))
    rise = 0.02 * (left - 0.9**-0.5)
    starts = path[::3]
    assert all(b >= min(1, a + rise) - 1e-12 for a, b in itertools.pairwise(starts))
    assert starts[-1] == 1
    gradients = np.where(np.arange(3000) % 3 == 0, 3, -1)
    average = np.cumsum(gradients * (np.array(path) + 1)) / np.arange(1, 3001)
    assert (average[0], average.min()) == pytest.approx((1.5, 0.2), abs=0.03)
    assert average[-1] == pytest.approx(2 / 3, abs=0.03)


def test_bias_of_normalizing():
    """lem-am-bias, for two-point distributions of the gradient."""
    rng = np.random.default_rng(6)
    for _ in range(3000):
        size, p = 10 ** rng.uniform(-2, 2), rng.uniform(0, 1)
        g = size * np.array([1, rng.uniform(-1, 1)])
        weights = np.array([p, 1 - p])
        a, b = 10 ** rng.uniform(-6, 3), 1 - 10 ** rng.uniform(-4, -0.01)
        mean, second = weights @ g, weights @ g**2
        s, w = np.sqrt(a + (1 - b) * g**2), math.sqrt(a + (1 - b) * second)
        left = mean * (weights @ (g / s))
        right = mean**2 / (2 * w) - 2 * size * math.sqrt(1 - b) * (weights @ (g**2 / s**2))
        assert left >= right - 1e-12 * size


def test_sum_of_normalized_squares_and_rmsprop():
    """thm-am-rmsprop: the logarithmic sum, and the bound for a run with 1 - beta = 1/K."""
    rng = np.random.default_rng(7)
    for b, eps in [(0.9, 0.1), (0.99, 1e-3)]:
        v, total = 0.0, 0.0
        for k, g in enumerate(rng.standard_normal(500) ** 3, 1):
            v = b * v + (1 - b) * g * g
            total += (1 - b) * g * g / (v + eps**2)
            assert total <= math.log(1 + v / eps**2) + k * math.log(1 / b) + 1e-9
    n, eps, a = 400, 1e-3, 1.0
    x, v, total = 3.0, 0.0, 0.0
    for _ in range(n):
        total += math.sin(x) ** 2
        g = math.sin(x) + rng.choice([-1, 1])
        v = (1 - 1 / n) * v + g * g / n
        x -= a / math.sqrt(n) * g / math.sqrt(v + eps**2)
    for size in (2, 5, 400):
        weights = (1 - 1 / size) ** np.arange(size)
        assert np.all((1 / math.e <= weights) & (weights <= 1))
    bracket = 2 / a + (4 + a / 2) * (math.log(1 + 4 / eps**2) + 2)
    assert total / n <= 2 * (2 + eps) / math.sqrt(n) * bracket


def test_weight_decay():
    """prop-am-adamw (b), (c) and ex-am-adamw."""
    for h, penalized in [(10, 0.990), (0.1, 0.5)]:
        x = y = 0.0
        for _ in range(4000):
            x -= 0.05 / h * (h * (x - 1) + 0.1 * x)
            y = (1 - 0.05 * 0.1) * y - 0.05 / h * h * (y - 1)
        assert x == pytest.approx(penalized, abs=5e-4)
        assert y == pytest.approx(0.909, abs=5e-4)
    x = 9.0
    for k in range(1, 300):
        x = (1 - 0.1 * 0.3) * x + 0.1 * 1.7
        assert abs(x) <= 0.97**k * 9 + 1.7 / 0.3
