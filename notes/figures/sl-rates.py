"""Upper confidence bounds for a risk against the sample size, and the PAC-Bayes bounds."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save


def kl(q, p):
    """The relative entropy of two coins; q may be zero."""
    first = q * np.log(q / p) if q > 0 else 0.0
    return first + (1 - q) * np.log((1 - q) / (1 - p))


def upper(q, a):
    """The largest p with kl(q, p) <= a, by bisection."""
    low, high = q, 1 - 1e-12
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if kl(q, middle) <= a else (low, middle)
    return low


fig, (left, right) = plt.subplots(1, 2, figsize=(5.6, 2.6))
sizes = np.geomspace(100, 1e5, 100)
scale = np.log(100)
for q, color in [(0.0, GREEN), (0.01, BROWN), (0.2, BLUE)]:
    left.loglog(sizes, [upper(q, scale / n) - q for n in sizes], color=color, lw=1.4)
left.loglog(sizes, np.sqrt(scale / (2 * sizes)), color=GREY, lw=1.2, ls="--")
left.text(700, 3e-3, "$q=0$", color=GREEN, ha="right")
left.text(2.3e4, 6.5e-4, "$q=0.01$", color=BROWN, ha="center", fontsize=8)
left.text(2.2e3, 0.0088, "$q=0.2$", color=BLUE, fontsize=8)
left.text(4e3, 0.036, "Hoeffding", color=GREY)
left.set_xlabel("sample size $n$")
left.set_ylabel("upper bound $-\\ q$")

n, q, delta = 10**4, 0.05, 0.05
entropies = np.linspace(0, 600, 200)
a = (entropies + np.log((n + 1) / delta)) / n
right.plot(entropies, q + np.sqrt(a / 2), color=GREY, lw=1.2, ls="--")
right.plot(entropies, q + np.sqrt(2 * a * q) + 2 * a, color=BROWN, lw=1.2)
right.plot(entropies, [upper(q, x) for x in a], color=BLUE, lw=1.4)
right.text(40, 0.182, r"$q+\sqrt{a/2}$", color=GREY)
right.text(330, 0.245, r"$q+\sqrt{2aq}+2a$", color=BROWN, ha="center")
right.text(400, 0.115, "kl inverted", color=BLUE)
right.set_ylim(0.04, 0.27)
right.set_xlabel(r"$\mathrm{KL}(Q\,\Vert\,P)$")
right.set_ylabel("bound on the risk")
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
