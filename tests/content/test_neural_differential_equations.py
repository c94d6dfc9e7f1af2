"""The chapter on deep learning for dynamical systems, recomputed."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp

from tests.content.flows import Array, euler, runge_kutta, two_gradients


def wavy(t: float, x: Array) -> Array:
    """A velocity field on the line with L = 3 and L' = 2."""
    return np.sin(3 * x + 1) + np.cos(2 * t)


def weighted(t: float, x: Array) -> Array:
    """A field with weights that depend on time: L = 2, and L' = 2 |y| at the point y."""
    return np.cos(2 * t) * x + np.maximum(x, 0)


def test_flows_keep_the_order() -> None:
    """thm-dy-flow, prop-dy-reflection."""
    x = np.linspace(-1, 1, 41)
    y = runge_kutta(wavy, x, 1.0, 400)
    ratio = np.diff(y) / np.diff(x)
    assert np.all(ratio >= math.exp(-3) - 1e-9) and np.all(ratio <= math.exp(3) + 1e-9)
    assert np.max(np.abs(y + x)) > 1
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


def test_euler_error_with_weights_in_time() -> None:
    """thm-dy-euler for a field that is Lipschitz in time along the trajectory only."""
    steps, x = 1000, np.array([0.8])
    path = [x]
    for k in range(steps):
        move = lambda t, z, s=k / steps: weighted(s + t, z)  # noqa: E731
        path.append(runge_kutta(move, path[-1], 1 / steps, 1))
    states = np.array(path)[:, 0]
    fast = max(abs(weighted(k / steps, states[k])) for k in range(steps + 1))
    for n in (10, 40):
        error = abs(euler(weighted, x, 1.0, n)[0] - states[-1])
        assert error <= (2 * fast + 2 * states.max()) / (2 * n) * (math.exp(2) - 1) / 2


def test_depth_in_numbers() -> None:
    """ex-dy-euler."""
    exact = 2 * math.atan(math.e * math.tan(0.5))
    ten = float(euler(lambda _, x: np.sin(x), np.array([1.0]), 1.0, 10)[0])
    assert exact == pytest.approx(1.9563, abs=5e-5)
    assert ten == pytest.approx(1.9511, abs=5e-5)
    bound = (math.e - 1) / 20
    assert bound == pytest.approx(0.086, abs=5e-4)
    assert 16 < bound / (exact - ten) < 17
    assert 1 < math.pi / 2 < exact


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


def test_two_gradients() -> None:
    """prop-dy-discretize, ex-dy-discretize."""
    for n, expected in [(4, (2, 0.684)), (100, (1.0204, 0.9804))]:
        theta, h = -2.0, 1 / n
        g = (1 + h * theta) ** (2 * n)
        first, second = two_gradients(theta, h, n)
        assert first == pytest.approx(g / (1 + h * theta))
        assert second == pytest.approx(g * (1 - (1 - (h * theta) ** 2) ** n) / (h * theta**2))
        assert (first / g, second / g) == pytest.approx(expected, abs=5e-4)
        assert 1 - h * theta**2 / 2 <= second / g <= 1


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
    runs, n = 500, 4000
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
    s = 3 * math.sqrt((1 - theta**2) / n)
    bound = 4 / 9 + (36 * 3 + 150 / (1 - theta**2)) / n
    assert np.mean(np.abs(error) > s) <= bound < 1


def test_random_walk() -> None:
    """exr-dy-unit-root: the means of V_n and M_n^2 over all signs of the noise, the identity."""
    n = 8
    noise = np.array(np.meshgrid(*[[-1, 1]] * n)).reshape(n, -1)
    x = np.vstack([np.zeros(noise.shape[1]), np.cumsum(noise, axis=0)])
    m = np.sum(x[:-1] * noise, axis=0)
    assert np.allclose(2 * m, x[-1] ** 2 - np.sum(noise**2, axis=0))
    assert np.mean(np.sum(x[:-1] ** 2, axis=0)) / n**2 == pytest.approx((1 - 1 / n) / 2)
    assert np.mean(m**2) == pytest.approx(n * (n - 1) / 2)


@pytest.mark.parametrize("rate", [-0.9, 0.9])
def test_error_growth(rate: float) -> None:
    """thm-dy-growth (b), eq-dy-growth: bound, and equality for linear fields."""
    eps, total = 0.01, 2.0
    bound = eps * (math.exp(rate * total) - 1) / rate
    exact = runge_kutta(lambda _, x: rate * x, np.array([1.0]), total, 400)
    model = runge_kutta(lambda _, x: rate * x + eps, np.array([1.0]), total, 400)
    assert float(abs(model - exact)[0]) == pytest.approx(bound, rel=1e-6)
    bent = lambda _, x: rate * x - x**3  # noqa: E731
    exact = runge_kutta(bent, np.array([1.0]), total, 400)
    model = runge_kutta(lambda t, x: bent(t, x) + eps * np.sin(9 * t), np.array([1.0]), total, 400)
    assert float(abs(model - exact)[0]) <= bound


def test_horizons() -> None:
    """ex-dy-horizon; ten times the accuracy gives less than log(10) / rate."""
    times = {eps: math.log(1 + 0.9 / eps) / 0.9 for eps in (1e-2, 1e-3, 1e-4)}
    assert (times[1e-2], times[1e-4]) == pytest.approx((5.01, 10.12), abs=5e-3)
    for eps, time in times.items():
        shifted = runge_kutta(lambda _, x, e=eps: 0.9 * x + e, np.array([0.0]), time, 2000)
        assert float(shifted[0]) == pytest.approx(1, rel=1e-6)
    assert times[1e-4] - times[1e-3] < math.log(10) / 0.9
    assert 1.11 < (1 - math.exp(-0.9 * 10)) / 0.9 < 10 / 9
    x = np.linspace(-3, 3, 61)
    pairs = np.subtract.outer(x, x)
    field = -(x**3) - x
    assert np.all(np.subtract.outer(field, field) * pairs <= -(pairs**2) + 1e-9)


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


def test_fitted_dictionary_without_invariance() -> None:
    """thm-dy-growth (a) for the matrix of ex-dy-koopman's last case, F(x) = x^2 and (x, x^2)."""

    def lift(x: Array) -> Array:
        return np.array([x, x**2])

    sample = np.linspace(0, 0.9, 10)
    a = lift(sample**2) @ np.linalg.pinv(lift(sample))
    path = [np.float64(0.9)]
    for _ in range(5):
        path.append(path[-1] ** 2)
    eps = max(np.linalg.norm(lift(x**2) - a @ lift(x)) for x in path)
    guess, norm = lift(path[0]), np.linalg.norm(a, 2)
    for k, x in enumerate(path):
        assert np.linalg.norm(guess - lift(x)) <= eps * sum(norm**j for j in range(k)) + 1e-12
        guess = a @ guess
    assert eps > 1e-3


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
    assert pytest.approx((9 / 11, 11 / 9)) == (1.8 / 2.2, 2.2 / 1.8)
    q, p, h = sp.symbols("q p h")
    new_p = p - h * sp.diff(sp.cos(q) + q**4, q)
    step = sp.Matrix([q + h * new_p, new_p])
    assert sp.simplify(step.jacobian([q, p]).det()) == 1
    angle = 2 * sp.asin(h / 2)  # exr-dy-modified
    assert sp.simplify(sp.cos(angle).rewrite(sp.sqrt) - (1 - h**2 / 2)) == 0
    assert sp.series(angle, h, 0, 4).removeO() == h + h**3 / 24


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
        spread = np.linalg.norm(np.eye(4) + h * k, 2) ** 2  # ex-dy-structure
        assert spread == pytest.approx(1 + h**2 * np.linalg.norm(k, 2) ** 2)


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
