"""Exact coverage of three confidence intervals for a success probability, from 50 trials."""

from math import comb

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

N, Z, LEVEL = 50, 1.959963984540054, 0.95

k = np.arange(N + 1)
phat = k / N
binomial = np.array([float(comb(N, j)) for j in k])


def wald():
    """The ends of the interval with the estimated variance."""
    half = Z * np.sqrt(phat * (1 - phat) / N)
    return phat - half, phat + half


def wilson():
    """The ends of the interval that inverts the normal test."""
    scale = 1 + Z**2 / N
    centre = (phat + Z**2 / (2 * N)) / scale
    half = Z * np.sqrt(phat * (1 - phat) / N + Z**2 / (4 * N**2)) / scale
    return centre - half, centre + half


def hoeffding():
    """The ends of the interval from Hoeffding's inequality."""
    half = np.sqrt(np.log(2 / (1 - LEVEL)) / (2 * N))
    return phat - half, phat + half


p = np.linspace(0.0005, 0.5, 4000)
mass = binomial * p[:, None] ** k * (1 - p[:, None]) ** (N - k)
fig, axis = plt.subplots(figsize=(5.6, 2.7))
axis.axhline(LEVEL, color=GREY, lw=0.8, ls=":")
for bounds, color in ((hoeffding(), GREEN), (wilson(), BLUE), (wald(), BROWN)):
    covered = (bounds[0] <= p[:, None]) & (p[:, None] <= bounds[1])
    axis.plot(p, np.sum(mass * covered, axis=1), color=color, lw=1.0)
axis.text(0.505, 0.998, "Hoeffding", color=GREEN, va="center")
axis.text(0.505, 0.957, "Wilson", color=BLUE, va="center")
axis.text(0.07, 0.83, "Wald", color=BROWN, va="center")
axis.set_xlim(0, 0.5)
axis.set_ylim(0.7, 1.005)
axis.set_xlabel("success probability $p$")
axis.set_ylabel("coverage probability")
fig.tight_layout(pad=0.4)
save(fig, __file__)
