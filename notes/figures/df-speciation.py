"""The potential before and after speciation, and the cloning probability in several dimensions."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(120)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


def cloning(snr):
    """The function F of the signal-to-noise ratio."""
    snr = np.minimum(np.asarray(snr), 12.0)
    mean = (1 / np.cosh(np.outer(snr, NODES))) @ WEIGHTS
    return 1 - np.exp(-(snr**2) / 2) * mean / 2


fig, (left, right) = plt.subplots(1, 2, figsize=(5.8, 2.6))
q = np.linspace(-3.6, 3.6, 601)
for snr, color, place in [
    (0.5, GREY, (-0.8, 2.75)),
    (1.0, BLUE, (3.3, 1.75)),
    (2.0, BROWN, (0.3, 1.4)),
]:
    potential = q**2 / 2 - np.log(np.cosh(snr * q))
    left.plot(q, potential - potential.min(), color=color, lw=1.5)
    left.text(*place, rf"$\lambda_t={snr:g}$", color=color, ha="left")
left.set_ylim(0, 3.2)
left.set_xlim(-3.6, 5.2)
left.set_xlabel("$q$")
left.set_ylabel(r"$-\log p_t$")

time = np.linspace(0.02, 2.5, 400)
for power, color in [(1, GREY), (3, GREEN), (6, BLUE), (12, BROWN)]:
    half = power * np.log(10) / 2
    value = cloning(np.exp(half - time * half))
    label = "$d=10$" if power == 1 else rf"$d=10^{{{power}}}$"
    right.plot(time, value, color=color, lw=1.5, label=label)
    print(power, np.round(cloning(np.exp(half - np.array([0.5, 1, 1.5]) * half)), 4))
right.legend(frameon=False, loc="upper right")
right.axvline(1, color="black", lw=0.7, ls=":")
right.set_xlim(0, 2.5)
right.set_ylim(0.48, 1.03)
right.set_xlabel(r"$t\,/\,\frac{1}{2}\log d$")
right.set_ylabel(r"$\varphi(t)$")
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
