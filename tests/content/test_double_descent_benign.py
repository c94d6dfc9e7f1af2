"""The chapter on double descent: benign overfitting, spikes and classification, recomputed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.content.bank import Topic
from tests.content.double_descent_risks import interpolant, variance

TOPIC = Topic("double-descent")


def test_the_tail_is_a_ridge_penalty():
    """thm-dd-implicit-ridge on random instances."""
    rng = np.random.default_rng(6)
    for _ in range(20):
        head, tail = rng.standard_normal((8, 3)), rng.standard_normal((8, 400)) / 10
        y = rng.standard_normal(8)
        s = 4.0
        a = tail @ tail.T
        eps = np.linalg.norm(a - s * np.eye(8), 2) / s
        assert eps < 1
        w = interpolant(np.hstack([head, tail]), y)
        ridge = head.T @ np.linalg.solve(head @ head.T + s * np.eye(8), y)
        size = np.linalg.norm(y)
        gap = w[:3] - ridge
        assert np.linalg.norm(head @ gap) <= eps * size / (1 - eps)
        assert np.linalg.norm(gap) <= eps * size / (2 * (1 - eps) * math.sqrt(s))
        cov = rng.random(400)
        bound = np.linalg.norm((tail * cov) @ tail.T, 2) * size**2 / ((1 - eps) * s) ** 2
        assert np.sum(cov * w[3:] ** 2) <= bound


def test_concentration_of_the_tail():
    """lem-dd-concentration, and the constants of thm-dd-benign."""
    rng = np.random.default_rng(7)
    m, x = 4, 4 * math.log(9) + 2
    a = 1 / np.arange(1, 301.0) ** 0.5
    s, r, big_r = a.sum(), a.sum() / a.max(), a.sum() ** 2 / np.sum(a**2)
    z = rng.standard_normal((500, 300, m))
    forms = np.einsum("kja,j,kjb->kab", z, a, z) - s * np.eye(m)
    norms = np.abs(np.linalg.eigvalsh(forms)).max(axis=1)
    assert np.mean(norms >= s * (4 * math.sqrt(x / big_r) + 4 * x / r)) <= 2 * 9**m * math.exp(-x)
    assert 4 * math.sqrt(3 / 300) + 12 / 300 < 0.5
    assert math.log(9) - 3 <= -4 / 5
    assert math.log(9) / 400 - 1 / 100 <= -1 / 250
    assert 3 / (1 - 2 / 400) <= 4
    assert 3 + 1 / 300 <= 4


def test_upper_bound_of_benign_overfitting():
    """thm-dd-benign: the two deterministic steps of the proof, with a true event."""
    rng = np.random.default_rng(8)
    n, k, tail = 40, 3, 6000
    mu = np.concatenate([[5.0, 2, 1], np.full(tail, 0.01)])
    s = tail * 0.01
    z = rng.standard_normal((n, k + tail))
    x = z * np.sqrt(mu)
    a = x[:, k:] @ x[:, k:].T
    assert np.linalg.eigvalsh(a)[0] >= s / 2
    assert np.linalg.eigvalsh(a)[-1] <= 1.5 * s
    solved = np.linalg.solve(x @ x.T, x)
    terms = np.sum(solved**2, axis=0) * mu
    assert terms[:k].sum() <= 3 * np.trace(np.linalg.inv(z[:, :k].T @ z[:, :k]))
    assert np.all(terms[k:] <= 4 / s**2 * mu[k:] ** 2 * np.sum(z[:, k:] ** 2, axis=0))
    w = rng.standard_normal(k + tail)
    left = w - solved.T @ (x @ w)
    smallest = np.linalg.eigvalsh(z[:, :k].T @ z[:, :k])[0]
    bound = (1.5 * s / smallest + 0.01) * np.sum(w**2)
    assert np.sum(mu * left**2) <= bound


@pytest.mark.parametrize("spectrum", ["power", "geometric", "spikes", "flat"])
def test_lower_bound_of_the_variance(spectrum):
    """thm-dd-variance-lower, for every k."""
    rng = np.random.default_rng(9)
    n = 12
    mu = {
        "power": np.arange(1, 101.0) ** -2,
        "geometric": 0.5 ** np.arange(1, 25.0),
        "spikes": np.concatenate([np.ones(3), np.full(150, 0.01)]),
        "flat": np.ones(40),
    }[spectrum]
    draws = np.array([variance(mu, n, rng) for _ in range(300)])
    found = np.mean(draws)
    tails = np.concatenate([np.cumsum(mu[::-1])[::-1], [0]])
    bounds = [np.sum((1 + tails[k] / ((n - k - 2) * mu)) ** -2.0) / n for k in range(n - 2)]
    assert max(bounds) <= found
    assert max(bounds) >= 0.05 * found
    assert np.mean(draws >= max(bounds) / 256) >= 1 / 4
    for k in range(n - 2):
        r = tails[k] / mu[k]
        assert bounds[k] >= k / n * (1 + r / (n - k - 2)) ** -2
        if r >= n and k <= n / 2 - 2:
            assert bounds[k] >= n * np.sum(mu[k:] ** 2) / (16 * tails[k] ** 2)


def test_markov_steps_of_the_lower_bound():
    """thm-dd-variance-lower: b dominates 1 + 1/q, and the constant 128."""
    rng = np.random.default_rng(15)
    n, k, j = 12, 4, 30
    mu = np.concatenate([[4.0, 3, 2, 1], np.full(60, 0.1)])
    b_j = 1 + mu[k:].sum() / ((n - k - 2) * mu[j])
    a, b = [], []
    for _ in range(600):
        z = rng.standard_normal((n, len(mu)))
        rest = np.delete(z * mu, j, axis=1) @ np.delete(z, j, axis=1).T
        q = mu[j] * z[:, j] @ np.linalg.solve(rest, z[:, j])
        u = z[:, j] - z[:, :k] @ interpolant(z[:, :k], z[:, j])
        a.append(z[:, j] @ z[:, j])
        b.append(1 + u @ rest @ u / (mu[j] * (u @ u) ** 2))
        assert b[-1] >= (1 + 1 / q) * (1 - 1e-9)
        whole = rest + mu[j] * np.outer(z[:, j], z[:, j])
        term = mu[j] ** 2 * np.sum(np.linalg.solve(whole, z[:, j]) ** 2)
        assert term >= (1 - 1e-9) / (a[-1] * b[-1] ** 2)
    mean = 1 + (mu[k:].sum() - mu[j]) / ((n - k - 2) * mu[j])
    assert abs(np.mean(b) - mean) <= 4 * np.std(b) / math.sqrt(600)
    assert mean <= b_j
    assert np.mean(1 / (np.array(a) * np.array(b) ** 2)) >= 1 / (n * b_j**2)
    good = (np.array(a) < 8 * n) & (np.array(b) < 4 * b_j)
    assert np.mean(good) >= 5 / 8
    terms = 1 / (np.array(a) * np.array(b) ** 2)
    assert np.all(terms[good] >= 1 / (128 * n * b_j**2))


def test_best_linear_interpolator():
    """The problem dd-best-linear-interpolator: the smallest variance, and its mean."""
    rng = np.random.default_rng(16)
    n, p = 5, 12
    sigma = np.linspace(0.2, 3, p)
    found = []
    for _ in range(2000):
        x = rng.standard_normal((n, p)) * np.sqrt(sigma)
        m = np.linalg.inv((x / sigma) @ x.T)
        best = (x / sigma).T @ m
        found.append(np.trace(m))
        assert x @ best == pytest.approx(np.eye(n), abs=1e-8)
        assert np.sum(best**2 * sigma[:, None]) == pytest.approx(np.trace(m))
        assert np.sum(np.linalg.pinv(x) ** 2 * sigma[:, None]) > np.trace(m)
    assert np.mean(found) == pytest.approx(n / (p - n - 1), rel=0.04)


def test_spectra():
    """ex-dd-spectra: the limits and the ranks."""
    n = 10**4
    assert 3 * n / n * (1 + 3 * n / (n - 2)) ** -2 == pytest.approx(3 / 16, rel=1e-3)
    for alpha in (1.5, 2.0, 4.0):
        for k in (0, 3, 50):
            j = np.arange(k + 1, 200000.0)
            assert np.sum((j / (k + 1)) ** -alpha) <= 1 + (k + 1) / (alpha - 1)
        k = n // 2 - 2
        bound = k / n * (1 + (1 + (k + 1) / (alpha - 1)) / (n - k - 2)) ** -2
        assert bound == pytest.approx(0.5 * ((alpha - 1) / alpha) ** 2, rel=0.01)
    mu = np.array([1 / math.factorial(j) for j in range(1, 60)])
    for n in (3, 10, 50):
        k = n - 3
        assert mu[k:].sum() / mu[k] <= (k + 2) / (k + 1)
    assert (1 + (n - 1) / (n - 2)) ** -2 == pytest.approx(1 / 4, rel=0.03)


def test_the_spiked_model():
    """prop-dd-spike (identities draw by draw, means), eq-dd-inverse-square, ex-dd-spike."""
    rng = np.random.default_rng(10)
    n, tail, ell, beta = 6, 20, 7.0, 0.8
    traces, squares, ratios = [], [], []
    for step in range(3000):
        z, g = rng.standard_normal(n), rng.standard_normal((n, tail))
        w = np.linalg.inv(g @ g.T)
        q, second = ell * z @ w @ z, z @ w @ w @ z
        traces.append(np.trace(w))
        squares.append(second)
        ratios.append(q)
        if step < 5:
            x = np.column_stack([math.sqrt(ell) * z, g])
            mu = np.concatenate([[ell], np.ones(tail)])
            solved = np.linalg.solve(x @ x.T, x)
            v = np.trace(w) + second * (ell * (ell - 1) / (1 + q) ** 2 - ell / (1 + q))
            assert np.sum(solved**2 * mu) == pytest.approx(v)
            left = -solved.T @ x[:, 0] * beta
            left[0] += beta
            assert np.sum(mu * left**2) == pytest.approx(beta**2 * (ell + q) / (1 + q) ** 2)
    assert np.mean(traces) == pytest.approx(n / (tail - n - 1), rel=0.02)
    mean = n * (tail - 1) / ((tail - n) * (tail - n - 1) * (tail - n - 3))
    assert np.mean(squares) == pytest.approx(mean, rel=0.05)
    assert np.mean(ratios) == pytest.approx(ell * n / (tail - n - 1), rel=0.04)
    found = [k * (k - 1) / (k - 1 + 100) ** 2 + 0.25 / (k - 1) for k in (2, 11, 101)]
    assert found == pytest.approx([0.250, 0.034, 0.255], abs=6e-4)


def test_classification_is_more_benign():
    """thm-dd-classification, eq-dd-angle, ex-dd-classification."""
    rng = np.random.default_rng(11)
    n, kappa, ell, flip = 150, 30, 40.0, 0.1
    z, g = rng.standard_normal(n), rng.standard_normal((n, kappa * n))
    x = np.column_stack([math.sqrt(ell) * z, g])
    y = np.sign(z) * np.where(rng.random(n) < flip, -1, 1)
    w = x.T @ np.linalg.solve(x @ x.T, y)
    assert np.all(np.sign(x @ w) == y)
    error = math.atan2(np.linalg.norm(w[1:]), math.sqrt(ell) * w[0]) / math.pi
    c = (1 - 2 * flip) * math.sqrt(2 / math.pi)
    assert error <= (math.sqrt(kappa - 1) / ell + 1 / math.sqrt(kappa - 1)) / (math.pi * c) + 0.02
    first = rng.standard_normal(100000)
    score = math.sqrt(ell) * w[0] * first + np.linalg.norm(w[1:]) * rng.standard_normal(100000)
    assert np.mean(np.sign(score) != np.sign(first)) == pytest.approx(error, abs=0.005)
    c = 0.8 * math.sqrt(2 / math.pi)
    assert c == pytest.approx(0.638, abs=5e-4)
    assert 0.11 / (math.pi * c) == pytest.approx(0.055, abs=5e-4)
    assert pytest.approx(0.83, abs=5e-3) == 10001 * 10000 / 11000**2


def test_answers_on_the_geometric_spectrum():
    """The problem dd-geometric-spectrum (thm-dd-variance-lower), with long finite tails."""
    for p, answer in TOPIC.draws("dd-geometric-spectrum"):
        mu = float(p["q"]) ** np.arange(1, 80)
        for k in (0, 4):
            tail = mu[k:]
            assert tail.sum() / tail[0] == pytest.approx(float(p["rk"]))
            assert tail.sum() ** 2 / np.sum(tail**2) == pytest.approx(float(p["Rk"]))
        n = 13
        k = n - 3
        bound = np.sum((1 + mu[k:].sum() / mu) ** -2.0) / n
        assert float(answer) * (n - 3) / n <= bound
        assert (1 + mu[k:].sum() / mu[k]) ** -2 == pytest.approx(float(answer))
