"""Symmetry, convolutions, sets and graphs: results and examples, recomputed."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from tests.content.equivariant_layers import (
    circulant,
    commutant,
    cycle,
    invariants,
    printed,
    reach,
    refine,
    symmetrize,
)


def test_symmetrization_is_an_orthogonal_projection() -> None:
    """prop-ar-reynolds and part (c) of thm-ar-symmetrize, for shifts and an exact distribution."""
    rng = np.random.default_rng(0)
    W, b, V = rng.standard_normal((4, 3)), rng.standard_normal(4), rng.standard_normal((3, 4))

    def f(x: np.ndarray) -> np.ndarray:
        return V @ np.tanh(W @ x + b)

    average = symmetrize(f)
    x = rng.standard_normal(3)
    assert np.allclose(average(np.roll(x, 1)), np.roll(average(x), 1))
    assert np.allclose(symmetrize(average)(x), average(x))
    assert not np.allclose(average(x), f(x))
    points = [(rng.standard_normal(3), rng.standard_normal(3)) for _ in range(5)]
    orbit = [(np.roll(x, g), np.roll(y, g)) for x, y in points for g in range(3)]
    risk = np.mean([np.sum((f(x) - y) ** 2) for x, y in orbit])
    better = np.mean([np.sum((average(x) - y) ** 2) for x, y in orbit])
    gain = np.mean([np.sum((average(x) - f(x)) ** 2) for x, y in orbit])
    assert risk == pytest.approx(better + gain)
    squares = [np.mean([np.sum(h(x) ** 2) for x, _ in orbit]) for h in (f, average)]
    assert squares[0] == pytest.approx(squares[1] + gain)


def test_examples_of_averages() -> None:
    """ex-ar-exchangeable, ex-ar-rotation."""
    rng = np.random.default_rng(0)
    w = 0.3 + rng.standard_normal((100000, 10)) * 0.5
    mean = w.mean(axis=1, keepdims=True)
    assert np.mean(np.sum((w - mean) ** 2, axis=1)) == pytest.approx(0.25 * 9, rel=0.01)
    assert np.mean(np.sum((mean - 0.3) ** 2 * 10, axis=1)) == pytest.approx(0.25, rel=0.02)
    angle = 2 * np.pi * np.arange(64) / 64
    moments = [np.mean((2 * np.cos(angle + 0.3)) ** k) for k in (1, 2, 3, 4)]
    assert moments == pytest.approx([0, 0.5 * 4, 0, 3 / 8 * 16], abs=1e-12)


def test_convolutions_and_fourier() -> None:
    """thm-ar-shift, thm-ar-dft, ex-ar-filters, and the filter in exr-ar-norms."""
    rng = np.random.default_rng(0)
    for n in (2, 5, 8):
        w = rng.standard_normal(n)
        A, S = circulant(w), np.roll(np.eye(n), 1, axis=0)
        assert np.allclose(A @ S, S @ A)
        assert np.allclose(A, sum(w[j] * np.linalg.matrix_power(S, j) for j in range(n)))
        hat = np.array([w @ np.exp(-2j * np.pi * k * np.arange(n) / n) for k in range(n)])
        values = np.linalg.svd(A, compute_uv=False)
        assert np.allclose(np.sort(values), np.sort(np.abs(hat)))
        assert np.prod(hat) == pytest.approx(np.linalg.det(A))
        assert np.linalg.norm(w) <= values[0] + 1e-12 <= np.abs(w).sum() + 2e-12
        B = rng.standard_normal((n, n))
        commuting = sum(
            np.linalg.matrix_power(S, g) @ B @ np.linalg.matrix_power(S.T, g) for g in range(n)
        )
        assert np.allclose(commuting, circulant(commuting[:, 0]))
    mean = circulant(np.array([1, 1, 0, 0, 0, 1]) / 3)
    assert np.allclose(np.sort(np.linalg.eigvalsh(mean)), [-1 / 3, 0, 0, 2 / 3, 2 / 3, 1])
    difference = circulant(np.array([1.0, -1, 0, 0, 0, 0]))
    assert np.linalg.norm(difference, 2) == pytest.approx(2)
    assert np.allclose((mean @ difference)[:, 0], np.array([0, 0, -1, 0, 0, 1]) / 3)
    for n in (4, 6, 10, 7):
        mean = circulant(np.array([1, 1, *[0] * (n - 3), 1]) / 3)
        difference = circulant(np.array([1.0, -1, *[0] * (n - 2)]))
        norm = np.linalg.norm(mean @ difference, 2)
        assert (norm == pytest.approx(2 / 3)) == (n % 2 == 0)
        assert norm < 2 / 3 + 1e-9
        product = np.linalg.norm(mean, 2) * np.linalg.norm(difference, 2)
        assert (product == pytest.approx(2)) == (n % 2 == 0)
    flat = np.array([1, 1, 1, -1])
    assert np.linalg.norm(circulant(flat), 2) == pytest.approx(np.linalg.norm(flat))


def test_norm_of_a_layer_with_channels() -> None:
    """thm-ar-conv-norm."""
    rng = np.random.default_rng(0)
    for n, c, d in ((5, 2, 3), (6, 3, 2)):
        W = rng.standard_normal((n, d, c))
        W[3:] = 0
        layer = np.block([[W[(i - j) % n] for j in range(n)] for i in range(n)])
        blocks = [sum(W[j] * np.exp(-2j * np.pi * j * k / n) for j in range(n)) for k in range(n)]
        found = np.concatenate([np.linalg.svd(B, compute_uv=False) for B in blocks])
        values = np.linalg.svd(layer, compute_uv=False)
        assert np.allclose(np.sort(found), np.sort(values))
        assert values[0] <= sum(np.linalg.norm(M, 2) for M in W)


def test_receptive_fields_and_weights() -> None:
    """prop-ar-receptive, ex-ar-counting."""
    rng = np.random.default_rng(0)
    for _ in range(20):
        layers = [(int(s) + int(e), int(s)) for s, e in rng.integers(1, 4, (4, 2))]
        stride, size = 1, 1
        for k, s in layers:
            size += (k - 1) * stride
            stride *= s
        assert reach(layers, 2) == set(range(2 * stride, 2 * stride + size))
    assert len(reach([(3, 1)] * 5, 0)) == 11
    assert len(reach([(3, 2)] * 5, 0)) == 63
    text = printed("ex-ar-counting")
    assert f"={9 * 64 * 128 + 128}$" in text
    assert rf"{32 * 32 * 64}\cdot{32 * 32 * 128}\approx" in text
    assert f"{32 * 32 * 64 * 32 * 32 * 128 / 1e9:.1f}" in text


def test_short_filters_compose_to_any_matrix() -> None:
    """thm-ar-factor, ex-ar-factor."""
    rng = np.random.default_rng(0)
    for m, d in ((1, 4), (2, 3), (3, 3)):
        A = rng.standard_normal((m, d))
        w = A[:, ::-1].ravel()
        roots = np.roots(w[::-1])
        real = np.sort(roots[np.abs(roots.imag) < 1e-9].real)
        pairs = [np.array([abs(z) ** 2, -2 * z.real, 1]) for z in roots if z.imag > 1e-9]
        pairs += [np.poly(real[i : i + 2])[::-1] for i in range(0, len(real), 2)]
        assert len(pairs) <= math.ceil((m * d - 1) / 2)
        x = rng.standard_normal(d)
        y = w[-1] * x
        for short in pairs:
            assert len(short) <= 3
            y = np.convolve(short, y)
        assert np.allclose([y[p * d + d - 1] for p in range(m)], A @ x)
    r = math.sqrt(2)
    assert np.allclose(np.convolve([1, r, 1], [1, -r, 1]), [1, 0, 0, 0, 1])


def test_pooling_and_shifts() -> None:
    """prop-ar-pooling and the two examples after it."""
    rng = np.random.default_rng(0)
    n = 24
    C = [circulant(np.pad(rng.standard_normal(3), (0, n - 3))) for _ in range(2)]
    norms = np.prod([np.linalg.norm(M, 2) for M in C])
    for p, t in itertools.product((2, 4, 8, n), (1, 2, 3)):
        A = circulant(np.pad(np.ones(p) / p, (0, n - p)))
        shift = np.roll(np.eye(n), t, axis=0)
        assert np.linalg.norm(A @ (shift - np.eye(n)), 2) <= 2 * t / p + 1e-12

        def f(x: np.ndarray, A: np.ndarray = A) -> np.ndarray:
            return A @ np.maximum(C[1] @ np.maximum(C[0] @ x, 0), 0)

        x = rng.standard_normal(n)
        change = np.linalg.norm(f(np.roll(x, t)) - f(x))
        assert change <= 2 * t / p * norms * np.linalg.norm(x)
        assert (change < 1e-10) == (p == n)
    x = np.array([0, 0, 1, 1, 0, 0, 1, 1])
    assert x.reshape(4, 2).max(axis=1).tolist() == [0, 1, 0, 1]
    assert np.roll(x, 1).tolist() == [1, 0, 0, 1, 1, 0, 0, 1]
    assert np.roll(x, 1).reshape(4, 2).max(axis=1).tolist() == [1, 1, 1, 1]


def test_linear_layers_for_sets() -> None:
    """thm-ar-linear-sets: the dimension 2, and 2 c c' with channels; exr-ar-matrix-layers."""
    for n in (2, 3, 4):
        group = [np.eye(n)[list(p)] for p in itertools.permutations(range(n))]
        assert commutant(group) == 2
        if n == 3:
            assert commutant([np.kron(P, np.eye(2)) for P in group]) == 2 * 2 * 2
        if n == 4:
            assert invariants([np.kron(P, P) for P in group]) == 2
            assert invariants([np.kron(np.kron(P, P), P) for P in group]) == 5


def test_power_sums_determine_a_set() -> None:
    """thm-ar-deepsets, eq-ar-newton."""
    rng = np.random.default_rng(0)
    for n in (2, 4, 6):
        x = np.sort(rng.random(n))
        p = [np.sum(x**k) for k in range(n + 1)]
        e = [1.0]
        for k in range(1, n + 1):
            e.append(sum((-1) ** (j - 1) * e[k - j] * p[j] for j in range(1, k + 1)) / k)
        zeros = np.roots([(-1) ** k * e[k] for k in range(n + 1)])
        assert np.allclose(np.sort(zeros.real), x, atol=1e-6)


def test_one_sum_does_not_give_the_maximum() -> None:
    """Part (a) of thm-ar-few-sums: the collision that the proof constructs."""
    for n, phi in ((2, np.exp), (3, lambda t: t**3 + t), (5, lambda t: -np.sqrt(t + 0.1))):
        c = phi(1.0) + (n - 1) * phi(0.0)
        low, high = 0.0, 1.0
        for _ in range(80):
            s = (low + high) / 2
            above = n * phi(s) > c
            if above == (phi(1.0) > phi(0.0)):
                high = s
            else:
                low = s
        assert 0.01 < s < 0.99
        assert n * phi(s) == pytest.approx(c)


def test_colour_refinement() -> None:
    """thm-ar-wl, ex-ar-hexagon, and the problem ar-two-squares; paths are distinguished."""
    hexagon, triangles = cycle([0, 1, 2, 3, 4, 5]), cycle([0, 1, 2]) + cycle([3, 4, 5])
    assert refine(hexagon, 6, 4) == refine(triangles, 6, 4)
    octagon, squares = cycle(list(range(8))), cycle([0, 1, 2, 3]) + cycle([4, 5, 6, 7])
    assert refine(octagon, 8, 4) == refine(squares, 8, 4)
    assert refine(hexagon[:-1], 6, 1) != refine(hexagon, 6, 1)
    path, star = [(0, 1), (1, 2), (2, 3)], [(0, 1), (0, 2), (0, 3)]
    assert refine(path, 4, 0) == refine(star, 4, 0)
    assert refine(path, 4, 1) != refine(star, 4, 1)
