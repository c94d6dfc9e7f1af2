"""The chapter on the benefits of depth and its problems: all numbers, recomputed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic

TOPIC = Topic("depth-separation")

Layers = list[tuple[np.ndarray, np.ndarray]]


def relu(t: np.ndarray) -> np.ndarray:
    return np.maximum(t, 0)


def run(layers: Layers, x: np.ndarray) -> np.ndarray:
    """The outputs of a network at the rows of x."""
    for matrix, bias in layers[:-1]:
        x = relu(x @ matrix.T + bias)
    return x @ layers[-1][0].T + layers[-1][1]


def patterns(layers: Layers, x: np.ndarray) -> list[bytes]:
    """The activation pattern at each row of x."""
    found = []
    for matrix, bias in layers[:-1]:
        x = x @ matrix.T + bias
        found.append(x > 0)
        x = relu(x)
    return [row.tobytes() for row in np.hstack(found)]


def size(layers: Layers) -> int:
    return sum(matrix.size + bias.size for matrix, bias in layers)


def random_network(rng: np.random.Generator, widths: list[int]) -> Layers:
    return [
        (rng.standard_normal((b, a)), rng.standard_normal(b)) for a, b in itertools.pairwise(widths)
    ]


def pieces(f: Callable[[np.ndarray], np.ndarray], knots: int) -> int:
    """Pieces on [0, 1] of a function whose breakpoints are multiples of 1 / knots."""
    values = f(np.arange(knots + 1) / knots)
    return 1 + int(np.sum(np.abs(np.diff(values, 2)) > 1e-9))


def zigzag(x: np.ndarray, q: int) -> np.ndarray:
    """def-ds-zigzag."""
    return np.abs(q * x - 2 * np.round(q * x / 2))


def zigzag_layers(q: int, k: int) -> Layers:
    """The network of prop-ds-sawtooth with k hidden layers of width q."""
    first = (np.ones((q, 1)), -np.arange(q) / q)
    last = np.array([[q] + [2 * q * (-1) ** i for i in range(1, q)]], dtype=float)
    middle = (np.ones((q, 1)) @ last, -np.arange(q) / q)
    return [first] + [middle] * (k - 1) + [(last, np.zeros(1))]


def phi(d: int, m: int) -> int:
    return sum(math.comb(m, i) for i in range(d + 1))


def test_pieces_of_sums_and_compositions():
    """lem-ds-pieces, on polygons with integer knots."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        n, m = int(rng.integers(2, 9)), int(rng.integers(2, 9))
        f, g = rng.integers(0, m + 1, n + 1) / m, rng.integers(0, 7, m + 1)
        grid = math.lcm(*range(1, m + 1)) * n
        outer = pieces(lambda x, g=g, m=m: np.interp(x, np.arange(m + 1) / m, g), m)
        inner = pieces(lambda x, f=f, n=n: np.interp(x, np.arange(n + 1) / n, f), n)

        def composed(x, f=f, g=g, n=n, m=m):
            return np.interp(
                np.interp(x, np.arange(n + 1) / n, f), np.arange(m + 1) / m, g.astype(float)
            )

        assert pieces(composed, grid) <= outer * inner
    for q, r in [(2, 3), (3, 5), (4, 7)]:
        total = pieces(lambda x, q=q, r=r: zigzag(x, q) - 0.3 * zigzag(x, r), q * r)
        assert total == q + r - 1 - (math.gcd(q, r) - 1)


def test_pieces_of_random_networks():
    """thm-ds-pieces-upper: patterns along a line, on a fine grid."""
    rng = np.random.default_rng(1)
    x = np.linspace(-30, 30, 12001)[:, None]
    most = 0
    for widths in [[1, 5, 1], [1, 3, 3, 1], [1, 2, 2, 2, 1]]:
        for _ in range(8):
            found = patterns(random_network(rng, widths), x)
            changes = 1 + sum(a != b for a, b in itertools.pairwise(found))
            N, L = sum(widths[1:-1]), len(widths) - 1
            bound = math.prod(1 + m for m in widths[1:-1])
            assert changes <= bound <= (1 + N / (L - 1)) ** (L - 1) * (1 + 1e-12)
            assert bound <= 2**N
            most = max(most, changes)
    assert most >= 6


@pytest.mark.parametrize(("q", "k"), [(2, 1), (2, 7), (3, 4), (5, 3)])
def test_zigzag_networks(q, k):
    """prop-ds-sawtooth, eq-ds-zigzag."""
    layers = zigzag_layers(q, k)
    x = np.linspace(0, 1, 4 * q**k + 1)
    assert np.allclose(run(layers, x[:, None])[:, 0], zigzag(x, q**k), atol=1e-8)
    assert pieces(lambda t: run(layers, t[:, None])[:, 0], q**k) == q**k
    assert max(np.abs(matrix).max() for matrix, _ in layers) <= 2 * q
    if q == 2:
        assert size(layers) == 6 * k + 1


def test_sawtooth_is_far_from_polygons():
    """thm-ds-separation, eq-ds-l1: good polygons, and the constant that attains the bound."""
    rng = np.random.default_rng(2)
    x = (np.arange(2**15) + 0.5) / 2**15
    for n in (2, 8, 32):
        target = zigzag(x, n)
        assert np.mean(np.abs(target - 0.5)) == pytest.approx(1 / 4, abs=1e-6)
        for P in (1, 2, n // 2, n):
            for trial in range(10):
                knots = np.sort(rng.random(P + 1)) if trial else np.arange(P + 1) / P
                knots[0], knots[-1] = 0, 1
                values = zigzag(knots, n) if trial % 2 else rng.random(P + 1)
                error = np.mean(np.abs(np.interp(x, knots, values) - target))
                assert error >= 1 / 4 - (P - 1) / (2 * n) - 1e-6
    s = (np.arange(1000) + 0.5) / 1000
    assert min(np.mean(np.abs(s - c)) for c in np.linspace(-1, 2, 301)) == pytest.approx(1 / 4)


def test_numbers_of_twenty_folds():
    """ex-ds-twenty, cor-ds-telgarsky, eq-ds-size."""

    def least(L: int, n: int) -> int:
        return math.floor((L - 1) * ((n / 4) ** (1 / (L - 1)) - 1) + 1e-9) + 1

    assert [least(L, 2**20) for L in (2, 3, 5, 10)] == [262144, 1023, 87, 28]
    for L, s in itertools.product((2, 3, 6), (1, 2, 5)):
        assert least(L, 2 ** (s * (L - 1) + 2)) > (L - 1) * (2**s - 1)
    assert size(zigzag_layers(2, 20)) == 121


@pytest.mark.parametrize("d", [2, 3, 5, 8])
def test_parity(d):
    """prop-ds-parity."""
    k = math.ceil(math.log2(d))
    bits = np.array(list(itertools.product((0, 1), repeat=d)))
    s = bits.sum(axis=1)
    layers = zigzag_layers(2, k)
    assert np.allclose(run(layers, (s / 2**k)[:, None])[:, 0], s % 2)
    assert np.allclose(zigzag(s / d, d), s % 2)


def arrangement(d: int, m: int) -> tuple[np.ndarray, np.ndarray]:
    t = np.linspace(0.4, 1.6, m)
    return t[:, None] ** np.arange(d), t**d


def test_regions_of_an_arrangement():
    """thm-ds-arrangement and lem-ds-last-layer: Euler's relation and exact vertices in the plane.

    Every region of lines in general position has a point near a vertex."""
    for m in (2, 3, 4, 6):
        normals, offsets = arrangement(2, m)
        seen = set()
        for i, j in itertools.combinations(range(m), 2):
            vertex = np.linalg.solve(normals[[i, j]], offsets[[i, j]])
            for a, b in itertools.product((-1e-6, 1e-6), repeat=2):
                move = np.linalg.solve(normals[[i, j]], np.array([a, b]))
                seen.add(tuple(normals @ (vertex + move) > offsets))
        assert len(seen) == phi(2, m)
    for d, m in itertools.product(range(1, 6), range(1, 12)):
        assert phi(d, m) == phi(d, m - 1) + phi(d - 1, m - 1) <= (1 + m) ** d
        if m > d:
            assert phi(d, m) < 2**m


def test_regions_of_random_networks():
    """thm-ds-regions-upper: patterns on a grid, with a narrow layer."""
    rng = np.random.default_rng(3)
    grid = np.linspace(-4, 4, 120)
    x = np.stack(np.meshgrid(grid, grid), -1).reshape(-1, 2)
    for widths, ranks in [([2, 4, 3, 1], [2, 2]), ([2, 4, 1, 3, 1], [2, 2, 1])]:
        for _ in range(4):
            found = len(set(patterns(random_network(rng, widths), x)))
            assert found <= math.prod(phi(n, m) for n, m in zip(ranks, widths[1:-1], strict=True))


def test_folding_multiplies_the_regions():
    """thm-ds-folding in the plane: gradients of neighbouring regions, and the count."""
    rng = np.random.default_rng(4)
    d, m, Q = 2, 4, 3
    lines = [(0.1, 1.0, 0.47), (-0.4, 0.9, 0.11), (0.9, 0.4, 0.51), (-1.0, 0.1, -0.18)]
    grid = (np.arange(300) + 0.5) / 300
    x = np.stack(np.meshgrid(grid, grid), -1).reshape(-1, 2)

    def codes(z):
        return np.stack([z @ np.array(line[:2]) > line[2] for line in lines], -1)

    seen = {tuple(row) for row in codes(x[::7]).tolist()}
    assert len(seen) == phi(d, m) == 11
    missing = next(s for s in itertools.product((False, True), repeat=m) if s not in seen)
    weights = rng.standard_normal(m)
    for s in seen:
        active = [a != b for a, b in zip(s, missing, strict=True)]
        flips = np.where(missing, -1.0, 1.0)[:, None]
        gradient = (weights[:, None] * flips * np.array([line[:2] for line in lines]))[active]
        assert np.all(np.abs(gradient.sum(axis=0)) > 1e-6)
    cells = np.floor(Q * x).astype(int)
    folded = np.hstack([cells, codes(zigzag(x, Q))]) @ 4 ** np.arange(d + m)
    assert len(np.unique(folded)) == Q**d * phi(d, m)


def test_numbers_of_regions():
    """ex-ds-regions."""
    assert 16**2 * phi(2, 8) == 9472
    assert phi(2, 8) ** 3 == 50653
    assert phi(2, 24) == 301
    assert phi(2, 137) == 9454
    assert phi(2, 137) < 16**2 * phi(2, 8) <= phi(2, 138)
    assert 16 * phi(2, 4) == 176


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
    assert (2 * 1000 - 1 + 12000, 96 * 1000 - 37, 2 * 1000 + 2) == (13999, 95963, 2002)
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
    for n in (2, 5):
        bits, chi = signs(n)
        s = relu(bits[:, None, :] + bits[None, :, :] - 1).sum(axis=2)
        f = 1.0 - 2 * relu(s) + 4 * sum((-1) ** (i + 1) * relu(s - i) for i in range(1, n))
        assert np.array_equal(f, chi)
    assert 2**50 / (2 * 4 * 100) - 1 > 1.4e12


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


def test_answers_on_zigzag_networks():
    """The problem ds-zigzag-network (prop-ds-sawtooth): parameters counted on the matrices."""
    for p, answer in TOPIC.draws("ds-zigzag-network"):
        q, k = int(p["q"]), int(p["k"])
        assert size(zigzag_layers(q, k)) == answer
        assert q**k == p["n"] == 4 * p["two"]
        assert sum(len(b) for _, b in zigzag_layers(q, k)[:-1]) == p["neurons"]


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


def test_answers_on_regions_in_the_plane():
    """The problem ds-folding-the-plane (thm-ds-folding)."""
    for p, answer in TOPIC.draws("ds-folding-the-plane"):
        w, h = int(p["w"]), int(p["h"])
        assert p["phi"] == phi(2, w)
        assert p["shallow"] == phi(2, w * h)
        q = composed_pieces(w // 2, h - 1)
        assert q == p["Q"]
        assert answer == q * q * phi(2, w) <= p["upper"] == phi(2, w) ** h


def composed_pieces(teeth: int, layers: int) -> int:
    """Pieces of the composition of zigzags, counted."""
    total = teeth**layers

    def composed(x):
        for _ in range(layers):
            x = zigzag(x, teeth)
        return x

    return pieces(composed, total)


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


def test_answers_on_an_oscillation():
    """The problem ds-layers-for-an-oscillation (thm-ds-pieces-upper): all widths, by search."""
    for p, answer in TOPIC.draws("ds-layers-for-an-oscillation"):
        h, n = int(p["h"]), int(p["n"])
        for N in (int(answer) - 1, int(answer)):
            best = max(
                math.prod(1 + m for m in (*part, N - sum(part)))
                for part in itertools.product(range(N + 1), repeat=h - 1)
                if sum(part) <= N
            )
            assert (best >= n) == (answer == N)


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


def test_alternating_labels():
    """The problem ds-alternating-labels: errors of polygons with few pieces, the best of many."""
    rng = np.random.default_rng(10)
    n = 32
    x, y = np.arange(n) / n, np.arange(n) % 2
    for P in (1, 2, 4, 8):
        for _ in range(300):
            knots = np.concatenate([[-1], np.sort(rng.random(P - 1)), [2]])
            f = np.interp(x, knots, rng.standard_normal(P + 1) + 0.5)
            assert np.mean((f >= 0.5) != y) >= 1 / 2 - P / n
    assert np.allclose(zigzag(x, n), y)


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
