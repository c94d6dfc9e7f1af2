"""The chapter on momentum and adaptive step sizes and its problems: all numbers, recomputed."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic

TOPIC = Topic("adaptive-methods")


def heavy_ball(spectrum: np.ndarray, start: np.ndarray, a: float, b: float, n: int) -> np.ndarray:
    """The norms of the errors of the heavy ball on a diagonal quadratic."""
    before = now = start
    norms = [np.linalg.norm(now)]
    for _ in range(n):
        before, now = now, now - a * spectrum * now + b * (now - before)
        norms.append(np.linalg.norm(now))
    return np.array(norms)


def tuned(low: float, high: float) -> tuple[float, float]:
    """The step size of eq-am-optimal, and the root q of the momentum."""
    root = math.sqrt(high / low)
    return 4 / (math.sqrt(high) + math.sqrt(low)) ** 2, (root - 1) / (root + 1)


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
    """ex-am-sparse."""
    assert math.sqrt(2) * 20 == pytest.approx(28.3, abs=0.05)
    assert sum(2 ** (-i / 2) for i in range(200)) == pytest.approx(3.41, abs=0.01)
    assert 2 * math.sqrt(2) * 3.414 == pytest.approx(9.7, abs=0.05)


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
        size = max(eps, eta * high) + 2 * delta / eta
        size += 2 * eta * high * math.log(max(1, eta * high / eps))
        for k in range(1, 200):
            g = high * x
            b2, least = b2 + g * g, min(least, g * g)
            assert least <= size**2 / k
            assert b2 <= size**2
            x -= eta / math.sqrt(b2) * g
    assert 200 + 200 * math.log(100) == pytest.approx(1121, abs=0.5)


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
    assert pytest.approx(250, abs=0.2) == 1000**2 / 3998


def adam(g: np.ndarray, b1: float, b2: float) -> list[float]:
    """The quotients of the corrected averages for the gradients of one coordinate."""
    m = v = 0.0
    found = []
    for k, now in enumerate(g, 1):
        m, v = b1 * m + (1 - b1) * now, b2 * v + (1 - b2) * now * now
        found.append(m / (1 - b1**k) / math.sqrt(v / (1 - b2**k)))
    return found


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
    assert 0.1 / math.sqrt(0.001 * (1 - 0.81 / 0.999)) == pytest.approx(7.27, abs=0.01)
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
    assert criterion(10170, 10170, 0.999)
    assert not criterion(10169, 10169, 0.999)
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
    bracket = 2 / a + (4 + a / 2) * (math.log(1 + 4 / eps**2) + 2)
    assert total / n <= 2 * (2 + eps) / math.sqrt(n) * bracket


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
        assert math.sqrt((2 * n + 1) / (6 * n * (n + 1))) <= 1 / math.sqrt(3 * n)


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


def test_answers_on_the_heavy_ball():
    """The problems am-heavy-ball-transient (thm-am-quadratic) and am-effective-step."""
    for p, answer in TOPIC.draws("am-heavy-ball-transient"):
        before = now = sp.Integer(1)
        norms = []
        for _ in range(2):
            before, now = now, now - p["alpha"] * p["L"] * now + p["beta"] * (now - before)
            norms.append(abs(now))
        assert norms == [p["first"], answer]
        for x in (p["mu"], p["L"]):
            assert (1 + p["beta"] - p["alpha"] * x) ** 2 == 4 * p["beta"]
    for p, answer in TOPIC.draws("am-effective-step"):
        step, count = sp.Integer(0), 0
        while step < (1 - sp.Rational(1, p["m"])) * p["n"]:
            step, count = p["beta"] * step + 1, count + 1
        assert count == answer


def test_answers_on_adagrad():
    """The problem am-adagrad-or-ogd (thm-am-ogd, thm-am-adagrad), with an explicit sequence."""
    for p, answer in TOPIC.draws("am-adagrad-or-ogd"):
        d, rounds = int(p["d"]), int(p["s"]) ** 2
        g = np.zeros((rounds, d))
        g[:, 0], g[0] = 1, 1
        worst = math.sqrt(np.max(np.sum(g**2, axis=1)))
        spread = 2 * math.sqrt(d)
        root = math.sqrt(2 / rounds)
        assert float(answer) == pytest.approx(
            root * rounds**0.5 * 2 * np.sqrt(np.sum(g**2, axis=0)).sum() / rounds**0.5
        )
        assert float(p["ogd"]) == pytest.approx(math.sqrt(2) * spread * worst)
        assert float(p["mean"]) == pytest.approx(root * spread * math.sqrt(np.sum(g**2)))
        assert answer <= p["mean"]


def test_answers_on_adam():
    """The problems am-adam-two-steps and am-no-bias-correction (def-am-adam)."""
    for p, answer in TOPIC.draws("am-adam-two-steps"):
        found = adam(np.array([float(p["g0"]), float(p["g1"])]), float(p["b1"]), 0.75)
        assert found == pytest.approx([1, float(answer)])
        assert p["m0"] / sp.sqrt(p["v0"]) == 2 / p["b"]
    for p, answer in TOPIC.draws("am-no-bias-correction"):
        b1, b2 = 1 - 1 / p["a"], 1 - 1 / p["c"] ** 2
        g = sp.Rational(7, 3)
        assert (1 - b1) * g / sp.sqrt((1 - b2) * g**2) == answer
        assert len({answer, sp.Integer(1), p["wrong"], p["inverse"]}) == 4


def test_answers_on_clipping():
    """The problem am-clipping-steps (thm-am-clipping), by running the method."""
    for p, answer in TOPIC.draws("am-clipping-steps"):
        a, x = int(p["a"]), Fraction(int(p["X"]))
        count = 0
        while 2 * a * math.sinh(a * x) > 2 * a:
            x, count = x - Fraction(1, 4 * a), count + 1
        assert count == answer
        for y in np.linspace(-3, 3, 41):
            first, second = 2 * a * math.sinh(a * y), 2 * a * a * math.cosh(a * y)
            assert second <= 2 * a * a + a * abs(first)


def test_answers_on_rare_gradients():
    """The problem am-sign-of-rare-gradients (thm-am-rmsprop-fails), by enumeration."""
    for p, answer in TOPIC.draws("am-sign-of-rare-gradients"):
        g = [p["c"]] + [sp.Integer(-1)] * (int(p["n"]) - 1)
        mean, second = sum(g) / p["n"], sum(x**2 for x in g) / p["n"]
        assert sp.simplify(answer - mean / sp.sqrt(second)) == 0
        assert sum(sp.sign(x) for x in g) / p["n"] == -p["drift"] < 0 < answer


def test_momentum_from_linear_weights():
    """The problem am-growing-weights (prop-am-averaging)."""
    rng = np.random.default_rng(9)
    g = rng.standard_normal(12)
    z = x = 0.4
    zs, xs = [z], [x]
    for k in range(12):
        z -= 0.3 * g[k]
        x = (1 - 2 / (k + 3)) * x + 2 / (k + 3) * z
        zs.append(z)
        xs.append(x)
    for k in range(1, 12):
        weights = [2 * (j + 1) / ((k + 1) * (k + 2)) for j in range(k + 1)]
        assert xs[k] == pytest.approx(np.dot(weights, zs[: k + 1]))
        step = -2 * 0.3 / (k + 3) * g[k] + k / (k + 3) * (xs[k] - xs[k - 1])
        assert xs[k + 1] - xs[k] == pytest.approx(step)


def test_logarithmic_regret_and_greedy_coordinates():
    """The problems am-strongly-convex-regret (lem-am-regret) and am-greedy-coordinates."""
    rng = np.random.default_rng(10)
    mu, centres = 0.5, rng.uniform(-1, 1, 500)
    x, loss = 1.0, 0.0
    for t, c in enumerate(centres, 1):
        loss += mu / 2 * (x - c) ** 2
        x = min(1, max(-1, x - mu * (x - c) / (mu * t)))
    best = mu / 2 * np.sum((centres - centres.mean()) ** 2)
    assert loss - best <= (2 * mu) ** 2 / (2 * mu) * (1 + math.log(500))
    spectrum = np.array([5.0, 2.0, 1.0, 0.5])
    rate = 1 - 1 / np.sum(1 / spectrum) / 5
    y = rng.standard_normal(4)
    for _ in range(60):
        before = spectrum @ y**2
        i = np.argmax(np.abs(spectrum * y))
        y[i] -= spectrum[i] * y[i] / 5
        assert spectrum @ y**2 <= rate * before + 1e-15
