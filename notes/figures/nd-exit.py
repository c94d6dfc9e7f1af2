"""Mean exit times from a double well: exact, by the asymptotic formula, and simulated."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

BARRIER = 0.25


def potential(x):
    """The quartic, continued by a parabola to the left of -2."""
    y = x + 2
    return np.where(x >= -2, x**4 / 4 - x**2 / 2, 2 - 6 * y + 5.5 * y**2)


def slope(x):
    return np.where(x >= -2, x**3 - x, -6 + 11 * (x + 2))


def exact(tau, start=-1.0, end=0.5):
    x = np.linspace(-2.6, end, 62001)
    step = x[1] - x[0]
    inner = np.cumsum(np.exp(-potential(x) / tau)) * step
    values = np.exp(potential(x) / tau) * inner
    return np.sum(values[x >= start]) * step / tau


def simulated(tau, rng, step=0.002, runs=300):
    x, time, alive = np.full(runs, -1.0), np.zeros(runs), np.arange(runs)
    while alive.size:
        noise = rng.standard_normal(alive.size)
        x[alive] += -step * slope(x[alive]) + np.sqrt(2 * tau * step) * noise
        time[alive] += step
        alive = alive[x[alive] < 0.5]
    return time.mean()


fig, (left, right) = plt.subplots(1, 2, figsize=(5.6, 2.5))
x = np.linspace(-1.75, 1.75, 300)
left.plot(x, potential(x), color=BLUE, lw=1.5)
for place, name, height in ((-1, "$w$", -0.11), (0, "$z$", 0.05), (0.5, "$b$", 0.05)):
    left.plot(place, potential(np.array(place)), "o", color=BROWN, ms=4)
    left.text(place, potential(np.array(place)) + height, name, color=BROWN, ha="center")
left.set_xlabel("$x$")
left.set_ylabel("$V(x)$")
left.set_ylim(-0.42, 0.85)

ratios = np.linspace(1, 7, 40)
right.semilogy(ratios, [exact(BARRIER / s) for s in ratios], color=BLUE, lw=1.5)
right.semilogy(ratios, np.sqrt(2) * np.pi * np.exp(ratios), color=GREY, lw=1.2, ls="--")
rng = np.random.default_rng(0)
points = [1.0, 2.0, 3.0]
right.semilogy(points, [simulated(BARRIER / s, rng) for s in points], "o", color=GREEN, ms=4)
right.text(4.3, 6e2, "exact", color=BLUE, ha="right")
right.text(4.6, 1.5e2, "asymptotic", color=GREY)
right.set_xlabel(r"$\Delta V/\tau$")
right.set_ylabel("mean exit time")
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
