"""The problems of the chapter on deep learning for dynamical systems, recomputed."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic
from tests.content.flows import runge_kutta, two_gradients

TOPIC = Topic("neural-differential-equations")


def test_problem_prediction_horizon() -> None:
    """dy-prediction-horizon: all draws, by exact iteration of the worst case."""
    for values, answer in TOPIC.draws("dy-prediction-horizon"):
        factor, eps = values["L"], sp.Integer(10) ** -values["a"]
        k, error = 0, sp.Integer(0)
        while factor * error + eps <= 1:
            error, k = factor * error + eps, k + 1
        assert k == answer
        contraction = 1 - 1 / values["m"]
        error = sp.Integer(0)
        for _ in range(60):
            error = contraction * error + eps
        assert error < values["limit"] < error * (1 + sp.Rational(1, 10**5))


def test_problem_two_gradients() -> None:
    """dy-two-gradients: all draws, by the recursions."""
    for values, answer in TOPIC.draws("dy-two-gradients"):
        first, second = two_gradients(float(values["u"]), 1.0, int(values["N"]))
        assert first == pytest.approx(float(values["first"]))
        assert second / first == pytest.approx(float(answer))


def test_problem_koopman_triangular() -> None:
    """dy-koopman-triangular: all draws, eigenfunction and orbit by direct iteration."""
    for values, answer in TOPIC.draws("dy-koopman-triangular"):
        alpha, beta, c = values["alpha"], values["beta"], values["c"]

        def law(x: sp.Expr, y: sp.Expr, p: tuple = (alpha, beta, c)) -> tuple[sp.Expr, sp.Expr]:
            return p[0] * x, p[1] * y + p[2] * x**2

        x, y = sp.symbols("x y")
        new = law(x, y)
        phi = y + answer * x**2
        assert sp.expand(phi.subs({x: new[0], y: new[1]}, simultaneous=True) - beta * phi) == 0
        point = (sp.Integer(1), sp.Integer(1))
        for _ in range(3):
            point = law(*point)
        assert point[1] == values["x3"]
        assert beta**3 * (1 + answer) - answer * alpha**6 == values["x3"]


def test_problem_logistic_density() -> None:
    """dy-logistic-density: all draws, by integrating the equation numerically."""
    for values, answer in TOPIC.draws("dy-logistic-density"):
        total = math.log(values["m"])
        ends = np.array([0.5 - 1e-4, 0.5 + 1e-4])
        start = runge_kutta(lambda _, x: -x * (1 - x), ends, total, 300)
        assert (start[1] - start[0]) / 2e-4 == pytest.approx(float(answer), rel=1e-5)
        y, m = sp.Symbol("y"), values["m"]
        density = m / (y + m * (1 - y)) ** 2
        assert density.subs(y, sp.Rational(1, 2)) == answer
        inverse = y / (y + m * (1 - y))
        assert (inverse.subs(y, 0), inverse.subs(y, 1)) == (0, 1)
        assert sp.together(sp.diff(inverse, y) - density).expand() == 0
        middle = runge_kutta(lambda _, x: x * (1 - x), np.array([0.5]), total, 300)
        assert float(middle[0]) == pytest.approx(float(values["mid"]))


def test_problem_symplectic_oscillator() -> None:
    """dy-symplectic-oscillator: all draws, by simulation of both methods."""
    for values, answer in TOPIC.draws("dy-symplectic-oscillator"):
        h = 1 / float(values["m"])
        q, p, radii = 1.0, 0.0, []
        for _ in range(3000):
            p -= h * q
            q += h * p
            radii.append(q * q + p * p)
        assert float(values["low"]) - 1e-9 <= min(radii)
        assert max(radii) <= float(answer) + 1e-9
        assert max(radii) == pytest.approx(float(answer), rel=1e-3)
        assert min(radii) == pytest.approx(float(values["low"]), rel=1e-3)
        q, p = 1.0, 0.0
        for _ in range(int(values["n"])):
            q, p = q + h * p, p - h * q
        assert q * q + p * p == pytest.approx(float(values["growth"]) ** int(values["n"]))


def test_problem_running_cost() -> None:
    """dy-running-cost: the scalar example, and the derivative for a varying parameter."""
    x, theta, total, t = sp.symbols("x theta T t", positive=True)
    cost = sp.integrate(x * sp.exp(-theta * t), (t, 0, total))
    a = (1 - sp.exp(-theta * (total - t))) / theta
    assert sp.simplify(sp.diff(a, t) - (theta * a - 1)) == 0
    gradient = -sp.integrate(sp.expand(x * sp.exp(-theta * t) * a), (t, 0, total))
    assert sp.simplify(sp.diff(cost, theta) - gradient) == 0

    def loss(s: float) -> float:
        v = lambda r, z: np.array([-(1 + r + s * math.cos(3 * r)) * z[0], z[0]])  # noqa: E731
        return float(runge_kutta(v, np.array([0.7, 0.0]), 1.0, 400)[1])

    grid = np.linspace(0, 1, 4001)
    x_path = 0.7 * np.exp(-grid - grid**2 / 2)
    left = np.concatenate([[0], np.cumsum((x_path[1:] + x_path[:-1]) / 2)]) / 4000
    weighted_adjoint = np.cos(3 * grid) * (left[-1] - left)  # X a is the integral of X from t on
    slope = -np.sum((weighted_adjoint[1:] + weighted_adjoint[:-1]) / 2) / 4000
    assert (loss(1e-4) - loss(-1e-4)) / 2e-4 == pytest.approx(slope, abs=1e-6)


def test_problem_invertible_layers() -> None:
    """dy-invertible-layers: the bounds for the determinant, and ten iterations."""
    rng = np.random.default_rng(4)
    for _ in range(50):
        b = rng.normal(size=(4, 4))
        b *= 0.7 / np.linalg.norm(b, 2)
        assert 0.3**4 <= np.linalg.det(np.eye(4) + b) <= 1.7**4
    w = rng.normal(size=(3, 3))
    w *= 0.5 / np.linalg.norm(w, 2)
    x = rng.normal(size=3)
    y = x + np.tanh(w @ x)
    z = y
    for _ in range(10):
        z = y - np.tanh(w @ z)
    assert np.linalg.norm(z - x) <= 1e-3 * np.linalg.norm(np.tanh(w @ x))
