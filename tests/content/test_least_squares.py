"""The numbers, constants and formulas of the chapter on least squares, recomputed."""

from fractions import Fraction
from itertools import pairwise
from math import ceil, log

import numpy as np
import pytest
import sympy as sp

RNG_SEED = 0


def design(n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """A generic design matrix (n, d) and a response (n,)."""
    rng = np.random.default_rng(RNG_SEED)
    return rng.standard_normal((n, d)), rng.standard_normal(n)


def test_the_line_through_four_points_and_its_leave_one_out_errors() -> None:
    """ex-ls-line, ex-ls-loo, ex-ls-endpoints: coefficients, leverages, errors, variances."""
    matrix = sp.Matrix([[1, t] for t in range(4)])
    y = sp.Matrix([1, 2, 2, 4])
    gram = (matrix.T * matrix).inv()
    assert list(gram * matrix.T * y) == [sp.Rational(9, 10)] * 2
    hat = matrix * gram * matrix.T
    assert [hat[i, i] for i in range(4)] == [sp.Rational(k, 10) for k in (7, 3, 3, 7)]
    residual = y - hat * y
    assert residual.dot(residual) == sp.Rational(7, 10)
    errors = [residual[i] / (1 - hat[i, i]) for i in range(4)]
    assert errors == [sp.Rational(1, 3), sp.Rational(2, 7), -1, sp.Rational(4, 3)]
    assert float(sum(e**2 for e in errors) / 4) == pytest.approx(0.7426, abs=1e-4)
    assert gram[1, 1] == sp.Rational(1, 5) < sp.Rational(2, 9)


def test_the_minimum_norm_solution_lies_in_the_row_space() -> None:
    """thm-ls-min-norm, def-ls-pinv: both formulas of the pseudoinverse and the projections."""
    tall, y = design(7, 3)
    wide = tall.T
    plus = np.linalg.inv(tall.T @ tall) @ tall.T
    assert np.allclose(plus, np.linalg.pinv(tall))
    assert np.allclose(np.linalg.pinv(wide), wide.T @ np.linalg.inv(wide @ wide.T))
    hat = tall @ plus
    assert np.allclose(hat, hat @ hat)
    assert np.trace(hat) == pytest.approx(3)
    assert np.allclose(tall.T @ (y - hat @ y), 0)


def test_the_derivative_of_the_solution_and_its_bound() -> None:
    """thm-ls-sensitivity: a difference quotient against the formula, and the bound."""
    x, y = design(9, 3)
    direction = np.random.default_rng(1).standard_normal((9, 3))
    w = np.linalg.pinv(x) @ y
    residual = y - x @ w
    derivative = np.linalg.inv(x.T @ x) @ direction.T @ residual - np.linalg.pinv(x) @ direction @ w
    h = 1e-6
    forward, back = (np.linalg.pinv(x + s * direction) @ y for s in (h, -h))
    assert np.allclose((forward - back) / (2 * h), derivative, atol=1e-6)
    s = np.linalg.svd(x, compute_uv=False)
    kappa, size = s[0] / s[-1], np.linalg.norm
    bound = size(direction, 2) / s[0] * (kappa + kappa**2 * size(residual) / (s[0] * size(w)))
    assert size(derivative) / size(w) <= bound


def test_the_normal_equations_lose_what_qr_keeps() -> None:
    """ex-ls-lauchli: eigenvalues, the singular Gram matrix in doubles, and the entry of R."""
    eps = sp.symbols("epsilon", positive=True)
    matrix = sp.Matrix([[1, 1], [eps, 0], [0, eps]])
    gram = matrix.T * matrix
    assert set(gram.eigenvals()) == {eps**2, eps**2 + 2}
    corner = sp.sqrt(gram.det() / gram[0, 0])
    assert sp.simplify(corner - eps * sp.sqrt((2 + eps**2) / (1 + eps**2))) == 0
    x = np.array([[1, 1], [1e-8, 0], [0, 1e-8]])
    assert np.linalg.matrix_rank(x.T @ x) == 1
    assert abs(np.linalg.qr(x)[1][1, 1]) == pytest.approx(2**0.5 * 1e-8)


def test_ridge_has_three_forms_and_solves_the_constrained_problem() -> None:
    """thm-ls-ridge, thm-ls-ridge-constrained: the closed forms and a search on the sphere."""
    x, y = design(6, 2)
    n, lam = 6, 0.3
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    first = np.linalg.solve(x.T @ x + n * lam * np.eye(2), x.T @ y)
    assert np.allclose(first, x.T @ np.linalg.solve(x @ x.T + n * lam * np.eye(6), y))
    assert np.allclose(first, vt.T @ (s / (s**2 + n * lam) * (u.T @ y)))
    angles = np.linspace(0, 2 * np.pi, 20001)
    circle = np.linalg.norm(first) * np.array([np.cos(angles), np.sin(angles)])
    values = np.sum((x @ circle - y[:, None]) ** 2, axis=0)
    assert np.sum((x @ first - y) ** 2) == pytest.approx(values.min(), rel=1e-6)


def test_the_ridge_risk_decreases_up_to_the_stated_parameter() -> None:
    """thm-ls-ridge-risk: the derivative of one summand, and the formula against the traces."""
    t, a, b, sigma = sp.symbols("t a b sigma", positive=True)
    summand = (t**2 * a * b**2 + sigma**2 * a**2) / (a + t) ** 2
    claimed = 2 * a**2 * (t * b**2 - sigma**2) / (a + t) ** 3
    assert sp.simplify(sp.diff(summand, t) - claimed) == 0
    x, _ = design(8, 3)
    w, lam, variance, n = np.array([1.0, -2.0, 0.5]), 0.2, 0.7, 8
    smoother = x @ np.linalg.solve(x.T @ x + n * lam * np.eye(3), x.T)
    bias = (np.eye(n) - smoother) @ x @ w
    exact = (bias @ bias + variance * np.trace(smoother.T @ smoother)) / n
    _, s, vt = np.linalg.svd(x, full_matrices=False)
    shrunk = n * lam / (s**2 + n * lam)
    formula = (shrunk**2 * s**2 * (vt @ w) ** 2 + variance * (1 - shrunk) ** 2).sum() / n
    assert exact == pytest.approx(formula)


def test_inverse_moments_of_the_chi_square_distribution() -> None:
    """lem-ls-wishart: the mean of 1/chi-square with k degrees of freedom is 1/(k-2)."""
    t = sp.symbols("t", positive=True)
    for k in range(3, 8):
        half = sp.Rational(k, 2)
        density = t ** (half - 1) * sp.exp(-t / 2) / (2**half * sp.gamma(half))
        assert sp.integrate(sp.powsimp(density / t), (t, 0, sp.oo)) == sp.Rational(1, k - 2)


def test_excess_risk_for_gaussian_designs_on_both_sides_of_n() -> None:
    """thm-ls-random-design, prop-ls-overparametrized: simulation against the formulas."""
    rng = np.random.default_rng(RNG_SEED)
    n, d, runs = 16, 4, 4000
    z = rng.standard_normal((runs, n, d))
    inverse = np.linalg.inv(np.swapaxes(z, 1, 2) @ z)
    assert np.trace(inverse, axis1=1, axis2=2).mean() == pytest.approx(d / (n - d - 1), rel=0.03)
    wide = rng.standard_normal((runs, d, n))
    plus = np.linalg.pinv(wide)
    kept = np.sum((plus @ wide)[:, 0, 0]) / runs
    assert kept == pytest.approx(d / n, abs=0.01)
    assert np.sum(plus**2) / runs == pytest.approx(d / (n - d - 1), rel=0.03)


def test_the_numbers_of_data_in_the_example() -> None:
    """ex-ls-how-many: 221 against 200 observations, and the excess risks for n = 30."""
    d = 20
    assert min(n for n in range(d + 2, 400) if Fraction(d, n - d - 1) <= Fraction(1, 10)) == 221
    assert min(n for n in range(d, 400) if Fraction(d, n) <= Fraction(1, 10)) == 200
    assert Fraction(d, 30 - d - 1) == Fraction(20, 9)


def test_gradient_descent_goes_to_the_nearest_solution() -> None:
    """thm-ls-gd, cor-ls-implicit-bias, ex-ls-gd: limit, rate, filter and number of steps."""
    wide, _ = design(3, 6)
    y = np.array([1.0, -1.0, 2.0])
    n = 3
    u, s, vt = np.linalg.svd(wide, full_matrices=False)
    alpha = 2 * n / (s[0] ** 2 + s[-1] ** 2)
    q = (s[0] ** 2 - s[-1] ** 2) / (s[0] ** 2 + s[-1] ** 2)
    plus = np.linalg.pinv(wide)
    for start in (np.zeros(6), np.arange(6.0)):
        limit = plus @ y + start - plus @ wide @ start
        w = start
        for _ in range(40):
            w = w - alpha / n * wide.T @ (wide @ w - y)
        assert np.linalg.norm(w - limit) <= q**40 * np.linalg.norm(start - limit) + 1e-12
        if not start.any():
            filtered = (1 - (1 - alpha * s**2 / n) ** 40) / s * (u.T @ y)
            assert np.allclose(w, vt.T @ filtered)
    assert ceil(log(0.01) / log(0.99)) == 459


def test_leaving_one_out_costs_one_fit() -> None:
    """thm-ls-loo, cor-ls-loo-ridge: the formulas against fits without the observation."""
    x, y = design(8, 3)
    n = 8
    for lam in (0.0, 0.4):
        inverse = np.linalg.inv(x.T @ x + n * lam * np.eye(3))
        w = inverse @ x.T @ y
        for i in range(n):
            keep = np.arange(n) != i
            gram = x[keep].T @ x[keep] + n * lam * np.eye(3)
            without = np.linalg.solve(gram, x[keep].T @ y[keep])
            error = (y[i] - x[i] @ w) / (1 - x[i] @ inverse @ x[i])
            assert y[i] - x[i] @ without == pytest.approx(error)
            assert np.allclose(without, w - error * inverse @ x[i])


def test_the_errors_quoted_from_the_figure() -> None:
    """fig-ls-overfitting: the terms at degree 3, and the error on the interval at degree 14."""
    x, grid = np.linspace(-1, 1, 15), np.linspace(-1, 1, 2001)
    target, variance = np.sin(np.pi * x), 0.09

    def features(points: np.ndarray, degree: int) -> np.ndarray:
        return np.polynomial.legendre.legvander(points, degree)

    def bias(degree: int) -> float:
        phi = features(x, degree)
        return float(np.mean((target - phi @ (np.linalg.pinv(phi) @ target)) ** 2))

    risks = [bias(m) + variance * (m + 1) / 15 for m in range(15)]
    assert int(np.argmin(risks)) == 3
    assert bias(3) == pytest.approx(0.0064, abs=5e-5)
    assert risks[4] > risks[5]  # a small dip, before the excess risk rises for good
    assert all(here < there for here, there in pairwise(risks[5:]))
    smoother = features(grid, 14) @ np.linalg.pinv(features(x, 14))
    error = (smoother @ target - np.sin(np.pi * grid)) ** 2 + variance * (smoother**2).sum(1)
    assert 600 < error.mean() / variance < 750


def test_the_best_overparametrization() -> None:
    """exr-ls-peak: minimizer and minimum of the limit of the excess risk."""
    gamma, root, sigma = sp.symbols("gamma r sigma", positive=True)
    risk = root**2 * (1 - 1 / gamma) + sigma**2 / (gamma - 1)
    best = root / (root - sigma)
    assert sp.simplify(sp.diff(risk, gamma).subs(gamma, best)) == 0
    assert sp.simplify(risk.subs(gamma, best) - (2 * sigma * root - sigma**2)) == 0
