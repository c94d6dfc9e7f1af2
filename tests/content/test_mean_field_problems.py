"""The problems on the mean-field regime: every draw, recomputed."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import quad, solve_ivp

from tests.content.bank import Topic
from tests.content.mean_field import INPUTS, LABELS, Array, circle_limit, flow

TOPIC = Topic("mean-field")


def test_doubled_network_computes_the_same():
    """The problem mf-invariant-subspaces: A = -I for tanh(a) tanh(w x), in the mean-field clock."""

    def network(theta: Array) -> Array:
        return np.tanh(theta[:, 0]) @ np.tanh(np.outer(theta[:, 1], INPUTS)) / len(theta)

    def field(theta: Array) -> Array:
        a, h = np.tanh(theta[:, 0]), np.tanh(np.outer(theta[:, 1], INPUTS))
        residual = (network(theta) - LABELS) / 5
        return -np.stack([(1 - a**2) * (h @ residual), a * ((1 - h**2) @ (INPUTS * residual))], 1)

    half = np.concatenate([np.random.default_rng(16).normal(size=(4, 2)), np.zeros((1, 2))])
    small = flow(half, 2.0, field)
    large = flow(np.concatenate([half, -half]), 2.0, field)
    assert network(large) == pytest.approx(network(small), abs=1e-6)
    assert np.abs(network(small) - network(half)).max() > 0.01
    assert np.all(small[4] == 0)


def test_answers_on_moving_three_neurons():
    """The problem mf-sorted-transport (prop-mf-sorted), by all permutations."""
    for p, answer in TOPIC.draws("mf-sorted-transport"):
        points, images = (0, 1, p["k"]), (p["h"], p["mid"], p["last"])

        def cost(c: sp.Expr, points=points, images=images) -> sp.Expr:
            return min(
                sum((a + c - b) ** 2 for a, b in zip(points, s, strict=True)) / sp.Integer(3)
                for s in itertools.permutations(images)
            )

        assert cost(sp.Integer(0)) == p["cost"]
        assert p["shift"] != 0
        assert cost(p["shift"]) == answer
        tries = [p["shift"] + sp.Rational(k, 10) for k in range(-30, 31)]
        assert min(cost(c) for c in tries) == answer


def test_answers_on_the_width():
    """The problem mf-width-for-excess (prop-mf-width), with two antipodal atoms."""
    for p, answer in TOPIC.draws("mf-width-for-excess"):
        q, n = int(p["q"]), 6
        up = sp.Rational(1, 2) + sp.Rational(1, 2 * q)
        mean = sum(
            sp.binomial(n, k) * up**k * (1 - up) ** (n - k)
            * (sp.Rational(2 * k - n, n) - sp.Rational(1, q)) ** 2 / 4
            for k in range(n + 1)
        )  # fmt: skip
        assert mean == p["r"] / n
        assert p["r"] / answer <= 1 / p["E"] < p["r"] / (answer - 1)


def test_answers_on_the_certificate():
    """The problem mf-certificate (thm-mf-optimality), by a grid of angles."""
    angle = np.linspace(0, 2 * math.pi, 100001)
    e = np.stack([np.cos(angle), np.sin(angle)])
    for p, answer in TOPIC.draws("mf-certificate"):
        y = np.array([float(p["a"]), float(p["c"])])
        risks = np.sum((e - y[:, None]) ** 2, axis=0) / 4
        assert float(answer) == pytest.approx(risks[0] - risks.min(), abs=1e-6)
        g = (np.array([1.0, 0.0]) - y) @ e / 2
        assert float(p["gap"]) == pytest.approx(g[0] - g.min(), abs=1e-6)
        assert p["gap"] >= answer > 0
        assert float(p["low"]) == pytest.approx(risks.min(), abs=1e-6)


def test_answers_on_the_gathering_time():
    """The problem mf-gathering-time (ex-mf-circle-solved)."""
    for p, answer in TOPIC.draws("mf-gathering-time"):
        value = quad(lambda u: 4 / ((1 - u) ** 2 * (1 + u)), 0, float(p["z"]))[0]
        assert float(answer) == pytest.approx(value)
        assert circle_limit(1.0, float(answer)) == pytest.approx(float(p["z"]), abs=1e-6)


def test_answers_on_quadratic_neurons():
    """The problem mf-quadratic-neurons (ex-mf-quadratic), by integration."""
    for p, answer in TOPIC.draws("mf-quadratic-neurons"):
        y, m0 = float(p["y"]), float(p["m0"])

        def logistic(t: float, m: Array, y: float = y) -> Array:
            return 2 * (y - m) * m

        end = solve_ivp(logistic, (0, float(answer)), [m0], rtol=1e-9, atol=1e-12).y[0, -1]
        assert end == pytest.approx(y / 2, rel=1e-5)
        end = solve_ivp(lambda t, m: -2 * m**2, (0, float(p["tz"])), [m0], rtol=1e-9, atol=1e-12).y[
            0, -1
        ]
        assert end == pytest.approx(m0 / float(p["r"]), rel=1e-5)


def test_answers_on_noisy_training():
    """The problem mf-langevin-one-number (thm-mf-sandwich), by quadrature."""
    t = np.linspace(-20, 20, 80001)
    dt = t[1] - t[0]
    for p, answer in TOPIC.draws("mf-langevin-one-number"):
        y, lam, k = float(p["y"]), float(p["L"]), float(p["k"])

        def energy(m: float, s: float, y: float = y, lam: float = lam) -> float:
            log = -((t - m) ** 2) / (2 * s) - math.log(2 * math.pi * s) / 2
            rho = np.exp(log)
            mean = np.sum(t * rho) * dt
            return (mean - y) ** 2 / 2 + np.sum((lam * t**2 / 2 + log) * rho) * dt

        low = energy(float(p["mstar"]), 1 / lam)
        assert energy(0.0, k / lam) - low == pytest.approx(float(answer), rel=1e-6)
        near = [energy(float(p["mstar"]) + u, v / lam) for u in (-0.1, 0.1) for v in (0.9, 1.1)]
        assert low < min(near)


def test_answers_on_three_scalings():
    """The problem mf-wider-in-three-scalings (thm-mf-scaling)."""
    for p, _ in TOPIC.draws("mf-wider-in-three-scalings"):
        for gamma, factor in ((1, 1), (sp.Rational(3, 4), p["b"]), (sp.Rational(1, 2), p["sq"])):
            assert sp.simplify(p["F"] ** (1 - gamma) - factor) == 0


def test_particles_with_linear_forces():
    """The problem mf-chaos-by-hand: three particles by enumeration of the starts."""
    a, c, t, n = 0.7, 0.4, 1.3, 3
    generator = -(a + c) * np.eye(n) + c * np.ones((n, n)) / n
    values, vectors = np.linalg.eigh(generator)
    propagator = vectors @ np.diag(np.exp(values * t)) @ vectors.T
    starts = np.array(list(itertools.product((1.0, 3.0), repeat=n)))
    ends = starts @ propagator
    ideal = 2 * math.exp(-a * t) + math.exp(-(a + c) * t) * (starts - 2)
    found = np.mean((ends[:, 0] - ideal[:, 0]) ** 2)
    assert found == pytest.approx(math.exp(-2 * a * t) * (1 - math.exp(-c * t)) ** 2 / n)
    cov = np.cov(ends.T, bias=True)[0, 1]
    assert cov == pytest.approx((math.exp(-2 * a * t) - math.exp(-2 * (a + c) * t)) / n)
