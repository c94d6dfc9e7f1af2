"""The chapter on the mean-field regime: all numbers, recomputed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp

from tests.content.bank import Topic
from tests.content.mean_field import (
    INPUTS,
    LABELS,
    Array,
    circle_limit,
    flow,
    output,
    phases,
    risk,
)

TOPIC = Topic("mean-field")
B0, B1, B2, BOUND = 1.0, math.sqrt(2), 2.0, 1.0
LIPSCHITZ = max(B2 * (BOUND + B0), B1**2)
SPEED = B1 * (BOUND + B0)


def variation(at: Array, theta: Array) -> Array:
    """The first variation of the network theta at the points `at`."""
    return np.sin(phases(at)) @ (output(theta) - LABELS) / 5


def slope(at: Array, theta: Array) -> Array:
    inner = np.cos(phases(at)) * (output(theta) - LABELS) / 5
    return np.stack([inner.sum(axis=1), inner @ INPUTS], axis=1)


def train(theta: Array, time: float) -> Array:
    return flow(theta, time, lambda y: -slope(y, y))


def test_risk_is_quadratic_in_the_measure():
    """prop-mf-convex: the expansion, for random pairs of measures."""
    rng = np.random.default_rng(0)
    for _ in range(20):
        mu, nu = rng.normal(size=(4, 2)), rng.normal(size=(7, 2))
        linear = variation(nu, mu).mean() - variation(mu, mu).mean()
        square = np.mean((output(nu) - output(mu)) ** 2) / 2
        assert risk(nu) == pytest.approx(risk(mu) + linear + square)


def test_width_and_risk_by_enumeration():
    """prop-mf-width: all samples of three neurons from four atoms."""
    mu = np.random.default_rng(1).normal(size=(4, 2))
    mean = np.mean([risk(mu[list(c)]) for c in itertools.product(range(4), repeat=3)])
    square = np.mean(np.sin(phases(mu)) ** 2) - np.mean(output(mu) ** 2)
    assert mean - risk(mu) == pytest.approx(square / 6)
    assert square <= B0**2


def test_certificate_bounds_the_excess_risk():
    """thm-mf-optimality: the gap, on a grid of neurons, against the best measure found."""
    rng = np.random.default_rng(2)
    grid = rng.uniform(-4, 4, (400, 2))
    features, v = np.sin(phases(grid)), np.zeros(5)
    for k in range(10000):
        v += 2 / (k + 2) * (features[np.argmin(features @ (v - LABELS))] - v)
    best = np.mean((v - LABELS) ** 2) / 2
    for _ in range(20):
        mu = grid[rng.integers(400, size=3)]
        gap = variation(mu, mu).mean() - variation(grid, mu).min()
        assert risk(mu) - best <= gap + 1e-9
    final = (v - LABELS) / 5
    assert (features @ final).min() >= v @ final - 2e-3


def test_two_points_of_the_circle():
    """ex-mf-circle: risks of one neuron, and the gap against the excess at delta_0."""
    x = np.linspace(-math.pi, math.pi, 720, endpoint=False)
    for kappa, theta in itertools.product((0.5, 1.0), (0.0, 1.0, math.pi)):
        value = np.mean((np.cos(theta - x) - kappa * np.cos(x)) ** 2) / 2
        assert value == pytest.approx(abs(np.exp(1j * theta) - kappa) ** 2 / 4)
    g = np.array([np.mean(0.5 * np.cos(x) * np.cos(t - x)) for t in x])
    assert g[360] - g.min() == pytest.approx(0.5)


def test_sorting_is_optimal():
    """prop-mf-sorted, ex-mf-transport, lem-mf-w2: all permutations."""
    rng = np.random.default_rng(3)
    for _ in range(10):
        a, b = np.sort(rng.normal(size=6)), np.sort(rng.normal(size=6))
        costs = [np.mean((a - b[list(s)]) ** 2) for s in itertools.permutations(range(6))]
        assert np.mean((a - b) ** 2) == pytest.approx(min(costs))
        assert abs(a.mean() - b.mean()) <= math.sqrt(min(costs)) + 1e-12
    points, images = (0, 1, 5), itertools.permutations((2, 4, 6))
    found = {s: sum((p - q) ** 2 for p, q in zip(points, s, strict=True)) for s in images}
    assert min(found.values()) == 14
    assert found[(4, 2, 6)] == 18


def test_gradient_of_the_particles():
    """prop-mf-particles: finite differences of F_N against the first variation."""
    theta = np.random.default_rng(4).normal(size=(3, 2))
    for i, j in itertools.product(range(3), range(2)):
        step = np.zeros((3, 2))
        step[i, j] = 1e-5
        numerical = (risk(theta + step) - risk(theta - step)) / 2e-5
        assert numerical == pytest.approx(slope(theta, theta)[i, j] / 3, abs=1e-9)


def test_stability_and_injectivity_of_the_flow():
    """thm-mf-existence: the stability bound and the speed."""
    rng = np.random.default_rng(5)
    theta = rng.normal(size=(6, 2))
    eta = theta + 0.01 * rng.normal(size=(6, 2))
    for time in (0.2, 0.5):
        one, two = train(theta, time), train(eta, time)
        before, after = (math.sqrt(np.mean(np.sum(d**2, 1))) for d in (theta - eta, one - two))
        assert after <= math.exp(2 * LIPSCHITZ * time) * before
        assert np.linalg.norm(one - theta, axis=1).max() <= SPEED * time


def test_energy_is_dissipated():
    """thm-mf-energy (b), by quadrature along the flow."""
    theta = np.random.default_rng(6).normal(size=(5, 2))
    times = np.linspace(0, 3, 61)
    path = [theta]
    for step in np.diff(times):
        path.append(train(path[-1], step))
    rates = [np.mean(np.sum(slope(y, y) ** 2, axis=1)) for y in path]
    assert risk(path[0]) - risk(path[-1]) == pytest.approx(np.trapezoid(rates, times), rel=1e-3)


def test_steepest_descent_and_steps_of_gradient_descent():
    """prop-mf-steepest: the remainder, and the decrease with a step that ignores the width."""
    rng = np.random.default_rng(7)
    for n, eps in itertools.product((1, 5, 50), (0.01, 0.1, 0.2)):
        theta, v = rng.normal(size=(2, n, 2))
        first = eps * np.mean(np.sum(slope(theta, theta) * v, axis=1))
        bound = LIPSCHITZ * eps**2 * np.mean(np.sum(v**2, axis=1))
        assert abs(risk(theta + eps * v) - risk(theta) - first) <= bound
        grad = slope(theta, theta)
        decrease = eps * (1 - LIPSCHITZ * eps) * np.mean(np.sum(grad**2, axis=1))
        assert risk(theta - eps * grad) <= risk(theta) - decrease


def test_gradient_descent_follows_the_flow():
    """exr-mf-discrete: the distance of the steps from the flow."""
    start = np.random.default_rng(15).normal(size=(6, 2))
    for eps in (0.02, 0.1):
        theta = start
        for k in range(1, 6):
            theta = theta - eps * slope(theta, theta)
            far = np.linalg.norm(theta - train(start, k * eps), axis=1).max()
            assert 0 < far <= SPEED * eps / 2 * (math.exp(2 * LIPSCHITZ * k * eps) - 1)


def circle_field(kappa: float) -> Callable[[Array], Array]:
    def field(theta: Array) -> Array:
        z = np.exp(1j * theta).mean(axis=0, keepdims=True)
        return -((z - kappa) * np.exp(-1j * theta)).imag / 2

    return field


def test_circle_in_closed_form():
    """ex-mf-circle-solved: many equidistant particles, their density, and the slow case."""
    theta = (np.arange(2000) + 0.5) * 2 * math.pi / 2000 - math.pi
    for kappa in (0.5, 1.0):
        end = flow(theta, 3.0, circle_field(kappa))
        z = circle_limit(kappa, 3.0)
        assert np.mean(np.exp(1j * end)) == pytest.approx(z, abs=1e-6)
        assert np.mean(np.cos(2 * end)) == pytest.approx(z**2, abs=1e-6)

        def density(t: float, z: float = z) -> float:
            return (1 - z**2) / (2 * math.pi * (1 - 2 * z * math.cos(t) + z**2))

        assert quad(density, -1, 1)[0] == pytest.approx(np.mean(np.abs(end) < 1), abs=1e-3)
    assert 1e4 * (1 - circle_limit(1.0, 1e4)) == pytest.approx(2, rel=0.01)
    logs = [math.log(0.5 - circle_limit(0.5, t)) for t in (30, 40)]
    assert (logs[0] - logs[1]) / 10 == pytest.approx(3 / 16, rel=1e-3)


def test_propagation_of_chaos_on_the_circle():
    """thm-mf-chaos, ex-mf-constants: 400 networks coupled with their ideal particles."""
    time, n, kappa = 1.0, 25, 0.5
    start = np.random.default_rng(8).uniform(-math.pi, math.pi, (n, 400))
    end = flow(start, time, circle_field(kappa))
    z = circle_limit(kappa, time)
    scale = (1 - z) / (1 + z)
    ideal = 2 * np.arctan(scale * np.tan(start / 2))
    constant = math.exp(1.5 * time) - 1
    q = math.sqrt(np.mean((end - ideal) ** 2))
    assert 0.01 < q <= constant / math.sqrt(n)
    gap = np.mean(np.abs(np.exp(1j * end).mean(axis=0) - z) ** 2) / 2
    assert math.sqrt(gap) <= (1 + constant) / math.sqrt(n)
    assert math.ceil((constant / 0.1) ** 2) == 1213
    assert (math.exp(6) - 1) / 0.1 == pytest.approx(math.sqrt(1.6e7), rel=0.01)


def test_constants_of_the_interaction():
    """eq-mf-bounds for the circle: 3/4 is a bound and a Lipschitz constant."""
    rng = np.random.default_rng(9)

    def kernel(t: Array, s: Array) -> Array:
        return np.sin(t - s) / 2 - np.sin(t) / 4

    t, s, u, v = rng.uniform(-4, 4, (4, 20000))
    assert np.abs(kernel(t, s)).max() <= 0.75
    assert np.abs(kernel(t, s)).max() > 0.72
    assert np.all(np.abs(kernel(t, s) - kernel(u, v)) <= 0.75 * (abs(t - u) + abs(s - v)) + 1e-12)


def test_polar_coordinates_of_homogeneous_neurons():
    """lem-mf-polar (c): norms and directions, for quadratic neurons with general inputs."""
    rng = np.random.default_rng(10)
    x, y = rng.normal(size=(6, 3)), rng.normal(size=6)
    theta = rng.normal(size=(5, 3))

    def matrix(theta: Array) -> Array:
        f = np.mean((theta @ x.T) ** 2, axis=0)
        return (x.T * (f - y)) @ x / 6

    h = 1e-5
    g = matrix(theta)
    end = theta - h * 2 * theta @ g
    norms, omega = np.sum(theta**2, axis=1), theta / np.linalg.norm(theta, axis=1)[:, None]
    values = np.sum(omega @ g * omega, axis=1)
    assert (np.sum(end**2, axis=1) - norms) / h == pytest.approx(-4 * norms * values, rel=1e-3)
    new = end / np.linalg.norm(end, axis=1)[:, None]
    field = -2 * (omega @ g - values[:, None] * omega)
    assert (new - omega) / h == pytest.approx(field, abs=1e-3)


def test_global_optimality_needs_all_directions():
    """thm-mf-global, ex-mf-quadratic: the closed form, and a start in a hyperplane."""
    y = np.array([1.0, -1.0])

    def field(theta: Array) -> Array:
        return -(np.mean(theta**2, axis=0) - y) * theta

    angle = 2 * math.pi * np.arange(40) / 40
    start = math.sqrt(0.2) * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    end = np.mean(flow(start, 2.0, field) ** 2, axis=0)
    exact = [1 / (1 + 9 * math.exp(-4)), 1 / (11 * math.exp(4) - 1)]
    assert end == pytest.approx(exact, rel=1e-5)
    assert exact[0] == pytest.approx(0.858, abs=5e-4)
    assert exact[1] == pytest.approx(0.0017, abs=5e-5)
    start[:, 0] = 0
    assert np.mean(flow(start, 20.0, field) ** 2, axis=0)[0] == 0


def test_low_temperature():
    """exr-mf-temperature: four neurons, each replaced by a normal distribution of variance tau."""
    theta = np.random.default_rng(17).normal(size=(4, 2))
    theta /= np.maximum(1, np.linalg.norm(theta, axis=1))[:, None]
    nodes, weights = np.polynomial.hermite_e.hermegauss(30)
    cloud = np.array(list(itertools.product(nodes, nodes)))
    mass = np.outer(weights, weights).ravel() / (2 * math.pi)
    for lam, tau in ((1.0, 0.5), (0.5, 0.1), (0.05, 0.01)):
        places = (theta[:, None] + math.sqrt(tau) * cloud).reshape(-1, 2)
        smeared = risk(places, np.tile(mass, 4))
        assert abs(smeared - risk(theta)) <= LIPSCHITZ * tau * 2
        single = math.log(math.sqrt(2 * math.pi * tau / lam) ** 2) - math.log(2 * math.pi * tau) - 1
        norms = np.sum(theta**2, axis=1)
        energy = [mass @ (np.sum((u + math.sqrt(tau) * cloud) ** 2, axis=1)) for u in theta]
        divergences = single + np.array(energy) * lam / (2 * tau)
        assert divergences == pytest.approx(lam - 1 - math.log(lam) + lam * norms / (2 * tau))
        bound = (LIPSCHITZ / math.log(2) + 0.5) * (lam + 2 * tau * math.log(1 / tau))
        assert smeared + tau * divergences.mean() <= risk(theta) + bound


def scaled(theta: Array, scale: float) -> Array:
    residual = (scale * output(theta) - LABELS) / 5
    inner = np.cos(phases(theta)) * residual
    return -np.stack([inner.sum(axis=1), inner @ INPUTS], axis=1) / scale


def tangent(theta: Array) -> Array:
    return np.cos(phases(theta)).T @ np.cos(phases(theta)) * (1 + np.outer(INPUTS, INPUTS))


@pytest.mark.parametrize("scale", [1.0, 4.0, 20.0])
def test_movement_of_the_neurons(scale):
    """thm-mf-scaling (a) to (d)."""
    half = np.random.default_rng(13).normal(size=(10, 2))
    start = np.concatenate([half, half * [1, 1] + [math.pi, 0]])
    time, r0 = 3.0, np.mean(LABELS**2) / 2
    end = flow(start, time, lambda y: scaled(y, scale))
    move = math.sqrt(np.mean(np.sum((end - start) ** 2, axis=1)))
    change = scale * (output(end) - output(start))
    assert np.abs(change).max() / (scale * B1) <= move <= math.sqrt(time * r0) / scale
    assert np.abs(tangent(end) - tangent(start)).max() / 20 <= 2 * B1 * B2 * move
    shift = (end - start)[:, :1] + (end - start)[:, 1:] * INPUTS
    linear = scale * np.mean(np.cos(phases(start)) * shift, axis=0)
    assert np.abs(change - linear).max() <= B2 * time * r0 / (2 * scale)
    assert np.abs(change).max() > 0.2


def test_one_formula_for_both_regimes():
    """ex-mf-product: particles against the scalar equation."""
    rng = np.random.default_rng(14)
    a, w = rng.normal(size=(2, 8))
    start = np.concatenate([np.stack([a, w]), np.stack([a, -w])], axis=1)
    e0 = np.mean(np.sum(start**2, axis=0))
    for s in (1.0, 5.0):

        def field(theta: Array, s: float = s) -> Array:
            return -(s * np.mean(theta[0] * theta[1]) - 2) * theta[::-1] / s

        def right(t: float, u: Array, s: float = s) -> Array:
            return (2 - u) * np.sqrt(e0**2 + 4 * u**2 / s**2)

        end = flow(start, 0.4, field)
        u = solve_ivp(right, (0, 0.4), [0.0], rtol=1e-10, atol=1e-12).y[0, -1]
        assert s * np.mean(end[0] * end[1]) == pytest.approx(u, rel=1e-6)
        kernel = np.mean(np.sum(end**2, axis=0))
        assert kernel == pytest.approx(math.sqrt(e0**2 + 4 * u**2 / s**2), rel=1e-6)
    assert [math.sqrt(17), math.sqrt(1.16)] == pytest.approx([4.12, 1.08], abs=0.005)
