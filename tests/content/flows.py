"""Numerical methods for differential equations, for the tests of the chapters on dynamics."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

Array = np.ndarray


def runge_kutta(v: Callable[[float, Array], Array], x: Array, total: float, steps: int) -> Array:
    h, x = total / steps, np.asarray(x, dtype=float)
    for k in range(steps):
        t = k * h
        a = v(t, x)
        b = v(t + h / 2, x + h * a / 2)
        c = v(t + h / 2, x + h * b / 2)
        x = x + h * (a + 2 * b + 2 * c + v(t + h, x + h * c)) / 6
    return x


def euler(v: Callable[[float, Array], Array], x: Array, total: float, steps: int) -> Array:
    h = total / steps
    for k in range(steps):
        x = x + h * v(k * h, x)
    return x


def two_gradients(theta: float, h: float, n: int) -> tuple[float, float]:
    """Both derivatives of x_N^2/2 with x_0 = 1: by the recursion, and by backward steps."""
    x, dx = 1.0, 0.0
    for _ in range(n):
        x, dx = (1 + h * theta) * x, (1 + h * theta) * dx + h * x
    first, total, back, a = x * dx, 0.0, x, x
    for _ in range(n):
        total += h * a * back
        back, a = (1 - h * theta) * back, (1 + h * theta) * a
    assert back == pytest.approx((1 - (h * theta) ** 2) ** n)
    return first, total
