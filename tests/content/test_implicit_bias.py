"""The chapter on implicit bias: linear models, and the problems on them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import brentq, linprog, minimize

from tests.content.bank import Topic
from tests.content.margins import flow, max_margin, separable, softmin

TOPIC = Topic("implicit-bias")


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
                high = math.log(1 + 2 * rate * b2 * k) + 1
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


@pytest.mark.parametrize(
    ("normalized", "count", "peak", "height"),
    [(False, 1000, 819, 0.0925), (True, 3000, 22, 0.0928)],
)
def test_paths_of_the_figure(normalized, count, peak, height):
    """The description of fig-ib-directions: the paths cross the ray before the error rises."""
    z = np.array([[0.25, 2], [1.25, 0], [2, 1], [1.5, 2], [3, 0.2], [2.5, -0.5]])
    best, b2 = np.array([2, 1]) / math.sqrt(5), np.max(np.sum(z**2, axis=1))
    w, errors = np.zeros(2), []
    for _ in range(count):
        psi, p = softmin(z, w)
        w = w + p / b2 * (1 if normalized else math.exp(psi) / len(z))
        errors.append(np.linalg.norm(w / np.linalg.norm(w) - best))
    assert errors[0] == pytest.approx(0.043, abs=5e-4)
    assert min(errors[:10]) < 0.01
    assert int(np.argmax(errors)) + 1 == peak
    assert max(errors) == pytest.approx(height, abs=5e-4)
    assert not normalized or errors[-1] == pytest.approx(0.0013, abs=5e-5)


def test_the_doubled_point():
    """ex-ib-duplicate."""
    z = np.array([[1, 1], [1, 1], [1, -1.0]])
    w = flow(lambda w: z.T @ np.exp(-z @ w) / 3, [0, 0], 1e6)
    assert w == pytest.approx(np.array([13.757, 0.3466]), abs=1e-3)
    c = 2 * math.sqrt(2) / 3
    angles = [math.degrees(math.atan(math.log(2) / 2 / math.log(c * t))) for t in (1e6, 1e12)]
    assert angles == pytest.approx([1.44, 0.72], abs=0.005)


def test_early_stopping_against_the_penalty():
    """cor-ib-early for the logistic loss and data that are not separable."""
    z = separable(0)
    z[0] = -z[1:].mean(axis=0)

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


def test_answers_on_the_price_of_the_margin():
    """The problem ib-price-of-the-margin: the norm grows like log k with constant steps (here the
    margin is 1), so that k^m steps multiply it by m, and like k with normalized ones."""
    z = np.array([[1.0, 0.5], [1.0, -1.0], [2.0, 1.0]])
    b2 = np.max(np.sum(z**2, axis=1))

    def norms(steps: int, normalized: bool) -> np.ndarray:
        w, found = np.zeros(2), []
        for _ in range(steps):
            psi, p = softmin(z, w)
            w = w + p / b2 * (1 if normalized else math.exp(psi) / len(z))
            found.append(np.linalg.norm(w))
        return np.array(found)

    plain, fast = norms(10000, False), norms(10000, True)
    for p, _ in TOPIC.draws("ib-price-of-the-margin"):
        m = int(p["m"])
        assert fast[m * 2000 - 1] / fast[1999] == pytest.approx(m, rel=0.02)
        assert plain[m * 2000 - 1] - plain[1999] == pytest.approx(math.log(m), rel=0.04)


def test_coordinate_descent_maximizes_the_other_margin():
    """The problem ib-coordinate-descent-margin."""
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
