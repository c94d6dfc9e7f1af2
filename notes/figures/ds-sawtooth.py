"""The sawtooth functions, and what size buys for the approximation of the square."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save


def sawtooth(x, k):
    """The k-fold composition of the tent."""
    for _ in range(k):
        x = 1 - np.abs(2 * x - 1)
    return x


fig, (left, right) = plt.subplots(1, 2, figsize=(5.8, 2.7))
x = np.arange(2**10 + 1) / 2**10
for level, (k, color) in enumerate([(4, GREEN), (2, BROWN), (1, BLUE)]):
    left.plot(x, sawtooth(x, k) + 1.4 * level, color=color, lw=1.3)
    left.text(1.04, 1.4 * level + 0.4, rf"$\tau_{k}$", color=color)
left.set_xlim(0, 1)
left.set_ylim(-0.1, 4)
left.set_yticks([])
left.spines["left"].set_visible(False)
left.set_xlabel("$x$")

N = np.arange(1, 41)
right.semilogy(N, 1 / (8 * (N + 1.0) ** 2), color=BLUE, lw=1.4)
right.semilogy(N, 1 / (8 * (1 + N / 3) ** 6), color=BROWN, lw=1.4, ls="--")
k = np.arange(1, 14)
right.semilogy(3 * k - 1, 4.0 ** (-k - 1), color=GREEN, lw=1, marker="o", ms=3)
right.semilogy(N, 4.0**-N / 8, color=GREY, lw=1, ls=":")
right.text(22, 6e-4, "two layers", color=BLUE)
right.text(14.5, 8e-9, "three hidden\nlayers (bound)", color=BROWN, va="center", fontsize=8)
right.text(24.5, 3e-6, "deep", color=GREEN)
right.text(0.8, 6e-9, "bound for\nall depths", color=GREY, va="center", fontsize=8)
right.set_xlim(0, 42)
right.set_ylim(1e-9, 1)
right.set_xlabel("number $N$ of neurons")
right.set_ylabel("error")
fig.tight_layout(pad=0.4, w_pad=2.2)
save(fig, __file__)
