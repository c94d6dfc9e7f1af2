"""Forward and backward passes, formal derivatives, and the map of angles, for the tests."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import sympy as sp

from tests.content.bank import TOP

CHAPTER = (TOP / "notes/chapters/architectures/backpropagation.md").read_text(encoding="utf-8")
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
    """thm-bp-backward, (b): the gradients of all layers, and the one with respect to the inputs."""
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


def after_relu(angle: float) -> float:
    return (math.sin(angle) + (math.pi - angle) * math.cos(angle)) / math.pi


def polar_quadrature(angle: float) -> float:
    """2 E phi(u) phi(v) for correlation cos(angle), over the direction in the plane."""
    a = (np.arange(200000) + 0.5) * 2 * math.pi / 200000
    return float(4 * np.mean(relu(np.cos(a)) * relu(np.cos(a - angle))))
