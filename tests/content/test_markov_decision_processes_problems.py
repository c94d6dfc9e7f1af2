"""The problems on Markov decision processes: answers and counterexamples, recomputed."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import linprog

from tests.content.bank import Topic
from tests.content.decision_processes import Process, hitting_time, machine, sample

TOPIC = Topic("markov-decision-processes")


def test_answers_on_repair() -> None:
    """The problem md-repair-threshold (thm-md-optimal)."""
    for p, answer in TOPIC.draws("md-repair-threshold"):
        wear, gamma, threshold = float(p["p"]), float(p["g"]), float(answer)
        assert machine(1, wear, gamma).value(np.array([[1, 1], [0, 0]]))[0] == pytest.approx(
            float(p["never"])
        )
        for cost, chosen in ((0.999 * threshold, (0, 1)), (1.001 * threshold, (0, 0))):
            process = machine(cost, wear, gamma)
            assert process.best()[1] == chosen
            value = process.value(process.deterministic((0, 1)))[0]
            assert value == pytest.approx((1 - float(p["slope"]) * cost) / float(p["den"]))


def test_answers_on_stopping_bounds() -> None:
    """The problem md-stopping-bounds (thm-md-stopping)."""
    for p, answer in TOPIC.draws("md-stopping-bounds"):
        R, B = float(p["R"]), float(p["B"])
        half = [0.5, 0.5]
        process = Process([[[1, 0], half], [[0, 1], half]], [[R, B], [0, B]], 0.5)
        u = process.T(np.zeros(2))
        w = process.T(u)
        assert u == pytest.approx([R, B])
        assert w == pytest.approx([float(p["w1"]), float(p["w2"])])
        assert process.q(u)[1, 0] > process.q(u)[0, 0]
        assert min(w - u) < max(w - u)
        assert [min(w - u), max(w - u)] == pytest.approx([float(p["lo"]), float(p["hi"])])
        assert process.best()[0] == pytest.approx([float(answer), float(p["v2"])])


def test_answers_on_occupancy() -> None:
    """The problem md-occupancy-two-states (prop-md-occupancy)."""
    for p, answer in TOPIC.draws("md-occupancy-two-states"):
        R, gamma, chance = (float(p[key]) for key in ("R", "g", "p"))
        P = [[[1, 0], [1, 0]], [[0, 1], [1, 0]]]
        process = Process(P, [[1, R], [0, R]], gamma)
        policy = np.array([[1 - chance, 1], [chance, 0]])
        found = process.occupancy(policy, np.array([1.0, 0.0])).sum(axis=0)
        assert found == pytest.approx([float(p["d1"]), float(p["d2"])])
        assert process.value(policy)[0] == pytest.approx(float(answer))
        assert process.best()[0][0] == pytest.approx(float(p["go"]))
        assert float(p["go"]) > float(answer) > float(p["stay"])
        flow = [[1 - gamma, 1, -gamma], [0, -gamma, 1]]
        for goal in np.random.default_rng(0).standard_normal((10, 3)):
            vertex = linprog(goal, A_eq=flow, b_eq=[1 - gamma, 0], method="highs-ds").x
            assert (vertex[0] > 1e-9) != (vertex[1] > 1e-9)


def test_answers_on_softmax_times() -> None:
    """The problem md-softmax-time (thm-md-domination)."""
    for p, answer in TOPIC.draws("md-softmax-time"):
        found = hitting_time(float(p["D"]), 1 / float(p["m"]), float(p["n"]))
        assert found == pytest.approx(float(answer), rel=1e-4)


def test_answers_on_the_number_of_iterations() -> None:
    """The problem md-iterations-needed (lem-md-fixed)."""
    for p, answer in TOPIC.draws("md-iterations-needed"):
        h, m, k = int(p["h"]), int(p["m"]), int(answer)
        discount = sp.Rational(h - 1, h)
        assert h * discount**k <= sp.Rational(1, m) < h * discount ** (k - 1)
        assert k <= math.ceil(h * math.log(h * m))
        ones = sum(discount**t for t in range(k - 1))
        assert h - ones > sp.Rational(1, m)


def test_policies_need_not_improve_everywhere() -> None:
    """The problem md-improvement-everywhere, also without a tie."""
    gamma = 0.6
    for price in (0.0, gamma):
        P = [[[1, 0], [0, 1]], [[1, 0], [1, 0]]]
        process = Process(P, [[0, 0], [1, -price]], gamma)
        best, _ = process.best()
        assert np.all(best > 0)
        q = process.q(process.value(process.deterministic((0, 0))))
        assert q[1, 0] > q[0, 0]
        assert q[0, 1] - q[1, 1] == pytest.approx(price)
        assert process.value(process.deterministic((1, 0)))[1] == 0


def test_changes_of_the_rewards() -> None:
    """The problems md-reward-transformations and md-constant-reward-shift."""
    process, rng = sample(10), np.random.default_rng(10)
    shift = rng.standard_normal(4)
    shaped = Process(process.P, process.r + 0.8 * process.P @ shift - shift, 0.8)
    raised = Process(process.P, process.r + 2, 0.8)
    for chosen in itertools.product(range(3), repeat=4):
        policy = process.deterministic(chosen)
        value = process.value(policy)
        assert shaped.value(policy) == pytest.approx(value - shift)
        assert raised.value(policy) == pytest.approx(value + 10)
    for power, first in ((1, 1), (2, 0)):
        P = [[[0, 1, 0], [0, 1, 0], [0, 0, 1]], [[0, 0, 1], [0, 1, 0], [0, 0, 1]]]
        r = np.array([[3, 0, 2], [2, 0, 2]]) ** power
        assert Process(P, r, 0.5).best()[1][0] == first


@pytest.mark.parametrize("seed", range(5))
def test_wrong_models(seed: int) -> None:
    """The problem md-simulation-lemma, with its example of the constant."""
    right, other = sample(seed), sample(seed + 100)
    wrong = Process(0.9 * right.P + 0.1 * other.P, right.r, 0.8)
    beta = np.abs(wrong.P - right.P).sum(axis=2).max()
    rng = np.random.default_rng(seed)
    for policy in rng.dirichlet(np.ones(3), (10, 4)).transpose(0, 2, 1):
        error = np.abs(wrong.value(policy) - right.value(policy)).max()
        assert error <= 0.8 * beta / (2 * 0.04)
    loss = right.best()[0] - right.value(right.deterministic(wrong.best()[1]))
    assert loss.max() <= 0.8 * beta / 0.04
    gamma, beta = 0.5 + 0.1 * seed, 1e-6
    stay, leave = (
        Process([[[1 - chance, chance], [0, 1]]], [[1, 0]], gamma).best()[0][0]
        for chance in (0, beta / 2)
    )
    assert (stay - leave) / beta == pytest.approx(gamma / (2 * (1 - gamma) ** 2), rel=1e-3)


def test_optimal_value_as_a_function_of_rewards() -> None:
    """The problem md-convex-in-rewards: subgradient, derivative, dependence on the discount."""
    process, rng = sample(11), np.random.default_rng(11)
    start = rng.dirichlet(np.ones(4))
    best, chosen = process.best()
    slope = process.occupancy(process.deterministic(chosen), start) / 0.2
    for _ in range(20):
        step = rng.standard_normal((3, 4))
        after = start @ Process(process.P, process.r + step, 0.8).best()[0]
        assert after >= start @ best + np.sum(slope * step) - 1e-10
        assert abs(after - start @ best) <= np.abs(step).max() / 0.2
    pair = (chosen[0], 0)
    step = np.zeros((3, 4))
    step[pair] = 1e-6
    rise = start @ (Process(process.P, process.r + step, 0.8).best()[0] - best)
    assert rise / 1e-6 == pytest.approx(slope[pair], rel=1e-4)
    for later in (0.81, 0.9, 0.99):
        rise = start @ (Process(process.P, process.r, later).best()[0] - best)
        assert 0 <= rise <= (later - 0.8) / (0.2 * (1 - later))
