"""The chapter on calculus and its problems: constants, examples and answers, recomputed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic

TOPIC = Topic("calculus")

A, B, LAMBDA = sp.symbols("a b lambda", real=True)
NETWORK = (A * B - 1) ** 2 / 2 + LAMBDA * (A**2 + B**2) / 2

Vector = np.ndarray


def gradient(f: Callable[[Vector], float], x: Vector, step: float = 1e-6) -> Vector:
    """Central differences."""
    units = np.eye(len(x)) * step
    return np.array([(f(x + e) - f(x - e)) / (2 * step) for e in units])


def jacobian(f: Callable[[Vector], Vector], x: Vector, step: float = 1e-6) -> Vector:
    units = np.eye(len(x)) * step
    return np.array([(f(x + e) - f(x - e)) / (2 * step) for e in units]).T


def sigma(z: Vector) -> Vector:
    return 1 / (1 + np.exp(-z))


def test_parabola_of_the_logistic_loss():
    """ex-mc-logistic-taylor."""
    z, s = sp.symbols("z s", positive=True)
    loss = sp.log(1 + sp.exp(-z))
    series = [sp.simplify(loss.diff(z, k).subs(z, 0)) for k in range(3)]
    assert series == [sp.log(2), -sp.Rational(1, 2), sp.Rational(1, 4)]
    third = s * (1 - s) * (1 - 2 * s)
    assert sp.simplify((loss.diff(z, 3) - third.subs(s, 1 / (1 + sp.exp(-z)))).rewrite(sp.exp)) == 0
    best = max(abs(third.subs(s, root)) for root in sp.solve(third.diff(s), s))
    assert sp.simplify(best - 1 / (6 * sp.sqrt(3))) == 0
    error = float(sp.log(2) - sp.Rational(3, 8) - loss.subs(z, 1))
    assert round(error, 4) == 0.0049
    assert round(float(1 / (36 * sp.sqrt(3))), 4) == 0.0160


def test_gradients_and_hessians_of_the_losses():
    """prop-mc-quadratic, prop-mc-losses, ex-mc-losses."""
    rng = np.random.default_rng(0)
    x, y, w = rng.standard_normal((5, 3)), np.array([1, -1, 1, 1, -1]), rng.standard_normal(3)

    def squares(w: Vector) -> Vector:
        return x.T @ (x @ w - y) / 5

    def logistic(w: Vector) -> Vector:
        return -x.T @ (sigma(-y * (x @ w)) * y) / 5

    weights = sigma(x @ w) * sigma(-x @ w)
    cases = [
        (lambda w: np.sum((x @ w - y) ** 2) / 10, squares, x.T @ x / 5),
        (
            lambda w: np.mean(np.log1p(np.exp(-y * (x @ w)))),
            logistic,
            x.T @ np.diag(weights) @ x / 5,
        ),
    ]
    for f, grad, hessian in cases:
        assert np.allclose(gradient(f, w), grad(w), atol=1e-8)
        assert np.allclose(jacobian(grad, w), hessian, atol=1e-8)
    m, b = rng.standard_normal((3, 3)), rng.standard_normal(3)
    found = gradient(lambda w: w @ m @ w / 2 - b @ w, w)
    assert np.allclose(found, (m + m.T) @ w / 2 - b, atol=1e-8)


def test_derivatives_of_inverse_and_determinant():
    """prop-mc-logdet: the errors are of second order, and the second derivative of log det."""
    rng = np.random.default_rng(0)
    m, h = rng.standard_normal((4, 4)) + 3 * np.eye(4), rng.standard_normal((4, 4))
    inverse = np.linalg.inv(m)

    def errors(t: float) -> tuple[float, float]:
        first = np.linalg.norm(np.linalg.inv(m + t * h) - inverse + t * inverse @ h @ inverse)
        second = np.linalg.det(m + t * h) / np.linalg.det(m) - 1 - t * np.trace(inverse @ h)
        return float(first), abs(float(second))

    for coarse, fine in zip(errors(1e-3), errors(1e-4), strict=True):
        assert 80 < coarse / fine < 120
    t = sp.symbols("t")
    matrix, sym = sp.Matrix([[2, 1], [1, 3]]), sp.Matrix([[1, 2], [2, -1]])
    second = sp.log((matrix + t * sym).det()).diff(t, 2).subs(t, 0)
    product = matrix.inv() * sym
    assert sp.simplify(second + (product * product).trace()) == 0
    assert second < 0


def test_the_network_with_two_weights():
    """ex-mc-factorization."""
    grad = sp.Matrix([NETWORK.diff(A), NETWORK.diff(B)])
    hessian = sp.hessian(NETWORK, (A, B))
    at_zero = hessian.subs({A: 0, B: 0})
    assert set(at_zero.eigenvals()) == {LAMBDA - 1, LAMBDA + 1}
    for penalty in (sp.Rational(1, 5), sp.Rational(3, 4)):
        s = sp.sqrt(1 - penalty)
        found = sp.solve(list(grad.subs(LAMBDA, penalty)), [A, B])
        real = {p for p in found if all(v.is_real for v in p)}
        assert real == {(0, 0), (s, s), (-s, -s)}
        there = hessian.subs({A: s, B: s, LAMBDA: penalty})
        assert set(there.eigenvals()) == {2 - 2 * penalty, 2 * penalty}
    flat = sp.Rational(1, 2) + (A - B) ** 2 / 2 + A**2 * B**2 / 2
    assert sp.expand(NETWORK.subs(LAMBDA, 1) - flat) == 0


def test_ridge_regression_shrinks_and_has_a_dual():
    """ex-mc-sensitivity, ex-mc-ridge-dual."""
    rng = np.random.default_rng(0)
    x, y, penalty = rng.standard_normal((4, 6)), rng.standard_normal(4), 0.7

    def solution(p: float) -> Vector:
        return np.linalg.solve(x.T @ x + p * np.eye(6), x.T @ y)

    w = solution(penalty)
    slope = (solution(penalty + 1e-5) - solution(penalty - 1e-5)) / 2e-5
    assert np.allclose(slope, -np.linalg.solve(x.T @ x + penalty * np.eye(6), w), atol=1e-8)
    assert w @ slope < 0
    alpha = penalty * np.linalg.solve(x @ x.T + penalty * np.eye(4), y)
    assert np.allclose(x.T @ alpha / penalty, w)
    assert np.allclose(alpha, y - x @ w)
    primal = np.sum((x @ w - y) ** 2) / 2 + penalty * w @ w / 2
    dual = alpha @ y - alpha @ alpha / 2 - np.sum((x.T @ alpha) ** 2) / (2 * penalty)
    assert primal == pytest.approx(dual)


def test_constrained_least_squares():
    """ex-mc-ridge-constrained."""
    x, y = sp.diag(2, 1), sp.Matrix([5, 2])
    w = (x.T * x + sp.eye(2)).inv() * x.T * y
    assert w == sp.Matrix([2, 1])
    assert w.dot(w) == 5
    free = x.inv() * y
    assert free.dot(free) == sp.Rational(41, 4)


def test_every_direction_from_a_larger_eigenvalue_goes_down():
    """ex-mc-sphere, thm-mc-lagrange-second, on a symmetric matrix."""
    rng = np.random.default_rng(0)
    m = rng.standard_normal((5, 5))
    values, vectors = np.linalg.eigh(m + m.T)
    low = vectors[:, 0]
    for value, vector in list(zip(values, vectors.T, strict=True))[1:]:
        curve = np.cos(1e-2) * vector + np.sin(1e-2) * low
        assert curve @ (m + m.T) @ curve < value


def test_certificate_of_the_widest_margin():
    """ex-mc-margin."""
    points = np.array([[0, 0], [2, 0], [0, 2], [3, 3]])
    labels = np.array([-1, 1, 1, 1])
    w, b, alpha = np.array([1, 1]), -1, np.array([1, 0.5, 0.5, 0])
    margins = labels * (points @ w + b)
    assert margins.min() == 1
    assert np.array_equal(margins == 1, alpha > 0)
    assert alpha @ labels == 0
    assert np.array_equal((alpha * labels) @ points, w)
    assert w @ w / 2 == 1 == alpha.sum() - w @ w / 2


def run_backwards(program: list[tuple], inputs: list[float]) -> tuple[Vector, int]:
    """The reverse mode as the chapter states it; the gradient and the number of operations."""
    v = list(inputs)
    for kind, *arguments in program:
        if kind == "+":
            v.append(v[arguments[0]] + v[arguments[1]])
        elif kind == "*":
            v.append(v[arguments[0]] * v[arguments[1]])
        else:
            v.append(kind[0](v[arguments[0]]))
    a = [0.0] * len(v)
    a[-1] = 1.0
    count = len(program)
    for j in reversed(range(len(inputs), len(v))):
        kind, *arguments = program[j - len(inputs)]
        if kind == "+":
            for i in arguments:
                a[i] += a[j]
            count += 2
        elif kind == "*":
            i, k = arguments
            a[i] += a[j] * v[k]
            a[k] += a[j] * v[i]
            count += 4
        else:
            a[arguments[0]] += a[j] * kind[1](v[arguments[0]])
            count += 3
    return np.array(a[: len(inputs)]), count


def test_reverse_mode():
    """alg-mc-reverse, thm-mc-reverse, ex-mc-backprop."""
    minus_one = (lambda t: t - 1, lambda t: 1.0)
    half_square = (lambda t: t * t / 2, lambda t: t)
    program = [("*", 0, 1), (minus_one, 2), (half_square, 3)]
    assert run_backwards(program, [2.0, 3.0])[0].tolist() == [15.0, 10.0]

    sine = (np.sin, np.cos)
    shared = [("*", 0, 0), ("+", 1, 2), (sine, 3), ("*", 3, 4), ("+", 5, 5)]

    def value(x: Vector) -> float:
        z = x[1] + x[0] ** 2
        return 2 * z * np.sin(z)

    inputs = np.array([0.3, -0.8])
    found, count = run_backwards(shared, inputs.tolist())
    assert np.allclose(found, gradient(value, inputs), atol=1e-8)
    assert count <= 5 * len(shared)


def test_projection_onto_the_simplex():
    """exr-mc-simplex: the point for which a number is asked."""
    y, theta = np.array([1, 0.5, -1]), 0.25
    x = np.maximum(y - theta, 0)
    assert x.tolist() == [0.75, 0.25, 0]
    corners = np.eye(3)
    assert all((x - y) @ (corner - x) >= 0 for corner in corners)


def test_answers_of_the_cubic_and_of_the_determinant():
    """Problems mc-two-cubes and mc-log-det-line."""
    x, y, t = sp.symbols("x y t", real=True)
    for values, answer in TOPIC.draws("mc-two-cubes"):
        c = values["c"]
        f = x**3 + y**3 - values["m"] * x * y
        assert f.subs({x: c, y: c}) == answer
        there = sp.hessian(f, (x, y)).subs({x: c, y: c})
        assert set(there.eigenvals()) == {values["m"], values["nine"]}
        slope = (3 * f.diff(x) + 4 * f.diff(y)) / 5
        assert slope.subs({x: c, y: 0}) == values["slope"]
        rest = sp.expand(f.subs({x: c + x, y: c + y}, simultaneous=True))
        assert rest - x**3 - y**3 == sp.expand(answer + values["m"] * (x**2 - x * y + y**2))
    for values, answer in TOPIC.draws("mc-log-det-line"):
        p, r = values["p"], values["r"]
        f = sp.log((sp.Matrix([[2, 1 + r * t], [1 + r * t, p]])).det())
        assert f.diff(t).subs(t, 0) == values["first"]
        assert sp.simplify(f.diff(t, 2).subs(t, 0) - answer) == 0
        assert f.diff(t).subs(t, values["best"]) == 0


def test_answers_of_the_budget():
    """Problem mc-budget: the KKT conditions hold, and the price is the slope of the value."""
    for values, answer in TOPIC.draws("mc-budget"):
        a, b, s, k = (values[key] for key in "absk")
        x1, x2 = values["x1"], values["e"]
        assert answer > 0 and x2 > 0 and x1 + x2 == s
        assert x1 - a + answer == 0 == x2 - b + answer
        assert ((x1 - a) ** 2 + (x2 - b) ** 2) / 2 == values["optimum"]
        t = sp.symbols("t")
        assert -((values["total"] - t) ** 2 / 4).diff(t).subs(t, s) == answer
        assert k < s < values["total"]


def test_answers_of_the_other_computations():
    """Problems mc-count-model, mc-sharing-samples and mc-order-of-multiplication."""
    y = sp.symbols("y")
    for values, answer in TOPIC.draws("mc-count-model"):
        c = values["c"]
        w = values["first"] * (y - 1) - values["quad"] * (y - 1) ** 2
        equation = sp.exp(w) + c * w - y
        assert all(sp.simplify(equation.diff(y, k).subs(y, 1)) == 0 for k in range(3))
        assert w.diff(y, 2) == answer
        assert values["vhalf"] == values["first"] / 2
    for values, answer in TOPIC.draws("mc-sharing-samples"):
        n = [values[key] for key in ("n1", "n2", "n3")]
        squares = [values[key] for key in ("p2", "q2", "r2")]
        assert sum(n) == values["N"]
        assert len({v / m**2 for v, m in zip(squares, n, strict=True)}) == 1
        assert sum(v / m for v, m in zip(squares, n, strict=True)) == answer
    for values, _ in TOPIC.draws("mc-order-of-multiplication"):
        d, m, k = values["d"], values["m"], values["k"]
        assert values["row"] == 1 * k * m + 1 * m * d
        assert values["col"] == k * m * d + 1 * k * d


def test_log_sum_exp_bounds():
    """Problem mc-log-sum-exp: the Hessian is between 0 and one half."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        p = rng.dirichlet(np.full(4, 0.3))
        values = np.linalg.eigvalsh(np.diag(p) - np.outer(p, p))
        assert values[0] >= -1e-12
        assert values[-1] <= 0.5 + 1e-12
