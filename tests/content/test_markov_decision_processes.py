"""The chapter on Markov decision processes: its inequalities and all its numbers, recomputed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import linprog

from tests.content.decision_processes import (
    Process,
    corridor,
    hitting_time,
    improve,
    machine,
    sample,
    softmax,
)


def test_the_machine() -> None:
    """ex-md-machine, prop-md-evaluation."""
    run, mend = (0, 0), (0, 1)
    for cost in (0.5, 1.0, 1.3, 1.4):
        process = machine(cost)
        never, repair = (process.value(process.deterministic(c)) for c in (run, mend))
        assert never == pytest.approx([5 / 3, 0])
        assert repair == pytest.approx([(25 - 10 * cost) / 7, (20 - 15 * cost) / 7])
        assert process.best()[1] == (mend if cost < 4 / 3 else run)
    series = sum(0.8**t * np.linalg.matrix_power(machine(1).P[0], t) for t in range(200))
    assert series.sum(axis=1) == pytest.approx([5, 5])
    assert series @ (np.eye(2) - 0.8 * machine(1).P[0]) == pytest.approx(np.eye(2))


def test_flow_equations() -> None:
    """prop-md-occupancy, def-md-occupancy: a policy that looks at the time and the last action."""
    process = sample(1)
    rng = np.random.default_rng(2)
    start = rng.dirichlet(np.ones(4))
    total, law = np.zeros((3, 4)), np.zeros((3, 4))
    law[0] = start
    for t in range(60):
        rule = rng.dirichlet(np.ones(3), (3, 4)).transpose(0, 2, 1)
        pairs = np.einsum("bs,bas->as", law, rule)
        total += 0.2 * 0.8**t * pairs
        law = np.einsum("as,ast->at", pairs, process.P)
    inflow = 0.2 * start + 0.8 * np.einsum("as,ast->t", total, process.P)
    assert total.sum(axis=0) == pytest.approx(inflow, abs=1e-5)
    stationary = total / total.sum(axis=0)
    assert process.occupancy(stationary, start) == pytest.approx(total, abs=1e-5)
    assert start @ process.value(stationary) == pytest.approx(
        np.sum(total * process.r) / 0.2, abs=1e-4
    )


@pytest.mark.parametrize("seed", range(5))
def test_optimality(seed: int) -> None:
    """thm-md-optimal, lem-md-contraction, eq-md-q."""
    process = sample(seed)
    best, chosen = process.best()
    assert process.T(best) == pytest.approx(best)
    rng = np.random.default_rng(seed)
    for _ in range(20):
        assert np.all(process.value(rng.dirichlet(np.ones(3), 4).T) <= best + 1e-12)
        v, w = 5 * rng.standard_normal((2, 4))
        gap = np.abs(v - w).max()
        assert np.abs(process.T(v) - process.T(w)).max() <= 0.8 * gap + 1e-12
        assert process.T(v + 3) == pytest.approx(process.T(v) + 2.4)
    assert tuple(process.q(best).argmax(axis=0)) == chosen


@pytest.mark.parametrize("seed", range(5))
def test_stopping_bounds(seed: int) -> None:
    """thm-md-stopping."""
    process = sample(seed)
    best, _ = process.best()
    u = 10 * np.random.default_rng(seed).standard_normal(4)
    for _ in range(12):
        w = process.T(u)
        low, high = (4 * f(w - u) for f in (np.min, np.max))
        policy = process.deterministic(tuple(process.q(u).argmax(axis=0)))
        value = process.value(policy)
        assert np.all(w + low <= value + 1e-10)
        assert np.all(value <= best + 1e-10)
        assert np.all(best <= w + high + 1e-10)
        u = w


def test_the_machine_by_both_iterations() -> None:
    """ex-md-machine-iterations."""
    process = machine(1)
    u = process.T(process.T(np.zeros(2)))
    w = process.T(u)
    assert u == pytest.approx([1.4, 0])
    assert w == pytest.approx([1.56, 0.12])
    assert w + 4 * min(w - u) == pytest.approx([2.04, 0.6])
    assert w + 4 * max(w - u) == pytest.approx([2.2, 0.76])
    assert tuple(process.q(u).argmax(axis=0)) == (0, 1)
    assert np.abs(process.best()[0] - w).max() == pytest.approx(0.594, abs=5e-4)
    assert process.q(np.array([5 / 3, 0]))[1, 1] == pytest.approx(1 / 3)
    assert process.q(np.array([15 / 7, 5 / 7]))[1, 0] == pytest.approx(5 / 7)


def test_the_corridor() -> None:
    """ex-md-corridor."""
    length, gamma = 6, 0.7
    process = corridor(length, gamma)
    v, policy = np.zeros(length + 1), np.ones(length + 1, int)
    for j in range(1, length + 1):
        v, policy = process.T(v), improve(process, policy)
        expected = [gamma ** (k - 1) if 1 <= k <= j else 0 for k in range(length + 1)]
        assert v == pytest.approx(expected)
        assert list(policy[1:]) == [0] * j + [1] * (length - j)
    assert list(improve(process, policy)) == list(policy)


@pytest.mark.parametrize("seed", range(5))
def test_policy_iteration(seed: int) -> None:
    """thm-md-pi: monotone, geometric, finite."""
    process = sample(seed, n=5, gamma=0.95)
    best, chosen = process.best()
    policy = np.zeros(5, int)
    first = value = process.value(process.deterministic(tuple(policy)))
    for k in range(1, 3**5):
        new = improve(process, policy)
        if np.array_equal(new, policy):
            break
        after = process.value(process.deterministic(tuple(new)))
        assert np.all(value <= process.T(value) + 1e-10)
        assert np.all(process.T(value) <= after + 1e-10)
        assert np.abs(best - after).max() <= 0.95**k * np.abs(best - first).max() + 1e-10
        policy, value = new, after
    assert tuple(policy) == chosen


def test_performance_difference() -> None:
    """lem-md-performance."""
    process, rng = sample(3), np.random.default_rng(3)
    start = rng.dirichlet(np.ones(4))
    old, new = rng.dirichlet(np.ones(3), (2, 4)).transpose(0, 2, 1)
    v = process.value(old)
    gain = np.sum(process.occupancy(new, start) * (process.q(v) - v)) / 0.2
    assert start @ (process.value(new) - v) == pytest.approx(gain)


def test_loss_of_greedy_policies() -> None:
    """thm-md-greedy on random values, and ex-md-greedy-tight."""
    rng = np.random.default_rng(4)
    for seed in range(5):
        process = sample(seed)
        best, _ = process.best()
        for eps in (0.05, 0.3, 1.0):
            v = best + eps * rng.choice([-1, 1], 4)
            q = process.q(best) + eps * rng.choice([-1, 1], (3, 4))
            for table, bound in ((process.q(v), 8 * eps), (q, 10 * eps)):
                policy = process.deterministic(tuple(table.argmax(axis=0)))
                assert np.all(best - process.value(policy) <= bound + 1e-12)
    gamma, eps = 0.99, 0.1
    for reward, loss in ((-2 * gamma * eps, 19.8), (-2 * eps, 20.0)):
        P = [[[1, 0], [0, 1]], [[0, 1], [0, 1]]]
        process = Process(P, [[reward, 0], [0, 0]], gamma)
        assert process.best()[0] == pytest.approx([0, 0])
        assert process.value(process.deterministic((0, 0)))[0] == pytest.approx(-loss)
        if loss == 19.8:
            q = process.q(np.array([eps, -eps]))
            assert q[0, 0] == pytest.approx(q[1, 0])


@pytest.mark.parametrize("seed", range(3))
def test_linear_program(seed: int) -> None:
    """thm-md-duality and eq-md-gap, with a general solver."""
    process = sample(seed)
    best, chosen = process.best()
    start = np.random.default_rng(seed).dirichlet(np.ones(4))
    rows = np.concatenate([np.eye(4) - 0.8 * process.P[a] for a in range(3)])
    primal = linprog(start, A_ub=-rows, b_ub=-process.r.ravel(), bounds=(None, None))
    assert primal.x == pytest.approx(best, abs=1e-7)
    dual = linprog(-process.r.ravel() / 0.2, A_eq=rows.T, b_eq=0.2 * start)
    assert -dual.fun == pytest.approx(start @ best)
    occupancy = process.occupancy(process.deterministic(chosen), start)
    assert dual.x == pytest.approx(occupancy.ravel(), abs=1e-7)
    v = best + 1
    slack = rows @ v - process.r.ravel()
    gap = occupancy.ravel() @ slack / 0.2
    assert gap == pytest.approx(start @ v - np.sum(occupancy * process.r) / 0.2)
    lazy = process.occupancy(np.full((3, 4), 1 / 3), start)
    loss = start @ best - np.sum(lazy * process.r) / 0.2
    assert lazy.ravel() @ slack < loss <= lazy.ravel() @ slack / 0.2


def test_extreme_points() -> None:
    """thm-md-duality, part 3, with a state that the start excludes and one that is never seen."""
    process, rng = sample(6), np.random.default_rng(6)
    process.P[:, :3, 3] = 0
    process.P /= process.P.sum(axis=2, keepdims=True)
    start = np.array([0.4, 0.6, 0, 0])
    rows = np.concatenate([np.eye(4) - 0.8 * process.P[a] for a in range(3)])
    for _ in range(30):
        cost = rng.standard_normal(12)
        vertex = linprog(cost, A_eq=rows.T, b_eq=0.2 * start, method="highs-ds").x.reshape(3, 4)
        assert list((vertex > 1e-9).sum(axis=0)) == [1, 1, 1, 0]
        policy = process.deterministic(tuple(vertex.argmax(axis=0)))
        assert process.occupancy(policy, start) == pytest.approx(vertex, abs=1e-8)


def test_plug_in_policy() -> None:
    """thm-md-plugin by simulation, and ex-md-sample-size."""
    process, rng = sample(5, gamma=0.5), np.random.default_rng(5)
    best, _ = process.best()
    N, delta, failures = 50, 0.1, 0
    width = math.sqrt(math.log(2 * 12 / delta) / (2 * N))
    for _ in range(200):
        counts = np.array([[rng.multinomial(N, row) for row in P] for P in process.P])
        guess = Process(counts / N, process.r, 0.5)
        v, chosen = guess.best()
        error = np.abs(guess.q(v) - process.q(best)).max()
        loss = (best - process.value(process.deterministic(chosen))).max()
        assert loss <= 2 * error / 0.5 + 1e-12
        failures += error > 0.5 / 0.25 * width
    assert failures <= 200 * delta
    assert math.log(16000) == pytest.approx(9.68, abs=0.005)
    assert 2 * 0.81 * 1e6 * math.log(16000) == pytest.approx(1.57e7, rel=0.005)


@pytest.mark.parametrize("seed", range(4))
def test_softmax_gradient(seed: int) -> None:
    """thm-md-gradient and eq-md-softmax by differences; the inequality of thm-md-domination."""
    process, rng = sample(seed), np.random.default_rng(seed)
    start = rng.dirichlet(np.ones(4))
    theta = 2 * rng.standard_normal((3, 4))
    policy = softmax(theta)
    v = process.value(policy)
    occupancy = process.occupancy(policy, start)
    gradient = occupancy * (process.q(v) - v) / 0.2
    for index in np.ndindex(3, 4):
        step = np.zeros((3, 4))
        step[index] = 1e-5
        ends = [start @ process.value(softmax(theta + s * step)) for s in (1, -1)]
        assert gradient[index] == pytest.approx((ends[0] - ends[1]) / 2e-5, abs=1e-7)
    best, chosen = process.best()
    ideal = process.occupancy(process.deterministic(chosen), start).sum(axis=0)
    ratio = occupancy.sum(axis=0) / ideal
    assert np.all(ratio >= 0.2 * start)
    smallest = min(policy[a, s] for s, a in enumerate(chosen))
    bound = ratio.min() * smallest * (start @ (best - v)) / 2
    assert np.linalg.norm(gradient) >= bound


def test_plateau_of_softmax() -> None:
    """ex-md-nonconcave."""
    assert hitting_time(1, 1 / 999, 1) == pytest.approx(506.4, abs=0.05)
    assert 0.5 * (999 - 1 / 999 + 2 * math.log(999)) == pytest.approx(506.4, abs=0.05)
    late = hitting_time(1, 1, 2000)
    assert 2 * late / (1 + 2000) == pytest.approx(1, rel=0.02)


def test_constraint_needs_chance_or_a_clock() -> None:
    """exr-md-constrained: acting at odd times only has the frequency 1/3."""
    assert sum(0.5 * 0.5**t for t in range(1, 60, 2)) == pytest.approx(1 / 3)
    process, rng = sample(7), np.random.default_rng(7)
    start = rng.dirichlet(np.ones(4))
    rows = np.concatenate([np.eye(4) - 0.8 * process.P[a] for a in range(3)])
    costs = rng.random((2, 12))
    free = linprog(-process.r.ravel(), A_eq=rows.T, b_eq=0.2 * start).x
    tight = linprog(
        -process.r.ravel(),
        A_ub=costs,
        b_ub=0.95 * costs @ free,
        A_eq=rows.T,
        b_eq=0.2 * start,
        method="highs-ds",
    )
    assert 4 < np.sum(tight.x > 1e-9) <= 6


def test_modified_policy_iteration() -> None:
    """exr-md-modified."""
    process = sample(8)
    best, _ = process.best()
    for m in (1, 2, 5):
        v = first = np.zeros(4)
        for k in range(15):
            assert np.all(process.T(v) >= v - 1e-12)
            assert np.abs(v - best).max() <= 0.8**k * np.abs(first - best).max() + 1e-12
            policy, after = process.q(v).argmax(axis=0), v
            for _ in range(m):
                after = process.q(after)[policy, np.arange(4)]
            assert np.all(after >= process.T(v) - 1e-12)
            v = after


@pytest.mark.parametrize("seed", range(5))
def test_gap_between_actions(seed: int) -> None:
    """exr-md-gap."""
    process = sample(seed)
    best, chosen = process.best()
    ordered = np.sort(process.q(best), axis=0)
    gap = (ordered[-1] - ordered[-2]).min()
    v = np.zeros(4)
    for _ in range(math.ceil(math.log(2 / (gap * 0.2)) / math.log(1 / 0.8))):
        v = process.T(v)
    assert tuple(process.q(v).argmax(axis=0)) == chosen
    signs = np.random.default_rng(seed).choice([-1, 1], (20, 4))
    for sign in signs:
        near = best + 0.999 * gap / 1.6 * sign
        assert tuple(process.q(near).argmax(axis=0)) == chosen


def test_natural_steps() -> None:
    """exr-md-npg."""
    process, rng = sample(9), np.random.default_rng(9)
    policy = rng.dirichlet(np.ones(3), 4).T
    v = process.value(policy)
    for rate in (0.1, 1, 10, 100):
        weights = policy * np.exp(rate * (process.q(v) - v))
        assert np.all(weights.sum(axis=0) >= 1)
        assert np.all(process.value(weights / weights.sum(axis=0)) >= v)


@pytest.mark.parametrize("gamma", [0.5, 0.9, 0.99])
def test_plateau_of_the_corridor(gamma: float) -> None:
    """exr-md-plateau, with the constant 3/4."""
    for length in (2, 5, 10):
        process = corridor(length, gamma)
        process.P[1, 1:] = np.eye(length + 1)[length]
        policy = np.full((2, length + 1), 0.5)
        start = np.eye(length + 1)[length]
        x = process.value(policy)
        assert x[length] <= 2.0**-length / (1 - gamma)
        assert np.all(x[1:] <= 2.0 ** -np.arange(1, length + 1) + x[length])
        slopes = process.occupancy(policy, start) * (process.q(x) - x) / (1 - gamma)
        assert np.abs(slopes).max() <= 0.75 * 2.0**-length / (1 - gamma) ** 2
