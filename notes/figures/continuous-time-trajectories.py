"""Gradient flow and gradient descent on an ill-conditioned quadratic function."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

CURVATURE = np.array([1.0, 8.0])
START = np.array([2.0, 1.0])


def descent(step: float, count: int) -> np.ndarray:
    """The iterates of gradient descent, one a row."""
    return START * (1 - step * CURVATURE) ** np.arange(count + 1)[:, None]


def main() -> None:
    figure, axes = plt.subplots(figsize=(5.2, 3.0), layout="constrained")
    x, y = np.meshgrid(np.linspace(-0.35, 2.35, 300), np.linspace(-1.05, 1.2, 300))
    value = 0.5 * (CURVATURE[0] * x**2 + CURVATURE[1] * y**2)
    axes.contour(x, y, value, levels=[0.1, 0.4, 1.0, 2.0, 3.5, 6.0], colors="#bbbbbb", linewidths=0.6)

    time = np.concatenate([[0], np.geomspace(1e-3, 8, 400)])
    flow = START * np.exp(-CURVATURE * time[:, None])
    short, long = descent(0.05, 60), descent(0.23, 14)
    axes.plot(long[:, 0], long[:, 1], "-s", color=BROWN, linewidth=0.8, markersize=3)
    axes.plot(flow[:, 0], flow[:, 1], color=BLUE, linewidth=1.6)
    axes.plot(short[:, 0], short[:, 1], "o", color=GREEN, markersize=3)
    axes.plot([0], [0], "+", color=GREY, markersize=8)

    halo = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
    axes.annotate("gradient flow", (1.85, 0.536), xytext=(1.5, 0.8), color=BLUE, bbox=halo,
                  ha="center", arrowprops={"arrowstyle": "-", "color": BLUE, "linewidth": 0.6})
    axes.annotate(r"$\alpha=0.05$", tuple(short[2]), xytext=(2.14, 0.66), color=GREEN, bbox=halo,
                  ha="center", arrowprops={"arrowstyle": "-", "color": GREEN, "linewidth": 0.6})
    axes.text(1.42, -0.90, r"$\alpha=0.23$", color=BROWN, bbox=halo, ha="right")
    axes.text(2.03, 1.04, r"$x_0$", color=GREY)
    axes.text(-0.06, -0.02, r"$x^{\!\star}$", color=GREY, ha="right", va="top")
    axes.set_xlabel(r"$x_1$")
    axes.set_ylabel(r"$x_2$")
    axes.set_xlim(-0.35, 2.35)
    axes.set_ylim(-1.05, 1.2)
    save(figure, __file__)


if __name__ == "__main__":
    main()
