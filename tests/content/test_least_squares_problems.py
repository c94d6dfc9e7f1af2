"""The problems on least squares: every draw fitted, solved or integrated again."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import chi2

from tests.content.bank import Topic

TOPIC = Topic("least-squares")


def hat_factor(n: int, d: int) -> np.ndarray:
    """An orthonormal basis (n, d) of the columns of a generic design."""
    return np.linalg.qr(np.random.default_rng(0).standard_normal((n, d)))[0]


def through(one: tuple, other: tuple, t: int) -> Fraction:
    """The value at t of the line through two points."""
    return one[1] + (other[1] - one[1]) / (other[0] - one[0]) * (t - one[0])


def test_a_line_and_a_constant_fitted_without_one_point():
    """ls-line-or-constant: each model is fitted anew to the other two points."""
    preferred = set()
    for p, answer in TOPIC.draws("ls-line-or-constant"):
        points = [(t, Fraction(int(p[name]))) for t, name in zip((-1, 0, 1), "pqs", strict=True)]
        line, constant = [], []
        for left in points:
            one, other = (point for point in points if point is not left)
            line.append(left[1] - through(one, other, left[0]))
            constant.append(left[1] - (one[1] + other[1]) / 2)
        assert line == [p["D"], p["half"], p["D"]]
        assert answer == sum(e * e for e in line) / 3
        assert p["looconst"] == sum(e * e for e in constant) / 3
        y = np.array([float(y) for _, y in points])
        slope, mean = np.polyfit([-1, 0, 1], y, 1)
        assert [slope, mean] == pytest.approx([float(p["slope"]), float(p["mean"])])
        residuals = [float(p[name]) for name in ("outer", "inner_res", "outer")]
        assert y - mean - slope * np.array([-1, 0, 1]) == pytest.approx(residuals, abs=1e-9)
        assert y - mean == pytest.approx([float(p[name]) for name in ("e1", "e2", "e3")], abs=1e-9)
        preferred.add(sum(e * e for e in line) < sum(e * e for e in constant))
    assert preferred == {True, False}


def test_gradient_descent_for_two_equations():
    """ls-two-equations-three-unknowns: the iteration is run, the minimum-norm solution found."""
    x = np.array([[1.0, 1, 0], [0, 1, 1]])
    factors = [np.linalg.norm((np.eye(3) - s * x.T @ x / 2) @ x.T, 2) for s in (1.0, 1.33, 1.34)]
    stretched = [np.linalg.norm(x.T, 2) * q for q in (1 / 2, 1, 1)]
    assert factors[0] == pytest.approx(stretched[0])
    assert factors[1] < stretched[1] and factors[2] > stretched[2]
    for p, answer in TOPIC.draws("ls-two-equations-three-unknowns"):
        y = np.array([float(p["a"]), float(p["b"])])
        shortest = np.linalg.lstsq(x, y, rcond=None)[0]
        assert shortest == pytest.approx([float(p[f"w{i}"]) for i in (1, 2, 3)], abs=1e-9)
        points = [np.array([float(p["g"]), 0, 0])]
        for _ in range(60):
            points.append(points[-1] - x.T @ (x @ points[-1] - y) / 2)
        assert points[-1][0] == pytest.approx(float(answer), abs=1e-9)
        assert points[-1] == pytest.approx([float(p[f"l{i}"]) for i in (1, 2, 3)], abs=1e-9)
        far = np.linalg.norm(np.array(points) - points[-1], axis=1)
        assert far[10] <= far[0] / 1000
    assert 0.5**9 > 1 / 1000 > 0.5**10


def test_copies_of_a_feature():
    """ls-feature-entered-twice: the penalty is turned into further observations."""
    n = 7
    rng = np.random.default_rng(0)
    t, noise = rng.standard_normal((2, n))
    t *= np.sqrt(n) / np.linalg.norm(t)
    noise -= (noise @ t) / n * t

    def ridge(y, copies):
        x = np.repeat(t[:, None], copies, axis=1)
        stacked = np.vstack([x / np.sqrt(n), np.eye(copies)])
        target = np.append(y / np.sqrt(n), np.zeros(copies))
        return np.linalg.lstsq(stacked, target, rcond=None)[0]

    for p, right, wrong in TOPIC.choices("ls-feature-entered-twice"):
        y = float(p["c"]) * t + noise
        weights = ridge(y, int(p["m"]))
        assert weights == pytest.approx([float(p["each"])] * int(p["m"]))
        assert [sum(weights)] == pytest.approx([float(v) for v in right])
        assert ridge(y, 1) == pytest.approx([float(p["single"])])
        assert right not in wrong
    for p, answer in TOPIC.draws("ls-feature-entered-twice"):
        assert sum(ridge(float(p["c"]) * t + noise, int(p["m"]))) == pytest.approx(float(answer))


def test_risk_from_the_training_error():
    """ls-training-error-and-risk: squared norms of the maps from the noise to both errors."""
    for p, answer in TOPIC.draws("ls-training-error-and-risk"):
        n, d = int(p["n"]), int(p["d"])
        basis = hat_factor(n, d)
        hat = basis @ basis.T
        training = np.linalg.norm(np.eye(n) - hat) ** 2 / n
        noise = float(p["T"]) / training
        assert noise == pytest.approx(float(p["noise"]))
        fresh = np.linalg.norm(np.hstack([np.eye(n), -hat])) ** 2 / n
        assert noise * fresh == pytest.approx(float(answer))
    for _, right, wrong in TOPIC.choices("ls-training-error-and-risk"):
        assert right not in wrong


def test_scaling_a_feature():
    """ls-feature-scaling: the factor as a norm, the number of steps by counting."""
    for p, answer in TOPIC.draws("ls-feature-scaling"):
        x = np.array([[1.0, 1], [1, -1]]) * [float(p["p"]), 1]
        hessian = x.T @ x / 2
        step = np.eye(2) - hessian / np.linalg.eigvalsh(hessian)[-1]
        assert np.linalg.norm(step, 2) == pytest.approx(float(p["q"]))
        bounds = np.exp(-np.arange(3000) / float(p["p"]) ** 2)
        assert np.argmax(bounds <= 0.01) == answer
        assert np.argmax(np.arange(3000) >= 4.6052 * float(p["p"]) ** 2) == answer
        assert np.linalg.norm(np.linalg.matrix_power(step, int(answer)), 2) <= 0.01
    scaled = np.array([[1.0, 1], [1, -1]])
    assert np.allclose(scaled.T @ scaled / 2, np.eye(2))


def test_sample_size_for_a_gaussian_design():
    """ls-gaussian-design-sample-size: the inverse moment by quadrature, and once simulated."""

    def excess(n, d):
        grid = (np.arange(40_000) + 0.5) / 20
        density = chi2(n - d + 1).pdf(grid)
        return d * np.sum(density / grid) / np.sum(density)

    for p, answer in TOPIC.draws("ls-gaussian-design-sample-size"):
        n, d, allowed = int(answer), int(p["d"]), float(p["risk"]) - 1
        assert excess(n, d) <= allowed * (1 + 1e-9)
        assert excess(n - 1, d) > allowed * (1 + 1e-6)
        assert 1 - np.linalg.norm(hat_factor(n, d)) ** 2 / n == pytest.approx(float(p["train"]))
        enough = next(k for k in itertools.count(d) if Fraction(d, k) <= p["risk"] - 1)
        assert enough == p["fixedn"]
    x = np.random.default_rng(0).standard_normal((20_000, 16, 5))
    traces = np.trace(np.linalg.inv(x.transpose(0, 2, 1) @ x), axis1=1, axis2=2)
    assert np.mean(traces) == pytest.approx(1 / 2, abs=5 * np.std(traces) / np.sqrt(20_000))


def test_ridge_for_an_orthogonal_design():
    """ls-ridge-orthogonal-design: the error from its matrices, minimized numerically."""
    for p, answer in TOPIC.draws("ls-ridge-orthogonal-design"):
        n, d = int(p["n"]), int(p["d"])
        x = np.sqrt(n) * hat_factor(n, d)
        truth = np.sqrt(float(p["beta"])) * np.eye(d)[1]

        def error(lam, x=x, truth=truth, n=n, d=d, noise=float(p["S"])):
            estimate = np.linalg.solve(x.T @ x + n * lam * np.eye(d), x.T)
            bias = x @ (estimate @ x @ truth - truth)
            return (bias @ bias + noise * np.linalg.norm(x @ estimate) ** 2) / n

        best = minimize_scalar(error, bounds=(0, 20), method="bounded", options={"xatol": 1e-9})
        assert best.x == pytest.approx(float(p["lam"]), abs=1e-5)
        assert best.fun == pytest.approx(float(answer))
        assert error(0) == pytest.approx(float(p["v"])) == error(float(p["lim"]))
        assert error(0.99 * float(p["lim"])) < error(0) < error(1.01 * float(p["lim"]))
