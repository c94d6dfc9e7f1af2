"""The mean-field regime with noise: entropy and free energy, recomputed."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from tests.content.mean_field import LABELS, Array, phases


def divergence(p: Array, q: Array) -> float:
    return float(np.sum(p * np.log(p / q)))


# Discrete versions of the free energy: forty places for the neurons, tau = 0.3.
PLACES = np.random.default_rng(11).uniform(-3, 3, (40, 2))
FEATURES = np.sin(phases(PLACES))
TAU, PRIOR = 0.3, np.exp(-np.sum(PLACES**2, axis=1) / 4)
PRIOR = PRIOR / PRIOR.sum()


def free_energy(p: Array) -> float:
    return float(np.mean((p @ FEATURES - LABELS) ** 2) / 2 + TAU * divergence(p, PRIOR))


def gibbs(p: Array) -> Array:
    weights = PRIOR * np.exp(-FEATURES @ (p @ FEATURES - LABELS) / 5 / TAU)
    return weights / weights.sum()


def test_entropy_sandwich():
    """lem-mf-gibbs, thm-mf-gibbs, thm-mf-sandwich, on a finite set of places."""
    star = PRIOR
    for _ in range(400):
        star = (star + gibbs(star)) / 2
    assert np.abs(star - gibbs(star)).max() < 1e-12
    rng = np.random.default_rng(12)
    for _ in range(50):
        p, q = rng.dirichlet(np.full(40, 0.5), 2) + 1e-6
        p, q = p / p.sum(), q / q.sum()
        gap = free_energy(p) - free_energy(star)
        square = np.mean((p @ FEATURES - star @ FEATURES) ** 2) / 2
        assert gap == pytest.approx(TAU * divergence(p, star) + square)
        assert gap <= TAU * divergence(p, gibbs(p))
        three = TAU * (divergence(q, gibbs(p)) - divergence(p, gibbs(p)))
        three += np.mean((p @ FEATURES - q @ FEATURES) ** 2) / 2
        assert free_energy(q) - free_energy(p) == pytest.approx(three)
        assert np.abs(p - q).sum() ** 2 / 4 <= divergence(p, q) / 2
        middle = free_energy((p + q) / 2)
        delta = np.abs(p - q).sum() / 2
        assert (free_energy(p) + free_energy(q)) / 2 - middle >= TAU * delta**2 / 2


def test_logarithmic_sobolev_inequality_under_perturbation():
    """lem-mf-holley: variance 2, h = sin, on a grid; trial functions exp of polynomials."""
    t = np.linspace(-14, 14, 40001)
    weight = np.exp(-(t**2) / 4 - np.sin(2 * t))
    weight /= weight.sum()
    alpha = 0.5 * math.exp(-2)
    for a, b in itertools.product((-1.0, 0.3, 2.0), (-0.2, 0.0, 0.1)):
        f, df = np.exp(a * t + b * t**2), a + 2 * b * t
        mean = weight @ f
        entropy = weight @ (f * np.log(f)) - mean * math.log(mean)
        assert 0 < entropy <= weight @ (df**2 * f) / (2 * alpha)


def test_rates_of_the_noisy_flow():
    """thm-mf-langevin, ex-mf-temperatures: numbers, and the linear case with two moments."""
    rates = [0.2 * math.exp(-4), 0.2 * math.exp(-8)]
    assert rates == pytest.approx([0.0037, 6.7e-5], rel=0.01)
    assert math.log(2) / rates[0] <= 190
    assert math.log(2) / rates[1] == pytest.approx(1.03e4, rel=0.01)
    y, lam, tau, m, s = 2.0, 0.3, 0.7, -1.0, 5.0

    def excess(m: float, s: float) -> float:
        ratio = s * lam / tau
        square = (1 + lam) * (m - y / (1 + lam)) ** 2
        return (square + tau * (ratio - 1 - math.log(ratio))) / 2

    first = excess(m, s)
    for t in np.linspace(0.5, 20, 40):
        mean = y / (1 + lam) + (m - y / (1 + lam)) * math.exp(-(1 + lam) * t)
        variance = tau / lam + (s - tau / lam) * math.exp(-2 * lam * t)
        assert excess(mean, variance) <= math.exp(-2 * lam * t) * first
    h, times = 1e-5, (15.0, 20.0)
    drift = (excess(m, s + h) - excess(m, s - h)) / (2 * h) * (2 * tau - 2 * lam * s)
    drift += (excess(m + h, s) - excess(m - h, s)) / (2 * h) * (y - m - lam * m)
    fisher = (y - (1 + lam) * m) ** 2 + tau**2 * s * (lam / tau - 1 / s) ** 2
    assert drift == pytest.approx(-fisher, rel=1e-6)
    late = [
        excess(
            y / (1 + lam) + (m - y / (1 + lam)) * math.exp(-(1 + lam) * t),
            tau / lam + (s - tau / lam) * math.exp(-2 * lam * t),
        )
        for t in times
    ]
    assert math.log(late[0] / late[1]) / 5 == pytest.approx(4 * lam, rel=0.01)
