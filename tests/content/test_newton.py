"""The chapter on Newton's method: constants, bounds and examples, recomputed."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from scipy import optimize

from tests.content.bank import Topic
from tests.content.newton import omega, omega_star

TOPIC = Topic("newton")


class Barrier:
    """The logarithmic barrier of a random polytope around zero, plus a linear function."""

    def __init__(self, seed: int, d: int = 3, m: int = 12):
        rng = np.random.default_rng(seed)
        self.a, self.slope = rng.standard_normal((m, d)), 3 * rng.standard_normal(d)

    def inside(self, x):
        return np.all(self.a @ x < 1)

    def value(self, x):
        return self.slope @ x - np.sum(np.log1p(-(self.a @ x)))

    def gradient(self, x):
        return self.slope + self.a.T @ (1 / (1 - self.a @ x))

    def hessian(self, x):
        return (self.a.T / (1 - self.a @ x) ** 2) @ self.a

    def step(self, x) -> tuple[np.ndarray, float]:
        """The Newton step and the decrement."""
        p = -np.linalg.solve(self.hessian(x), self.gradient(x))
        return p, math.sqrt(-self.gradient(x) @ p)

    def minimum(self) -> np.ndarray:
        x = np.zeros(len(self.slope))
        for _ in range(200):
            p, nu = self.step(x)
            x = x + p / (1 + nu)
        return x


def logistic(lam: float) -> tuple[Callable, Callable, Callable, np.ndarray]:
    rng = np.random.default_rng(5)
    z = rng.standard_normal((12, 3))
    z /= np.linalg.norm(z, axis=1).max()

    def value(w):
        return np.mean(np.logaddexp(0, -z @ w)) + lam / 2 * w @ w

    def gradient(w):
        return -(z.T @ (1 / (1 + np.exp(z @ w)))) / 12 + lam * w

    def hessian(w):
        s = 1 / (1 + np.exp(-z @ w))
        return (z.T * s * (1 - s)) @ z / 12 + lam * np.eye(3)

    return value, gradient, hessian, z


def test_quadratic_model_and_affine_invariance():
    """prop-newton-model, prop-affine-invariance."""
    rng = np.random.default_rng(0)
    f = Barrier(0)
    for _ in range(30):
        x, b = rng.standard_normal((2, 3)) * 0.03
        a = rng.standard_normal((3, 3))
        g, h = f.gradient(x), f.hessian(x)
        p, nu = f.step(x)
        assert g @ p + p @ h @ p / 2 == pytest.approx(-(nu**2) / 2)
        for u in rng.standard_normal((10, 3)):
            assert -g @ u <= nu * math.sqrt(u @ h @ u) * (1 + 1e-9)
        y = np.linalg.solve(a, x - b)
        step = -np.linalg.solve(a.T @ f.hessian(a @ y + b) @ a, a.T @ f.gradient(a @ y + b))
        assert a @ step == pytest.approx(p)


def test_sharpness_of_the_local_theorem():
    """ex-newton-sharp, thm-newton-local: equality, the cycle of length two, and beyond."""
    mu, m = Fraction(3), Fraction(2)

    def newton(x):
        return x - (mu * x - m / 2 * x * abs(x)) / (mu - m * abs(x))

    for x in (Fraction(1, 10), Fraction(-1, 2), Fraction(9, 10)):
        assert abs(newton(x)) == m * x * x / (2 * (mu - m * abs(x)))
        assert abs(newton(x)) <= 3 * m / (2 * mu) * x * x
    edge = 2 * mu / (3 * m)
    assert newton(edge) == -edge
    assert abs(newton(edge * Fraction(101, 100))) > edge * Fraction(101, 100)


def test_local_convergence_of_a_logistic_loss():
    """thm-newton-local with the constant M of prop-newton-logistic."""
    lam = 0.5
    _, g, h, _ = logistic(lam)
    m, star = 1 / (6 * math.sqrt(3)), np.zeros(3)
    for _ in range(30):
        star = star - np.linalg.solve(h(star), g(star))
    mu = np.linalg.eigvalsh(h(star))[0]
    rng = np.random.default_rng(1)
    for u in rng.standard_normal((50, 3)):
        x = star + u / np.linalg.norm(u) * 0.999 * 2 * mu / (3 * m)
        for _ in range(4):
            e = np.linalg.norm(x - star)
            x = x - np.linalg.solve(h(x), g(x))
            assert np.linalg.norm(x - star) <= m / (2 * (mu - m * e)) * e**2 + 1e-13


def test_divergence_on_a_logistic_loss():
    """ex-newton-diverges, and the damped run described after thm-newton-damped."""
    bar = optimize.brentq(lambda t: math.sinh(t) - 2 * t, 1, 4)
    assert bar == pytest.approx(2.1773, abs=5e-5)

    def newton(w):
        return w - math.sinh(w)

    w1 = newton(3)
    assert (w1, newton(w1)) == (pytest.approx(-7.02, abs=5e-3), pytest.approx(551, abs=0.5))
    w = 0.99 * bar
    for _ in range(60):
        w = newton(w)
    assert abs(w) < 1e-8
    assert abs(newton(1.01 * bar)) > 1.01 * bar

    def value(w):
        return math.log(2 * math.cosh(w / 2))

    run, steps = [3.0], []
    for _ in range(3):
        w = run[-1]
        p = -math.sinh(w)
        square = math.tanh(w / 2) ** 2 * math.cosh(w / 2) ** 2
        t = 1.0
        while value(w + t * p) > value(w) - t / 4 * square:
            t /= 2
        steps.append(t)
        run.append(w + t * p)
    assert steps == [0.25, 1, 1]
    assert run[1:] == [
        pytest.approx(0.496, abs=5e-4),
        pytest.approx(-0.0205, abs=5e-5),
        pytest.approx(1.4e-6, abs=5e-8),
    ]


def test_two_phases_of_the_damped_method():
    """thm-newton-damped: (a), (b) and (c) on a regularized logistic loss."""
    lam, c, beta = 0.02, 0.25, 0.5
    f, g, h, _ = logistic(lam)
    mu, smooth, m = lam, lam + 0.25, 1 / (6 * math.sqrt(3))
    tau = min(1, 2 * beta * (1 - c) * mu / smooth)
    eta = min(1, 3 * (1 - 2 * c)) * mu**2 / m
    star = np.zeros(3)
    for _ in range(50):
        star = star - np.linalg.solve(h(star), g(star))
    for start in np.random.default_rng(2).standard_normal((10, 3)) * 8:
        x, late, slow = start, 0, 0
        for _ in range(25):
            size = np.linalg.norm(g(x))
            if size < 1e-6:
                break
            p = -np.linalg.solve(h(x), g(x))
            square, t = -g(x) @ p, 1.0
            while f(x + t * p) > f(x) - c * t * square:
                t *= beta
            assert t >= tau
            gap = f(x) - f(star)
            assert f(x + t * p) - f(star) <= (1 - 2 * c * tau * mu / smooth) * gap + 1e-15
            if size < eta:
                late += 1
                assert t == 1
                new = np.linalg.norm(g(x + p))
                assert m / (2 * mu**2) * new <= (m / (2 * mu**2) * size) ** 2 + 1e-12
            else:
                slow += 1
            x = x + t * p
        assert late >= 1
        assert slow <= smooth * (f(start) - f(star)) / (c * tau * eta**2)


def test_self_concordance():
    """def-self-concordant, prop-newton-sc-calculus, lem-newton-trilinear, on a barrier."""
    rng = np.random.default_rng(3)
    f = Barrier(1)
    for x, h, u in rng.standard_normal((200, 3, 3)):
        s = 1 - f.a @ (x * 0.05)
        if s.min() <= 0:
            continue
        v, w = f.a @ h / s, f.a @ u / s
        assert abs(2 * np.sum(v**3)) <= 2 * np.sum(v**2) ** 1.5
        assert abs(2 * np.sum(v**2 * w)) <= 2 * np.sum(v**2) * math.sqrt(np.sum(w**2))


def test_local_bounds():
    """lem-newton-sc-bounds: domain, values and Hessians in the Dikin ellipsoid."""
    rng = np.random.default_rng(4)
    f, x = Barrier(2), np.full(3, 0.05)
    root = np.linalg.cholesky(f.hessian(x))
    for u in rng.standard_normal((300, 3)):
        r = rng.random()
        h = np.linalg.solve(root.T, u / np.linalg.norm(u)) * r
        assert f.inside(x + h)
        rest = f.value(x + h) - f.value(x) - f.gradient(x) @ h
        assert omega(r) - 1e-12 <= rest <= omega_star(r) + 1e-12
        inner = np.linalg.solve(root, np.linalg.solve(root, f.hessian(x + h)).T)
        spectrum = np.linalg.eigvalsh(inner)
        assert (1 - r) ** 2 - 1e-9 <= spectrum[0] <= spectrum[-1] <= (1 - r) ** -2 + 1e-9


def test_one_newton_step():
    """lem-newton-sc-step and thm-newton-self-concordant, on barriers."""
    for seed in range(6):
        f = Barrier(seed)
        lowest = f.value(f.minimum())
        start = f.minimum() * 0.9 - 0.9 * f.slope / 50
        x, damped = (start if f.inside(start) else np.zeros(3)), 0
        first = f.value(x) - lowest
        full = -1
        for _ in range(80):
            p, nu = f.step(x)
            if nu < 1e-6:
                break
            assert f.inside(x + p / (1 + nu))
            assert f.value(x + p / (1 + nu)) <= f.value(x) - omega(nu) + 1e-10
            if nu < 1:
                assert f.value(x) - lowest <= omega_star(nu) + 1e-10
                assert f.step(x + p)[1] <= (nu / (1 - nu)) ** 2 + 1e-9
            if nu >= 1 / 3:
                assert full < 0
                damped += 1
                x = x + p / (1 + nu)
            else:
                full += 1
                assert f.value(x) - lowest <= 16 / 81 * 0.75**2 ** (full + 1) + 1e-10
                x = x + p
        assert damped <= first / omega(1 / 3) <= 22 * first


def test_constants_of_self_concordance():
    """The bounds on omega, thm-newton-self-concordant, the hint of exr-newton-sc-backtracking."""
    assert omega(1 / 3) > 1 / 22
    assert Fraction(1, 3) ** 2 / Fraction(2, 3) ** 2 == Fraction(1, 4)
    for s in np.linspace(0.001, 0.999, 500):
        assert omega_star(s) <= s**2 / (2 * (1 - s)) + 1e-12
        assert omega_star(s) <= s**2 or s > 0.5
        assert omega(10 * s) >= (10 * s) ** 2 / (2 * (1 + 10 * s)) - 1e-12


def test_bounds_that_are_attained():
    """ex-newton-log."""
    for nu in (0.1, 0.5, 0.9, 3.0):
        x = 1 + nu
        p = -(1 - 1 / x) * x**2
        assert abs(p / x) == pytest.approx(nu)
        assert x - math.log(x) - 1 == pytest.approx(omega(nu))
        assert x + p / (1 + nu) == pytest.approx(1)
        if nu < 1:
            x = 1 - nu
            assert x - math.log(x) - 1 == pytest.approx(omega_star(nu))
            assert 1 - (x - (1 - 1 / x) * x**2) == pytest.approx(nu**2)


def test_constants_of_logistic_regression():
    """prop-newton-logistic, ex-newton-irls."""
    t = np.linspace(-10, 10, 200_001)
    s = 1 / (1 + np.exp(-t))
    third = s * (1 - s) * (1 - 2 * s)
    assert np.abs(third).max() == pytest.approx(1 / (6 * math.sqrt(3)), rel=1e-6)
    assert np.all(np.abs(third) <= s * (1 - s))
    assert 22 * math.log(2) / 4 <= 4
    assert 4 * 16 / 81 <= 1
    lam = 0.03
    _, g, h, z = logistic(lam)
    rng = np.random.default_rng(6)
    for w, u in rng.standard_normal((200, 2, 3)) * 4:
        s = 1 / (1 + np.exp(-z @ w))
        scale = 1 / (4 * lam)
        cubic = abs(np.mean(s * (1 - s) * (1 - 2 * s) * (z @ u) ** 3)) * scale
        assert cubic <= 2 * (scale * u @ h(w) @ u) ** 1.5
        weights = s * (1 - s)
        normal = (z.T * weights) @ z + 12 * lam * np.eye(3)
        new = np.linalg.solve(normal, (z.T * weights) @ (z @ w + 1 / s))
        assert new == pytest.approx(w - np.linalg.solve(h(w), g(w)))
    first = -np.linalg.solve(h(np.zeros(3)), g(np.zeros(3)))
    ridge = np.linalg.solve(z.T @ z / 12 + 4 * lam * np.eye(3), z.T @ np.full(12, 2.0) / 12)
    assert first == pytest.approx(ridge)


def test_cubic_regularization():
    """thm-newton-cubic, for f = sum of cosines (M = 1) and minimizers of the model."""
    rng = np.random.default_rng(7)
    for x in rng.uniform(-4, 4, (12, 2)):
        g, h = -np.sin(x), -np.cos(x)

        def model(u, g=g, h=h):
            return u @ g + u @ (h * u) / 2 + np.linalg.norm(u) ** 3 / 6

        starts = rng.uniform(-3, 3, (8, 2))
        best = min((optimize.minimize(model, u, tol=1e-12) for u in starts), key=lambda r: r.fun)
        r, y = np.linalg.norm(best.x), x + best.x
        assert best.fun <= -(r**3) / 12 + 1e-9
        assert np.cos(y).sum() <= np.cos(x).sum() - r**3 / 12 + 1e-9
        assert np.linalg.norm(np.sin(y)) <= r**2 + 1e-5
        assert np.min(-np.cos(y)) >= -1.5 * r - 1e-5


def test_degenerate_minimum_and_chord_method():
    """exr-newton-degenerate, exr-newton-chord, exr-newton-separable."""
    for q in (2.5, 3.0, 4.0, 7.0):
        x = 0.7 - (q * 0.7 ** (q - 1)) / (q * (q - 1) * 0.7 ** (q - 2))
        assert x / 0.7 == pytest.approx((q - 2) / (q - 1))
        assert 0.7 + (q - 1) * (x - 0.7) == pytest.approx(0)
    mu, m, start = 1.0, 1.0, 0.39
    slope, x = mu - m * start, start
    for _ in range(30):
        new = x - (mu * x - m / 2 * x * abs(x)) / slope
        assert abs(new) <= m * (start + abs(x) / 2) / (mu - m * start) * abs(x) + 1e-15
        x = new
    assert abs(x) < 1e-6
    w, shifted = 0.0, []
    for k in range(30):
        shifted.append((w - k, math.exp(k) * math.log1p(math.exp(-w))))
        s = 1 / (1 + math.exp(-w))
        assert (1 - s) / (s * (1 - s)) == pytest.approx(1 + math.exp(-w))
        w += 1 + math.exp(-w)
    assert shifted[-1] == pytest.approx(shifted[-5], abs=1e-6)
