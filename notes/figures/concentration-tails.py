"""Tail of a binomial mean and the bounds on it, on a logarithmic scale."""

import matplotlib.pyplot as plt
import numpy as np
from scipy.special import rel_entr
from scipy.stats import binom
from style import BLUE, BROWN, GREEN, GREY, save

N, P = 200, 0.05

t = np.linspace(0.002, 0.12, 600)
variance = P * (1 - P)
chebyshev = np.minimum(1, variance / (N * t**2))
hoeffding = np.exp(-2 * N * t**2)
bernstein = np.exp(-N * t**2 / (2 * (variance + (1 - P) * t / 3)))
chernoff = np.exp(-N * (rel_entr(P + t, P) + rel_entr(1 - P - t, 1 - P)))
counts = np.arange(11, 35)  # the tail is a step function: its values at the jumps
exact = binom.sf(counts - 1, N, P)

figure, axes = plt.subplots(figsize=(5.2, 3.0))
axes.semilogy(t, chebyshev, color=GREY, linewidth=1.2, linestyle="--")
axes.semilogy(t, hoeffding, color=BROWN, linewidth=1.4)
axes.semilogy(t, bernstein, color=BLUE, linewidth=1.4)
axes.semilogy(t, chernoff, color=GREEN, linewidth=1.4)
axes.semilogy(counts / N - P, exact, color="black", marker="o", markersize=2.2, linestyle="none",
              clip_on=False)
for name, curve, color in [
    ("Chebyshev", chebyshev, GREY),
    ("Hoeffding", hoeffding, BROWN),
    ("Bernstein", bernstein, BLUE),
    ("Chernoff", chernoff, GREEN),
    ("exact", exact, "black"),
]:
    axes.annotate(
        name, (0.12, curve[-1]), xytext=(6, 0), textcoords="offset points",
        color=color, va="center",
    )
axes.set_xlim(0, 0.12)
axes.set_ylim(1e-10, 2)
axes.set_xlabel(r"deviation $t$")
axes.set_ylabel(r"bound on $\mathbb{P}(\bar X_n - p \geq t)$")
figure.tight_layout()
figure.subplots_adjust(right=0.85)
save(figure, __file__)
