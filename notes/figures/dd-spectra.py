"""Marchenko-Pastur densities with sample spectra; variance of interpolation for three spectra."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREY, save

rng = np.random.default_rng(7)
fig, (left, right) = plt.subplots(1, 2, figsize=(6.4, 2.6))

for n, p, color in [(2000, 400, BLUE), (500, 1000, BROWN)]:
    gamma = p / n
    low, high = (1 - gamma**0.5) ** 2, (1 + gamma**0.5) ** 2
    x = rng.standard_normal((n, p))
    eigenvalues = np.linalg.svd(x, compute_uv=False) ** 2 / n
    grid = np.linspace(low, high, 500)
    density = np.sqrt(np.maximum((high - grid) * (grid - low), 0)) / (2 * np.pi * gamma * grid)
    weights = np.full(len(eigenvalues), 1 / p)
    counts, edges = np.histogram(eigenvalues, bins=30, range=(low, high), weights=weights)
    left.stairs(counts / np.diff(edges), edges, color=color, fill=True, alpha=0.25)
    left.plot(grid, density, color=color, lw=1.4)
left.text(1.55, 0.6, r"$\gamma=1/5$", color=BLUE)
left.text(3.3, 0.17, r"$\gamma=2$", color=BROWN)
left.set_xlabel("eigenvalue of $S$")
left.set_ylabel("density")
left.set_xlim(0, 6)
left.set_ylim(0, None)


def variance(mu, n, runs):
    """Mean of V / sigma^2 for independent features with variances mu."""
    values = []
    for _ in range(runs):
        x = rng.standard_normal((n, len(mu))) * np.sqrt(mu)
        solved = np.linalg.solve(x @ x.T, x)
        values.append(np.sum(solved**2 * mu))
    return np.mean(values)


SIZES = [20, 40, 80, 160, 320]
spectra = [
    ("$j^{-2}$", lambda n: np.arange(1, 20 * n + 1.0) ** -2, BROWN, "o"),
    ("5 spikes, short tail", lambda n: np.r_[np.ones(5), np.full(3 * n, 0.1)], GREY, "^"),
    ("5 spikes, long tail", lambda n: np.r_[np.ones(5), np.full(n * n // 9, n**-2.0)], BLUE, "v"),
]
for name, spectrum, color, marker in spectra:
    found = [variance(spectrum(n), n, max(2, 400 // n)) for n in SIZES]
    right.loglog(SIZES, found, color=color, lw=1.2, marker=marker, ms=3, label=name)
right.legend(frameon=False, fontsize=7, loc="lower left")
right.set_xlabel("number of data $n$")
right.set_ylabel(r"variance $\mathbb{E}\,V/\sigma^2$")
right.set_xticks([20, 40, 80, 160, 320], ["20", "40", "80", "160", "320"])
right.minorticks_off()
right.set_ylim(0.02, 3)
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
