"""Gradient descent on an ill-conditioned quadratic: the paths for three step sizes."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

MU, L = 1.0, 10.0


def path(alpha, steps, start=(10.0, 1.6)):
    points = [np.array(start)]
    for _ in range(steps):
        x = points[-1]
        points.append(x - alpha * np.array([MU, L]) * x)
    return np.array(points)


fig, axes = plt.subplots(3, 1, figsize=(5.2, 2.7), sharex=True)
grid_x, grid_y = np.meshgrid(np.linspace(-1, 11.2, 300), np.linspace(-2.1, 2.1, 200))
values = 0.5 * (MU * grid_x**2 + L * grid_y**2)
cases = [
    (1 / L, 20, BLUE, r"$\alpha=1/L$"),
    (2 / (L + MU), 20, BROWN, r"$\alpha=2/(L+\mu)$"),
    (1.96 / L, 20, GREEN, r"$\alpha=1.96/L$"),
]
for axis, (alpha, steps, colour, label) in zip(axes, cases):
    axis.contour(grid_x, grid_y, values, levels=[1, 4, 10, 20, 35, 55],
                 colors=GREY, linewidths=0.45, alpha=0.7)
    p = path(alpha, steps)
    axis.plot(p[:, 0], p[:, 1], "-o", color=colour, lw=1.0, ms=2.4)
    axis.plot(0, 0, "+", color="black", ms=6)
    axis.text(0.995, 0.06, label, color=colour, transform=axis.transAxes,
              ha="right", va="bottom")
    axis.set_xlim(-1, 12.6)
    axis.set_ylim(-2.1, 2.1)
    axis.set_yticks([-1, 0, 1])
    axis.set_ylabel("$x_2$", rotation=0, labelpad=8)
axes[-1].set_xlabel("$x_1$")
fig.tight_layout(pad=0.4, h_pad=0.4)
save(fig, __file__)
