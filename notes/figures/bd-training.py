"""Gradient descent with scale-invariant weights: any step size, and the norm under weight decay."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

START = np.array([1.0, 1.0])


def descend(eta, steps):
    """Squared sine of the angle between the weights and the first axis, along gradient descent."""
    w, values = START.copy(), []
    for _ in range(steps + 1):
        square = w @ w
        values.append(w[1] ** 2 / square)
        gradient = 2 * w[0] * w[1] * np.array([-w[1], w[0]]) / square**2
        w = w - eta * gradient
    return np.array(values)


fig, (left, right) = plt.subplots(1, 2, figsize=(5.8, 2.5))
for eta, color, style in [(0.1, GREY, ":"), (1, GREEN, "-"), (10, BROWN, "-"), (100, BLUE, "--")]:
    values = descend(eta, 100)
    left.semilogy(np.clip(values, 1e-30, None), color=color, lw=1.4, ls=style)
left.text(42, 3e-8, r"$\eta=0.1$", color=GREY)
left.text(15, 3e-15, r"$\eta=1$", color=GREEN)
left.text(34, 2e-12, r"$\eta=10$", color=BROWN)
left.text(66, 3e-2, r"$\eta=100$", color=BLUE)
left.set_xlim(0, 100)
left.set_ylim(1e-16, 1)
left.set_xlabel("step $k$")
left.set_ylabel("excess loss")

alpha = 0.01
for start, color in [(0.05, BLUE), (4, BROWN)]:
    ratios = [start]
    for _ in range(400):
        ratios.append((1 - alpha) * ratios[-1] + alpha / ratios[-1])
    right.plot(ratios, color=color, lw=1.4)
right.axhline(1, color=GREY, lw=0.8, ls=":")
right.set_xlim(0, 400)
right.set_ylim(0, 4)
right.set_xlabel("step $k$")
right.set_ylabel(r"$\Vert w_k\Vert^2$ / equilibrium")
right.text(110, 2.1, "from above", color=BROWN)
right.text(90, 0.55, "from below", color=BLUE)
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
