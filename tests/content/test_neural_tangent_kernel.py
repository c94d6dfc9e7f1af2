"""The chapter on the neural tangent kernel and its problems: constants, bounds and answers."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from scipy.linalg import hadamard
from scipy.special import erf

from tests.content.bank import Topic

TOPIC = Topic("neural-tangent-kernel")

B, L = np.sqrt(2 / np.pi), np.sqrt(2 / (np.pi * np.e))
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(60)


def sphere(count: int, d: int, rng: np.random.Generator) -> np.ndarray:
    x = rng.standard_normal((count, d))
    return x / np.linalg.norm(x, axis=1)[:, None]


def relu_limit(s: np.ndarray) -> np.ndarray:
    return s * (np.pi - np.arccos(np.clip(s, -1, 1))) / (2 * np.pi)


def slope(s: np.ndarray) -> np.ndarray:
    return B * np.exp(-(s**2) / 2)


def sigmoid(s: np.ndarray) -> np.ndarray:
    return erf(s / np.sqrt(2))


@pytest.mark.parametrize("angle", [0.3, 1.2, 2.0, 3.0])
def test_arc_cosine_kernels_by_quadrature(angle):
    """thm-ntk-arc-cosine."""
    psi = (np.arange(200_000) + 0.5) / 200_000 * 2 * np.pi - np.pi
    u, v = np.maximum(np.cos(psi), 0), np.maximum(np.cos(psi - angle), 0)
    assert np.mean((u > 0) & (v > 0)) == pytest.approx((np.pi - angle) / (2 * np.pi), abs=1e-4)
    kappa = (np.sin(angle) + (np.pi - angle) * np.cos(angle)) / (2 * np.pi)
    assert 2 * np.mean(u * v) == pytest.approx(kappa, abs=1e-8)


@pytest.mark.parametrize("s", [-0.7, 0.2, 0.9])
def test_kernel_of_the_error_function_by_quadrature(s):
    """ex-ntk-erf."""
    g, h = np.meshgrid(NODES, NODES)
    weight = np.outer(WEIGHTS, WEIGHTS) / (2 * np.pi)
    value = np.sum(weight * slope(g) * slope(s * g + np.sqrt(1 - s**2) * h))
    assert value == pytest.approx(2 / np.pi / np.sqrt(4 - s**2), rel=1e-8)
    total = np.sum(WEIGHTS * sigmoid(NODES) ** 2) / np.sqrt(2 * np.pi)
    assert total == pytest.approx(1 / 3, rel=1e-6)
    steps = np.linspace(-3, 3, 601)
    assert np.max(np.abs(steps * slope(steps))) == pytest.approx(L, rel=1e-6)


@pytest.mark.parametrize(("n", "d"), [(2, 2), (10, 3), (40, 10), (60, 30)])
def test_smallest_eigenvalue_of_the_relu_kernel(n, d):
    """thm-ntk-relu-positive, lem-ntk-power-series."""
    x = sphere(n, d, np.random.default_rng(0))
    s = x @ x.T
    rho = np.max(np.abs(s - np.diag(np.diag(s))))
    p = np.ceil(np.log(2 * n) / (2 * np.log(1 / rho)))
    assert (n - 1) * rho ** (2 * p) <= 0.5
    assert np.linalg.eigvalsh(relu_limit(s))[0] >= 1 / (12 * np.pi * np.sqrt(p))


def test_three_antipodal_pairs_in_the_plane():
    """ex-ntk-antipodal, ntk-jumps-of-the-kernel."""
    angles = np.arange(6) * np.pi / 3
    x = np.column_stack([np.cos(angles), np.sin(angles)])
    c = np.array([1, -1, 1, -1, 1, -1])
    assert abs(c @ relu_limit(x @ x.T) @ c) < 1e-7
    assert np.linalg.eigvalsh(relu_limit((1 + x @ x.T) / 2))[0] > 1e-3


def test_power_series_of_the_relu_kernel():
    """eq-ntk-relu-series and the bound for its coefficients."""
    s = sp.Symbol("s")
    b = [sp.binomial(2 * k, k) / (sp.Integer(4) ** k * (2 * k + 1)) for k in range(5)]
    series = s / 4 + sum(b[k] * s ** (2 * k + 2) for k in range(5)) / (2 * sp.pi)
    exact = s * (sp.pi - sp.acos(s)) / (2 * sp.pi)
    assert sp.simplify(sp.series(exact, s, 0, 11).removeO() - series) == 0
    assert all(b[k] >= 1 / (6 * sp.Integer(k) ** sp.Rational(3, 2)) for k in range(1, 5))


def test_concentration_of_the_kernel():
    """thm-ntk-concentration: the union bound fails less often than it may."""
    rng = np.random.default_rng(0)
    x, m, delta = sphere(5, 3, rng), 100, 0.5
    eps = np.sqrt(np.log(5 * 6 / delta) / (2 * m))
    worst = []
    for _ in range(200):
        active = (x @ rng.standard_normal((3, m)) > 0).astype(float)
        gap = (x @ x.T) * (active @ active.T) / m - relu_limit(x @ x.T)
        assert np.linalg.norm(gap, 2) <= 5 * np.abs(gap).max() + 1e-12
        worst.append(np.abs(gap).max())
    assert np.mean(np.array(worst) > eps) <= delta


def test_wide_networks_converge_and_move_as_little_as_promised():
    """thm-ntk-convergence, thm-ntk-ridgeless, with Euler steps for the flow."""
    rng = np.random.default_rng(0)
    n, m = 3, 4000
    x, y, test = np.eye(3), np.array([1.0, -1.0, 1.0]), sphere(5, 3, rng)
    half = rng.standard_normal((m // 2, 3))
    w0 = np.vstack([half, half])
    a = np.repeat([1.0, -1.0], m // 2) / np.sqrt(m)
    kernel = lambda p, q, w: (p @ q.T) * (slope(p @ w.T) @ slope(q @ w.T).T) / m  # noqa: E731
    h0 = kernel(x, x, w0)
    lam, delta = np.linalg.eigvalsh(h0)[0], np.linalg.norm(y)
    assert m >= 16 * L**2 * n * delta**2 / lam**2
    w, step = w0.copy(), 0.1
    for k in range(400):
        s = x @ w.T
        e = sigmoid(s) @ a - y
        assert np.linalg.norm(e) <= np.exp(-lam * k * step / 4) * delta + 1e-12
        w -= step * a[:, None] * ((slope(s) * e[:, None]).T @ x)
    assert np.linalg.norm(e) < 1e-4
    assert np.linalg.norm(w - w0) <= 2 * delta / np.sqrt(lam)
    moved = np.linalg.norm(w - w0, axis=1).max()
    assert moved <= 4 * B * np.sqrt(n) * delta / (lam * np.sqrt(m))
    change = np.linalg.norm(kernel(x, x, w) - h0, 2)
    assert change <= 4 * B * L * n * delta / np.sqrt(lam * m)
    gap = np.abs(sigmoid(test @ w.T) @ a - kernel(test, x, w0) @ np.linalg.solve(h0, y))
    assert gap.max() <= 38 * B**3 * L * n**1.5 * delta**2 / (lam**2.5 * np.sqrt(m))


@pytest.mark.parametrize("alpha", [5.0, 20.0, 80.0])
def test_lazy_training_of_a_small_model(alpha):
    """thm-ntk-lazy for h(theta) = sin(theta) + theta**2 / 4 near 0 and Q(z) = (z - 1)**2 / 2."""
    horizon, steps, beta, lip, q0, smooth = 2.0, 4000, 1.6, 1.6, 0.5, 1.0
    theta = linear = 0.0
    for _ in range(steps):
        h = np.sin(theta) + theta**2 / 4
        slope_h = np.cos(theta) + theta / 2
        theta -= horizon / steps * slope_h * (alpha * h - 1) / alpha
        linear -= horizon / steps * (alpha * linear - 1) / alpha
    c = (
        2
        * lip
        * q0
        * np.sqrt(2 * horizon)
        * (np.exp(beta**2 * smooth * horizon) - 1)
        / (beta * np.sqrt(smooth))
    )
    assert abs(theta) <= np.sqrt(horizon * q0) / alpha
    assert abs(alpha * (np.sin(theta) + theta**2 / 4 - linear)) <= c / alpha
    bound = horizon / alpha**2 * (lip * q0 * np.sqrt(2 * smooth * horizon) + beta * smooth * c)
    assert abs(theta - linear) <= bound


def test_orthonormal_example():
    """ex-ntk-orthonormal."""
    lam = 2 / (np.pi * np.sqrt(3))
    assert 64 * L**2 / lam**2 == pytest.approx(96 * np.pi / np.e)
    assert 8 * B / lam == pytest.approx(17.4, abs=0.05)
    assert 2 * np.sqrt(10) / np.sqrt(lam / 2) == pytest.approx(14.8, abs=0.05)
    assert np.sqrt(10 / lam) == pytest.approx(5.2, abs=0.05)


def test_constants_of_the_lower_bound():
    """thm-ntk-width-bound, cor-ntk-cosine and the numbers after it."""
    assert (2 * np.sqrt(2) + 1) ** 2 < 15
    assert 30 / np.sqrt(226) < 2
    assert np.ceil(113 * (21 * np.log(2) + np.log(100))) == 2166
    assert 524_000 <= (2**20 - 1) / 2
    rng = np.random.default_rng(0)
    v = np.array([[i >> j & 1 for j in range(3)] for i in range(1, 8)])
    grid = np.stack(np.meshgrid(*[np.arange(8) / 8] * 3), axis=-1).reshape(-1, 3)
    phi = np.sqrt(2) * np.cos(2 * np.pi * grid @ v.T) / np.sqrt(len(grid))
    assert np.allclose(phi.T @ phi, np.eye(7))
    basis = np.linalg.qr(rng.standard_normal((len(grid), 3)))[0]
    assert np.mean(1 - np.sum((basis.T @ phi) ** 2, axis=0)) >= 1 - 3 / 7


def test_a_single_neuron_turns_towards_the_target():
    """thm-ntk-single-neuron, its rate and the floor of the linearization."""
    start, target, radius, step = 2.5, 1.5, 0.4, 0.01
    rate = (np.pi - start) * target / (2 * np.pi * max(radius, target))
    rho, angle = radius, start
    for k in range(6000):
        assert np.tan(angle / 2) <= np.exp(-rate * k * step) * np.tan(start / 2) * (1 + 1e-3)
        p = np.sin(angle) + (np.pi - angle) * np.cos(angle)
        turn = -target / (2 * np.pi * rho) * (np.pi - angle) * np.sin(angle)
        rho, angle = rho + step * (-rho / 2 + target / (2 * np.pi) * p), angle + step * turn
    assert abs(rho - target) + abs(angle) < 1e-3
    psi = np.linspace(-np.pi / 2, start - np.pi / 2, 100_001)
    mean = np.mean(np.cos((psi[1:] + psi[:-1]) / 2) ** 2) * start
    floor = (2 * start - np.sin(2 * start)) / (8 * np.pi)
    assert mean / (2 * np.pi) == pytest.approx(floor)


def test_two_inputs_at_an_angle():
    """ntk-gram-at-an-angle."""
    for p, answer in TOPIC.draws("ntk-gram-at-an-angle"):
        off = float(relu_limit(np.array(float(p["s"]))))
        assert off == pytest.approx(float(p["off"]))
        assert np.exp(-(0.5 - off) * float(answer)) == pytest.approx(1 / float(p["F"]))
        y, k = np.ones(2), np.array([[0.5, off], [off, 0.5]])
        assert y @ np.linalg.solve(k, y) == pytest.approx(float(p["nplus"]))


def test_widths_losses_and_slopes():
    """ntk-width-for-orthogonal-data, ntk-single-neuron-loss, ntk-gaussian-slope."""
    for p, m in TOPIC.draws("ntk-width-for-orthogonal-data"):
        assert m == 16 * p["Lsq"] * p["n"] ** 2 / p["lam"] ** 2
        assert p["total"] == 2 * sp.sqrt(p["n"]) / sp.sqrt(p["lam"])
        assert p["each"] == 4 * p["n"] / (p["lam"] * sp.sqrt(m))
        assert p["c"] * p["each"] / 10 == sp.Rational(1, 5)
    rho, t = sp.symbols("rho t", positive=True)
    for p, loss in TOPIC.draws("ntk-single-neuron-loss"):
        big = p["R"]
        full = (
            rho**2 / 4
            + big**2 / 4
            - rho * big / (2 * sp.pi) * (sp.sin(t) + (sp.pi - t) * sp.cos(t))
        )
        at = {rho: p["rho"], t: sp.pi / 2}
        assert sp.simplify(full.subs(at) - loss) == 0
        assert sp.simplify(-full.diff(rho).subs(at) - p["rad"]) == 0
        assert sp.simplify(-(full.diff(t) / rho**2).subs(at) - p["ang"]) == 0
    half = sp.Matrix([[1, sp.Rational(1, 2)], [sp.Rational(1, 2), 1]])
    for p, value in TOPIC.draws("ntk-gaussian-slope"):
        assert sp.simplify(value - 1 / sp.sqrt((sp.eye(2) + p["c"] * half).det()) / 2) == 0


def test_flow_with_a_frozen_kernel():
    """ntk-three-times-of-a-flow, thm-ntk-kernel-flow."""
    for p, answer in TOPIC.draws("ntk-three-times-of-a-flow"):
        k, y = sp.Matrix([[p["a"], p["b"]], [p["b"], p["a"]]]), sp.Matrix([p["p"], p["q"]])
        c = k.inv() * y
        assert list(c) == [p["c1"], p["c2"]]
        assert sum(c) == answer == 2 * p["alpha"] / p["plus"]
        assert (y.T * c)[0] == p["norm"]
        assert y == sp.Matrix([p["alpha"] + p["beta"], p["alpha"] - p["beta"]])


def trained(width: int) -> np.ndarray:
    """How far each neuron of a network with zero output at the start moves until it fits."""
    rng = np.random.default_rng(width)
    x, y = np.eye(3), np.array([1.0, -1.0, 1.0])
    half = rng.standard_normal((width // 2, 3))
    start = np.vstack([half, half])
    a = np.repeat([1.0, -1.0], width // 2) / np.sqrt(width)
    w = start.copy()
    for _ in range(150):
        s = x @ w.T
        e = sigmoid(s) @ a - y
        w -= 0.5 * a[:, None] * ((slope(s) * e[:, None]).T @ x)
    assert np.linalg.norm(e) < 1e-4
    return np.linalg.norm(w - start, axis=1)


def test_movement_of_wider_networks():
    """ntk-wider-by-a-factor: networks of both widths are trained."""
    moved = trained(400)
    for p, answer in TOPIC.draws("ntk-wider-by-a-factor"):
        wider = trained(400 * int(p["F"]))
        assert np.median(moved) / np.median(wider) == pytest.approx(float(answer), rel=0.04)
        assert moved.max() / wider.max() == pytest.approx(float(answer), rel=0.04)
        assert np.linalg.norm(wider) == pytest.approx(np.linalg.norm(moved), rel=0.03)


def test_parities_need_as_many_data():
    """ntk-what-kernels-need: ridge regression for all parities with several kernels."""
    rng = np.random.default_rng(0)
    for p, answer in TOPIC.draws("ntk-what-kernels-need"):
        d, size, count = int(p["d"]), int(p["N"]), int(p["n"])
        cube = 1 - 2 * (np.arange(size)[:, None] >> np.arange(d) & 1)
        parities = hadamard(size).astype(float)
        assert np.array_equal(parities[:, 3], cube[:, 0] * cube[:, 1])
        points = rng.choice(size, count, replace=False)
        inner = cube @ cube.T / d
        errors = []
        for kernel, ridge in (
            (np.eye(size), 1e-6),
            (np.exp(inner), 1e-6),
            ((1 + inner) ** 3, 1e-3),
        ):
            gram = kernel[np.ix_(points, points)] + ridge * np.eye(count)
            fitted = kernel[:, points] @ np.linalg.solve(gram, parities[points])
            errors.append(np.mean((fitted - parities) ** 2))
        assert min(errors) >= float(answer) - 1e-9
        assert errors[0] == pytest.approx(float(answer), abs=1e-9)
    for _, right, wrong in TOPIC.choices("ntk-what-kernels-need"):
        assert right not in wrong
