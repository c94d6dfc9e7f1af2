"""The chapter on architectures and symmetries and its problems: all numbers, recomputed."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic

TOPIC = Topic("network-architectures")


def circulant(w: np.ndarray) -> np.ndarray:
    """The matrix of the circular convolution with w, by its definition."""
    n = len(w)
    return np.array([[w[(i - j) % n] for j in range(n)] for i in range(n)])


def softmax(scores: np.ndarray) -> np.ndarray:
    """Row by row."""
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def diameter(X: np.ndarray) -> float:
    """The largest distance of two rows."""
    return np.linalg.norm(X[:, None] - X[None], axis=2).max()


def symmetrize(f: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """The Reynolds average over cyclic shifts, which act on inputs and outputs."""

    def average(x: np.ndarray) -> np.ndarray:
        n = len(x)
        return np.mean([np.roll(f(np.roll(x, g)), -g) for g in range(n)], axis=0)

    return average


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
    """thm-ar-shift, thm-ar-dft, ex-ar-filters."""
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
    assert np.linalg.norm(mean @ difference, 2) == pytest.approx(2 / 3)


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


def reach(layers: list[tuple[int, int]], at: int) -> set[int]:
    """The inputs that entry ``at`` depends on, for layers of (length, stride)."""
    places = {at}
    for length, stride in reversed(layers):
        places = {stride * i + a for i in places for a in range(length)}
    return places


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
    assert 9 * 64 * 128 + 128 == 73856
    assert pytest.approx(8.6e9, rel=0.01) == 32 * 32 * 64 * 32 * 32 * 128


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


def commutant(group: list[np.ndarray]) -> int:
    """The dimension of the space of matrices that commute with all in the group."""
    n = len(group[0])
    rows = [np.kron(np.eye(n), P) - np.kron(P.T, np.eye(n)) for P in group]
    return n * n - int(np.linalg.matrix_rank(np.vstack(rows)))


def test_linear_layers_for_sets() -> None:
    """thm-ar-linear-sets: the dimension 2, and 2 c c' with channels."""
    for n in (2, 3, 4):
        group = [np.eye(n)[list(p)] for p in itertools.permutations(range(n))]
        assert commutant(group) == 2
        if n == 3:
            assert commutant([np.kron(P, np.eye(2)) for P in group]) == 2 * 2 * 2


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


def refine(edges: list[tuple[int, int]], n: int, rounds: int) -> Counter[object]:
    """The multiset of the colours after some rounds."""
    colours: list[object] = [0] * n
    near = [[w for e in edges for v, w in (e, e[::-1]) if v == u] for u in range(n)]
    for _ in range(rounds):
        colours = [
            (colours[v], tuple(sorted(map(repr, (colours[w] for w in near[v]))))) for v in range(n)
        ]
    return Counter(map(repr, colours))


def cycle(vertices: list[int]) -> list[tuple[int, int]]:
    """The edges of a cycle."""
    return list(itertools.pairwise([*vertices, vertices[0]]))


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


def test_invertible_blocks() -> None:
    """thm-ar-invertible and the example after it."""
    x, seen = 1.0, []
    for _ in range(4):
        x = 1 - 0.5 * math.sin(x)
        seen.append(round(x, 3))
    assert seen == [0.579, 0.726, 0.668, 0.690]
    for _ in range(60):
        x = 1 - 0.5 * math.sin(x)
    assert round(x, 3) == 0.684
    rng = np.random.default_rng(0)
    W = rng.standard_normal((5, 5))
    W *= 0.7 / np.linalg.norm(W, 2)
    y, x = rng.standard_normal(5), np.zeros(5)
    for _ in range(200):
        x = y - np.tanh(W @ x)
    assert np.allclose(x + np.tanh(W @ x), y)
    z, error = np.zeros(5), np.linalg.norm(x)
    for k in range(20):
        assert np.linalg.norm(z - x) <= 0.7**k * error + 1e-12
        z = y - np.tanh(W @ z)
    D = np.eye(5) + np.diag(1 - np.tanh(W @ x) ** 2) @ W
    assert 0.3**5 <= np.linalg.det(D) <= 1.7**5


def test_narrow_residual_networks() -> None:
    """prop-ar-narrow, part (b): random increasing piecewise linear functions."""
    rng = np.random.default_rng(0)
    for _ in range(5):
        t, s = np.sort(rng.random(4)), rng.random(5) + 0.1
        x = np.linspace(-1, 2, 301)
        f = 0.3 + s[0] * (x - t[0])
        f += sum((s[j] - s[j - 1]) * np.maximum(x - t[j - 1], 0) for j in range(1, 5))
        h = 0.3 + s[0] * (x - t[0])
        value = 0.3
        for j in range(1, 5):
            h = h + (s[j] / s[j - 1] - 1) * np.maximum(h - value, 0)
            if j < 4:
                value += s[j] * (t[j] - t[j - 1])
        assert np.allclose(h, f)


def test_gradients_of_linear_residual_networks() -> None:
    """thm-ar-linear-residual, with gradients by differences."""
    rng = np.random.default_rng(0)
    d, L, tau = 3, 4, 0.3
    M = rng.standard_normal((d, d))
    sigma, R = M @ M.T + 0.5 * np.eye(d), rng.standard_normal((d, d))
    lam = np.linalg.eigvalsh(sigma)[0]

    def excess(blocks: np.ndarray) -> float:
        P = np.eye(d)
        for A in blocks:
            P = (np.eye(d) + A) @ P
        return np.trace((P - R) @ sigma @ (P - R).T)

    for _ in range(5):
        A = rng.standard_normal((L, d, d))
        A *= tau / np.linalg.norm(A, 2, axis=(1, 2))[:, None, None]
        gradient = 0.0
        for index in np.ndindex(A.shape):
            step = np.zeros(A.shape)
            step[index] = 1e-5
            gradient += ((excess(A + step) - excess(A - step)) / 2e-5) ** 2
        assert gradient >= 4 * L * lam * (1 - tau) ** (2 * L - 2) * excess(A)
    for gamma, layers in ((0.5, 1), (2.0, 2), (3.0, 10)):
        for mu in np.exp(np.linspace(-gamma, gamma, 9)):
            assert abs(mu ** (1 / layers) - 1) <= 2 * gamma / layers


def test_order_and_retrieval() -> None:
    """prop-ar-order, prop-ar-retrieval, ex-ar-dictionary."""
    rng = np.random.default_rng(0)
    X, A, V = (rng.standard_normal(s) for s in ((5, 3), (3, 3), (3, 2)))

    def attend(X: np.ndarray) -> np.ndarray:
        return softmax(X @ A @ X.T) @ X @ V

    order = rng.permutation(5)
    assert np.allclose(attend(X[order]), attend(X)[order])
    assert 147 < 8 * math.log(10**8) < 148
    assert 2 * 999 * math.exp(-12.5) < 0.01 < 2 * 999 * math.exp(-12)
    signs = rng.choice([-1.0, 1.0], (1000, 148)) / math.sqrt(148)
    gram = signs @ signs.T - 2 * np.eye(1000)
    assert gram.max() <= 0.5
    values = rng.standard_normal((1000, 4))
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    out = softmax(25 * signs @ signs.T) @ values
    assert np.linalg.norm(out - values, axis=1).max() < 0.01


def test_lipschitz_constant_of_attention() -> None:
    """thm-ar-lipschitz: the derivative in (a), and the bound in (b) for random directions."""

    def first(u: float, t: float) -> float:
        return float(softmax(np.array([u * u, u * t])) @ np.array([u, t]))

    for t in (0.5, 2.0, 5.0):
        slope = (first(1e-5, t) - first(-1e-5, t)) / 2e-5
        assert slope == pytest.approx(0.5 + t**2 / 4, rel=1e-4)
    rng = np.random.default_rng(0)
    worst = 0.0
    for radius in (0.3, 1.0, 3.0):
        for _ in range(100):
            A = rng.standard_normal((2, 2))
            X = rng.standard_normal((4, 2))
            X *= radius / np.linalg.norm(X, axis=1, keepdims=True)
            H = rng.standard_normal((4, 2))
            H /= np.linalg.norm(H, axis=1, keepdims=True)
            up, down = (softmax(Z @ A @ Z.T) @ Z for Z in (X + 1e-5 * H, X - 1e-5 * H))
            slope = np.linalg.norm(up - down, axis=1).max() / 2e-5
            bound = 1 + 2 * (radius + 1e-5) ** 2 * np.linalg.norm(A, 2)
            worst = max(worst, slope / bound)
            assert slope <= bound * (1 + 1e-6)
    assert worst > 0.3


def test_rank_collapse() -> None:
    """lem-ar-dobrushin, thm-ar-collapse, ex-ar-collapse."""
    rng = np.random.default_rng(0)
    for scale in (0.2, 0.7, 2.0):
        X = rng.standard_normal((6, 3)) * scale
        for _ in range(4):
            A = rng.standard_normal((3, 3))
            A /= np.linalg.norm(A, 2)
            P, D = softmax(X @ A @ X.T), diameter(X)
            delta = np.abs(P[:, None] - P[None]).sum(axis=2).max() / 2
            assert diameter(P @ X) <= delta * D + 1e-15
            assert delta <= -np.expm1(-(D**2)) + 1e-15
            X = P @ X @ np.linalg.qr(rng.standard_normal((3, 3)))[0]
    assert pytest.approx(4e-25, rel=0.05) == (1 / 2) ** 81


def test_gradient_descent_in_context() -> None:
    """thm-ar-incontext, ex-ar-incontext."""
    rng = np.random.default_rng(0)
    N, d, eta = 5, 3, 0.4
    x, y = rng.standard_normal((N + 1, d)), rng.standard_normal(N)
    Z = np.column_stack([x, np.append(y, 0)])
    B, V = np.diag([1.0] * d + [0]), -eta / N * np.diag([0.0] * d + [1])
    w = np.zeros(d)
    for _ in range(4):
        Z = Z + (Z @ B @ Z[:N].T) @ (Z[:N] @ V.T)
        w = w - eta / N * x[:N].T @ (x[:N] @ w - y)
        assert np.allclose(Z[:, :d], x)
        assert np.allclose(Z[:N, d], y - x[:N] @ w)
        assert Z[N, d] == pytest.approx(-x[N] @ w)
    a, b = np.array([1.0, 2, -1, 3]), np.array([2.0, 3, -1, 0])
    b = b - 0.5 / 3 * a * (b[:3] @ a[:3])
    assert b.tolist() == pytest.approx([0.5, 0, 0.5, -4.5])
    assert b[:3] @ a[:3] == pytest.approx(0)


def test_states_forget() -> None:
    """thm-ar-fading."""
    rng = np.random.default_rng(0)
    W, U = rng.standard_normal((4, 4)), rng.standard_normal((4, 2))
    W *= 0.6 / np.linalg.norm(W, 2)
    kappa = np.linalg.norm(U, 2)
    x, z = rng.standard_normal((2, 15, 2))

    def run(h: np.ndarray, inputs: np.ndarray) -> np.ndarray:
        for u in inputs:
            h = np.tanh(W @ h + U @ u)
        return h

    h, g = rng.standard_normal((2, 4))
    bound = 0.6**15 * np.linalg.norm(h - g)
    bound += kappa * sum(0.6 ** (14 - t) * np.linalg.norm(x[t] - z[t]) for t in range(15))
    assert np.linalg.norm(run(h, x) - run(g, z)) <= bound
    M = max(np.linalg.norm(np.tanh(U @ u)) for u in x)
    full = run(np.zeros(4), x)
    assert np.linalg.norm(full) <= M / 0.4
    for m in range(1, 16):
        assert np.linalg.norm(full - run(np.zeros(4), x[-m:])) <= 0.6**m * M / 0.4


def test_state_space_models() -> None:
    """prop-ar-ssm and the numbers after it."""
    rng = np.random.default_rng(0)
    lam, b, c = np.array([0.9, 0.5, 0.2]), rng.random(3), rng.random(3)
    x, h = rng.standard_normal(30), np.zeros(3)
    K = np.array([np.sum(c * lam**s * b) for s in range(400)])
    for t in range(30):
        h = lam * h + b * x[t]
        assert c @ h == pytest.approx(np.sum(K[: t + 1] * x[t::-1]))
    assert K.sum() == pytest.approx(np.sum(c * b / (1 - lam)))
    A, taps = np.eye(4, k=-1), rng.standard_normal(4)
    found = [taps @ np.linalg.matrix_power(A, s) @ np.eye(4)[0] for s in range(6)]
    assert np.allclose(found, [*taps, 0, 0])
    assert 0.99**459 < 0.01 < 0.99**458


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
