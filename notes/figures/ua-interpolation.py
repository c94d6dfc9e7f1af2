"""Polygons and staircases in one dimension: one picture of each, and their errors by width."""

import matplotlib.pyplot as plt
import numpy as np
from scipy.special import expit
from style import BLUE, BROWN, GREEN, GREY, save

X = np.linspace(0, 1, 20001)


def g(x):
    """The smooth function of both panels."""
    return 0.5 + 0.5 * np.sin(2 * np.pi * x) * np.exp(-x)


def polygon(function, width, x):
    """The interpolating ReLU network, written as a sum of its neurons."""
    knots = np.arange(width + 1) / width
    slopes = width * np.diff(function(knots))
    kinks = np.diff(slopes, prepend=0)
    f = np.full_like(x, function(knots[0]))
    for kink, knot in zip(kinks, knots, strict=False):
        f += kink * np.maximum(x - knot, 0)
    return f


def staircase(function, width, x):
    """The network of smoothed steps with the logistic function."""
    values = function(np.arange(width + 1) / width)
    steepness = 8 * width * np.log(width)  # enough for errors below 1/N outside a step
    f = np.full_like(x, values[0])
    for k in range(1, width + 1):
        f += (values[k] - values[k - 1]) * expit(steepness * (x - (2 * k - 1) / (2 * width)))
    return f


fig, (left, right) = plt.subplots(1, 2, figsize=(5.8, 2.6))
left.plot(X, g(X), color=GREY, lw=3, alpha=0.45)
left.plot(X, polygon(g, 8, X), color=BLUE, lw=1.2)
left.plot(X, staircase(g, 8, X), color=BROWN, lw=1.2)
left.plot(np.arange(9) / 8, g(np.arange(9) / 8), "o", color=BLUE, ms=3)
left.text(0.45, 0.8, "polygon", color=BLUE)
left.text(0.58, 0.57, "staircase", color=BROWN)
left.set_xlim(0, 1)
left.set_xlabel("$x$")

widths = np.array([2, 4, 8, 16, 32, 64, 128, 256])
for method, function, color, label, place in [
    (staircase, g, BROWN, "staircase, $g$", (5, 0.27)),
    (polygon, np.sqrt, GREEN, r"polygon, $\sqrt{x}$", (32, 0.065)),
    (polygon, g, BLUE, "polygon, $g$", (3, 0.0015)),
]:
    errors = [np.max(np.abs(method(function, int(n), X) - function(X))) for n in widths]
    right.loglog(widths, errors, color=color, lw=1.4, marker="o", ms=2.5)
    right.text(*place, label, color=color)
right.set_xticks([2, 8, 32, 128], ["2", "8", "32", "128"])
right.minorticks_off()
right.set_xlabel("width $N$")
right.set_ylabel("uniform error")
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
