"""The problems on temporal differences and Q-learning: every answer, recomputed."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic
from tests.content.linear_values import off_policy

TOPIC = Topic("q-learning")


def test_answers_on_the_bias() -> None:
    """The problem ql-max-bias (prop-ql-bias), by enumeration of all tosses."""
    for p, answer in TOPIC.draws("ql-max-bias"):
        tosses = itertools.product((-1, 1), repeat=int(p["m"]))
        mean = p["c"] * sp.Rational(sum(max(t) for t in tosses), 2 ** int(p["m"]))
        assert mean == p["b"]
        x = 0.0
        for _ in range(400):
            x = float(p["g"]) * (x + float(mean))
        assert x == pytest.approx(float(answer))


def test_answers_on_thresholds() -> None:
    """The problem ql-offpolicy-threshold (prop-ql-divergence)."""
    for p, answer in TOPIC.draws("ql-offpolicy-threshold"):
        features = np.array([1.0, float(p["c"])])
        weights = np.array([float(p["p"]), 1 - float(p["p"])])
        threshold = float(answer)
        for gamma in (0.9 * threshold, threshold + 0.5 * (1 - threshold)):
            drift, factor = off_policy(features, weights, gamma)
            assert drift == pytest.approx(float(p["s"]) - float(p["t"]) * gamma)
            assert (drift < 0) == (factor > 1) == (gamma > threshold)
        assert off_policy(features, weights, threshold)[0] == pytest.approx(0, abs=1e-12)
        assert threshold < 1


def test_answers_on_the_projected_equation() -> None:
    """The problem ql-projected-equation (thm-ql-projected), by iterating the projection."""
    for p, answer in TOPIC.draws("ql-projected-equation"):
        gamma, r = float(p["g"]), np.array([float(p["R"]), 0])
        phi = np.array([1.0, float(p["c"])])
        v = np.zeros(2)
        for _ in range(200):
            v = r + gamma * v.mean()
        assert v == pytest.approx([float(p["v1"]), float(p["v2"])])
        theta = 0.0
        for _ in range(300):
            theta = phi @ (r + gamma * np.mean(phi * theta)) / (phi @ phi)
        assert theta == pytest.approx(float(answer))
        projection = phi @ v / (phi @ phi)
        for found, coefficient, key in (("theta", theta, "etd"), ("proj", projection, "epr")):
            assert coefficient == pytest.approx(float(p[found]))
            assert np.mean((coefficient * phi - v) ** 2) == pytest.approx(float(p[key]))
        assert p["etd"] / p["epr"] <= p["bound"]


def test_answers_on_updates() -> None:
    """The problem ql-updates-by-hand (alg-ql-qlearning)."""
    for p, answer in TOPIC.draws("ql-updates-by-hand"):
        q = {(s, a): sp.Integer(0) for s in (1, 2) for a in "ab"}
        half = sp.Rational(1, 2)
        path = [(1, "a", p["R"], 2), (2, "b", p["B"], 1), (1, "a", p["R"], 2)]
        for s, a, reward, following in path:
            target = reward + half * max(q[following, b] for b in "ab")
            q[s, a] += half * (target - q[s, a])
        assert q[1, "a"] == answer
        assert q[2, "b"] == p["q2"]
        total = sum(half**t * (p["R"] if t % 2 == 0 else p["B"]) for t in range(80))
        assert float(total) == pytest.approx(float(p["fix"]))


def test_answers_on_exploration() -> None:
    """The problem ql-exploration-time (ex-ql-no-exploration)."""
    for p, answer in TOPIC.draws("ql-exploration-time"):
        m, N, T = int(p["m"]), int(p["N"]), int(answer)
        t = np.arange(200000)
        assert np.prod(1 - 1.0 / (t + m) ** 2) == pytest.approx(float(p["never"]), abs=1e-4)
        missed = [math.prod(sp.Rational(m + j - 1, m + j) for j in range(n)) for n in (T - 1, T)]
        assert missed[1] <= sp.Rational(1, N) < missed[0]


def test_answers_on_rescaled_steps() -> None:
    """The problem ql-rescaled-steps (prop-ql-linear-step)."""
    for p, answer in TOPIC.draws("ql-rescaled-steps"):
        h, F = int(p["h"]), int(p["F"])
        error, k = sp.Integer(1), 0
        while error > sp.Rational(1, F):
            error *= 1 - sp.Rational(1, h) / (1 + sp.Rational(k, h))
            k += 1
        assert k == answer
        # The product of 1 - 1/(hj) over j <= k is k^(-1/h) / Gamma(1 - 1/h), up to O(1/k).
        slow = [1 / (root * math.gamma(1 - 1 / h)) for root in (float(p["base"]), F)]
        assert slow[1] <= 1 / F < slow[0]


def test_asynchronous_sweeps() -> None:
    """The problem ql-asynchronous-iteration: the corridor in both orders, and the bound."""
    gamma = 0.5
    for n in (1, 2, 5):
        best = [0.0] + [gamma ** (k - 1) for k in range(1, n + 1)]
        for order, needed in ((range(1, n + 1), 1), (range(n, 0, -1), n)):
            v, sweeps = [0.0] * (n + 1), 0
            while v != best:
                before = max(abs(a - b) for a, b in zip(v, best, strict=True))
                for k in order:
                    v[k] = max((k == 1) + gamma * v[k - 1], gamma * v[k])
                sweeps += 1
                assert max(abs(a - b) for a, b in zip(v, best, strict=True)) <= gamma * before
            assert sweeps == needed


def test_mean_path() -> None:
    """The problem ql-mean-path: one step, and the average."""
    rng = np.random.default_rng(11)
    n, gamma = 4, 0.8
    P = np.roll(np.eye(n), 1, axis=1) * 0.7 + 0.3 / n
    phi = rng.standard_normal((n, 2))
    phi /= np.linalg.norm(phi, axis=1).max()
    A = phi.T @ (np.eye(n) - gamma * P) @ phi / n
    ratio = (1 - gamma) / (1 + gamma)
    x, total = np.array([1.0, -2.0]), np.zeros(2)
    for K in range(1, 200):
        total += x
        after = x - ratio / (1 + gamma) * A @ x
        seen = np.mean((phi @ x) ** 2)
        assert after @ after <= x @ x - ratio**2 * seen + 1e-12
        assert np.linalg.norm(A @ x) <= (1 + gamma) * math.sqrt(seen) + 1e-12
        assert np.mean((phi @ total / K) ** 2) <= 5 / (ratio**2 * K)
        x = after
