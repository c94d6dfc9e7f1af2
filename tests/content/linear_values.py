"""Values that are linear in their parameters: stationary norms and the example that diverges."""

from __future__ import annotations

import math

import numpy as np


def stationary(P: np.ndarray) -> np.ndarray:
    system = np.vstack([P.T - np.eye(len(P)), np.ones(len(P))])
    return np.linalg.lstsq(system, np.append(np.zeros(len(P)), 1), rcond=None)[0]


def norm(v: np.ndarray, mu: np.ndarray) -> float:
    return math.sqrt(float(np.sum(mu * v**2)))


def off_policy(features: np.ndarray, weights: np.ndarray, gamma: float) -> tuple[float, float]:
    """The drift A and the factor of the least-squares iteration; every state leads to the last."""
    following = features[-1]
    drift = np.sum(weights * features * (features - gamma * following))
    factor = gamma * following * np.sum(weights * features) / np.sum(weights * features**2)
    return float(drift), float(factor)
