"""A steep function: polygons with equidistant and with free knots."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREY, save

KAPPA = 1 / 50
VARIATION = (1 - np.exp(-1 / KAPPA)) / KAPPA
FINE = np.concatenate([np.linspace(0, 0.2, 40001), np.linspace(0.2, 1, 20001)[1:]])


def f(x):
    """The steep function."""
    return np.exp(-x / KAPPA)


def free(m):
    """The knots of the proposition, at most m intervals: equidistant ones and quantiles of f''."""
    k = (m + 1) // 2
    j = np.arange(1, k)
    quantiles = -KAPPA * np.log1p(-j / k * (1 - np.exp(-1 / KAPPA)))
    return np.unique(np.concatenate([np.arange(k + 1) / k, quantiles]))


def error(knots):
    """The uniform error of the polygon with these knots."""
    return np.max(np.abs(np.interp(FINE, knots, f(knots)) - f(FINE)))


fig, (left, right) = plt.subplots(1, 2, figsize=(5.6, 2.5))
knots = free(9)
left.plot(FINE, f(FINE), color=GREY, lw=2.2, alpha=0.6)
left.plot(knots, f(knots), color=BLUE, lw=1.0, marker="o", ms=3)
left.set_xlim(-0.01, 1)
left.set_ylim(-0.02, 1.03)
left.set_xlabel("$x$")

widths = np.unique(np.round(np.geomspace(3, 500, 60)).astype(int))
equal = [error(np.linspace(0, 1, m + 1)) for m in widths]
adapted = [error(free(m)) for m in widths]
right.loglog(widths, equal, color=BROWN, lw=1.4)
right.loglog(widths, adapted, color=BLUE, lw=1.4)
right.loglog(widths, VARIATION / widths**2, color=BLUE, lw=1.0, ls=":")
right.text(60, 0.14, "equidistant", color=BROWN)
right.text(6, 0.012, "free", color=BLUE)
right.set_ylim(3e-5, 3)
right.set_xlabel("number $m$ of intervals")
right.set_ylabel("uniform error")
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
