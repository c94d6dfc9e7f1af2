"""The regularized linear network with two weights: two minima and a saddle, or one flat minimum."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

grid = np.linspace(-1.7, 1.7, 301)
a, b = np.meshgrid(grid, grid)


def objective(penalty):
    return 0.5 * (a * b - 1) ** 2 + 0.5 * penalty * (a**2 + b**2)


fig, axes = plt.subplots(1, 2, figsize=(5.2, 3.0), sharey=True)
for axis, penalty in zip(axes, (0.2, 1.0), strict=True):
    values = objective(penalty)
    levels = values.min() + np.array([0.01, 0.04, 0.1, 0.2, 0.32, 0.5, 0.8, 1.3, 2.0, 3.2, 5.0])
    axis.contour(a, b, values, levels=levels, colors=GREY, linewidths=0.6)
    axis.set_aspect("equal")
    axis.set_title(rf"$\lambda={penalty:g}$", fontsize=9)
    axis.set_xlabel("$a$")
    axis.set_xticks([-1, 0, 1])
    axis.set_yticks([-1, 0, 1])
left, right = axes
s = np.sqrt(0.8)
left.plot([s, -s], [s, -s], "o", color=BLUE, ms=5)
left.plot(0, 0, "x", color=BROWN, ms=7, mew=1.6)
for sign in (1, -1):
    end = sign * 0.5
    style = {"arrowstyle": "->", "lw": 1.2}
    left.annotate("", (end, end), (0, 0), arrowprops={**style, "color": GREEN})
    left.annotate("", (end, -end), (0, 0), arrowprops={**style, "color": BROWN})
box = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
left.text(0.42, 0.16, "down", color=GREEN, bbox=box)
left.text(0.55, -0.62, "up", color=BROWN, va="top", bbox=box)
right.plot(0, 0, "o", color=BLUE, ms=5)
left.set_ylabel("$b$", rotation=0, labelpad=6)
fig.tight_layout(pad=0.4)
save(fig, __file__)
