"""Small decision processes for the tests: values, occupancies, and the gradient flow."""

from __future__ import annotations

import itertools
import math

import numpy as np
from scipy.integrate import solve_ivp


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


def softmax(theta: np.ndarray) -> np.ndarray:
    weights = np.exp(theta - theta.max(axis=0))
    return weights / weights.sum(axis=0)


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
