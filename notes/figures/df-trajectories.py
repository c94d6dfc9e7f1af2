"""Trajectories of the reversed process for two classes, cloned before or after speciation."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, save

CENTRE = 16.0
STEP = 1e-3
START = np.log(CENTRE) + 3.0


def run(q, start, end, rng):
    """Euler's method with independent noise for each entry of q, from time start down to end."""
    times = np.linspace(start, end, round((start - end) / STEP) + 1)
    path = [q]
    for t in times[:-1]:
        snr = CENTRE * np.exp(-t)
        drift = -q + 2 * snr * np.tanh(snr * q)
        q = q + STEP * drift + np.sqrt(2 * STEP) * rng.standard_normal(q.shape)
        path.append(q)
    return times, np.array(path)


fig, axes = plt.subplots(1, 2, figsize=(5.8, 2.6), sharey=True)
for axis, tau, seed in [(axes[0], 1.0, 3), (axes[1], -1.0, 5)]:
    rng = np.random.default_rng(seed)
    split = np.log(CENTRE) + tau
    times, trunk = run(rng.standard_normal(1), START, split, rng)
    later, clones = run(np.full(10, trunk[-1, 0]), split, 0.0, rng)
    for clone in clones.T:
        color = BLUE if clone[-1] > 0 else BROWN
        axis.plot(np.log(CENTRE) - later[::10], clone[::10], color=color, lw=0.7)
    axis.plot(np.log(CENTRE) - times[::10], trunk[::10, 0], color="black", lw=1.0)
    axis.axvline(-tau, color="black", lw=0.7, ls=":")
    axis.set_xlim(-3, np.log(CENTRE))
    axis.set_xlabel(r"$-\tau$")
    print(tau, np.sum(clones[-1] > 0))
axes[0].set_ylabel("$q$")
fig.tight_layout(pad=0.4, w_pad=1.2)
save(fig, __file__)
