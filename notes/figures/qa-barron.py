"""Random networks for a Gaussian, and the bounds for networks and for fixed features."""

from math import ceil, lgamma, pi

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

rng = np.random.default_rng(0)
WIDTHS = 4 ** np.arange(1, 7)


def directions(size, d):
    """Independent uniform points on the sphere."""
    z = rng.standard_normal((size, d))
    return z / np.linalg.norm(z, axis=1, keepdims=True)


def neurons(size, d):
    """Signs, directions and knots as in the proof for exp(-|x|^2 / (2d)), and their total mass."""
    radius, tries = np.sqrt(d), 20 * size + 2000
    rho = np.sqrt(rng.chisquare(d + 1, tries) / d)
    t = rng.uniform(0, radius, tries)
    slope = -np.sin(rho * t)
    keep = rng.random(tries) < np.abs(slope)
    mean_rho = np.sqrt(2 / d) * np.exp(lgamma((d + 1) / 2) - lgamma(d / 2))
    mass = 2 * radius * mean_rho * np.mean(np.abs(slope))
    return np.sign(slope)[keep][:size], directions(size, d), t[keep][:size], mass


fig, (left, right) = plt.subplots(1, 2, figsize=(5.6, 2.5))
for d, color in [(2, BLUE), (10, BROWN), (50, GREEN)]:
    x = directions(1000, d) * np.sqrt(d) * (np.arange(1000)[:, None] + 0.5) / 1000
    target = np.exp(-np.sum(x**2, axis=1) / (2 * d))
    errors = []
    for m in WIDTHS:
        squares = []
        for _ in range(8):
            sign, w, t, mass = neurons(m, d)
            network = mass * (x @ w.T >= t) @ sign / m
            squares.append(np.var(network - target))
        errors.append(np.sqrt(np.mean(squares)))
    left.loglog(WIDTHS, errors, color=color, lw=1.4, marker="o", ms=2.5)
    left.loglog(WIDTHS, np.sqrt(d / WIDTHS), color=color, lw=1.0, ls=":")
    left.text(WIDTHS[-1] * 1.15, errors[-1], f"${d}$", color=color, va="center")
left.axhline(np.std(target), color=GREY, lw=1.0)
left.text(WIDTHS[-1] * 1.15, 0.045, "$d$")
left.set_xlabel("number $m$ of neurons")
left.set_ylabel("error")

d = 20
widths = np.unique(np.geomspace(10, 2**19 - 1, 200).astype(int))
fixed = [1 / (4 * pi * np.sqrt(d) * (ceil((2 * m + 1) ** (1 / d) - 1e-12) - 1)) for m in widths]
right.loglog(widths, np.sqrt(d / widths) / 2, color=BLUE, lw=1.4)
right.loglog(widths, fixed, color=BROWN, lw=1.4)
right.text(700, 0.13, "networks, at most", color=BLUE)
right.text(12, 0.0075, "fixed features, at least", color=BROWN)
right.set_xlabel("$m$")
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
