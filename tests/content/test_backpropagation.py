"""Backpropagation, its cost, and gradients through time: all numbers and answers, recomputed."""

from __future__ import annotations

import functools
import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from tests.content.backpropagation_passes import (
    Layers,
    backward,
    entropy_gradient,
    formal,
    forward,
    inner,
    random_layers,
    relu,
    shifted,
    softmax,
    step,
    tanh_slope,
)
from tests.content.bank import Topic

TOPIC = Topic("backpropagation")


def test_minibatch_gradient_and_softmax():
    """thm-bp-backward, prop-bp-softmax: against difference quotients."""
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
        size = np.linalg.norm(p - np.eye(5)[0])
        assert 1 - p[0] <= size <= math.sqrt(2) * (1 - p[0]) + 1e-12
    assert softmax(np.array([2.0, 1, 0])) == pytest.approx([0.665, 0.245, 0.090], abs=5e-4)


def test_network_of_three_neurons():
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
    kept, _ = forward(random_layers(rng, [784, 512, 512, 10]), np.zeros((784, 128)), relu)
    assert sum(h.size for h in kept) == 231424


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
    longest = np.ones((1001, 5), dtype=int)  # by slots and advances, from the two parts of a chain
    for s, r in itertools.product(range(1, 1001), range(1, 5)):
        longest[s, r] = longest[s - 1, r] + longest[s, r - 1]
    assert [int(np.argmax(longest[:, r] >= 1000)) for r in (1, 2, 3, 4)] == [999, 44, 17, 10]
    assert longest[[43, 44], 2].tolist() == [990, 1035]
    assert longest[[16, 17], 3].tolist() == [969, 1140]
    assert longest[10, 4] == 1001
    total = np.full(1001, np.inf)
    total[1] = 0
    for _ in range(10):
        fewer, total = total, np.full(1001, np.inf)
        total[1] = 0
        for length in range(2, 1001):
            k = np.arange(1, length)
            total[length] = np.min(k + fewer[length - k] + total[k])
    assert total[1000] == 3636


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
