"""The chapter on reproducing kernel Hilbert spaces and its problems: all numbers, recomputed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp
from scipy import integrate, optimize

from tests.content.bank import Topic

TOPIC = Topic("rkhs")


def gram(k: Callable, x: np.ndarray, y: np.ndarray | None = None) -> np.ndarray:
    return k(x[:, None], (x if y is None else y)[None])


def gaussian(s: np.ndarray, t: np.ndarray) -> np.ndarray:
    return np.exp(-((s - t) ** 2) / 2)


def laplace(s: np.ndarray, t: np.ndarray) -> np.ndarray:
    return np.exp(-np.abs(s - t))


def test_functions_that_are_not_kernels():
    """ex-not-kernels, exr-rkhs-exponent."""
    x, c = np.array([0.0, 1.0, 2.0]), np.array([1, -1, 1])
    assert c @ (np.abs(x[:, None] - x) <= 1) @ c == -1
    x, c = 0.05 * np.array([-1, 0, 1]), np.array([1, -2, 1])
    for q in (0.5, 1.0, 1.9, 2.0, 2.1, 3.0, 4.0):
        form = c @ np.exp(-(np.abs(x[:, None] - x) ** q)) @ c
        assert (form < 0) == (q > 2)


def test_algebra_of_kernels():
    """prop-kernel-algebra, ex-polynomial-kernels: smallest eigenvalues of Gram matrices."""
    rng = np.random.default_rng(0)
    for _ in range(20):
        z = rng.standard_normal((8, 2))
        z /= 1.01 * np.linalg.norm(z, axis=1).max()
        a, b, g = (
            z @ z.T,
            np.minimum(*np.broadcast_arrays(*np.ix_(z[:, 0] + 2, z[:, 0] + 2))),
            z[:, 1],
        )
        made = [2 * a + 3 * b, a * b, g[:, None] * b * g, np.exp(a), 1 / (1 - a), (a + 0.5) ** 3]
        norm = np.sqrt(np.diag(b))
        made.append(b / norm[:, None] / norm)
        assert all(np.linalg.eigvalsh(m)[0] >= -1e-10 * np.abs(m).max() for m in made)
        assert np.abs(made[-1]).max() <= 1 + 1e-12
        assert np.linalg.eigvalsh(np.exp(-((z[:, :1] - z[:, 0]) ** 2) / 2))[0] > -1e-14


def test_affine_functions():
    """ex-finite-dimensional-rkhs: the kernel and the constant 2."""
    nodes, weights = np.polynomial.legendre.leggauss(4)
    x, weights = (nodes + 1) / 2, weights / 2
    for y in (0.0, 1 / 3, 0.8):
        section = 4 - 6 * x - 6 * y + 12 * x * y
        for a, b in ((1, 0), (0, 1), (3, -7)):
            assert weights @ ((a + b * x) * section) == pytest.approx(a + b * y)
    best = 4 - 6 * x
    size = math.sqrt(weights @ best**2)
    assert (best[0] + 6 * x[0]) / size == pytest.approx(2)


def test_modulus_of_continuity():
    """ex-brownian-space, prop-rkhs-convergence."""
    rng = np.random.default_rng(1)
    for _ in range(50):
        slopes = rng.standard_normal(40)
        f = np.concatenate([[0], np.cumsum(slopes)]) / 40
        t = np.arange(41) / 40
        norm = math.sqrt(np.mean(slopes**2))
        assert np.all(np.abs(f[:, None] - f) <= np.sqrt(np.abs(t[:, None] - t)) * norm + 1e-12)


@pytest.mark.parametrize("kernel", [np.minimum, gaussian, laplace])
def test_minimal_interpolation_and_its_error(kernel):
    """prop-minimal-interpolation, prop-power-function: attained, and never exceeded."""
    rng = np.random.default_rng(2)
    nodes, other = np.array([0.2, 0.5, 0.9, 1.4]), np.array([0.05, 0.3, 0.7, 1.2, 2.0])
    points = np.concatenate([nodes, other])
    full, inner = gram(kernel, points), gram(kernel, nodes)
    cross = gram(kernel, nodes, other)
    power = np.sqrt(np.diag(full)[4:] - np.sum(cross * np.linalg.solve(inner, cross), axis=0))
    for c in rng.standard_normal((100, 9)):
        values, norm = full @ c, math.sqrt(c @ full @ c)
        alpha = np.linalg.solve(inner, values[:4])
        assert values[:4] @ alpha <= norm**2 + 1e-12
        assert np.all(np.abs(values[4:] - cross.T @ alpha) <= power * norm + 1e-9)
    for j in range(5):
        c = np.zeros(9)
        c[4 + j], c[:4] = 1, -np.linalg.solve(inner, cross[:, j])
        assert (full @ c)[4 + j] == pytest.approx(power[j] ** 2)
        assert c @ full @ c == pytest.approx(power[j] ** 2)


def test_polygons():
    """ex-piecewise-linear: interpolant, norm and power function."""
    rng = np.random.default_rng(3)
    t, y = np.array([0.1, 0.25, 0.6, 1.0]), rng.standard_normal(4)
    alpha = np.linalg.solve(gram(np.minimum, t), y)
    fine = np.linspace(0, 1, 201)
    knots, values = np.concatenate([[0], t]), np.concatenate([[0], y])
    assert gram(np.minimum, fine, t) @ alpha == pytest.approx(np.interp(fine, knots, values))
    assert y @ alpha == pytest.approx(np.sum(np.diff(values) ** 2 / np.diff(knots)))
    cross = gram(np.minimum, t, fine)
    square = fine - np.sum(cross * np.linalg.solve(gram(np.minimum, t), cross), axis=0)
    i = np.clip(np.searchsorted(knots, fine, side="right") - 1, 0, 3)
    claim = (fine - knots[i]) * (knots[i + 1] - fine) / (knots[i + 1] - knots[i])
    assert square == pytest.approx(claim, abs=1e-12)
    assert np.all(claim <= (knots[i + 1] - knots[i]) / 4 + 1e-12)


def test_quadratic_features():
    """ex-quadratic-features: both norms, thm-feature-map."""
    rng = np.random.default_rng(4)
    points = np.array([-1.0, 0.5, 2.0])
    for a0, a1, a2 in rng.standard_normal((20, 3)):
        y = a0 + a1 * points + a2 * points**2
        k = (1 + np.outer(points, points)) ** 2
        assert y @ np.linalg.solve(k, y) == pytest.approx(a0**2 + a1**2 / 2 + a2**2)
    k = (1 + np.outer([-1, 1], [-1, 1])) ** 2
    assert np.array_equal(k, 4 * np.eye(2))
    shortest = np.linalg.lstsq(np.array([[1, 0, 1.0]]), np.array([3.0]), rcond=None)[0]
    assert shortest @ shortest == pytest.approx(3**2 / 2)


def test_fourier_pairs():
    """ex-fourier-pairs, thm-bochner-easy, by quadrature."""
    a, b, s = 1.5, 2.0, 0.7
    densities = (
        (lambda w: s * math.exp(-((s * w) ** 2) / 2) / math.sqrt(2 * math.pi), np.inf),
        (lambda w: a / math.pi / (a**2 + w**2), np.inf),
        (lambda w: 1 / (2 * b), b),
    )
    for z in (0.3, 1.0, 2.7):
        found = [
            2 * integrate.quad(density, 0, end, weight="cos", wvar=z)[0]
            for density, end in densities
        ]
        claim = [math.exp(-(z**2) / (2 * s**2)), math.exp(-a * z), math.sin(b * z) / (b * z)]
        assert found == pytest.approx(claim, abs=1e-6)


def test_laplace_norm_by_interpolation():
    """ex-laplace-sobolev, against the norm of the interpolant on a fine mesh."""
    x = np.linspace(-8, 8, 401)
    f = np.exp(-(x**2) / 2)
    a = 1.5
    discrete = f @ np.linalg.solve(np.exp(-a * np.abs(x[:, None] - x)), f)
    exact = (a**2 * math.sqrt(math.pi) + math.sqrt(math.pi) / 2) / (2 * a)
    assert discrete == pytest.approx(exact, rel=1e-3)
    assert discrete <= exact


@pytest.mark.parametrize(("s", "sigma"), [(1.0, 1.0), (0.8, 1.0), (2.0, 1.0), (1.0, 1.3)])
def test_gaussians_in_the_gaussian_space(s, sigma):
    """ex-gaussian-membership: the integral in the Fourier domain."""

    def integrand(w):
        transform = math.sqrt(2 * math.pi) * s * math.exp(-((s * w) ** 2) / 2)
        return transform**2 / (math.sqrt(2 * math.pi) * sigma * math.exp(-((sigma * w) ** 2) / 2))

    found = integrate.quad(integrand, -20, 20)[0] / (2 * math.pi)
    assert found == pytest.approx(s**2 / (sigma * math.sqrt(2 * s**2 - sigma**2)))
    assert found >= 1 - 1e-12


def test_periodic_kernel():
    """exr-rkhs-periodic: the Bernoulli polynomial, and the norm of a trigonometric function."""
    m = np.arange(1, 20_001)
    for u in (0.0, 0.1, 0.37, 0.5, 0.9):
        series = 1 + np.sum(2 / (2 * np.pi * m) ** 2 * np.cos(2 * np.pi * m * u))
        assert series == pytest.approx(1 + (u**2 - u + 1 / 6) / 2, abs=1e-5)
    t = np.arange(60) / 60
    u = np.abs(t[:, None] - t)
    f = 2 + np.sin(2 * np.pi * t)
    found = f @ np.linalg.solve(1 + (u**2 - u + 1 / 6) / 2, f)
    assert found == pytest.approx(4 + (2 * np.pi) ** 2 / 2, rel=2e-3)


def test_sampling_theorem():
    """exr-rkhs-band-limited, exr-rkhs-derivative (constant 1/sigma for the Gaussian kernel)."""
    k = np.arange(-4000, 4001)
    for x in (0.3, 1.7):
        assert np.sum(np.sinc(0.4 - k) * np.sinc(x - k)) == pytest.approx(
            np.sinc(x - 0.4), abs=1e-4
        )
    sigma, h = 0.7, 1e-4
    second = (2 * math.exp(-(h**2) / (2 * sigma**2)) - 2) / h**2
    assert math.sqrt(-second) == pytest.approx(1 / sigma, rel=1e-6)


def test_answers_on_the_third_correlation():
    """The problem admissible-third-correlation (def-pd-kernel), by smallest eigenvalues."""
    for p, answer in TOPIC.draws("admissible-third-correlation"):
        a, b = float(p["a"]), float(p["b"])
        assert p["a"] ** 2 + p["a1"] ** 2 == 1 == p["b"] ** 2 + p["b1"] ** 2
        assert min(p["a1"], p["b1"]) > 0

        def smallest(t, a=a, b=b):
            return np.linalg.eigvalsh([[1, a, t], [a, 1, b], [t, b, 1]])[0]

        low = float(answer)
        assert p["low"] == answer
        assert abs(smallest(low)) < 1e-12
        assert smallest(low - 1e-3) < -1e-6
        assert smallest(low + 1e-3) > 1e-6


def test_answers_on_the_norm_of_a_bump():
    """The problem fourier-norm-of-a-bump (prop-shift-invariant-norm), by quadrature."""
    for p, answer in TOPIC.draws("fourier-norm-of-a-bump"):
        a = int(p["a"])
        assert [p[key] for key in ("a2", "a4", "twoa", "twoa2")] == [a**2, a**4, 2 * a, 2 * a**2]

        def transform(w, a=a):
            return (
                2
                * integrate.quad(
                    lambda z: (1 + a * z) * math.exp(-a * z) * math.cos(w * z), 0, 60 / a, limit=400
                )[0]
            )

        for w in (0.0, 1.3, 4.0):
            claim = float(p["four"]) / (float(p["a2"]) + w**2) ** 2
            assert transform(w) == pytest.approx(claim, rel=1e-6)
        nodes, weights = np.polynomial.hermite.hermgauss(6)
        square = sum(
            v / transform(w) for w, v in zip(nodes, weights, strict=True)
        )  # |transform of f|^2 = 2 pi exp(-w^2)
        assert float(answer) == pytest.approx(square, rel=1e-6)
        assert sp.simplify(sp.sqrt(sp.pi) * p["total"] / p["four"] - answer) == 0
        assert p["square"] == answer


def test_answers_on_the_raised_minimum_kernel():
    """The problem norm-for-the-raised-minimum-kernel (cor-sum-kernel), by interpolation."""
    t = np.linspace(0, 1, 61)
    for p, answer in TOPIC.draws("norm-for-the-raised-minimum-kernel"):
        a, b, c = (int(p[key]) for key in "abc")
        f = a + b * t**2
        found = f @ np.linalg.solve(c + gram(np.minimum, t), f)
        assert found == pytest.approx(float(answer), rel=1e-4)
        assert found <= float(answer)
        alone = t[1:] ** 2 * b @ np.linalg.solve(gram(np.minimum, t[1:]), b * t[1:] ** 2)
        assert alone == pytest.approx(float(p["second"]), rel=1e-4)
        assert p["first"] + p["second"] == answer == p["square"]


def test_answers_on_quadrature_with_one_node():
    """The problem quadrature-with-one-node, from the kernel min(s, t)."""
    for p, answer in TOPIC.draws("quadrature-with-one-node"):
        b = int(p["b"])
        mesh = (np.arange(600) + 0.5) * b / 600
        double = np.mean(gram(np.minimum, mesh)) * b**2

        def square(x, b=b, mesh=mesh, double=double):
            single = np.mean(np.minimum(mesh, x[0])) * b
            return double - 2 * x[1] * single + x[1] ** 2 * x[0]

        assert double == pytest.approx(float(p["third"]), rel=1e-4)
        best = optimize.minimize(square, [b / 2, b / 2], method="Nelder-Mead")
        assert best.x == pytest.approx([float(p["node"])] * 2, rel=3e-3)
        assert best.fun == pytest.approx(float(p["rest"]), rel=1e-3)
        assert float(answer) == pytest.approx(math.sqrt(best.fun), rel=1e-3)
        t, w = 0.3 * b, 1.1
        assert square([t, w]) == pytest.approx(
            float(p["third"]) - w * t * (float(p["twob"]) - t) + w**2 * t, rel=1e-3
        )
        assert p["third"] - p["gain"] == p["rest"] == answer**2
        assert p["error"] == answer


def test_choices_on_the_value_of_a_polynomial():
    """The problem sharp-evaluation-constant-for-polynomials, by the inverse Hilbert matrix."""
    for p, right, wrong in TOPIC.choices("sharp-evaluation-constant-for-polynomials"):
        m = int(p["m"])
        moments = sp.Matrix(m + 1, m + 1, lambda i, j: sp.Rational(1, i + j + 1))
        value = moments.inv()[0, 0]
        assert right[0] == sp.sqrt(value) == p["right"]
        assert p["wrong3"] == value
        assert right[0] not in [other[0] for other in wrong]
        assert (p["wrong1"], p["wrong2"]) == (sp.sqrt(m + 1), sp.sqrt(2 * m + 1))
        assert len({other[0] for other in wrong}) == 3


def test_answers_on_two_values_with_minimal_norm():
    """The problem two-values-with-minimal-norm, in the coefficients of the polynomial."""
    scale = np.diag([1, math.sqrt(2), 1])
    for p, answer in TOPIC.draws("two-values-with-minimal-norm"):
        values = np.array([float(p["u"]), float(p["v"])])
        features = np.vander([1.0, 2.0], 3, increasing=True) @ scale
        w = np.linalg.pinv(features) @ values
        assert w @ w == pytest.approx(float(answer))
        assert features.T @ [float(p["alpha1"]), float(p["alpha2"])] == pytest.approx(w)
        assert p["square"] == answer


def test_answers_on_the_weighted_bridge():
    """The problem weighted-bridge-kernel, as a variational problem on two intervals."""
    for p, answer in TOPIC.draws("weighted-bridge-kernel"):
        c = int(p["c"])

        def width(s, t, c=c):
            return integrate.quad(lambda u: (1 + c * u) ** -2, s, t)[0]

        def square(t, width=width):
            return 1 / (1 / width(0, t) + 1 / width(t, 1))

        best = optimize.minimize_scalar(
            lambda t, square=square: -square(t), bounds=(0.001, 0.999), method="bounded"
        )
        assert -best.fun == pytest.approx(float(p["square"]), rel=1e-8)
        assert float(answer) == pytest.approx(math.sqrt(-best.fun))
        assert best.x == pytest.approx(float(p["place"]), abs=1e-4)
        assert width(0, float(p["place"])) == pytest.approx(float(p["half"]))
        assert 1 / width(0, 1) == pytest.approx(float(p["c1"]))
        assert p["best"] == answer


def test_extension_of_functions_on_a_half_line():
    """exr-rkhs-restriction: the norm on [0, oo) is (f(0)^2 + int f^2 + f'^2) / 2 for a = 1."""
    x = np.linspace(0, 12, 401)
    f = (2 + x) * np.exp(-x)
    found = f @ np.linalg.solve(laplace(x[:, None], x[None]), f)
    nodes, weights = np.polynomial.laguerre.laggauss(6)
    u = nodes / 2
    square = weights @ ((2 + u) ** 2 + (-1 - u) ** 2) / 2
    exact = (2**2 + square) / 2
    assert found == pytest.approx(exact, rel=1e-3)


def test_first_part_of_cauchy_schwarz():
    """lem-kernel-cauchy-schwarz: null vectors of a Gram matrix annihilate all sections."""
    points = np.array([-1.0, 0.0, 1.0, 2.0])
    k = (1 + np.outer(points, points)) ** 2
    values, vectors = np.linalg.eigh(k)
    assert values[0] == pytest.approx(0, abs=1e-12)
    for x in (-3.0, 0.4, 7.0):
        section = (1 + points * x) ** 2
        assert vectors[:, 0] @ section == pytest.approx(0, abs=1e-9 * (1 + x**2))
    for i, j in itertools.combinations(range(4), 2):
        assert k[i, j] ** 2 <= k[i, i] * k[j, j]
