"""The problems on noisy dynamics: every answer, recomputed by another route."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import dblquad, quad, solve_ivp

from tests.content.bank import Topic
from tests.content.lyapunov import stationary

TOPIC = Topic("noisy-dynamics")


def test_answers_on_the_cloud() -> None:
    """The problem nd-two-direction-covariance (thm-nd-stationary)."""
    for p, answer in TOPIC.draws("nd-two-direction-covariance"):
        b, c = float(p["b"]), float(p["c"])
        found = stationary(np.diag([1.0, b]), np.array([[1, c / 4], [c / 4, 1]]), 1 / b)
        assert found[0, 0] == pytest.approx(float(p["v11"]))
        assert found[1, 1] == pytest.approx(float(p["v22"]))
        assert found[0, 1] == pytest.approx(c / (4 * b**2))
        assert (found[0, 0] + b * found[1, 1]) / 2 == pytest.approx(float(answer))


def test_answers_on_the_langevin_algorithm() -> None:
    """The problem nd-langevin-variance (ex-nd-gaussian-bias)."""
    for p, answer in TOPIC.draws("nd-langevin-variance"):
        lam, step, variance = p["lam"], p["step"], sp.Integer(0)
        for _ in range(int(p["k"])):
            variance = (1 - lam * step) ** 2 * variance + 2 * step
        assert sp.simplify(variance - answer) == 0
        assert 2 * step / (1 - (1 - lam * step) ** 2) == p["target"]
        assert p["target"] == (1 + 1 / p["p"]) / lam
        assert 1 - lam * step == p["rate"]


def test_answers_on_the_slope() -> None:
    """The problem nd-exit-with-slope (thm-nd-exit)."""
    for p, answer in TOPIC.draws("nd-exit-with-slope"):
        n, tau = float(p["n"]), float(p["tau"])
        value = dblquad(lambda z, y, n=n: math.exp(n * (y - z)), 0, 1, 0, lambda y: y)[0]
        assert value / tau == pytest.approx(float(answer), rel=1e-7)


def test_answers_on_the_three_clocks() -> None:
    """The problem nd-modified-speed (thm-nd-modified)."""
    for p, answer in TOPIC.draws("nd-modified-speed"):
        lam, step, x = float(p["lam"]), float(p["alpha"]), 1.0
        for _ in range(int(p["m"])):
            x -= step * lam * x

        def field(_: float, y: np.ndarray, lam: float = lam, step: float = step) -> np.ndarray:
            return -lam * y - step / 2 * lam**2 * y

        y = solve_ivp(field, (0, 1 / lam), [1.0], rtol=1e-10, atol=1e-12).y[0, -1]
        assert x / y == pytest.approx(float(answer), rel=1e-7)
        assert x == pytest.approx(float(p["gdval"]))
        assert x < y < math.exp(-1)


def test_answers_on_momentum() -> None:
    """The problem nd-momentum-variance: the covariance of (x_k, x_{k-1}) by iteration."""
    for p, answer in TOPIC.draws("nd-momentum-variance"):
        lam, beta, step = (float(p[key]) for key in ("lam", "beta", "alpha"))
        m = np.array([[1 + beta - step * lam, -beta], [1.0, 0.0]])
        c = np.zeros((2, 2))
        for _ in range(400):
            c = m @ c @ m.T + np.diag([step**2, 0.0])
        assert c[0, 0] == pytest.approx(float(answer))
        plain = stationary(np.array([[lam]]), np.eye(1), step)[0, 0]
        assert plain == pytest.approx(float(p["plain"]))


def test_answers_on_two_examples() -> None:
    """The problem nd-shuffled-pair (thm-nd-shuffling): both orders, and all four draws."""
    al = sp.Symbol("al")
    for p, answer in TOPIC.draws("nd-shuffled-pair"):
        maps = [
            lambda x, p=p: x - al * p["a"] * x,
            lambda x, p=p: x - al * p["b"] * (x + p["c"]),
        ]
        ends = {(i, j): maps[j](maps[i](sp.Integer(0))) for i in (0, 1) for j in (0, 1)}
        shuffled = sp.expand((ends[0, 1] + ends[1, 0]) / 2)
        replaced = sp.expand(sum(ends.values()) / 4)
        assert shuffled.coeff(al, 2) == answer
        assert shuffled.coeff(al, 1) == replaced.coeff(al, 1) == -p["b"] * p["c"]
        assert replaced.coeff(al, 2) == (p["a"] + p["b"]) * p["b"] * p["c"] / 4


def test_answers_on_powers_with_noise() -> None:
    """The problem nd-noisy-inputs-power (prop-nd-input-noise), by differences of moments."""
    for p, answer in TOPIC.draws("nd-noisy-inputs-power"):
        t, e, z = sp.symbols("t e z")
        loss = sp.expand((t * (p["a"] + e * z) ** p["p"] - p["y"]) ** 2 / 2)
        second = sp.expand(2 * loss.coeff(e, 2).coeff(z, 2))
        assert second.coeff(t, 2) == answer
        assert second.coeff(t, 1) == -p["lin"]
        assert answer - p["grad2"] == p["lin"] / p["y"] * p["a"] ** p["p"]


def test_random_walk_formula() -> None:
    """The problem nd-random-walk-exit: the formula against the linear system."""
    rng = np.random.default_rng(0)
    v, n, tau = rng.standard_normal(7), 6, 0.5
    weight = np.exp(-v / tau)
    up = np.array([min(1.0, weight[i + 1] / weight[i]) / 2 for i in range(n)])
    down = np.array([0.0] + [up[i - 1] * weight[i - 1] / weight[i] for i in range(1, n)])
    matrix = np.diag(up + down) - np.diag(up[:-1], 1) - np.diag(down[1:], -1)
    m = np.linalg.solve(matrix, np.ones(n))
    terms = np.cumsum(weight)[:n] / weight[:n] / up
    assert m == pytest.approx(np.cumsum(terms[::-1])[::-1])


def test_random_walk_at_low_temperature() -> None:
    """The problem nd-random-walk-exit, last part: bounds with the greatest climb on the way."""
    v, n = np.array([0.0, 1.0, 0.3, 1.6, -0.5, 0.9, 1.7]), 6
    climb = max(v[j] - v[k] for j in range(n + 1) for k in range(j + 1))
    for tau in (0.5, 0.25):
        up = np.minimum(1, np.exp((v[:-1] - v[1:]) / tau)) / 2
        down = np.append(0.0, np.minimum(1, np.exp((v[1:] - v[:-1]) / tau)) / 2)
        weight = np.exp(-v / tau)
        assert weight[:-1] * up == pytest.approx(weight[1:] * down[1:])
        assert np.all(np.append(up, 0) + down <= 1)
        matrix = np.diag(up + down[:-1]) - np.diag(up[:-1], 1) - np.diag(down[1:-1], -1)
        m = np.linalg.solve(matrix, np.ones(n))[0]
        assert 2 * math.exp(climb / tau) <= m <= n * (n + 1) * math.exp(climb / tau)


def test_two_layers_from_the_axis() -> None:
    """The problem nd-flow-shares-limit: contraction of the residual, loss of imbalance."""
    for step in (0.1, 0.03):
        u, v = 2.0, 0.0
        for k in range(400):
            r = u * v - 1
            u, v = u - step * r * v, v - step * r * u
            if abs(r) > 1e-6:
                factor = (u * v - 1) / r
                assert 0 < factor <= 1 - 4 * step + 1e-9
                assert k > 0 or factor == pytest.approx(1 - 4 * step)
        assert u * v == pytest.approx(1)
        assert 0 < u**2 - v**2 <= 4 * (1 - step**2)


def test_gaussian_relaxation() -> None:
    """The problem nd-gaussian-relaxation: divergence and Fisher information by quadrature."""
    s, m, v = 0.6, 0.8, 1.3

    def p(x: float) -> float:
        return math.exp(-((x - m) ** 2) / (2 * v)) / math.sqrt(2 * math.pi * v)

    def log_ratio(x: float) -> float:
        return -((x - m) ** 2) / (2 * v) + x**2 / (2 * s) - math.log(v / s) / 2

    w = v / s
    divergence = quad(lambda x: p(x) * log_ratio(x), -12, 12)[0]
    assert divergence == pytest.approx((w - 1 - math.log(w) + m**2 / s) / 2)
    fisher = quad(lambda x: p(x) * (x / s - (x - m) / v) ** 2, -12, 12)[0]
    assert fisher == pytest.approx(((w - 1) ** 2 / w + m**2 / s) / s)
    assert divergence <= s / 2 * fisher
