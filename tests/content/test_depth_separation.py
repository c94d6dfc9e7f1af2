"""The chapter on the benefits of depth and its problems: pieces, sawtooth functions, regions."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from tests.content.bank import Topic
from tests.content.depth_networks import (
    patterns,
    phi,
    pieces,
    random_network,
    relu,
    run,
    size,
    zigzag,
    zigzag_layers,
)

TOPIC = Topic("depth-separation")


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
        assert least(L, 2 ** (s * (L - 1) + 2)) == (L - 1) * (2**s - 1) + 1
    assert size(zigzag_layers(2, 20)) == 121
    exact = {hidden: round(2 ** (20 / hidden)) for hidden in (2, 4, 10)}
    assert all(q**hidden == 2**20 for hidden, q in exact.items())
    assert [hidden * q for hidden, q in exact.items()] == [2048, 128, 40]


def test_an_increasing_layer_adds_one_piece():
    """sec-ds-limits: the tent with the weight -1 in place of -4."""
    for k in range(1, 9):

        def composed(x, k=k):
            for _ in range(k):
                x = 2 * relu(x) - relu(x - 0.5)
            return x

        assert pieces(composed, 2**10) == k + 1


def test_cosine_is_far_from_affine_functions():
    """exr-ds-cosine: the mean distance 2 / pi on a wave, from which the number 1 / pi comes."""
    t = (np.arange(4000) + 0.5) / 2000 - 1
    found = [
        np.mean(np.abs(np.cos(math.pi * t) - a - b * t))
        for a, b in itertools.product(np.linspace(-1, 1, 41), np.linspace(-1, 1, 21))
    ]
    assert min(found) == pytest.approx(2 / math.pi, abs=1e-6)


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

    for a, b in itertools.combinations(lines, 2):  # fig-ds-folding: six points in the square
        crossing = np.linalg.solve(np.array([a[:2], b[:2]]), [a[2], b[2]])
        assert np.all((crossing > 0) & (crossing < 1))
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


def test_answers_on_zigzag_networks():
    """The problem ds-zigzag-network (prop-ds-sawtooth): parameters counted on the matrices."""
    for p, answer in TOPIC.draws("ds-zigzag-network"):
        q, k = int(p["q"]), int(p["k"])
        assert size(zigzag_layers(q, k)) == answer
        assert q**k == p["n"] == 4 * p["two"]
        assert sum(len(b) for _, b in zigzag_layers(q, k)[:-1]) == p["neurons"]


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
