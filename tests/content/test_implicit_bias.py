"""The chapter on implicit bias and its problems: all numbers, recomputed."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp
from scipy.optimize import brentq, linprog, minimize, root

from tests.content.bank import Topic

TOPIC = Topic("implicit-bias")


def flow(field: Callable[[np.ndarray], np.ndarray], start: list[float], end: float) -> np.ndarray:
    """The solution of w' = field(w) at the time ``end``."""
    found = solve_ivp(lambda _, w: field(w), (0, end), start, method="LSODA", rtol=1e-9, atol=1e-12)
    assert found.success
    return found.y[:, -1]


def softmin(z: np.ndarray, w: np.ndarray) -> tuple[float, np.ndarray]:
    """psi and p of eq-ib-softmax."""
    m = z @ w
    weights = np.exp(m.min() - m)
    return math.log(weights.sum()) - m.min(), z.T @ weights / weights.sum()


def max_margin(z: np.ndarray) -> tuple[float, np.ndarray]:
    """The margin and its direction from the problem with the constraints <w, z_i> >= 1."""
    found = minimize(
        lambda w: w @ w / 2,
        np.ones(z.shape[1]),
        jac=lambda w: w,
        constraints={"type": "ineq", "fun": lambda w: z @ w - 1, "jac": lambda w: z},
        options={"ftol": 1e-12, "maxiter": 500},
    )
    assert np.min(z @ found.x) > 1 - 1e-7
    return 1 / np.linalg.norm(found.x), found.x / np.linalg.norm(found.x)


def separable(seed: int, n: int = 12, d: int = 3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)) + np.array([2.5, 1, 0])[:d]


def test_three_methods_and_a_preconditioner():
    """ex-ib-three, ex-ib-precondition."""
    x = np.array([1.0, 2.0])
    rules = {
        (1, 2): lambda r: 0.1 * r * x,
        (0, 2.5): lambda r: 0.1 * r * np.array([0, 2]),
        (5 / 3, 5 / 3): lambda r: 0.1 * abs(r) * np.sign(r * x),
        (2.5, 1.25): lambda r: 0.1 * r * x / np.array([1, 4]),
    }
    for limit, rule in rules.items():
        w = np.zeros(2)
        for _ in range(300):
            w = w - rule(x @ w - 5)
        assert w == pytest.approx(np.array(limit), abs=1e-9)


def test_nearest_interpolant_for_another_loss():
    """thm-ib-nearest and eq-ib-distance: logarithm of cosh, with momentum and random batches."""
    rng = np.random.default_rng(1)
    x, y, start = rng.standard_normal((3, 6)), rng.standard_normal(3), rng.standard_normal(6)
    pinv = np.linalg.pinv(x)
    limit = pinv @ y + start - pinv @ x @ start
    smallest = np.linalg.svd(x, compute_uv=False)[-1]
    w, before = start.copy(), start.copy()
    for _ in range(6000):
        chosen = rng.random(3) < 0.7
        step = 0.05 * x[chosen].T @ np.tanh(x[chosen] @ w - y[chosen])
        w, before = w - step + 0.5 * (w - before), w
        assert np.linalg.norm(w - limit) <= np.linalg.norm(x @ w - y) / smallest + 1e-9
    assert w == pytest.approx(limit, abs=1e-8)


def test_sgd_with_interpolation():
    """cor-ib-sgd and ex-ib-sgd, by the exact second moments over all choices of the index."""
    x, y = np.array([[1.0, 0, 1], [0, 1, 1]]), np.array([1.0, 2])
    limit = np.linalg.pinv(x) @ y
    assert limit == pytest.approx(np.array([0, 1, 1]))
    projections = [np.eye(3) - np.outer(row, row) / 2 for row in x]
    moment = np.outer(limit, limit)
    for k in range(30):
        assert np.trace(moment) <= 2 * 0.75**k + 1e-12
        moment = sum(a @ moment @ a for a in projections) / 2
    other = np.array([0.0, 0, 3])
    kernel = np.array([1, 1, -1]) / math.sqrt(3)
    assert limit + (kernel @ other) * kernel == pytest.approx(np.array([-1, 0, 2]))


def test_mirror_descent_finds_the_projection():
    """thm-ib-mirror, prop-ib-mirror-rate (b) with phi = |w|^2/2 + sum of w^4/4."""
    rng = np.random.default_rng(2)
    x, start = rng.standard_normal((2, 5)), rng.standard_normal(5)
    y = rng.standard_normal(2)
    smooth = np.linalg.norm(x, 2) ** 2

    def inverse(theta: np.ndarray) -> np.ndarray:
        return np.array([brentq(lambda s, a=a: s + s**3 - a, -50, 50, xtol=1e-15) for a in theta])

    def divergence(u: np.ndarray, w: np.ndarray) -> float:
        def phi(v: np.ndarray) -> float:
            return np.sum(v**2 / 2 + v**4 / 4)

        return phi(u) - phi(w) - (w + w**3) @ (u - w)

    found = minimize(
        lambda w: divergence(w, start),
        np.linalg.pinv(x) @ y,
        constraints={"type": "eq", "fun": lambda w: x @ w - y},
        options={"ftol": 1e-14},
    ).x
    w = start
    for k in range(1, 500):
        w = inverse(w + w**3 - x.T @ (x @ w - y) / smooth)
        loss = np.sum((x @ w - y) ** 2) / 2
        assert loss <= smooth * divergence(found, start) / k + 1e-12
    assert w == pytest.approx(found, abs=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_margin_is_a_distance(seed):
    """lem-ib-margin and lem-ib-softmax."""
    z = separable(seed)
    gamma, direction = max_margin(z)
    hull = minimize(
        lambda q: np.sum((z.T @ q) ** 2),
        np.full(len(z), 1 / len(z)),
        bounds=[(0, 1)] * len(z),
        constraints={"type": "eq", "fun": lambda q: q.sum() - 1},
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert z.T @ hull.x == pytest.approx(gamma * direction, abs=1e-4)
    rng = np.random.default_rng(seed)
    for w in 3 * rng.standard_normal((50, 3)):
        psi, p = softmin(z, w)
        assert gamma - 1e-7 <= np.linalg.norm(p) <= np.linalg.norm(z, axis=1).max()
        assert (z @ w).min() - math.log(len(z)) <= -psi + 1e-12 <= (z @ w).min() + 2e-12


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("normalized", [False, True])
def test_gradient_descent_maximizes_the_margin(seed, normalized):
    """thm-ib-gd-margin, eq-ib-gd-margin, eq-ib-margin-additive, cor-ib-growth."""
    z = separable(seed)
    n, b2 = len(z), np.max(np.sum(z**2, axis=1))
    gamma, best = max_margin(z)
    w, last = np.zeros(3), np.inf
    for k in range(3000):
        psi, p = softmin(z, w)
        loss, size, log_n = math.exp(psi) / n, np.linalg.norm(w), math.log(n)
        assert np.linalg.norm(p) <= last + 1e-12
        last = np.linalg.norm(p)
        if k:
            assert (z @ w).min() >= gamma * size - 1 - log_n
            assert np.sum((w / size - best) ** 2) <= 2 * (1 + log_n) / (gamma * size)
            if normalized:
                assert size >= gamma * k / b2 - 1e-9
                assert psi - log_n <= -(gamma**2) * k / b2 + 1e-9
            else:
                rate = 1 / b2
                assert 1 / (1 + 2 * rate * b2 * k) <= loss <= 1 / (1 + rate * gamma**2 * k)
                low = math.log(1 + rate * gamma**2 * k) - log_n
                high = math.log(1 + 2 * rate * b2 * k) + 1 + log_n
                assert low <= gamma * size <= high
        w = w + p / b2 * (1 if normalized else loss)


@pytest.mark.parametrize("logistic", [False, True])
def test_residual_stays_bounded(logistic):
    """thm-ib-residual and lem-ib-balanced, for the data of fig-ib-directions."""
    z = np.array([[0.25, 2], [1.25, 0], [2, 1], [1.5, 2], [3, 0.2], [2.5, -0.5]])
    gamma, best = math.sqrt(1.25), np.array([2, 1]) / math.sqrt(5)
    assert max_margin(z)[1] == pytest.approx(best, abs=1e-6)
    heights = z @ best
    support = heights < gamma + 1e-9
    assert support.tolist() == [True, True, False, False, False, False]
    zeta = z - np.outer(heights, best)
    across = np.array([-best[1], best[0]])
    along = zeta @ across
    v = brentq(lambda s: np.sum(along[support] * np.exp(-s * along[support])), -10, 10) * across
    pull = np.exp(-zeta @ v)
    total = pull[support].sum()
    c, b = gamma**2 * total / len(z), np.linalg.norm(z, axis=1).max()
    delta = heights[~support].min() - gamma
    start = np.array([0.5, -1.0])
    bound = np.linalg.norm(start - v) + b * pull[~support].sum() / (gamma * delta * total)
    if logistic:
        bound += b * np.sum(pull[support] ** 2) / (gamma**2 * total)

    def field(w: np.ndarray) -> np.ndarray:
        weights = np.exp(-z @ w)
        return z.T @ (weights / (1 + weights) if logistic else weights) / len(z)

    for end in (0.1, 10, 1e3, 1e6):
        w = flow(field, start.tolist(), end)
        assert np.linalg.norm(w - math.log(1 + c * end) / gamma * best - v) <= bound


def test_the_doubled_point():
    """ex-ib-duplicate."""
    z = np.array([[1, 1], [1, 1], [1, -1.0]])
    w = flow(lambda w: z.T @ np.exp(-z @ w) / 3, [0, 0], 1e6)
    assert w == pytest.approx(np.array([13.757, 0.3466]), abs=1e-3)
    c = 2 * math.sqrt(2) / 3
    angles = [math.degrees(math.atan(math.log(2) / 2 / math.log(c * t))) for t in (1e6, 1e12)]
    assert angles == pytest.approx([1.44, 0.72], abs=0.005)


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


def test_early_stopping_against_the_penalty():
    """cor-ib-early for the logistic loss."""
    z = separable(0) * np.array([1, -1, 1])

    def loss(w: np.ndarray) -> float:
        return np.mean(np.log1p(np.exp(-z @ w)))

    for lam in (1.0, 0.1, 0.01):
        w = flow(lambda w: z.T @ (1 / (1 + np.exp(z @ w))) / len(z), [0, 0, 0], 1 / lam)
        best = minimize(lambda u, s=lam: loss(u) + s * (u @ u) / 2, np.zeros(3))
        u = best.x
        assert loss(w) <= best.fun + 1e-9
        assert np.sum((u - w) ** 2) / 2 <= u @ u / 2 + loss(u) / lam + 1e-9


def test_answers_on_limits_of_linear_methods():
    """The problems ib-nearest-to-the-start, ib-preconditioned-limit, ib-diagonal-preconditioner."""
    for p, _ in TOPIC.draws("ib-nearest-to-the-start"):
        a, c, w = int(p["a"]), int(p["c"]), np.array([float(p["s"]), 0])
        x = np.array([1, a])
        for _ in range(200):
            w = w - (x @ w - c) * x / (2 * (1 + a * a))
        assert w == pytest.approx([float(p["g1"]), float(p["g2"])])
        others = [(p["n1"], p["n2"]), (p["s"], p["l2"]), (p["h1"], p["h"])]
        assert all(q[0] + a * q[1] == c and q != (p["g1"], p["g2"]) for q in others)
    for p, answer in TOPIC.draws("ib-preconditioned-limit"):
        s = sp.symbols("s")
        form = (p["c"] - p["a"] * s) ** 2 + s**2 / p["p"]
        assert sp.solve(sp.diff(form, s), s) == [answer]
        assert p["w1"] + p["a"] * answer == p["c"]
    w = np.zeros(2)
    for _ in range(100):
        w = w - 0.2 * (w.sum() - 3) * np.array([1, 2])
    assert w == pytest.approx([1, 2])
    assert np.linalg.norm(w) > 3 / math.sqrt(2)


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


def test_answers_on_unequal_clusters():
    """The problem ib-unequal-clusters (thm-ib-residual)."""
    for p, answer in TOPIC.draws("ib-unequal-clusters"):
        m, a, b = int(p["m"]), int(p["a"]), int(p["b"])
        z = np.array([[1.0, a]] * m + [[1.0, -b]])
        found = max_margin(z)
        assert found[0] == pytest.approx(1)
        assert found[1] == pytest.approx([1, 0], abs=1e-6)
        assert p["qa"] * a == p["qb"] * b
        w = flow(lambda w, z=z: z.T @ np.exp(-z @ w) / len(z), [0, 0], 1e5)
        assert w[1] == pytest.approx(float(answer), abs=1e-3)
        assert answer != 0


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


def test_answers_of_the_proofs():
    """The problems ib-coordinate-descent-margin and ib-rank-one-factor; ib-price-of-the-margin."""
    z = separable(4) / 6
    assert np.abs(z).max() <= 1
    d = z.shape[1]
    gamma = 1 / linprog(np.ones(2 * d), A_ub=np.hstack([-z, z]), b_ub=-np.ones(len(z))).fun
    w, total, squares = np.zeros(d), 0.0, 0.0
    for k in range(1, 5000):
        _, p = softmin(z, w)
        j, step = int(np.argmax(np.abs(p))), k**-0.5
        assert abs(p[j]) >= gamma - 1e-9
        w[j] += step * np.sign(p[j])
        total, squares = total + step, squares + step**2
        bound = gamma - (math.log(len(z)) + squares / 2) / total
        if bound >= 0:
            assert (z @ w).min() / np.abs(w).sum() >= bound
    assert (z @ w).min() / np.abs(w).sum() > 0.8 * gamma

    rng = np.random.default_rng(0)
    basis, values, eps = np.linalg.qr(rng.standard_normal((3, 3)))[0], np.array([2.0, 1, 0.5]), 1e-2
    m, v = basis @ np.diag(values) @ basis.T, np.ones(3) / math.sqrt(3)
    a = basis.T @ v
    for time in (0.5, 2.0, 4.0):
        u = flow(lambda u: m @ u - (u @ u) * u, (eps * v).tolist(), time)
        scale = 1 + eps**2 * np.sum(a**2 / values * np.expm1(2 * values * time))
        exact = basis @ (eps * a * np.exp(values * time)) / math.sqrt(scale)
        assert u == pytest.approx(exact, rel=1e-5, abs=1e-8)
    for p, _ in TOPIC.draws("ib-price-of-the-margin"):
        m = int(p["m"])
        assert math.log(1000**m) / math.log(1000) == pytest.approx(m)
