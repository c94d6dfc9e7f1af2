"""The problems on rates of approximation: the answers of all draws by other routes."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import quad

from tests.content.bank import Topic
from tests.content.random_vectors import mean_norm

TOPIC = Topic("quantitative-approximation")


def test_answers_on_the_number_of_neurons():
    """The problem qa-how-many-neurons (lem-qa-maurey)."""
    for p, answer in TOPIC.draws("qa-how-many-neurons"):
        V, k, s = (int(p[key]) for key in ("V", "k", "s"))
        bound = sp.Rational(V**2 - s**2) / p["plain"]
        assert bound == sp.Rational(1, k**2)
        sampled = max(
            (V * sign * (ind - sp.Rational(1, 2))) ** 2 for sign in (-1, 1) for ind in (0, 1)
        )
        assert sampled / answer == sp.Rational(1, k**2)


def test_answers_on_the_variation_of_a_spline():
    """The problem qa-variation-of-a-spline (thm-qa-one), by second differences on a grid."""
    for p, answer in TOPIC.draws("qa-variation-of-a-spline"):
        a, b, c = (int(p[key]) for key in ("a", "b", "c"))
        slopes = [a] * 20 + [-b] * 20 + [c] * 20
        f = np.concatenate([[0], np.cumsum(slopes)]) / 10
        assert 10 * np.abs(np.diff(f, 2)).sum() == pytest.approx(float(answer))


def test_answers_on_random_steps():
    """The problem qa-random-staircase (lem-qa-maurey), by simulation and by an integral."""
    rng = np.random.default_rng(12)
    x = (np.arange(400) + 0.5) / 400
    for p, answer in TOPIC.draws("qa-random-staircase"):
        k, m = int(p["k"]), int(p["m"])
        theta = rng.random((1500, m)) ** (1 / k)
        counts = np.stack([np.searchsorted(np.sort(row), x, side="right") for row in theta])
        error = np.mean((counts / m - x**k) ** 2)
        assert error == pytest.approx(float(answer), rel=0.12)
        exact = quad(lambda z, k=k: z**k * (1 - z**k), 0, 1)[0] / m
        assert exact == pytest.approx(float(answer))
        steps = ((2 * np.arange(m) + 1) / (2 * m)) ** (1 / k)
        fine = np.linspace(0, 1, 20001)
        best = np.abs(np.searchsorted(steps, fine, side="right") / m - fine**k).max()
        assert best == pytest.approx(1 / (2 * m), rel=0.02)
        pieces = np.minimum(np.floor((m + 1) * fine**k), m)
        least = np.abs((2 * pieces + 1) / (2 * m + 2) - fine**k).max()
        assert least == pytest.approx(1 / (2 * (m + 1)), rel=0.02)


def test_answers_on_a_sum_of_gaussians():
    """The problem qa-gaussian-sum (prop-qa-calculus, thm-qa-barron)."""
    for p, answer in TOPIC.draws("qa-gaussian-sum"):
        d, a, p1, q, eps = (int(p[key]) for key in ("d", "a", "p", "q", "eps"))
        moments = [a * mean_norm(d) / p1, mean_norm(d) / q]
        assert 0.97 * float(answer) <= sum(moments) <= float(answer)
        second = a * d * (1 / p1) ** 2 + d * (1 / q) ** 2
        assert float(p["c2"]) == pytest.approx(second)
        assert float(answer) / math.sqrt(float(p["m"])) == pytest.approx(1 / eps)


def test_answers_on_knots_for_a_power():
    """The problem qa-layer-knots (thm-qa-one, prop-qa-knots, thm-ua-interpolation)."""
    for p, answer in TOPIC.draws("qa-layer-knots"):
        c, k, e = (int(p[key]) for key in ("c", "p", "e"))
        second = quad(lambda x, c=c, k=k: c * k * (k - 1) * x ** (k - 2), 0, 1)[0]
        assert second == pytest.approx(float(answer))
        for N, constant in ((int(p["free"]), second), (int(p["equal"]), c * k * (k - 1) / 8)):
            assert constant / N**2 <= (1 + 1e-9) / e < (1 + 1e-9) * constant / (N - 1) ** 2
        assert p["equal"] <= p["free"]
        x, N = np.linspace(0, 1, 4001), int(p["equal"])
        grid = np.arange(N + 1) / N
        assert np.abs(np.interp(x, grid, c * grid**k) - c * x**k).max() <= 1 / e


def test_answers_on_polynomials_against_waves():
    """The problem qa-cosine-width (lem-qa-orthogonal), by enumeration and counting."""
    for p, answer in TOPIC.draws("qa-cosine-width"):
        d, r = int(p["d"]), int(p["r"])
        vectors = sum(
            sum(1 for signs in itertools.product((-1, 1), repeat=r + 1) if signs[0] == 1)
            for _ in itertools.combinations(range(d), r + 1)
        )
        monomials = sum(math.comb(d + j - 1, j) for j in range(r + 1))
        assert vectors == p["S2"]
        assert monomials == p["D"] < vectors
        assert float(answer) ** 2 == pytest.approx((1 - monomials / vectors) / 2)


def test_answers_on_bits():
    """The problem qa-bits-for-lipschitz (thm-ua-bits)."""
    for p, answer in TOPIC.draws("qa-bits-for-lipschitz"):
        d, j, bits = (int(p[key]) for key in ("d", "j", "B"))
        cubes = math.prod([j] * d)
        W = math.ceil(answer)
        assert W * bits >= cubes > (W - 1) * bits
        assert (2 * j) ** d == cubes * p["grow"]
