"""The chapter on probability and concentration and its problems: all numbers, recomputed."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from scipy import optimize, special

from tests.content.bank import Topic

TOPIC = Topic("concentration")


def at_least(k: int, n: int, p: float) -> float:
    """The probability of k or more successes in n independent trials, for k at least 1."""
    return special.betainc(k, n - k + 1, p) if k <= n else 0.0


def kl(q: float, p: float) -> float:
    return q * math.log(q / p) + (1 - q) * math.log((1 - q) / (1 - p))


def bernstein(t: float, v: float, b: float) -> float:
    return math.exp(-(t**2) / (2 * (v + b * t / 3)))


def least(condition, guess: int) -> bool:
    """Whether guess is the least positive integer with a property that persists."""
    return condition(guess) and not condition(guess - 1)


def test_total_variance():
    """ex-regression-function, prop-tower: the law of total variance on a finite table."""
    rng = np.random.default_rng(0)
    joint = rng.random((4, 6))
    joint /= joint.sum()
    y, z = rng.standard_normal(6), joint.sum(axis=1)
    mean = joint @ y / z
    variance = joint @ y**2 / z - mean**2
    total = joint.sum(axis=0) @ y**2 - (joint.sum(axis=0) @ y) ** 2
    between = z @ mean**2 - (z @ mean) ** 2
    assert total == pytest.approx(z @ variance + between)
    for h in rng.standard_normal((20, 4)):
        risk = np.sum(joint * (y[None] - h[:, None]) ** 2)
        assert risk == pytest.approx(z @ variance + z @ (h - mean) ** 2)


def test_conditional_mean_of_two_exponential_times():
    """exr-conditional-density: E[Y | Z] = Z + 1 for the density exp(-y) on 0 < z < y."""
    nodes, weights = np.polynomial.laguerre.laggauss(20)
    for z in (0.1, 1.0, 5.0):
        y, density = z + nodes, math.exp(-z) * weights
        assert y @ density / density.sum() == pytest.approx(z + 1)


@pytest.mark.parametrize(("n", "p"), [(20, 0.3), (100, 0.05), (400, 0.5)])
def test_binomial_tail(n, p):
    """ex-binomial-chernoff: the infimum, the exponent and its quality."""
    for k in range(math.floor(n * p) + 1, n):
        q = k / n
        best = optimize.minimize_scalar(
            lambda s, q=q: -(s * q - math.log(1 - p + p * math.exp(s))), (0, 1)
        )
        assert -best.fun == pytest.approx(kl(q, p), rel=1e-6)
        assert best.x == pytest.approx(math.log(q * (1 - p) / (p * (1 - q))), rel=1e-3, abs=1e-5)
        tail = at_least(k, n, p)
        assert tail <= math.exp(-n * kl(q, p)) * (1 + 1e-9) <= (n + 1) * tail * (1 + 1e-6)


def test_hoeffdings_lemma():
    """lem-hoeffding and the remark after it: the constant 8 is attained in the limit."""
    rng = np.random.default_rng(1)
    s = np.linspace(-12, 12, 97)
    for _ in range(50):
        x = rng.random(5) * 3 - 1
        p = rng.dirichlet(np.full(5, 0.4))
        mgf = np.exp(s[:, None] * (x - p @ x)) @ p
        assert np.all(np.log(mgf) <= s**2 * (x.max() - x.min()) ** 2 / 8 + 1e-12)
    assert 2 * np.log(np.cosh(1e-3)) / 1e-6 == pytest.approx(1, rel=1e-5)
    assert np.all(np.log(np.cosh(s)) <= s**2 / 2)


def test_variance_is_at_most_the_parameter():
    """prop-subgaussian, part 2, and exr-bernoulli-proxy with its hint."""
    for p in (1e-6, 0.01, 0.2, 0.45):
        s = np.linspace(-60, 60, 240_001)
        s = s[np.abs(s) > 1e-2]
        log_mgf = np.logaddexp(math.log(1 - p) - s * p, math.log(p) + s * (1 - p))
        needed = np.max(2 * log_mgf / s**2)
        claim = (1 - 2 * p) / (2 * math.log((1 - p) / p))
        assert needed == pytest.approx(claim, rel=1e-4)
        assert needed > p * (1 - p)
    assert claim < 1 / 4


def test_size_of_a_test_set():
    """ex-test-set, cor-hoeffding-mean, thm-wlln."""
    eps = 0.05
    for delta, chebyshev, hoeffding, normal in ((0.05, 2000, 738, 385), (1e-6, 10**8, 2902, 2393)):
        assert math.ceil(1 / (4 * eps**2 * delta) - 1e-6) == chebyshev
        assert math.ceil(math.log(2 / delta) / (2 * eps**2)) == hoeffding
        ideal = special.ndtri(delta / 2) ** 2 / (4 * eps**2)
        assert ideal == pytest.approx(normal, abs=1)
        assert hoeffding < 2 * ideal
    assert 10**8 / 2393 > 10**4


def test_best_of_many_coins():
    """ex-best-coin, lem-max-subgaussian."""
    assert 0.5 + math.sqrt(math.log(1000) / 2000) == pytest.approx(0.5588, abs=5e-5)
    above = np.array([at_least(k, 1000, 0.5) for k in range(1, 1001)])
    assert np.sum(1 - (1 - above) ** 1000) / 1000 == pytest.approx(0.5512, abs=5e-5)


@pytest.mark.parametrize("count", [1, 2, 10, 1000])
def test_maximum_of_normal_variables(count):
    """lem-max-subgaussian, exr-gaussian-maximum, by quadrature of the law of the maximum."""
    x = np.linspace(-12, 12, 24_001)
    step, cdf = x[1] - x[0], special.ndtr(x)
    mean = np.sum((x[1:] + x[:-1]) / 2 * np.diff(cdf**count))
    both = np.sum(1 - (2 * cdf[x >= 0] - 1) ** count) * step
    bound = math.sqrt(2 * math.log(count))
    assert mean <= bound + 1e-6
    assert both <= math.sqrt(2 * math.log(2 * count))
    for t in (0.0, 0.5, 2.0):
        assert 1 - special.ndtr(bound + t) ** count <= math.exp(-(t**2) / 2)
    for t in (0.1, 1.0, 4.0):
        assert special.ndtr(-t) >= t / (1 + t**2) * math.exp(-(t**2) / 2) / math.sqrt(2 * math.pi)


def test_bernsteins_inequality_for_the_binomial_distribution():
    """thm-bernstein, both forms and the moment generating function; exr-bennett."""
    for n, p in itertools.product((1, 10, 200), (0.01, 0.2, 0.5, 0.9)):
        v, b = n * p * (1 - p), 1 - p
        k = np.arange(n + 1)
        for j in k[k > n * p]:
            t, tail = j - n * p, at_least(j, n, p)
            u = b * t / v
            bennett = math.exp(-v / b**2 * ((1 + u) * math.log1p(u) - u))
            assert tail <= bennett * (1 + 1e-9) <= bernstein(t, v, b) * (1 + 1e-8)
        for s in np.linspace(0, 3 / b, 30)[:-1]:
            log_mgf = n * math.log(1 - p + p * math.exp(s)) - s * n * p
            assert log_mgf <= v * s**2 / (2 * (1 - b * s / 3)) + 1e-12
        for delta in (0.5, 0.01, 1e-6):
            size = math.log(1 / delta)
            limit = math.sqrt(2 * v * size) + b / 3 * size
            assert at_least(math.ceil(n * p + limit), n, p) <= delta


def test_tails_in_the_figure():
    """fig-concentration-tails: its alternative text and the comparison in the paragraph after."""
    n, p, t = 200, 0.05, 0.12
    assert at_least(round(n * (p + t)), n, p) < 1e-9
    assert math.exp(-n * kl(p + t, p)) == pytest.approx(5e-9, rel=0.2)
    assert bernstein(n * t, n * p * (1 - p), 1 - p) == pytest.approx(5e-8, rel=0.2)
    assert math.exp(-2 * n * t**2) > 1e-3 < p * (1 - p) / (n * t**2)
    grid = np.linspace(0.02, 0.12, 101)
    worse = np.exp(-2 * n * grid**2) > p * (1 - p) / (n * grid**2)
    assert worse.mean() > 0.5


def test_rare_errors():
    """ex-rare-errors."""
    size, n = math.log(100), 10**4
    assert math.sqrt(size / (2 * n)) == pytest.approx(0.0152, abs=5e-5)
    first, second = math.sqrt(2 * 0.01 * 0.99 * size / n), size / (3 * n)
    assert (first, second) == (pytest.approx(0.00302, abs=5e-6), pytest.approx(16e-5, abs=1e-5))
    assert first + second <= 0.00318


def test_mcdiarmid_for_the_number_of_distinct_values():
    """thm-mcdiarmid: an exact law with differences 1; the parameter is sqrt(n)/2."""
    n = 5
    found = np.array([len(set(x)) for x in itertools.product(range(n), repeat=n)])
    for s in np.linspace(-4, 4, 33):
        assert np.mean(np.exp(s * (found - found.mean()))) <= math.exp(s**2 * n / 8)
    for t in (0.5, 1.0, 2.0):
        assert np.mean(found - found.mean() >= t) <= math.exp(-2 * t**2 / n)


def test_mean_of_random_vectors():
    """ex-vector-mean."""
    rng = np.random.default_rng(2)
    x = rng.standard_normal((2000, 50, 30))
    x /= np.linalg.norm(x, axis=2)[:, :, None]
    x[..., 0] = np.abs(x[..., 0])
    x[:, :, 1] = -np.abs(x[:, :, 1])
    mu = x.mean(axis=(0, 1))
    distance = np.linalg.norm(x.mean(axis=1) - mu, axis=1)
    assert np.mean(distance**2) == pytest.approx((1 - mu @ mu) / 50, rel=0.02)
    for delta in (0.5, 0.1):
        bound = (1 + math.sqrt(2 * math.log(1 / delta))) / math.sqrt(50)
        assert np.mean(distance <= bound) >= 1 - delta


def test_equality_in_cantellis_inequality():
    """exr-cantelli: two values, t above the mean with probability sigma^2/(sigma^2+t^2)."""
    for s, t in itertools.product((1, 2, 5), (1, 3, 7)):
        p = Fraction(s**2, s**2 + t**2)
        low = -p * t / (1 - p)
        assert p * t**2 + (1 - p) * low**2 == s**2


def test_median_of_means():
    """exr-median-of-means: Chebyshev's 1/4 per block, then the binomial tail exp(-k/8)."""
    for k in range(1, 200):
        assert at_least(math.ceil(k / 2), k, 0.25) <= math.exp(-k / 8)


def test_answers_on_the_bootstrap():
    """The problem bootstrap-out-of-bag (thm-mcdiarmid)."""
    n = 4
    left = {x: n - len(set(x)) for x in itertools.product(range(n), repeat=n)}
    assert sum(left.values()) / n**n == pytest.approx(n * (1 - 1 / n) ** n)
    assert n * (1 - 1 / n) ** n <= n / math.e
    changes = {
        abs(z - left[(*x[:i], j, *x[i + 1 :])])
        for x, z in left.items()
        for i in range(n)
        for j in range(n)
    }
    assert changes == {0, 1}
    rng = np.random.default_rng(3)
    for p, answer in TOPIC.draws("bootstrap-out-of-bag"):
        n, q = int(p["n"]), int(p["q"])
        root = optimize.brentq(lambda r, n=n, q=q: math.exp(-2 * r**2 / n) - 1 / q, 0, n)
        assert float(answer) == pytest.approx(root) == pytest.approx(float(p["r"]))
        drawn = rng.integers(0, n, (300, n))
        missing = np.array([n - len(np.unique(row)) for row in drawn])
        assert np.mean(missing >= n / math.e + float(answer)) <= 1 / q


def test_answers_on_the_expected_excess_risk():
    """The problem expected-excess-risk-finite-class (lem-max-subgaussian)."""
    for p, answer in TOPIC.draws("expected-excess-risk-finite-class"):
        q, k = int(p["q"]), int(p["k"])

        def enough(n, q=q, k=k):
            best = optimize.minimize_scalar(
                lambda s: math.log(q) / s + s / (8 * n),
                bounds=(1e-3, 1e5),
                method="bounded",
                options={"xatol": 1e-6},
            )
            return best.fun <= 1 / k

        assert least(enough, int(answer))
        assert p["n"] == answer


def test_answers_on_sums_of_exponential_variables():
    """The problem exponential-sum-chernoff (lem-chernoff)."""
    for p, answer in TOPIC.draws("exponential-sum-chernoff"):
        n, c = int(p["n"]), int(p["c"])
        best = optimize.minimize_scalar(
            lambda s, n=n, c=c: -n * (s * c + math.log1p(-s)), bounds=(0, 1), method="bounded"
        )
        assert math.log(float(answer)) == pytest.approx(best.fun, rel=1e-6)
        assert sp.simplify(answer - p["bound"]) == 0
        assert p["cheb"] == sp.Rational(n, (n * c - n) ** 2)
        assert special.gammaincc(n, c * n) <= min(float(answer), float(p["cheb"]))
        assert special.gammainc(n, n / c) <= (math.exp(1 - 1 / c) / c) ** n


def test_choices_on_the_gini_mean_difference():
    """The problem gini-bounded-differences (def-bounded-differences)."""
    grid = np.linspace(0, 1, 11)
    for p, right, wrong in TOPIC.choices("gini-bounded-differences"):
        n = int(p["n"])
        ones = np.arange(n)[:, None]
        value = (ones * (1 - grid) + (n - 1 - ones) * grid) / math.comb(n, 2)
        c = np.max(value.max(axis=1) - value.min(axis=1))
        assert float(right[0]) == pytest.approx(2 / (n * c**2))
        rates = [float(wrong[0][0]), float(wrong[1][0]), 1 / float(wrong[2][0])]
        assert all(abs(rate - 2 / (n * c**2)) > 0.1 for rate in rates)


def test_answers_on_the_poisson_tail():
    """The problem poisson-tail-chernoff (lem-chernoff)."""
    for p, answer in TOPIC.draws("poisson-tail-chernoff"):
        lam, t = int(p["lam"]), int(p["t"])
        assert p["t"] == lam * p["c"]
        best = optimize.minimize_scalar(
            lambda s, lam=lam, t=t: lam * math.expm1(s) - t * s, bounds=(0, 5), method="bounded"
        )
        assert math.log(float(answer)) == pytest.approx(best.fun, rel=1e-6)
        assert sp.simplify(answer - p["bound"]) == 0
        assert special.gammainc(t, lam) <= float(answer)


def test_answers_on_random_sums():
    """The problem random-sum-variance (ex-regression-function), by the law of the sum."""
    for p, answer in TOPIC.draws("random-sum-variance"):
        m, x = int(p["m"]), Fraction(1, int(p["k"]))
        law = [
            sum(
                Fraction(math.comb(j, i)) * x**i * (1 - x) ** (j - i)
                for j in range(max(i, 1), m + 1)
            )
            / m
            for i in range(m + 1)
        ]
        mean = sum(i * w for i, w in enumerate(law))
        assert sum(law) == 1
        assert sum(i * i * w for i, w in enumerate(law)) - mean**2 == Fraction(str(answer))
        lengths = [Fraction(j) for j in range(1, m + 1)]
        en = sum(lengths) / m
        assert Fraction(str(p["en"])) == en
        assert Fraction(str(p["vn"])) == sum((j - en) ** 2 for j in lengths) / m
        assert Fraction(str(p["vx"])) == x * (1 - x) ** 2 + (1 - x) * x**2
        assert p["v"] == answer


def test_answers_on_a_doubled_error_rate():
    """The problem rare-errors-sample-size (thm-hoeffding, thm-bernstein)."""
    for p, answer in TOPIC.draws("rare-errors-sample-size"):
        k, m = int(p["k"]), int(p["m"])
        x = 1 / k
        assert least(lambda n, x=x, m=m: math.exp(-2 * (n * x) ** 2 / n) <= 1 / m, int(p["nh"]))
        assert answer == p["nb"]
        assert least(
            lambda n, x=x, m=m: bernstein(n * x, n * x * (1 - x), 1 - x) <= 1 / m, int(answer)
        )
    for x in np.linspace(0.01, 0.49, 49):
        better = bernstein(10 * x, 10 * x * (1 - x), 1 - x) < math.exp(-20 * x**2) * (1 - 1e-12)
        assert better == (x < 0.25 - 1e-9)


def test_choices_on_a_difference_of_dependent_variables():
    """The problem sub-gaussian-dependent-difference (prop-subgaussian)."""
    for p, right, wrong in TOPIC.choices("sub-gaussian-dependent-difference"):
        a, b = 3 * int(p["k"]), 4 * int(p["k"])
        best = optimize.minimize_scalar(
            lambda x, a=a, b=b: a**2 / x + b**2 / (1 - x), bounds=(1e-6, 1 - 1e-6), method="bounded"
        )
        attained = np.array([a, b]) @ np.ones((2, 2)) @ np.array([a, b])
        assert float(right[0]) ** 2 == pytest.approx(best.fun) == pytest.approx(attained)
        others = [wrong[0][0], wrong[1][0], wrong[2][0] * sp.sqrt(2)]
        assert right[0] not in others
        assert others[2] > right[0]


def test_answers_on_one_test_set_for_many_models():
    """The problem test-set-many-models (cor-hoeffding-mean)."""
    for p, answer in TOPIC.draws("test-set-many-models"):
        q, k, m = int(p["q"]), int(p["k"]), int(p["m"])
        assert answer == p["n"]
        assert least(lambda n, q=q, k=k, m=m: q * 2 * math.exp(-2 * n / k**2) <= 1 / m, int(answer))
