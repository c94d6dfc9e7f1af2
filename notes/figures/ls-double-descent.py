"""Excess risk of (minimum-norm) least squares on both sides of d = n: formulas and simulation."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREY, save

N, SIGMA2, NORM2, RUNS = 40, 0.25, 1.0, 400


def under(d):
    return SIGMA2 * d / (N - d - 1)


def over(d):
    return NORM2 * (1 - N / d) + SIGMA2 * N / (d - N - 1)


def simulated(d, rng):
    errors = []
    for _ in range(RUNS):
        x = rng.standard_normal((N, d))
        w = np.full(d, np.sqrt(NORM2 / d))
        y = x @ w + np.sqrt(SIGMA2) * rng.standard_normal(N)
        errors.append(np.sum((np.linalg.lstsq(x, y, rcond=None)[0] - w) ** 2))
    return np.mean(errors)


rng = np.random.default_rng(1)
few, many = np.linspace(1, N - 1.02, 400), np.linspace(N + 1.02, 160, 600)
dots = [2, 6, 10, 15, 20, 25, 30, 34, 37, 43, 46, 50, 58, 68, 80, 100, 120, 140, 160]
fig, axis = plt.subplots(figsize=(5.2, 2.6))
axis.axhline(NORM2, color=GREY, lw=0.8, ls=":")
axis.axvline(N, color=GREY, lw=0.8, ls="--")
axis.semilogy(few, under(few), color=BLUE, lw=1.4)
axis.semilogy(many, over(many), color=BROWN, lw=1.4)
axis.semilogy(dots, [simulated(d, rng) for d in dots], "o", color="black", ms=2.8, zorder=5)
axis.text(2, 2.1, r"$\sigma^2d/(n-d-1)$", color=BLUE, fontsize=8)
axis.text(66, 2.1, r"$\Vert w^{{\star}}\Vert^2(1-n/d)+\sigma^2n/(d-n-1)$", color=BROWN)
axis.text(160, 1.12, r"predicting $0$", color=GREY, ha="right")
axis.text(N + 1.5, 0.013, "$d=n$", color=GREY)
axis.set_ylim(0.01, 20)
axis.set_xlim(0, 162)
axis.set_xlabel("number of features $d$")
axis.set_ylabel("expected excess risk")
fig.tight_layout(pad=0.4)
save(fig, __file__)
