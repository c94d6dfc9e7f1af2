"""Neurons on a circle: finite networks against the mean-field limit, which has a closed form."""

import matplotlib.pyplot as plt
import numpy as np
from scipy.integrate import solve_ivp
from style import BLUE, BROWN, GREEN, GREY, save

KAPPA, STEP = 0.5, 0.05


def limit(times):
    """The mean of exp(i theta) in the limit, which is real, at the given times."""
    solution = solve_ivp(
        lambda t, z: (KAPPA - z) * (1 - z**2) / 4,
        (0, times[-1]),
        [0.0],
        t_eval=times,
        rtol=1e-10,
        atol=1e-12,
    )
    return solution.y[0]


def networks(rng, runs, width, steps):
    """The mean of exp(i theta) of each network, by Heun's method: an array (steps + 1, runs)."""
    theta = rng.uniform(-np.pi, np.pi, (runs, width))

    def velocity(theta):
        z = np.exp(1j * theta).mean(axis=1, keepdims=True)
        return -((z - KAPPA) * np.exp(-1j * theta)).imag / 2

    means = [np.exp(1j * theta).mean(axis=1)]
    for _ in range(steps):
        first = velocity(theta)
        theta = theta + STEP * (first + velocity(theta + STEP * first)) / 2
        means.append(np.exp(1j * theta).mean(axis=1))
    return np.array(means)


rng = np.random.default_rng(0)
fig, (left, right) = plt.subplots(1, 2, figsize=(5.8, 2.6))
times = np.arange(401) * STEP
for width, color in [(20, BROWN), (500, BLUE)]:
    left.plot(times, networks(rng, 3, width, 400).real, color=color, lw=0.8)
left.plot(times, limit(times), color="black", lw=1.8)
left.axhline(KAPPA, color=GREY, lw=0.7, ls="--")
left.text(8, 0.2, "$N=20$", color=BROWN)
left.text(8, 0.1, "$N=500$", color=BLUE)
left.text(8, 0.0, "limit", color="black")
left.set_xlim(0, 20)
left.set_xlabel("time $t$")
left.set_ylabel(r"mean of $\cos\theta$")

widths = 2 ** np.arange(3, 11)
marks = [20, 80, 320]
errors = []
for width in widths:
    means = networks(rng, 100, width, 320)[marks]
    gap = means - limit(times[:321])[marks][:, None]
    errors.append(np.sqrt(np.mean(np.abs(gap) ** 2, axis=1) / 2))
errors = np.array(errors)
for k, (t, color) in enumerate([("1", BLUE), ("4", BROWN), ("16", GREEN)]):
    right.loglog(widths, errors[:, k], color=color, lw=1.2, marker="o", ms=2.5)
    right.text(1200, errors[-1, k], f"$t={t}$", color=color, va="center")
right.loglog(widths, 0.9 * widths**-0.5, color=GREY, lw=0.8, ls=":")
right.set_xlim(7, 1150)
right.set_xticks([10, 100, 1000], ["10", "100", "1000"])
right.set_xlabel("width $N$")
right.set_ylabel("error of the output")
fig.tight_layout(pad=0.4, w_pad=1.5)
fig.subplots_adjust(right=0.92)
save(fig, __file__)
