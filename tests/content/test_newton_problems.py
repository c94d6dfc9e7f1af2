"""The problems on Newton's method: every draw, recomputed."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from scipy import optimize

from tests.content.bank import Topic
from tests.content.newton import omega

TOPIC = Topic("newton")


def test_answers_on_a_biased_coin():
    """The problem newton-biased-coin (thm-newton-local), with 60 digits."""
    w = sp.Symbol("w")
    for p, answer in TOPIC.draws("newton-biased-coin"):
        q = p["q"]
        f = sp.log(1 + sp.exp(w)) - q * w
        assert sp.simplify(-(f.diff(w) / f.diff(w, 2)).subs(w, 0) - answer) == 0
        assert p["first"] == answer
        star, x, errors = sp.log(p["j"]).n(80), sp.Integer(0), []
        assert abs(f.diff(w).subs(w, star)) < 1e-60
        for _ in range(6 if p["j"] > 4 else 5):
            errors.append(star - x)
            e = sp.exp(-x).n(80)
            x = x + (q - 1 / (1 + e)) * (1 + e) ** 2 / e
        assert all(a > b > 0 for a, b in itertools.pairwise(errors))
        ratio = errors[-1] / errors[-2] ** 2
        assert float(ratio) == pytest.approx(float(p["dev"]), rel=1e-3)


def test_answers_on_a_certified_gap():
    """The problem newton-certified-gap: decrement by a linear system, bounds by examples."""
    for p, answer in TOPIC.draws("newton-certified-gap"):
        g, h = np.array([float(p["gone"]), float(p["gtwo"])]), np.diag([4.0, 9.0])
        nu = math.sqrt(g @ np.linalg.solve(h, g))
        assert nu == pytest.approx(float(p["nu"]))
        up, down = 1 + nu, 1 - nu
        assert float(p["low"]) == pytest.approx(up - math.log(up) - 1)
        assert float(answer) == pytest.approx(down - math.log(down) - 1)
        step = -np.linalg.solve(h, g) * float(p["step"])
        assert math.sqrt(step @ h @ step) == pytest.approx(float(p["length"]))
        assert float(p["step"]) == pytest.approx(1 / (1 + nu))
        assert 0 < p["low"] < answer == p["high"]


def test_answers_on_two_minimizers_of_a_cubic_model():
    """The problem newton-cubic-hard-case, by minimization over a polar grid."""
    for p, answer in TOPIC.draws("newton-cubic-hard-case"):
        a, b, g, s = (float(p[key]) for key in ("a", "b", "g", "s"))

        def model(h, a=a, b=b, g=g):
            return g * h[0] + (a * h[0] ** 2 - b * h[1] ** 2) / 2 + np.hypot(*h) ** 3 / 3

        r, angle = np.meshgrid(np.linspace(0, 3 * b, 301), np.linspace(0, 2 * np.pi, 361))
        values = model([r * np.cos(angle), r * np.sin(angle)])
        i = np.unravel_index(np.argmin(values), values.shape)
        start = np.array([r[i] * np.cos(angle[i]), r[i] * np.sin(angle[i])])
        best = optimize.minimize(model, start, tol=1e-12)
        assert best.fun == pytest.approx(float(answer), rel=1e-8)
        assert best.x[0] == pytest.approx(-float(p["one"]), rel=1e-4)
        assert abs(best.x[1]) == pytest.approx(float(p["two"]), rel=1e-4)
        assert np.hypot(*best.x) == pytest.approx(b, rel=1e-4)
        assert b**2 == float(p["rr"])
        assert b * (a + b) == float(p["bab"]) > g == float(p["one"] * p["ab"])
        assert answer < p["guar"] == -sp.Rational(2, 12) * p["b"] ** 3
        x = [-p["one"], p["two"]]
        assert p["lin"] == p["g"] * x[0]
        assert p["quad"] == (p["a"] * x[0] ** 2 - p["b"] * x[1] ** 2) / 2
        assert p["cubic"] == sp.Rational(2, 6) * p["b"] ** 3
        assert p["newt"] == -p["g"] / p["a"]
        assert p["low"] == answer == p["lin"] + p["quad"] + p["cubic"]
        assert s * 5 == b


def test_choices_on_doubling_digits():
    """The problem newton-doubling-digits, by squaring in exact arithmetic."""
    for p, right, wrong in TOPIC.choices("newton-doubling-digits"):
        theta, k = Fraction(1, 10), 0
        while theta > Fraction(1, 10 ** int(p["D"])):
            theta, k = theta**2, k + 1
        assert right == [k]
        assert [k] not in wrong
        assert (p["less"], 2 * p["half"]) == (k - 1, p["D"])


def test_answers_on_a_repelling_minimum():
    """The problem newton-gauss-newton-repelled, symbolically and by runs."""
    x = sp.Symbol("x")
    for p, answer in TOPIC.draws("newton-gauss-newton-repelled"):
        m = p["m"]
        r1, r2 = x + 1, -m * x**2 + x - 1
        f = (r1**2 + r2**2) / 2
        step = (r1 * r1.diff(x) + r2 * r2.diff(x)) / (r1.diff(x) ** 2 + r2.diff(x) ** 2)
        assert f.diff(x).subs(x, 0) == 0
        assert f.diff(x, 2).subs(x, 0) == p["hess"] > 0
        assert 1 - step.diff(x).subs(x, 0) == -m
        assert r2.diff(x, 2) == -p["dbl"]
        assert 1 - p["best"] * step.diff(x).subs(x, 0) == 0
        assert step.diff(x).subs(x, 0) == p["plus"]
        move = sp.lambdify(x, step)
        for factor, shrinks in ((0.97, True), (1.03, False)):
            z = 1e-5
            for _ in range(60):
                z -= factor * float(answer) * move(z)
            assert (abs(z) < 1e-5) == shrinks
        assert p["lim"] == answer


def test_answers_on_division_without_dividing():
    """The problem newton-reciprocal, by the general formula of Newton's method."""
    for p, answer in TOPIC.draws("newton-reciprocal"):
        a = Fraction(int(p["a"]))

        def newton(x, a=a):
            return x - (a - 1 / x) / (1 / x**2)

        x0 = Fraction(str(p["start"]))
        thetas = [1 - a * x for x in (x0, newton(x0), newton(newton(x0)))]
        assert newton(newton(x0)) == Fraction(str(answer)) == Fraction(str(p["second"]))
        assert thetas[0] == Fraction(str(p["rest"]))
        assert thetas[1:] == [thetas[0] ** 2, thetas[0] ** 4]
        assert thetas[2] == Fraction(str(p["rest4"]))
        end = Fraction(str(p["end"]))
        assert newton(end) == 0
        assert newton(end * Fraction(99, 100)) > 0 > newton(end * Fraction(101, 100))
        assert newton(Fraction(str(p["target"]))) == Fraction(str(p["target"]))


def test_answers_on_a_weighted_center():
    """The problem newton-weighted-interval-center, symbolically and by minimization."""
    x = sp.Symbol("x")
    for p, answer in TOPIC.draws("newton-weighted-interval-center"):
        f = -p["a"] * sp.log(x) - p["b"] * sp.log(1 - x)
        half = sp.Rational(1, 2)
        first, second = f.diff(x).subs(x, half), f.diff(x, 2).subs(x, half)
        value = sp.lambdify(x, f)
        star = optimize.minimize_scalar(value, bounds=(1e-6, 1 - 1e-6), method="bounded")
        assert star.x == pytest.approx(float(p["center"]), abs=1e-5)
        assert (first, second) == (-p["slope"], p["four"])
        assert p["sum"] == p["a"] + p["b"]
        assert p["step"] == -first / second == p["center"] - half
        assert p["nusq"] == first**2 / second
        assert p["nu"] == sp.sqrt(p["nusq"]) == p["oneplus"] - 1
        assert answer == half + p["step"] / p["oneplus"] == p["damped"]
        drop = value(0.5) - value(float(answer))
        assert float(p["gain"]) == pytest.approx(omega(float(p["nu"])))
        assert value(0.5) - star.fun >= drop - 1e-12 >= float(p["gain"]) - 1e-9
