"""Sums of strips, the bump of a square, and an average of strips in eight directions."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from style import BLUE, save

HALF, RAMP = 0.5, 0.2
EDGE = 4  # far enough out for the arms in eight directions to separate
LEVELS = [0.02, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0001]  # white below the first
SHADES = LinearSegmentedColormap.from_list("shades", ["white", BLUE])


def strip(t):
    """The trapezoid that is one in the middle of [-HALF, HALF] and zero outside."""
    return np.clip((HALF - np.abs(t)) / RAMP, 0, 1)


side = np.linspace(-EDGE, EDGE, 121)
x, y = np.meshgrid(side, side)
cross = strip(x) + strip(y)
bump = np.maximum(cross - 1, 0)
angles = np.pi * np.arange(8) / 8
star = np.mean([strip(np.cos(a) * x + np.sin(a) * y) for a in angles], axis=0)

fig, axes = plt.subplots(1, 3, figsize=(5.8, 2.1))
for axis, values, title in [
    (axes[0], cross / 2, "two strips"),
    (axes[1], bump, "two hidden layers"),
    (axes[2], star, "eight strips"),
]:
    axis.contourf(x, y, values, levels=LEVELS, cmap=SHADES, vmin=0, vmax=1)
    axis.set_aspect("equal")
    axis.set_title(title, fontsize=9)
    axis.set_xticks([-EDGE, 0, EDGE])
    axis.set_yticks([-EDGE, 0, EDGE])
fig.tight_layout(pad=0.4, w_pad=0.8)
save(fig, __file__)
