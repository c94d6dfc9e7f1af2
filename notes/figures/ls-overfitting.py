"""Polynomial least squares: three fits of one sample, and the exact expected errors by degree."""

import matplotlib.pyplot as plt
import numpy as np
from numpy.polynomial import legendre
from style import BLUE, BROWN, GREEN, GREY, save

N, SIGMA = 15, 0.3


def target(x):
    return np.sin(np.pi * x)


def features(x, degree):
    return legendre.legvander(x, degree)


x = np.linspace(-1, 1, N)
v = target(x)
y = v + SIGMA * np.random.default_rng(4).standard_normal(N)
grid = np.linspace(-1, 1, 2001)
g = target(grid)

fig, (left, right) = plt.subplots(1, 2, figsize=(6.3, 2.7), width_ratios=[1.1, 1])
left.plot(grid, g, color=GREY, lw=1.0, ls=":")
for degree, color in ((1, GREEN), (3, BLUE), (14, BROWN)):
    w = np.linalg.lstsq(features(x, degree), y, rcond=None)[0]
    left.plot(grid, features(grid, degree) @ w, color=color, lw=1.3, label=f"$m={degree}$")
left.plot(x, y, "o", color="black", ms=3.2, zorder=5)
left.set_ylim(-2.4, 2.4)
left.set_xlabel("$x$")
left.legend(frameon=False, loc="upper center", fontsize=8, handlelength=1.4)

degrees = np.arange(N)
train, design, interval = [], [], []
for degree in degrees:
    phi = features(x, degree)
    pinv = np.linalg.pinv(phi)
    bias = np.mean((v - phi @ (pinv @ v)) ** 2)
    train.append(bias + SIGMA**2 * (1 - (degree + 1) / N))
    design.append(bias + SIGMA**2 * (degree + 1) / N)
    smooth = features(grid, degree) @ pinv
    interval.append(np.mean((smooth @ v - g) ** 2 + SIGMA**2 * np.sum(smooth**2, axis=1)))
right.semilogy(degrees[:-1], train[:-1], "-s", color=BLUE, lw=1.1, ms=3)
right.semilogy(degrees, design, "-o", color=BROWN, lw=1.1, ms=3)
right.semilogy(degrees, interval, "-^", color=GREEN, lw=1.1, ms=3)
right.text(11.2, 0.006, "training error", color=BLUE, ha="right")
right.text(2.4, 0.0145, "at the design points", color=BROWN)
right.text(11.4, 3.2, "on the interval", color=GREEN, ha="right")
right.set_xlabel("degree $m$")
right.set_ylabel("expected error")
right.set_ylim(0.004, 100)
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
