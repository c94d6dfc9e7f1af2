"""Residual blocks, attention and recurrent networks: results and examples, recomputed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.content.equivariant_layers import CHAPTER, diameter, printed, softmax


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
    text = printed("ex-ar-dictionary")
    assert rf"8\log10^8={8 * math.log(1000**2 / 0.01):.1f}$" in text
    assert f"dimension ${math.ceil(8 * math.log(1000**2 / 0.01))}$" in text
    beta = math.ceil(2 * math.log(2 * 999 / 0.01))
    assert rf"less than $0.01$ for $\beta={beta}$" in text
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
    exponent, text = 1, printed("ex-ar-collapse")
    for layer in range(1, 5):
        exponent *= 3
        assert rf"$D_{layer}\le2^{{-{exponent}}}" in text
    assert rf"\approx{2.0**-exponent * 1e25:.0f}\cdot10^{{-25}}" in text
    for A, W in ((np.eye(3), -0.5 * np.eye(3)), rng.uniform(-0.28, 0.28, (2, 3, 3))):
        X = rng.standard_normal((6, 3))
        w = np.linalg.norm(W, 2)
        assert w < 1
        assert diameter(X + softmax(X @ A @ X.T) @ X @ W) >= (1 - w) * diameter(X)


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
    steps = next(t for t in range(1000) if 0.99**t < 0.01)
    assert f"after ${steps}$ steps" in CHAPTER
