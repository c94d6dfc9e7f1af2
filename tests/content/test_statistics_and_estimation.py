"""The numbers, constants and formulas of the chapter on statistics, recomputed."""

from math import comb, erf, exp, lgamma, log, sqrt

import numpy as np
import pytest
import sympy as sp

Z = 1.959963984540054


def normal_cdf(t: float) -> float:
    """The distribution function of the standard normal distribution."""
    return (1 + erf(t / sqrt(2))) / 2


def student_tail(t: float, r: int) -> float:
    """The probability that Student's variable with r degrees of freedom exceeds t > 0."""
    x = np.linspace(0, t, 200_001)
    scale = exp(lgamma((r + 1) / 2) - lgamma(r / 2)) / sqrt(r * np.pi)
    density = scale * (1 + x**2 / r) ** (-(r + 1) / 2)
    return float(0.5 - np.sum((density[1:] + density[:-1]) / 2) * (x[1] - x[0]))


def test_the_end_of_an_interval() -> None:
    """ex-st-uniform: the moments of the maximum and the errors of four estimates."""
    n, c, t = sp.symbols("n c t", positive=True)
    first, second = (n / (n + k) * t ** (n + k) for k in (1, 2))
    assert all(
        sp.simplify(sp.diff(m, t) - n * t ** (n - 1 + k)) == 0 for m, k in ((first, 1), (second, 2))
    )
    mean, square = first.subs(t, 1), second.subs(t, 1)
    error = c**2 * square - 2 * c * mean + 1
    assert sp.simplify(error.subs(c, 1) - 2 / ((n + 1) * (n + 2))) == 0
    assert sp.simplify(error.subs(c, (n + 1) / n) - 1 / (n * (n + 2))) == 0
    best = sp.solve(sp.diff(error, c), c)[0]
    assert sp.simplify(best - (n + 2) / (n + 1)) == 0
    assert sp.simplify(error.subs(c, best) - 1 / (n + 1) ** 2) == 0
    at_ten = [float(error.subs({c: k, n: 10})) for k in (1, sp.Rational(11, 10), best.subs(n, 10))]
    assert at_ten == pytest.approx([0.0152, 0.0083, 0.0083], abs=5e-5)


def test_the_constants_of_lindebergs_proof() -> None:
    """thm-st-lindeberg, lem-st-test-functions: the third moment and the smooth step."""
    x = sp.symbols("x", real=True)
    third = sp.integrate(2 * x**3 * sp.exp(-(x**2) / 2), (x, 0, sp.oo)) / sp.sqrt(2 * sp.pi)
    assert sp.simplify(third - 2 * sp.sqrt(2 / sp.pi)) == 0
    assert third < 2
    assert sp.integrate(140 * x**3 * (1 - x) ** 3, (x, 0, 1)) == 1


def test_log_odds_of_ninety_in_a_hundred() -> None:
    """ex-st-log-odds: the centre, the standard deviation and the range of probabilities."""
    centre, spread = log(9), 1 / sqrt(100 * 0.09)
    assert [centre, spread] == pytest.approx([2.197, 0.333], abs=5e-4)
    ends = [1 / (1 + exp(-(centre + s * Z * spread))) for s in (-1, 1)]
    assert ends == pytest.approx([0.824, 0.945], abs=5e-4)


def test_conditioning_agrees_with_the_quotient_of_densities() -> None:
    """thm-st-conditioning: log p(x, y) - log p(y) has the stated maximum and curvature."""
    root = np.random.default_rng(0).standard_normal((5, 5))
    sigma = root @ root.T
    precision = np.linalg.inv(sigma)
    gain = sigma[:2, 2:] @ np.linalg.inv(sigma[2:, 2:])
    schur = sigma[:2, :2] - gain @ sigma[2:, :2]
    assert np.allclose(np.linalg.inv(precision[:2, :2]), schur)
    y = np.array([1.0, -2.0, 0.5])
    assert np.allclose(np.linalg.solve(precision[:2, :2], -precision[:2, 2:] @ y), gain @ y)


def test_the_best_divisor() -> None:
    """ex-st-divisor: the errors for the divisors n - 1, n and n + 1, and the minimum."""
    n, c = sp.symbols("n c", positive=True)
    error = (c * (n - 1) - 1) ** 2 + 2 * c**2 * (n - 1)
    for divisor, value in ((n - 1, 2 / (n - 1)), (n, (2 * n - 1) / n**2), (n + 1, 2 / (n + 1))):
        assert sp.simplify(error.subs(c, 1 / divisor) - value) == 0
    assert sp.solve(sp.diff(error, c), c) == [1 / (n + 1)]


def test_the_truth_wins_with_the_stated_probability() -> None:
    """thm-st-consistency: the exact probability for coins is below the power of the affinity."""
    truth, other = 0.5, 0.6
    affinity = sqrt(truth * other) + sqrt((1 - truth) * (1 - other))
    for n in (5, 20, 80):
        wins = sum(
            comb(n, k) * truth**n
            for k in range(n + 1)
            if k * log(other / truth) + (n - k) * log((1 - other) / (1 - truth)) >= 0
        )
        assert 0 < wins <= affinity**n


def test_the_information_of_waiting_times() -> None:
    """ex-st-exponential, lem-st-score: information, chi-square and the unbiased estimate."""
    x, theta = sp.symbols("x theta", positive=True)
    h = sp.symbols("h", positive=True)
    density = theta * sp.exp(-theta * x)
    score = sp.diff(sp.log(density), theta)
    info = sp.integrate(sp.expand(score**2) * density, (x, 0, sp.oo))
    assert sp.simplify(info - theta**-2) == 0
    second = (theta + h) ** 2 / (theta * (theta + 2 * h))  # the integral of p_{theta+h}^2 / p_theta
    assert sp.limit((second - 1) / h**2, h, 0) == theta**-2
    n = sp.symbols("n", integer=True, positive=True)
    inverse_square = 1 / ((n - 1) * (n - 2))  # of a Gamma variable with n degrees and rate one
    assert sp.simplify((n - 1) ** 2 * inverse_square - 1 - 1 / (n - 2)) == 0


def test_the_derivatives_of_the_logistic_likelihood() -> None:
    """prop-st-logistic: gradient and Hessian against difference quotients."""
    rng = np.random.default_rng(0)
    x, y, w = rng.standard_normal((8, 3)), rng.choice([-1.0, 1.0], 8), rng.standard_normal(3)

    def gradient(v: np.ndarray) -> np.ndarray:
        return np.asarray(x.T @ (1 / (1 + np.exp(-x @ v)) - (1 + y) / 2))

    def loss(v: np.ndarray) -> float:
        return float(np.sum(np.log1p(np.exp(-y * (x @ v)))))

    p = 1 / (1 + np.exp(-x @ w))
    steps = 1e-6 * np.eye(3)
    assert np.allclose([(loss(w + s) - loss(w - s)) / 2e-6 for s in steps], gradient(w), atol=1e-6)
    hessian = [(gradient(w + s) - gradient(w - s)) / 2e-6 for s in steps]
    assert np.allclose(hessian, x.T @ np.diag(p * (1 - p)) @ x, atol=1e-6)


def test_the_posterior_of_ridge_regression() -> None:
    """thm-st-bayes-ridge: the conditioning formula for (w, y) gives mean and covariance."""
    rng = np.random.default_rng(0)
    n, d, sigma, tau = 6, 3, 0.7, 1.3
    x, y = rng.standard_normal((n, d)), rng.standard_normal(n)
    gain = tau**2 * x.T @ np.linalg.inv(tau**2 * x @ x.T + sigma**2 * np.eye(n))
    lam = sigma**2 / (n * tau**2)
    assert np.allclose(gain @ y, np.linalg.solve(x.T @ x + n * lam * np.eye(d), x.T @ y))
    covariance = tau**2 * np.eye(d) - tau**2 * gain @ x
    assert np.allclose(np.linalg.inv(covariance), x.T @ x / sigma**2 + np.eye(d) / tau**2)


def test_quantiles_and_the_interval_for_the_slope() -> None:
    """ex-st-slope, thm-st-ci-mean: the tabulated quantiles and both half-widths."""
    for quantile, degrees in ((4.303, 2), (2.776, 4), (2.045, 29), (3.182, 3)):
        assert student_tail(quantile, degrees) == pytest.approx(0.025, abs=3e-5)
    error = sqrt(0.35 / 5)
    assert error == pytest.approx(0.265, abs=5e-4)
    assert 4.303 * error == pytest.approx(1.138, abs=1e-3)
    assert Z * error == pytest.approx(0.519, abs=1e-3)


def test_intervals_for_a_success_probability() -> None:
    """eq-st-wilson, fig-st-coverage: the interval solves its inequality; lengths and coverage."""
    n, hits = 50, np.arange(51)
    phat = hits / n
    centre = (phat + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * np.sqrt(phat * (1 - phat) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    for end in (centre - half, centre + half):
        assert np.allclose((phat - end) ** 2, Z**2 * end * (1 - end) / n)
    assert 2 * sqrt(log(40) / 100) == pytest.approx(0.384, abs=5e-4)
    assert [2 * half[25], 2 * Z * sqrt(0.25 / n)] == pytest.approx([0.267, 0.277], abs=1e-3)
    p = np.linspace(0.02, 0.5, 97)
    mass = np.array([[comb(n, k) * q**k * (1 - q) ** (n - k) for k in hits] for q in p])
    inside = np.abs(phat - p[:, None]) <= Z * np.sqrt(p * (1 - p) / n)[:, None]
    coverage = np.sum(mass * inside, axis=1)
    assert coverage.min() > 0.91
    wide = np.abs(phat - p[:, None]) <= sqrt(log(40) / 100)
    assert np.sum(mass * wide, axis=1).min() > 0.99


def test_the_neyman_pearson_test_beats_every_other_one() -> None:
    """thm-st-neyman-pearson: power against random tests of the same size, on ten points."""
    rng = np.random.default_rng(0)
    p0, p1 = rng.dirichlet(np.ones(10)), rng.dirichlet(np.ones(10))
    order = np.argsort(-p1 / p0)
    left, best = 0.2, np.zeros(10)
    for k in order:
        best[k] = min(1.0, left / p0[k])
        left -= best[k] * p0[k]
    assert best @ p0 == pytest.approx(0.2)
    for phi in rng.random((500, 10)):
        scaled = phi * min(1.0, 0.2 / (phi @ p0))
        assert scaled @ p1 <= best @ p1 + 1e-12


def test_the_sample_size_for_a_shift() -> None:
    """ex-st-shift: the power of the test with 34 and with 35 observations."""
    quantile = 1.6448536269514722
    power = [normal_cdf(sqrt(n) / 2 - quantile) for n in (34, 35)]
    assert power[0] < 0.9 <= power[1]
    assert (quantile + 1.2815515655446004) ** 2 * 4 == pytest.approx(34.3, abs=0.05)


def test_the_risk_of_james_and_stein() -> None:
    """thm-st-james-stein: the exact risk against simulation, and the two bounds."""
    d, count = 6, 100_000
    noise = np.random.default_rng(0).standard_normal((count, d))
    for size in (0.0, 1.0, 3.0):
        x = noise + np.eye(d)[0] * size
        square = np.sum(x**2, axis=1)
        estimate = (1 - (d - 2) / square)[:, None] * x
        simulated = np.mean(np.sum((estimate - np.eye(d)[0] * size) ** 2, axis=1))
        rate = size**2 / 2
        inverse = sum(
            exp(-rate - lgamma(j + 1)) * rate**j / (d - 2 + 2 * j) for j in range(60)
        )  # the squared norm is chi-square with d + 2K degrees of freedom, K Poisson
        risk = d - (d - 2) ** 2 * inverse
        assert simulated == pytest.approx(risk, abs=0.05)
        bound = d - (d - 2) ** 2 / (d + size**2)
        assert risk <= bound <= d * size**2 / (d + size**2) + 4
    assert d - (d - 2) ** 2 / (d - 2) == 2
