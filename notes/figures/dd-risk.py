"""Risk curves: growing model and growing sample; exact, simulated, and with the best penalty."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREY, save

SIGMA2, RHO2 = 0.05, 1.0


def exact(n, p, beta=0.0):
    """Expected excess risk of the minimum-norm estimate; beta is the signal left out."""
    v, alpha = SIGMA2 + beta, RHO2 - beta
    if p < n:
        return beta + v * p / (n - p - 1)
    return beta + alpha * (1 - n / p) + v * n / (p - n - 1)


def simulated(n, p, d, runs, rng):
    """Mean excess risk with the first p of d features, for random coefficients."""
    errors = []
    for _ in range(runs):
        w = rng.standard_normal(d)
        w *= np.sqrt(RHO2) / np.linalg.norm(w)
        x = rng.standard_normal((n, d))
        y = x @ w + np.sqrt(SIGMA2) * rng.standard_normal(n)
        estimate = np.zeros(d)
        estimate[:p] = np.linalg.lstsq(x[:, :p], y, rcond=None)[0]
        errors.append(np.sum((estimate - w) ** 2))
    return np.mean(errors)


def best_ridge(n, p, d, runs, rng):
    """Risk with the best penalty, p random features out of d, with simulated spectra."""
    kappa = d * (1 + SIGMA2 / RHO2) - p
    traces = []
    for _ in range(runs):
        squares = np.linalg.svd(rng.standard_normal((n, p)), compute_uv=False) ** 2
        traces.append(np.sum(squares / (squares + kappa)))
    return RHO2 - RHO2 / d * np.mean(traces)


rng = np.random.default_rng(5)
fig, (left, right) = plt.subplots(1, 2, figsize=(6.4, 2.6))

N, D = 40, 80
few, many = np.linspace(0, N - 1.03, 300), np.linspace(N + 1.03, D, 300)
for part in (few, many):
    values = [exact(N, p, RHO2 * (1 - p / D)) for p in part]
    left.semilogy(part, values, color=BROWN, lw=1.4)
dots = [4, 10, 16, 22, 28, 33, 47, 52, 58, 64, 72, 80]
left.semilogy(dots, [simulated(N, p, D, 400, rng) for p in dots], "o", color="black", ms=2.6)
sizes = np.arange(2, D + 1, 3)
ridge = [best_ridge(N, p, D, 60, rng) for p in sizes]
left.semilogy(sizes, ridge, color=BLUE, lw=1.4)
left.axvline(N, color=GREY, lw=0.8, ls="--")
left.text(2, 4.5, "minimum norm", color=BROWN, fontsize=8)
left.text(2, 0.5, "optimal ridge", color=BLUE, fontsize=8)
left.set_xlabel("number of features $p$")
left.set_ylabel("expected excess risk")
left.set_ylim(0.3, 30)
left.set_xlim(0, D)

P = 60
few, many = np.linspace(1, P - 1.03, 300), np.linspace(P + 1.03, 120, 300)
for part in (few, many):
    right.semilogy(part, [exact(n, P) for n in part], color=BROWN, lw=1.4)
dots = [5, 15, 25, 35, 43, 50, 54, 67, 72, 80, 90, 105, 118]
right.semilogy(dots, [simulated(n, P, P, 400, rng) for n in dots], "o", color="black", ms=2.6)
sizes = np.arange(2, 121, 4)
right.semilogy(sizes, [best_ridge(n, P, P, 60, rng) for n in sizes], color=BLUE, lw=1.4)
right.axvline(P, color=GREY, lw=0.8, ls="--")
right.set_xlabel("number of data $n$")
right.set_ylim(0.02, 8)
right.set_xlim(0, 120)
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
