"""The chapter on double descent and its problems: all numbers, recomputed."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic

TOPIC = Topic("double-descent")


def exact(n: int, p: int, alpha: float, beta: float, noise: float) -> float:
    """The formulas of thm-dd-exact; alpha and beta are the signals used and left out."""
    v = noise + beta
    if p <= n - 2:
        return beta + v * p / (n - p - 1)
    if p >= n + 2:
        return beta + alpha * (1 - n / p) + v * n / (p - n - 1)
    return math.inf


def limit(lam: float, gamma: float) -> float:
    """The solution of eq-dd-self-consistent by bisection."""
    low, high = 0.0, gamma / lam
    for _ in range(200):
        middle = (low + high) / 2
        if lam * middle + middle / (1 + middle) < gamma:
            low = middle
        else:
            high = middle
    return low


def interpolant(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.linalg.lstsq(x, y, rcond=None)[0]


def variance(mu: np.ndarray, n: int, rng: np.random.Generator) -> float:
    """V / sigma^2 for one draw of independent features with variances mu."""
    x = rng.standard_normal((n, len(mu))) * np.sqrt(mu)
    return float(np.sum(np.linalg.solve(x @ x.T, x) ** 2 * mu))


@pytest.mark.parametrize("p", [4, 10, 30, 45])
def test_exact_risk_by_simulation(p):
    """thm-dd-exact with n = 20 and d = 45."""
    rng = np.random.default_rng(0)
    n, d, runs = 20, 45, 500
    w = np.linspace(1, 0, d)
    w /= np.linalg.norm(w)
    errors = []
    for _ in range(runs):
        x = rng.standard_normal((n, d))
        a = np.zeros(d)
        a[:p] = interpolant(x[:, :p], x @ w + 0.5 * rng.standard_normal(n))
        errors.append(np.sum((a - w) ** 2))
    expected = exact(n, p, np.sum(w[:p] ** 2), np.sum(w[p:] ** 2), 0.25)
    assert abs(np.mean(errors) - expected) <= 4 * np.std(errors) / math.sqrt(runs)


def test_the_tail_of_the_peak():
    """prop-dd-peak for p = n and for p = n + 1."""
    rng = np.random.default_rng(1)
    for n, p in ((6, 6), (6, 7)):
        x = rng.standard_normal((4000, n, p))
        v = np.sum(1 / np.linalg.svd(x, compute_uv=False) ** 2, axis=1)
        k = p - n + 1
        q = np.sum(rng.standard_normal((400000, k)) ** 2, axis=1)
        for t in (10.0, 100.0, 1000.0):
            share = np.mean(v >= t)
            assert np.mean(q <= 1 / t) <= share + 0.01
            assert share <= n * np.mean(q <= n / t) + 0.01
            if k == 1:
                assert share + 0.01 >= 0.5 / math.sqrt(t)


def test_numbers_around_the_threshold():
    """ex-dd-values, cor-dd-limit."""
    found = [exact(40, p, 1, 0, 0.25) for p in (10, 36, 38, 42, 44, 60, 82, 400)]
    values = [0.086, 3.0, 9.5, 10.05, 3.42, 0.86, 0.756, 0.93]
    assert found == pytest.approx(values, abs=6e-3)
    assert min(range(42, 400), key=lambda p: exact(40, p, 1, 0, 0.25)) == 82
    n = 10**6
    assert exact(n, n // 2, 1, 0, 0.25) == pytest.approx(0.25, rel=1e-4)
    assert exact(n, 3 * n, 1, 0, 0.25) == pytest.approx(2 / 3 + 0.125, rel=1e-4)


def test_all_features_are_best():
    """thm-dd-all-features, ex-dd-order; for each p the minimum and the monotonicity."""
    for n, d, noise in [(40, 80, 0.05), (10, 12, 0.2), (10, 40, 0.6), (10, 40, 0.9), (5, 9, 0.0)]:
        risk = [exact(n, p, p / d, 1 - p / d, noise) for p in range(d + 1)]
        assert np.all(np.diff(risk[: n - 1]) > 0)
        assert np.all(np.diff(risk[n + 2 :]) < 0)
        beyond = risk[d] <= risk[0]
        assert beyond == (1 * (d - n - 1) >= noise * d)
        assert int(np.argmin(risk)) == (d if beyond else 0)
    risk = [exact(40, p, p / 80, 1 - p / 80, 0.05) for p in (20, 38, 42, 80)]
    assert risk == pytest.approx([1.59, 22.4, 21.5, 0.55], rel=5e-3)
    c = np.cumsum(np.arange(1, 401.0) ** -2)
    c = np.concatenate([[0], c / c[-1]])
    risk = np.array([exact(40, p, c[p], 1 - c[p], 0.02) for p in range(401)])
    assert (int(np.argmin(risk)), 42 + int(np.argmin(risk[42:]))) == (15, 50)
    assert [risk[15], risk[50]] == pytest.approx([0.074, 0.344], abs=6e-4)


def test_tails_of_quadratic_forms():
    """lem-dd-quadratic."""
    rng = np.random.default_rng(2)
    a = np.array([3.0, 1, 1, 0.5, 0.1])
    forms = rng.standard_normal((200000, 5)) ** 2 @ a
    assert np.var(forms) == pytest.approx(2 * np.sum(a**2), rel=0.03)
    for x in (0.5, 1.0, 2.0, 3.0):
        level = 2 * math.sqrt(np.sum(a**2) * x) + 2 * a.max() * x
        assert np.mean(np.abs(forms - a.sum()) >= level) <= 2 * math.exp(-x)
    m = np.eye(4) + np.ones((4, 4))
    z = np.array([1.0, 2, 3, 4])
    left = np.linalg.solve(m + 0.7 * np.outer(z, z), z)
    right = np.linalg.solve(m, z)
    assert left == pytest.approx(right / (1 + 0.7 * z @ right))


@pytest.mark.parametrize(("n", "p"), [(50, 25), (60, 60), (40, 120)])
def test_the_self_consistent_equation(n, p):
    """thm-dd-mp, eq-dd-mp-error, and the closed form."""
    rng = np.random.default_rng(3)
    gamma = p / n
    for lam in (0.1, 1.0):
        t = limit(lam, gamma)
        b = gamma - 1 - lam
        assert t == pytest.approx((b + math.sqrt(b * b + 4 * lam * gamma)) / (2 * lam))
        squares = np.linalg.svd(rng.standard_normal((100, n, p)), compute_uv=False) ** 2 / n
        traces = (np.sum(1 / (squares + lam), axis=1) + max(p - n, 0) / lam) / n
        assert abs(np.mean(traces) - t) <= (2 + math.sqrt(2 * gamma)) / (lam**2 * math.sqrt(n))
        assert np.mean(traces) == pytest.approx(t, rel=0.03)
        assert np.var(traces) <= 1 / (n * lam**2)


@pytest.mark.parametrize("gamma", [0.3, 1.0, 2.5])
def test_marchenko_pastur_by_quadrature(gamma):
    """prop-dd-density: total mass, mean, variance and Stieltjes transform."""
    theta = (np.arange(20000) + 0.5) * math.pi / 20000
    x = 1 + gamma + 2 * math.sqrt(gamma) * np.cos(theta)
    weight = 2 * np.sin(theta) ** 2 / x / 20000
    atom = max(1 - 1 / gamma, 0)
    assert weight.sum() + atom == pytest.approx(1, abs=1e-4)
    assert np.sum(weight * x) == pytest.approx(1)
    assert np.sum(weight * x**2) == pytest.approx(1 + gamma)
    for lam in (0.2, 1.0, 5.0):
        transform = np.sum(weight / (x + lam)) + atom / lam
        assert transform == pytest.approx(limit(lam, gamma) / gamma, rel=1e-4)


def test_ridge_risk_and_its_best_penalty():
    """thm-dd-optimal-ridge, eq-dd-ridge-risk by a direct simulation of the estimate."""
    rng = np.random.default_rng(4)
    n, p, rho2, noise, runs = 12, 15, 2.0, 0.5, 3000
    w = np.full(p, math.sqrt(rho2 / p))
    best = noise * p / (n * rho2)
    x = rng.standard_normal((runs, n, p))
    xi = math.sqrt(noise) * rng.standard_normal((runs, n))
    s = np.einsum("kia,kib->kab", x, x) / n
    squares = np.linalg.eigvalsh(s)
    formula = []
    for lam in (best / 2, best, 2 * best):
        risks = np.sum((rho2 * lam**2 / p + noise / n * squares) / (squares + lam) ** 2, axis=1)
        rhs = np.einsum("kia,ki->ka", x, x @ w + xi) / n
        errors = np.linalg.solve(s + lam * np.eye(p), rhs[..., None])[..., 0] - w
        direct = np.sum(errors**2, axis=1)
        assert abs(np.mean(direct) - np.mean(risks)) <= 4 * np.std(direct) / math.sqrt(runs)
        formula.append(np.mean(risks))
    assert formula[1] < min(formula[0], formula[2])
    assert formula[1] == pytest.approx(noise / n * np.mean(np.sum(1 / (squares + best), axis=1)))


def test_no_double_descent_with_the_best_penalty():
    """thm-dd-monotone: (a) and (c) draw by draw, (b) for means, and the two forms of (c)."""
    rng = np.random.default_rng(5)
    x = rng.standard_normal((40, 30))
    kappa = 0.1 * 30
    traces = [np.trace(np.linalg.inv(x[:n].T @ x[:n] + kappa * np.eye(30))) for n in range(1, 41)]
    assert np.all(np.diff(traces) < 0)
    n, d, noise = 10, 30, 0.1
    risks = []
    for p in range(1, d + 1):
        k, kappa = x[:n, :p] @ x[:n, :p].T, d * (1 + noise) - p
        risks.append(1 - np.trace(k @ np.linalg.inv(k + kappa * np.eye(n))) / d)
        beta = 1 - p / d
        gram = x[:n, :p].T @ x[:n, :p] + kappa * np.eye(p)
        assert risks[-1] == pytest.approx(beta + (noise + beta) * np.trace(np.linalg.inv(gram)))
    assert np.all(np.diff(risks) < 0)
    means = []
    for p in (2, 6, 10, 14, 30):
        y = rng.standard_normal((400, n, p))
        squares = np.linalg.svd(y, compute_uv=False) ** 2
        kappa = noise * p
        zeros = max(p - n, 0) / kappa
        means.append(noise * (np.mean(np.sum(1 / (squares + kappa), axis=1)) + zeros))
    assert np.all(np.diff(means) > 0)
    assert means[-1] < 1


@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0])
def test_ridge_risk_in_the_limit(gamma):
    """thm-dd-ridge-limit, ex-dd-critical; the integral against the law as another route."""
    rho2, noise = 1.0, 0.25
    theta = (np.arange(40000) + 0.5) * math.pi / 40000
    x = 1 + gamma + 2 * math.sqrt(gamma) * np.cos(theta)
    weight = 2 * np.sin(theta) ** 2 / x / 40000
    atom = max(1 - 1 / gamma, 0)

    def risk(lam):
        t = limit(lam, gamma)
        below = 1 + lam * (1 + t) ** 2
        return noise * t / below + rho2 * lam**2 / gamma * t * (1 + t) ** 2 / below

    for lam in (0.1, 0.7):
        inside = np.sum(weight * (rho2 * lam**2 + noise * gamma * x) / (x + lam) ** 2)
        assert risk(lam) == pytest.approx(inside + atom * rho2, rel=1e-3)
    best = noise * gamma / rho2
    assert risk(best) == pytest.approx(noise * limit(best, gamma))
    assert risk(best) < min(risk(0.9 * best), risk(1.1 * best))
    if gamma < 1:
        assert risk(1e-7) == pytest.approx(noise * gamma / (1 - gamma), rel=1e-4)
    elif gamma > 1:
        ridgeless = rho2 * (1 - 1 / gamma) + noise / (gamma - 1)
        assert risk(1e-7) == pytest.approx(ridgeless, rel=1e-4)
    else:
        assert risk(best) == pytest.approx(0.39, abs=5e-3)
        assert risk(1e-6) == pytest.approx(noise / 2 * 1000, rel=0.01)


def test_more_data_can_hurt():
    """cor-dd-more-data, ex-dd-hurt."""
    risk = {n: exact(n, 60, 1, 0, 0.05) for n in range(1, 59)}
    assert min(risk, key=risk.get) == 46
    assert [risk[46], risk[57], exact(70, 60, 1, 0, 0.05)] == pytest.approx(
        [0.41, 1.475, 0.333], abs=6e-4
    )
    for n in range(1, 58):
        step = -1 / 60 + 0.05 * 59 / ((59 - n) * (58 - n))
        assert risk[n + 1] - risk[n] == pytest.approx(step)


def test_the_tail_is_a_ridge_penalty():
    """thm-dd-implicit-ridge on random instances."""
    rng = np.random.default_rng(6)
    for _ in range(20):
        head, tail = rng.standard_normal((8, 3)), rng.standard_normal((8, 400)) / 10
        y = rng.standard_normal(8)
        s = 4.0
        a = tail @ tail.T
        eps = np.linalg.norm(a - s * np.eye(8), 2) / s
        assert eps < 1
        w = interpolant(np.hstack([head, tail]), y)
        ridge = head.T @ np.linalg.solve(head @ head.T + s * np.eye(8), y)
        size = np.linalg.norm(y)
        gap = w[:3] - ridge
        assert np.linalg.norm(head @ gap) <= eps * size / (1 - eps)
        assert np.linalg.norm(gap) <= eps * size / (2 * (1 - eps) * math.sqrt(s))
        cov = rng.random(400)
        bound = np.linalg.norm((tail * cov) @ tail.T, 2) * size**2 / ((1 - eps) * s) ** 2
        assert np.sum(cov * w[3:] ** 2) <= bound


def test_concentration_of_the_tail():
    """lem-dd-concentration, and the constants of thm-dd-benign."""
    rng = np.random.default_rng(7)
    m, x = 4, 4 * math.log(9) + 2
    a = 1 / np.arange(1, 301.0) ** 0.5
    s, r, big_r = a.sum(), a.sum() / a.max(), a.sum() ** 2 / np.sum(a**2)
    z = rng.standard_normal((500, 300, m))
    forms = np.einsum("kja,j,kjb->kab", z, a, z) - s * np.eye(m)
    norms = np.abs(np.linalg.eigvalsh(forms)).max(axis=1)
    assert np.mean(norms >= s * (4 * math.sqrt(x / big_r) + 4 * x / r)) <= 2 * 9**m * math.exp(-x)
    assert 4 * math.sqrt(3 / 300) + 12 / 300 < 0.5
    assert math.log(9) - 3 <= -4 / 5
    assert math.log(9) / 400 - 1 / 100 <= -1 / 250
    assert 3 / (1 - 2 / 400) <= 4
    assert 3 + 1 / 300 <= 4


def test_upper_bound_of_benign_overfitting():
    """thm-dd-benign: the two deterministic steps of the proof, with a true event."""
    rng = np.random.default_rng(8)
    n, k, tail = 40, 3, 6000
    mu = np.concatenate([[5.0, 2, 1], np.full(tail, 0.01)])
    s = tail * 0.01
    z = rng.standard_normal((n, k + tail))
    x = z * np.sqrt(mu)
    a = x[:, k:] @ x[:, k:].T
    assert np.linalg.eigvalsh(a)[0] >= s / 2
    assert np.linalg.eigvalsh(a)[-1] <= 1.5 * s
    solved = np.linalg.solve(x @ x.T, x)
    terms = np.sum(solved**2, axis=0) * mu
    assert terms[:k].sum() <= 3 * np.trace(np.linalg.inv(z[:, :k].T @ z[:, :k]))
    assert np.all(terms[k:] <= 4 / s**2 * mu[k:] ** 2 * np.sum(z[:, k:] ** 2, axis=0))
    w = rng.standard_normal(k + tail)
    left = w - solved.T @ (x @ w)
    smallest = np.linalg.eigvalsh(z[:, :k].T @ z[:, :k])[0]
    bound = (1.5 * s / smallest + 0.01) * np.sum(w**2)
    assert np.sum(mu * left**2) <= bound


@pytest.mark.parametrize("spectrum", ["power", "geometric", "spikes", "flat"])
def test_lower_bound_of_the_variance(spectrum):
    """thm-dd-variance-lower, for every k."""
    rng = np.random.default_rng(9)
    n = 12
    mu = {
        "power": np.arange(1, 101.0) ** -2,
        "geometric": 0.5 ** np.arange(1, 25.0),
        "spikes": np.concatenate([np.ones(3), np.full(150, 0.01)]),
        "flat": np.ones(40),
    }[spectrum]
    found = np.mean([variance(mu, n, rng) for _ in range(300)])
    tails = np.concatenate([np.cumsum(mu[::-1])[::-1], [0]])
    bounds = [np.sum((1 + tails[k] / ((n - k - 2) * mu)) ** -2.0) / n for k in range(n - 2)]
    assert max(bounds) <= found
    assert max(bounds) >= 0.05 * found


def test_spectra():
    """ex-dd-spectra: the limits and the ranks."""
    n = 10**4
    assert 3 * n / n * (1 + 3 * n / (n - 2)) ** -2 == pytest.approx(3 / 16, rel=1e-3)
    for alpha in (1.5, 2.0, 4.0):
        for k in (0, 3, 50):
            j = np.arange(k + 1, 200000.0)
            assert np.sum((j / (k + 1)) ** -alpha) <= 1 + (k + 1) / (alpha - 1)
        k = n // 2 - 2
        bound = k / n * (1 + (1 + (k + 1) / (alpha - 1)) / (n - k - 2)) ** -2
        assert bound == pytest.approx(0.5 * ((alpha - 1) / alpha) ** 2, rel=0.01)
    tail = 2.0 ** -np.arange(1, 40)
    assert tail.sum() / tail[0] < 2
    assert tail.sum() ** 2 / np.sum(tail**2) < 3


def test_the_spiked_model():
    """prop-dd-spike (identities draw by draw, means), eq-dd-inverse-square, ex-dd-spike."""
    rng = np.random.default_rng(10)
    n, tail, ell, beta = 6, 20, 7.0, 0.8
    traces, squares, ratios = [], [], []
    for step in range(3000):
        z, g = rng.standard_normal(n), rng.standard_normal((n, tail))
        w = np.linalg.inv(g @ g.T)
        q, second = ell * z @ w @ z, z @ w @ w @ z
        traces.append(np.trace(w))
        squares.append(second)
        ratios.append(q)
        if step < 5:
            x = np.column_stack([math.sqrt(ell) * z, g])
            mu = np.concatenate([[ell], np.ones(tail)])
            solved = np.linalg.solve(x @ x.T, x)
            v = np.trace(w) + second * (ell * (ell - 1) / (1 + q) ** 2 - ell / (1 + q))
            assert np.sum(solved**2 * mu) == pytest.approx(v)
            left = -solved.T @ x[:, 0] * beta
            left[0] += beta
            assert np.sum(mu * left**2) == pytest.approx(beta**2 * (ell + q) / (1 + q) ** 2)
    assert np.mean(traces) == pytest.approx(n / (tail - n - 1), rel=0.02)
    mean = n * (tail - 1) / ((tail - n) * (tail - n - 1) * (tail - n - 3))
    assert np.mean(squares) == pytest.approx(mean, rel=0.05)
    assert np.mean(ratios) == pytest.approx(ell * n / (tail - n - 1), rel=0.04)
    found = [k * (k - 1) / (k - 1 + 100) ** 2 + 0.25 / (k - 1) for k in (2, 11, 101)]
    assert found == pytest.approx([0.250, 0.034, 0.255], abs=6e-4)


def test_classification_is_more_benign():
    """thm-dd-classification, eq-dd-angle, ex-dd-classification."""
    rng = np.random.default_rng(11)
    n, kappa, ell, flip = 150, 30, 40.0, 0.1
    z, g = rng.standard_normal(n), rng.standard_normal((n, kappa * n))
    x = np.column_stack([math.sqrt(ell) * z, g])
    y = np.sign(z) * np.where(rng.random(n) < flip, -1, 1)
    w = x.T @ np.linalg.solve(x @ x.T, y)
    assert np.all(np.sign(x @ w) == y)
    error = math.atan2(np.linalg.norm(w[1:]), math.sqrt(ell) * w[0]) / math.pi
    c = (1 - 2 * flip) * math.sqrt(2 / math.pi)
    assert error <= (math.sqrt(kappa - 1) / ell + 1 / math.sqrt(kappa - 1)) / (math.pi * c) + 0.02
    first = rng.standard_normal(100000)
    score = math.sqrt(ell) * w[0] * first + np.linalg.norm(w[1:]) * rng.standard_normal(100000)
    assert np.mean(np.sign(score) != np.sign(first)) == pytest.approx(error, abs=0.005)
    c = 0.8 * math.sqrt(2 / math.pi)
    assert c == pytest.approx(0.638, abs=5e-4)
    assert 0.11 / (math.pi * c) == pytest.approx(0.055, abs=5e-4)
    assert pytest.approx(0.83, abs=5e-3) == 10001 * 10000 / 11000**2


def test_answers_on_the_growing_model():
    """The problem dd-growing-model (thm-dd-all-features), from its general formula."""
    for p, answer in TOPIC.draws("dd-growing-model"):
        n, d, noise = int(p["n"]), int(p["d"]), Fraction(str(p["s2"]))

        def risk(used, n=n, d=d, noise=noise):
            left = 1 + noise - Fraction(used, d)
            if used < n:
                return left * Fraction(n - 1, n - 1 - used) - noise
            return 1 - Fraction(n, d) + left * Fraction(n, used - n - 1)

        assert risk(int(p["h"])) == Fraction(str(p["small"]))
        assert risk(d) == Fraction(str(answer))
        at = Fraction(str(p["thr"]))
        assert 1 - Fraction(n, d) + at * Fraction(n, d - n - 1) == 1


def test_answers_on_the_harmful_observation():
    """The problem dd-harmful-observation (cor-dd-more-data), by trying all n."""
    for p, answer in TOPIC.draws("dd-harmful-observation"):
        size, noise = int(p["p"]), Fraction(str(p["s2"]))
        risk = {
            n: 1 - Fraction(n, size) + noise * Fraction(n, size - n - 1) for n in range(1, size - 1)
        }
        least = min(risk.values())
        where = [n for n, value in risk.items() if value == least]
        assert where == [int(p["best"]), int(p["best"]) + 1]
        assert least == Fraction(str(answer))


def test_answers_on_ridge_at_the_threshold():
    """The problem dd-ridge-at-threshold (thm-dd-ridge-limit), by quadrature of the law."""
    theta = (np.arange(20000) + 0.5) * math.pi / 20000
    x = 2 + 2 * np.cos(theta)
    weight = (1 - np.cos(theta)) / 20000
    for p, answer in TOPIC.draws("dd-ridge-at-threshold"):
        lam, noise, b = float(p["lam"]), float(p["s2"]), float(p["b"])
        assert limit(lam, 1.0) == pytest.approx(float(p["t"]))
        value = np.sum(weight * (b * lam**2 + noise * x) / (x + lam) ** 2)
        assert value == pytest.approx(float(answer), rel=1e-4)
        assert p["var"] + p["bias"] == answer


def test_answers_on_the_geometric_spectrum():
    """The problem dd-geometric-spectrum (thm-dd-variance-lower), with long finite tails."""
    for p, answer in TOPIC.draws("dd-geometric-spectrum"):
        mu = float(p["q"]) ** np.arange(1, 80)
        for k in (0, 4):
            tail = mu[k:]
            assert tail.sum() / tail[0] == pytest.approx(float(p["rk"]))
            assert tail.sum() ** 2 / np.sum(tail**2) == pytest.approx(float(p["Rk"]))
        n = 13
        k = n - 3
        bound = np.sum((1 + mu[k:].sum() / mu) ** -2.0) / n
        assert float(answer) * (n - 3) / n <= bound
        assert (1 + mu[k:].sum() / mu[k]) ** -2 == pytest.approx(float(answer))


def test_answers_on_the_signal_to_noise_ratio():
    """The problem dd-signal-to-noise (prop-ls-overparametrized): equality at the threshold."""
    for p, answer in TOPIC.draws("dd-signal-to-noise"):
        n, size = int(p["n"]), int(p["p"])
        assert exact(n, size, float(answer), 0, 1) == pytest.approx(float(answer))
        large = 10**6
        assert float(p["lim"]) == pytest.approx(
            p["f"] * large / (p["f"] * large - large - 1), rel=1e-5
        )


def test_answers_on_the_edges_of_the_spectrum():
    """The problem dd-spectral-edges (prop-dd-density): branch points of the transform."""
    lam = sp.symbols("lam")
    for p, answer in TOPIC.draws("dd-spectral-edges"):
        gamma = p["g"]
        roots = sorted(-r for r in sp.roots((gamma - 1 - lam) ** 2 + 4 * lam * gamma, lam))
        assert roots == [p["low"], p["high"]]
        assert roots[1] / roots[0] == answer
        if p["c"] > p["a"]:
            assert p["zero"] == 1 - 1 / gamma
        else:
            assert gamma < 1
