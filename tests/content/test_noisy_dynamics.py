"""The chapter on noisy dynamics: theorems and worked numbers, recomputed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import dblquad, quad, solve_ivp

from tests.content.lyapunov import stationary

Function = Callable[[float], float]


def test_stationary_covariance() -> None:
    """thm-nd-stationary, eq-nd-lyapunov, part (d), on a random instance in dimension 4."""
    rng = np.random.default_rng(0)
    basis = np.linalg.qr(rng.standard_normal((4, 4)))[0]
    eigen, step = np.array([0.3, 0.7, 1.1, 3.0]), 0.4
    a = basis @ np.diag(eigen) @ basis.T
    root = rng.standard_normal((4, 4))
    sigma = root @ root.T
    c = stationary(a, sigma, step)
    assert np.allclose(a @ c + c @ a - step * a @ c @ a, step * sigma)
    s = basis.T @ sigma @ basis
    claimed = step * s / (eigen[:, None] + eigen - step * np.outer(eigen, eigen))
    assert np.allclose(basis.T @ c @ basis, claimed)
    assert np.trace(a @ c) / 2 == pytest.approx(step / 2 * np.sum(np.diag(s) / (2 - step * eigen)))


def test_two_directions_by_simulation() -> None:
    """ex-nd-covariance, with noise that takes four values only."""
    rng = np.random.default_rng(1)
    a, sigma = np.diag([1.0, 4.0]), np.array([[1.0, 0.5], [0.5, 1.0]])
    c = stationary(a, sigma, 0.25)
    assert c == pytest.approx(np.array([[1 / 7, 1 / 32], [1 / 32, 1 / 16]]))
    assert np.trace(a @ c) / 2 == pytest.approx(11 / 56)
    x, root = np.zeros((2, 60000)), np.linalg.cholesky(sigma)
    for _ in range(30):
        x = x - 0.25 * (a @ x + root @ rng.choice([-1.0, 1.0], x.shape))
    assert np.cov(x) == pytest.approx(c, abs=3e-3)


def test_gaussian_limit() -> None:
    """prop-nd-gaussian-limit: the kurtosis of sum q^j xi_j with signs tends to 3."""
    excess = []
    for step in (0.5, 0.1, 0.02):
        weights = (1 - step) ** np.arange(4000)
        excess.append(-2 * np.sum(weights**4) / np.sum(weights**2) ** 2)
        assert step * np.sum(weights**2) == pytest.approx(1 / (2 - step))
    assert excess[0] < -1 and abs(excess[1]) < 0.25 and abs(excess[2]) < 0.05


def bumpy(x: float) -> tuple[float, float, float]:
    """The first three derivatives of x^2/2 + cos(2x)/4."""
    return x - math.sin(2 * x) / 2, 1 - math.cos(2 * x), 2 * math.sin(2 * x)


def test_modified_flow_is_close() -> None:
    """thm-nd-modified for x^2/2 + cos(2x)/4, where L = 2 and M = 2: bound and rate."""
    errors = []
    for step in (0.2, 0.1, 0.05):
        x = 2.0
        for _ in range(round(1 / step)):
            x -= step * bumpy(x)[0]

        def flow(_: float, y: np.ndarray, step: float = step) -> list[float]:
            g, h, _ = bumpy(y[0])
            return [-g - step / 2 * h * g]

        path = solve_ivp(flow, (0, 1), [2.0], rtol=1e-11, atol=1e-13)
        slope = max(abs(bumpy(y)[0]) for y in path.y[0])
        bound = step**2 / 8 * (2 * slope**2 / 2 + 3 * 2 * slope) * (math.exp(2) - 1)
        errors.append(abs(x - path.y[0, -1]))
        assert errors[-1] <= bound
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.3)
    assert errors[1] / errors[2] == pytest.approx(4, rel=0.2)


def test_balance_of_two_layers() -> None:
    """ex-nd-balance: the exact step, and the modified flow of the imbalance."""
    u, v, a = sp.symbols("u v a")
    r = u * v - 1
    after = (u - a * r * v) ** 2 - (v - a * r * u) ** 2
    assert sp.expand(after - (1 - a**2 * r**2) * (u**2 - v**2)) == 0
    assert after.subs({u: 3, v: 0, a: sp.Rational(1, 10)}) == sp.Rational(891, 100)
    modified = r**2 / 2 + a / 4 * r**2 * (u**2 + v**2)
    drift = -2 * u * sp.diff(modified, u) + 2 * v * sp.diff(modified, v)
    assert sp.expand(drift + a * r**2 * (u**2 - v**2)) == 0


def test_epoch_in_random_order() -> None:
    """thm-nd-shuffling: bound and third-order rate, f_i = c_i sin(x + s_i), all orders."""
    c, s = np.array([1.0, -0.6, 0.8]), np.array([0.2, 1.0, 2.0])

    def flow(step: float) -> Callable[[float, np.ndarray], np.ndarray]:
        def field(_: float, y: np.ndarray) -> np.ndarray:
            g, h = c * np.cos(y[0] + s), -c * np.sin(y[0] + s)
            return np.array([-g.mean() - step / 2 * np.mean(h * g)])

        return field

    errors = []
    for step in (0.08, 0.04, 0.02):
        ends = []
        for order in itertools.permutations(range(3)):
            x = 0.3
            for i in order:
                x -= step * c[i] * math.cos(x + s[i])
            ends.append(x)
        y = solve_ivp(flow(step), (0, 3 * step), [0.3], rtol=1e-12, atol=1e-14).y[0, -1]
        errors.append(abs(np.mean(ends) - y))
        assert errors[-1] <= 3 * (3 * step) ** 3
    assert errors[0] / errors[1] == pytest.approx(8, rel=0.25)
    assert errors[1] / errors[2] == pytest.approx(8, rel=0.15)


def test_weak_expansions_agree_to_third_order() -> None:
    """thm-nd-weak: one step of SGD against the generator, symbolically in one dimension."""
    x, a = sp.symbols("x a")
    f, u = sp.Function("f")(x), sp.Function("u")(x)
    s = sp.Function("s")(x)
    fa = f + a / 4 * sp.diff(f, x) ** 2

    def generator(w: sp.Expr) -> sp.Expr:
        return -sp.diff(fa, x) * sp.diff(w, x) + a / 2 * s * sp.diff(w, x, 2)

    diffusion = u + a * generator(u) + a**2 / 2 * generator(generator(u))
    moment = sp.diff(f, x) ** 2 + s
    step = u - a * sp.diff(f, x) * sp.diff(u, x) + a**2 / 2 * moment * sp.diff(u, x, 2)
    gap = sp.expand((diffusion - step).doit())
    assert all(sp.simplify(gap.coeff(a, k)) == 0 for k in range(3))
    assert sp.simplify(gap.coeff(a, 3)) != 0


def test_mean_of_sgd_on_a_quadratic() -> None:
    """thm-nd-weak: the modified drift has second order, the plain one only first."""
    plain, modified = [], []
    for k in (10, 20, 40):
        step = 1 / k
        plain.append(abs((1 - step) ** k - math.exp(-1)))
        modified.append(abs((1 - step) ** k - math.exp(-1 - step / 2)))
    assert plain[1] / plain[2] == pytest.approx(2, rel=0.05)
    assert modified[1] / modified[2] == pytest.approx(4, rel=0.05)


def gibbs(f: Function, tau: float, g: Function, ends: float = 12.0) -> float:
    mass = quad(lambda x: math.exp(-f(x) / tau), -ends, ends, limit=200)[0]
    return quad(lambda x: g(x) * math.exp(-f(x) / tau), -ends, ends, limit=200)[0] / mass


def convex(x: float) -> float:
    """Strongly convex with second derivative 1 + sech^2(x - 1), so mu = 1 and L = 2."""
    return x**2 / 2 + math.log(math.cosh(x - 1))


def slope(x: float) -> float:
    return x + math.tanh(x - 1)


def bend(x: float) -> float:
    return 1 + 1 / math.cosh(x - 1) ** 2


def test_integration_by_parts() -> None:
    """lem-nd-parts and the moments in thm-nd-bias (mu = 1, L = 2, d = 1)."""
    tau = 0.7
    left = gibbs(convex, tau, lambda x: math.cos(x) * (-tau * math.sin(x) - slope(x) * math.cos(x)))
    assert left == pytest.approx(tau * gibbs(convex, tau, lambda x: math.sin(x) * math.cos(x)))
    second = gibbs(convex, tau, lambda x: slope(x) ** 2)
    assert second == pytest.approx(tau * gibbs(convex, tau, bend))
    assert second <= 2 * tau
    assert gibbs(convex, tau, lambda x: slope(x) ** 4) <= tau**2 * 4 * 3


def test_poincare_and_log_sobolev() -> None:
    """thm-nd-bakry-emery with mu = 1, and the sharp case of a shifted Gaussian."""
    rng = np.random.default_rng(0)
    tau = 0.7
    for a, b in rng.uniform(-1.5, 1.5, (6, 2)):

        def h(x: float, a: float = a, b: float = b) -> float:
            return math.exp(a * math.sin(x + b))

        def dh(x: float, a: float = a, b: float = b) -> float:
            return a * math.cos(x + b) * math.exp(a * math.sin(x + b))

        mean = gibbs(convex, tau, h)
        variance = gibbs(convex, tau, lambda x, h=h: h(x) ** 2) - mean**2
        assert variance <= tau * gibbs(convex, tau, lambda x, dh=dh: dh(x) ** 2)
        entropy = gibbs(convex, tau, lambda x, h=h, m=mean: h(x) / m * math.log(h(x) / m))
        fisher = gibbs(convex, tau, lambda x, h=h, dh=dh, m=mean: dh(x) ** 2 / h(x) / m)
        assert 0 < entropy <= tau / 2 * fisher
    shift = 0.4

    def tilt(x: float) -> float:
        return math.exp((shift * x - shift**2 / 2) / tau)

    entropy = gibbs(lambda x: x**2 / 2, tau, lambda x: tilt(x) * math.log(tilt(x)))
    fisher = gibbs(lambda x: x**2 / 2, tau, lambda x: (shift / tau) ** 2 * tilt(x))
    assert entropy == pytest.approx(tau / 2 * fisher)


def test_decay_of_the_variance() -> None:
    """thm-nd-decay (a): for the quadratic, P_t cos(x) by the formula of Mehler."""
    tau, mu = 0.5, 1.3
    s = tau / mu
    for t in (0.0, 0.3, 1.0):
        shrink = math.exp(-mu * t)
        factor = math.exp(-s * (1 - shrink**2) / 2)
        mean = math.exp(-s / 2)
        second = factor**2 * (1 + math.exp(-2 * s * shrink**2)) / 2
        variance = second - mean**2
        start = (1 + math.exp(-2 * s)) / 2 - mean**2
        assert variance <= math.exp(-2 * mu * t) * start * (1 + 1e-12)


def chain_density(step: float, tau: float) -> tuple[np.ndarray, np.ndarray]:
    """The stationary density of the Langevin algorithm for ``convex`` on a grid."""
    x = np.linspace(-4.5, 5.5, 601)
    centre = x - step * (x + np.tanh(x - 1))
    kernel = np.exp(-((x[:, None] - centre[None]) ** 2) / (4 * step * tau))
    kernel /= kernel.sum(axis=0)
    p = np.full(x.size, 1 / x.size)
    for _ in range(90):
        p = kernel @ p
    return x, p / p.sum()


def test_bias_of_the_langevin_algorithm() -> None:
    """thm-nd-bias: W2 by quantiles, for mu = 1, L = 2, M = 0.77, against the bound; rate 1."""
    tau, distances = 0.7, []
    for step in (0.4, 0.2, 0.1):
        x, p = chain_density(step, tau)
        target = np.exp(-(x**2 / 2 + np.log(np.cosh(x - 1))) / tau)
        levels = (np.arange(4000) + 0.5) / 4000
        quantiles = [np.interp(levels, np.cumsum(q / q.sum()), x) for q in (p, target)]
        distances.append(math.sqrt(np.mean((quantiles[0] - quantiles[1]) ** 2)))
        b1 = 2**1.5 * math.sqrt(tau) / 2 + 1.5 * 0.77 * tau * 2
        b2 = 2 * math.sqrt(2 * tau / 3)
        assert distances[-1] <= step * (b1 + b2)
        assert np.sum(p * (x - 0.4) ** 2) <= 2 * tau / (2 - step) + 0.02
    assert 1.6 < distances[0] / distances[1] < 3
    assert 1.7 < distances[1] / distances[2] < 2.5


def test_fixed_point_of_the_error_recursion() -> None:
    """thm-nd-bias: phi(c) <= c."""
    rng = np.random.default_rng(0)
    for b1, b2, mu, s in rng.random((200, 4)) * [5, 5, 2, 1]:
        step = s / mu
        c = step * (b1 / mu + b2 / math.sqrt(mu))
        phi = math.sqrt(((1 - step * mu) * c) ** 2 + b2**2 * step**3) + b1 * step**2
        assert phi <= c * (1 + 1e-12)


def test_gaussian_bias_and_sgld() -> None:
    """ex-nd-gaussian-bias, prop-nd-sgld (bound for a coupled pair, and the temperature)."""
    for lam, step, tau, sigma in [(2.0, 0.3, 0.5, 1.1), (1.0, 0.1, 1.0, 0.0)]:
        a, noise = np.array([[lam]]), np.array([[2 * tau / step + sigma**2]])
        warm = (tau + step * sigma**2 / 2) / lam / (1 - step * lam / 2)
        assert stationary(a, noise, step)[0, 0] == pytest.approx(warm)
        pair = stationary(a, np.array([[sigma**2]]), step)[0, 0]
        assert pair <= step * sigma**2 / (lam * (2 - step * lam)) + 1e-12
    assert 1 / math.sqrt(0.95) - 1 == pytest.approx(0.026, abs=5e-5)


def well(x: float) -> float:
    return x**4 / 4 - x**2 / 2 if x >= -2 else 2 - 6 * (x + 2) + 5.5 * (x + 2) ** 2


def exit_time(tau: float) -> float:
    """eq-nd-exit for the double well, from -1 to 1/2."""
    value = dblquad(
        lambda z, y: math.exp((well(y) - well(z)) / tau),
        -1,
        0.5,
        -2.6,
        lambda y: y,
        epsrel=1e-6,
    )[0]
    return value / tau


def test_kramers() -> None:
    """thm-nd-kramers, ex-nd-double-well: the quotient of exact and asymptotic tends to 1."""
    ratio = [
        exit_time(tau) / (math.sqrt(2) * math.pi * math.exp(0.25 / tau)) for tau in (0.05, 0.02)
    ]
    assert math.sqrt(2) * math.pi * math.exp(5) == pytest.approx(659, abs=0.5)
    assert ratio[0] == pytest.approx(1.08, abs=5e-3)
    assert 1 < ratio[1] < 1.04
    assert exit_time(0.25) < math.sqrt(2) * math.pi * math.e  # the start of fig-nd-exit


def test_exit_from_an_interval_by_a_linear_system() -> None:
    """thm-nd-exit (a): formula against finite differences for V = sin(3x), tau = 0.4."""
    tau, a, b, n = 0.4, -1.0, 2.0, 1000
    x = np.linspace(a, b, n + 1)
    h = x[1] - x[0]
    inside = x[1:-1]
    drift = -3 * np.cos(3 * inside)
    up, down = tau / h**2 + drift / (2 * h), tau / h**2 - drift / (2 * h)
    matrix = np.diag(-(up + down)) + np.diag(up[:-1], 1) + np.diag(down[1:], -1)
    rise = np.zeros(n - 1)
    rise[-1] = -up[-1]
    m, p = np.linalg.solve(matrix, np.column_stack([-np.ones(n - 1), rise])).T

    def integral(values: np.ndarray) -> np.ndarray:
        return np.concatenate([[0], np.cumsum((values[1:] + values[:-1]) / 2) * h])

    weight = np.exp(np.sin(3 * x) / tau)
    s = integral(weight)
    j = integral(weight * integral(1 / weight))
    assert p == pytest.approx((s / s[-1])[1:-1], abs=2e-4)
    assert m == pytest.approx(((s / s[-1] * j[-1] - j) / tau)[1:-1], rel=1e-3, abs=1e-3)


def test_laplace() -> None:
    """lem-nd-laplace for h = cos on (-2, 3)."""
    for tau, tolerance in ((0.05, 0.01), (0.01, 0.002)):
        value = quad(lambda y, t=tau: math.exp((math.cos(y) - 1) / t), -2, 3, points=[0])[0]
        assert value == pytest.approx(math.sqrt(2 * math.pi * tau), rel=tolerance)


def test_wells_with_curvature_dependent_noise() -> None:
    """ex-nd-flat."""
    depth, noise = 1.0, 0.1  # the noise is alpha sigma^2
    exponents = []
    for curvature in (1.0, 16.0):
        radius = math.sqrt(2 * depth / curvature)
        exponents.append(depth / (noise * curvature / 2))
        assert exponents[-1] == pytest.approx(radius**2 / noise)
    assert math.exp(exponents[0]) == pytest.approx(4.9e8, rel=0.02)
    assert math.exp(exponents[1]) == pytest.approx(3.5, abs=0.02)


def test_label_noise_balances() -> None:
    """thm-nd-label-noise: invariant region, rate, and the run without noise."""
    rng = np.random.default_rng(0)
    u, v = np.full(400, 3.0), np.full(400, 0.4)
    b0 = 9 - 0.16
    step, delta = 1 / math.sqrt(b0**2 + 9), 0.2
    assert abs(u[0] * v[0] - 1) <= 2 * delta
    for k in range(1, 1501):
        old = np.abs(u**2 - v**2)
        rho = u * v - 1 - delta * rng.choice([-1.0, 1.0], u.size)
        u, v = u - step * rho * v, v - step * rho * u
        b = np.abs(u**2 - v**2)
        assert np.all(b <= old * (1 + 1e-12)) and np.all(np.abs(u * v - 1) <= 2 * delta)
        assert b.mean() <= (1 - step**2 * delta**2) ** k * b0
    assert b.mean() < 0.55 * b0
    x, y = 3.0, 0.4
    for _ in range(1500):
        r = x * y - 1
        x, y = x - step * r * y, y - step * r * x
    assert x * y == pytest.approx(1) and x**2 - y**2 > 0.98 * b0


def test_input_noise() -> None:
    """prop-nd-input-noise, ex-nd-quadratic-feature: the remainder is attained."""
    t, x, y, e, z = sp.symbols("t x y e z")
    noisy = sp.expand((t * (x + e * z) ** 2 - y) ** 2 / 2)
    moments = [1, 0, 1, 0, 3]
    mean = sum(noisy.coeff(z, k) * moments[k] for k in range(5))
    model = t * x**2
    penalty = sp.diff(model, x) ** 2 + (model - y) * sp.diff(model, x, 2)
    rest = sp.expand(mean - (model - y) ** 2 / 2 - e**2 / 2 * penalty)
    assert rest == sp.Rational(3, 2) * t**2 * e**4
    best = sp.solve(sp.diff(mean.subs({x: 1, y: 1, e: sp.sqrt(sp.Rational(1, 10))}), t), t)
    assert best == [sp.Rational(110, 163)]


def test_bounded_nonlinear_model_with_noisy_inputs() -> None:
    """prop-nd-input-noise: error of fourth order for h = sin."""
    errors = []
    for eps in (0.2, 0.1):
        nodes, weights = np.polynomial.hermite_e.hermegauss(40)
        loss = (np.sin(0.7 + eps * nodes) - 0.3) ** 2 / 2
        h, dh = math.sin(0.7), math.cos(0.7)
        claimed = (h - 0.3) ** 2 / 2 + eps**2 / 2 * (dh**2 - (h - 0.3) * h)
        errors.append(abs(np.sum(weights * loss) / np.sum(weights) - claimed))
        assert errors[-1] <= (4 + 0.3) * eps**4 / 24 * 3
    assert errors[0] / errors[1] == pytest.approx(16, rel=0.1)
