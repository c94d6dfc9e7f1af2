"""The chapter on stochastic gradient descent and its problems: exact moments and bounds."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic

TOPIC = Topic("sgd")


def moments(
    scale: np.ndarray, start: np.ndarray, steps: np.ndarray, noise: np.ndarray
) -> np.ndarray:
    """The second moments of the coordinates of SGD on a quadratic, for k = 0, ..., len(steps)."""
    found = [start**2]
    for step in steps:
        found.append((1 - step * scale) ** 2 * found[-1] + step**2 * noise)
    return np.array(found)


def paths(maps, start, count: int) -> list:
    """The end points of all runs that apply one of the maps in each step."""
    points = [start]
    for _ in range(count):
        points = [f(x) for x in points for f in maps]
    return points


def test_mini_batches_by_enumeration():
    """prop-minibatch, both parts."""
    rng = np.random.default_rng(0)
    g = rng.standard_normal((6, 2))
    centered = g - g.mean(axis=0)
    v = np.mean(np.sum(centered**2, axis=1))
    for b in range(1, 7):
        means = [centered[list(s)].mean(axis=0) for s in itertools.combinations(range(6), b)]
        assert np.mean(np.sum(np.square(means), axis=1)) == pytest.approx(v / b * (6 - b) / 5)
    for b in (1, 2, 3):
        means = [centered[list(s)].mean(axis=0) for s in itertools.product(range(6), repeat=b)]
        assert np.mean(np.sum(np.square(means), axis=1)) == pytest.approx(v / b)


def test_variance_of_least_squares_is_unbounded():
    """ex-sgd-least-squares: the formula for the error of the oracle, and its growth."""
    rng = np.random.default_rng(1)
    a, b, x = rng.standard_normal((5, 3)), rng.standard_normal(5), rng.standard_normal(3)
    gradients = a * (a @ x - b)[:, None]
    h = a[:, :, None] * a[:, None]
    claim = (h - h.mean(axis=0)) @ x - (b[:, None] * a - (b[:, None] * a).mean(axis=0))
    assert gradients - gradients.mean(axis=0) == pytest.approx(claim)

    def variance(t):
        g = a * (a @ (t * x) - b)[:, None]
        return np.mean(np.sum((g - g.mean(axis=0)) ** 2, axis=1))

    assert variance(2e4) / variance(1e4) == pytest.approx(4, rel=1e-3)


def test_nonconvex_bound():
    """thm-sgd-nonconvex: the bound on an exact run, and the tuned step size."""
    scale, start = np.array([1.0, 0.2, -0.0]), np.array([3.0, -4.0, 1.0])
    delta = scale @ start**2 / 2
    for step in (0.05, 0.5, 1.0):
        m = moments(scale, start, np.full(300, step), np.full(3, 0.5))
        squares = m @ scale**2
        k = np.arange(1, 301)
        left = np.cumsum(squares)[:300] / k
        assert np.all(left <= 2 * delta / (step * k) + step * 1.5)
    for smooth, delta, sigma, k in itertools.product(
        (0.5, 3), (0.1, 20), (0.01, 1, 9), (1, 10, 900)
    ):
        step = min(1 / smooth, math.sqrt(2 * delta / (smooth * k)) / sigma)
        bound = 2 * delta / (step * k) + smooth * step * sigma**2
        claim = 2 * smooth * delta / k + 2 * sigma * math.sqrt(2 * smooth * delta / k)
        assert bound <= claim * (1 + 1e-12)


def test_convex_bound():
    """thm-sgd-convex: the tuned bound, and the averaged value on an exact run."""
    for smooth, radius, sigma, k in itertools.product(
        (0.5, 3), (0.1, 20), (0.01, 1, 9), (1, 10, 900)
    ):
        step = min(1 / smooth, radius / (sigma * math.sqrt(k)))
        bound = (radius**2 + sigma**2 * k * step**2 * (1 + smooth * step)) / (2 * k * step)
        claim = smooth * radius**2 / (2 * k) + sigma * radius / math.sqrt(k)
        assert bound <= claim * (1 + 1e-12)
    scale, start, sigma = np.array([1.0, 0.01]), np.array([1.0, 5.0]), 0.7
    for power in (0.0, 0.5):
        steps = 0.8 / np.arange(1, 401) ** power
        values = moments(scale, start, steps, np.full(2, sigma**2 / 2)) @ scale / 2
        averages = np.cumsum(steps * values[1:]) / np.cumsum(steps)
        bound = start @ start + sigma**2 * np.cumsum(steps**2 * (1 + steps))
        assert np.all(averages <= bound / (2 * np.cumsum(steps)))
    k = np.arange(1, 2000)
    harmonic = np.cumsum(1 / k)
    assert np.all(harmonic <= 1 + np.log(k))
    assert np.all(np.cumsum(k**-0.5) >= np.sqrt(k))


def test_one_pass():
    """ex-sgd-one-pass, ex-sgd-logistic."""
    b, radius, n = 1, 5, 10_000
    first, second = b**2 * radius**2 / (8 * n), b * radius / math.sqrt(n)
    assert (first, second) == (0.0003125, 0.05)
    assert first + second == pytest.approx(0.0503, abs=5e-5)
    t = np.linspace(-20, 20, 4001)
    s = 1 / (1 + np.exp(-t))
    assert np.gradient(s, t).max() <= 1 / 4 + 1e-9


def test_strongly_convex_bounds():
    """thm-sgd-strongly-convex (a) and (b), fig-sgd-noise-floor, by exact moments."""
    mu, smooth, sigma = 0.1, 1.0, 1.0
    kappa = smooth / mu
    scale, start = np.linspace(mu, smooth, 10), np.full(10, math.sqrt(10))
    square = start @ start
    noise = np.full(10, sigma**2 / 10)
    k = np.arange(3001)
    for step in (1.0, 0.5, 0.05):
        found = moments(scale, start, np.full(3000, step), noise).sum(axis=1)
        assert np.all(found <= (1 - step * mu) ** k * square + step * sigma**2 / mu)
    gamma = 4 * kappa
    steps = 2 / (mu * (k + gamma))
    m = moments(scale, start, steps, noise)
    k = k[1:]
    top = (gamma - 1) * (gamma - 2) * square + 4 * k * sigma**2 / mu**2
    assert np.all(m.sum(axis=1)[1:-1] <= top / ((k + gamma - 1) * (k + gamma - 2)))
    weights = np.arange(3000) + gamma - 1
    total = np.cumsum(weights)
    assert total == pytest.approx(k * (k + 2 * gamma - 3) / 2)
    averages = np.cumsum(weights * (m[:3000] @ scale / 2)) / total
    bound = mu * top / (k * (k + 2 * gamma - 3))
    assert np.all(averages <= bound)
    assert np.all(bound <= 16 * kappa * smooth * square / k**2 + 4 * sigma**2 / (mu * k))
    for eps in (0.5, 0.01):
        step = min(1 / smooth, mu * eps / (2 * sigma**2))
        enough = max(kappa, 2 * sigma**2 / (mu**2 * eps)) * math.log(2 * square / eps)
        assert (1 - step * mu) ** enough * square + step * sigma**2 / mu <= eps * (1 + 1e-12)


def test_noise_floor():
    """ex-sgd-quadratic, exr-sgd-contraction."""
    for mu, q in itertools.product((0.5, 2.0), (0.05, 0.5, 1.0)):
        step = q / mu
        found = moments(np.array([mu]), np.array([7.0]), np.full(2000, step), np.array([3.0]))[:, 0]
        floor = step * 3 / (mu * (2 - step * mu))
        assert found[-1] == pytest.approx(floor)
        assert 1 / 2 <= floor / (step * 3 / mu) <= 1
        k = np.arange(2001)
        assert np.all(found <= (1 - q) ** (2 * k) * 49 + floor + 1e-12)


def test_running_mean():
    """ex-sgd-mean."""
    z = np.random.default_rng(2).standard_normal((30, 4))
    x = np.full(4, 100.0)
    for k in range(30):
        x = x - (x - z[k]) / (k + 1)
        assert x == pytest.approx(z[: k + 1].mean(axis=0))
    steps = 1 / np.arange(1, 51)
    found = moments(np.ones(1), np.array([9.0]), steps, np.array([2.0]))[1:, 0]
    assert found / 2 == pytest.approx(2 / (2 * np.arange(1, 51)))


def test_kaczmarz():
    """ex-sgd-kaczmarz (an equality), thm-sgd-interpolation (b), by enumeration of all runs."""
    angle = np.deg2rad([0, 60, 120])
    a = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    assert a.T @ a == pytest.approx(1.5 * np.eye(2))
    maps = [lambda x, v=v: x - (v @ x) * v for v in a]
    start = np.array([2.0, -1.0])
    for k in range(6):
        ends = np.array(paths(maps, start, k))
        assert np.mean(np.sum(ends**2, axis=1)) == pytest.approx(5 / 2**k)


def test_runs_without_a_variance_bound():
    """thm-sgd-interpolation (a) and (c), lem-sgd-gradient-noise, exr-sgd-kaczmarz-inconsistent."""
    rng = np.random.default_rng(3)
    a, b = rng.standard_normal((4, 2)), rng.standard_normal(4)
    a /= np.linalg.norm(a, axis=1)[:, None]
    star = np.linalg.lstsq(a, b, rcond=None)[0]
    lam, r = np.linalg.eigvalsh(a.T @ a)[0], a @ star - b
    start = np.array([3.0, 1.0])
    radius = np.sum((start - star) ** 2)
    for x in rng.standard_normal((50, 2)) * 4:
        residual = a @ x - b
        gap = (residual @ residual - r @ r) / 8
        assert residual @ residual / 4 <= 4 * gap + 2 * r @ r / 4 + 1e-12
    for k in range(7):
        maps = [lambda x, v=v, c=c: x - (v @ x - c) * v / 2 for v, c in zip(a, b, strict=True)]
        error = np.mean(np.sum((np.array(paths(maps, start, k)) - star) ** 2, axis=1))
        assert error <= (1 - lam / 8) ** k * radius + r @ r / lam
    step, total = 0.5, []
    for k in range(7):
        maps = [lambda x, v=v: x - step * (v @ x) * v for v in a]
        ends = np.array(paths(maps, start, k))
        total.append(np.mean(np.sum((ends @ a.T) ** 2, axis=1)) / 8)
        assert np.mean(total) <= start @ start / (2 * step * (1 - step) * (k + 1))


def test_variance_reduction_and_strong_growth():
    """exr-sgd-svrg, exr-sgd-strong-growth, lem-sgd-gradient-gap."""
    rng = np.random.default_rng(4)
    a, b = rng.standard_normal((6, 3)), rng.standard_normal(6)
    largest = np.max(np.sum(a**2, axis=1))
    star = np.linalg.lstsq(a, b, rcond=None)[0]

    def gap(x):
        return np.sum((a @ (x - star)) ** 2) / 12

    mu = np.linalg.eigvalsh(a.T @ a / 6)[0]
    for x, y in rng.standard_normal((100, 2, 3)) * 3:
        g = a * (a @ (x - y))[:, None] + a.T @ (a @ y - b) / 6
        assert np.mean(np.sum(g**2, axis=1)) <= 4 * largest * (gap(x) + gap(y)) + 1e-9
        assert g.mean(axis=0) == pytest.approx(a.T @ (a @ x - b) / 6)
        noiseless = a * (a @ (x - star))[:, None]
        full = noiseless.mean(axis=0)
        assert np.mean(np.sum(noiseless**2, axis=1)) <= largest / mu * full @ full


def test_random_reshuffling():
    """exr-sgd-reshuffling, exr-sgd-step-conditions."""
    for step in (Fraction(1, 2), Fraction(1, 10)):

        def move(c, step=step):
            return lambda x: x - step * (x - c)

        one, two = move(1), move(-1)
        m, independent = Fraction(0), Fraction(0)
        for _ in range(12):
            ends = [two(one(Fraction(0))), one(two(Fraction(0)))]
            assert sum(ends) == 0
            m = (1 - step) ** 4 * m + (ends[0] ** 2 + ends[1] ** 2) / 2
            independent = (1 - step) ** 2 * independent + step**2
        rest = (1 - step) ** 48
        assert m == step**4 / (1 - (1 - step) ** 4) * (1 - rest)
        assert independent == step / (2 - step) * (1 - (1 - step) ** 24)
    steps = 0.9 / np.arange(1, 20_001) ** 0.4
    found = moments(np.ones(1), np.array([5.0]), steps, np.array([1.0]))[:, 0]
    assert found[-1] < 0.02
    assert np.prod(1 - 0.5 ** np.arange(1, 60)) > 0.28


def test_upcrossings_of_a_supermartingale():
    """lem-sgd-supermartingale: the bound a/(b-a) on the expected number of sales."""
    a, b, total = 1, 4, Fraction(0)
    for signs in itertools.product((0, 2), repeat=10):
        price, held, sales = Fraction(1), False, 0
        for factor in signs:
            held = held or price <= a
            price *= factor
            if held and price >= b:
                held, sales = False, sales + 1
        total += sales
    assert 0 < total / 2**10 <= Fraction(a, b - a)


def test_answers_on_averaged_iterates():
    """The problem sgd-averaging-forgets-step, by recursions for the covariances."""
    for p, answer in TOPIC.draws("sgd-averaging-forgets-step"):
        mu, svar, step = (float(p[key]) for key in ("mu", "svar", "step"))
        assert step == pytest.approx(1 / (mu * float(p["q"])))
        m, cross, square = 0.0, 0.0, 0.0
        rate, count = 1 - step * mu, 20_000
        for _ in range(count):
            square += 2 * cross + m
            cross = rate * (cross + m)
            m = rate**2 * m + step**2 * svar
        assert m == pytest.approx(float(p["floorvalue"]))
        assert square / count == pytest.approx(float(p["avglimit"]), rel=0.01)
        assert float(p["avglimit"]) / float(answer) == pytest.approx(m)
        assert p["cross"] == answer


def test_answers_on_the_largest_batch():
    """The problem sgd-batch-size-for-budget (prop-minibatch), by comparing the terms."""
    for p, answer in TOPIC.draws("sgd-batch-size-for-budget"):
        smooth, radius, sigma, n = (int(p[key]) for key in ("smooth", "radius", "sigma", "budget"))

        def terms(b, smooth=smooth, radius=radius, sigma=sigma, n=n):
            k = Fraction(n) / b
            return Fraction(smooth * radius**2, 2) / k, Fraction(sigma**2 * radius**2) / b / k

        def cheap(b, terms=terms):
            first, squared = terms(b)
            return first**2 <= squared

        b = int(answer)
        assert cheap(b)
        assert not cheap(b + 1)
        first, squared = terms(Fraction(str(p["critical"])))
        assert first**2 == squared
        assert p["largest"] == answer
        old = float(terms(1)[0]) + math.sqrt(terms(1)[1])
        assert float(terms(b)[0]) + math.sqrt(terms(b)[1]) < 2 * old


def test_answers_on_linear_weights():
    """The problem sgd-linear-weights-quadratic, by the recursion of the second moment."""
    for p, answer in TOPIC.draws("sgd-linear-weights-quadratic"):
        mu, svar, steps = (Fraction(int(p[key])) for key in ("mu", "svar", "steps"))
        long, short = Fraction(17), Fraction(17)
        for k in range(int(steps)):
            alpha = 2 / (mu * (k + 2))
            long = (1 - alpha * mu) ** 2 * long + alpha**2 * svar
            alpha = 1 / (mu * (k + 1))
            short = (1 - alpha * mu) ** 2 * short + alpha**2 * svar
        assert long == Fraction(str(answer)) == Fraction(str(p["result"]))
        assert short == svar / (mu**2 * steps)
        assert long / short == Fraction(4, 3) - Fraction(2, 3) / (steps + 1)


def test_answers_on_mean_square_stability():
    """The problem sgd-mean-square-stability, by all runs and by the map of the moments."""
    for p, answer in TOPIC.draws("sgd-mean-square-stability"):
        c, step = int(p["c"]), Fraction(str(p["step"]))

        def gradients(x, c=c):
            return (x - 3 * c, 3 * (x + c))

        maps = [lambda x, i=i, g=gradients, s=step: x - s * g(x)[i] for i in (0, 1)]
        law = [paths(maps, Fraction(0), k) for k in range(5)]
        assert all(sum(points) == 0 for points in law)
        squares = [sum(x * x for x in points) / len(points) for points in law]
        factor = (squares[3] - squares[2]) / (squares[2] - squares[1])
        assert squares[4] - squares[3] == factor * (squares[3] - squares[2])
        limit = squares[1] + (squares[2] - squares[1]) / (1 - factor)
        assert limit == Fraction(str(answer)) == Fraction(str(p["limit"]))
    for step in (0.1, 0.79, 0.81, 0.95):
        growth = ((1 - step) ** 2 + (1 - 3 * step) ** 2) / 2
        assert (growth < 1) == (step < 4 / 5)


def test_choices_on_batches_without_replacement():
    """The problem sgd-minibatch-without-replacement, for one-hot gradients (any batch alike)."""
    for p, right, wrong in TOPIC.choices("sgd-minibatch-without-replacement"):
        n, b = int(p["n"]), int(p["b"])
        u = np.eye(n) - 1 / n
        v = np.mean(np.sum(u**2, axis=1))
        found = np.sum(u[:b].mean(axis=0) ** 2) * float(p["v"]) / v
        assert float(right[0]) == pytest.approx(found)
        assert p["right"] == right[0]
        share = sp.Rational(n - b, n)
        one = p["v"] / b
        assert [other[0] for other in wrong] == [one, one * share, one / b, right[0] * b]
        others = {other[0] for other in wrong}
        assert len(others) == len(wrong) == 4
        assert right[0] not in others


def test_answers_on_a_given_noise_floor():
    """The problem sgd-noise-floor-design (thm-sgd-strongly-convex), by counting."""
    for p, answer in TOPIC.draws("sgd-noise-floor-design"):
        smooth, q, svar, m = (int(p[key]) for key in ("smooth", "q", "svar", "m"))
        mu = Fraction(1, q)
        step = Fraction(str(p["step"]))
        assert step * svar / mu == Fraction(1, m)
        assert step < Fraction(1, smooth)

        def floor(b, smooth=smooth, svar=svar, mu=mu):
            return Fraction(1, smooth) * svar / b / mu

        least = next(b for b in range(1, 10_000) if floor(b) <= Fraction(1, m))
        assert answer == least == p["batch"]
        assert floor(Fraction(str(p["need"]))) == Fraction(1, m)


def test_choices_on_shorter_steps_and_larger_batches():
    """The problem sgd-step-and-batch-scaling (thm-sgd-strongly-convex, prop-minibatch)."""

    def costs(step, batch, mu=0.5):
        return step * 3 / batch / mu, batch * math.log(1e4) / (step * mu)

    for p, right, wrong in TOPIC.choices("sgd-step-and-batch-scaling"):
        r, s = float(p["r"]), float(p["s"])
        old, new = costs(0.01, 1), costs(0.01 / r, s)
        assert [old[0] / new[0], new[1] / old[1]] == pytest.approx([float(x) for x in right])
        assert right not in wrong
        assert len({tuple(other) for other in wrong}) == 4
