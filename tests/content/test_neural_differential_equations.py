"""The chapter on deep learning for dynamical systems and its problems, recomputed."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic

TOPIC = Topic("neural-differential-equations")
Array = np.ndarray


def runge_kutta(v: Callable[[float, Array], Array], x: Array, total: float, steps: int) -> Array:
    h, x = total / steps, np.asarray(x, dtype=float)
    for k in range(steps):
        t = k * h
        a = v(t, x)
        b = v(t + h / 2, x + h * a / 2)
        c = v(t + h / 2, x + h * b / 2)
        x = x + h * (a + 2 * b + 2 * c + v(t + h, x + h * c)) / 6
    return x


def euler(v: Callable[[float, Array], Array], x: Array, total: float, steps: int) -> Array:
    h = total / steps
    for k in range(steps):
        x = x + h * v(k * h, x)
    return x


def wavy(t: float, x: Array) -> Array:
    """A velocity field on the line with L = 3 and L' = 2."""
    return np.sin(3 * x + 1) + np.cos(2 * t)


def test_flows_keep_the_order() -> None:
    """thm-dy-flow, prop-dy-reflection."""
    x = np.linspace(-1, 1, 41)
    y = runge_kutta(wavy, x, 1.0, 400)
    ratio = np.diff(y) / np.diff(x)
    assert np.all(ratio >= math.exp(-3) - 1e-9) and np.all(ratio <= math.exp(3) + 1e-9)
    assert np.max(np.abs(y + x)) >= 1
    back = runge_kutta(lambda t, z: -wavy(1 - t, z), y, 1.0, 400)
    assert np.allclose(back, x, atol=1e-8)


def test_augmentation() -> None:
    """prop-dy-augmentation."""
    turned = runge_kutta(lambda _, z: math.pi * np.array([-z[1], z[0]]), np.array([0.7, 0]), 1, 200)
    assert np.allclose(turned, [-0.7, 0], atol=1e-7)


def test_euler_error() -> None:
    """thm-dy-euler: the bound, and first order."""
    for x in (-0.8, 0.1, 0.9):
        exact = runge_kutta(wavy, np.array([x]), 1.0, 2000)
        errors = [float(abs(euler(wavy, np.array([x]), 1.0, n) - exact)[0]) for n in (20, 40, 80)]
        for n, error in zip((20, 40, 80), errors, strict=True):
            assert error <= (3 * 2 + 2) / (2 * n) * (math.exp(3) - 1) / 3
        assert 1.7 < errors[1] / errors[2] < 2.3


def test_depth_in_numbers() -> None:
    """ex-dy-euler."""
    exact = 2 * math.atan(math.e * math.tan(0.5))
    ten = float(euler(lambda _, x: np.sin(x), np.array([1.0]), 1.0, 10)[0])
    assert exact == pytest.approx(1.9563, abs=5e-5)
    assert ten == pytest.approx(1.9511, abs=5e-5)
    assert (math.e - 1) / 20 == pytest.approx(0.086, abs=5e-4)


def test_adjoint_gradient() -> None:
    """thm-dy-adjoint, lem-dy-sensitivity: x' = tanh(theta x) - x/2 with loss x(T)^2."""

    def final(x0: float, theta: float) -> float:
        v = lambda _, x: np.tanh(theta * x) - x / 2  # noqa: E731
        return float(runge_kutta(v, np.array([x0]), 1.0, 400)[0])

    x0, theta, n = 0.6, 1.3, 2000

    def slope(x: float) -> float:
        return 1 - math.tanh(theta * x) ** 2

    def joint(_: float, y: Array) -> Array:
        x, a, _g = y
        down = theta * slope(x) - 0.5
        return -np.array([math.tanh(theta * x) - x / 2, -down * a, -slope(x) * x * a])

    end = final(x0, theta)
    x, a, g = runge_kutta(joint, np.array([end, 2 * end, 0.0]), 1.0, n)
    assert x == pytest.approx(x0, abs=1e-8)
    d = 1e-5
    by_x = (final(x0 + d, theta) ** 2 - final(x0 - d, theta) ** 2) / (2 * d)
    by_theta = (final(x0, theta + d) ** 2 - final(x0, theta - d) ** 2) / (2 * d)
    assert a == pytest.approx(by_x, abs=1e-7)
    assert g == pytest.approx(by_theta, abs=1e-7)


def two_gradients(theta: float, h: float, n: int) -> tuple[float, float]:
    """Both derivatives of x_N^2/2 with x_0 = 1: by the recursion, and by backward steps."""
    x, dx = 1.0, 0.0
    for _ in range(n):
        x, dx = (1 + h * theta) * x, (1 + h * theta) * dx + h * x
    first, total, back, a = x * dx, 0.0, x, x
    for _ in range(n):
        total += h * a * back
        back, a = (1 - h * theta) * back, (1 + h * theta) * a
    assert back == pytest.approx((1 - (h * theta) ** 2) ** n)
    return first, total


def test_two_gradients() -> None:
    """prop-dy-discretize, ex-dy-discretize."""
    for n, expected in [(4, (2, 0.684)), (100, (1.0204, 0.9804))]:
        theta, h = -2.0, 1 / n
        g = (1 + h * theta) ** (2 * n)
        first, second = two_gradients(theta, h, n)
        assert first == pytest.approx(g / (1 + h * theta))
        assert second == pytest.approx(g * (1 - (1 - (h * theta) ** 2) ** n) / (h * theta**2))
        assert (first / g, second / g) == pytest.approx(expected, abs=5e-4)


def test_instantaneous_change_of_variables() -> None:
    """thm-dy-liouville in the plane, by the numerical Jacobian determinant."""

    def v(t: float, x: Array) -> Array:
        return np.array([np.sin(x[0] + 2 * x[1]), x[0] * np.cos(x[1]) + t])

    def extended(t: float, y: Array) -> Array:
        div = np.cos(y[0] + 2 * y[1]) - y[0] * np.sin(y[1])
        return np.append(v(t, y[:2]), div)

    x, d = np.array([0.3, -0.4]), 1e-5
    total = runge_kutta(extended, np.append(x, 0), 1.0, 200)[2]
    columns = [
        (runge_kutta(v, x + e, 1.0, 200) - runge_kutta(v, x - e, 1.0, 200)) / (2 * d)
        for e in d * np.eye(2)
    ]
    assert math.log(np.linalg.det(np.array(columns))) == pytest.approx(total, abs=1e-6)


def test_random_traces() -> None:
    """prop-dy-trace, by enumeration of all signs."""
    rng = np.random.default_rng(0)
    a = rng.normal(size=(5, 5))
    signs = np.array(np.meshgrid(*[[-1, 1]] * 5)).reshape(5, -1)
    values = np.einsum("in,ij,jn->n", signs, a, signs)
    assert values.mean() == pytest.approx(np.trace(a))
    upper = np.triu(a + a.T, 1)
    assert values.var() == pytest.approx(np.sum(upper**2))


@pytest.mark.parametrize("theta", [0.0, 0.5, -0.9])
def test_autoregression(theta: float) -> None:
    """thm-dy-ar: the identity for the energy, the bound and the asymptotic variance."""
    rng = np.random.default_rng(1)
    runs, n = 2000, 600
    noise = rng.normal(size=(n, runs))
    x = np.zeros((n + 1, runs))
    for t in range(n):
        x[t + 1] = theta * x[t] + noise[t]
    v, m = np.sum(x[:-1] ** 2, axis=0), np.sum(x[:-1] * noise, axis=0)
    energy = np.sum(noise**2, axis=0) + 2 * theta * m - x[-1] ** 2
    assert np.allclose((1 - theta**2) * v, energy)
    assert np.mean(m**2) <= 1.1 * n / (1 - theta**2)
    error = np.sum(x[:-1] * x[1:], axis=0) / v - theta
    assert n * np.mean(error**2) == pytest.approx(1 - theta**2, rel=0.25)
    s = 3 * math.sqrt(1 / n)
    rest = (36 * 3 + 150 / (1 - theta**2)) / n
    assert np.mean(np.abs(error) > s) <= 4 * (1 - theta**2) / (n * s**2) + rest


@pytest.mark.parametrize("rate", [-0.9, 0.9])
def test_error_growth(rate: float) -> None:
    """thm-dy-growth, eq-dy-growth, ex-dy-horizon: bound, and equality for linear fields."""
    eps, total = 0.01, 2.0
    bound = eps * (math.exp(rate * total) - 1) / rate
    exact = runge_kutta(lambda _, x: rate * x, np.array([1.0]), total, 400)
    model = runge_kutta(lambda _, x: rate * x + eps, np.array([1.0]), total, 400)
    assert float(abs(model - exact)[0]) == pytest.approx(bound, rel=1e-6)
    bent = lambda _, x: rate * x - x**3  # noqa: E731
    exact = runge_kutta(bent, np.array([1.0]), total, 400)
    model = runge_kutta(lambda t, x: bent(t, x) + eps * np.sin(9 * t), np.array([1.0]), total, 400)
    assert float(abs(model - exact)[0]) <= bound
    for size, time in [(1e-2, 5.01), (1e-4, 10.12)]:
        assert math.log(1 + 0.9 / size) / 0.9 == pytest.approx(time, abs=5e-3)


def test_dynamic_mode_decomposition() -> None:
    """thm-dy-dmd, ex-dy-koopman, also for a rank-deficient set of states."""
    a = np.array([[0.9, 0, 0], [0, 0.5, 1], [0, 0, 0.81]])

    def law(x: Array) -> Array:
        return np.array([0.9 * x[0], 0.5 * x[1] + x[0] ** 2])

    def lift(x: Array) -> Array:
        return np.array([x[0], x[1], x[0] ** 2])

    rng = np.random.default_rng(2)
    x = rng.normal(size=(2, 7))
    assert np.allclose(lift(law(x)) @ np.linalg.pinv(lift(x)), a)
    w = np.array([0, 1, -1 / 0.31])
    assert np.allclose(w @ a, 0.5 * w)
    assert np.allclose(w @ lift(law(x)), 0.5 * w @ lift(x))
    x[0] = 0
    fitted = lift(law(x)) @ np.linalg.pinv(lift(x))
    assert not np.allclose(fitted, a)
    point = np.array([0.0, 3.0])
    twice = law(law(point))
    assert np.allclose(fitted @ fitted @ lift(point), lift(twice))


def test_symplectic_euler() -> None:
    """thm-dy-hamiltonian, eq-dy-symplectic, ex-dy-structure."""
    for h in (0.2, 1.0, 1.7):
        q, p = 0.6, -1.1
        start, invariant = q * q + p * p, p * p + q * q - h * p * q
        for _ in range(500):
            p -= h * q
            q += h * p
            assert p * p + q * q - h * p * q == pytest.approx(invariant)
            r = (p * p + q * q) / start
            assert (2 - h) / (2 + h) - 1e-9 <= r <= (2 + h) / (2 - h) + 1e-9
    assert pytest.approx(4.80, abs=5e-3) == 1.04**40
    assert pytest.approx((0.818, 1.222), abs=5e-4) == (1.8 / 2.2, 2.2 / 1.8)
    q, p, h = sp.symbols("q p h")
    new_p = p - h * sp.diff(sp.cos(q) + q**4, q)
    step = sp.Matrix([q + h * new_p, new_p])
    assert sp.simplify(step.jacobian([q, p]).det()) == 1


def test_stable_layers() -> None:
    """thm-dy-stable (a): one-sided constant and nonexpansive layers."""
    rng = np.random.default_rng(3)
    for _ in range(50):
        w, b, k = rng.normal(size=(6, 4)), rng.normal(size=6), rng.normal(size=(4, 4))
        k, gamma = k - k.T, rng.random()
        x, y = rng.normal(size=(2, 4))

        def layer(z: Array, w: Array = w, b: Array = b) -> Array:
            return -w.T @ np.maximum(w @ z + b, 0)

        drift = layer(x) - layer(y) + k @ (x - y) - gamma * (x - y)
        assert drift @ (x - y) <= -gamma * np.sum((x - y) ** 2) + 1e-9
        h = 2 / np.linalg.norm(w, 2) ** 2
        moved = np.linalg.norm(x + h * layer(x) - y - h * layer(y))
        assert moved <= np.linalg.norm(x - y) + 1e-9


def test_corrected_field_decays() -> None:
    """thm-dy-stable (b): V = |x|^2 along a corrected unstable field."""
    alpha = 0.8

    def v(_: float, x: Array) -> Array:
        v0 = np.array([x[0] + 2 * x[1], np.sin(x[0]) + x[1]])
        grad = 2 * x
        excess = max(0.0, grad @ v0 + alpha * (x @ x))
        return v0 - excess * grad / (grad @ grad)

    x = np.array([1.0, 0.5])
    end = runge_kutta(v, x, 2.0, 800)
    assert end @ end <= math.exp(-alpha * 2) * (x @ x) * (1 + 1e-6)


def test_problem_prediction_horizon() -> None:
    """dy-prediction-horizon: all draws, by exact iteration of the worst case."""
    for values, answer in TOPIC.draws("dy-prediction-horizon"):
        factor, eps = values["L"], sp.Integer(10) ** -values["a"]
        k, error = 0, sp.Integer(0)
        while factor * error + eps <= 1:
            error, k = factor * error + eps, k + 1
        assert k == answer
        assert eps / (1 - (1 - 1 / values["m"])) == values["limit"]


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


def test_problem_logistic_density() -> None:
    """dy-logistic-density: all draws, by integrating the equation numerically."""
    for values, answer in TOPIC.draws("dy-logistic-density"):
        total = math.log(values["m"])
        ends = np.array([0.5 - 1e-4, 0.5 + 1e-4])
        start = runge_kutta(lambda _, x: -x * (1 - x), ends, total, 300)
        assert (start[1] - start[0]) / 2e-4 == pytest.approx(float(answer), rel=1e-5)
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
        assert max(radii) == pytest.approx(float(answer), rel=0.03)
        q, p = 1.0, 0.0
        for _ in range(int(values["n"])):
            q, p = q + h * p, p - h * q
        assert q * q + p * p == pytest.approx(float(values["growth"]) ** int(values["n"]))


def test_problem_running_cost() -> None:
    """dy-running-cost: the scalar example, and the adjoint for a varying parameter."""
    x, theta, total, t = sp.symbols("x theta T t", positive=True)
    cost = sp.integrate(x * sp.exp(-theta * t), (t, 0, total))
    a = (1 - sp.exp(-theta * (total - t))) / theta
    assert sp.simplify(sp.diff(a, t) - (theta * a - 1)) == 0
    gradient = -sp.integrate(sp.expand(x * sp.exp(-theta * t) * a), (t, 0, total))
    assert sp.simplify(sp.diff(cost, theta) - gradient) == 0


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
