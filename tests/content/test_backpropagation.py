"""The chapter on backpropagation and initialization and its problems: all numbers, recomputed."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from scipy.special import digamma

from tests.content.bank import Topic

TOPIC = Topic("backpropagation")
Layers = list[tuple[np.ndarray, np.ndarray]]


def random_layers(rng: np.random.Generator, widths: list[int]) -> Layers:
    return [
        (rng.standard_normal((b, a)), rng.standard_normal(b)) for a, b in itertools.pairwise(widths)
    ]


def forward(layers: Layers, x: np.ndarray, phi: Callable) -> tuple[list, list]:
    """Activations and preactivations; the columns of x are the examples."""
    hs, zs = [x], []
    for k, (w, b) in enumerate(layers):
        zs.append(w @ hs[-1] + b[:, None])
        if k < len(layers) - 1:
            hs.append(phi(zs[-1]))
    return hs, zs


def backward(
    layers: Layers, hs: list, zs: list, delta: np.ndarray, slope: Callable
) -> tuple[Layers, np.ndarray]:
    """eq-bp-batch: the gradients of all layers, and the one with respect to the inputs."""
    gradients = []
    for k in reversed(range(len(layers))):
        gradients.append((delta @ hs[k].T, delta.sum(axis=1)))
        delta = layers[k][0].T @ delta
        if k > 0:
            delta = slope(zs[k - 1]) * delta
    return gradients[::-1], delta


def tanh_slope(z: np.ndarray) -> np.ndarray:
    return 1 - np.tanh(z) ** 2


def relu(z: np.ndarray) -> np.ndarray:
    return np.maximum(z, 0)


def step(z: np.ndarray) -> np.ndarray:
    return (z > 0).astype(float)


def inner(a: Layers, b: Layers) -> float:
    return sum(np.sum(u * v) for p, q in zip(a, b, strict=True) for u, v in zip(p, q, strict=True))


def shifted(layers: Layers, v: Layers, t: float) -> Layers:
    return [(w + t * dw, b + t * db) for (w, b), (dw, db) in zip(layers, v, strict=True)]


def softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def entropy_gradient(layers: Layers, x: np.ndarray, y: np.ndarray) -> tuple[float, Layers]:
    hs, zs = forward(layers, x, np.tanh)
    p = softmax(zs[-1])
    m = len(y)
    delta = p.copy()
    delta[y, np.arange(m)] -= 1
    loss = -np.mean(np.log(p[y, np.arange(m)]))
    return float(loss), backward(layers, hs, zs, delta / m, tanh_slope)[0]


def test_minibatch_gradient_and_softmax():
    """thm-bp-backward, eq-bp-batch, prop-bp-softmax: against difference quotients."""
    rng = np.random.default_rng(0)
    layers = random_layers(rng, [4, 6, 5, 3])
    x, y = rng.standard_normal((4, 2)), np.array([2, 0])
    _, gradient = entropy_gradient(layers, x, y)
    assert all(np.linalg.matrix_rank(g) <= 2 for g, _ in gradient)
    for _ in range(5):
        v = random_layers(rng, [4, 6, 5, 3])
        plus, minus = (entropy_gradient(shifted(layers, v, t), x, y)[0] for t in (1e-5, -1e-5))
        assert inner(gradient, v) == pytest.approx((plus - minus) / 2e-5, rel=1e-6)


def test_softmax_bounds():
    """prop-bp-softmax and the numbers after it."""
    rng = np.random.default_rng(1)
    for _ in range(200):
        z = 3 * rng.standard_normal(5)
        p = softmax(z)
        eigenvalues = np.linalg.eigvalsh(np.diag(p) - np.outer(p, p))
        assert -1e-12 <= eigenvalues[0] <= eigenvalues[-1] <= 0.5 + 1e-12
        assert np.linalg.norm(p - np.eye(5)[0]) <= math.sqrt(2) * (1 - p[0]) + 1e-12
    assert softmax(np.array([2.0, 1, 0])) == pytest.approx([0.665, 0.245, 0.090], abs=5e-4)


def test_network_of_five_neurons():
    """ex-bp-numbers."""
    layers = [
        (np.array([[1.0, -1], [2, 1]]), np.array([0.0, -1])),
        (np.array([[4.0, -1]]), np.array([1.0])),
    ]
    hs, zs = forward(layers, np.array([[1.0], [2]]), relu)
    assert zs[1][0, 0] == -2
    gradients, gx = backward(layers, hs, zs, zs[1], step)
    assert gradients[0][0].tolist() == [[0, 0], [2, 4]]
    assert gradients[0][1].tolist() == [0, 2]
    assert gradients[1][0].tolist() == [[0, -6]]
    assert gx.ravel().tolist() == [4, 2]


def cost(widths: list[int], m: int) -> tuple[int, int]:
    """Operations of the two passes, product by product."""

    def product(a: int, b: int, c: int) -> int:
        return a * c * (2 * b - 1)

    depth = len(widths) - 1
    there = back = 0
    for k in range(1, depth + 1):
        there += product(widths[k], widths[k - 1], m) + widths[k] * m
        there += widths[k] * m if k < depth else 0
        back += product(widths[k], m, widths[k - 1]) + widths[k] * (m - 1)
        back += product(widths[k], widths[k + 1], m) + 2 * widths[k] * m if k < depth else 0
    return there, back


def test_cost():
    """thm-bp-cost, eq-bp-cost-forward, eq-bp-cost-backward, ex-bp-cost."""
    rng = np.random.default_rng(2)
    for _ in range(50):
        widths = [int(w) for w in rng.integers(1, 20, rng.integers(2, 7))]
        m = int(rng.integers(1, 10))
        weights = sum(a * b for a, b in itertools.pairwise(widths))
        hidden = sum(widths[1:-1])
        there, back = cost(widths, m)
        assert there == 2 * m * weights + m * hidden
        assert back == (4 * m - 1) * weights - 2 * m * widths[0] * widths[1] + (m - 1) * (
            hidden + widths[-1]
        ) + (m * hidden)
        assert there + back <= 3 * there + m * widths[-1]
    there, back = cost([784, 512, 512, 10], 128)
    assert (there, back) == (171311104, 239193334)
    assert 1 + back / there == pytest.approx(2.40, abs=0.005)
    assert 128 * (784 + 512 + 512) == 231424


@functools.cache
def fewest_advances(length: int, slots: int) -> float:
    """Dynamic programming over all nested schedules of def-bp-schedule."""
    if length == 1:
        return 0
    if slots == 0:
        return math.inf
    return min(
        k + fewest_advances(length - k, slots - 1) + fewest_advances(k, slots)
        for k in range(1, length)
    )


@functools.cache
def smallest_maximum(length: int, slots: int) -> float:
    """The smallest possible number of advances of the step that is advanced most often."""
    if length == 1:
        return 0
    if slots == 0:
        return math.inf
    return min(
        max(smallest_maximum(length - k, slots - 1), 1 + smallest_maximum(k, slots))
        for k in range(1, length)
    )


def test_optimal_checkpoints():
    """thm-bp-binomial, cor-bp-log: against dynamic programming."""
    for slots, length in itertools.product(range(1, 7), range(1, 61)):
        r = 0
        while math.comb(slots + r, slots) < length:
            r += 1
        assert smallest_maximum(length, slots) == r
        assert fewest_advances(length, slots) == r * length - math.comb(slots + r, slots + 1)
    for length in range(2, 2000):
        s = math.ceil(math.log2(length))
        assert math.comb(2 * s, s) >= length


def test_square_root_rule():
    """prop-bp-sqrt, by running it, and ex-bp-checkpoints."""
    for length in (1, 2, 3, 10, 16, 17, 99, 1000):
        k = math.isqrt(length - 1) + 1
        advanced = [0] * length
        starts = list(range(0, length, k))
        for step_ in range(starts[-1]):
            advanced[step_] += 1
        most = 0
        for number in reversed(range(len(starts))):
            last = min(starts[number] + k, length) - 1
            for step_ in range(starts[number], last):
                advanced[step_] += 1
            most = max(most, number + 1 + last - starts[number])
        assert max(advanced) <= 2
        assert most <= 2 * k - 1
    assert [math.comb(s + 2, 2) for s in (43, 44)] == [990, 1035]
    assert [math.comb(s + 3, 3) for s in (16, 17)] == [969, 1140]
    assert math.comb(13, 4) < 1000 < math.comb(14, 4)
    assert 4 * 1000 - math.comb(14, 11) == 3636


def test_formal_gradients():
    """thm-bp-ae with an inactive layer: the convention does not matter, and the gradient is 0."""
    rng = np.random.default_rng(3)
    widths = [3, 2, 4, 1]
    dead = 0
    for _ in range(200):
        layers = [(w, 0 * b) for w, b in random_layers(rng, widths)]
        x = rng.standard_normal((3, 1))
        hs, zs = forward(layers, x, relu)
        found = [
            backward(layers, hs, zs, np.ones((1, 1)), lambda z, c=c: step(z) + c * (z == 0))[0]
            for c in (0, 0.5, 7)
        ]
        for other in found[1:]:
            for (a, _), (b, _) in zip(found[0], other, strict=True):
                assert np.array_equal(a, b)
        dead += int(not hs[1].any())
        v = random_layers(rng, widths)
        v = [(w, 0 * b) for w, b in v]
        plus, minus = (forward(shifted(layers, v, t), x, relu)[1][-1] for t in (1e-8, -1e-8))
        assert inner(found[0], v) == pytest.approx(float((plus - minus)[0, 0]) / 2e-8, abs=1e-5)
    assert dead > 20


def formal(
    expression: sp.Expr, c: Fraction, at: Fraction = Fraction(0)
) -> tuple[Fraction, Fraction]:
    """Value and formal derivative (def-bp-formal) of a program in x with Function('phi')."""
    if expression.is_Symbol:
        return at, Fraction(1)
    if expression.is_number:
        return Fraction(int(expression.p), int(expression.q)), Fraction(0)
    parts = [formal(a, c, at) for a in expression.args]
    if expression.is_Add:
        return sum(p[0] for p in parts), sum(p[1] for p in parts)
    if expression.is_Mul:
        value, slope = Fraction(1), Fraction(0)
        for v, s in parts:
            value, slope = value * v, slope * v + value * s
        return value, slope
    (v, s) = parts[0]
    return max(v, Fraction(0)), s * (c if v == 0 else int(v > 0))


def test_formal_derivatives_at_a_kink():
    """ex-bp-identity, prop-bp-kinks."""
    x, phi = sp.Symbol("x"), sp.Function("phi")
    identity = phi(x) - phi(-x)
    for c in (Fraction(0), Fraction(1), Fraction(1, 2), Fraction(1, 3), Fraction(-2)):
        assert formal(identity, c)[1] == 2 * c
        u, v = identity - x, phi(phi(x)) - phi(x)
        for g in (Fraction(1), Fraction(5), Fraction(-7, 2)):
            if c != Fraction(1, 2):
                a = (g - 1) / (2 * c - 1)
                program = x + sp.Rational(a.numerator, a.denominator) * u
            else:
                a = -4 * (g - 1)
                program = x + sp.Rational(a.numerator, a.denominator) * v
            assert formal(program, c)[1] == g
            for value in (Fraction(-3), Fraction(1, 2), Fraction(4)):
                assert formal(program, c, value) == (value, 1)


def test_hessian_vector_products():
    """thm-bp-hvp against differences of gradients, and ex-bp-hvp."""
    rng = np.random.default_rng(4)
    widths = [3, 4, 5, 2]
    layers, v = random_layers(rng, widths), random_layers(rng, widths)
    x, y = rng.standard_normal((3, 1)), rng.standard_normal((2, 1))

    def gradient(current: Layers) -> Layers:
        hs, zs = forward(current, x, np.tanh)
        return backward(current, hs, zs, zs[-1] - y, tanh_slope)[0]

    hs, zs = forward(layers, x, np.tanh)
    dhs, dzs = [np.zeros_like(x)], []
    for k, ((w, _), (dw, db)) in enumerate(zip(layers, v, strict=True)):
        dzs.append(w @ dhs[-1] + dw @ hs[k] + db[:, None])
        if k < 2:
            dhs.append(tanh_slope(zs[k]) * dzs[k])
    delta, ddelta = zs[-1] - y, dzs[-1]
    found = []
    for k in (2, 1, 0):
        found.append((ddelta @ hs[k].T + delta @ dhs[k].T, ddelta.ravel()))
        if k:
            w, dw, z = layers[k][0], v[k][0], zs[k - 1]
            bend = -2 * np.tanh(z) * tanh_slope(z)
            ddelta = bend * dzs[k - 1] * (w.T @ delta) + tanh_slope(z) * (
                w.T @ ddelta + dw.T @ delta
            )
            delta = tanh_slope(z) * (w.T @ delta)
    plus, minus = gradient(shifted(layers, v, 1e-5)), gradient(shifted(layers, v, -1e-5))
    for (a, b), (p, q), (s, t) in zip(found[::-1], plus, minus, strict=True):
        assert np.allclose(a, (p - s) / 2e-5, atol=1e-5)
        assert np.allclose(b, (q - t) / 2e-5, atol=1e-5)
    w1, w2, target = sp.symbols("w1 w2 y")
    hessian = sp.hessian((w2 * sp.tanh(w1) - target) ** 2 / 2, (w1, w2)).subs(w1, 0)
    assert hessian == sp.Matrix([[w2**2, -target], [-target, 0]])


def test_backpropagation_through_time():
    """thm-bp-bptt, and parts (a) and (b) of prop-bp-vanishing."""
    rng = np.random.default_rng(5)
    n, d, length = 4, 3, 6
    w, u, b = rng.standard_normal((n, n)), rng.standard_normal((n, d)), rng.standard_normal(n)
    xs, targets = rng.standard_normal((length, d)), rng.standard_normal((length, n))

    def run(w: np.ndarray, u: np.ndarray, b: np.ndarray) -> tuple[float, list]:
        hs = [np.zeros(n)]
        for x in xs:
            hs.append(np.tanh(w @ hs[-1] + u @ x + b))
        return 0.5 * float(np.sum((np.array(hs[1:]) - targets) ** 2)), hs

    _, hs = run(w, u, b)
    slopes = [1 - h**2 for h in hs]
    gw, gu, gb, a = np.zeros((n, n)), np.zeros((n, d)), np.zeros(n), np.zeros(n)
    for t in range(length, 0, -1):
        a = hs[t] - targets[t - 1] + (w.T @ (slopes[t + 1] * a) if t < length else 0)
        gw += np.outer(slopes[t] * a, hs[t - 1])
        gu += np.outer(slopes[t] * a, xs[t - 1])
        gb += slopes[t] * a
    for dw, du, db in [
        tuple(rng.standard_normal(s) for s in ((n, n), (n, d), (n,))) for _ in range(4)
    ]:
        e = 1e-6
        plus, minus = (run(w + s * dw, u + s * du, b + s * db)[0] for s in (e, -e))
        found = np.sum(gw * dw) + np.sum(gu * du) + gb @ db
        assert found == pytest.approx((plus - minus) / (2 * e), rel=1e-5)
    jacobian = np.eye(n)
    for t in range(2, length + 1):
        jacobian = slopes[t][:, None] * w @ jacobian
    sizes = np.linalg.svd(jacobian)[1]
    alpha, sigma = np.min(slopes[2:]), np.linalg.svd(w)[1]
    assert (alpha * sigma[-1]) ** (length - 1) <= sizes[-1]
    assert sizes[0] <= sigma[0] ** (length - 1)


def test_first_up_then_down():
    """ex-bp-recurrent and part (c) of prop-bp-vanishing."""
    w = np.array([[0.9, 5], [0, 0.9]])
    corner = [np.linalg.matrix_power(w, k)[0, 1] for k in (9, 75, 100)]
    assert corner == pytest.approx([19.4, 0.15, 0.0148], rel=0.03)
    assert np.linalg.norm(w, 2) == pytest.approx(5.157, abs=5e-4)
    assert np.linalg.norm(w, 2) ** 9 == pytest.approx(2.6e6, rel=0.02)
    rng = np.random.default_rng(6)
    for _ in range(20):
        w = rng.standard_normal((4, 4))
        rho = np.max(np.abs(np.linalg.eigvals(w)))
        assert np.linalg.norm(np.linalg.matrix_power(w, 5), 2) >= rho**5 * (1 - 1e-9)


def test_residual_connections():
    """prop-bp-residual."""
    rng = np.random.default_rng(7)
    for depth, bound in ((10, 1.0), (40, 3.0), (8, 4.0)):
        jacobian = np.eye(5)
        for _ in range(depth):
            a = rng.standard_normal((5, 5))
            jacobian = (np.eye(5) + bound * a / np.linalg.norm(a, 2) / depth) @ jacobian
        sizes = np.linalg.svd(jacobian)[1]
        assert sizes[0] <= (1 + bound / depth) ** depth <= math.exp(bound)
        assert sizes[-1] >= (1 - bound / depth) ** depth >= math.exp(-2 * bound)


def test_he_initialization_exactly_at_finite_width():
    """thm-bp-he, eq-bp-he: a simulation of small networks with unequal widths."""
    rng = np.random.default_rng(8)
    widths, trials = [2, 3, 4, 3], 120000
    x = np.array([1.0, 2.0])
    ws = [
        rng.standard_normal((trials, b, a)) * math.sqrt(2 / a)
        for a, b in itertools.pairwise(widths)
    ]
    hs = [np.broadcast_to(x, (trials, 2))]
    for w in ws:
        hs.append(relu(np.einsum("tij,tj->ti", w, hs[-1])))
    for width, h in zip(widths, hs, strict=True):
        assert np.mean(np.sum(h**2, axis=1)) / width == pytest.approx(2.5, rel=0.02)
    delta = rng.choice([-1, 1], (trials, 3)) / math.sqrt(3)
    assert np.mean(np.sum(delta * hs[3], axis=1) ** 2) == pytest.approx(2.5, rel=0.03)
    for layer in (3, 2, 1):
        delta = delta * (hs[layer] > 0)
        squares = np.sum(delta**2, axis=1) * np.sum(hs[layer - 1] ** 2, axis=1)
        assert np.mean(squares) == pytest.approx(widths[layer - 1] * 5 / 4, rel=0.04)
        delta = np.einsum("tij,ti->tj", ws[layer - 1], delta)
    assert np.mean(np.sum(delta**2, axis=1)) == pytest.approx(1, rel=0.04)


def test_glorot_and_residual_means():
    """prop-bp-glorot and cor-bp-residual-random, by simulation."""
    rng = np.random.default_rng(9)
    w1 = rng.uniform(-1, 1, (100000, 4, 2))
    w2 = rng.uniform(-1, 1, (100000, 3, 4))
    product = w2 @ w1
    assert np.mean(np.sum(product[:, :, 0] ** 2, axis=1)) == pytest.approx(4 / 3, rel=0.02)
    assert np.mean(np.sum(product[:, 0, :] ** 2, axis=1)) == pytest.approx(8 / 9, rel=0.02)
    n, tau, h = 4, 0.6, np.zeros((60000, 4))
    h[:, 0] = 1
    for _ in range(3):
        w = rng.standard_normal((60000, n, n)) * math.sqrt(2 / n)
        v = rng.standard_normal((60000, n, n)) * math.sqrt(1 / n)
        h = h + tau * np.einsum("tij,tj->ti", v, relu(np.einsum("tij,tj->ti", w, h)))
    assert np.mean(np.sum(h**2, axis=1)) == pytest.approx((1 + tau**2) ** 3, rel=0.03)


def half_moment(power: int) -> sp.Expr:
    """E phi(g)^power for a standard normal g, by integration."""
    s = sp.symbols("s", real=True)
    density = sp.exp(-(s**2) / 2) / sp.sqrt(2 * sp.pi)
    return sp.simplify(sp.integrate(s**power * density, (s, 0, sp.oo)))


def test_fluctuations():
    """thm-bp-fluctuation, cor-bp-typical, ex-bp-depth."""
    q1, q2, q3 = half_moment(2), half_moment(4), half_moment(6)
    assert (q1, q2, q3) == (sp.Rational(1, 2), sp.Rational(3, 2), sp.Rational(15, 2))
    assert 4 * (q2 - q1**2) == 5
    assert 8 * (q3 - 3 * q2 * q1 + 2 * q1**3) == 44
    t = np.concatenate([np.linspace(-1, 3, 4001), np.linspace(3, 100, 1000)])
    assert np.all(np.sqrt(1 + t) <= 1 + t / 2 - t**2 / 8 + t**3 / 16 + 1e-12)
    for n in (9, 10, 20, 50, 1000):
        kappa = np.arange(1, n + 1)
        weights = np.array([math.comb(n, int(k)) / 2**n for k in kappa])
        root = np.array(
            [math.sqrt(2) * math.exp(math.lgamma((k + 1) / 2) - math.lgamma(k / 2)) for k in kappa]
        )
        exact = math.sqrt(2 / n) * np.sum(weights * root)
        assert exact <= 1 - 5 / (8 * n) + 11 / (4 * n**2) <= math.exp(-5 / (16 * n))
    powers = [(1 + 5 / n) ** 50 for n in (100, 1000, 10)]
    assert powers == pytest.approx([11.5, 1.28, 6.4e8], rel=0.01)
    assert math.exp(-250 / 160) <= 0.21
    dead = 1 - (1 - 2**-10) ** 50
    assert dead == pytest.approx(0.048, abs=5e-4)
    rng = np.random.default_rng(10)
    h = np.ones((50000, 5))
    for _ in range(2):
        w = rng.standard_normal((50000, 5, 5)) * math.sqrt(2 / 5)
        h = relu(np.einsum("tij,tj->ti", w, h))
    squares = np.sum(h**2, axis=1) / 5
    assert np.mean(squares**2) == pytest.approx(4, rel=0.06)
    assert np.mean(squares == 0) == pytest.approx(1 - (1 - 2**-5) ** 2, abs=0.004)


def test_orthogonal_and_gaussian_products():
    """prop-bp-orthogonal, eq-bp-geometric; E log chi^2_k = log 2 + digamma(k/2)."""
    for n in (1, 2, 5, 50, 1000):
        k = np.arange(1, n + 1)
        exact = np.sum(math.log(2 / n) + digamma(k / 2)) / (2 * n)
        jensen = (math.lgamma(n + 1) - n * math.log(n)) / (2 * n)
        assert exact <= jensen <= -0.5 * (1 - (2 + math.log(n)) / (2 * n)) + 1e-12
    rng = np.random.default_rng(11)
    logs = [np.linalg.slogdet(rng.standard_normal((50, 50)) / math.sqrt(50))[1] for _ in range(300)]
    k = np.arange(1, 51)
    assert np.mean(logs) == pytest.approx(np.sum(math.log(2 / 50) + digamma(k / 2)) / 2, rel=0.01)
    qs = [np.linalg.qr(rng.standard_normal((4, 4)))[0] for _ in range(6)]
    layers = [(q, np.zeros(4)) for q in qs]
    hs, zs = forward(layers, rng.standard_normal((4, 1)), lambda z: z)
    gradients, _ = backward(layers, hs, zs, zs[-1] - 1, np.ones_like)
    sizes = [np.linalg.norm(g) for g, _ in gradients]
    assert sizes == pytest.approx([np.linalg.norm(zs[-1] - 1) * np.linalg.norm(hs[0])] * 6)


def after_relu(angle: float) -> float:
    return (math.sin(angle) + (math.pi - angle) * math.cos(angle)) / math.pi


def polar_quadrature(angle: float) -> float:
    """2 E phi(u) phi(v) for correlation cos(angle), over the direction in the plane."""
    a = (np.arange(200000) + 0.5) * 2 * math.pi / 200000
    return float(4 * np.mean(relu(np.cos(a)) * relu(np.cos(a - angle))))


def test_angles():
    """lem-bp-arccos, thm-bp-angles, ex-bp-angles."""
    for angle in np.linspace(0, math.pi, 13):
        assert polar_quadrature(angle) == pytest.approx(after_relu(angle), abs=1e-6)
        if angle > 0:
            gain = after_relu(angle) - math.cos(angle)
            assert 0 < gain <= angle**3 / (3 * math.pi)
    angles = [math.pi]
    for _ in range(20000):
        angles.append(math.acos(min(1.0, after_relu(angles[-1]))))
        if angles[-1] < 1e-3:
            break
    degrees = [math.degrees(angles[k]) for k in (1, 2, 3, 10, 30, 100)]
    assert degrees == pytest.approx([90, 71.4, 60.4, 31.3, 14.0, 4.89], abs=0.06)
    assert [math.cos(angles[k]) for k in (2, 3)] == pytest.approx([0.318, 0.494], abs=5e-4)
    depth = len(angles) - 1
    assert depth * angles[-1] == pytest.approx(3 * math.pi, rel=0.01)
    assert depth**2 * (1 - math.cos(angles[-1])) == pytest.approx(4.5 * math.pi**2, rel=0.02)


def test_wide_networks():
    """prop-bp-wide: one wide network, three layers."""
    rng = np.random.default_rng(12)
    n, h, angle = 1500, np.array([[1.0, -1], [0, 1]]), 3 * math.pi / 4
    for _ in range(3):
        h = relu(rng.standard_normal((n, len(h))) * math.sqrt(2 / len(h)) @ h)
        angle = math.acos(after_relu(angle))
        found = h[:, 0] @ h[:, 1] / np.prod(np.linalg.norm(h, axis=0))
        assert math.acos(found) == pytest.approx(angle, abs=0.06)


@pytest.mark.parametrize("kind", ["pair", "zero", "constant"])
def test_symmetric_starts(kind):
    """prop-bp-symmetric, parts (a), (b), (c), with stochastic gradient descent."""
    rng = np.random.default_rng(13)
    widths = [3, 4, 4, 2]
    layers = random_layers(rng, widths)
    if kind == "pair":
        layers[1][0][2], layers[1][1][2] = layers[1][0][1], layers[1][1][1]
        layers[2][0][:, 2] = layers[2][0][:, 1]
    elif kind == "zero":
        layers = [(0 * w, 0 * b) for w, b in layers]
    else:
        first, last = rng.standard_normal(3), rng.standard_normal((2, 1))
        layers = [
            (np.tile(first, (4, 1)), np.full(4, 0.2)),
            (np.full((4, 4), 0.3), np.full(4, -0.1)),
            (np.tile(last, (1, 4)), rng.standard_normal(2)),
        ]
    start = layers
    for _ in range(30):
        _, gradient = entropy_gradient(layers, rng.standard_normal((3, 5)), rng.integers(0, 2, 5))
        layers = shifted(layers, gradient, -0.3)
    assert not np.allclose(layers[2][1], start[2][1])
    if kind == "pair":
        assert np.allclose(layers[1][0][1], layers[1][0][2])
        assert np.allclose(layers[2][0][:, 1], layers[2][0][:, 2])
        assert not np.allclose(layers[1][0][0], layers[1][0][1])
    elif kind == "zero":
        assert all(not w.any() for w, _ in layers)
        assert not layers[0][1].any()
        assert not layers[1][1].any()
    else:
        assert np.ptp(layers[1][0]) < 1e-12
        assert max(np.ptp(layers[0][0], axis=0)) < 1e-12
        assert max(np.ptp(layers[2][0], axis=1)) < 1e-12


def test_answers_on_the_tiny_network():
    """The problem bp-tiny-network (thm-bp-backward): by exact differentiation."""
    u = sp.symbols("u")
    for p, answer in TOPIC.draws("bp-tiny-network"):
        a, b, c, y = (p[key] for key in "abcy")
        hidden = [a + 2 * u, b - 2 * (b + 1)]
        assert hidden[1] == p["p2"] < 0 < hidden[0].subs(u, 1) == p["p1"]
        loss = (c * hidden[0] - y) ** 2 / 2
        assert sp.diff(loss, u).subs(u, 1) == answer == p["d12"]
        assert loss.subs(u, 1) == p["loss"]
        assert sp.diff((u * p["p1"] - y) ** 2 / 2, u).subs(u, c) == p["w2"]
        assert 2 * p["d1"] == p["d12"]
        assert (p["out"], p["delta"]) == (c * (a + 2), c * (a + 2) - y)


def test_answers_on_the_bottleneck():
    """The problem bp-bottleneck-cost (thm-bp-cost)."""
    for p, answer in TOPIC.draws("bp-bottleneck-cost"):
        n, k, m = (int(p[key]) for key in "nkm")
        products = [(n, m, k), (k, n, m), (k, m, n)]
        assert answer == sum(a * c * (b + b - 1) for a, b, c in products)
        assert p["wg"] + p["pr"] == answer
        assert k * m * (2 * n - 1) + n * m * (2 * k - 1) == p["fwd"] - m * (k + n)
        assert n >= 2 * k


def test_answers_on_slots():
    """The problem bp-slots-needed (thm-bp-binomial): by a search over splits."""
    for p, answer in TOPIC.draws("bp-slots-needed"):
        s, length = int(p["s"]), int(p["L"])
        # with one advance per step a chain has at most s + 1 steps and takes length - 1 advances
        longest = {0: 1}
        total = {0: 0}
        for t in range(1, s + 1):
            longest[t] = longest[t - 1] + t + 1
            total[t] = total[t - 1] + (t + 1) + t
        assert longest[s] == length > longest[s - 1] == p["less"]
        assert total[s] == answer
        assert length - longest[s - 1] == s + 1


def test_answers_on_programs_at_a_kink():
    """The problem bp-programs-at-a-kink (prop-bp-kinks)."""
    x, phi = sp.Symbol("x"), sp.Function("phi")
    for p, answer in TOPIC.draws("bp-programs-at-a-kink"):
        f = p["p"] * phi(x) - p["q"] * (x + phi(-x))
        g = phi(phi(x) + x) - 2 * phi(x)
        c = Fraction(1, int(p["t"]))
        slope = formal(f, c)[1]
        assert sp.Rational(slope.numerator, slope.denominator) == answer
        assert formal(g, c)[1] == c**2 - c
        for value, slope in ((2, int(p["slope"])), (-2, 0)):
            assert formal(f, c, Fraction(value)) == (slope * value, slope)
            assert formal(g, c, Fraction(value)) == (0, 0)


def test_answers_on_the_leaky_relu():
    """The problem bp-leaky-relu (thm-bp-fluctuation): moments by quadrature."""
    s = np.linspace(-12, 12, 240001)
    density = np.exp(-(s**2) / 2) / math.sqrt(2 * math.pi) * (s[1] - s[0])
    for p, answer in TOPIC.draws("bp-leaky-relu"):
        value = np.where(s > 0, s, s / float(p["k"]))
        second, fourth = np.sum(value**2 * density), np.sum(value**4 * density)
        n = int(p["n"])
        v = 1 / second
        assert float(p["v"]) == pytest.approx(v, rel=1e-6)
        # E (v/n sum)^2 from the diagonal and the other terms of the double sum
        direct = (v / n) ** 2 * (n * fourth + n * (n - 1) * second**2)
        assert float(answer) == pytest.approx(direct, rel=1e-6)
        assert 2 < p["kap"] < 5
        assert float(p["ratio"]) == pytest.approx(fourth / second**2, rel=1e-6)


def test_answers_on_the_angle_after_a_layer():
    """The problem bp-angle-after-layers (lem-bp-arccos)."""
    for p, answer in TOPIC.draws("bp-angle-after-layers"):
        angle = math.pi / int(p["q"])
        assert float(answer) == pytest.approx(polar_quadrature(angle), abs=1e-6)
        assert float(p["dist"]) == pytest.approx(2 - 2 * polar_quadrature(angle), abs=1e-6)
        a = (np.arange(240000) + 0.5) * 2 * math.pi / 240000
        both = np.mean((np.cos(a) > 0) & (np.cos(a - angle) > 0))
        assert float(p["both"]) == pytest.approx(both, abs=1e-4)
        t = (np.arange(10000) + 0.5) * angle / 10000
        assert float(p["inc"]) == pytest.approx(np.mean(t * np.sin(t)) * angle / math.pi, rel=1e-6)


def test_answers_on_the_dead_signal():
    """The problem bp-dead-depth (eq-bp-fluctuation)."""
    for p, answer in TOPIC.draws("bp-dead-depth"):
        alive, depth = Fraction(1), 0
        while alive > Fraction(1, 2):
            alive *= 1 - Fraction(1, 2 ** int(p["n"]))
            depth += 1
        assert depth == answer
