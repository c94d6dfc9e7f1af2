"""The problems on universal approximation: every draw, and the claims of the solutions."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic
from tests.content.relu_networks import best_error, polygon, relu, trapezoid

TOPIC = Topic("universal-approximation")


def test_answers_on_the_parabola():
    """The problem ua-interpolate-square (thm-ua-interpolation, thm-ua-one-lower)."""
    for p, answer in TOPIC.draws("ua-interpolate-square"):
        c, E = int(p["c"]), int(p["E"])

        def error(N: int, c: int = c) -> float:
            k = np.arange(N + 1) / N
            middle = (2 * np.arange(N) + 1) / (2 * N)
            return float(np.max(polygon(c * k**2, middle) - c * middle**2))

        N = int(answer)
        assert error(N) <= 1 / E * (1 + 1e-9) < error(N - 1)
        assert error(N) == pytest.approx(float(p["worst"]))
        best = int(p["Nopt"])
        assert error(best) / 2 <= 1 / E * (1 + 1e-9) < error(best - 1) / 2


def test_answers_on_the_budget():
    """The problem ua-lipschitz-budget (thm-ua-three-layer)."""
    for p, answer in TOPIC.draws("ua-lipschitz-budget"):
        d, M, E = (int(p[key]) for key in ("d", "M", "E"))
        N = next(N for N in range(1, 1000) if sp.Rational(M, 2 * N) <= sp.Rational(1, 2 * E))
        axes, intervals, corners = range(d), range(N), range(4)
        first = len(set(itertools.product(axes, intervals, corners)))
        second = math.prod(len(intervals) for _ in axes)
        assert answer == first + second
        assert (p["first"], p["second"]) == (first, second)
        assert p["big"] == math.prod([2 * N] * d) == second * 2**d
        eta = sp.Rational(1, 4 * d * E * N)
        assert sp.Rational(M, 2 * N) + 2 * d * eta * N == sp.Rational(1, E)
        halved = sp.Rational(1, 4 * d * (2 * E) * (2 * N))
        assert sp.Rational(M, 4 * N) + 2 * d * halved * 2 * N == sp.Rational(1, 2 * E)
        assert eta / halved == 4
        assert eta < sp.Rational(1, 2 * N)


def test_answers_on_a_smoothed_jump():
    """The problem ua-indicator-ramp (thm-ua-lp, prop-ua-jump); Simpson's rule is exact here."""
    for p, answer in TOPIC.draws("ua-indicator-ramp"):
        J, eta = p["J"], p["eta"]
        below = [(answer * (u + eta)) ** 2 for u in (-eta, -eta / 2, 0)]
        above = [(answer * (u + eta) - J) ** 2 for u in (0, eta / 2, eta)]
        simpson = [eta / 6 * (a + 4 * b + c) for a, b, c in (below, above)]
        assert sum(simpson) == 1 / p["E"]
        assert answer * 2 * eta == J
        assert below[-1] == above[0] == (J / 2) ** 2
        assert eta < sp.Rational(1, 2)


def test_answers_on_polygon_weights():
    """The problem ua-polygon-weights (thm-ua-interpolation)."""
    for p, answer in TOPIC.draws("ua-polygon-weights"):
        points, targets = [0, 1, 2, 4], [0, p["p"], p["q"], p["r"]]
        rows = [[1, *(max(t - k, 0) for k in (0, 1, 2))] for t in points]
        weights = sp.Matrix(rows).LUsolve(sp.Matrix(targets))
        assert list(weights) == [0, p["p"], p["c1"], answer]
        assert p["left"] == -p["p"]


def test_answers_on_the_volume_of_a_bump():
    """The problem ua-bump-volume (lem-ua-bump), by quadrature on a grid of midpoints."""
    t = (np.arange(1200) + 0.5) / 1200
    for p, answer in TOPIC.draws("ua-bump-volume"):
        tau = trapezoid(t, 0, 1, 1 / int(p["k"]))
        volume = np.mean(relu(tau[:, None] + tau - 1))
        assert volume == pytest.approx(float(answer), abs=1e-5)
        assert p["inner"] + p["sides"] + p["corners"] == answer == 1 - p["lost"]


def test_squared_relu_spline():
    """The problem ua-squared-relu-support: the example in one dimension, and the differences."""
    x = np.linspace(-2, 6, 801)
    f = sum(c * relu(x - k) ** 2 for k, c in enumerate((1, -3, 3, -1)))
    assert np.max(np.abs(f[(x <= 0) | (x >= 3)])) < 1e-12
    assert f[np.argmin(np.abs(x - 1))] == pytest.approx(1)
    weights = np.array([1, -3, 3, -1])
    u = np.array([2.0, 1.0, 0.0, -1.0])
    assert weights @ (u * np.abs(u)) == 2
    assert all(weights @ u**k == 0 for k in range(3))


def test_convex_networks():
    """The problem ua-convex-networks: the distance of -x^2 from convex polygons is 1/8."""
    x = np.linspace(0, 1, 41)
    columns = np.column_stack([np.ones_like(x), x, relu(x[:, None] - x[1:-1])])
    assert best_error(columns, -(x**2), convex=True) == pytest.approx(1 / 8)


def test_zigzag_network():
    """The problem ua-zigzag-neurons: the formula, and n - 2 neurons are not enough."""
    rng = np.random.default_rng(9)
    for n in (1, 2, 3, 6):
        x = np.linspace(0, 1, 20 * n + 1)
        knots = np.arange(1, n) / n
        kinks = 4 * n * (-1.0) ** (np.arange(1, n) + 1)
        g = 1 - 2 * n * x + relu(x[:, None] - knots) @ kinks
        assert g == pytest.approx(np.interp(x, np.arange(n + 1) / n, (-1.0) ** np.arange(n + 1)))
        for few in rng.random((4, max(n - 2, 0))):
            columns = np.column_stack([np.ones_like(x), x, relu(x[:, None] - few)])
            assert n == 1 or best_error(columns, g) >= 1 - 1e-7


def test_integer_exponentials():
    """The problem ua-integer-exponentials: m + 1 exponentials, and an alternating function."""
    for m in (1, 2, 3):
        x = np.linspace(0, 1, m + 2)
        columns = np.exp(np.outer(x, np.arange(m + 1)))
        assert best_error(columns, (-1.0) ** np.arange(m + 2)) == pytest.approx(1)
        again = np.exp(np.outer(x[:-1], np.arange(m + 1)))
        assert np.linalg.matrix_rank(again) == m + 1
