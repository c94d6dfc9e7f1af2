"""The objective along the gradient, heavy-ball and Nesterov flows of a quadratic function."""

import matplotlib.pyplot as plt
import numpy as np
from scipy.special import j1
from style import BLUE, BROWN, GREEN, GREY, save

MU, LARGE = 0.01, 1.0


def gap(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The objective at the points with the given coordinates."""
    return 0.5 * (MU * first**2 + LARGE * second**2)


def main() -> None:
    time = np.linspace(0.02, 100, 6000)
    flow = gap(np.exp(-MU * time), np.exp(-LARGE * time))
    root, omega = np.sqrt(MU), np.sqrt(LARGE - MU)
    decay = np.exp(-root * time)
    ball = gap(decay * (1 + root * time),
               decay * (np.cos(omega * time) + root / omega * np.sin(omega * time)))
    nesterov = gap(*(2 * j1(np.sqrt(curvature) * time) / (np.sqrt(curvature) * time)
                     for curvature in (MU, LARGE)))

    figure, axes = plt.subplots(figsize=(5.2, 3.0), layout="constrained")
    axes.semilogy(time, 4 / time**2, "--", color=GREY, linewidth=0.9)
    axes.semilogy(time, ball, color=GREEN, linewidth=1.1)
    axes.semilogy(time, nesterov, color=BROWN, linewidth=1.1)
    axes.semilogy(time, flow, color=BLUE, linewidth=1.6)
    axes.text(70, 2.1e-3, "gradient flow", color=BLUE)
    axes.text(75, 5e-5, "Nesterov flow", color=BROWN)
    axes.text(44, 1.6e-7, "heavy-ball flow", color=GREEN)
    axes.text(13, 5e-2, r"$2\|x_0-x^{\!\star\!}\|^2/t^2$", color=GREY)
    axes.set_xlabel(r"time $t$")
    axes.set_ylabel(r"$f(X(t))-f^{\!\star\!}$")
    axes.set_xlim(0, 100)
    axes.set_ylim(1e-8, 2)
    save(figure, __file__)


if __name__ == "__main__":
    main()
