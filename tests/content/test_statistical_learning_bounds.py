"""The chapter on statistical learning bounds and its problems: constants and all draws."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from tests.content.bank import Topic

TOPIC = Topic("statistical-learning")


def kl(q: float, p: float) -> float:
    """The relative entropy of two coins, for 0 < p < 1."""
    first = q * math.log(q / p) if q > 0 else 0.0
    return first + ((1 - q) * math.log((1 - q) / (1 - p)) if q < 1 else 0.0)


def upper(q: float, a: float) -> float:
    """The largest p with kl(q, p) <= a, by bisection."""
    low, high = q, 1 - 1e-13
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if kl(q, middle) <= a else (low, middle)
    return low


def pmf(n: int, p: float) -> np.ndarray:
    """The probabilities of 0, ..., n successes."""
    return np.array([math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)])


def test_binary_relative_entropy() -> None:
    """lem-sl-kl, parts 1, 2 and 3."""
    s = np.linspace(-40, 40, 160001)
    for q, p in itertools.product((0.0, 0.05, 0.4, 0.9), (0.05, 0.3, 0.8)):
        dual = np.max(s * q - np.log(1 - p + p * np.exp(s)))
        assert dual == pytest.approx(kl(q, p), abs=1e-5)
        assert kl(q, p) >= 2 * (p - q) ** 2 - 1e-12
        if q <= p:
            assert kl(q, p) >= (p - q) ** 2 / (2 * p) - 1e-12
    for q, a in itertools.product((0.0, 0.01, 0.2, 0.5), (1e-4, 0.01, 0.3, 2.0)):
        assert upper(q, a) <= min(q + math.sqrt(a / 2), q + math.sqrt(2 * a * q) + 2 * a)
    assert upper(0, 0.7) == pytest.approx(1 - math.exp(-0.7))


def test_confidence_of_the_binomial_bound() -> None:
    """lem-sl-kl, part 4, exactly."""
    for n, p, delta in itertools.product((5, 40, 120), (0.03, 0.2, 0.7), (0.3, 0.05, 0.001)):
        fails = [t / n < p and kl(t / n, p) > math.log(1 / delta) / n + 1e-12 for t in range(n + 1)]
        assert pmf(n, p)[fails].sum() <= delta


def test_exponential_moment_of_pac_bayes() -> None:
    """thm-sl-pac-bayes: the bound n + 1, and the one by Maurer in the notes."""
    for n, p in itertools.product((1, 3, 20, 60), (0.01, 0.3, 0.5, 0.95)):
        law = pmf(n, p)
        moment = sum(law[t] * math.exp(n * kl(t / n, p)) for t in range(n + 1))
        assert moment == pytest.approx(sum(pmf(n, t / n)[t] for t in range(n + 1)), rel=1e-9)
        assert moment <= (n + 1) * (1 + 1e-12)
        assert moment <= 2 * math.sqrt(n) * (1 + 1e-12)
    for n in range(1, 9):
        assert sum(pmf(n, t / n)[t] for t in range(n + 1)) <= 2 * math.sqrt(n) * (1 + 1e-12)


def test_numbers_of_the_finite_class() -> None:
    """thm-sl-finite, ex-sl-conjunctions."""
    size = 3**20 + 1
    assert math.ceil(20 * math.log(size / 0.01)) == 532
    assert math.ceil(800 * math.log(2 * size / 0.01)) == 21817
    a = math.log(size / 0.01) / 5000
    assert round(0.01 + math.sqrt(2 * a * 0.01) + 2 * a, 4) == 0.0309
    assert round(upper(0.01, a), 4) == 0.0240
    assert round(0.01 + math.sqrt(a / 2), 4) == 0.0616


def test_double_sample_bound() -> None:
    """thm-sl-fast on half-lines with a uniform input, by simulation of the worst consistent one."""
    rng = np.random.default_rng(0)
    n, t, delta = 200, 0.6, 0.2
    x = rng.random((4000, n))
    left = np.where(x <= t, x, 0).max(axis=1)
    right = np.where(x > t, x, 1).min(axis=1)
    worst = np.maximum(t - left, right - t)
    bound = 2 / n * math.log2(2 * (2 * n + 1) / delta)
    assert np.quantile(worst, 1 - delta) <= bound
    for m, p in itertools.product((4, 20, 100), (0.1, 0.4, 1.0)):
        if m * p >= 4:
            law = pmf(m, p)
            assert law[np.arange(m + 1) <= m * p / 2].sum() <= 4 / (m * p + 4) <= 0.5


def test_sample_sizes_solve_the_inequalities() -> None:
    """lem-sl-solve, cor-sl-upper, ex-sl-threshold, ex-sl-constants."""
    for a, b in itertools.product((0.1, 1.0, 30.0), (-1.0, 0.0, 7.0)):
        x = 2 * a * math.log(2 * a / math.e) + 2 * b
        if x > 0:
            assert x >= a * math.log(x) + b - 1e-9
    for d, eps, delta in itertools.product((1, 7, 101), (0.9, 0.1, 0.01), (0.5, 0.01)):
        n = 6 / eps * (d * math.log(12 / eps) + math.log(2 / delta))
        assert 2 * n >= d
        assert 2 / n * (d * math.log2(2 * math.e * n / d) + math.log2(2 / delta)) <= eps
        n = 8 / eps**2 * (2 * d * math.log(3 / eps) + math.log(2 / delta))
        excess = math.sqrt(2 * d * math.log(math.e * n / d) / n)
        assert excess + math.sqrt(2 * math.log(2 / delta) / n) <= eps
    bounds = [2 / n * math.log2(200 * (2 * n + 1)) for n in (725, 726)]
    assert bounds[0] > 0.05 >= bounds[1]
    assert 0.95**90 <= 0.01 < 0.95**89
    assert math.ceil(120 * (math.log(240) + math.log(200))) == 1294
    assert math.ceil(120 * (101 * math.log(240) + math.log(40))) == 66869
    assert math.ceil(3200 * (202 * math.log(60) + math.log(40))) == 2658389
    assert math.floor(100 / (16 * 0.05)) + 1 == 126
    assert math.ceil(101 / (256 * 0.05**2)) == 158
    assert math.ceil((1 - 0.05**2) / 0.05**2 * math.log(1 / (4 * 0.05))) == 643


def test_agnostic_lower_bound_at_one_point() -> None:
    """thm-sl-lower-agnostic: Bayes error of a biased coin, and the constants."""
    for count, alpha in itertools.product((0, 1, 4, 25), (0.05, 0.2, 0.5)):
        plus, minus = pmf(count, (1 + alpha) / 2), pmf(count, (1 - alpha) / 2)
        assert np.minimum(plus, minus).sum() / 2 >= (1 - alpha**2) ** count / 4
    for d, n in [(1, 1), (3, 10), (50, 4000)]:
        alpha = math.sqrt(d / n) / 2
        bound = 3 / 32 * math.sqrt(d / n)
        assert alpha / 4 * (1 - alpha**2) ** (n / d) >= bound * (1 - 1e-12)
    for eps, delta in itertools.product((0.1, 0.3, 0.6), (0.1, 0.01)):
        count = math.floor((1 - eps**2) / eps**2 * math.log(1 / (4 * delta)))
        plus, minus = pmf(count, (1 + eps) / 2), pmf(count, (1 - eps) / 2)
        assert np.minimum(plus, minus).sum() / 2 >= delta


def test_realizable_lower_bound() -> None:
    """thm-sl-lower-realizable: the expected mass of the points that were not seen."""
    rng = np.random.default_rng(1)
    m, eps = 40, 0.05
    n = int(m / (16 * eps))
    masses = []
    for _ in range(500):
        seen = rng.integers(0, m, rng.binomial(n, 8 * eps))
        masses.append(8 * eps * (1 - len(np.unique(seen)) / m) / 2)
    exact = 4 * eps * (1 - 8 * eps / m) ** n
    assert np.mean(masses) == pytest.approx(exact, rel=0.02)
    assert exact >= 2 * eps


def test_numbers_of_the_test_set() -> None:
    """ex-sl-test-set, ex-sl-rectangles, ex-sl-pac-bayes, ex-sl-network-numbers."""
    a = math.log(20) / 10**4
    assert round(0.092 + math.sqrt(a / 2), 4) == 0.1042
    assert round(0.092 + math.sqrt(2 * a * 0.092) + 2 * a, 4) == 0.1
    assert round(upper(0.092, a), 4) == 0.0992
    many = math.log(1000) / 10**4
    assert round(0.092 + math.sqrt(many / 2), 4) == 0.1106
    assert round(upper(0.092, many), 4) == 0.1031
    assert round(math.sqrt(2 * math.log(2 * 50 / 0.05) / 10**4), 3) == 0.039
    vc = math.sqrt(2 * 785 * math.log(math.e * 60000 / 785) / 60000)
    assert round(vc + math.sqrt(math.log(20) / 120000), 3) == 0.379
    box = (math.log(math.comb(1000, 4)) + math.log(20)) / 996
    assert round(box, 4) == 0.0276
    assert round(2 / 1000 * (4 * math.log2(500 * math.e) + math.log2(40)), 4) == 0.0939
    a = (200 + math.log(20 * 10001)) / 10**4
    found = [0.05 + math.sqrt(a / 2), 0.05 + math.sqrt(0.1 * a) + 2 * a, upper(0.05, a)]
    assert found == pytest.approx([0.153, 0.139, 0.108], abs=5e-4)
    depth = 1 + 2 * math.sqrt(math.log(2))
    assert [round(2 * b**3 * depth / math.sqrt(50000), 2) for b in (3, 10)] == [0.64, 23.84]
    assert 2 * math.sqrt(2000) ** 3 * depth / math.sqrt(50000) > 2000


def test_change_of_measure() -> None:
    """lem-sl-change, thm-sl-gibbs."""
    rng = np.random.default_rng(2)
    p, f = rng.dirichlet(np.ones(6)), rng.normal(size=6)
    best = math.log(p @ np.exp(f))
    for _ in range(200):
        q = rng.dirichlet(np.ones(6))
        assert q @ f - q @ np.log(q / p) <= best
    gibbs = p * np.exp(f) / (p @ np.exp(f))
    assert gibbs @ f - gibbs @ np.log(gibbs / p) == pytest.approx(best)


def test_threshold_networks_and_regions() -> None:
    """thm-sl-threshold-network (last step), prop-sl-regions by random points."""
    for units in range(2, 200):
        theta = math.log2(math.e * units)
        xi = np.linspace(2 * theta, 20 * theta, 30)
        assert np.all(xi > np.log2(math.e * units * xi))
    assert round(2 * 78601 * math.log2(101 * math.e), -4) == 1270000
    rng = np.random.default_rng(3)
    for p, m in [(1, 5), (2, 6), (3, 5)]:
        w, b = rng.standard_normal((m, p)), 0.3 * rng.standard_normal(m)
        signs = 4 * rng.standard_normal((30000, p)) @ w.T + b > 0
        phi = sum(math.comb(m, i) for i in range(p + 1))
        assert phi * 0.8 <= len(np.unique(signs @ 2 ** np.arange(m))) <= phi


def test_contraction_inside_a_convex_function() -> None:
    """lem-sl-convex-contraction, for the positive part and exponentials."""
    rng = np.random.default_rng(4)
    signs = np.array(list(itertools.product((-1, 1), repeat=5)))
    for scale in (0.1, 1.0, 3.0):
        for _ in range(30):
            vectors = rng.standard_normal((7, 5))
            left = np.exp(scale * (signs @ np.maximum(vectors, 0).T).max(axis=1)).mean()
            assert left <= np.exp(scale * (signs @ vectors.T).max(axis=1)).mean()


def test_peeling_bound() -> None:
    """lem-sl-peeling and thm-sl-norm-bound for one hidden layer: a lower estimate stays below."""
    rng = np.random.default_rng(5)
    signs = np.array(list(itertools.product((-1, 1), repeat=6)))
    x = rng.standard_normal((6, 2))
    angle = np.linspace(0, 2 * math.pi, 2000)
    units = np.maximum(x @ np.array([np.cos(angle), np.sin(angle)]), 0)
    attained = np.abs(signs @ units).max(axis=1).mean()
    assert attained <= 2 * np.linalg.norm(signs @ x, axis=1).mean()
    radius = np.linalg.norm(x, axis=1).max()
    assert attained / 6 <= radius / math.sqrt(6) * min(2, 1 + math.sqrt(2 * math.log(2)))


def test_uniform_convergence_fails() -> None:
    """thm-sl-uniform-fails: one sample in the dimension of the theorem, and the moments."""
    rng = np.random.default_rng(6)
    n, eta = 12, 0.2
    dimension = math.ceil(64 * n * math.log(n / eta))
    z = rng.standard_normal((n, dimension))
    z /= np.linalg.norm(z, axis=1, keepdims=True)
    y = rng.choice([-1, 1], n)
    own = y * (z @ (y @ z))
    assert np.all(0.25 + own > 0)
    assert np.all(0.25 - own < 0)
    assert eta / n + 2 * n * (eta / n) ** 18 <= eta
    deviation = np.abs(np.arange(n + 1) / n - eta / n) @ pmf(n, eta / n)
    assert deviation <= math.sqrt(eta) / n
    assert math.ceil(6400 * math.log(10**4)) == 58947
    u = rng.standard_normal((200000, 8))
    first = u[:, 0] / np.linalg.norm(u, axis=1)
    for s in (1.0, 3.0):
        assert np.exp(s * first).mean() <= math.exp(s**2 / 16) * 1.005


def test_answers_on_conjunctions_and_boxes() -> None:
    """The problems sl-monotone-conjunctions and sl-box-compression."""
    for p, answer in TOPIC.draws("sl-monotone-conjunctions"):
        n, d, k, m = (int(p[key]) for key in ("n", "d", "k", "m"))
        assert 2**d * math.exp(-n / m) <= 2.0**-k < 2**d * math.exp(-(n - 1) / m)
        assert n - 1 < float(answer) <= n
    for p, answer in TOPIC.draws("sl-box-compression"):
        n, k = int(p["n"]), 2 * int(p["p"])
        choices = math.prod(range(n - k + 1, n + 1)) // math.factorial(k)
        failure = choices * math.exp(-float(answer) * (n - k))
        assert failure == pytest.approx(1 / float(p["m"]))


def test_answers_on_the_last_positive_example() -> None:
    """The problem sl-last-positive-example, by integrating over the law of the maximum."""
    node, weight = np.polynomial.legendre.leggauss(8)
    for p, answer in TOPIC.draws("sl-last-positive-example"):
        n, t = int(p["n"]), float(p["t"])
        x = t * (node + 1) / 2
        law = n * (1 - t + x) ** (n - 1) * weight * t / 2
        assert t * (1 - t) ** n + np.sum((t - x) * law) == pytest.approx(float(answer))
        N, k = int(p["N"]), int(p["k"])
        assert 0.9**N <= 2.0**-k < 0.9 ** (N - 1)
        assert 9 * k * math.log(2) <= N
    # The lower bound is for rules that know nothing of the inputs: between two examples of
    # different labels the midpoint is a better threshold, if the inputs are uniform.
    x = np.random.default_rng(7).random((20000, 16))
    middle = np.where(x <= 0.5, x, 0).max(axis=1) + np.where(x > 0.5, x, 1).min(axis=1)
    assert np.mean(np.abs(middle / 2 - 0.5) > 0.1) < 2**-3
    assert 9 * 3 * math.log(2) > 16


def test_answers_on_the_hold_out() -> None:
    """The problem sl-splitting-the-data (thm-sl-holdout)."""
    for p, answer in TOPIC.draws("sl-splitting-the-data"):
        M, m, c, v = (int(p[key]) for key in ("M", "m", "c", "nint"))

        def failure(v: float, M: int = M, m: int = m) -> float:
            return 2 * M * math.exp(-2 * v * (1 / (2 * m)) ** 2)

        assert failure(float(answer)) == pytest.approx(2.0**-c)
        assert failure(v) <= 2.0**-c < failure(v - 1)
        gap = float(p["gap"]) / math.sqrt(float(p["mean"]))
        assert gap == pytest.approx(1 / m)
        assert float(p["gap"]) == pytest.approx(math.sqrt(2 * math.log(M)) / 2)


def test_answers_on_the_uniform_posterior() -> None:
    """The problem sl-uniform-posterior (thm-sl-gibbs), minimized over a grid."""
    for p, answer in TOPIC.draws("sl-uniform-posterior"):
        entropy = math.log(int(p["N"]) / int(p["K"]))
        beta = float(p["beta"]) * np.linspace(0.2, 3, 2801)
        values = (entropy + int(p["c"]) * math.log(2)) / beta + beta / (8 * int(p["n"]))
        assert values.min() == pytest.approx(float(answer), rel=1e-6)
        assert float(beta[values.argmin()]) == pytest.approx(float(p["beta"]), rel=2e-3)
        assert float(answer) < float(p["single"])


def test_answers_on_regions_and_factors() -> None:
    """The problems sl-linear-pieces (prop-sl-regions) and sl-what-doubling-needs."""
    for p, answer in TOPIC.draws("sl-linear-pieces"):
        regions = 1
        for line in range(int(p["m"])):
            regions += line + 1
        assert regions ** int(p["k"]) == answer
    for p, correct, others in TOPIC.choices("sl-what-doubling-needs"):
        eps = np.array([1e-3, 1e-3 / int(p["k"])])
        sizes = np.array([5 / (16 * eps), 6 / (256 * eps**2)])
        assert [float(x) for x in correct] == pytest.approx(list(sizes[:, 1] / sizes[:, 0]))
        assert all(other != correct for other in others[:2])


def test_constants_of_two_proofs_in_the_bank() -> None:
    """The problems sl-massart-noise and sl-confidence-amplification."""
    for mu in (0.05, 0.4, 1.0):
        assert 2 / mu + 4 / 3 <= 10 / (3 * mu) + 1e-12
    p = np.linspace(0.001, 0.5, 500)
    t = 0.75 - p
    assert np.all(t**2 / (2 * (p + t / 3)) >= 3 / 56 - 1e-12)
    p = np.linspace(1, 30, 500)
    assert np.all((p - 0.75) ** 2 / (2 * p) >= 1 / 32 - 1e-12)
