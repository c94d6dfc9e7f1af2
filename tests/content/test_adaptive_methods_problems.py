"""The problems of the bank on adaptive methods: all answers, recomputed."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from tests.content.adaptive_runs import adam
from tests.content.bank import Topic

TOPIC = Topic("adaptive-methods")


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
        assert float(answer) == pytest.approx(root * 2 * np.sqrt(np.sum(g**2, axis=0)).sum())
        assert float(p["ogd"]) == pytest.approx(math.sqrt(2) * spread * worst)
        assert float(p["mean"]) == pytest.approx(root * spread * math.sqrt(np.sum(g**2)))
        assert answer <= p["mean"]


def test_answers_on_adam():
    """The problems am-adam-two-steps and am-no-bias-correction (def-am-adam)."""
    for p, answer in TOPIC.draws("am-adam-two-steps"):
        assert answer != 0
        assert p["b"] > 2  # otherwise both displacements in the first part are the same
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
        assert a > 1  # a = 1 is twice the function of ex-am-cosh
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
    # alg-nesterov, where x_k - x_{k-1} has the factor (k - 1) / (k + 2)
    before = now = y = 0.4
    for k in range(12):
        following = y - 0.1 * math.sin(y)
        momentum = (k - 1) / (k + 2) * (now - before)
        assert y == pytest.approx(now + momentum)
        before, now = now, following
        y = now + k / (k + 3) * (now - before)


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
