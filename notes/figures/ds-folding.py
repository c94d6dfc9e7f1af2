"""Lines that the last layer draws on the folded square, and what is seen after unfolding."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, GREY, save

# a x + b y = c: four lines in general position, all eleven regions of which meet the square
LINES = [(0.1, 1.0, 0.47), (-0.4, 0.9, 0.11), (0.9, 0.4, 0.51), (-1.0, 0.1, -0.18)]


def zigzag(x, q):
    """The distance of qx to the even integers."""
    return np.abs(q * x - 2 * np.round(q * x / 2))


grid = np.linspace(0, 1, 801)
X, Y = np.meshgrid(grid, grid)
fig, axes = plt.subplots(1, 3, figsize=(5.8, 2.15))
for axis, q in zip(axes, (1, 2, 4), strict=True):
    U, V = zigzag(X, q), zigzag(Y, q)
    for a, b, c in LINES:
        axis.contour(X, Y, a * U + b * V - c, levels=[0], colors=[BLUE], linewidths=1.1)
    for i in range(1, q):
        axis.axhline(i / q, color=GREY, lw=0.7, ls="--")
        axis.axvline(i / q, color=GREY, lw=0.7, ls="--")
    axis.set_aspect("equal")
    axis.set_xticks([])
    axis.set_yticks([])
    axis.spines["right"].set_visible(True)
    axis.spines["top"].set_visible(True)
    axis.set_xlabel({1: "last layer", 2: "one fold", 4: "two folds"}[q])
fig.tight_layout(pad=0.4, w_pad=1.2)
save(fig, __file__)
