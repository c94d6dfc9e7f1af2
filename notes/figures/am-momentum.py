"""The heavy ball and gradient descent with optimal parameters: paths, and the transient growth."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save


def optimal(low, high):
    """Step size and momentum of the heavy ball for a spectrum in [low, high]."""
    root = np.sqrt(high / low)
    return 4 / (np.sqrt(high) + np.sqrt(low)) ** 2, ((root - 1) / (root + 1)) ** 2


def path(spectrum, start, step, momentum, steps):
    """The points of the heavy ball on a diagonal quadratic."""
    points = [np.array(start, float)] * 2
    for _ in range(steps):
        now, before = points[-1], points[-2]
        points.append(now - step * spectrum * now + momentum * (now - before))
    return np.array(points[1:])


fig, (left, right) = plt.subplots(1, 2, figsize=(5.6, 2.5), width_ratios=[1.15, 1])
spectrum, start = np.array([1.0, 25.0]), (10.0, 1.2)
x, y = np.meshgrid(np.linspace(-4.5, 10.8, 200), np.linspace(-3.2, 3.2, 200))
left.contour(x, y, x**2 + 25 * y**2, levels=[4, 20, 60, 130, 230], colors=GREY, linewidths=0.4)
descent = path(spectrum, start, 2 / 26, 0, 20)
ball = path(spectrum, start, *optimal(1, 25), 20)
left.plot(*descent.T, color=BROWN, lw=1, marker="o", ms=2)
left.plot(*ball.T, color=BLUE, lw=1.2, marker="o", ms=2)
left.plot(0, 0, marker="+", color="black", ms=6)
left.set_xlabel("$x_1$")
left.set_ylabel("$x_2$")

steps = np.arange(121)
spectrum = np.array([1.0, 100.0])
for start, color, label, place in [
    ((0, 1), BLUE, r"$\lambda=L$", (26, 1.7)),
    ((1, 0), GREEN, r"$\lambda=\mu$", (12, 1e-3)),
]:
    errors = np.linalg.norm(path(spectrum, start, *optimal(1, 100), 120), axis=1)
    right.semilogy(steps, errors, color=color, lw=1.4)
    right.text(*place, label, color=color)
right.semilogy(steps, (99 / 101) ** steps, color=BROWN, lw=1.4)
right.text(50, 0.016, "gradient descent", color=BROWN)
right.set_ylim(1e-8, 12)
right.set_xlim(0, 120)
right.set_xlabel("iteration $k$")
right.set_ylabel(r"$\Vert x_k-x^\star\Vert$")
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
