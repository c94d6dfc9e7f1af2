"""The problems on gradient descent, by other routes."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from tests.content.bank import Topic
from tests.content.descents import descend, hessian, nesterov

TOPIC = Topic("gradient-descent")


def test_choices_on_accuracy_scaling():
    """The problem gd-accuracy-scaling, by counting iterations of both bounds."""

    def counts(eps):
        plain, fast = math.ceil(7 / (2 * eps)), 1
        while 14 / (fast + 1) ** 2 > eps:
            fast += 1
        assert 7 / (2 * plain) <= eps < 7 / (2 * (plain - 1))
        return np.array([plain, fast])

    for p, right, wrong in TOPIC.choices("gd-accuracy-scaling"):
        ratio = counts(1e-6 / float(p["F"])) / counts(1e-6)
        assert ratio == pytest.approx([float(value) for value in right], rel=2e-3)
        assert p["square"] == p["F"] ** 2
        assert right not in wrong


def test_answers_on_backtracking():
    """The problem gd-backtracking-first-step, by running the line search exactly."""
    for p, answer in TOPIC.draws("gd-backtracking-first-step"):
        m, x, step = Fraction(int(p["M"])), Fraction(3), Fraction(1)

        def f(x, m=m):
            return m / 2 * x * x

        def accepted(step, m=m, x=x, f=f):
            return f(x - step * m * x) <= f(x) - step * (m * x) ** 2 / 4

        while not accepted(step):
            step /= 2
        assert Fraction(str(answer)) == step == Fraction(str(p["acc"]))
        assert Fraction(str(p["fac"])) == (x - step * m * x) / x
        low, lim, twice, half = (Fraction(str(p[key])) for key in ("low", "lim", "twice", "halfM"))
        assert accepted(lim)
        assert not accepted(lim * Fraction(1001, 1000))
        assert low == 2 * Fraction(1, 2) * Fraction(3, 4) / m < step <= lim < twice == 2 * step
        assert half == f(1)


def test_answers_on_exact_line_search():
    """The problem gd-exact-line-search-zigzag, by exact arithmetic."""
    for p, answer in TOPIC.draws("gd-exact-line-search-zigzag"):
        g = Fraction(int(p["g"]))
        x = (g, Fraction(1))
        for k in range(6):
            v = (x[0], g * x[1])

            def slope(step, x=x, v=v, g=g):
                return -(v[0] * (x[0] - step * v[0]) + g * v[1] * (x[1] - step * v[1]))

            step = slope(0) / (slope(0) - slope(1))
            assert step == Fraction(str(p["step"])) == 2 / (g + 1)
            new = (x[0] - step * v[0], x[1] - step * v[1])
            ratio = (new[0] ** 2 + g * new[1] ** 2) / (x[0] ** 2 + g * x[1] ** 2)
            assert ratio == Fraction(str(answer)) == Fraction(str(p["qq"]))
            q = Fraction(str(p["q"])) ** (k + 1)
            assert new == (q * g, (-1) ** (k + 1) * q)
            x = new


def test_answers_on_the_condition_number():
    """The problem gd-logistic-condition-number, by differences of the gradient."""
    for p, answer in TOPIC.draws("gd-logistic-condition-number"):
        a, b, lam = (float(p[key]) for key in ("a", "b", "lam"))
        signed = np.array([[a, b], [-a, b]])

        def gradient(w, z=signed, lam=lam):
            return -(z.T @ (1 / (1 + np.exp(z @ w)))) / 2 + lam * w

        points = [
            np.zeros(2),
            *np.random.default_rng(0).standard_normal((60, 2)),
            np.array([15, 0]),
        ]
        spectra = np.array([np.linalg.eigvalsh(hessian(gradient, w)) for w in points])
        assert spectra[0, 1] == pytest.approx(float(p["big"]), rel=1e-6)
        assert spectra.max() <= float(p["big"]) * (1 + 1e-6)
        assert spectra.min() == pytest.approx(lam, rel=1e-6)
        assert float(answer) == pytest.approx(spectra.max() / spectra.min(), rel=1e-5)
        assert (p["aa"], p["bb"], p["kappa"]) == (p["a"] ** 2, p["b"] ** 2, answer)


def test_answers_on_nesterovs_method_by_hand():
    """The problem gd-nesterov-first-iterates, by the general algorithm in exact arithmetic."""
    for p, answer in TOPIC.draws("gd-nesterov-first-iterates"):
        big = Fraction(int(p["C"]))
        x = nesterov(lambda y: y, Fraction(1), big, 3)
        exact = {
            key: Fraction(str(p[key])) for key in ("r", "r2", "r3", "ytwo", "x3", "val", "bnd")
        }
        assert x[1:] == [exact["r"], exact["r2"], Fraction(str(answer))]
        assert exact["ytwo"] == x[2] + (x[2] - x[1]) / 4
        plain = descend(lambda y: y, Fraction(1), 1 / big, 3)
        assert 0 < x[3] == exact["x3"] < exact["r3"] == plain[3]
        assert x[3] ** 2 / 2 == exact["val"] <= exact["bnd"] == 2 * big / 4**2


def test_answers_on_ridge_iteration_counts():
    """The problem gd-ridge-iteration-counts (thm-gd-pl, cor-gd-restart), by counting."""
    rng = np.random.default_rng(2)
    x = rng.standard_normal((5, 8))
    for p, answer in TOPIC.draws("gd-ridge-iteration-counts"):
        design = x * math.sqrt(5 * float(p["S"])) / np.linalg.norm(x, 2)
        spectrum = np.linalg.eigvalsh(design.T @ design / 5 + float(p["lam"]) * np.eye(8))
        kappa = spectrum[-1] / spectrum[0]
        assert spectrum[-1] == pytest.approx(float(p["big"]))
        assert kappa == pytest.approx(float(p["kappa"]))
        assert float(p["eight"]) == pytest.approx(8 * kappa)
        plain = int(p["plain"])
        assert (1 - 1 / kappa) ** plain <= 1e-3
        assert math.exp(-plain / kappa) <= 1e-3 < math.exp(-(plain - 1) / kappa)
        n = next(n for n in range(1, 1000) if 4 * int(p["kappa"]) * 2 <= (n + 1) ** 2)
        rounds = next(r for r in range(1, 100) if 2**r >= 1000)
        assert (p["N"], answer, p["root"]) == (n, rounds * n, n + 1)
        assert p["total"] == answer


def test_answers_on_a_factorization():
    """The problem gd-scalar-factorization: the threshold by finite differences and by runs."""
    for p, answer in TOPIC.draws("gd-scalar-factorization"):
        m = int(p["m"])

        def gradient(x, m=m):
            return (x[0] * x[1] - m**2) * x[::-1]

        spectrum = np.linalg.eigvalsh(hessian(gradient, np.array([m, m], dtype=float)))
        assert spectrum == pytest.approx([0, float(p["mmm"])], abs=1e-4)
        saddle = np.linalg.eigvalsh(hessian(gradient, np.zeros(2)))
        assert saddle == pytest.approx([-float(p["mm"]), float(p["mm"])], rel=1e-5)
        assert float(answer) == pytest.approx(2 / spectrum[1], rel=1e-5)
        start = np.array([m + 1e-3, m + 1e-3])
        for factor in (0.9, 1.1):
            end = descend(gradient, start, factor * float(answer), 40)[-1]
            assert end[0] == end[1]
            assert (abs(end[0] - m) < 1e-3) == (factor < 1)
        assert p["thr"] == answer


def test_choices_on_the_step_size_threshold():
    """The problem gd-step-size-threshold, by spectral radii."""
    for p, right, wrong in TOPIC.choices("gd-step-size-threshold"):
        big = float(p["M"])
        others = [float(other[0]) for other in wrong[:2]] + [2.0]

        def radius(step, big=big):
            return np.abs(np.linalg.eigvals(np.eye(2) - step * np.diag([1, big]))).max()

        threshold = float(right[0])
        assert radius(threshold) == pytest.approx(1)
        assert radius(threshold * 0.999) < 1 < radius(threshold * 1.001)
        assert all(abs(other - threshold) > 1e-4 for other in others)
        assert radius(others[0] * 1.001) < 1 > radius(others[1] * 1.001)
        assert others[:2] == pytest.approx([1 / big, 2 / (1 + big)])
