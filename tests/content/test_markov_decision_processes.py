"""The chapter on Markov decision processes and its problems: all numbers, recomputed."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp
from scipy.optimize import linprog

from tests.content.bank import Topic

TOPIC = Topic("markov-decision-processes")


class Process:
    """P of shape (actions, states, states), r of shape (actions, states), and the discount."""

    def __init__(self, P: np.ndarray, r: np.ndarray, gamma: float) -> None:
        self.P, self.r, self.gamma = np.asarray(P, float), np.asarray(r, float), gamma
        self.actions, self.n = self.r.shape

    def q(self, v: np.ndarray) -> np.ndarray:
        """The values of all actions, of shape (actions, states), if v follows."""
        return self.r + self.gamma * self.P @ v

    def T(self, v: np.ndarray) -> np.ndarray:
        return self.q(v).max(axis=0)

    def value(self, policy: np.ndarray) -> np.ndarray:
        """The value of a stationary policy, given by probabilities of shape (actions, states)."""
        P = np.einsum("as,ast->st", policy, self.P)
        r = np.sum(policy * self.r, axis=0)
        return np.linalg.solve(np.eye(self.n) - self.gamma * P, r)

    def occupancy(self, policy: np.ndarray, start: np.ndarray) -> np.ndarray:
        """The discounted frequencies, by summing over the times."""
        total, law, weight = np.zeros_like(policy), start.copy(), 1 - self.gamma
        while weight > 1e-15:
            pairs = policy * law
            total += weight * pairs
            law = np.einsum("as,ast->t", pairs, self.P)
            weight *= self.gamma
        return total

    def deterministic(self, chosen: tuple[int, ...]) -> np.ndarray:
        policy = np.zeros((self.actions, self.n))
        policy[list(chosen), np.arange(self.n)] = 1
        return policy

    def best(self) -> tuple[np.ndarray, tuple[int, ...]]:
        """The optimal value by trying all deterministic policies."""
        every = itertools.product(range(self.actions), repeat=self.n)
        values = {c: self.value(self.deterministic(c)) for c in every}
        chosen = max(values, key=lambda c: values[c].sum())
        return values[chosen], chosen


def sample(seed: int, n: int = 4, actions: int = 3, gamma: float = 0.8) -> Process:
    rng = np.random.default_rng(seed)
    P = rng.dirichlet(np.full(n, 0.5), (actions, n))
    return Process(P, rng.random((actions, n)), gamma)


def machine(cost: float, wear: float = 0.5, gamma: float = 0.8) -> Process:
    """Actions run, repair; states good, worn."""
    run = [[1 - wear, wear], [0, 1]]
    return Process([run, [[1, 0], [1, 0]]], [[1, 0], [-cost, -cost]], gamma)


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
    """prop-md-occupancy, def-md-occupancy; a policy that remembers the past included."""
    process = sample(1)
    rng = np.random.default_rng(2)
    start = rng.dirichlet(np.ones(4))
    policies = [rng.dirichlet(np.ones(3), 4).T for _ in range(60)]
    total, law = np.zeros((3, 4)), start
    for t in range(60):
        pairs = policies[t] * law
        total += 0.2 * 0.8**t * pairs
        law = np.einsum("as,ast->t", pairs, process.P)
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
    assert process.q(np.array([5 / 3, 0]))[1, 1] == pytest.approx(1 / 3)
    assert process.q(np.array([15 / 7, 5 / 7]))[1, 0] == pytest.approx(5 / 7)


def corridor(length: int, gamma: float) -> Process:
    """Actions towards the exit 0 and away from it."""
    P, r = np.zeros((2, length + 1, length + 1)), np.zeros((2, length + 1))
    P[:, 0, 0] = 1
    for k in range(1, length + 1):
        P[0, k, k - 1] = P[1, k, min(k + 1, length)] = 1
    r[0, 1] = 1
    return Process(P, r, gamma)


def improve(process: Process, policy: np.ndarray) -> np.ndarray:
    """One iteration of alg-md-pi; policy holds actions."""
    q = process.q(process.value(process.deterministic(tuple(policy))))
    kept = q[policy, np.arange(process.n)] >= q.max(axis=0) - 1e-12
    return np.where(kept, policy, q.argmax(axis=0))


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
    gap = occupancy.ravel() @ (rows @ v - process.r.ravel()) / 0.2
    assert gap == pytest.approx(start @ v - np.sum(occupancy * process.r) / 0.2)


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


def softmax(theta: np.ndarray) -> np.ndarray:
    weights = np.exp(theta - theta.max(axis=0))
    return weights / weights.sum(axis=0)


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


def hitting_time(gap: float, odds: float, goal: float) -> float:
    """When the gradient flow of a softmax policy with two actions reaches the odds goal."""

    def flow(_: float, theta: np.ndarray) -> np.ndarray:
        p = 1 / (1 + math.exp(theta[1] - theta[0]))
        return gap * p * (1 - p) * np.array([1, -1])

    def event(_: float, theta: np.ndarray) -> float:
        return theta[0] - theta[1] - math.log(goal)

    event.terminal = True  # type: ignore[attr-defined]
    begin = [math.log(odds), 0.0]
    run = solve_ivp(flow, (0, 1e5), begin, events=event, rtol=1e-9, atol=1e-10)
    return float(run.t_events[0][0])


def test_plateau_of_softmax() -> None:
    """ex-md-nonconcave."""
    assert hitting_time(1, 1 / 999, 1) == pytest.approx(506.4, abs=0.05)
    assert 0.5 * (999 - 1 / 999 + 2 * math.log(999)) == pytest.approx(506.4, abs=0.05)
    late = hitting_time(1, 1, 2000)
    assert 2 * late / (1 + 2000) == pytest.approx(1, rel=0.02)


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
