"""The chapter on implicit bias: networks, factorizations and flat minima, with their problems."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp
from scipy.optimize import linprog, root

from tests.content.bank import Topic
from tests.content.margins import flow, separable

TOPIC = Topic("implicit-bias")


def test_diagonal_network_is_a_mirror_flow():
    """thm-ib-hypentropy: the limit of the flow against the minimizer of the hypentropy."""
    x, y, alpha = np.array([[1.0, 2, -1], [0.5, -1, 2]]), np.array([1.0, 2]), 0.4

    def field(state: np.ndarray) -> np.ndarray:
        u, v = state[:3], state[3:]
        g = x.T @ (x @ (u**2 - v**2) - y)
        return np.concatenate([-2 * u * g, 2 * v * g])

    end = flow(field, [alpha] * 6, 60)
    assert end[:3] * end[3:] == pytest.approx(np.full(3, alpha**2))
    w, beta = end[:3] ** 2 - end[3:] ** 2, 2 * alpha**2
    kernel = np.cross(x[0], x[1])
    assert x @ w == pytest.approx(y)
    assert np.arcsinh(w / beta) @ kernel == pytest.approx(0, abs=1e-6)


def interpolant(x: np.ndarray, y: np.ndarray, beta: float) -> np.ndarray:
    """The minimizer of the hypentropy over the solutions, by continuation in beta."""
    level = 100.0
    nu = np.linalg.solve(x @ x.T, y) / level
    while True:
        found = root(
            lambda nu, s=level: x @ (s * np.sinh(x.T @ nu)) - y,
            nu,
            jac=lambda nu, s=level: (x * (s * np.cosh(x.T @ nu))) @ x.T,
            tol=1e-12,
        )
        nu = found.x
        assert x @ (level * np.sinh(x.T @ nu)) == pytest.approx(y, abs=1e-8)
        if level == beta:
            return beta * np.sinh(x.T @ nu)
        level = max(beta, level * 0.8)


@pytest.mark.parametrize("seed", range(3))
def test_two_regimes(seed):
    """thm-ib-regimes."""
    rng = np.random.default_rng(seed)
    d = 6
    x, y = rng.standard_normal((2, d)), rng.standard_normal(2)
    sparse = linprog(np.ones(2 * d), A_eq=np.hstack([x, -x]), b_eq=y).fun
    shortest = np.linalg.pinv(x) @ y
    size = np.linalg.norm(shortest)
    for alpha in (0.3, 0.1, 0.01):
        if alpha**2 < sparse / (math.e * d):
            norm = np.abs(interpolant(x, y, 2 * alpha**2)).sum()
            slack = sparse * math.log(d) + 2 * alpha**2
            slack /= math.log(sparse / (math.e * d * alpha**2))
            assert sparse - 1e-9 <= norm <= sparse + slack
    for factor in (1, 2, 6):
        w = interpolant(x, y, 2 * factor * size)
        assert np.linalg.norm(w - shortest) <= size**3 / (20 * (factor * size) ** 2)


def test_bounds_of_the_hypentropy():
    """The proof of thm-ib-regimes, and the table of ex-ib-scale."""
    s = np.logspace(-3, 3, 2000)
    h = s * np.arcsinh(s) - np.sqrt(1 + s**2) + 1
    low = s * np.log(2 * s) - s
    assert np.all(low <= h + 1e-9)
    assert np.all(h <= low + 1 + 1e-9)
    assert np.all(h[s <= 1] >= 11 / 24 * s[s <= 1] ** 2 * (1 - 1e-6))
    assert np.all(np.abs(s - np.arcsinh(s)) <= s**3 / 6 + 1e-12)
    assert math.log(1 + math.sqrt(2)) - math.sqrt(2) + 1 > 0.46
    assert (12 / 11) ** 1.5 / 6 <= 1 / 5
    table = {
        10: (1.0, 2.0),
        2: (0.9939, 2.0031),
        1: (0.9247, 2.0376),
        0.1: (0.155, 2.4225),
        0.01: (0.0158, 2.4921),
        0.001: (0.0016, 2.4992),
    }
    for alpha, expected in table.items():
        w = interpolant(np.array([[1.0, 2.0]]), np.array([5.0]), 2 * alpha**2)
        assert w == pytest.approx(np.array(expected), abs=6e-5)


def test_conservation_laws():
    """thm-ib-conservation: invariants, and the singular values for a balanced start."""
    rng = np.random.default_rng(0)
    target = rng.standard_normal((2, 3))
    shapes = [(4, 3), (3, 4), (2, 3)]
    cuts = np.cumsum([a * b for a, b in shapes])[:-1]

    def factors(state: np.ndarray) -> list[np.ndarray]:
        return [p.reshape(s) for p, s in zip(np.split(state, cuts), shapes, strict=True)]

    def field(state: np.ndarray) -> np.ndarray:
        one, two, three = factors(state)
        g = three @ two @ one - target
        grads = [(three @ two).T @ g, three.T @ g @ one.T, g @ (two @ one).T]
        return -np.concatenate([p.ravel() for p in grads])

    def invariants(state: np.ndarray) -> np.ndarray:
        one, two, three = factors(state)
        parts = [two.T @ two - one @ one.T, three.T @ three - two @ two.T]
        return np.concatenate([p.ravel() for p in parts])

    start = 0.5 * rng.standard_normal(sum(a * b for a, b in shapes))
    assert invariants(flow(field, start.tolist(), 3)) == pytest.approx(invariants(start), abs=1e-6)
    a, b, c = (np.linalg.qr(rng.standard_normal((k, k)))[0] for k in (4, 3, 2))
    thin = np.zeros((3, 3))
    thin[:2, :2] = np.diag([0.7, 0.4])
    one = a @ np.vstack([thin, np.zeros((1, 3))]) @ b
    two = b @ np.hstack([thin, np.zeros((3, 1))]) @ a.T
    three = c @ thin[:2] @ b.T
    balanced = np.concatenate([m.ravel() for m in (one, two, three)])
    assert invariants(balanced) == pytest.approx(np.zeros(25), abs=1e-12)
    one, two, three = factors(flow(field, balanced.tolist(), 2))
    values = np.linalg.svd(one, compute_uv=False)[:2]
    product = np.linalg.svd(three @ two @ one, compute_uv=False)
    assert product == pytest.approx(values**3, abs=1e-6)


def test_incremental_learning():
    """thm-ib-incremental, eq-ib-incremental, ex-ib-waves."""
    rng = np.random.default_rng(0)
    basis = np.linalg.qr(rng.standard_normal((3, 3)))[0]
    values = np.array([2.0, 0.7, 0.0])
    m, eps = basis @ np.diag(values) @ basis.T, 0.1

    def field(state: np.ndarray) -> np.ndarray:
        u = state.reshape(3, 3)
        return -((u @ u.T - m) @ u).ravel()

    for tau in (0.3, 1.0, 2.5):
        time = tau * math.log(1 / eps)
        u = flow(field, (eps * np.eye(3)).ravel().tolist(), time).reshape(3, 3)
        found = np.diag(basis.T @ u @ u.T @ basis)
        expected = [
            lam / (1 + (lam / eps**2 - 1) * math.exp(-2 * lam * time)) for lam in values[:2]
        ]
        expected.append(eps**2 / (1 + 2 * eps**2 * time))
        assert found == pytest.approx(np.array(expected), rel=1e-5)
        assert np.all(found <= eps ** (2 - 2 * values * tau) * (1 + 1e-6))
        assert np.all(values - found <= values**2 * eps ** (2 * values * tau - 2) + 1e-6 + eps**2)
    waves = [math.log(lam * 1e6 - 1) / (2 * lam) for lam in (3, 1, 0.5)]
    assert waves == pytest.approx([2.49, 6.91, 13.12], abs=0.005)
    assert 9e6 * math.exp(-27) < 2e-5
    assert 1e-6 * math.exp(9) < 0.0082
    assert 1e-6 * math.exp(4.5) < 1e-4


def test_smoothed_margin_increases():
    """thm-ib-smoothed for a network with squared rectifiers (L = 3)."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal((5, 2))
    label = np.array([1, 1, -1, 1, -1])

    def parts(state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        a, w = state[:9], state[9:].reshape(9, 2)
        hidden = np.maximum(x @ w.T, 0)
        m = label * (hidden**2 @ a)
        pull = np.exp(-m) * label / 5
        slope = (2 * hidden * a * pull[:, None]).T @ x
        return m, np.concatenate([pull @ hidden**2, slope.ravel()])

    found = solve_ivp(
        lambda _, s: parts(s)[1],
        (0, 2000),
        rng.standard_normal(27) * 0.8,
        rtol=1e-9,
        atol=1e-11,
        method="LSODA",
    )
    margins, gaps = [], []
    for state in found.y.T:
        m, size = parts(state)[0], np.linalg.norm(state) ** 3
        if np.exp(-m).sum() < 1:
            margins.append(-math.log(np.exp(-m).sum()) / size)
            gaps.append(m.min() / size - margins[-1] - math.log(5) / size)
    assert len(margins) > 50
    assert np.all(np.diff(margins) >= -1e-9)
    assert max(gaps) <= 1e-12
    assert margins[-1] > 1.05 * margins[0]


def test_margins_of_diagonal_networks():
    """prop-ib-l1-margin, and the conserved quantity of ex-ib-kkt."""
    z = separable(1)
    d = z.shape[1]
    lp = linprog(np.ones(2 * d), A_ub=np.hstack([-z, z]), b_ub=-np.ones(len(z)))
    rng = np.random.default_rng(0)
    theta = rng.standard_normal((20000, 2 * d))
    w = theta[:, :d] ** 2 - theta[:, d:] ** 2
    margins = (w @ z.T).min(axis=1) / np.sum(theta**2, axis=1)
    assert 0.7 / lp.fun < margins.max() <= 1 / lp.fun
    s = flow(
        lambda s: np.array([2, 4]) * s * math.exp(-(s[0] ** 2) - 2 * s[1] ** 2), [0.6, 0.2], 500
    )
    assert s[1] / s[0] ** 2 == pytest.approx(0.2 / 0.36)
    assert (s[0] ** 2 + 2 * s[1] ** 2) / (s @ s) > 1.3


def descend(u: float, v: float, alpha: float, steps: int) -> tuple[float, float]:
    for _ in range(steps):
        r = u * v - 1
        u, v = u - alpha * r * v, v - alpha * r * u
    return u, v


def test_stability_of_minima():
    """thm-ib-stability, ex-ib-product."""
    u, v = descend(2.5, 0.5, 0.4, 2000)
    assert (u, v) == pytest.approx((1.737, 0.576), abs=6e-4)
    assert u * u + v * v == pytest.approx(3.35, abs=0.01)
    assert math.sqrt(40) == pytest.approx(6.32, abs=0.005)
    for sharp, stays in [(4.8, True), (5.2, False)]:
        p = math.sqrt((sharp + math.sqrt(sharp**2 - 4)) / 2)
        a, b = descend(p + 1e-7 / p, 1 / p + 1e-7 * p, 0.4, 300)
        assert (math.hypot(a - p, b - 1 / p) < 1e-5) == stays


def test_stability_in_the_mean_square():
    """thm-ib-sgd-stability and ex-ib-uniform, by the exact recursion of second moments."""
    rng = np.random.default_rng(0)
    for _ in range(20):
        roots = rng.standard_normal((4, 3, 2))
        h = roots @ roots.transpose(0, 2, 1)
        mean = h.mean(axis=0)
        second = (h @ h).mean(axis=0)
        for b in (1, 3):
            noise = mean @ mean + (second - mean @ mean) / b
            best = np.linalg.cholesky(mean)
            whitened = np.linalg.solve(best, np.linalg.solve(best, noise).T)
            alpha = 2 / np.linalg.eigvalsh(whitened).max()
            assert alpha * np.linalg.eigvalsh(mean).max() <= 2 + 1e-9
            c = np.eye(3)
            for _ in range(10):
                lead = np.eye(3) - alpha * mean
                spread = sum((k - mean) @ c @ (k - mean) for k in h) / 4
                following = lead @ c @ lead + alpha**2 / b * spread
                assert np.trace(following) <= np.trace(c) * (1 + 1e-9)
                c = following
    for h, b, largest in [
        ([1, 1], 1, 2),
        ([2, 0], 1, 1),
        ([2, 0], 4, 1.6),
        ([5] + [0] * 4, 1, 0.4),
    ]:
        for alpha in (largest - 0.01, largest + 0.01):
            factor = (1 - alpha * np.mean(h)) ** 2 + alpha**2 * np.var(h) / b
            assert (factor <= 1) == (alpha < largest)


def test_label_noise():
    """prop-ib-label-noise: invariants on random paths, and the rate of the mean."""
    rng = np.random.default_rng(0)
    sigma = 0.125
    u, v = np.full(400, 1.5), np.full(400, 0.5)
    start = u[0] ** 2 - v[0] ** 2
    alpha = 1 / (start + 3)
    before = np.abs(u**2 - v**2)
    for k in range(1, 3001):
        r = u * v - 1 - sigma * rng.choice([-1, 1], 400)
        u, v = u - alpha * r * v, v - alpha * r * u
        after = u**2 - v**2
        assert np.all(np.abs(u * v - 1) <= 0.5)
        assert np.all(np.abs(after) <= before * (1 + 1e-12))
        before = np.abs(after)
        if k % 500 == 0:
            assert before.mean() <= (1 - (alpha * sigma) ** 2) ** k * start
    assert before.max() < start / 4


def test_answers_on_stable_steps_and_waves():
    """The problems ib-largest-stable-step and ib-second-wave."""
    u, v = sp.symbols("u v")
    for p, answer in TOPIC.draws("ib-largest-stable-step"):
        f = (u * v - p["m"]) ** 2 / 2
        hessian = sp.hessian(f, (u, v)).subs({u: p["p"], v: p["q"]})
        assert 2 / max(hessian.eigenvals()) == answer < p["flat"] == 2 / (2 * p["m"])
    for p, answer in TOPIC.draws("ib-second-wave"):
        lam = float(p["l"])
        end = flow(lambda s, lam=lam: -(s**2 - lam) * s, [float(p["eps"])], float(answer))
        assert end[0] ** 2 == pytest.approx(lam * (1 - 1 / float(p["k"])), rel=1e-5)


def test_answers_on_diagonal_networks():
    """The problem ib-diagonal-network-limit (thm-ib-hypentropy), by the flow of (u, v)."""
    for p, answer in TOPIC.draws("ib-diagonal-network-limit"):
        y, alpha = float(p["y"]), float(p["alpha"])

        def field(s: np.ndarray, y: float = y) -> np.ndarray:
            g = np.array([1, 2]) * (s[0] ** 2 - s[2] ** 2 + 2 * (s[1] ** 2 - s[3] ** 2) - y)
            return np.concatenate([-2 * s[:2] * g, 2 * s[2:] * g])

        s = flow(field, [alpha] * 4, 60)
        assert s[1] ** 2 - s[3] ** 2 == pytest.approx(float(answer), rel=1e-5)
        assert s[0] ** 2 - s[2] ** 2 == pytest.approx(float(p["w1"]), rel=1e-5)
        assert p["w1"] + p["w2"] - p["y"] / 2 == p["excess"]
        assert p["w2"] / p["w1"] == p["ratio"]


def test_answers_on_batches():
    """The problem ib-smallest-batch (thm-ib-sgd-stability)."""
    for p, answer in TOPIC.draws("ib-smallest-batch"):
        h = sp.Matrix([p["h"]] + [0] * (int(p["p"]) - 1))
        mean = sum(h) / p["p"]
        second = sum(k**2 for k in h) / p["p"]

        def factor(alpha: sp.Expr, b: int, mean: sp.Expr = mean, second: sp.Expr = second):
            return 1 - 2 * alpha * mean + alpha**2 * (mean**2 + (second - mean**2) / b)

        assert (p["mu"], p["var"]) == (mean, second - mean**2)
        assert factor(p["sgd"], 1) == 1
        assert (1 - p["gd"] * mean) ** 2 == 1
        stable = [b for b in range(1, 60) if factor(p["alpha"], b) <= 1]
        assert stable[0] == answer
        assert p["alpha"] * mean == p["am"]
        assert p["var"] == (p["p"] - 1) * mean**2


def test_answers_on_the_flow_on_a_product():
    """The problem ib-flow-on-a-product (thm-ib-conservation)."""
    for p, answer in TOPIC.draws("ib-flow-on-a-product"):
        m = float(p["m"])
        end = flow(lambda s, m=m: -(s[0] * s[1] - m) * s[::-1], [float(p["p"]), 0], 40)
        assert end @ end == pytest.approx(float(answer), rel=1e-6)
        assert end[0] * end[1] == pytest.approx(m)
        assert answer > p["flat"]


def test_learning_one_direction():
    """The problem ib-rank-one-factor."""
    rng = np.random.default_rng(0)
    basis, values, eps = np.linalg.qr(rng.standard_normal((3, 3)))[0], np.array([2.0, 1, 0.5]), 1e-2
    m, v = basis @ np.diag(values) @ basis.T, np.ones(3) / math.sqrt(3)
    a = basis.T @ v
    for time in (0.5, 2.0, 4.0):
        u = flow(lambda u: m @ u - (u @ u) * u, (eps * v).tolist(), time)
        scale = 1 + eps**2 * np.sum(a**2 / values * np.expm1(2 * values * time))
        exact = basis @ (eps * a * np.exp(values * time)) / math.sqrt(scale)
        assert u == pytest.approx(exact, rel=1e-5, abs=1e-8)
