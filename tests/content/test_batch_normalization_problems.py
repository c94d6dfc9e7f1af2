"""The problems on batch normalization, by other routes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.content.bank import Topic
from tests.content.normalized import gradient, normalize, quotient

TOPIC = Topic("normalization-and-dropout")


def test_problem_batch_gradient():
    """bd-batch-gradient: differences instead of the formula."""
    for values, answer in TOPIC.draws("bd-batch-gradient"):
        s, c, g, p = (float(values[key]) for key in "scgp")
        z = np.array([c + s, c + s, c - s, c - s])

        def loss(z, g=g, p=p):
            return g * float(p * normalize(z)[0] + normalize(z)[2])

        found = gradient(loss, z)
        assert np.linalg.norm(found) == pytest.approx(float(answer), rel=1e-6)
        assert np.allclose(found[[0, 2]], [float(values["first"]), float(values["third"])])


def test_problem_norm_equilibrium():
    """bd-norm-equilibrium: the recursion, iterated."""
    for values, answer in TOPIC.draws("bd-norm-equilibrium"):
        e, decay, G = (float(values[key]) for key in "elG")
        eta, decay, n = 1 / e, 1 / decay, 1.0
        for _ in range(8000):
            n = (1 - eta * decay) ** 2 * n + eta**2 * G**2 / n
        assert n == pytest.approx(float(answer), rel=1e-6)
        assert eta / n == pytest.approx(float(values["eff"]), rel=1e-6)
        tangent = eta * G / n / (1 - eta * decay)
        assert tangent == pytest.approx(float(values["tan"]), rel=1e-6)


def test_problem_growing_steps():
    """bd-growing-steps: both iterations have the same directions."""
    f, g = quotient(np.diag([2.0, 1.0, 0.0]))
    w = v = np.array([0.5, -1.0, 0.4])
    eta, decay = 0.7, 0.1
    for k in range(20):
        assert f(v) == pytest.approx(f(w), abs=1e-9)
        assert np.allclose(v, w / (1 - eta * decay) ** k, rtol=1e-8)
        w = (1 - eta * decay) * w - eta * g(w)
        v = v - eta * (1 - eta * decay) ** (-2 * k - 1) * g(v)


def test_problem_monotone_loss():
    """bd-monotone-loss: the counterexample, with its numbers."""
    f, g = quotient(np.diag([0.0, 1.0]))
    w = np.array([2.0, 1.0]) / math.sqrt(5)
    new = w - 5 * g(w)
    assert np.allclose(new * math.sqrt(5), [6, -7])
    assert f(w) == pytest.approx(1 / 5)
    assert f(new) == pytest.approx(49 / 85)
    assert f(w - 1e6 * g(w)) == pytest.approx(4 / 5, rel=1e-5)


def test_problem_which_change():
    """bd-which-change: each of the four choices, on a batch of three."""
    rng = np.random.default_rng(19)
    W, X, b = rng.normal(size=(2, 4)), rng.normal(size=(4, 3)), rng.normal(size=(2, 1))
    other = X * [1, 1, 2]
    single = np.array([[3.0], [1.0]])
    plain = np.apply_along_axis(normalize, 1, W @ X + b)
    changes = [W @ other + b, W @ X, single * (W @ X + b), W @ X / 5 + b]
    seen = [np.apply_along_axis(normalize, 1, Z)[:, :2] for Z in changes]
    assert [not np.allclose(Z, plain[:, :2]) for Z in seen] == [True, False, False, False]
