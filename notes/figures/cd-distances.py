"""Distances in the cube: the law of one distance, and the nearest of many neighbours."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

BINS = 2000


def density(d, bins):
    """The density of the distance of two uniform points divided by the root of d."""
    edges = np.linspace(0, 1, BINS + 1)
    one = np.diff(2 * np.sqrt(edges) - edges)
    size = 1 << int(np.ceil(np.log2(d * BINS + 1)))
    law = np.clip(np.fft.irfft(np.fft.rfft(one, size) ** d, size)[: d * BINS], 0, None)
    squares = (np.arange(d * BINS) + d / 2) / (BINS * d)
    grid = np.linspace(0, 1, bins + 1)
    mass, _ = np.histogram(np.sqrt(squares), bins=grid, weights=law)
    return (grid[1:] + grid[:-1]) / 2, mass / np.diff(grid)


fig, (left, right) = plt.subplots(1, 2, figsize=(5.6, 2.5))
for d, bins, color, place in [
    (2, 40, GREY, (0.6, 1.9)),
    (10, 80, GREEN, (0.55, 4.2)),
    (100, 160, BROWN, (0.47, 9.5)),
]:
    left.plot(*density(d, bins), color=color, lw=1.4)
    left.text(*place, f"$d={d}$", color=color)
left.axvline(6**-0.5, color="black", lw=0.7, ls=":")
left.set_xlim(0, 1)
left.set_ylim(0, None)
left.set_xlabel(r"$\Vert X-X^{\prime}\Vert/\sqrt{d}$")
left.set_ylabel("density")

rng = np.random.default_rng(0)
dimensions = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 100, 150, 200]
for n, color in [(100, BLUE), (10000, BROWN)]:
    ratios = []
    for d in dimensions:
        points, queries = rng.random((n, d)), rng.random((60, d))
        distances = np.array([np.sqrt(np.sum((points - q) ** 2, axis=1)) for q in queries])
        ratios.append(np.mean(distances.min(axis=1)) / np.mean(distances))
    right.semilogx(dimensions, ratios, color=color, lw=1.4, marker="o", ms=2.5)
    print(n, dict(zip(dimensions, np.round(ratios, 3), strict=True)))
right.text(3.2, 0.3, "$n=100$", color=BLUE, ha="right")
right.text(13, 0.3, "$n=10^4$", color=BROWN)
right.set_ylim(0, 1)
right.set_xlim(1, 200)
right.set_xticks([1, 10, 100], ["1", "10", "100"])
right.set_xlabel("dimension $d$")
right.set_ylabel("nearest / mean distance")
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
