"""The chapter on the curse of dimensionality and its problems: all numbers, recomputed."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic

TOPIC = Topic("curse-of-dimensionality")


def binomial_pmf(n: int, p: float) -> np.ndarray:
    """The probabilities of 1, ..., n successes."""
    t = np.arange(1, n + 1)
    choose = [math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in t]
    if p == 1:
        return (t == n).astype(float)
    return np.exp(np.array(choose) + t * math.log(p) + (n - t) * math.log1p(-p))


def nearest(points: np.ndarray) -> np.ndarray:
    """The distance from each point to the nearest of the others."""
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    return distances.min(axis=1)


def volume(d: int) -> float:
    return math.pi ** (d / 2) / math.gamma(d / 2 + 1)


def test_noise_that_no_predictor_removes():
    """ex-cd-bayes, eq-cd-excess-classification."""
    x, s = sp.symbols("x s", positive=True)
    half = sp.Rational(1, 2)
    assert 2 * sp.integrate(x, (x, 0, half)) == sp.Rational(1, 4)
    assert sp.integrate(x * (1 - x), (x, 0, 1)) == sp.Rational(1, 6)
    assert sp.expand(sp.integrate(2 * x - 1, (x, half, half + s))) == s**2


def memorize(sample, point):
    return dict(sample).get(point, 0)


def majority(sample, point):
    return dict(sample).get(point, int(2 * sum(y for _, y in sample) > len(sample)))


def contrary(sample, point):
    return 1 - dict(sample).get(point, 0)


@pytest.mark.parametrize("rule", [memorize, majority, contrary])
def test_no_free_lunch_by_enumeration(rule):
    """thm-cd-no-free-lunch."""
    m, n = 4, 2
    wrong = sum(
        rule([(c, f[c]) for c in chosen], x) != f[x]
        for f in itertools.product((0, 1), repeat=m)
        for chosen in itertools.product(range(m), repeat=n)
        for x in range(m)
    )
    average, bound = wrong / (2**m * m ** (n + 1)), (1 - 1 / m) ** n / 2
    assert average >= bound - 1e-12
    assert (abs(average - bound) < 1e-12) == (rule is not contrary)


def test_thirty_boolean_features():
    """cor-cd-boolean and the figure after it; the last claim of thm-cd-no-free-lunch."""
    assert 1.4e9 < (2**30 - 1) * math.log(4) < 1.5e9
    for m in (2, 16, 1024):
        n = math.floor((m - 1) * math.log(4))
        assert (1 - 1 / m) ** n / 2 >= 1 / 8
    p = sp.symbols("p")
    assert sp.solve(sp.Eq(p + (1 - p) / 8, sp.Rational(1, 4)), p) == [sp.Rational(1, 7)]


def test_inverse_moments():
    """lem-cd-binomial."""
    for n, p in itertools.product((1, 2, 7, 50, 400), (0.001, 0.05, 0.3, 0.9, 1.0)):
        inverse = np.sum(binomial_pmf(n, p) / np.arange(1, n + 1))
        assert inverse <= 2 / ((n + 1) * p) + 1e-12
        assert p * (1 - p) ** n <= 1 / (math.e * n)


def errors(cells: int, n: int) -> tuple[float, float]:
    """Approximation and estimation error for X uniform, g(x) = 2|x - 1/3| and noise 1/2."""
    x = (np.arange(cells * 400) + 0.5) / (cells * 400)
    values = 2 * np.abs(x - 1 / 3).reshape(cells, 400)
    within, means = values.var(axis=1), values.mean(axis=1)
    inverse = np.sum(binomial_pmf(n, 1 / cells) / np.arange(1, n + 1))
    empty = (1 - 1 / cells) ** n
    return within.mean(), np.mean((0.25 + within) * inverse + means**2 * empty)


@pytest.mark.parametrize(("n", "best"), [(100, 7), (1000, 13)])
def test_errors_of_the_histogram(n, best):
    """fig-cd-histogram, thm-cd-histogram-rate with s = d = 1, M = 2 and B = 4/3."""
    total = {cells: sum(errors(cells, n)) for cells in range(1, 31)}
    assert min(total, key=total.get) == best
    constant = 2 * 0.25 + (4 / 3) ** 2 / math.e
    assert all(r <= constant * N / n + 0.75 * 4 / N**2 for N, r in total.items())
    choice = math.floor(n ** (1 / 3))
    assert total[choice] <= (constant + 0.75 * 4 * 4) * n ** (-2 / 3)


@pytest.mark.parametrize("d", [1, 2, 3, 10])
def test_balls_of_nearest_neighbours_fit_into_a_ball(d):
    """lem-cd-neighbour."""
    rng = np.random.default_rng(0)
    corners = np.array(list(itertools.product((0.0, 1.0), repeat=min(d, 7))))
    corners = np.pad(corners, ((0, 0), (0, d - corners.shape[1])))
    for points in (rng.random((60, d)), rng.random((60, d)) ** 6, corners):
        mean = np.mean(nearest(points) ** d)
        assert mean <= (4 * d) ** (d / 2) / len(points)
        if d >= 2:
            assert np.mean(nearest(points) ** 2) <= 4 * d * len(points) ** (-2 / d)


def test_choices_of_the_number_of_neighbours():
    """thm-cd-knn, eq-cd-knn-optimal, ex-cd-sample-size."""

    def bound(k, n, d, variance):
        return variance / k + 4 * d * (k / n) ** (2 / d)

    for d, n, variance in itertools.product((2, 3, 10), (1, 5, 1000, 10**7), (0.01, 1, 50)):
        rate = n ** (-2 / (d + 2))
        k = math.ceil(n ** (2 / (d + 2)))
        assert k <= n
        assert bound(k, n, d, variance) <= (variance + 8 * d) * rate * (1 + 1e-12)
        if n >= max((4 * d / variance) ** (d / 2), variance / (4 * d)):
            k = math.ceil((variance / (4 * d)) ** (d / (d + 2)) * n ** (2 / (d + 2)))
            best = (4 * d) ** (d / (d + 2)) * (variance / n) ** (2 / (d + 2))
            assert 1 <= k <= n
            assert bound(k, n, d, variance) <= 3 * best
    sizes = [(10 * (1 + 8 * d)) ** ((d + 2) / 2) for d in (2, 4, 10)]
    assert sizes == pytest.approx([28900, 3.6e7, 2.8e17], rel=0.02)


def test_energy_of_a_bump():
    """eq-cd-bump, and the last step of thm-cd-lower."""
    t, h = sp.symbols("t h", positive=True)
    for d in (1, 2, 3, 7):
        energy = sp.integrate(2 * t * (h - 2 * t) ** d, (t, 0, h / 2))
        assert sp.simplify(energy - h ** (d + 2) / (2 * (d + 1) * (d + 2))) == 0
        for n in (2 * (d + 1) * (d + 2), 1000, 10**6):
            ideal = (n / (2 * (d + 1) * (d + 2))) ** (1 / (d + 2))
            N = math.ceil(ideal - 1e-12)
            cell = N ** (-d - 2) / (2 * (d + 1) * (d + 2))
            found = N**d * cell * math.exp(-n * cell) / 2
            assert found >= n ** (-2 / (d + 2)) / (16 * math.e * (d + 1) * (d + 2))


def test_random_bumps_are_lipschitz():
    """thm-cd-lower, the family of functions."""
    rng = np.random.default_rng(0)
    N, d = 3, 2
    signs = rng.choice([-1, 1], (N,) * d)
    x, z = rng.random((20000, d)), rng.random((20000, d))
    z[:10000] = np.clip(x[:10000] + 0.05 * rng.standard_normal((10000, d)), 0, 1 - 1e-12)

    def g(x):
        cell = np.floor(N * x).astype(int)
        inside = np.minimum(x - cell / N, (cell + 1) / N - x).min(axis=1)
        return signs[tuple(cell.T)] * inside

    assert np.all(np.abs(g(x) - g(z)) <= np.linalg.norm(x - z, axis=1) + 1e-12)


def test_affinity_of_two_normal_densities():
    """lem-cd-two-point."""
    y = np.linspace(-30, 30, 60001)
    for v, sigma in [(0.3, 1.0), (1.0, 0.7), (2.0, 1.5)]:
        plus, minus = (
            np.exp(-((y - s * v) ** 2) / (2 * sigma**2)) / math.sqrt(2 * math.pi) / sigma
            for s in (1, -1)
        )
        affinity = np.sum(np.sqrt(plus * minus)) * (y[1] - y[0])
        assert affinity == pytest.approx(math.exp(-(v**2) / (2 * sigma**2)))
        assert np.sum(np.minimum(plus, minus)) * (y[1] - y[0]) >= affinity**2 / 2


def test_volumes():
    """prop-cd-volume, ex-cd-noiseless, prop-cd-covering."""
    assert [volume(d) for d in (2, 5, 20)] == pytest.approx([3.14, 5.26, 0.026], rel=0.01)
    assert volume(100) == pytest.approx(2.4e-40, rel=0.02)
    assert all(volume(d) <= (2 * math.pi * math.e / d) ** (d / 2) for d in range(1, 200))
    assert 1 - 0.95**100 > 0.99
    assert math.sqrt(400 / (4 * math.pi * math.e)) >= 3.42
    assert 3.42**20 / 2 > 2.3e10
    for d, n in itertools.product((1, 2, 20), (1, 10, 1000)):
        r = math.sqrt(d / (2 * math.pi * math.e)) * (2 * n) ** (-1 / d)
        assert n * volume(d) * r**d <= 0.5 + 1e-12
        assert r**2 / 2 == pytest.approx(d / (4 * math.pi * math.e) * (2 * n) ** (-2 / d))


@pytest.mark.parametrize("d", [2, 3, 10, 100])
def test_caps_of_the_sphere(d):
    """prop-cd-sphere; the first coordinate has a density proportional to sin(angle)^(d-2)."""
    angle = (np.arange(200000) + 0.5) * math.pi / 200000
    weight = np.sin(angle) ** (d - 2)
    weight /= weight.sum()
    for t in np.linspace(0, 1, 21):
        assert weight[np.cos(angle) >= t].sum() <= math.exp(-d * t**2 / 2)


def test_distances_concentrate():
    """prop-cd-distances, ex-cd-distances."""
    t = math.sqrt(math.log(1000 * 1001 / 0.01) / (2 * 10**4))
    assert t == pytest.approx(0.0303, abs=5e-5)
    assert math.sqrt((1 / 6 + t) / (1 / 6 - t)) < 1.21
    rng = np.random.default_rng(0)
    x = rng.random((101, 10**4))
    squares = np.sum((x[1:] - x[0]) ** 2, axis=1) / 10**4
    assert np.all(np.abs(squares - 1 / 6) < t)


def test_nearest_neighbours_on_a_surface():
    """eq-cd-neighbour-support, for r = 3 and an isometric copy of the cube in many dimensions."""
    rng = np.random.default_rng(0)
    frame = np.linalg.qr(rng.standard_normal((50, 3)))[0]
    points = rng.random((200, 3)) @ frame.T
    c2 = 4 * 3
    assert np.mean(nearest(points) ** 2) <= 3 * c2 * len(points) ** (-2 / 3)
    e, e0, r = sp.symbols("e e0 r", positive=True)
    tail = sp.integrate(2 * e * (e0 / e) ** 5, (e, e0, sp.oo))
    assert sp.simplify(e0**2 + tail - e0**2 * (r / (r - 2)).subs(r, 5)) == 0


def test_constants_of_least_squares_over_a_finite_class():
    """thm-cd-finite-squared, cor-cd-linear, thm-cd-ridge."""
    assert 2 * (16 + sp.Rational(8, 3)) == sp.Rational(112, 3) < 38
    assert sp.Rational(25, 2) + 76 < 89
    assert math.log(7) < 2
    for n in (1, 10, 10**6):
        size = 1 + math.log(3 * math.sqrt(n))
        assert 2 / n + 38 * size / n <= 40 * size / n


def test_steps_that_approximate_a_lipschitz_function():
    """thm-cd-ridge, the approximation of f and the number of steps."""
    rng = np.random.default_rng(0)
    knots = np.linspace(-1, 1, 401)
    for eps in (1.0, 0.3, 0.11):
        m = math.ceil(1 / eps)
        middle = -1 + (2 * np.arange(m) + 1) / m
        for _ in range(20):
            walk = np.cumsum(rng.choice([-1, 1], 401)) * (knots[1] - knots[0])
            f = np.clip(walk - walk[200], -1, 1)
            q = np.rint(np.interp(middle, knots, f) / eps)
            cell = np.minimum((knots + 1) * m // 2, m - 1).astype(int)
            assert np.all(np.abs(f - np.clip(eps * q, -1, 1)[cell]) <= 1.5 * eps + 1e-9)
            assert np.all(np.abs(np.diff(q)) <= 3)
            assert abs(q[0]) <= 1 / eps + 0.5


def test_answers_on_unequal_costs():
    """The problem cd-asymmetric-costs (prop-cd-bayes)."""
    x, t, a = sp.symbols("x t a")
    cost = sp.integrate(a * x, (x, 0, t)) + sp.integrate(1 - x, (x, t, 1))
    for p, answer in TOPIC.draws("cd-asymmetric-costs"):
        risk = sp.Poly(cost.subs(a, p["a"]), t)
        assert risk(p["thr"]) == answer == p["bayes"]
        assert answer <= min(risk(sp.Rational(k, 60)) for k in range(61))
        assert risk(sp.Rational(1, 2)) == p["half"] == answer + p["excess"]


def test_answers_on_the_best_cell_size():
    """The problem cd-best-cell-size (prop-cd-histogram)."""
    for p, answer in TOPIC.draws("cd-best-cell-size"):
        d, q, n = (int(p[key]) for key in ("d", "q", "n"))
        total = {N: sp.Rational(d, 12 * N**2) + sp.Rational(N**d, n) for N in range(1, 40)}
        assert min(total, key=total.get) == q
        assert total[q] == answer == p["approx"] + p["est"]
        larger = n * p["factor"]
        assert sp.Rational(d, 12 * (4 * q) ** 2) + (4 * q) ** d / larger == answer / 16


def test_answers_on_distances_in_the_hypercube():
    """The problem cd-hypercube-distances (prop-cd-distances)."""
    for p, answer in TOPIC.draws("cd-hypercube-distances"):
        k, N, m, d = int(p["k"]), int(p["N"]), int(p["m"]), int(answer)

        def failure(d, k=k, N=N):
            return N * (N - 1) * math.exp(-d / (2 * k**2))

        assert failure(d) <= 1 / m < failure(d - 1)
        assert sp.Rational(N * (N - 1) * k**2, 2 * p["dc"]) == sp.Rational(1, m)
        assert sp.simplify(p["ratio"] ** 2 - sp.Rational(k + 1, k - 1)) == 0


def test_answers_on_shells_and_boolean_functions():
    """The problems cd-shell-of-the-ball (prop-cd-volume) and cd-boolean-sample-size."""
    for p, answer in TOPIC.draws("cd-shell-of-the-ball"):
        inner, d = 1 - sp.Rational(1, p["k"]), int(answer)
        assert inner**d <= sp.Rational(1, p["m"]) < inner ** (d - 1)
        assert d <= math.ceil(p["k"] * math.log(p["m"]))
    for p, answer in TOPIC.draws("cd-boolean-sample-size"):
        d, a, n = int(p["d"]), int(p["a"]), int(answer)
        assert n == math.ceil((a - 1) * (2**d - 1) * math.log(2))
        assert (1 - 2.0**-d) ** (n - 1) / 2 > 2.0**-a * (1 - 1e-9)


def test_answers_on_the_factor_of_the_sample():
    """The problem cd-rate-sample-factor (thm-cd-knn, thm-cd-support)."""
    for p, _ in TOPIC.draws("cd-rate-sample-factor"):
        for dimension, exponent in ((p["d"], p["all"]), (p["r"], p["low"])):
            factor = p["b"] ** exponent
            assert factor ** sp.Rational(-2, dimension + 2) == sp.Rational(1, p["F"])
