"""Random starts of networks and residual connections: all numbers and answers, recomputed."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from scipy.special import digamma

from tests.content.backpropagation_passes import (
    CHAPTER,
    after_relu,
    backward,
    entropy_gradient,
    forward,
    polar_quadrature,
    random_layers,
    relu,
    shifted,
)
from tests.content.bank import Topic

TOPIC = Topic("backpropagation")


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
    """thm-bp-he: a simulation of small networks with unequal widths."""
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
    u = np.tile([0.6, 0.8, 0, 0], (60000, 1))
    for _ in range(3):
        w = rng.standard_normal((60000, n, n)) * math.sqrt(2 / n)
        v = rng.standard_normal((60000, n, n)) * math.sqrt(1 / n)
        z = np.einsum("tij,tj->ti", w, h)
        h = h + tau * np.einsum("tij,tj->ti", v, relu(z))
        u = u + tau * np.einsum("tij,tj->ti", v, (z > 0) * np.einsum("tij,tj->ti", w, u))
    for image in (h, u):
        assert np.mean(np.sum(image**2, axis=1)) == pytest.approx((1 + tau**2) ** 3, rel=0.03)


def half_moment(power: int) -> sp.Expr:
    """E phi(g)^power for a standard normal g, by integration."""
    s = sp.symbols("s", real=True)
    density = sp.exp(-(s**2) / 2) / sp.sqrt(2 * sp.pi)
    return sp.simplify(sp.integrate(s**power * density, (s, 0, sp.oo)))


def test_fluctuations():
    """thm-bp-fluctuation, cor-bp-typical, ex-bp-depth."""
    q1, q2, q3 = half_moment(2), half_moment(4), half_moment(6)
    assert (q1, q2, q3) == (sp.Rational(1, 2), sp.Rational(3, 2), sp.Rational(15, 2))
    s = sp.symbols("s", real=True)
    density = sp.exp(-(s**2) / 2) / sp.sqrt(2 * sp.pi)
    for power, expected in ((2, sp.Rational(5, 4)), (3, sp.Rational(11, 2))):
        above = sp.integrate(sp.expand((s**2 - q1) ** power) * density, (s, 0, sp.oo))
        assert sp.simplify(above + (-q1) ** power / 2 - expected) == 0
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
    assert rf"approx{1.05**50:.1f}\norm x^4" in CHAPTER
    assert f"the factor is ${1.005**50:.2f}$" in CHAPTER
    assert rf"1.5^{{50}}\approx{1.5**50 / 1e8:.1f}\cdot10^8" in CHAPTER
    assert rf"\E\norm{{h_L}}\le{math.ceil(100 * math.exp(-250 / 160)) / 100}\norm x" in CHAPTER
    assert rf"^{{50}}\approx{100 * (1 - (1 - 2**-10) ** 50):.1f}\%" in CHAPTER
    rng = np.random.default_rng(10)
    h = np.ones((50000, 5))
    for _ in range(2):
        w = rng.standard_normal((50000, 5, 5)) * math.sqrt(2 / 5)
        h = relu(np.einsum("tij,tj->ti", w, h))
    squares = np.sum(h**2, axis=1) / 5
    assert np.mean(squares**2) == pytest.approx(4, rel=0.06)
    assert np.mean(squares == 0) == pytest.approx(1 - (1 - 2**-5) ** 2, abs=0.004)
    ratios = 2 / 200 * np.sum(relu(rng.standard_normal((20000, 200))) ** 2, axis=1)
    assert np.mean(np.log(ratios)) == pytest.approx(-5 / 400, abs=0.0025)


def test_orthogonal_and_gaussian_products():
    """prop-bp-orthogonal; E log chi^2_k = log 2 + digamma(k/2)."""
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
    """The problem bp-dead-depth (thm-bp-fluctuation)."""
    for p, answer in TOPIC.draws("bp-dead-depth"):
        alive, depth = Fraction(1), 0
        while alive > Fraction(1, 2):
            alive *= 1 - Fraction(1, 2 ** int(p["n"]))
            depth += 1
        assert depth == answer
