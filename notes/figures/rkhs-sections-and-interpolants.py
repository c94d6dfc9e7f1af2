"""Sections of three kernels and the interpolants with minimal norm that they give."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

SCALE = 0.15


def minimum(s, t):
    return np.minimum(s, t)


def laplace(s, t):
    return np.exp(-np.abs(s - t) / SCALE)


def gauss(s, t):
    return np.exp(-((s - t) ** 2) / (2 * SCALE**2))


def interpolant(kernel, points, values, grid):
    gram = kernel(points[:, None], points[None, :])
    return kernel(grid[:, None], points[None, :]) @ np.linalg.solve(gram, values)


def draw():
    grid = np.linspace(0, 1, 1001)
    points = np.array([0.1, 0.3, 0.5, 0.7, 0.95])
    values = np.array([0.6, 1.0, -0.2, 0.5, 0.8])
    kernels = [(minimum, BLUE, "-"), (laplace, BROWN, "--"), (gauss, GREEN, "-.")]
    figure, (left, right) = plt.subplots(1, 2, figsize=(5.2, 3.0), layout="constrained")
    for kernel, color, style in kernels:
        left.plot(grid, kernel(grid, 0.5), color=color, linestyle=style, linewidth=1.4)
        curve = interpolant(kernel, points, values, grid)
        right.plot(grid, curve, color=color, linestyle=style, linewidth=1.4)
    right.plot(points, values, "o", color=GREY, markersize=4.5, zorder=5)
    left.text(1.0, 0.52, "minimum", color=BLUE, ha="right", va="bottom")
    left.text(0.06, 0.78, "Gaussian", color=GREEN, ha="left", va="bottom")
    left.text(0.58, 0.95, "Laplace", color=BROWN, ha="left", va="bottom")
    left.set_xlabel("$t$")
    left.set_ylabel(r"$k(t,\,1/2)$")
    right.set_xlabel("$t$")
    right.set_ylabel(r"$\hat f(t)$")
    left.set_ylim(0, 1.08)
    for axes in (left, right):
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1])
    return figure


def main():
    figure = draw()
    save(figure, __file__)


if __name__ == "__main__":
    main()
