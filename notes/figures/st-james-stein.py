"""The risk of the James-Stein estimate and of its positive part in ten dimensions."""

from math import gamma

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

D = 10  # sigma is 1
TERMS = 400


def mean_inverse(square):
    """E 1/|X|^2: the squared norm is chi-square with D + 2K degrees, K Poisson(square / 2)."""
    j = np.arange(TERMS)
    factorials = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, TERMS)))))
    rate = max(square / 2, 1e-12)
    return np.sum(np.exp(j * np.log(rate) - rate - factorials) / (D - 2 + 2 * j))


def positive_part(r, points=900):
    """Risk of the positive part: integrate over the first coordinate and the rest's norm."""
    first = np.linspace(r - 8, r + 8, points)
    rest = np.linspace(1e-6, 10, points)
    weight = np.exp(-((first - r) ** 2) / 2) / np.sqrt(2 * np.pi)
    chi = rest ** (D - 2) * np.exp(-(rest**2) / 2) / (2 ** ((D - 1) / 2 - 1) * gamma((D - 1) / 2))
    square = first[:, None] ** 2 + rest**2
    factor = np.maximum(0, 1 - (D - 2) / square)
    loss = (factor * first[:, None] - r) ** 2 + (factor * rest) ** 2
    area = (first[1] - first[0]) * (rest[1] - rest[0])
    return np.sum(loss * weight[:, None] * chi) * area


x = np.linspace(0, 3, 121)
norm = x * np.sqrt(D)
james_stein = np.array([D - (D - 2) ** 2 * mean_inverse(r**2) for r in norm]) / D
bound = (D - (D - 2) ** 2 / (D + norm**2)) / D
oracle = x**2 / (1 + x**2)
plus = np.array([positive_part(r) for r in norm[::4]]) / D

fig, axis = plt.subplots(figsize=(5.2, 2.7))
axis.axhline(1, color=GREY, lw=1.2)
axis.plot(x, bound, "--", color=BROWN, lw=1.0)
axis.plot(x, james_stein, color=BROWN, lw=1.5)
axis.plot(x[::4], plus, color=BLUE, lw=1.3)
axis.plot(x, oracle, ":", color=GREEN, lw=1.4)
axis.text(2.99, 1.02, "maximum likelihood", color=GREY, ha="right", va="bottom")
axis.annotate(
    "James–Stein",
    (0.22, 0.22),
    (0.75, 0.25),
    color=BROWN,
    va="center",
    arrowprops={"arrowstyle": "-", "color": BROWN, "lw": 0.6},
)
axis.text(0.55, 0.53, "its bound", color=BROWN, ha="right")
axis.annotate(
    "positive part",
    (0.28, 0.178),
    (0.75, 0.1),
    color=BLUE,
    va="center",
    arrowprops={"arrowstyle": "-", "color": BLUE, "lw": 0.6},
)
axis.text(1.0, 0.4, "best multiple of $X$", color=GREEN)
axis.set_xlim(0, 3)
axis.set_ylim(0, 1.12)
axis.set_xlabel(r"$\Vert\theta\Vert\,/\,(\sigma\sqrt{d})$")
axis.set_ylabel(r"risk$\,/\,(d\sigma^2)$")
fig.tight_layout(pad=0.4)
save(fig, __file__)
