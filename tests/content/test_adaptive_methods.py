"""Momentum, regret, AdaGrad, sign descent, clipping and schedules: all numbers, recomputed."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from tests.content.adaptive_runs import heavy_ball, tuned


def test_heavy_ball_on_quadratics():
    """thm-am-quadratic (a), (b) and lem-am-recurrence."""
    rng = np.random.default_rng(0)
    k = np.arange(61)
    for low, high in [(1, 4), (0.5, 60), (2, 2000)]:
        a, q = tuned(low, high)
        spectrum = np.append(rng.uniform(low, high, 8), [low, high])
        start = rng.standard_normal(10)
        norms = heavy_ball(spectrum, start, a, q * q, 60)
        bound = (1 + k * (1 + q)) * q**k
        assert np.all(norms <= bound * norms[0] * (1 + 1e-9))
        ends = [heavy_ball(np.array([x]), np.ones(1), a, q * q, 60) for x in (low, high)]
        assert ends[0] == pytest.approx((1 + k * (1 - q)) * q**k, rel=1e-6)
        assert ends[1] == pytest.approx(bound, rel=1e-6)


def test_no_parameters_are_better():
    """thm-am-quadratic (c)."""
    low, high = 1.0, 30.0
    best, q = tuned(low, high)

    def radius(a: float, b: float) -> float:
        roots = [np.roots([1, -(1 + b - a * x), b]) for x in (low, high)]
        return float(np.abs(roots).max())

    assert radius(best, q * q) == pytest.approx(q, abs=1e-6)
    for a, b in itertools.product(np.linspace(0.001, 0.3, 25), np.linspace(-0.9, 0.99, 25)):
        assert radius(a, b) >= q


def test_transient_growth():
    """ex-am-transient."""
    for kappa, peak, value, steps, descent in [
        (100, 4, 3.71, 95, 691),
        (1e4, 49, 36.8, 1074, 69078),
    ]:
        q = tuned(1, kappa)[1]
        k = np.arange(2000)
        factor = (1 + k * (1 + q)) * q**k
        assert factor.argmax() == peak
        assert factor.max() == pytest.approx(value, abs=0.05)
        assert np.nonzero(factor < 1e-6)[0][0] == steps
        assert math.ceil(6 * math.log(10) / math.log((kappa + 1) / (kappa - 1))) == descent
    q = Fraction(9, 11)
    assert q * (2 + q) == Fraction(279, 121)
    factors = [(1 + k * (1 + q)) * q**k for k in range(1, 30)]
    assert next(k for k, value in enumerate(factors, 1) if value < 1) == 18
    for kappa in (4, 5.8, 5.9, 100):
        step, root = tuned(1, kappa)
        norms = heavy_ball(np.array([kappa]), np.ones(1), step, root**2, 5)
        assert (norms.max() > 1) == (root > math.sqrt(2) - 1)


def test_cycle_of_the_heavy_ball():
    """prop-am-cycle, eq-am-lrp, in exact arithmetic."""

    def slope(x: Fraction) -> Fraction:
        return 25 * x if x < 1 else x + 24 if x < 2 else 25 * x - 24

    def step(before: Fraction, now: Fraction) -> Fraction:
        return now - slope(now) / 9 + Fraction(4, 9) * (now - before)

    r, p, s = (Fraction(n, 1225) for n in (2592, 792, -2208))
    assert (step(r, p), step(p, s), step(s, r)) == (s, r, p)
    before = now = Fraction(33, 10)
    for _ in range(12):
        before, now = now, step(before, now)
    assert abs(before - r) < Fraction(402, 10**4)
    assert abs(now - p) < Fraction(312, 10**4)
    for start in itertools.product((-0.05, 0, 0.05), repeat=2):
        x, y = (float(c) + e for c, e in zip((r, p), start, strict=True))
        for _ in range(60):
            x, y = y, float(step(Fraction(x), Fraction(y)).limit_denominator(10**15))
        assert (x, y) == pytest.approx((float(r), float(p)), abs=1e-6)


def test_momentum_is_averaging():
    """prop-am-averaging, with random gradients and weights."""
    rng = np.random.default_rng(1)
    c = np.append(1, rng.uniform(0.1, 1, 30))
    eta, g = rng.uniform(0.1, 2, 30), rng.standard_normal((30, 3))
    x = z = before = now = rng.standard_normal(3)
    for k in range(30):
        z = z - eta[k] * g[k]
        x = (1 - c[k + 1]) * x + c[k + 1] * z
        momentum = c[k + 1] * (1 - c[k]) / c[k]
        before, now = now, now - c[k + 1] * eta[k] * g[k] + momentum * (now - before)
        assert now == pytest.approx(x)


def test_stochastic_heavy_ball():
    """thm-am-shb, by the exact second moments on f(x) = L x^2 / 2 with noise."""
    high, sigma, start = 2.0, 0.7, 1.5
    for eta in (0.5, 0.1, 0.02):
        mean, cov = np.array([start, start]), np.zeros((2, 2))
        for k in range(200):
            value = high / 2 * (mean[0] ** 2 + cov[0, 0])
            bound = start**2 / (2 * eta * (k + 1)) + eta * sigma**2 / 2
            assert value <= bound
            a, b = eta / (k + 2), k / (k + 2)
            m = np.array([[1 - a * high + b, -b], [1, 0]])
            mean, cov = m @ mean, m @ cov @ m.T + np.diag([a * a * sigma**2, 0])


def test_regret_of_online_gradient_descent_and_adagrad():
    """thm-am-ogd, thm-am-adagrad, thm-am-amsgrad, lem-am-regret on random linear losses."""
    rng = np.random.default_rng(2)
    d, rounds, eps, decay = 5, 400, 1e-3, 0.9
    for trial in range(6):
        scale = rng.uniform(0, 1, d) ** 3
        g = scale * rng.choice([-1, 1], (rounds, d))
        if trial % 2:
            g = np.abs(g) * np.sign(np.sin(np.arange(rounds) / 40 + trial))[:, None]
        x = {key: np.zeros(d) for key in ("ogd", "ada", "norm", "ams")}
        loss = dict.fromkeys(x, 0.0)
        squares, v = np.full(d, eps**2), np.full(d, eps**2)
        largest, b2 = v.copy(), eps**2
        bound_g = math.sqrt(np.max(np.sum(g**2, axis=1)))
        diameter = 2 * math.sqrt(d)
        for t, now in enumerate(g, 1):
            for key, point in x.items():
                loss[key] += float(now @ point)
            squares, b2 = squares + now**2, b2 + float(now @ now)
            v = decay * v + (1 - decay) * now**2
            largest = np.maximum(largest, v)
            steps = {
                "ogd": diameter / (bound_g * math.sqrt(2 * t)),
                "ada": math.sqrt(2) / np.sqrt(squares),
                "norm": diameter / math.sqrt(2 * b2),
                "ams": 0.5 / np.sqrt(t * largest),
            }
            x = {key: np.clip(x[key] - steps[key] * now, -1, 1) for key in x}
        best = -np.abs(g.sum(axis=0)).sum()
        tops = np.abs(g).max(axis=0)
        bounds = {
            "ogd": math.sqrt(2 * rounds) * diameter * bound_g,
            "ada": math.sqrt(2) * 2 * np.sqrt(squares).sum(),
            "norm": math.sqrt(2) * diameter * math.sqrt(b2),
            "ams": math.sqrt(rounds)
            * np.sum(4 * np.maximum(tops, eps) + 0.5 * tops / math.sqrt(1 - decay)),
        }
        for key, value in loss.items():
            assert value - best <= bounds[key]


def test_lower_bound_for_the_regret():
    """prop-am-lower: the mean of the absolute value of a sum of signs."""
    for n in (1, 2, 3, 10, 51, 200):
        mean = sum(math.comb(n, k) * abs(2 * k - n) for k in range(n + 1)) / 2**n
        fourth = sum(math.comb(n, k) * (2 * k - n) ** 4 for k in range(n + 1)) / 2**n
        assert mean >= math.sqrt(n / 3)
        assert fourth == pytest.approx(n + 3 * n * (n - 1))


def test_rare_features():
    """ex-am-sparse: the bounds of thm-am-ogd and thm-am-adagrad, divided by the root of T."""
    d, spread = 100, 2
    descent = math.sqrt(2) * spread * math.sqrt(d)

    def adagrad(shares: np.ndarray) -> float:
        return math.sqrt(2) * spread * float(np.sum(np.sqrt(shares)))

    rare = 2.0 ** -np.arange(d)
    assert np.sum(np.sqrt(rare)) == pytest.approx(3.41, abs=0.01)
    assert adagrad(rare) == pytest.approx(9.7, abs=0.05)
    assert adagrad(np.full(d, 1 / d)) == pytest.approx(descent)
    assert descent == pytest.approx(28.3, abs=0.05)


def adagrad_bound(eta: float, eps: float, high: float, delta: float) -> float:
    """The number B of thm-am-adagrad-nonconvex."""
    size = max(eps, eta * high) + 2 * delta / eta
    return size + 2 * eta * high * math.log(max(1, eta * high / eps))


def test_adagrad_norm_adapts():
    """thm-am-adaptive on a noisy quadratic, and thm-am-adagrad-nonconvex with ex-am-wrong-step."""
    rng = np.random.default_rng(3)
    spectrum = np.array([4.0, 1.0, 0.1])
    for sigma, runs in ((0.0, 1), (0.5, 40)):
        gaps = []
        for _ in range(runs):
            x, total, b2 = np.array([0.6, 0.5, 0.6]), np.zeros(3), 1e-4
            for _ in range(300):
                total += x
                g = spectrum * x + sigma / math.sqrt(3) * rng.standard_normal(3)
                b2 += float(g @ g)
                x = x - 2 / math.sqrt(2 * b2) * g
                x /= max(1.0, float(np.linalg.norm(x)))
            gaps.append(np.sum(spectrum * (total / 300) ** 2) / 2)
        bound = (16 * 4 + math.sqrt(2) * 2e-2) / 300 + math.sqrt(8) * sigma / math.sqrt(300)
        assert np.mean(gaps) <= bound
    for eta, eps, high in [(1, 1, 100), (0.01, 1, 100), (5, 0.01, 3), (1, 1e-4, 50)]:
        x, b2, least, delta = 1.0, eps**2, math.inf, high / 2
        size = adagrad_bound(eta, eps, high, delta)
        for k in range(1, 200):
            g = high * x
            b2, least = b2 + g * g, min(least, g * g)
            assert least <= size**2 / k
            assert b2 <= size**2
            x -= eta / math.sqrt(b2) * g
    bound = adagrad_bound(1, 1, 100, 50)
    assert bound == pytest.approx(1121, abs=0.5)
    assert adagrad_bound(0.01, 1, 100, 50) == pytest.approx(1 + 1e4)
    assert bound / 100 == pytest.approx(11, abs=0.5)
    assert (bound / 100) ** 2 == pytest.approx(126, abs=0.5)


def test_steepest_descent():
    """thm-am-steepest (b) and (c) for sign descent; ex-am-steep."""
    rng = np.random.default_rng(4)
    for _ in range(5):
        b = rng.standard_normal((4, 4))
        a = b @ b.T
        corners = np.array(list(itertools.product((-1, 1), repeat=4)))
        high = max(v @ a @ v for v in corners)
        assert np.linalg.eigvalsh(a)[-1] <= high <= np.abs(a).sum() + 1e-9
        for v in rng.uniform(-1, 1, (200, 4)):
            assert np.abs(a @ v).sum() <= high * np.abs(v).max() + 1e-9
        x = rng.standard_normal(4)
        start = x @ a @ x / 2
        # The level set x'Ax/2 <= start has the half-width sqrt(2 start (A^-1)_ii) in coordinate i.
        radius = math.sqrt(2 * start * np.diag(np.linalg.inv(a)).max())
        for k in range(100):
            assert x @ a @ x / 2 <= 2 * high * radius**2 / (k + 4)
            g = a @ x
            x = x - np.abs(g).sum() / high * np.sign(g)
    spectrum = np.append(1000.0, np.ones(999))
    x = 1 / spectrum
    for step, decrease in [
        (np.ones(1000) / spectrum.max(), 0.999),
        (np.full(1000, 1000 / spectrum.sum()), 250.1),
    ]:
        found = (spectrum @ x**2 - spectrum @ (x - step) ** 2) / 2
        assert found == pytest.approx(decrease, rel=2e-4)


def test_clipping():
    """thm-am-clipping for cosh (L0 = L1 = 1) and ex-am-cosh."""
    assert math.e - 2 < 18 / 25
    for x, h in itertools.product(np.linspace(-6, 6, 61), np.linspace(-1, 1, 41)):
        upper = np.cosh(x) + np.sinh(x) * h + 18 / 25 * (1 + abs(np.sinh(x))) * h * h
        assert np.cosh(x + h) <= upper + 1e-12
    x, clipped = 10.0, 0
    for _ in range(80):
        g = math.sinh(x)
        clipped += abs(g) > 1
        y = x - min(1, 1 / abs(g)) * g / 4
        assert math.cosh(y) <= math.cosh(x) - 4 / 25 * min(abs(g), 1) * abs(g) + 1e-12
        x = y
        if clipped == 37 and abs(math.sinh(x)) < 1:
            break
    assert (clipped, x) == (37, 0.75)
    for _ in range(20):
        y = x - math.sinh(x) / 4
        assert 0.72 * x < y <= 0.75 * x
        x = y
    assert math.asinh(1) == pytest.approx(0.881, abs=5e-4)
    h = 20 / math.sinh(10)
    assert h == pytest.approx(0.0018, abs=5e-5)
    assert math.log(10) / -math.log1p(-0.0018) == pytest.approx(1280, abs=5)


def test_last_iterate():
    """thm-am-last-iterate: the inequality for each run, with random weights; exr-am-warmup."""
    rng = np.random.default_rng(8)
    for trial in range(20):
        n = int(rng.integers(1, 30))
        w = rng.uniform(0.01, 1, n) if trial % 2 else np.full(n, 1.0)
        slope = rng.standard_normal((3, 2))
        x, u = rng.standard_normal(2), rng.standard_normal(2)

        def f(y: np.ndarray, slope: np.ndarray = slope) -> float:
            return float(np.abs(slope @ y).sum())

        total, squares, gap = w.sum(), 0.0, float((x - u) @ (x - u))
        for t in range(n):
            g = slope.T @ np.sign(slope @ x)
            squares += w[t] ** 2 * float(g @ g)
            if t < n - 1:
                x = x - w[t] * (1 - w[: t + 1].sum() / total) * g
        assert f(x) - f(u) <= (gap + squares) / (2 * total) + 1e-9
    for n in (1, 5, 1000):
        w = np.arange(1, n + 1)
        total, squares = w.sum(), float(np.sum(w**2))
        # The best factor c in w_t = c t, for R = B = 1.
        best = math.sqrt(total**2 * squares) / total**2
        assert best == pytest.approx(2 * math.sqrt((2 * n + 1) / (6 * n * (n + 1))))
        for c in (0.9, 1.1):
            factor = c / math.sqrt(squares)
            assert (1 / factor + factor * squares) / (2 * total) > best
        assert best <= 2 / math.sqrt(3 * n)
    steps = w * (1 - w * (w + 1) / (1000 * 1001))
    assert steps.argmax() / 1000 == pytest.approx(3**-0.5, abs=2e-3)
