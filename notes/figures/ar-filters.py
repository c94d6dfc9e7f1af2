"""Frequency responses of a mean, a difference, their product, with singular values for n = 12."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, save

FILTERS = [
    ("mean", {-1: 1 / 3, 0: 1 / 3, 1: 1 / 3}, BLUE, (0.12, 1.08)),
    ("difference", {0: 1.0, 1: -1.0}, BROWN, (1.35, 1.62)),
    ("difference, then mean", {-1: 1 / 3, 2: -1 / 3}, GREEN, (1.28, 0.72)),
]


def response(taps, theta):
    return np.abs(sum(w * np.exp(-1j * j * theta) for j, w in taps.items()))


fig, axis = plt.subplots(figsize=(5.2, 2.6))
theta = np.linspace(0, np.pi, 601)
dots = 2 * np.pi * np.arange(7) / 12
for name, taps, color, place in FILTERS:
    axis.plot(theta, response(taps, theta), color=color, lw=1.4)
    axis.plot(dots, response(taps, dots), "o", color=color, ms=3.5)
    axis.text(*place, name, color=color, ha="right" if name == "difference" else "left")
axis.set_xlim(0, np.pi + 0.03)
axis.set_ylim(0, 2.1)
axis.set_xticks([0, np.pi / 3, 2 * np.pi / 3, np.pi], ["0", r"$\pi/3$", r"$2\pi/3$", r"$\pi$"])
axis.set_xlabel(r"frequency $\theta$")
fig.tight_layout(pad=0.4)
save(fig, __file__)
