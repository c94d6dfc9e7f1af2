"""ReLU networks that several tests of contents build: polygons, trapezoids, best fits."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog


def relu(t: np.ndarray) -> np.ndarray:
    return np.maximum(t, 0)


def polygon(values: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The network of thm-ua-interpolation, as the sum of its neurons."""
    width = len(values) - 1
    slopes = width * np.diff(values)
    kinks = np.diff(slopes, prepend=0)
    return values[0] + relu(x[:, None] - np.arange(width) / width) @ kinks


def trapezoid(t: np.ndarray, a: float, h: float, eta: float) -> np.ndarray:
    """The four neurons of lem-ua-bump."""
    return (relu(t - a) - relu(t - a - eta) - relu(t - a - h + eta) + relu(t - a - h)) / eta


def best_error(columns: np.ndarray, g: np.ndarray, convex: bool = False) -> float:
    """The uniform distance of g from the span of the columns, by linear programming.

    If convex, the coefficients after the first two must not be negative.
    """
    ones = np.ones((len(g), 1))
    A = np.block([[columns, -ones], [-columns, -ones]])
    size = columns.shape[1] + 1
    free = (None, None)
    bounds = [free, free] + [(0, None) if convex else free] * (size - 3) + [free]
    return float(linprog(np.eye(size)[-1], A, np.concatenate([g, -g]), bounds=bounds).fun)
