"""The problems on continuous-time models, by other routes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, optimize

from tests.content.bank import Topic
from tests.content.trajectories import flow, solve

TOPIC = Topic("continuous-time")


def test_answers_on_limits_of_stability():
    """The problem euler-step-limit-coupled, by spectral radii."""
    for p, answer in TOPIC.draws("euler-step-limit-coupled"):
        h = np.array([[float(p["a"]), float(p["b"])], [float(p["b"]), float(p["a"])]])

        def radius(step, h=h):
            return np.abs(np.linalg.eigvals(np.eye(2) - step * h)).max()

        root = optimize.brentq(lambda step, radius=radius: radius(step) - 1, 0.15, 5)
        assert float(answer) == pytest.approx(root)
        assert p["limit"] == answer
        move = np.eye(2) - float(answer) * h
        assert move @ np.ones(2) == pytest.approx(-np.ones(2))
        for step in (0.1, 10.0):
            assert np.abs(np.linalg.eigvals(np.linalg.inv(np.eye(2) + step * h))).max() < 1


def test_answers_on_flow_and_ridge():
    """The problem flow-and-ridge-one-equation, by integration of the flow."""
    for p, answer in TOPIC.draws("flow-and-ridge-one-equation"):
        c, y, nu = np.array([float(p["a"]), float(p["b"])]), float(p["y"]), float(p["nu"])
        time = float(answer)
        ridge = np.linalg.solve(np.outer(c, c) + nu * np.eye(2), y * c)
        assert flow(lambda w, c=c, y=y: (c @ w - y) * c, np.zeros(2), np.array([time]))[
            0
        ] == pytest.approx(ridge, rel=1e-5)
        assert time < 1 / nu
        nearest = np.array([1, 0]) + np.linalg.pinv(c[None]) @ [y - c[0]]
        assert nearest == pytest.approx([float(p["p1"]), float(p["p2"])])
        assert float(p["s"]) == c @ c
        assert p["time"] == answer


def test_choices_on_two_modes():
    """The problem flow-exponent-two-modes, from the slope of the logarithm at late times."""
    for p, right, wrong in TOPIC.choices("flow-exponent-two-modes"):
        scale = np.array([float(p["a"]), float(p["b"])])
        path = flow(lambda x, s=scale: s * x, np.ones(2), np.array([3.0, 3.5]))
        values = np.log(path**2 @ scale / 2)
        assert float(right[0]) == pytest.approx((values[0] - values[1]) / 0.5, abs=1e-3)
        assert len({float(x[0]) for x in (right, *wrong)}) == 4


def test_answers_on_a_lower_bound_for_vanishing_friction():
    """The problem friction-worst-case-on-a-cone, by integration and numerical maximization."""
    for p, answer in TOPIC.draws("friction-worst-case-on-a-cone"):
        r = int(p["r"])
        end = solve(
            lambda s, z, r=r: [z[1], -r / s * z[1] - 1], [0, -1e-6 / (r + 1)], np.array([1.0]), 1e-6
        )[0, 0]
        assert end == pytest.approx(-1 / (2 * r + 2), rel=1e-5)
        best = optimize.minimize_scalar(
            lambda c, end=end: -c * (1 + c * end), bounds=(0, 50), method="bounded"
        )
        assert -best.fun == pytest.approx(float(answer), rel=1e-5)
        assert best.x == pytest.approx(r + 1, rel=1e-4)
        assert float(answer) <= (r - 1) ** 2 / 2
        assert p["C"] == answer


def test_answers_on_guaranteed_time():
    """The problem guaranteed-time-to-accuracy, on the extremal function and on another one."""
    for p, answer in TOPIC.draws("guaranteed-time-to-accuracy"):
        mu, target, time = 1 / float(p["m"]), 10.0 ** -int(p["q"]), float(answer)
        ends = flow(lambda x, mu=mu: mu * x, 1.0, np.array([0.99 * time, time]))[:, 0] ** 2
        assert ends[1] == pytest.approx(target, rel=1e-4)
        assert ends[0] > target * 1.01
        other = flow(lambda x, mu=mu: mu * x + mu * np.tanh(x), 1.0, np.array([time]))[0, 0]
        gap = other**2 / 2 + math.log(math.cosh(other))
        assert gap <= target * (1 / 2 + math.log(math.cosh(1)))
        assert p["T"] == answer


def test_choices_on_the_best_friction():
    """The problem heavy-ball-friction-choice, by eigenvalues of the first-order system."""
    for p, right, wrong in TOPIC.choices("heavy-ball-friction-choice"):

        def rate(friction, p=p):
            blocks = [
                [[0, 1], [-float(lam), -friction]]
                for lam in (p["lo"], (p["lo"] + p["hi"]) / 2, p["hi"])
            ]
            return -max(np.linalg.eigvals(block).real.max() for block in np.array(blocks))

        best = rate(float(right[0]))
        assert best == pytest.approx(float(p["m"]), rel=1e-6)
        assert all(rate(float(other[0])) < best - 0.1 for other in wrong)
        assert all(rate(x) < best for x in np.linspace(0.1, 30, 150) if abs(x - right[0]) > 1e-3)
        assert (p["lo"], p["hi"], p["wrong"]) == (p["m"] ** 2, p["M"] ** 2, 2 * p["lo"])


def test_answers_on_the_first_overshoot():
    """The problem underdamped-first-overshoot, by integration up to the first rest."""
    for p, answer in TOPIC.draws("underdamped-first-overshoot"):
        g, lam = float(p["g"]), float(p["lam"])

        def rest(_, z):
            return z[1]

        rest.terminal, rest.direction = True, 1
        found = integrate.solve_ivp(
            lambda _, z, g=g, lam=lam: [z[1], -2 * g * z[1] - lam * z[0]],
            (0, 5),
            [1.0, 0.0],
            events=rest,
            rtol=1e-10,
            atol=1e-12,
        )
        assert found.t[-1] == pytest.approx(math.pi / float(p["w"]), rel=1e-6)
        assert found.y[0, -1] < 0
        assert found.y[0, -1] ** 2 == pytest.approx(float(answer), rel=1e-5)
        assert p["frac"] == answer
