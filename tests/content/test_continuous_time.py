"""The chapter on continuous-time models: flows and bounds."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import integrate, optimize, special

from tests.content.trajectories import flow, solve


def huber(c: float, rho: float) -> tuple[Callable, Callable]:
    """The function eq-huber and its derivative."""
    return (
        lambda x: np.where(np.abs(x) <= rho, c * x**2 / (2 * rho), c * np.abs(x) - c * rho / 2),
        lambda x: c * np.clip(x / rho, -1, 1),
    )


def logcosh(x: np.ndarray) -> tuple[float, np.ndarray]:
    """A convex function with the minimizer zero, and its gradient."""
    scale = np.array([1.0, 0.3])
    return np.sum(np.log(np.cosh(scale * x))), scale * np.tanh(scale * x)


TIMES = np.linspace(0.1, 20, 100)


def test_bound_for_quadratic_functions():
    """ex-quadratic-flow: the maximum 1/(2et) over the spectrum, and kernel coordinates."""
    lam = np.linspace(0, 50, 500_001)
    for t in (0.1, 1.0, 7.0):
        values = lam * np.exp(-2 * lam * t)
        assert values.max() == pytest.approx(1 / (2 * math.e * t), rel=1e-6)
        assert lam[np.argmax(values)] == pytest.approx(1 / (2 * t), abs=2e-4)


@pytest.mark.parametrize("start", [(2.0, -3.0), (0.1, 8.0), (-6.0, 0.5)])
def test_flow_of_a_convex_function(start):
    """prop-energy, thm-flow-convex with eq-flow-budget, prop-flow-sharp."""
    start = np.array(start)
    path = flow(lambda x: logcosh(x)[1], start, TIMES)
    gaps = np.array([logcosh(x)[0] for x in path])
    slopes = np.array([np.linalg.norm(logcosh(x)[1]) for x in path])
    distances = np.linalg.norm(path, axis=1)
    square = start @ start
    assert np.all(np.diff(slopes) <= 1e-9)
    assert np.all(np.diff(distances) <= 1e-9)
    budget = TIMES**2 * slopes**2 / 2 + TIMES * gaps + distances**2 / 2
    assert np.all(budget <= square / 2 + 1e-7)
    assert np.all(gaps <= square / (4 * TIMES))
    assert np.all(slopes**2 <= logcosh(start)[0] / TIMES)
    work = integrate.simpson(slopes**2, x=TIMES)
    assert work == pytest.approx(gaps[0] - gaps[-1], rel=1e-2)


def test_sharp_constants():
    """prop-flow-sharp and thm-nesterov-ode: Huber's function attains 1/4 and 2 in the limit."""
    t, radius, rho = 3.0, 2.0, 0.01
    for c, power, damping in ((radius / (2 * t), 1, 0), (4 * radius / t**2, 2, 3)):
        value, slope = huber(c, rho)
        if damping == 0:
            end = flow(slope, radius, np.array([t]))[0, 0]
        else:
            end = solve(
                lambda s, z, h=slope: [z[1], -3 / s * z[1] - h(z[0])],
                [radius, -c * 1e-6 / 4],
                np.array([t]),
                1e-6,
            )[0, 0]
        constant = {1: 1 / 4, 2: 2}[power]
        ratio = value(end) * t**power / radius**2
        assert ratio == pytest.approx(constant * (1 - rho / radius), rel=1e-4)
        assert ratio < constant


def test_flow_under_a_gradient_inequality():
    """prop-flow-pl, thm-flow-strongly-convex, for x^2 + 3 sin(x)^2 and a quadratic."""
    x = np.linspace(-20, 20, 400_001)
    slope, value = 2 * x + 3 * np.sin(2 * x), x**2 + 3 * np.sin(x) ** 2
    mu = np.min(slope[value > 1e-9] ** 2 / (2 * value[value > 1e-9]))
    assert mu > 0.03
    for start in (1.9, 6.0):
        path = flow(lambda z: 2 * z + 3 * np.sin(2 * z), start, TIMES)[:, 0]
        gap = start**2 + 3 * math.sin(start) ** 2
        assert np.all(path**2 + 3 * np.sin(path) ** 2 <= np.exp(-2 * mu * TIMES) * gap)
        assert np.all(np.abs(path) <= np.exp(-mu * TIMES) * math.sqrt(2 / mu * gap))
        assert start <= math.sqrt(2 * gap / mu)


def test_flow_in_closed_form():
    """exr-logcosh-flow: the solution, and the time at which X = 1 for x0 = 20."""
    path = flow(np.tanh, 20.0, np.array([5.0, 19.0, 22.0]))[:, 0]
    assert np.sinh(path) == pytest.approx(
        np.exp(-np.array([5.0, 19.0, 22.0])) * math.sinh(20), rel=1e-5
    )
    time = math.log(math.sinh(20) / math.sinh(1))
    assert flow(np.tanh, 20.0, np.array([time]))[0, 0] == pytest.approx(1, abs=1e-5)


def test_distance_of_descent_and_flow():
    """thm-euler, all three parts; lem-gradient-step for the quadratic."""
    scale, start = np.array([0.5, 2.0, 3.0]), np.array([2.0, -1.0, 1.5])
    mu, smooth = 0.5, 3.0
    slope = np.linalg.norm(scale * start)
    for step in (0.01, 0.1, 0.5):
        k = np.arange(1, 60)
        t = k * step
        x = (1 - step * scale) ** k[:, None] * start
        distance = np.linalg.norm(x - np.exp(-t[:, None] * scale) * start, axis=1)
        bound = step * smooth / 2 * t * slope
        assert np.all(distance <= bound)
        assert np.all(distance <= bound * np.exp(-mu * (t - step)))
        assert np.all(distance <= step / 2 * np.expm1(smooth * t) * slope)
        assert np.abs(1 - step * scale).max() <= max(1 - step * mu, 0) + 1e-12
    step = 0.05
    path = flow(lambda z: z**3 - z, 1e-2, np.arange(1, 81) * step)[:, 0]
    x, top = 1e-2, 0.0
    for k in range(80):
        top = max(top, abs(path[k] ** 3 - path[k]))
        x -= step * (x**3 - x)
        assert abs(x - path[k]) <= step / 2 * math.expm1(2 * (k + 1) * step) * top


def test_implicit_euler_method():
    """prop-implicit-euler, ex-stiffness."""
    for step in (0.1, 3.0, 50.0):
        x, k = 9.0, 0
        for k in range(1, 30):
            x = optimize.brentq(lambda z, x=x, s=step: z + s * math.tanh(z) - x, -20, 20)
            assert math.log(math.cosh(x)) <= 81 / (2 * step * k)
    assert abs(1 - 0.23 * 8) < 1 < abs(1 - 0.2501 * 8)


def test_stochastic_descent_and_flow():
    """prop-sgd-flow, by exact second moments on a quadratic."""
    for step, sigma in itertools.product((0.01, 0.3, 1.0), (0.0, 1.0, 5.0)):
        scale, start = np.array([1.0, 0.2]), np.array([2.0, -3.0])
        mean, variance = start, np.zeros(2)
        top = np.linalg.norm(scale * start)
        for k in range(1, 15):
            mean = (1 - step * scale) * mean
            variance = (1 - step * scale) ** 2 * variance + step**2 * sigma**2 / 2
            bias = mean - np.exp(-k * step * scale) * start
            bound = step * (sigma**2 + step * top**2 / 2) * math.expm1(3 * k * step) / 3
            assert bias @ bias + variance.sum() <= bound


def test_early_stopping_and_ridge():
    """prop-early-stopping: 1.69, the 1.6862 of the bibliographic notes, numbers of the proof."""
    s = np.geomspace(1e-4, 1e3, 200_001)
    quotient = -np.expm1(-s) * (1 + s) / s
    assert 1.685 < quotient.max() ** 2 <= 1.6862
    assert quotient.max() <= 1.3
    assert np.all(np.exp(-s) <= 1 / (1 + s))
    assert 1.77 * math.exp(-1.77) == pytest.approx(0.30145, abs=5e-5)
    assert 1.77 + 1 / 1.77 > 7 / 3
    rng = np.random.default_rng(0)
    for _ in range(50):
        lam, b, noise, t = (
            rng.exponential(1, 6),
            rng.standard_normal(6),
            rng.random(),
            rng.exponential(3),
        )
        risks = [
            np.sum(lam * (1 - q) ** 2 * b**2 + noise * q**2)
            for q in (-np.expm1(-lam * t), lam * t / (1 + lam * t))
        ]
        assert risks[0] <= 1.69 * risks[1]


def test_least_squares_flow():
    """prop-least-squares-flow: formula and limit."""
    rng = np.random.default_rng(1)
    phi, y, w0 = rng.standard_normal((3, 5)), rng.standard_normal(3), rng.standard_normal(5)
    u, sigma, vt = np.linalg.svd(phi, full_matrices=False)
    lam, theta = sigma**2 / 3, (u.T @ y) / sigma
    found = flow(lambda w: phi.T @ (phi @ w - y) / 3, w0, np.array([0.7, 15 / lam.min()]))
    assert vt @ found[0] == pytest.approx(theta + np.exp(-0.7 * lam) * (vt @ w0 - theta), abs=1e-6)
    assert found[0] - w0 == pytest.approx(vt.T @ vt @ (found[0] - w0), abs=1e-6)
    nearest = w0 + np.linalg.pinv(phi) @ (y - phi @ w0)
    assert found[1] == pytest.approx(nearest, abs=1e-4)


def test_heavy_ball():
    """thm-heavy-ball-flow, ex-heavy-ball-quadratic."""
    mu, eigenvalues = 0.25, np.array([0.25, 1.0, 4.0])
    start = np.array([1.0, -2.0, 0.5])
    state = np.concatenate([start, np.zeros(3)])
    path = solve(
        lambda _, z: np.concatenate([z[3:], -2 * math.sqrt(mu) * z[3:] - eigenvalues * z[:3]]),
        state,
        TIMES,
    )[:, :3]
    t = TIMES[:, None]
    w = np.sqrt(eigenvalues[1:] - mu)
    wave = np.exp(-0.5 * t) * (np.cos(w * t) + 0.5 / w * np.sin(w * t)) * start[1:]
    assert path[:, 1:] == pytest.approx(wave, abs=1e-6)
    assert path[:, :1] == pytest.approx(np.exp(-0.5 * t) * (1 + 0.5 * t) * start[0], abs=1e-6)
    assert np.all(np.abs(path) <= np.abs(start) * (1 + 0.5 * t) * np.exp(-0.5 * t) + 1e-7)
    first = eigenvalues @ start**2 / 2
    bound = (first + mu / 2 * start @ start) * np.exp(-0.5 * TIMES)
    assert np.all(path**2 @ eigenvalues / 2 <= bound + 1e-7)
    assert mu / 2 * start @ start <= first


@pytest.mark.parametrize("r", [3, 5])
def test_vanishing_friction(r):
    """thm-nesterov-ode, exr-friction-r, and the energy."""
    for start in (2.0, 7.0):
        path = solve(
            lambda t, z: [z[1], -r / t * z[1] - math.tanh(z[0])],
            [start, -1e-6 * math.tanh(start) / (r + 1)],
            TIMES,
            1e-6,
        )
        gaps = np.log(np.cosh(path[:, 0]))
        assert np.all(gaps <= (r - 1) ** 2 * start**2 / (2 * TIMES**2) + 1e-8)
        assert np.all(np.diff(gaps + path[:, 1] ** 2 / 2) <= 1e-8)


def test_bessel_solution():
    """ex-nesterov-bessel: equation, series, gap and the decay like t^-3."""
    lam, t, h = 1.7, np.linspace(0.5, 20, 60), 1e-3

    def x(t):
        u = math.sqrt(lam) * t
        return 2 * special.j1(u) / u

    second = (x(t + h) - 2 * x(t) + x(t - h)) / h**2
    first = (x(t + h) - x(t - h)) / (2 * h)
    assert second + 3 / t * first + lam * x(t) == pytest.approx(0, abs=1e-5)
    series = sum(
        (-lam * 0.81 / 4) ** m / math.factorial(m) / math.factorial(m + 1) for m in range(20)
    )
    assert x(0.9) == pytest.approx(series)
    assert lam / 2 * x(t) ** 2 == pytest.approx(2 * special.j1(math.sqrt(lam) * t) ** 2 / t**2)
    early, late = (np.max(lam / 2 * x(np.linspace(s, s + 5, 2000)) ** 2) for s in (100, 200))
    assert math.log2(early / late) == pytest.approx(3, abs=0.1)


def test_modified_equation():
    """exr-modified-equation: a step of descent agrees with the modified flow to third order."""

    def gradient(z, step):
        # f(z) = cosh(z), so that f + (step / 4) f'^2 has this derivative.
        return np.sinh(z) + step / 2 * np.sinh(z) * np.cosh(z)

    errors = []
    for step in (0.1, 0.05):
        end = flow(lambda z, s=step: gradient(z, s), 0.6, np.array([step]))[0, 0]
        errors.append(abs(end - (0.6 - step * math.sinh(0.6))))
    assert math.log2(errors[0] / errors[1]) == pytest.approx(3, abs=0.2)


def test_multiplicative_parametrization():
    """exr-multiplicative: the limit minimizes the entropy among the solutions."""
    a, y, w0 = np.array([1.0, 2.0, 0.5]), 3.0, np.array([0.2, 0.1, 0.4])
    path = flow(lambda u: 2 * u * (a @ u**2 - y) * a, np.sqrt(w0), np.array([0.3, 30.0]))
    w = path[1] ** 2
    assert a @ w == pytest.approx(y)
    best = optimize.minimize(
        lambda v: np.sum(v * np.log(v / w0) - v),
        w,
        constraints={"type": "eq", "fun": lambda v: a @ v - y},
        bounds=[(1e-6, None)] * 3,
    )
    assert best.x == pytest.approx(w, abs=1e-3)
    multiplier = np.log(w / w0) / a
    assert multiplier == pytest.approx(multiplier[0])
