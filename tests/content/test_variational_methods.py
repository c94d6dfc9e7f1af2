"""The chapter on variational methods: all numbers, recomputed."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp

from tests.content.variational import Array, average, divergence, em_step, likelihood


def gaussian(x: Array, mean: float, variance: float) -> Array:
    return np.exp(-((x - mean) ** 2) / (2 * variance)) / math.sqrt(2 * math.pi * variance)


def gaussian_kl(m1: Array, s1: Array, m2: Array, s2: Array) -> float:
    inverse = np.linalg.inv(s2)
    logs = np.linalg.slogdet(s1)[1] - np.linalg.slogdet(s2)[1]
    quadratic = (m1 - m2) @ inverse @ (m1 - m2)
    return float(np.trace(inverse @ s1) - len(m1) - logs + quadratic) / 2


def positive(rng: np.random.Generator, d: int) -> Array:
    a = rng.normal(size=(d, d))
    return a @ a.T + 0.3 * np.eye(d)


def test_gibbs_gap_on_a_finite_set() -> None:
    """thm-vm-gibbs, eq-vm-gap; the dual formula at f = log(q/p)."""
    rng = np.random.default_rng(0)
    for _ in range(20):
        p, q = rng.dirichlet(np.ones(6)), rng.dirichlet(np.ones(6))
        f = rng.normal(size=6) * 3
        total = p @ np.exp(f)
        gap = math.log(total) - (q @ f - divergence(q, p))
        assert gap == pytest.approx(divergence(q, np.exp(f) * p / total))
        assert q @ f - math.log(total) <= divergence(q, p)
        best = np.log(q / p)
        assert q @ best - math.log(p @ np.exp(best)) == pytest.approx(divergence(q, p))


def test_change_of_measure() -> None:
    """cor-vm-change, for functions with values in [0, 1], which are 1/2-sub-Gaussian."""
    rng = np.random.default_rng(1)
    for _ in range(200):
        p, q, f = rng.dirichlet(np.ones(4)), rng.dirichlet(np.ones(4)), rng.random(4)
        assert abs(q @ f - p @ f) <= 0.5 * math.sqrt(2 * divergence(q, p))


def test_conjugate_model() -> None:
    """ex-vm-conjugate, prop-vm-elbo."""
    evidence = -math.log(4 * math.pi) / 2 - 1
    assert evidence == pytest.approx(-2.2655, abs=5e-5)
    for mean, bound, gap in [(0, -3.4189, 1.1534), (1, -2.4189, 0.1534)]:

        def likelihood(eps: Array, mean: float = mean) -> Array:
            return -math.log(2 * math.pi) / 2 - (2 - mean - eps) ** 2 / 2

        elbo = average(likelihood) - mean**2 / 2
        assert elbo == pytest.approx(bound, abs=5e-5)
        one = np.ones((1, 1))
        kl = gaussian_kl(np.array([mean]), one, np.array([1.0]), one / 2)
        assert kl == pytest.approx(gap, abs=1e-4)
        assert evidence - elbo == pytest.approx(kl)


def test_em_increases_the_likelihood() -> None:
    """thm-vm-em, ex-vm-em: iterates, factors of the errors, and the case S < 1."""
    x = np.array([1.0, -3.0, 1.0, math.sqrt(5)])
    assert np.mean(x**2) == pytest.approx(4)
    theta = 1.0
    for expected, factor in ((1.5, 0.75), (2.04, 0.64), (2.472, 0.55)):
        new = em_step(theta, x)
        assert new == pytest.approx(expected, abs=5e-4)
        old_l, new_l = (-math.log(t + 1) - 4 / (t + 1) for t in (theta, new))
        assert new_l > old_l
        assert (3 - new) / (3 - theta) == pytest.approx(factor, abs=5e-4)
        theta = new
    near = (em_step(3.001, x) - 3) / 0.001
    assert near == pytest.approx(7 / 16, abs=1e-3)
    for theta, square in ((0.3, 0.7), (2.0, 4.0), (5.0, 4.0)):
        change = theta**2 * (square - 1 - theta) / (theta + 1) ** 2
        assert em_step(theta, np.array([math.sqrt(square)])) - theta == pytest.approx(change)


def test_gaussian_divergence_by_quadrature() -> None:
    """prop-vm-gaussian-kl."""
    x = np.linspace(-30, 30, 60001)
    p, q = gaussian(x, 0.4, 1.7), gaussian(x, -1, 0.6)
    value = float(np.sum(p * (np.log(p) - np.log(np.maximum(q, 1e-300)))) * (x[1] - x[0]))
    formula = gaussian_kl(np.array([0.4]), np.eye(1) * 1.7, np.array([-1.0]), np.eye(1) * 0.6)
    assert value == pytest.approx(formula, rel=1e-4)


def test_mean_field() -> None:
    """thm-vm-meanfield: optimal product, its divergence, variances too small."""
    rng = np.random.default_rng(2)
    for d in (2, 3, 5):
        sigma = positive(rng, d)
        precision, mu = np.linalg.inv(sigma), rng.normal(size=d)
        best = np.diag(1 / np.diag(precision))
        least = gaussian_kl(mu, best, mu, sigma)
        logs = np.sum(np.log(np.diag(precision))) - np.linalg.slogdet(precision)[1]
        assert least == pytest.approx(logs / 2)
        assert np.all(np.diag(best) <= np.diag(sigma) + 1e-12)
        for _ in range(50):
            other = best * np.exp(rng.normal(size=d) * 0.2)
            shifted = mu + rng.normal(size=d) * 0.1
            assert gaussian_kl(shifted, other, mu, sigma) > least


def test_directions() -> None:
    """ex-vm-directions, prop-vm-forward."""
    rho = 0.9
    sigma, zero = np.array([[1, rho], [rho, 1]]), np.zeros(2)
    reverse = gaussian_kl(zero, np.eye(2) * (1 - rho**2), zero, sigma)
    forward = gaussian_kl(zero, sigma, zero, np.eye(2))
    assert reverse == pytest.approx(forward) and reverse == pytest.approx(0.830, abs=5e-4)
    x = np.linspace(-25, 25, 50001)
    h = x[1] - x[0]
    p = 0.5 * gaussian(x, -3, 1) + 0.5 * gaussian(x, 3, 1)
    assert np.sum(x**2 * p) * h == pytest.approx(10)
    log_p = -0.5 * (np.abs(x) - 3) ** 2 + np.log1p(np.exp(-6 * np.abs(x)))
    log_p -= math.log(2 * math.sqrt(2 * math.pi))

    def divergence_from_p(mean: float, variance: float) -> float:
        q = gaussian(x, mean, variance)
        return float(np.sum(q * (np.log(np.maximum(q, 1e-300)) - log_p)) * h)

    assert divergence_from_p(0, 10) == pytest.approx(0.938, abs=5e-4)
    assert divergence_from_p(0, 7.53) == pytest.approx(0.841, abs=5e-4)
    least = divergence_from_p(2.984, 1.047)
    assert least == pytest.approx(0.689, abs=5e-4)
    assert least < divergence_from_p(3, 1) < math.log(2)
    for variance in np.linspace(0.5, 20, 40):
        assert divergence_from_p(0, float(variance)) > 0.8405
        for mean in (0.5, 1, 2, 2.9, 3.1, 4):
            assert divergence_from_p(mean, float(variance)) > least
    wide = gaussian(x, 0, 10)
    for shift, scale in [(0.3, 1.0), (0.0, 1.2), (0.0, 0.8)]:
        q = gaussian(x, shift, 10 * scale)
        assert np.sum(p * (np.log(wide) - np.log(q))) * h > 0


@pytest.mark.parametrize(("mu", "sigma"), [(1.0, 0.1), (-0.7, 0.9), (2.0, 1.5)])
def test_gradient_estimators(mu: float, sigma: float) -> None:
    """thm-vm-gradients, prop-vm-variance, ex-vm-variance."""
    z = sp.symbols("z")
    for f in (z**2, z**3 - z):
        value, slope = sp.lambdify(z, f), sp.lambdify(z, sp.diff(f, z))
        score = average(lambda e, v=value: v(mu + sigma * e) * e / sigma)
        assert score == pytest.approx(average(lambda e, s=slope: s(mu + sigma * e)))
        score = average(lambda e, v=value: v(mu + sigma * e) * (e**2 - 1) / sigma)
        assert score == pytest.approx(average(lambda e, s=slope: s(mu + sigma * e) * e))

    def variance(b: float) -> float:
        second = average(lambda e: (((mu + sigma * e) ** 2 - b) * e / sigma) ** 2)
        return second - (2 * mu) ** 2

    best = mu**2 + 3 * sigma**2
    assert variance(0) == pytest.approx(mu**4 / sigma**2 + 14 * mu**2 + 15 * sigma**2)
    assert variance(best) == pytest.approx(8 * mu**2 + 6 * sigma**2)
    assert variance(best) < min(variance(best - 0.1), variance(best + 0.1))
    if sigma == 0.1:
        assert [round(variance(b) / 0.02**2) for b in (0, best)] == [285375, 20150]


def test_linear_autoencoder() -> None:
    """thm-vm-ppca, ex-vm-ppca: stationary points and the maximum."""
    rng = np.random.default_rng(3)
    s = positive(rng, 4)
    values, vectors = np.linalg.eigh(s)
    v = values[:2].mean()
    w = vectors[:, 2:] * np.sqrt(values[2:] - v)
    top = likelihood(w, v, s)
    for _ in range(300):
        other = w + rng.normal(size=w.shape) * rng.choice([0.01, 0.3, 2])
        assert likelihood(other, v * math.exp(rng.normal() * 0.2), s) < top
    low = values[0] / 2
    u, rotation = vectors[:, [0, 2]], np.array([[0.6, -0.8], [0.8, 0.6]])
    w = (u * np.sqrt(values[[0, 2]] - low)) @ rotation.T
    c = w @ w.T + low * np.eye(4)
    assert np.allclose(s @ np.linalg.solve(c, w), w)
    step = 1e-6 * rng.normal(size=w.shape)
    slope = (likelihood(w + step, low, s) - likelihood(w - step, low, s)) / 2e-6
    assert abs(slope) < 1e-6
    w = math.sqrt(3.25) * np.eye(3)[:, :1]
    s = np.diag([4, 1, 0.5])
    for other in [(w * 1.05, 0.75), (w * 0.95, 0.75), (w, 0.8), (w, 0.7)]:
        assert likelihood(*other, s) < likelihood(w, 0.75, s)


def test_best_encoder_closes_the_gap() -> None:
    """thm-vm-ppca (a): the ELBO of the posterior is the log-likelihood."""
    rng = np.random.default_rng(4)
    w, v, x = rng.normal(size=(3, 2)), 0.7, rng.normal(size=3)
    c = w @ w.T + v * np.eye(3)
    gain = w.T @ np.linalg.inv(c)
    mean, cov = gain @ x, np.eye(2) - gain @ w
    square = float(np.sum((x - w @ mean) ** 2) + np.trace(w @ cov @ w.T))
    elbo = -1.5 * math.log(2 * math.pi * v) - square / (2 * v)
    elbo -= gaussian_kl(mean, cov, np.zeros(2), np.eye(2))
    log_p = -1.5 * math.log(2 * math.pi) + likelihood(w, v, np.outer(x, x))
    assert elbo == pytest.approx(log_p)


@pytest.mark.parametrize("m", [2, 10, 25])
def test_piecewise_linear_ritz(m: int) -> None:
    """thm-vm-cea, ex-vm-hat: the discrete energy is assembled and minimized."""
    h = 1 / m
    stiffness = (2 * np.eye(m - 1) - np.eye(m - 1, k=1) - np.eye(m - 1, k=-1)) / h
    load = np.full(m - 1, h)
    u = np.linalg.solve(stiffness, load)
    energy = u @ stiffness @ u / 2 - load @ u
    nodes = np.arange(1, m) * h
    assert np.allclose(u, nodes * (1 - nodes) / 2)
    assert energy + 1 / 24 == pytest.approx(h**2 / 24)


def test_deep_ritz_finite_class() -> None:
    """thm-vm-deep-ritz for multiples of the solution of -u'' = 1, by simulation: both bounds."""
    rng = np.random.default_rng(5)
    factors, n, runs = np.array([-2, -1.5, -1, 0.5, 0.8]), 10000, 100
    grid = np.linspace(0, 1, 1001)

    def energies(x: Array) -> Array:
        return np.array([(t * (0.5 - x)) ** 2 / 2 - t * x * (1 - x) / 2 for t in factors])

    bound = float(np.max(np.abs(energies(grid))))
    errors, widths = [], []
    for _ in range(runs):
        table = energies(rng.random(n))
        errors.append((factors[table.mean(axis=1).argmin()] - 1) ** 2 / 12)
        widths.append(np.max(table @ rng.choice([-1, 1], size=n)) / n)
    least = float(np.min((factors - 1) ** 2)) / 12
    probable = least + 8 * bound * math.sqrt(math.log(2 * len(factors) / 0.1) / (2 * n))
    assert probable < np.max((factors - 1) ** 2) / 12 / 4
    assert np.mean(np.array(errors) <= probable) >= 0.9
    assert least <= np.mean(errors) + 1e-12 and np.mean(errors) <= least + 4 * np.mean(widths)


def test_boundary_penalty() -> None:
    """prop-vm-penalty, ex-vm-penalty: the difference solves the boundary conditions."""
    b, p, q = sp.symbols("b p q", positive=True)
    left = ((b + 1) * p - q) / (b * (b + 2))
    right = (p - (b + 1) * q) / (b * (b + 2))
    slope = right - left
    assert sp.simplify(p + slope - b * left) == 0
    assert sp.simplify(q + slope + b * right) == 0
    half = sp.Rational(1, 2)
    assert sp.simplify(left.subs({p: half, q: -half}) - 1 / (2 * b)) == 0
    # The Ritz method for f = x with the penalty is exact at the nodes: u'(0) = 1/6, u'(1) = -1/3.
    m, beta = 8, 7.0
    stiffness = (2 * np.eye(m + 1) - np.eye(m + 1, k=1) - np.eye(m + 1, k=-1)) * m
    stiffness[0, 0] = stiffness[m, m] = m + beta
    load = np.arange(m + 1) / m**2
    load[0], load[m] = 1 / (6 * m**2), (3 * m - 1) / (6 * m**2)
    ends = np.linalg.solve(stiffness, load)[[0, m]]
    numbers = {b: beta, p: 1 / 6, q: -1 / 3}
    assert ends == pytest.approx([float(left.subs(numbers)), float(right.subs(numbers))])
    x = sp.symbols("x")
    sine = sp.sqrt(2) * sp.sin(sp.pi * x)
    assert sp.integrate(sine**2, (x, 0, 1)) == 1
    assert sp.integrate(sp.diff(sine, x) ** 2, (x, 0, 1)) == sp.pi**2


def solve_bvp(c: Array, r: Array, left: float, right: float) -> Array:
    """Central differences for -w'' + c w = r on the interior points."""
    m = len(c) + 1
    matrix = (2 * np.eye(m - 1) - np.eye(m - 1, k=1) - np.eye(m - 1, k=-1)) * m**2
    rhs = r.copy()
    rhs[0] += left * m**2
    rhs[-1] += right * m**2
    return np.linalg.solve(matrix + np.diag(c), rhs)


def test_stability_of_residuals() -> None:
    """thm-vm-pinn, eq-vm-poincare, ex-vm-pinn."""
    rng = np.random.default_rng(6)
    x = np.arange(1, 200) / 200
    for _ in range(20):
        c = 30 * rng.random() * (1 + np.sin(rng.normal() * 9 * x)) / 2
        r = rng.normal() + rng.normal() * np.sin(rng.normal() * 20 * x)
        w = solve_bvp(c, r, 0, 0)
        size = math.sqrt(np.mean(r**2))
        steps = np.diff(np.concatenate([[0], w, [0]])) * 200
        assert math.sqrt(np.mean(steps**2)) <= 0.5 * size * 1.01
        assert np.max(np.abs(w)) <= 0.25 * size * 1.01
        a, b = rng.normal(size=2)
        w = solve_bvp(c, r, a, b)
        assert np.max(np.abs(w)) <= max(abs(a), abs(b)) + np.max(np.abs(r)) / 8 + 1e-9
    assert np.max(solve_bvp(0 * x, 1 + 0 * x, 0, 0)) == pytest.approx(1 / 8)
    x = np.linspace(0, 1, 20001)
    wave = np.sin(10 * np.pi * x) / 100
    slope = np.gradient(wave, x)
    residual = math.sqrt(np.mean(np.gradient(slope, x)[2:-2] ** 2))
    assert residual == pytest.approx(6.98, abs=5e-3) and residual / 4 == pytest.approx(
        1.74, abs=5e-3
    )
    assert math.sqrt(np.mean(slope**2)) == pytest.approx(0.222, abs=5e-4)


def test_score_function_in_many_dimensions() -> None:
    """exr-vm-dimension: the moments in the plane, by a product of quadratures."""
    mu, w, sigma = np.array([0.7, -1.2]), np.array([2.0, 0.5]), 0.6
    nodes, weights = np.polynomial.hermite_e.hermegauss(20)
    eps = np.array(np.meshgrid(nodes, nodes)).reshape(2, -1)
    density = np.outer(weights, weights).ravel() / (2 * math.pi)
    estimates = (w @ (mu[:, None] + sigma * eps)) * eps / sigma
    assert estimates @ density == pytest.approx(w)
    square = np.sum((estimates - w[:, None]) ** 2, axis=0) @ density
    assert square == pytest.approx(2 / sigma**2 * (w @ mu) ** 2 + 3 * (w @ w))


def test_coordinate_ascent_for_the_mean_field() -> None:
    """exr-vm-cavi: each factor at its best for a pair, and the factor of the errors."""
    rng = np.random.default_rng(8)
    sigma, mu = positive(rng, 2), rng.normal(size=2)
    precision = np.linalg.inv(sigma)
    correlation = sigma[0, 1] / math.sqrt(sigma[0, 0] * sigma[1, 1])
    m, errors = mu + 1.0, []
    for _ in range(3):
        for i, j in ((0, 1), (1, 0)):
            m[i] = mu[i] - precision[i, j] * (m[j] - mu[j]) / precision[i, i]
            best = np.diag(1 / np.diag(precision))
            least = gaussian_kl(m, best, mu, sigma)
            for shift in (-0.1, 0.1):
                assert gaussian_kl(m + shift * np.eye(2)[i], best, mu, sigma) > least
        errors.append(m - mu)
    assert errors[1] == pytest.approx(correlation**2 * errors[0])
    assert errors[2] == pytest.approx(correlation**2 * errors[1])


def test_error_of_the_interpolant() -> None:
    """exr-vm-interpolation, for waves that are short and long compared with the cells."""
    x = (np.arange(200000) + 0.5) / 200000
    for k in (1, 2, 7):
        slope = (k * math.pi * np.cos(k * math.pi * x)).reshape(5, -1)
        error = math.sqrt(np.mean((slope - slope.mean(axis=1, keepdims=True)) ** 2))
        assert error <= 0.2 / math.sqrt(6) * (k * math.pi) ** 2 / math.sqrt(2)
