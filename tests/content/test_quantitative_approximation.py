"""The chapter on rates of approximation: all numbers, recomputed."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import linprog

from tests.content.random_vectors import mean_norm, sphere


def test_orthogonal_systems_are_far_from_subspaces():
    """lem-qa-orthogonal, all three parts, in Euclidean space."""
    rng = np.random.default_rng(0)
    for size, m in ((4, 1), (6, 3), (8, 5)):
        for _ in range(20):
            basis = np.linalg.qr(rng.standard_normal((size + 2, m)))[0]
            residual = np.eye(size + 2) - basis @ basis.T
            system = residual[:, :size]
            assert np.sum(system**2) >= size - m - 1e-9
            signs = np.array(list(itertools.product((-1, 1), repeat=size)))
            assert np.max(np.linalg.norm(signs @ system.T, axis=1)) >= math.sqrt(size - m) - 1e-9
            ball = np.linalg.norm(residual[:, : m + 1], 2)
            assert ball >= 1 - 1e-9


@pytest.mark.parametrize(("s", "d", "N"), [(1.0, 2, 2), (0.5, 2, 3), (0.3, 3, 2), (1.0, 1, 4)])
def test_bumps_with_signs(s, d, N):
    """lem-qa-bumps: the Hölder condition, and the norm of a bump."""
    rng = np.random.default_rng(1)
    signs = rng.choice([-1, 1], (N,) * d)

    def g(x):
        cell = np.minimum(np.floor(N * x).astype(int), N - 1)
        inside = np.minimum(x - cell / N, (cell + 1) / N - x).min(axis=1)
        return signs[tuple(cell.T)] * 2 ** (s - 1) * inside**s

    x = rng.random((40000, d))
    y = np.clip(x + rng.choice([0.01, 0.1, 1.0], (40000, 1)) * (rng.random((40000, d)) - 0.5), 0, 1)
    assert np.all(np.abs(g(x) - g(y)) <= np.max(np.abs(x - y), axis=1) ** s + 1e-12)
    energy = quad(
        lambda t: (2 ** (s - 1) * t**s) ** 2 * 2 * d * (1 / N - 2 * t) ** (d - 1), 0, 0.5 / N
    )[0]
    assert np.mean(g(x) ** 2) == pytest.approx(N**d * energy, rel=0.03)
    bound = N ** (-2 * s - d) / (2 * (d + 1) * (d + 2))
    assert energy >= bound * (1 - 1e-9)
    assert (abs(energy - bound) < 1e-9) == (s == 1)


def test_width_of_a_lipschitz_class():
    """thm-qa-width: the constants of both bounds, from the choices of the proof; ex-qa-ten."""
    for d, s in itertools.product((1, 2, 5, 10), (0.25, 0.5, 1.0)):
        for m in (1, 2, 3, 7, 100, 12345):
            lower = (2 * m) ** (-s / d) / (4 * math.sqrt((d + 1) * (d + 2)))
            N = math.ceil((2 * m) ** (1 / d) - 1e-12)
            found = math.sqrt((N**d - m) * N ** (-2 * s - d) / (2 * (d + 1) * (d + 2)))
            upper = (2 * math.floor(m ** (1 / d) + 1e-12)) ** -s
            assert lower <= found <= upper <= m ** (-s / d) + 1e-12
    assert (4e-3 * math.sqrt(132)) ** -1 == pytest.approx(21.8, abs=0.05)
    assert (4e-3 * math.sqrt(132)) ** -10 / 2 == pytest.approx(1.19e13, rel=0.005)


def test_network_of_bumps():
    """prop-qa-network for d = 1: the error of the network with the chosen slopes."""
    rng = np.random.default_rng(2)
    x = np.linspace(0, 1, 200001)
    for s, N in itertools.product((0.5, 1.0), (3, 10)):
        for _ in range(3):
            z = rng.random()
            g = np.clip(1 - 2 * np.abs(x - z) ** s, -1, 1) / 2
            eta = (2 * N) ** (-2 * s) / (2 * N)
            cell = np.minimum(np.floor(N * x), N - 1)
            inside = np.minimum(x - cell / N, (cell + 1) / N - x)
            value = np.interp((2 * cell + 1) / (2 * N), x, g)
            network = value * np.clip(inside / eta, 0, 1)
            assert math.sqrt(np.mean((network - g) ** 2)) <= 2 * (2 * N) ** -s


def test_sign_vectors_and_entropy():
    """lem-qa-signs by counting; thm-qa-entropy, the quantized functions of part 2."""
    for K in range(1, 200):
        near = sum(math.comb(K, i) for i in range(math.ceil(K / 4)))
        assert near / 2**K <= math.exp(-K / 8)
    rng = np.random.default_rng(3)
    x = np.linspace(0, 1, 5001)
    for s, eps in itertools.product((0.5, 1.0), (0.4, 0.1)):
        N = math.ceil((1.5 / eps) ** (1 / s))
        q = N**-s
        for z in rng.random(20):
            g = np.sign(x - z) * np.minimum(np.abs(x - z) ** s / 2, 1) + 0.3
            centre = (2 * np.arange(N) + 1) / (2 * N)
            k = np.rint(np.interp(centre, x, g) / q)
            cell = np.minimum(np.floor(N * x), N - 1).astype(int)
            assert np.all(np.abs(g - q * k[cell]) <= eps + 1e-3)
            assert np.all(np.abs(np.diff(k)) <= 2)
            assert abs(k[0]) <= N**s + 0.5
        assert 2 * N**s + 2 <= 4 * N


def test_maurey_exactly():
    """lem-qa-maurey, eq-qa-maurey, by enumeration of all draws; ex-qa-sharp."""
    rng = np.random.default_rng(4)
    values = rng.uniform(-1, 1, (3, 5))
    p, weights, m = np.array([0.2, 0.5, 0.3]), np.full(5, 0.2), 3
    f = p @ values
    total = sum(
        np.prod(p[list(j)]) * weights @ (f - values[list(j)].mean(axis=0)) ** 2
        for j in itertools.product(range(3), repeat=m)
    )
    assert total == pytest.approx((p @ values**2 @ weights - weights @ f**2) / m)
    assert math.sqrt(1 / 4000) == pytest.approx(0.0158, abs=5e-5)
    assert math.sqrt((1 - 1 / 2000) / 1000) == pytest.approx(0.0316, abs=5e-5)


def test_uniform_error_of_random_relu_neurons():
    """lem-qa-uniform in the plane, with a large sample in place of the mean."""
    rng = np.random.default_rng(5)
    R, m = 2.0, 50
    x = sphere(rng, 400, 2) * R * np.sqrt(rng.random((400, 1)))

    def network(size):
        w, t = sphere(rng, size, 2), R * rng.random(size)
        return np.maximum(x @ w.T - t, 0) @ np.where(w[:, 0] > t / R, 1, -1) / size

    f = network(10000)
    sup = np.mean([np.max(np.abs(network(m) - f)) for _ in range(40)])
    assert 0.05 * R / math.sqrt(m) < sup <= 4 * R / math.sqrt(m)


def test_variation_in_one_dimension():
    """thm-qa-one: the cheapest network on a grid is found by linear programming."""
    x = np.linspace(-1, 1, 41)
    knots = np.linspace(-1, 1, 41)[1:-1]
    for f, variation in (
        (np.abs(x), 2.0),
        (np.maximum(x - 0.5, 0) - 3 * np.maximum(-x - 0.5, 0), 4.0),
        (np.minimum(np.abs(x), 0.5), 2 + 1 + 1),
    ):
        right = np.maximum(x[:, None] - knots, 0)
        left = np.maximum(knots - x[:, None], 0)
        units = np.hstack([right, left])
        affine = np.column_stack([np.ones_like(x), x])
        columns = np.hstack([units, -units, affine, -affine])
        cost = np.concatenate([np.ones(2 * units.shape[1]), np.zeros(4)])
        found = linprog(cost, A_eq=columns, b_eq=f)
        assert found.fun == pytest.approx(variation, abs=1e-6)


def test_free_knots():
    """prop-qa-knots and ex-qa-layer for exp(-x/kappa)."""
    for kappa, m in itertools.product((1e-1, 1e-2, 1e-3), (3, 8, 15, 64, 317)):
        k = (m + 1) // 2
        share = np.arange(1, k) / k
        quantiles = -kappa * np.log1p(-share * -math.expm1(-1 / kappa))
        knots = np.unique(np.concatenate([np.arange(k + 1) / k, quantiles]))
        assert len(knots) - 1 <= m
        part = np.linspace(0, 1, 60)
        x = (knots[:-1, None] * (1 - part) + knots[1:, None] * part).ravel()
        error = np.abs(np.interp(x, knots, np.exp(-knots / kappa)) - np.exp(-x / kappa)).max()
        assert error <= -math.expm1(-1 / kappa) / kappa / m**2
    assert math.ceil(math.sqrt(1e6 / 8 / 1e-2)) == 3536
    assert math.ceil(math.sqrt(1e3 / 1e-2)) == 317


def test_calculus_of_barron_functions():
    """prop-qa-calculus, part 3, on finite sums of waves, and part 5."""
    rng = np.random.default_rng(6)
    (w, a, p), (v, b, q) = (
        (rng.standard_normal((3, 2)), rng.random(3) * 6, rng.random(3)) for _ in range(2)
    )
    x = rng.standard_normal((50, 2))

    def wave(x, w, a, p):
        return np.cos(x @ w.T + a) @ p

    sums = (w[:, None] + v).reshape(-1, 2), (w[:, None] - v).reshape(-1, 2)
    phases = (a[:, None] + b).ravel(), (a[:, None] - b).ravel()
    mass = np.outer(p, q).ravel() / 2
    product = wave(x, sums[0], phases[0], mass) + wave(x, sums[1], phases[1], mass)
    assert product == pytest.approx(wave(x, w, a, p) * wave(x, v, b, q))
    moment = sum(mass @ np.linalg.norm(s, axis=1) for s in sums)
    first, second = p @ np.linalg.norm(w, axis=1), q @ np.linalg.norm(v, axis=1)
    assert moment <= q.sum() * first + p.sum() * second
    slope = np.abs(np.diff(wave(x, w, a, p))) / np.linalg.norm(np.diff(x, axis=0), axis=1)
    assert slope.max() <= first


def test_moments_of_the_gaussian_and_of_a_ridge_function():
    """ex-qa-gaussian: the constants and the two representations as means of cosines."""
    assert mean_norm(10) == pytest.approx(3.084, abs=5e-4)
    for d in (1, 2, 10, 40):
        closed = math.sqrt(2) * math.exp(math.lgamma((d + 1) / 2) - math.lgamma(d / 2))
        assert closed == pytest.approx(mean_norm(d))
        assert closed <= math.sqrt(d)
    for z in (0.3, 1.0, 2.5):
        mean = quad(lambda u, z=z: math.cos(z * u) * math.exp(-u), 0, 60, limit=200)[0]
        assert mean == pytest.approx(1 / (1 + z**2))


def test_a_gaussian_that_is_almost_zero():
    """exr-qa-sharper: the mean square, and that it hardly grows on the ball."""
    for d, tau in itertools.product((1, 3, 8), (0.5, 2.0)):
        norm = 2 ** (d / 2 - 1) * math.gamma(d / 2)

        def mean(top, scale, d=d, norm=norm):
            return quad(
                lambda r: r ** (d - 1) * math.exp(-(r**2) * (1 / 2 + scale)) / norm, 0, top
            )[0]

        square = (1 + 2 / tau**2) ** (-d / 2)
        inside = mean(2 * math.sqrt(d), 0)
        assert mean(40, 1 / tau**2) == pytest.approx(square)
        assert inside >= 3 / 4
        assert math.sqrt(mean(2 * math.sqrt(d), 1 / tau**2) / inside) <= math.sqrt(4 / 3 * square)


def test_networks_with_rounded_parameters():
    """cor-qa-parameters: the number of intervals, and midpoints that stay in the domain."""
    rng = np.random.default_rng(13)
    for rho, slope, eps in ((1.0, 2.0, 0.3), (0.1, 1.0, 0.5), (3.0, 5.0, 0.01)):
        k = math.ceil(rho * slope / eps)
        theta = rng.uniform(-rho, rho, 1000)
        cell = np.minimum(np.floor((theta + rho) * k / (2 * rho)), k - 1)
        rounded = -rho + (2 * cell + 1) * rho / k
        assert k <= 1 + rho * slope / eps
        assert np.max(np.abs(rounded)) <= rho
        assert np.max(np.abs(rounded - theta)) <= eps / slope * (1 + 1e-12)


def test_wave_as_a_mean_of_neurons():
    """prop-qa-embedding: both integral formulas, and the masses 2R|w| and 2R|w|^2."""
    R, rho, alpha = 1.5, 3.0, 0.7

    def u(z, k=0):
        return rho**k * math.cos(rho * z + alpha + k * math.pi / 2)

    for z in (-1.4, -0.2, 0.0, 0.6, 1.5):
        marks = [abs(z)] if 0 < abs(z) < R else None
        steps = quad(lambda t, z=z: u(t, 1) * (z >= t) - u(-t, 1) * (-z >= t), 0, R, points=marks)[
            0
        ]
        relus = quad(
            lambda t, z=z: u(t, 2) * max(z - t, 0) + u(-t, 2) * max(-z - t, 0), 0, R, points=marks
        )[0]
        assert steps == pytest.approx(u(z) - u(0), abs=1e-9)
        assert relus == pytest.approx(u(z) - u(0) - u(0, 1) * z, abs=1e-9)
    assert quad(lambda t: abs(u(t, 1)), -R, R, limit=200)[0] <= 2 * R * rho
    assert quad(lambda t: abs(u(t, 2)), -R, R, limit=200)[0] <= 2 * R * rho**2


def test_barron_rate_in_many_dimensions():
    """thm-qa-barron, eq-qa-barron-rate: networks drawn as in the proof; ex-qa-hundred."""
    rng = np.random.default_rng(7)
    for d, m in ((3, 64), (30, 64), (30, 1024)):
        x = sphere(rng, 500, d) * math.sqrt(d) * rng.random((500, 1))
        target = np.exp(-np.sum(x**2, axis=1) / (2 * d))
        squares = []
        for _ in range(6):
            rho = np.sqrt(rng.chisquare(d + 1, m) / d)
            t = math.sqrt(d) * rng.random(m)
            mass = 2 * math.sqrt(d) * mean_norm(d) / math.sqrt(d)
            network = mass * (x @ sphere(rng, m, d).T >= t) @ -np.sin(rho * t) / m
            squares.append(np.var(network - target))
        assert math.sqrt(np.mean(squares)) <= math.sqrt(d / m)
        assert math.sqrt(np.mean(squares)) >= 0.05 * math.sqrt(d / m)
    assert (1 - math.exp(-1 / 2)) / 2 == pytest.approx(0.197, abs=5e-4)
    uniform, radial = (
        math.sqrt(quad(lambda u, k=k: math.exp(-(u**k)), 0, 1)[0] - mean**2)
        for k in (2 / 100, 2)
        for mean in [quad(lambda u, k=k: math.exp(-(u**k) / 2), 0, 1)[0]]
    )
    assert uniform == pytest.approx(0.006, abs=5e-4)
    assert (10 / uniform) ** 2 == pytest.approx(2.8e6, rel=0.02)
    assert radial == pytest.approx(0.12, abs=5e-3)


def test_linear_methods_on_the_barron_ball():
    """thm-qa-linear, eq-qa-linear: monomials as fixed features; ex-qa-gap."""
    assert [math.floor(4 * math.pi**2 * d**2) + 1 for d in (20, 30, 10)] == [15792, 35531, 3948]
    for d, m in ((20, 2**19 - 1), (30, 2**29 - 1)):
        assert 2 * m + 1 <= 2**d
        assert (2 * (m + 1) + 1) > 2**d
    grid = (np.arange(24) + 0.5) / 24
    x = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    for degree in (2, 3, 4):
        powers = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]
        m = len(powers)
        features = np.column_stack([x[:, 0] ** i * x[:, 1] ** j for i, j in powers])
        basis = np.linalg.qr(features)[0]
        q = math.ceil(math.sqrt(2 * m + 1) - 1e-12) - 1
        worst = 0.0
        for k in itertools.product(range(q + 1), repeat=2):
            if any(k):
                g = np.cos(2 * math.pi * x @ np.array(k)) / (2 * math.pi * math.hypot(*k))
                rest = g - basis @ (basis.T @ g)
                worst = max(worst, math.sqrt(np.mean(rest**2)))
        assert 1 / (4 * math.pi * math.sqrt(2) * q) <= worst


def test_complexity_of_the_variation_ball():
    """prop-qa-rademacher on the line, where the supremum is over finitely many kinks."""
    rng = np.random.default_rng(8)
    R, n = 1.0, 40
    x = rng.uniform(-R, R, n)
    t = np.unique(np.concatenate([np.abs(x), [0.0, R]]))
    sigma = rng.choice([-1, 1], (3000, n))
    units = np.hstack([np.maximum(x[:, None] - t, 0), np.maximum(-x[:, None] - t, 0)])
    single = np.max(np.abs(sigma @ units), axis=1).mean() / n
    constant = np.abs(sigma.sum(axis=1)).mean() / n
    linear = np.abs(sigma @ x).mean() / (R * n)
    assert single <= 3 * R / math.sqrt(n)
    assert constant + linear <= 2 / math.sqrt(n)
    assert single >= 0.05 * R / math.sqrt(n)


def test_constants_of_learning():
    """thm-qa-learning, eq-qa-learning, and ex-qa-learning."""
    rng = np.random.default_rng(9)
    y, u, v = rng.uniform(-2, 2, 10000), rng.normal(0, 4, 10000), rng.normal(0, 4, 10000)
    loss = [(y - np.clip(z, -2, 2)) ** 2 for z in (u, v)]
    assert np.all(np.abs(loss[0] - loss[1]) <= 4 * 2 * np.abs(u - v) + 1e-12)
    n = math.ceil((8 * (3 * 2 + 2) / (0.1 - 4 / 400)) ** 2)
    assert n == 505680


def test_the_constant_hides_the_dimension():
    """thm-qa-hidden: the inequalities of the proof, and ex-qa-huge."""
    for d, N in itertools.product((2, 3, 6, 20), (2, 3, 4, 10)):
        n = N**d
        if n < 36:
            continue
        halves = (d + 1) * math.log(math.e * n / (d + 1))
        assert d + 1 <= n
        assert math.log(2) + halves <= 2 * d**2 * math.log(N)
        constant = N ** (d / 2 - 1) / (16 * d**1.5 * math.sqrt(math.log(N)))
        complexity = 3 / (4 * N) / math.sqrt(n) + 2 * d**1.5 * constant * math.sqrt(math.log(N) / n)
        assert complexity <= 1 / (4 * N) + 1e-12
    huge = 8 * 4**24 / (16 * 50**1.5 * math.sqrt(math.log(4)))
    assert huge == pytest.approx(3.4e11, rel=0.01)
    assert 4 * math.sqrt(50) == pytest.approx(28.3, abs=0.05)


def test_derivatives_bound_the_barron_constant():
    """prop-qa-smooth on random trigonometric polynomials in two variables."""
    rng = np.random.default_rng(10)
    k = np.array([p for p in itertools.product(range(-8, 9), repeat=2) if any(p)])
    norm = np.linalg.norm(k, axis=1)
    for r in (2.5, 3.0):
        tail = np.sum(norm ** (2 - 2 * r))
        best = norm ** (1 - 2 * r)
        for c in (rng.random(len(k)), best):
            assert norm @ c <= math.sqrt(np.sum(norm ** (2 * r) * c**2) * tail) * (1 + 1e-12)
        assert norm @ best == pytest.approx(math.sqrt(np.sum(norm ** (2 * r) * best**2) * tail))
    for d, j in itertools.product((1, 2, 3), (1, 2, 3)):
        cube = np.array(list(itertools.product(range(-j, j + 1), repeat=d)))
        shell = int(np.sum(np.max(np.abs(cube), axis=1) == j))
        assert shell == (2 * j + 1) ** d - (2 * j - 1) ** d <= 2 * d * (2 * j + 1) ** (d - 1)


def test_projection_onto_a_random_direction():
    """exr-qa-direction: the factor and its mean square."""
    rng = np.random.default_rng(11)
    d = 4
    x = sphere(rng, 400000, d)
    w = np.array([0.6, 0.8, 0, 0])
    f, ridge = x[:, 0] ** 2 - 1 / d, (x @ w) ** 2 - 1 / d
    assert np.mean(f * ridge) / np.mean(ridge**2) == pytest.approx(
        (d * 0.36 - 1) / (d - 1), abs=0.01
    )
    mean = np.mean(((d * x[:, 0] ** 2 - 1) / (d - 1)) ** 2)
    assert mean == pytest.approx(2 / ((d + 2) * (d - 1)), rel=0.02)
