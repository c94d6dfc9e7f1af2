"""Runs of gradient methods, for tests of what is said of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def descend(gradient: Callable, x, step, count: int) -> list:
    """The starting point and the iterates of gradient descent."""
    points = [x]
    for _ in range(count):
        points.append(points[-1] - step * gradient(points[-1]))
    return points


def nesterov(gradient: Callable, x, smooth, count: int) -> list:
    """The starting point and the iterates of alg-nesterov."""
    points, y = [x], x
    for k in range(count):
        points.append(y - gradient(y) / smooth)
        y = points[-1] + (points[-1] - points[-2]) * k / (k + 3)
    return points


def hessian(gradient: Callable, w: np.ndarray) -> np.ndarray:
    h = 1e-5
    return np.array([(gradient(w + h * e) - gradient(w - h * e)) / (2 * h) for e in np.eye(len(w))])
