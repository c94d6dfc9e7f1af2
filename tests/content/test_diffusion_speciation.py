"""Diffusion models, classes and training points: all numbers of the chapter and its problems."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic
from tests.content.diffusion import GRID, Array, Points, gauss, total

TOPIC = Topic("diffusion-models")


def cloning(snr: float) -> float:
    """F by its definition, with the density of the logarithmic odds."""
    if snr == 0:
        return 0.5
    grid = np.linspace(-12, 12, 4801)
    weight = gauss(grid, 1.0) * (grid[1] - grid[0])
    return float(0.5 + 0.5 * np.sum(weight * np.tanh(snr**2 + snr * grid) ** 2))


def test_score_and_bifurcation_of_two_classes():
    """prop-df-mixture, thm-df-bifurcation, with anisotropic classes in the plane."""
    rng = np.random.default_rng(4)
    root = rng.standard_normal((2, 2))
    noise, m = root @ root.T + 0.1 * np.eye(2), np.array([1.5, -2.0])
    crossed = set()
    for t in np.linspace(0.05, 3, 25):
        a = math.exp(-t)
        inverse = np.linalg.inv(a * a * noise + (1 - a * a) * np.eye(2))
        snr = a * a * m @ inverse @ m
        other = m @ np.linalg.solve(noise + (math.exp(2 * t) - 1) * np.eye(2), m)
        assert snr == pytest.approx(other)

        def potential(x: Array, a: float = a, inverse: Array = inverse) -> float:
            both = [math.exp(-0.5 * (x - s * a * m) @ inverse @ (x - s * a * m)) for s in (1, -1)]
            return -math.log(sum(both))

        def force(x: Array, a: float = a, inverse: Array = inverse) -> Array:
            result: Array = inverse @ (-x + a * math.tanh(a * m @ inverse @ x) * m)
            return result

        x, e = rng.standard_normal(2), 1e-5
        slope = [(potential(x + e * u) - potential(x - e * u)) / (2 * e) for u in np.eye(2)]
        assert np.allclose(-np.array(slope), force(x), atol=1e-6)
        hessian = np.array([(force(-e * u) - force(e * u)) / (2 * e) for u in np.eye(2)])
        negative = int(np.sum(np.linalg.eigvalsh(hessian) < 0))
        assert negative == (1 if snr > 1 else 0)
        crossed.add(negative)
        if snr > 1:
            z = 1.0
            for _ in range(2000):
                z = math.tanh(snr * z)
            well = z * a * m
            assert np.allclose(force(well), 0, atol=1e-9)
            columns = [(force(well - e * u) - force(well + e * u)) / (2 * e) for u in np.eye(2)]
            assert np.linalg.eigvalsh(np.array(columns)).min() > 0
    assert crossed == {0, 1}


def test_three_potentials():
    """ex-df-three-potentials: the sign of the drift's slope at zero."""
    for norm in (2.0, 20.0):
        for t in np.linspace(0.1, 5, 30):
            snr, e = norm * math.exp(-t), 1e-6
            drift = -e + 2 * snr * math.tanh(snr * e)
            assert (drift > 0) == (t < 0.5 * math.log(2 * norm**2))


def test_function_of_the_signal_to_noise_ratio():
    """lem-df-F: the identities and the bounds; ex-df-window."""
    values = []
    grid = np.linspace(-12, 12, 4801)
    weight = gauss(grid, 1.0) * (grid[1] - grid[0])
    for snr in np.linspace(0, 5, 51):
        value = cloning(snr)
        values.append(value)
        first = float(np.sum(weight * np.tanh(snr**2 + snr * grid)))
        assert 2 * value - 1 == pytest.approx(first, abs=1e-10)
        tail = 0.5 * math.exp(-(snr**2) / 2) * float(np.sum(weight / np.cosh(snr * grid)))
        assert 1 - value == pytest.approx(tail, abs=1e-10)
        assert snr**2 / (2 * (1 + snr**2)) - 1e-12 <= value - 0.5 <= snr**2 / 2 + 1e-12
        assert tail <= 0.5 * math.exp(-(snr**2) / 2) + 1e-12
    assert np.all(np.diff(values) > 0)
    table = {-1: 0.995, -0.5: 0.926, 0: 0.775, 0.5: 0.639, 1: 0.560, 2: 0.509}
    for tau, value in table.items():
        assert cloning(math.exp(-tau)) == pytest.approx(value, abs=6e-4)
    assert 2 / (0.5 * math.log(784)) == pytest.approx(0.60, abs=5e-3)
    assert 2 / (0.5 * math.log(1e6)) == pytest.approx(0.29, abs=5e-3)


def test_cloning_by_simulation():
    """thm-df-cloning: clones drawn from the posterior, in dimension three."""
    rng = np.random.default_rng(5)
    noise, m, n = np.diag([0.5, 1.0, 2.0]), np.array([1.0, 2.0, -1.0]), 100_000
    for t in (0.3, 1.0):
        a, s2 = math.exp(-t), 1 - math.exp(-2 * t)
        label = rng.choice([-1.0, 1.0], n)
        data = label[:, None] * m + rng.standard_normal((n, 3)) * np.sqrt(np.diag(noise))
        x = a * data + math.sqrt(s2) * rng.standard_normal((n, 3))
        spread = a * a * np.diag(noise) + s2
        plus = np.exp(-0.5 * np.sum((x - a * m) ** 2 / spread, axis=1))
        minus = np.exp(-0.5 * np.sum((x + a * m) ** 2 / spread, axis=1))
        clone = np.where(rng.random(n) < plus / (plus + minus), 1.0, -1.0)
        snr = a * math.sqrt(np.sum(m**2 / spread))
        assert np.mean(label == clone) == pytest.approx(cloning(snr), abs=6e-3)


def test_classes_by_position():
    """rem-df-position: both positions given the state on the line, by quadrature."""
    for rho, sigma, t in [(1.0, 1.0, 0.2), (2.0, 0.8, 0.7), (1.5, 1.2, 1.5)]:
        a, s2 = math.exp(-t), 1 - math.exp(-2 * t)
        spread = a * a * sigma**2 + s2
        joint = [0.5 * gauss(GRID - sign * a * rho, spread) for sign in (1, -1)]
        scale = math.sqrt(2 * s2 / spread) * sigma
        right = np.zeros_like(GRID)
        for sign, part in zip((1, -1), joint, strict=True):
            mean = sign * rho + a * sigma**2 / spread * (GRID - sign * a * rho)
            right += part * np.array([0.5 + 0.5 * math.erf(m / scale) for m in mean])
        p = joint[0] + joint[1]
        right /= p + 1e-300
        position = total(p * (right**2 + (1 - right) ** 2))
        label = cloning(a * rho / math.sqrt(spread))
        tail = 0.5 * math.erfc(rho / (sigma * math.sqrt(2)))
        assert abs(position - label) <= 2 * tail


def test_window():
    """thm-df-window: the bounds for the ratio and for the cloning probability."""
    rng = np.random.default_rng(6)
    for _ in range(40):
        d = int(rng.integers(2, 8))
        root = rng.standard_normal((d, d))
        noise = root @ root.T
        m = rng.standard_normal(d) * rng.uniform(2, 30)
        kappa = max(1.0, float(np.linalg.eigvalsh(noise)[-1]))
        top = float(np.linalg.eigvalsh(noise + np.outer(m, m))[-1])
        if top < 2 * kappa:
            continue
        for tau in np.linspace(-2, 2, 9):
            t = 0.5 * math.log(top) + tau
            if t <= 0.01:
                continue
            snr = m @ np.linalg.solve(noise + (math.exp(2 * t) - 1) * np.eye(d), m)
            growth = top * math.exp(2 * tau)
            assert (top - kappa) / (growth + kappa - 1) <= snr * (1 + 1e-9)
            assert snr <= top / (growth - 1) * (1 + 1e-9)
            value = cloning(math.sqrt(snr))
            if tau >= 0:
                assert value <= 0.5 + math.exp(-2 * tau)
            else:
                assert value >= 1 - 0.5 * math.exp(-math.exp(-2 * tau) / (4 * kappa)) - 1e-12


def test_guidance():
    """prop-df-guidance: the field, and its mean distance to the score of the class."""
    rho, t, strength = 1.7, 0.6, 3.0
    snr = rho * math.exp(-t)
    e = 1e-5

    def posterior(x: Array) -> Array:
        plus, minus = gauss(x - snr, 1.0), gauss(x + snr, 1.0)
        return plus / (plus + minus)

    x = np.linspace(-2, 3, 11)
    slope = (np.log(posterior(x + e)) - np.log(posterior(x - e))) / (2 * e)
    score = -x + snr * np.tanh(snr * x)
    formula = -x + snr * (1 + (strength - 1) * (1 - np.tanh(snr * x)))
    assert np.allclose(score + strength * slope, formula, atol=1e-7)
    distance = total(gauss(GRID - snr, 1.0) * 2 * snr * (1 - np.tanh(snr * GRID)))
    assert distance == pytest.approx(2 * snr * 2 * (1 - cloning(snr)), rel=1e-6)
    assert distance <= 2 * snr * math.exp(-(snr**2) / 2)


def test_guided_field_is_a_score_for_two_strengths_only():
    """sec-df-guidance: the ratio of the second derivative and the function is not constant."""
    z = sp.Symbol("z", real=True)
    for strength in (sp.Integer(0), sp.Rational(1, 2), sp.Integer(1), sp.Integer(2), sp.Integer(3)):
        shape = sp.exp(z) * (1 + sp.exp(-2 * z)) ** (1 - strength)
        ratio = sp.lambdify(z, sp.diff(shape, z, 2) / shape, "math")
        assert ratio(20.0) == pytest.approx(1)
        assert (abs(ratio(0.3) - 1) < 1e-9) == (strength in (0, 1))


def test_capture_by_a_training_point():
    """thm-df-capture, integrated in the variables y and log s."""
    rng = np.random.default_rng(7)
    points = rng.standard_normal((12, 5)) * 2
    distance = np.linalg.norm(points - points[0], axis=1)[1:]
    gap = float(distance.min())
    s0 = gap**2 / 30
    rest = float(np.sum(distance * np.exp(-(distance**2) / (4 * s0))))
    assert rest <= gap / 4
    direction = rng.standard_normal(5)
    y = points[0] + 0.249 * gap * direction / np.linalg.norm(direction)
    start, step, theta = float(np.linalg.norm(y - points[0])), 0.01, 0.0
    while theta < 8:
        square = np.sum((y - points) ** 2, axis=1) / (2 * s0 * math.exp(-theta))
        weight = np.exp(square.min() - square)
        y = y + step / 2 * (weight @ points / weight.sum() - y)
        theta += step
        bound = math.exp(-theta / 2) * (start + rest)
        assert np.linalg.norm(y - points[0]) <= bound * 1.001
    assert np.linalg.norm(y - points[0]) < 0.02 * gap


def first_weight(d: int, n: int, t: float, rng: np.random.Generator) -> float:
    points = rng.standard_normal((n, d))
    s2 = 1 - math.exp(-2 * t)
    x = math.exp(-t) * points[0] + math.sqrt(s2) * rng.standard_normal(d)
    square = np.sum((x - math.exp(-t) * points) ** 2, axis=1) / (2 * s2)
    weight = np.exp(square.min() - square)
    return float(weight[0] / weight.sum())


def test_collapse():
    """thm-df-collapse: the exponent, both regimes, ex-df-times."""
    rng = np.random.default_rng(8)
    d, n = 24, 4096
    critical = -0.5 * math.log(1 - n ** (-2 / d))
    early = np.mean([first_weight(d, n, critical * 0.35, rng) for _ in range(40)])
    late = np.mean([first_weight(d, n, critical * 2.5, rng) for _ in range(40)])
    assert early > 0.95
    assert late < 0.05
    t, x = 0.4, 1.3
    s2 = 1 - math.exp(-2 * t)
    mean = total(gauss(GRID, 1.0) * np.exp(-((x - math.exp(-t) * GRID) ** 2) / (2 * s2)))
    assert mean == pytest.approx(math.sqrt(s2) * math.exp(-(x**2) / 2))
    for dimension, time in [(784, 1.79), (20, 0.202)]:
        found = -0.5 * math.log(1 - 60000 ** (-2 / dimension))
        assert found == pytest.approx(time, rel=5e-3)
    assert 0.5 * math.log(785) == pytest.approx(3.33, abs=5e-3)
    for alpha in np.linspace(0.01, 0.5, 50):
        assert -0.5 * math.log(1 - math.exp(-2 * alpha)) <= -0.5 * math.log(alpha)


def test_weight_of_the_true_point_and_all_weights():
    """sec-df-collapse: the mean weight of the noised point is the mean sum of the squares."""
    places = [-1.3, 0.2, 0.9, 2.0]
    data = Points(places, [0.25] * 4)
    for t in (0.1, 0.5, 1.5):
        joint = data.joint(t, GRID)
        weights = joint / (joint.sum(axis=1, keepdims=True) + 1e-300)
        spread = 1 - math.exp(-2 * t)
        true = [
            total(gauss(GRID - math.exp(-t) * x, spread) * weights[:, i])
            for i, x in enumerate(places)
        ]
        squares = total(data.density(t, GRID) * np.sum(weights**2, axis=1))
        assert np.mean(true) == pytest.approx(squares, rel=1e-9)


def test_answers_on_speciation():
    """df-double-well (thm-df-bifurcation), df-window-width (lem-df-F, thm-df-window)."""
    for p, answer in TOPIC.draws("df-double-well"):
        rho, s2 = math.sqrt(float(p["M"])), 1 / float(p["s"])
        x = np.array([-1e-3, 0.0, 1e-3])
        for shift, sign in ((-0.02, -1), (0.02, 1)):
            a = math.exp(-float(answer) - shift)
            spread = 1 - (1 - s2) * a * a
            u = -np.log(gauss(x - rho * a, spread) + gauss(x + rho * a, spread))
            assert np.sign(u[0] - 2 * u[1] + u[2]) == sign
            snr = rho * math.exp(-float(p["sde"]) - shift)
            assert np.sign(-1e-4 + 2 * snr * math.tanh(snr * 1e-4)) == -sign
    for p, answer in TOPIC.draws("df-window-width"):
        k, d = float(p["k"]), float(p["d"])
        assert float(p["late"] - p["early"]) == pytest.approx(float(answer))
        late, early = (math.sqrt(d) * math.exp(-float(p[key])) for key in ("late", "early"))
        assert late**2 == pytest.approx(1 / k)
        assert cloning(late) <= 0.5 + 1 / (2 * k)
        assert math.exp(-(early**2) / 2) == pytest.approx(1 / k)
        assert cloning(early) >= 1 - 1 / (2 * k)


def test_answers_on_the_collapse():
    """df-collapse-sample-size (thm-df-collapse, cor-df-latent)."""
    for p, answer in TOPIC.draws("df-collapse-sample-size"):
        size, d = float(p["n"]), float(p["k"] * p["r"])
        assert float(p["full"]) == pytest.approx(-0.5 * math.log(1 - size ** (-2 / d)))
        latent = -0.5 * math.log(1 - size ** (-2 / float(p["k"])))
        assert float(answer) == pytest.approx(latent)
        needed = float(p["b"] ** (p["k"] * p["r"] ** 2 / 2))
        assert float(answer) == pytest.approx(-0.5 * math.log(1 - needed ** (-2 / d)))


def test_cloning_with_many_classes():
    """df-cloning-many-classes (def-df-cloning): three points as classes."""
    last, weights = 1.0, np.full(3, 1 / 3)
    data = Points([-1.3, 0.2, 2.0], list(weights))
    for t in (0.05, 0.2, 0.5, 1.0, 2.0, 6.0):
        p = data.density(t, GRID)
        posterior = data.joint(t, GRID) / (p[:, None] + 1e-300)
        same = total(p * np.sum(posterior**2, axis=1))
        error = 1 - total(p * posterior.max(axis=1))
        assert 1 / 3 <= same <= last
        assert error <= 1 - same <= 2 * error
        last = same
    assert last == pytest.approx(1 / 3, abs=1e-4)
