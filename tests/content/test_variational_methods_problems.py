"""The problems on variational methods, by other routes."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic
from tests.content.variational import average, divergence, em_step, likelihood

TOPIC = Topic("variational-methods")


def test_problem_em_variance() -> None:
    """vm-em-variance: all draws, E-step on a grid and the slope by differences."""
    for values, answer in TOPIC.draws("vm-em-variance"):
        square, noise, t = (float(values[k]) for k in ("S", "s", "t"))
        x, best = np.array([math.sqrt(square)]), square - noise
        assert em_step(t, x, noise) == pytest.approx(float(values["next"]), abs=1e-6)
        assert em_step(best, x, noise) == pytest.approx(best, abs=1e-6)
        slope = (em_step(best + 1e-3, x, noise) - em_step(best - 1e-3, x, noise)) / 2e-3
        assert slope == pytest.approx(float(answer), abs=1e-4)


def test_problem_penalty_linear_load() -> None:
    """vm-penalty-linear-load: all draws, the Robin problem solved symbolically."""
    x, c, d = sp.symbols("x c d")
    for values, answer in TOPIC.draws("vm-penalty-linear-load"):
        a, b = values["a"], values["b"]
        w = -a * x**3 / 6 + c * x + d
        slope = sp.diff(w, x)
        found = sp.solve(
            [slope.subs(x, 0) - b * w.subs(x, 0), slope.subs(x, 1) + b * w.subs(x, 1)], [c, d]
        )
        assert found[d] == values["left"]
        assert w.subs(found).subs(x, 1) == answer
        assert answer >= values["left"]


def test_problem_linear_autoencoder() -> None:
    """vm-linear-autoencoder: all draws, no random change improves the likelihood."""
    rng = np.random.default_rng(7)
    for values, answer in TOPIC.draws("vm-linear-autoencoder"):
        a, b, c = (float(values[k]) for k in "abc")
        s = np.array([[a, b, 0], [b, a, 0], [0, 0, c]])
        v, w = float(answer), np.array([[1.0], [1.0], [0.0]]) * math.sqrt(values["w"])
        top = likelihood(w, v, s)
        for _ in range(40):
            other = w + rng.normal(size=w.shape) * rng.choice([0.05, 1])
            assert likelihood(other, v * math.exp(rng.normal() * 0.1), s) < top
        posterior = w @ w.T / (float(np.sum(w**2)) + v)
        assert posterior[0, 0] == pytest.approx(float(values["shrink"]) / 2)


def test_problem_score_function_samples() -> None:
    """vm-score-function-samples: all draws, the variance by quadrature."""
    for values, answer in TOPIC.draws("vm-score-function-samples"):
        mu, sigma = float(values["mu"]), 1 / float(values["s"])
        second = average(lambda e, m=mu, s=sigma: ((m + s * e) * e / s) ** 2)
        assert (second - 1) * float(values["m"]) ** 2 == pytest.approx(float(answer))


def test_problem_equicorrelated_mean_field() -> None:
    """vm-equicorrelated-mean-field: all draws, the precision matrix inverted exactly."""
    for values, answer in TOPIC.draws("vm-equicorrelated-mean-field"):
        d, rho = int(values["d"]), values["rho"]
        sigma = sp.Matrix(d, d, lambda i, j, r=rho: 1 if i == j else r)
        assert 1 / sigma.inv()[0, 0] == answer


def test_problem_information_projection() -> None:
    """vm-information-projection: the bound for sixes, against the exact probability."""
    for n in (2, 5, 10, 40):
        exact = sum(math.comb(n, k) * 5 ** (n - k) for k in range((n + 1) // 2, n + 1)) / 6**n
        assert exact <= (math.sqrt(5) / 3) ** n
    q = np.array([0.1] * 5 + [0.5])
    assert divergence(q, np.full(6, 1 / 6)) == pytest.approx(math.log(3 / math.sqrt(5)))


def test_problem_natural_boundary() -> None:
    """vm-natural-boundary: the last formula for a polynomial u with u'(0) = u'(1) = 0."""
    x = sp.symbols("x")
    u = x**2 * (3 - 2 * x) + 1
    f = u - sp.diff(u, x, 2)
    energy = sp.integrate(sp.expand((sp.diff(u, x) ** 2 + u**2) / 2 - f * u), (x, 0, 1))
    mean = sp.integrate(f, (x, 0, 1))
    excess = sp.integrate(sp.expand((f - mean) * u), (x, 0, 1)) / 2
    assert -(mean**2) / 2 - energy == excess and excess > 0


def test_problem_gap_choice() -> None:
    """vm-gap-choice: the counterexample, with the bound computed from its definition."""
    joint = {1: np.array([0.5, 0.1]), 2: np.array([0.4, 0.4])}

    def elbo(z: int, theta: int) -> float:
        prior = np.array([0.3, 0.7])
        return math.log(joint[theta][z] / prior[z]) - math.log(1 / prior[z])

    assert elbo(0, 1) > max(elbo(1, 1), elbo(0, 2), elbo(1, 2))
    assert joint[1].sum() < joint[2].sum()
