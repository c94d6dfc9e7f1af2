"""The chapter on universal approximation: all numbers, recomputed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp
from scipy.special import expit

from tests.content.relu_networks import best_error, polygon, relu, trapezoid

X = np.linspace(0, 1, 20001)


def functions() -> list[tuple[Callable[[np.ndarray], np.ndarray], float]]:
    """Functions on [0, 1] with their Lipschitz constants."""
    return [
        (lambda x: np.abs(x - 1 / 3), 1.0),
        (lambda x: np.sin(7 * x), 7.0),
        (lambda x: 2 * np.abs(np.mod(5 * x, 1) - 0.5), 10.0),
    ]


def test_parameters():
    """ex-ua-parameters: parameters counted by the shapes of the layers."""

    def count(sizes: list[int]) -> int:
        return sum(np.ones((b, a)).size + b for a, b in itertools.pairwise(sizes))

    assert count([784, 100, 10]) == 79510
    for d, m, n in [(2, 3, 4), (10, 7, 5)]:
        assert count([d, m, 1]) == m * (d + 2) + 1
        assert count([d, m, n, 1]) == m * (d + 1) + n * (m + 1) + n + 1
    assert count([784, 100, 100]) - count([100, 100]) == 78500
    assert count([100, 100]) == 10100


@pytest.mark.parametrize("width", [2, 8, 50])
def test_staircases(width):
    """prop-ua-staircase, with the steepness chosen in the proof."""
    for activation, size, steep in [
        (expit, 1.0, 2 * width * math.log(width)),
        (lambda t: (t >= 0).astype(float), 1.0, 1.0),
        (lambda t: expit(t) + 3 * np.exp(-(t**2)), 3.6, 4 * width * math.log(4 * width)),
    ]:
        for g, lipschitz in functions():
            values = g(np.arange(width + 1) / width)
            middle = (2 * np.arange(1, width + 1) - 1) / (2 * width)
            f = values[0] + activation(steep * (X[:, None] - middle)) @ np.diff(values)
            assert np.max(np.abs(f - g(X))) <= (2 + size) * lipschitz / width


@pytest.mark.parametrize("width", [1, 3, 16, 61])
def test_interpolation(width):
    """thm-ua-interpolation: the three bounds, and the exact error of ex-ua-square."""
    knots = np.arange(width + 1) / width
    for g, lipschitz in functions():
        error = np.max(np.abs(polygon(g(knots), X) - g(X)))
        assert error <= lipschitz / (2 * width) + 1e-12
    assert np.max(np.abs(polygon(np.sqrt(knots), X) - np.sqrt(X))) <= (2 * width) ** -0.5
    assert np.max(np.abs(polygon(np.sin(7 * knots), X) - np.sin(7 * X))) <= 49 / (8 * width**2)
    fine = np.linspace(0, 1, 2 * width + 1)
    square = polygon(knots**2, fine) - fine**2
    assert np.max(square) == pytest.approx(1 / (4 * width**2))
    assert np.min(square) >= -1e-12


def test_lower_bounds_in_one_dimension():
    """thm-ua-one-lower: best approximation of a zigzag with given knots, by linear programming."""
    rng = np.random.default_rng(0)
    x = np.linspace(0, 1, 241)
    for m in (1, 2, 3, 4):
        K = math.ceil(m / 2) + 1
        g = np.abs(x - np.rint(K * x) / K)
        bound = 1 / (4 * K)
        assert bound >= 1 / (2 * (m + 3))
        grids = [(np.arange(m) + 1) / (m + 1)] + [np.sort(rng.random(m)) for _ in range(6)]
        for knots in grids:
            columns = np.column_stack([np.ones_like(x), x, relu(x[:, None] - knots)])
            assert best_error(columns, g) >= bound - 0.003


def test_product_of_two_numbers():
    """ex-ua-square: 32 neurons for a product, with an error of at most 1/1024."""
    rng = np.random.default_rng(1)
    x, y = rng.random(4000), rng.random(4000)
    for width in (4, 16):
        k = np.arange(width + 1) / width
        plus = polygon((2 * k) ** 2, (x + y) / 2)
        minus = polygon((2 * k - 1) ** 2, (x - y + 1) / 2)
        error = np.max(np.abs((plus - minus) / 4 - x * y))
        assert 0.5 / (4 * width**2) < error <= 1 / (4 * width**2)
    assert 0.9e-3 < error < 1e-3


@pytest.mark.parametrize(("d", "delta"), [(1, 0.05), (2, 0.1), (3, 0.2)])
def test_three_layers(d, delta):
    """lem-ua-bump, thm-ua-three-layer: the network layer by layer, and the mean error."""
    rng = np.random.default_rng(2)
    x = rng.random((20000, d))
    direction = np.arange(1, d + 1)

    def g(x: np.ndarray) -> np.ndarray:
        return np.cos(x @ direction)

    eps = float(np.sum(direction)) * delta
    N = math.ceil(1 / (2 * delta))
    eta = min(0.5 / N, eps / (2 * d * N))
    strips = np.array([trapezoid(x, k / N, 1 / N, eta) for k in range(N)])
    f, overlap = np.zeros(len(x)), np.zeros(len(x))
    for cube in itertools.product(range(N), repeat=d):
        inside = sum(strips[k, :, i] for i, k in enumerate(cube)) - (d - 1)
        bump = relu(inside)
        overlap += bump > 1e-9
        f += g((np.array(cube) + 0.5) / N) * bump
    assert np.max(overlap) == 1
    assert np.max(np.abs(f)) <= 1 + 1e-9
    assert np.mean(np.abs(f - g(x))) <= 2 * eps
    frame = 1 - (1 - 2 * eta * N) ** d
    assert frame <= 2 * d * eta * N + 1e-12


def test_price_of_a_product():
    """ex-ua-price."""
    half = 10**-3 / 2
    N = math.ceil(1 / (2 * half / 2) - 1e-9)
    assert (N, 8 * N, N**2) == (2000, 16000, 4000000)
    assert math.ceil(1 / (2 * 0.1) - 1e-9) ** 10 == 9765625


def test_bernstein():
    """thm-ua-bernstein in two dimensions, for a Lipschitz function."""
    for n in (5, 20, 60):
        t = np.linspace(0, 1, 41)
        k = np.arange(n + 1)
        choose = np.array([math.comb(n, j) for j in k], dtype=float)
        basis = choose * t[:, None] ** k * (1 - t[:, None]) ** (n - k)
        node = k / n

        def g(x: np.ndarray, y: np.ndarray) -> np.ndarray:
            return np.abs(x - 0.5) + np.minimum(y, 0.3)

        value = basis @ g(node[:, None], node[None]) @ basis.T
        error = np.max(np.abs(value - g(t[:, None], t[None])))
        top = 0.8
        for delta in (0.05, 0.1, 0.3, 0.6):
            assert error <= 2 * delta + 2 * top / (2 * n * delta**2)
    assert error < 0.12


def test_cosines():
    """ex-ua-cosines and the product formula of thm-ua-cosine."""
    rng = np.random.default_rng(3)
    a, b = rng.standard_normal((2, 100))
    assert np.allclose(np.cos(a) * np.cos(b), (np.cos(a + b) + np.cos(a - b)) / 2)
    assert math.pi**2 / (2 * 71**2) < 1e-3 < math.pi**2 / (2 * 70**2)
    x, y = rng.random((2, 5000))
    N = 71
    k = np.arange(N + 1) / N
    plus = polygon(np.cos(2 * np.pi * k), (x + y) / 2)
    minus = polygon(np.cos(2 * np.pi * k - np.pi), (x - y + 1) / 2)
    error = np.abs((plus + minus) / 2 - np.cos(np.pi * x) * np.cos(np.pi * y))
    assert np.max(error) <= math.pi**2 / (2 * N**2)


def test_monomials_from_smooth_neurons():
    """lem-ua-smooth for the exponential and the sine; ex-ua-softplus."""
    t = np.linspace(-2, 2, 401)
    for k, h in itertools.product((1, 2, 3), (0.1, 0.02)):
        signs = [(-1) ** (k - j) * math.comb(k, j) for j in range(k + 1)]
        f = sum(s * np.exp(j * h * t) for j, s in enumerate(signs)) / h**k
        assert np.max(np.abs(f - t**k)) <= h * k * 2 ** (k + 1) * math.exp(2 * k)
        b = 0.4
        derivative = math.sin(b + k * math.pi / 2)
        f = sum(s * np.sin(j * h * t + b) for j, s in enumerate(signs)) / (h**k * derivative)
        assert np.max(np.abs(f - t**k)) <= h * k * 2 ** (k + 1) / abs(derivative)
    v = sp.symbols("v")
    fourth = v
    for _ in range(3):
        fourth = sp.diff(fourth, v) * v * (1 - v)
    assert sp.expand(fourth - v * (1 - v) * (1 - 6 * v * (1 - v))) == 0
    z = np.linspace(0, 0.25, 1001)
    assert np.min(z - 6 * z**2) == pytest.approx(-1 / 8)
    assert np.max(z - 6 * z**2) == pytest.approx(1 / 24, abs=1e-6)
    t = np.linspace(-1, 1, 201)
    h = 0.1
    f = 4 / h**2 * (np.logaddexp(0, h * t) + np.logaddexp(0, -h * t) - 2 * math.log(2))
    assert 3e-4 < np.max(np.abs(f - t**2)) <= h**2 / 24 < 4.2e-4
    assert 1 / 49**2 <= 4.2e-4 < 1 / 48**2


def test_alternating_functional():
    """thm-ua-leshno: differences annihilate polynomials, and the distance is at least 1."""
    rng = np.random.default_rng(4)
    for k in (1, 2, 5):
        signs = np.array([(-1) ** j * math.comb(k + 1, j) for j in range(k + 2)])
        nodes = np.arange(k + 2) / (k + 1)
        assert np.sum(np.abs(signs)) == 2 ** (k + 1)
        for _ in range(200):
            p = np.polynomial.Polynomial(rng.standard_normal(k + 1))
            assert abs(signs @ p(nodes)) < 1e-10
            assert np.max(np.abs(p(nodes) - (-1.0) ** np.arange(k + 2))) >= 1 - 1e-12


def test_leading_term_of_a_mollified_polynomial():
    """thm-ua-leshno: convolution keeps the degree and the leading coefficient."""
    t, y = sp.symbols("t y")
    kernel = sp.Rational(15, 16) * (1 - y**2) ** 2
    assert sp.integrate(kernel, (y, -1, 1)) == 1
    p = 3 * t**4 - t + 2
    smooth = sp.Poly(sp.integrate(sp.expand(p.subs(t, t - y) * kernel), (y, -1, 1)), t)
    assert (smooth.degree(), smooth.LC()) == (4, 3)


def test_kinks_have_the_same_size_everywhere():
    """thm-ua-support: the second difference far out along a hyperplane, and the normal form."""
    rng = np.random.default_rng(5)
    w, b, a = rng.standard_normal((6, 3)), rng.standard_normal(6), rng.standard_normal(6)
    w[1], b[1] = -2 * w[0], -2 * b[0]
    w[2] = 0.5 * w[0]

    def f(x: np.ndarray) -> float:
        return float(relu(w @ x + b) @ a)

    scale = np.linalg.norm(w[0])
    n = w[0] / scale
    alpha = (a[0] * scale + a[1] * 2 * scale) / 2
    v = np.cross(n, rng.standard_normal(3))
    for s in (1e3, 1e5):
        x = -b[0] / scale * n + s * v
        t = 0.01
        second = f(x + t * n) - 2 * f(x) + f(x - t * n)
        assert second == pytest.approx(2 * alpha * t, abs=1e-6)


def test_indicator_of_an_interval():
    """ex-ua-indicator."""
    x = (np.arange(600000) + 0.5) / 600000
    g = (np.abs(x - 0.5) <= 1 / 6).astype(float)
    for eta, p in itertools.product((0.01, 0.1), (1, 2, 3)):
        f = trapezoid(x, 1 / 3, 1 / 3, eta)
        assert np.mean(np.abs(f - g) ** p) == pytest.approx(2 * eta / (p + 1), rel=1e-3)
    for eta in (0.01, 0.1):
        rise = np.clip((x - 1 / 3 + eta) / (2 * eta), 0, 1)
        f = rise - np.clip((x - 2 / 3 + eta) / (2 * eta), 0, 1)
        assert np.mean((f - g) ** 2) == pytest.approx(eta / 3, rel=1e-3)
        assert np.max(np.abs(f - g)) == pytest.approx(1 / 2, abs=1e-3)
    assert round(1 / (2 * 3e-4)) == 1667
    eta = 1.5e-4
    assert math.isclose(2 * eta / 3, 1e-4)
    assert round(1 / eta) == 6667


def test_bits():
    """thm-ua-bits: the family is Lipschitz and separated."""
    rng = np.random.default_rng(6)
    M, N, d = 3.0, 4, 2

    def member(signs: np.ndarray, x: np.ndarray) -> np.ndarray:
        cell = np.minimum((N * x).astype(int), N - 1)
        edge = np.minimum(x - cell / N, (cell + 1) / N - x).min(axis=1)
        return signs[tuple(cell.T)] * M * edge

    first = rng.choice([-1, 1], (N,) * d)
    x, y = rng.random((2, 20000, d))
    y[:10000] = np.clip(x[:10000] + 0.1 * rng.standard_normal((10000, d)), 0, 1)
    gap = np.max(np.abs(x - y), axis=1)
    assert np.all(np.abs(member(first, x) - member(first, y)) <= M * gap + 1e-12)
    second = first.copy()
    second[1, 2] *= -1
    centre = (np.array([[1, 2]]) + 0.5) / N
    assert abs(member(first, centre) - member(second, centre))[0] == pytest.approx(M / N)
    for eps in (0.01, 0.05, 0.3, 1.0, 1.4):
        size = math.ceil(M / (2 * eps)) - 1
        assert size >= 1
        assert M / size > 2 * eps


def test_interpolation_of_data():
    """prop-ua-memorize: n - 1 neurons reproduce n values in several dimensions."""
    rng = np.random.default_rng(7)
    points, labels = rng.random((12, 5)), rng.choice([-1.0, 1.0], 12)
    v = rng.standard_normal(5)
    order = np.argsort(points @ v)
    t, y = (points @ v)[order], labels[order]
    kinks = np.diff(np.diff(y) / np.diff(t), prepend=0)
    f = y[0] + relu((points @ v)[:, None] - t[:-1]) @ kinks
    assert len(kinks) == 11
    assert f == pytest.approx(labels, abs=1e-6)


def test_many_ridges():
    """exr-ua-many-ridges."""
    for N, r in itertools.product((3, 10, 40), (1.0, 2.5, 9.0)):
        u = np.pi * np.arange(N) / N
        for phi in np.linspace(0, 2 * np.pi, 101):
            values = relu(1 - np.abs(r * np.cos(u - phi)))
            assert np.count_nonzero(values > 1e-12) <= N / r + 1
            assert np.mean(values) <= 1 / r + 1 / N


def test_slow_approximation():
    """prop-ua-no-rate: on the interval I_m a network of width m has an error of at least eps_m."""
    rng = np.random.default_rng(8)
    for m in (1, 2, 4):
        x = np.linspace(2.0**-m, 2.0 ** (1 - m), 24 * (m + 1) + 1)
        heights = np.tile([0.0, 2.0], m + 2)[: 2 * m + 3]
        g = np.interp(x, x[::12], heights)
        for knots in rng.uniform(x[0], x[-1], (5, m)):
            columns = np.column_stack([np.ones_like(x), x, relu(x[:, None] - knots)])
            assert best_error(columns, g) >= 1 - 1e-7


def test_hats_on_triangles():
    """exr-ua-uniform: a partition of unity, one at its own point of the grid, and the error."""
    N = 6
    grid = np.arange(N + 1)
    fine = np.arange(4 * N + 1) / (4 * N)
    u = N * fine[:, None, None, None] - grid[:, None]
    v = N * fine[:, None, None] - grid
    hats = relu(1 - np.maximum(0, np.maximum(u, v)) + np.minimum(0, np.minimum(u, v)))
    assert hats.sum(axis=(2, 3)) == pytest.approx(1)
    assert np.array_equal(hats[::4, ::4], np.eye((N + 1) ** 2).reshape((N + 1,) * 4))

    def g(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.sin(3 * x + 2 * y)

    f = np.sum(hats * g(grid[:, None] / N, grid / N), axis=(2, 3))
    assert np.max(np.abs(f - g(fine[:, None], fine))) <= 5 / N


def test_better_knots():
    """exr-ua-knots: knots at the quantiles of the root of the second derivative."""
    shift, N = 1e-3, 200
    level = np.linspace(shift**0.25, (1 + shift) ** 0.25, N + 1)
    error = {}
    for name, knots in [("even", np.linspace(0, 1, N + 1)), ("better", level**4 - shift)]:
        x = np.concatenate([np.linspace(a, b, 41) for a, b in itertools.pairwise(knots)])
        f = np.interp(x, knots, np.sqrt(knots + shift))
        error[name] = np.max(np.abs(f - np.sqrt(x + shift)))
    integral = 2 * ((1 + shift) ** 0.25 - shift**0.25)
    assert error["better"] == pytest.approx(integral**2 / (8 * N**2), rel=0.05)
    assert error["even"] > 50 * error["better"]
