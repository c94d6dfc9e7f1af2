"""Diffusion models, the noise and the way back: all numbers of the chapter and its problems."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic
from tests.content.diffusion import GRID, WIDTH, Array, Points, gauss, total

TOPIC = Topic("diffusion-models")
DATA = Points([-1.3, 0.2, 2.0], [0.5, 0.2, 0.3])


def test_discrete_chain_is_the_forward_process():
    """prop-df-forward: the products of the factors, and the invariance of the noise."""
    rng = np.random.default_rng(0)
    beta = rng.uniform(0.01, 0.3, 20)
    factor, variance = 1.0, 0.0
    for b in beta:
        factor, variance = factor * math.sqrt(1 - b), (1 - b) * variance + b
    t = -0.5 * np.log1p(-beta).sum()
    assert factor == pytest.approx(math.exp(-t))
    assert variance == pytest.approx(1 - math.exp(-2 * t))


def test_chain_rule_and_gaussian_steps():
    """lem-df-kl (a), (b), (d) on random joint distributions and on a mixture."""
    rng = np.random.default_rng(1)
    p, q = (rng.dirichlet(np.ones(20)).reshape(4, 5) for _ in range(2))
    joint = np.sum(p * np.log(p / q))
    first, second = p.sum(1), q.sum(1)
    margin = np.sum(first * np.log(first / second))
    ratio = (p / first[:, None]) / (q / second[:, None])
    assert joint == pytest.approx(margin + np.sum(p * np.log(ratio)))
    assert margin <= joint
    r = DATA.density(0.7, GRID)
    centre = total(GRID * r)

    def divergence(m: float, v: float) -> float:
        return total(r * (np.log(r + 1e-300) - np.log(gauss(GRID - m, v) + 1e-300)))

    gap = divergence(1.5, 0.8) - divergence(centre, 0.8)
    assert gap == pytest.approx((1.5 - centre) ** 2 / 1.6, rel=1e-6)


def test_convergence_to_noise():
    """thm-df-convergence, ex-df-long."""
    second = float(np.sum(DATA.weights * DATA.points**2))
    for t in (0.2, 0.5, 1.0, 2.0):
        p, w = DATA.density(t, GRID), math.exp(-2 * t)
        divergence = total(p * np.log((p + 1e-300) / gauss(GRID, 1.0)))
        bound = w / 2 * (second - 1) - math.log(1 - w) / 2
        assert 0 < divergence <= bound <= w * second / 2 + w**2 / (4 * (1 - w))
    assert -500 * math.log(1 - math.exp(-2 * 5.41)) == pytest.approx(0.01, rel=0.01)
    assert -500 * math.log(1 - math.exp(-2 * 7.71)) == pytest.approx(1e-4, rel=0.01)


def test_tweedie():
    """thm-df-tweedie, both lines, against differences of the density; ex-df-two-points."""
    for t in (0.1, 0.5, 1.5):
        s2, a = 1 - math.exp(-2 * t), math.exp(-t)
        x = np.linspace(-3, 3, 61)
        e = 1e-4
        logs = [np.log(DATA.density(t, x + k * e)) for k in (-1, 0, 1)]
        slope = (logs[2] - logs[0]) / (2 * e)
        curve = (logs[2] - 2 * logs[1] + logs[0]) / e**2
        assert np.allclose(a * DATA.mean(t, x), x + s2 * slope, atol=1e-6)
        second = DATA.joint(t, x) @ DATA.points**2 / DATA.density(t, x)
        variance = second - DATA.mean(t, x) ** 2
        assert np.allclose(a**2 * variance, s2 * (1 + s2 * curve), atol=1e-5)
        assert DATA.fisher(t) <= 1 / s2
    pair = Points([-1, 1], [0.5, 0.5])
    t = -math.log(0.6)
    assert pair.mean(t, np.array([0.4]))[0] == pytest.approx(0.358, abs=5e-4)
    assert pair.score(t, np.array([0.4]))[0] == pytest.approx(-0.289, abs=5e-4)


def test_denoising_score_matching():
    """thm-df-dsm, by quadrature over the noise for each point of the data."""
    t = 0.6
    a, s = math.exp(-t), math.sqrt(1 - math.exp(-2 * t))

    def left(field: Callable[[Array], Array]) -> float:
        parts = [
            w * total(gauss(GRID, 1.0) * (field(a * u + s * GRID) + GRID / s) ** 2)
            for u, w in zip(DATA.points, DATA.weights, strict=True)
        ]
        return sum(parts)

    def right(field: Callable[[Array], Array]) -> float:
        error = (field(GRID) - DATA.score(t, GRID)) ** 2
        return total(error * DATA.density(t, GRID)) + 1 / s**2 - DATA.fisher(t)

    fields: list[Callable[[Array], Array]] = [np.sin, np.zeros_like, lambda x: -x]
    for field in fields:
        assert left(field) == pytest.approx(right(field), rel=1e-6)


def test_fokker_planck():
    """thm-df-fokker-planck for several values of eta, symbolically for a mixture."""
    t, x = sp.symbols("t x", real=True)
    s2 = 1 - sp.exp(-2 * t)
    p = sum(
        w * sp.exp(-((x - sp.exp(-t) * u) ** 2) / (2 * s2)) / sp.sqrt(s2)
        for u, w in ((sp.Rational(-1), sp.Rational(1, 3)), (sp.Rational(2), sp.Rational(2, 3)))
    )
    eta = sp.Symbol("eta")
    flux = p * x + (1 + eta) * sp.diff(p, x)
    gap = sp.diff(p, t) - sp.diff(flux, x) + eta * sp.diff(p, x, 2)
    value = sp.lambdify((t, x, eta), gap, "math")
    for point in ((0.3, -0.7, 0), (1.1, 0.4, 1), (0.05, 1.9, 3)):
        assert abs(value(*point)) < 1e-9


def test_probability_flow_carries_the_distribution():
    """thm-df-flow: the flow on the line preserves distribution functions."""
    start, end, steps = 1.5, 0.3, 600
    points = np.array([-1.5, -0.4, 0.1, 0.9, 2.0])
    x, h = points.copy(), (end - start) / steps

    def velocity(t: float, x: Array) -> Array:
        return -x - DATA.score(t, x)

    for k in range(steps):
        t = start + k * h
        one = velocity(t, x)
        two = velocity(t + h / 2, x + h / 2 * one)
        three = velocity(t + h / 2, x + h / 2 * two)
        x = x + h / 6 * (one + 2 * two + 2 * three + velocity(t + h, x + h * three))

    def below(t: float, q: float) -> float:
        s = math.sqrt(2 * (1 - math.exp(-2 * t)))
        z = (q - math.exp(-t) * DATA.points) / s
        return float(DATA.weights @ [0.5 + 0.5 * math.erf(v) for v in z])

    for q, moved in zip(points, x, strict=True):
        assert below(start, q) == pytest.approx(below(end, moved), abs=1e-7)


def test_reversed_equations_have_the_same_marginals():
    """rem-df-anderson for Gaussian data: the variances of the linear equations, for every eta."""
    tau, T, v, eta = sp.symbols("tau T v eta", positive=True)
    level = 1 + (v - 1) * sp.exp(-2 * (T - tau))
    drift = 1 - (1 + eta) / level
    assert sp.simplify(sp.diff(level, tau) - 2 * drift * level - 2 * eta) == 0


def test_moments_of_the_reversed_chain():
    """thm-df-reverse (b) by quadrature."""
    s, h = 0.4, 0.3
    v, e = 1 - math.exp(-2 * h), 1e-4
    for x in (-1.0, 0.2, 1.7):
        r = DATA.density(s, GRID) * gauss(x - math.exp(-h) * GRID, v)
        r /= total(r)
        mean = total(GRID * r)
        score = DATA.score(s + h, np.array([x - e, x, x + e]))
        assert mean == pytest.approx(math.exp(h) * (x + v * score[1]), abs=1e-8)
        expected = math.exp(2 * h) * v * (1 + v * (score[2] - score[0]) / (2 * e))
        assert total((GRID - mean) ** 2 * r) == pytest.approx(expected, abs=1e-6)


def test_gaussian_chain_and_flow():
    """prop-df-gaussian (c) by composing many small reversed steps; ex-df-chain-flow."""
    for v, T, chain, flow in [(4, 1, 3.555, 2.845), (4, 2, 3.9855, 3.7917), (4, 3, 3.9997, 3.9705)]:
        times = np.linspace(0, T, 41)
        level = 1 + (v - 1) * np.exp(-2 * times)
        variance = 1.0
        for k in range(40, 0, -1):
            h = times[k] - times[k - 1]
            coefficient = math.exp(-h) * level[k - 1] / level[k]
            noise = level[k - 1] * (1 - math.exp(-2 * h)) / level[k]
            variance = coefficient**2 * variance + noise
        w = math.exp(-2 * T)
        assert variance == pytest.approx(v - (v - 1) * v**2 * w**2 / level[-1] ** 2)
        assert variance == pytest.approx(chain, abs=6e-4)
        assert v / level[-1] == pytest.approx(v - (v - 1) * v * w / level[-1])
        assert v / level[-1] == pytest.approx(flow, abs=6e-4)


def test_fisher_information():
    """lem-df-fisher: the derivative of the entropy, and the monotone quantity."""
    for t in (0.3, 0.8, 1.6):
        slope = (DATA.entropy(t + 1e-3) - DATA.entropy(t - 1e-3)) / 2e-3
        assert slope == pytest.approx(DATA.fisher(t) - 1, abs=1e-5)
    scaled = [math.exp(-2 * t) * DATA.fisher(t) for t in np.linspace(0.05, 3, 40)]
    assert all(later <= earlier for earlier, later in itertools.pairwise(scaled))


def test_error_of_the_sampler():
    """thm-df-sampling: one step exactly, the discretization bound, the whole bound for K = 2."""
    delta, h, K = 0.1, 0.1, 12
    times = delta + h * np.arange(K + 1)
    v = 1 - math.exp(-2 * h)
    fine = np.linspace(0, h, 201)
    errors = []
    for s, t in itertools.pairwise(times):
        values = np.array([DATA.fisher(s + u) for u in fine[::20]])
        simpson = (h / 30) * (
            values[0] + 4 * values[1::2].sum() + 2 * values[2:-1:2].sum() + values[-1]
        )
        errors.append(simpson - v / 2 * DATA.fisher(t))
        if s == times[3]:
            p, r = DATA.density(t, GRID[::40]), []
            for x, score in zip(GRID[::40], DATA.score(t, GRID[::40]), strict=True):
                y = DATA.density(s, GRID) * gauss(x - math.exp(-h) * GRID, v)
                y = y / max(total(y), 1e-300)
                step = gauss(GRID - math.exp(h) * (x + v * score), math.exp(2 * h) * v)
                r.append(total(y * (np.log(y + 1e-300) - np.log(step + 1e-300))))
            assert float(np.sum(p * r) * 40 * WIDTH) == pytest.approx(errors[-1], rel=1e-3)
    assert min(errors) >= 0
    s2 = 1 - math.exp(-2 * delta)
    bracket = 1 / s2 + 2 * (times[-1] - delta) - math.log(s2)
    assert sum(errors) <= h * math.exp(2 * h) * bracket
    density = gauss(GRID, 1.0)
    coarse = slice(None, None, 16)
    used = 0.0
    for k in (2, 1):
        field = DATA.score(times[k], GRID) + 0.3 * np.sin(GRID)
        used += v / 2 * total(0.09 * np.sin(GRID) ** 2 * DATA.density(times[k], GRID))
        centre = math.exp(h) * (GRID + v * field)
        kernel = gauss(GRID[coarse, None] - centre[None, coarse], math.exp(2 * h) * v)
        density = np.interp(GRID, GRID[coarse], kernel @ density[coarse] * 16 * WIDTH)

    def divergence(p: Array, q: Array) -> float:
        return total(p * np.log((p + 1e-300) / (q + 1e-300)))

    bound = divergence(DATA.density(times[2], GRID), gauss(GRID, 1.0)) + used + sum(errors[:2])
    assert divergence(DATA.density(delta, GRID), density) <= bound


def test_budget():
    """ex-df-budget."""
    delta = -0.5 * math.log(0.99)
    assert 50 * math.exp(-10) + 25 * math.exp(-20) / (1 - math.exp(-10)) <= 0.0023
    h = 8.7e-6
    bracket = 100 + 2 * (5 - delta) + math.log(100)
    assert bracket == pytest.approx(100 + 9.99 + 4.61, abs=0.01)
    assert 0.099 < h * math.exp(2 * h) * 100 * bracket <= 0.1
    assert (5 - delta) / h == pytest.approx(570000, rel=0.01)


def test_convergence_in_hermite_coefficients():
    """exr-df-hermite, also for small t, and the rates for centred and for standardized data."""
    skew = Points([0.3, 2.0], [0.4, 0.6])
    centred = Points([-1.0, 2.0], [2 / 3, 1 / 3])
    standard = Points([-math.sqrt(0.5), math.sqrt(2)], [2 / 3, 1 / 3])
    for data, rate in [(skew, 2), (centred, 4), (standard, 6)]:
        before, last = np.ones(data.points.size), data.points.copy()
        squares = [float(data.weights @ last) ** 2]
        for k in range(2, 120):
            step = (data.points * last - math.sqrt(k - 1) * before) / math.sqrt(k)
            before, last = last, step
            squares.append(float(data.weights @ last) ** 2)
        powers = 2 * np.arange(1, 120)
        for t in (0.15, 0.5, 1.5):
            ratio = data.density(t, GRID) / gauss(GRID, 1.0) - 1
            found = total(ratio**2 * gauss(GRID, 1.0))
            assert found == pytest.approx(float(np.exp(-powers * t) @ squares), rel=1e-6)
        leading = squares[rate // 2 - 1] * math.exp(-rate * 6)
        tail = float(np.exp(-powers * 6.0) @ squares)
        assert tail == pytest.approx(leading, rel=0.01)


def test_grid_that_shrinks():
    """exr-df-grid: second differences, the error with C = 4, steps for ex-df-budget."""
    delta, T, d = -0.5 * math.log(0.99), 5.0, 100
    for kappa in (0.5, 0.1, 0.01, 6.4e-5):
        times = [delta]
        while times[-1] < T:
            times.append(min(T, times[-1] - kappa * math.expm1(-2 * times[-1])))
        t, h = np.array(times), np.diff(times)
        second = np.expm1(2 * h[1:]) + np.expm1(-2 * h[:-1])
        assert np.all(second <= 17 * kappa * h[:-1])
        fisher = d / -np.expm1(-2 * t)
        sizes = np.maximum(second, 0) * fisher[1:-1]
        error = 0.5 * (math.expm1(2 * h[0]) * fisher[0] + np.sum(sizes))
        assert error <= 4 * kappa * d * (T + math.log(100))
    assert error == pytest.approx(0.1, rel=0.01)
    assert h.size == pytest.approx(114_000, rel=0.01)


def test_answers_on_variance_and_denoising():
    """df-variance-on-the-way (prop-df-forward), df-two-point-denoiser (thm-df-tweedie)."""
    for p, answer in TOPIC.draws("df-variance-on-the-way"):
        w = sp.exp(-2 * answer)
        assert sp.simplify(p["v"] * w + 1 - w - p["c"]) == 0
        wrong = [float(p[key]) for key in ("double", "ratio", "mixed")]
        assert min(abs(value - float(answer)) for value in wrong) > 1e-6
    for p, answer in TOPIC.draws("df-two-point-denoiser"):
        k, x = float(p["k"]), np.array([float(p["x"])])
        pair = Points([1, -1], [k / (k + 1), 1 / (k + 1)])
        t = -math.log(0.6)
        assert pair.mean(t, x)[0] == pytest.approx(float(answer))
        assert pair.score(t, x)[0] == pytest.approx(float(p["score"]))


def test_answers_on_gaussian_data():
    """df-gaussian-chain-and-flow (prop-df-gaussian), df-euler-steps."""
    for p, answer in TOPIC.draws("df-gaussian-chain-and-flow"):
        v, w = p["v"], 1 / p["k"]
        level = 1 + (v - 1) * w
        assert sp.simplify(answer - (v - (v - 1) * v**2 * w**2 / level**2)) == 0
        assert sp.simplify(p["flow"] - (v - (v - 1) * v * w / level)) == 0
        assert sp.simplify(p["coef"] ** 2 * level + p["noise"] - v) == 0
        assert abs(v - answer) < abs(v - p["flow"])
    for p, answer in TOPIC.draws("df-euler-steps"):
        variance = sp.Integer(1)
        for _ in range(int(p["N"])):
            variance = (1 - p["h"]) ** 2 * variance + 2 * p["h"]
        assert variance == answer
        assert (1 - p["h"]) ** 2 * p["limit"] + 2 * p["h"] == p["limit"] == 1 + p["bias"]


def test_minimal_loss_and_fisher_bound():
    """df-loss-zero, df-fisher-bound (thm-df-dsm): the minimum as a conditional variance."""
    for t in (0.1, 0.6, 1.5):
        s2, p = 1 - math.exp(-2 * t), DATA.density(t, GRID)
        second = DATA.joint(t, GRID) @ DATA.points**2 / (p + 1e-300)
        variance = total(p * (second - DATA.mean(t, GRID) ** 2))
        minimum = 1 / s2 - DATA.fisher(t)
        assert minimum == pytest.approx(math.exp(-2 * t) / s2**2 * variance, rel=1e-6)
        assert minimum > 1e-3
        assert Points([0.7], [1.0]).fisher(t) == pytest.approx(1 / s2)


def test_logarithmic_sobolev_inequality():
    """df-log-sobolev: the inequality and the decay for smooth data."""
    f = 1 + 0.8 * np.sin(GRID + 0.5)
    f /= total(f * gauss(GRID, 1.0))
    g = gauss(GRID, 1.0)

    def both(f: Array) -> tuple[float, float]:
        slope = np.gradient(f, WIDTH)
        return total(f * np.log(f) * g), total(slope**2 / f * g)

    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    start = both(f)
    assert start[0] <= 0.5 * start[1]
    for t in (0.2, 1.0):
        a, s = math.exp(-t), math.sqrt(1 - math.exp(-2 * t))
        moved = np.zeros_like(f)
        for z, w in zip(nodes, weights / weights.sum(), strict=True):
            inside = 1 + 0.8 * np.sin(a * GRID + s * z + 0.5)
            moved += w * inside
        moved /= total(moved * g)
        now = both(moved)
        assert now[1] <= math.exp(-2 * t) * start[1] * (1 + 1e-6)
        assert now[0] <= math.exp(-2 * t) * start[0] * (1 + 1e-6)
