"""The two directions of the divergence: products for a correlated pair, and two modes."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREY, save

RHO = 0.9


def normal(x, mean, variance):
    return np.exp(-((x - mean) ** 2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)


fig, (left, right) = plt.subplots(1, 2, figsize=(5.6, 2.5))
angle = np.linspace(0, 2 * np.pi, 120)
circle = np.array([np.cos(angle), np.sin(angle)])
root = np.linalg.cholesky(np.array([[1, RHO], [RHO, 1]]))
left.fill(*(root @ circle), color=GREY, alpha=0.35, lw=0)
left.plot(*(root @ circle), color=GREY, lw=1)
left.plot(*(np.sqrt(1 - RHO**2) * circle), color=BLUE, lw=1.4)
left.plot(*circle, color=BROWN, lw=1.4)
left.set_aspect("equal")
left.set_xlabel("$x_1$")
left.set_ylabel("$x_2$")

x = np.linspace(-8, 8, 801)
p = 0.5 * normal(x, -3, 1) + 0.5 * normal(x, 3, 1)
log_p = np.logaddexp(-((x + 3) ** 2) / 2, -((x - 3) ** 2) / 2) - np.log(2 * np.sqrt(2 * np.pi))


def reverse(mean, variance):
    q = normal(x, mean, variance)
    return float(np.sum(q * (np.log(q) - log_p)) * (x[1] - x[0]))


grid = [(m, v) for m in np.linspace(2.8, 3.2, 21) for v in np.linspace(0.8, 1.2, 21)]
best = min(grid, key=lambda pair: reverse(*pair))
right.fill_between(x, p, color=GREY, alpha=0.35, lw=0)
right.plot(x, p, color=GREY, lw=1)
right.plot(x, normal(x, *best), color=BLUE, lw=1.4)
right.plot(x, normal(x, 0, 10), color=BROWN, lw=1.4)
right.set_xlim(-8, 8)
right.set_ylim(0, None)
right.set_xlabel("$x$")
right.set_ylabel("density")
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
