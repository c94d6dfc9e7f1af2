"""The two parts of the excess risk of the histogram rule in one dimension, computed exactly."""

import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import binom
from style import BLUE, BROWN, GREEN, GREY, save

NOISE = 0.5


def g(x):
    return 2 * np.abs(x - 1 / 3)


def parts(cells, n):
    """Approximation and expected estimation error for X uniform on [0, 1] and Y = g(X) + noise."""
    fine = 400
    x = (np.arange(cells * fine) + 0.5) / (cells * fine)
    values = g(x).reshape(cells, fine)
    within, means = values.var(axis=1), values.mean(axis=1)
    t = np.arange(1, n + 1)
    inverse = np.sum(binom.pmf(t, n, 1 / cells) / t)
    estimation = np.mean((NOISE**2 + within) * inverse + means**2 * (1 - 1 / cells) ** n)
    return within.mean(), estimation


fig, axis = plt.subplots(figsize=(5.2, 2.8))
cells = np.arange(1, 61)
approximation = np.array([parts(N, 100)[0] for N in cells])
axis.loglog(cells, approximation, color=GREY, lw=1.2, ls="--")
for n, color in [(100, BLUE), (1000, BROWN), (10000, GREEN)]:
    estimation = np.array([parts(N, n)[1] for N in cells])
    total = approximation + estimation
    axis.loglog(cells, estimation, color=color, lw=1.0, ls=":")
    axis.loglog(cells, total, color=color, lw=1.5)
    best = int(np.argmin(total))
    print(n, cells[best], total[best])
    axis.plot(cells[best], total[best], "o", color=color, ms=4)
    axis.text(63, total[-1], f"$n={n}$", color=color, va="center")
axis.text(31, 1.25e-4, "approximation", color=GREY, ha="right")
axis.text(1.06, 0.011, "estimation", color=BLUE)
axis.set_xlim(1, 60)
axis.set_ylim(1e-4, 0.4)
axis.set_xticks([1, 2, 5, 10, 20, 50], ["1", "2", "5", "10", "20", "50"])
axis.minorticks_off()
axis.set_xlabel("number $N$ of cells")
axis.set_ylabel("expected excess risk")
fig.tight_layout(pad=0.4)
fig.subplots_adjust(right=0.85)
save(fig, __file__)
