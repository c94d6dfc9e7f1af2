"""The problems on architectures and symmetries: every draw, recomputed by another route."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic
from tests.content.equivariant_layers import circulant, commutant, diameter, reach, softmax

TOPIC = Topic("network-architectures")


def test_answers_on_receptive_fields() -> None:
    """The problem ar-receptive-field (prop-ar-receptive)."""
    for p, answer in TOPIC.draws("ar-receptive-field"):
        layers = [(int(p["a"]), 2), (3, 2)] + [(3, 1)] * int(p["L"])
        assert len(reach(layers, 0)) == answer
        assert min(reach(layers, 1)) - min(reach(layers, 0)) == 4


def test_answers_on_retrieval() -> None:
    """The problem ar-retrieval-temperature (prop-ar-retrieval)."""
    for p, answer in TOPIC.draws("ar-retrieval-temperature"):
        n, m, beta = int(p["n"]), int(p["m"]), float(answer)
        weights = softmax(beta * np.eye(n)[0])
        assert weights[0] == pytest.approx(1 - 1 / m)
        assert softmax(0.99 * beta * np.eye(n)[0])[0] < 1 - 1 / m
        assert np.sum((weights - np.eye(n)[0]) ** 2) == pytest.approx(float(p["dist"]))


def test_answers_on_the_circular_filter() -> None:
    """The problem ar-circular-filter (thm-ar-dft)."""
    for p, answer in TOPIC.draws("ar-circular-filter"):
        a, b = float(p["a"]), float(p["b"])
        A = circulant(np.array([a, b, 0, 0, 0, b]))
        values = [a + 2 * b, a + b, a + b, a - b, a - b, a - 2 * b]
        assert np.allclose(np.sort(np.linalg.eigvalsh(A))[::-1], values)
        assert np.linalg.cond(A) == pytest.approx(float(answer))
        x = np.array([float(p["even"]), float(p["odd"])] * 3)
        assert np.allclose(A @ x, [2, 0, 2, 0, 2, 0])


def test_answers_on_learning_in_context() -> None:
    """The problem ar-incontext-layers (thm-ar-incontext)."""
    x = np.array([[1.0, 0], [0, 1], [1, 1], [2, 1]])
    for p, answer in TOPIC.draws("ar-incontext-layers"):
        t = np.array([float(p["p"]), float(p["q"]), float(p["r"]), 0])
        w = np.linalg.lstsq(x[:3], t[:3], rcond=None)[0]
        assert w @ x[3] == pytest.approx(float(p["limit"]))
        expected = [float((2 * p["p"] - p["q"] + p["r"]) / 3)]
        expected.append(float((2 * p["q"] - p["p"] + p["r"]) / 3))
        assert np.allclose(w, expected)
        t = t - x @ x[:3].T @ t[:3] / 3
        assert np.allclose(t, [float(p[k]) for k in ("t1", "t2", "t3", "t4")])
        t = t - x @ x[:3].T @ t[:3] / 3
        assert -t[3] == pytest.approx(float(answer))
        for _ in range(100):
            t = t - x @ x[:3].T @ t[:3] / 3
        assert -t[3] == pytest.approx(float(p["limit"]))


def test_answers_on_two_tokens() -> None:
    """The problem ar-two-tokens (thm-ar-collapse), and the curve in fig-ar-collapse."""
    for p, answer in TOPIC.draws("ar-two-tokens"):
        u = math.sqrt(math.log(int(p["c"])))
        X = np.array([[u], [-u]])
        P = softmax(X @ X.T)
        assert P[0, 1] == pytest.approx(1 / (int(p["c"]) ** 2 + 1))
        assert (P @ X)[:, 0] == pytest.approx([float(answer), -float(answer)])
        assert diameter(P @ X) == pytest.approx(2 * u * math.tanh((2 * u) ** 2 / 4))
        k, steps = int(p["k"]), int(p["l"])
        assert 3 ** (steps - 1) < k <= 3**steps
        v = sp.Rational(1, 10)
        for _ in range(steps):
            v = sp.N(v * sp.tanh(v**2), 30)
        assert v <= sp.Rational(1, 10**k)


def test_answers_on_the_jordan_memory() -> None:
    """The problem ar-jordan-memory (prop-ar-ssm)."""
    for p, answer in TOPIC.draws("ar-jordan-memory"):
        k, a = int(p["k"]), float(p["a"])
        A, h, K = np.array([[a, 1], [0, a]]), np.array([0.0, 1]), []
        for _ in range(1500):
            K.append(h[0])
            h = A @ h
        assert sum(K) == pytest.approx(float(answer))
        assert K[k - 1] == pytest.approx(K[k])
        assert max(K) == pytest.approx(K[k])


def test_answers_on_two_moments() -> None:
    """The problem ar-two-moments (thm-ar-deepsets), by brute force over integers."""
    for p, answer in TOPIC.draws("ar-two-moments"):
        c = int(p["c"])
        first = [c, 5 * c, 6 * c]
        found = [
            (y, z)
            for y, z in itertools.product(range(-50, 51), repeat=2)
            if y <= z
            and all(sum(x**k for x in first) == (2 * c) ** k + y**k + z**k for k in (1, 2))
        ]
        assert found == [(3 * c, 7 * c)]
        assert sum(x**3 for x in (2 * c, *found[0])) - sum(x**3 for x in first) == answer


def test_averaged_filters_and_dimension() -> None:
    """The problems ar-reflection-filters and ar-data-augmentation."""
    for n in (3, 4, 5, 6):
        S, J = np.roll(np.eye(n), 1, axis=0), np.eye(n)[[-i % n for i in range(n)]]
        assert commutant([S, J]) == n // 2 + 1
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((5, 4)), rng.standard_normal(5)
    group = [np.roll(np.eye(4), g, axis=0) for g in range(4)]
    X, Y = np.vstack([x @ g.T for g in group]), np.tile(y, 4)
    w = np.linalg.solve(X.T @ X + 0.3 * np.eye(4), X.T @ Y)
    assert np.allclose(w, w[0])
    mean = x @ np.full((4, 4), 0.25)
    v = np.linalg.solve(4 * mean.T @ mean + 0.3 * np.eye(4), 4 * mean.T @ y)
    assert np.allclose(v, w)
