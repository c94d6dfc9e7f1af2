"""The chapter on the benefits of depth and its problems: accuracy, memory, many variables."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic
from tests.content.depth_networks import Layers, relu, run, size, zigzag

TOPIC = Topic("depth-separation")


def square_network(k: int) -> Layers:
    """S_k of prop-ds-square, layer by layer."""
    layers: Layers = [
        (np.array([[1.0], [-1], [1], [-1]]), np.array([0, 0, -0.5, -0.5])),
    ]
    tooth, rest = np.array([2.0, 2, -4, -4]), np.array([0.5, 0.5, 1, 1])
    for i in range(1, k):
        layers.append((np.stack([tooth, tooth, rest]), np.array([0, -0.5, 0])))
        tooth = np.array([2.0, -4, 0])
        rest = np.array([0.0, 0, 1]) - 4.0 ** (-i - 1) * tooth
    layers.append((rest[None], np.zeros(1)))
    return layers


def square(k: int, x: np.ndarray) -> np.ndarray:
    return run(square_network(k), x.reshape(-1, 1)).reshape(x.shape)


def product(k: int, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return square(k, (x + y) / 2) - square(k, (x - y) / 2)


@pytest.mark.parametrize("k", [1, 2, 5, 9])
def test_square_and_product(k):
    """prop-ds-square, prop-ds-product."""
    x = np.linspace(-1, 1, 2**11 + 1)
    layers = square_network(k)
    assert [len(bias) for _, bias in layers[:-1]] == [4] + [3] * (k - 1)
    assert max(max(np.abs(a).max(), np.abs(b).max()) for a, b in layers) <= 4
    error = square(k, x) - x**2
    assert error.min() >= -1e-12
    assert error.max() == pytest.approx(4.0 ** (-k - 1))
    partial = np.abs(x) - sum(4.0**-i * zigzag(np.abs(x), 2**i) for i in range(1, k + 1))
    assert np.allclose(square(k, x), partial)
    u, v = np.random.default_rng(5).uniform(-1, 1, (2, 5000))
    m = product(k, u, v)
    assert np.max(np.abs(m - u * v)) <= 4.0 ** (-k - 1)
    assert np.max(np.abs(m)) <= 1
    assert np.allclose(product(k, u, 0 * u), 0)
    w = 1 - 1.9 * np.random.default_rng(6).random((8, 1000)) ** 4
    exact = np.prod(w, axis=0)
    while len(w) > 1:
        w = product(k, w[::2], w[1::2])
    assert np.max(np.abs(w[0] - exact)) <= 7 * 4.0 ** (-k - 1)


def test_polynomials_and_analytic_functions():
    """thm-ds-polynomial, thm-ds-analytic, for 1 / (2 - x)."""
    x = np.linspace(-1, 1, 2001)
    for n, k in [(3, 2), (8, 4), (20, 9)]:
        c = 2.0 ** -np.arange(1, n + 2)
        y, f = x, c[0] + c[1] * x
        for i in range(2, n + 1):
            y = product(k, y, x)
            f = f + c[i] * y
        polynomial = np.polynomial.polynomial.polyval(x, c)
        bound = 4.0 ** (-k - 1) * np.sum(np.arange(n)[1:] * c[2:])
        assert np.max(np.abs(f - polynomial)) <= bound
        assert bound <= 0.5 * 4.0 ** (-k - 1)
        assert np.max(np.abs(f - 1 / (2 - x))) <= 2.0 ** (-n - 1) + 0.5 * 4.0 ** (-k - 1)


def test_numbers_of_the_analytic_example():
    """ex-ds-analytic."""
    for n, k, eps, neurons in [(20, 9, 1e-6, 2052), (40, 19, 1e-12, 8892)]:
        assert 2.0 ** (-n - 1) + 0.5 * 4.0 ** (-k - 1) <= eps
        assert 12 * (n - 1) * k == neurons
    assert 2 * 0.002**2 / 8 <= 1e-6 * (1 + 1e-12)
    assert math.ceil(2 / 4 * math.sqrt(2 / 27 / 1e-12)) - 1 == 136082


def test_curved_functions():
    """thm-ds-convex-lower against the best affine pieces of convex functions."""
    for g, second, a, b in [
        (np.exp, math.exp(-1), -1.0, 1.0),
        (np.square, 2.0, 0.0, 3.0),
        (lambda t: -np.log(t), 1 / 9, 1.0, 3.0),
    ]:
        for P in (1, 3, 10):
            x = np.linspace(a, b, 400 * P + 1)
            gaps = [
                np.interp(t, t[[0, -1]], g(t)[[0, -1]]) - g(t)
                for t in (x[400 * i : 400 * (i + 1) + 1] for i in range(P))
            ]
            eps = max(gap.max() for gap in gaps) / 2
            assert (b - a) / 4 * math.sqrt(second / eps) <= P * (1 + 1e-3)


def test_size_of_a_square():
    """cor-ds-square-size: the constants of the two bounds."""
    for eps in np.geomspace(1e-12, 1 / 16, 50):
        k = math.ceil(math.log2(1 / eps) / 2 - 1e-12) - 1
        assert k >= 1
        assert 4.0 ** (-k - 1) <= eps * (1 + 1e-9)
        low, high = math.log2((8 * eps) ** -0.5), 1.5 * math.log2(1 / eps)
        assert low == pytest.approx(0.5 * math.log2(1 / eps) - 1.5)
        assert low <= 3 * k - 1 <= high
        assert 6 * k + 2 <= 3 * math.log2(1 / eps) + 2 + 1e-9
        assert (8 * eps) ** -0.5 > 1  # so that a network of depth 1, with one piece, is excluded


def extraction(y: np.ndarray, r: int, s: int) -> tuple[Layers, int]:
    """The network of thm-ds-bits, as matrices."""
    alpha = y.reshape(r, s) @ 2.0 ** -np.arange(1, s + 1)
    starts = s * np.arange(1, r)
    layers: Layers = [
        (np.ones((2 * r - 1, 1)), np.concatenate([[0], 1 - starts, -starts]).astype(float))
    ]
    jumps = np.diff(alpha)
    a = np.concatenate([[0], jumps, -jumps])
    pi = np.concatenate([[1.0], -s * np.ones(r - 1), s * np.ones(r - 1)])
    o, constant = np.zeros(2 * r - 1), alpha[0]
    for step in range(s):
        rows = np.stack([a, a, a, pi, pi, pi, pi, o])
        bias = np.array([2.0**-s - 0.5, -0.5, 0, 1 - step, -step, -1 - step, 0, 0])
        bias[:3] += constant
        layers.append((rows, bias))
        beta = np.array([2.0**s, -(2.0**s), 0, 0, 0, 0, 0, 0])
        delta = np.array([0, 0, 0, 1.0, -2, 1, 0, 0])
        carry = np.eye(8)
        rows = np.stack([beta + delta, 2 * carry[2] - beta, carry[6], carry[7]])
        layers.append((rows, np.array([-1.0, 0, 0, 0])))
        a, pi, o, constant = np.eye(4)[1], np.eye(4)[2], np.eye(4)[3] + np.eye(4)[0], 0.0
    layers.append((o[None], np.zeros(1)))
    return layers, sum(len(bias) for _, bias in layers[:-1])


@pytest.mark.parametrize(("r", "s"), [(1, 1), (3, 2), (2, 5), (7, 7), (4, 20)])
def test_bit_extraction(r, s):
    """thm-ds-bits, cor-ds-vc: random labels, neurons, parameters, depth."""
    rng = np.random.default_rng(7)
    for _ in range(5):
        y = rng.integers(0, 2, r * s)
        layers, neurons = extraction(y, r, s)
        assert np.array_equal(run(layers, np.arange(r * s, dtype=float)[:, None])[:, 0], y)
    assert neurons == 2 * r - 1 + 12 * s
    assert size(layers) == 20 * r + 76 * s - 37
    assert len(layers) == 2 * s + 2


def test_numbers_of_the_bits():
    """ex-ds-bits."""
    layers, neurons = extraction(np.zeros(10**6), 1000, 1000)
    assert (neurons, size(layers), len(layers)) == (13999, 95963, 2002)
    assert 2**1000 > 10**301
    assert math.ceil(10**6 / 53) == 18868


def signs(n: int) -> tuple[np.ndarray, np.ndarray]:
    bits = np.array(list(itertools.product((0, 1), repeat=n)))
    return bits, (-1.0) ** (bits @ bits.T)


def test_correlation_of_neurons_with_the_inner_product():
    """lem-ds-correlation."""
    rng = np.random.default_rng(8)
    n = 6
    bits, chi = signs(n)
    assert np.array_equal(chi @ chi.T, 2**n * np.eye(2**n))
    largest = 0.0
    for trial in range(200):
        scale = 2.0 ** rng.uniform(-2, 2)
        w, v = scale * rng.standard_normal((2, n)) if trial % 2 else rng.integers(-2, 3, (2, n))
        t = (bits @ w)[:, None] + (bits @ v)[None, :] + rng.standard_normal()
        found = abs(np.mean(chi * relu(t))) / np.abs(t).max()
        largest = max(largest, found * 2 ** (n / 2))
    assert 0.01 < largest <= 1
    j = np.arange(1, 200001, 2)
    assert np.sum(1 / j**2.0) == pytest.approx(math.pi**2 / 8, abs=1e-5)


def test_three_layers_for_the_inner_product():
    """thm-ds-inner-product, ex-ds-inner-product."""
    for n in (1, 2, 5):
        bits, chi = signs(n)
        s = relu(bits[:, None, :] + bits[None, :, :] - 1).sum(axis=2)
        f = 1.0 - 2 * relu(s) + 4 * sum((-1) ** (i + 1) * relu(s - i) for i in range(1, n))
        assert np.array_equal(f, chi)
    T, A = 2 * 100 * 4 + 100, 4
    assert 2 * A * T == 7200
    assert 1.5e11 < 2**50 / (2 * A * T) - 1 < 1.6e11


def test_gradients_hardly_depend_on_the_target():
    """prop-ds-gradient, by finite differences for a small network."""
    rng = np.random.default_rng(9)
    n = 5
    bits, chi = signs(n)
    theta = rng.standard_normal(4 * n + 4 + 4)

    def f(theta):
        hidden = relu(bits @ theta[: 4 * n].reshape(4, n).T + theta[4 * n : 4 * n + 4])
        return hidden @ theta[-4:]

    step = 1e-6 * np.eye(len(theta))
    jacobian = np.stack([(f(theta + e) - f(theta - e)) / 2e-6 for e in step])
    gradients = np.array([2 * jacobian @ (f(theta) - target) / 2**n for target in chi])
    v = 2 * jacobian @ f(theta) / 2**n
    G2 = np.mean(np.sum(jacobian**2, axis=0))
    spread = np.mean(np.sum((gradients - v) ** 2, axis=1))
    assert spread == pytest.approx(4 * G2 / 2**n, rel=1e-6)
    assert 2 * 2.0 ** (-60 / 3) < 2e-6


def test_answers_on_the_mean_error_of_the_square():
    """The problem ds-mean-error-of-the-square (prop-ds-square), by quadrature."""
    for p, answer in TOPIC.draws("ds-mean-error-of-the-square"):
        a, k, ku = int(p["a"]), int(p["k"]), int(p["ku"])

        def mean(k):
            return 2**k * sp.Rational(1, 2**k) ** 3 / 6

        assert mean(k) <= sp.Rational(1, 10**a) < mean(k - 1)
        assert sp.Rational(1, 4 ** (ku + 1)) <= sp.Rational(1, 10**a) < sp.Rational(1, 4**ku)
        assert answer == 3 * k - 1
    x = (np.arange(2**16) + 0.5) / 2**16
    error = square(3, x) - x**2
    assert np.mean(error) == pytest.approx(4.0**-3 / 6, rel=1e-6)
    assert np.mean(error - 4.0**-3 / 8) == pytest.approx(4.0**-3 / 24, rel=1e-5)
    assert np.mean(np.abs(error - 4.0**-3 / 8)) > 4.0**-3 / 24


def test_answers_on_the_cube_of_a_number():
    """The problem ds-cube-of-a-number (thm-ds-polynomial, thm-ds-convex-lower)."""
    for p, answer in TOPIC.draws("ds-cube-of-a-number"):
        R, b, k, P = (int(p[key]) for key in ("R", "b", "k", "pieces"))
        assert 2 * R**3 * 2**b <= 4 ** (k + 1)
        assert 2 * R**3 * 2**b > 4**k
        assert answer == 2 * k
        assert 16 * P**2 >= (R - 1) ** 2 * 6 * 2**b > 16 * (P - 1) ** 2
        x = np.linspace(-R, R, 2001)
        f = R**3 * product(k, product(k, x / R, x / R), x / R)
        assert np.max(np.abs(f - x**3)) <= 2.0**-b


def test_best_polygon_in_the_square_mean():
    """The problem ds-best-polygons: the constants, and a least squares fit."""
    t, ell = sp.symbols("t ell", positive=True)
    best = sp.integrate((t**2 - ell**2 / 12) ** 2, (t, -ell / 2, ell / 2))
    assert sp.simplify(best - ell**5 / 180) == 0
    x = (np.arange(60000) + 0.5) / 60000
    for P in (1, 2, 5):
        hats = np.stack([np.interp(x, np.arange(P + 1) / P, row) for row in np.eye(P + 1)], 1)
        fit = hats @ np.linalg.lstsq(hats, x**2, rcond=None)[0]
        assert np.mean((fit - x**2) ** 2) == pytest.approx(1 / (180 * P**4), rel=1e-4)


def test_cosine_neurons():
    """The problem ds-cosine-neurons: the correlation and the formula for one bit."""
    rng = np.random.default_rng(11)
    bits, chi = signs(5)
    for _ in range(50):
        w, v = 4 * rng.standard_normal((2, 5))
        t = (bits @ w)[:, None] + (bits @ v)[None, :] + rng.uniform(0, 7)
        assert abs(np.mean(chi * np.cos(t))) <= 2**-2.5
    x, y = np.meshgrid([0, 1], [0, 1])
    f = (1 + np.cos(np.pi * x) + np.cos(np.pi * y) - np.cos(np.pi * (x + y))) / 2
    assert np.allclose(f, (-1.0) ** (x * y))
