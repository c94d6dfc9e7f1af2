"""The chapter on double descent: exact risks, spectra and ridge regression, recomputed."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic
from tests.content.double_descent_risks import exact, interpolant, limit

TOPIC = Topic("double-descent")


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
    assert min(range(42, 4000), key=lambda p: exact(40, p, 1, 0, 0.25)) == 82
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
    assert np.all(np.diff(risk[:16]) < 0)
    assert np.all(np.diff(risk[15:40]) > 0)
    assert np.all(np.diff(risk[42:51]) < 0)
    assert np.all(np.diff(risk[50:]) > 0)


def test_the_threshold_without_noise():
    """thm-dd-exact for v = 0: p = n - 1, n and n + 1."""
    rng = np.random.default_rng(12)
    n, runs = 6, 2000
    for p in (5, 6, 7):
        a = np.arange(1.0, p + 1)
        errors = []
        for _ in range(runs):
            x = rng.standard_normal((n, p))
            errors.append(np.sum((interpolant(x, x @ a) - a) ** 2))
        expected = exact(n, p, np.sum(a**2), 0, 0)
        assert abs(np.mean(errors) - expected) <= 4 * np.std(errors) / math.sqrt(runs) + 1e-9


def test_moments_of_the_law():
    """exr-dd-moments: expansion of t, and the second moment of S by simulation."""
    x, gamma = sp.symbols("x gamma", positive=True)
    b = gamma - 1 - 1 / x
    t = x / 2 * (b + sp.sqrt(b**2 + 4 * gamma / x)) / gamma
    root = sp.sqrt(((gamma - 1) * x - 1) ** 2 + 4 * gamma * x)
    assert sp.simplify(t - ((gamma - 1) * x - 1 + root) / (2 * gamma)) == 0
    series = sp.series((((gamma - 1) * x - 1) + root) / (2 * gamma), x, 0, 5).removeO()
    moments = [sp.expand((-1) ** k * series.coeff(x, k + 1)) for k in range(4)]
    assert [sp.simplify(m) for m in moments[:3]] == [1, 1, 1 + gamma]
    assert sp.simplify(moments[3] - (1 + 3 * gamma + gamma**2)) == 0
    rng = np.random.default_rng(13)
    n, p = 5, 3
    z = rng.standard_normal((20000, n, p))
    s = np.einsum("kia,kib->kab", z, z) / n
    second = np.mean(np.sum(s**2, axis=(1, 2))) / p
    assert second == pytest.approx(1 + (p + 1) / n, rel=0.02)


def test_averaging_two_halves():
    """exr-dd-two-halves: half the risk of one estimate, half its bias."""
    rng = np.random.default_rng(14)
    n, p, noise, runs = 12, 15, 0.5, 3000
    w = np.ones(p) / math.sqrt(p)
    errors = []
    for _ in range(runs):
        x = rng.standard_normal((n, p))
        y = x @ w + math.sqrt(noise) * rng.standard_normal(n)
        halves = interpolant(x[:6], y[:6]) + interpolant(x[6:], y[6:])
        errors.append(np.sum((halves / 2 - w) ** 2))
    bias = 1 - n / (2 * p)
    expected = (exact(n // 2, p, 1, 0, noise) + bias**2) / 2
    assert abs(np.mean(errors) - expected) <= 4 * np.std(errors) / math.sqrt(runs)
    assert expected < exact(n, p, 1, 0, noise)


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
