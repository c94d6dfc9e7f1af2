"""Newton's method on the derivative of the two-observation logistic loss, from two starts."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREY, save


def derivative(w):
    """The derivative of the loss log(2 cosh(w/2))."""
    return np.tanh(w / 2) / 2


def iterates(start, steps):
    """The points of the undamped Newton iteration."""
    points = [start]
    for _ in range(steps):
        points.append(points[-1] - np.sinh(points[-1]))
    return points


figure, panels = plt.subplots(1, 2, figsize=(5.2, 2.5), sharey=True)
for axes, start, steps, limit, shifts in [
    (panels[0], 1.8, 2, 3.2, [(9, 5), (0, 6), (7, -12)]),
    (panels[1], 2.3, 2, 5.2, [(9, 5), (0, 6), (3, 5)]),
]:
    grid = np.linspace(-limit, limit, 400)
    axes.plot(grid, derivative(grid), color=BLUE, linewidth=1.4)
    axes.axhline(0, color="black", linewidth=0.6)
    points = iterates(start, steps)
    for left, right in pairwise(points):
        axes.plot([left, left], [0, derivative(left)], color=GREY, linewidth=0.8, linestyle=":")
        axes.plot([left, right], [derivative(left), 0], color=BROWN, linewidth=1.1)
        axes.plot(left, derivative(left), color=BLUE, marker="o", markersize=3)
    for k, (point, shift) in enumerate(zip(points, shifts, strict=True)):
        axes.plot(point, 0, color="black", marker="o", markersize=2.5)
        axes.annotate(
            f"$w_{k}$", (point, 0), xytext=shift, textcoords="offset points", ha="center"
        )
    axes.set_xlim(-limit, limit)
    axes.set_ylim(-0.62, 0.62)
    axes.set_xlabel("$w$")
panels[0].set_yticks([-0.5, 0, 0.5])
panels[0].annotate("$f'(w)$", (-3.1, -0.34), color=BLUE)
panels[0].annotate("start 1.8", (0.05, 0.94), xycoords="axes fraction", color=GREY)
panels[1].annotate("start 2.3", (0.05, 0.94), xycoords="axes fraction", color=GREY)
figure.tight_layout()
save(figure, __file__)
