"""The problems on statistics: every draw integrated, fitted or optimized again."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.stats import gamma, linregress, t

from tests.content.bank import Topic

TOPIC = Topic("statistics")


@cache
def conditioned(a: int, b: int, c: int, extra: int = 0) -> tuple[np.ndarray, float]:
    """Gains and conditional variance of theta, with further readings of the first kind."""
    noise = np.array([b, c] + [b] * extra, dtype=float)
    gains = np.linalg.solve(a + np.diag(noise), np.full(len(noise), float(a)))
    return gains, a - a * gains.sum()


def test_two_instruments():
    """st-two-instruments: the covariance matrix is inverted, readings are added one by one."""
    for p, answer in TOPIC.draws("st-two-instruments"):
        a, b, c = (int(p[name]) for name in "abc")
        gains, variance = conditioned(a, b, c)
        assert gains[0] * int(p["s"]) + gains[1] * int(p["t"]) == pytest.approx(float(answer))
        assert gains == pytest.approx([float(p["gain1"]), float(p["gain2"])])
        assert variance == pytest.approx(float(p["var"]))
        halved = (
            m
            for m in itertools.count()
            if conditioned(a, b, c, m)[1] <= float(p["target"]) * (1 + 1e-9)
        )
        assert next(halved) == p["m"]


def test_gamma_prior_for_poisson_counts():
    """st-gamma-poisson: the posterior density on a fine grid."""
    theta = (np.arange(15_000) + 0.5) / 500
    log_theta = np.log(theta)
    for p, answer in TOPIC.draws("st-gamma-poisson"):
        a, b, n, k = (int(p[name]) for name in "abnk")
        log = (a - 1) * log_theta - b * theta + k * log_theta - n * theta
        density = np.exp(log - log.max())
        density /= density.sum()
        assert np.sum(density * theta) == pytest.approx(float(answer), abs=1e-6)
        assert theta[np.argmax(density)] == pytest.approx(float(p["map"]), abs=2e-3)
        likelihood = k * log_theta - n * theta
        assert theta[np.argmax(likelihood)] == pytest.approx(float(p["ml"]), abs=2e-3)
        predicted = float(p["q"]) ** int(p["ak"])
        assert np.sum(density * np.exp(-theta)) == pytest.approx(predicted, rel=1e-5)
        assert predicted > np.exp(-float(answer))
        prior = np.exp((a - 1) * log_theta - b * theta)
        assert np.sum(prior * theta) / np.sum(prior) == pytest.approx(float(p["prior"]), rel=1e-5)


def test_shrinkage_of_poisson_counts():
    """st-gamma-poisson, part 2: mean squared errors summed over the Poisson weights."""
    for a, b, n, theta in itertools.product((2, 4), (1, 3), (4, 8), (0.1, 0.7, 1.9, 4.0, 9.0)):
        s = np.arange(1, 400)
        weights = np.exp(-n * theta + np.append(0, np.cumsum(np.log(n * theta / s))))
        s = np.append(0, s)
        shrunk, plain = (weights @ (e - theta) ** 2 for e in ((a + s) / (b + n), s / n))
        stated = (theta - a / b) ** 2 < theta * (1 / n + 2 / b)
        assert (shrunk < plain) == stated


def test_intervals_for_a_slope_and_a_prediction():
    """st-slope-interval: another regression routine, with the quantile in full."""
    times = np.arange(-2.0, 3)
    quantile = t(3).ppf(0.975)
    assert round(quantile, 2) == 3.18
    decisions = set()
    for p, answer in TOPIC.draws("st-slope-interval"):
        y = np.array([float(p[f"y{i}"]) for i in range(1, 6)])
        fit = linregress(times, y)
        assert [fit.intercept, fit.slope] == pytest.approx([float(p["a"]), float(p["b"])])
        assert 3.18 * fit.stderr == pytest.approx(float(answer))
        rss = np.sum((y - fit.intercept - fit.slope * times) ** 2)
        assert [rss, rss / 3] == pytest.approx([float(p["rss"]), float(p["s2"])])
        rejected = fit.pvalue < 0.05
        assert rejected == (float(p["ratio2"]) > 10.1124)
        decisions.add(bool(rejected))
        # The next error and that of the prediction, as a linear function of all six errors.
        weights = np.append(1 / 5 + 3 * times / 10, -1)
        assert 3 * fit.slope + fit.intercept == pytest.approx(float(p["pred"]))
        assert weights @ weights * rss / 3 == pytest.approx(float(p["pse2"]))
        assert 1 / np.linalg.norm(weights) == pytest.approx(0.69, abs=1e-3)
        assert weights[:5] @ y == pytest.approx(float(p["pred"]))
    assert decisions == {True, False}


def test_the_best_multiple_of_a_sum():
    """st-best-multiple-of-sum: for Gamma variables, by quadrature."""
    values = (np.arange(20_000) + 0.5) / 100
    for p, answer in TOPIC.draws("st-best-multiple-of-sum"):
        total = gamma(int(p["r"]) * int(p["n"]))  # the sum, for theta = 1
        weights = total.pdf(values)

        def error(c, weights=weights):
            return np.sum(weights * (c * values - 1) ** 2) / weights.sum()

        best, unbiased = float(answer), float(p["unb"])
        # A quadratic polynomial is known from three of its values.
        square, linear, _ = np.polyfit(grid := [0, best / 2, unbiased], [*map(error, grid)], 2)
        assert -linear / (2 * square) == pytest.approx(best, rel=1e-5)
        assert error(best) / error(unbiased) == pytest.approx(float(p["gain"]), rel=1e-6)
        assert unbiased * total.mean() == pytest.approx(1)


def test_the_most_powerful_test_as_a_linear_program():
    """st-most-powerful-table: power, the test, and that there is no other."""
    for p, answer in TOPIC.draws("st-most-powerful-table"):
        null = np.array([float(p[name]) for name in "abcd"]) / 100
        other = np.array([float(p[f"q{i}"]) for i in (1, 2, 3, 4)]) / 100
        assert [null.sum(), other.sum()] == pytest.approx([1, 1])
        size = float(p["al"]) / 100
        found = linprog(-other, A_ub=[null], b_ub=[size], bounds=(0, 1))
        assert -found.fun == pytest.approx(float(answer))
        assert found.x == pytest.approx([1, float(p["g"]), 0, 0], abs=1e-6)
        # How far a test as good as this one can be from it at 1, 3 and 4; then 2 is settled, too.
        farthest = linprog(
            [1, 0, -1, -1], A_ub=[null, -other], b_ub=[size, found.fun + 1e-10], bounds=(0, 1)
        )
        assert farthest.fun == pytest.approx(1, abs=1e-6)


def test_logistic_regression_with_a_binary_feature():
    """st-log-odds-ratio: Newton's method, and the curvature by differences of the gradient."""
    x = np.array([[1.0, 0], [1, 0], [1, 1], [1, 1]])
    y = np.array([1, 0, 1, 0])
    for p, answer in TOPIC.draws("st-log-odds-ratio"):
        counts = np.array([float(p[name]) for name in "abcd"])

        def gradient(w, counts=counts):
            return x.T @ (counts * (1 / (1 + np.exp(-x @ w)) - y))

        def curvature(w, gradient=gradient, h=1e-5):
            return np.array(
                [(gradient(w + h * e) - gradient(w - h * e)) / (2 * h) for e in np.eye(2)]
            )

        w = np.zeros(2)
        for _ in range(12):
            w -= np.linalg.solve(curvature(w), gradient(w))
        assert np.exp(w) == pytest.approx([float(p["odds0"]), float(p["ratio"])])
        information = curvature(w)
        w1, both = float(p["w1"]), float(p["w"])
        assert information == pytest.approx(np.array([[both, w1], [w1, w1]]), rel=1e-6)
        assert np.linalg.inv(information)[1, 1] == pytest.approx(float(answer), rel=1e-6)
        assert both - w1 == pytest.approx(float(p["w0"]))
        chances = 1 / (1 + np.exp(-x[[0, 2]] @ w))
        assert chances == pytest.approx([float(p["p0"]), float(p["p1"])])


def test_information_of_a_geometric_variable():
    """st-geometric-information: sums over the values of the variable."""
    x, h = np.arange(1, 1001), 1e-6
    grid = np.arange(1, 10_000) / 10_000
    for p, answer in TOPIC.draws("st-geometric-information"):
        n, total = int(p["n"]), int(p["total"])
        theta = grid[np.argmax(n * np.log(grid) + (total - n) * np.log1p(-grid))]
        assert theta == pytest.approx(float(p["est"]), abs=1e-12)
        weights = theta * (1 - theta) ** (x - 1)
        upper, lower = (np.log(s) + (x - 1) * np.log(1 - s) for s in (theta + h, theta - h))
        information = weights @ ((upper - lower) / (2 * h)) ** 2
        assert information == pytest.approx(float(p["info"]), rel=1e-6)
        assert 1 / (n * information) == pytest.approx(float(answer), rel=1e-6)
        spread = weights @ x**2 - (weights @ x) ** 2
        assert spread / n == pytest.approx(float(p["lower"]))
        assert theta**-4 / (n * information) == pytest.approx(spread / n, rel=1e-6)


def test_the_square_of_a_mean():
    """st-delta-reciprocal: the variance for a Gaussian mean of many variables, by quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(20)
    weights /= weights.sum()
    n = 10**8
    for p, answer in TOPIC.draws("st-delta-reciprocal"):
        m, v = float(p["m"]), float(p["v"])
        z = np.sqrt(n) * ((m + np.sqrt(v / n) * nodes) ** 2 - m**2)
        variance = weights @ z**2 - (weights @ z) ** 2
        assert variance == pytest.approx(float(answer), rel=1e-5)
    for _, right, wrong in TOPIC.choices("st-delta-reciprocal"):
        assert right not in wrong
