"""RMSProp with fixed parameters against periodic linear losses; AMSGrad and gradient descent."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, save

ROUNDS, PERIOD, DECAY, START = 3000, 3, 0.1, -0.5


def play(method):
    """The points and the average regret against -1."""
    x, v, largest = START, 0.0, 0.0
    points, gradients = [], []
    for t in range(1, ROUNDS + 1):
        g = PERIOD if t % PERIOD == 1 else -1
        points.append(x)
        gradients.append(g)
        v = DECAY * v + (1 - DECAY) * g * g
        largest = max(largest, v)
        step = {
            "RMSProp": 0.02 / np.sqrt(v),
            "AMSGrad": 1 / np.sqrt(t * largest),
            "gradient descent": 0.3 / np.sqrt(t),
        }[method]
        x = min(1.0, max(-1.0, x - step * g))
    losses = np.array(gradients) * (np.array(points) + 1)
    return np.array(points), np.cumsum(losses) / np.arange(1, ROUNDS + 1)


fig, (left, right) = plt.subplots(1, 2, figsize=(5.6, 2.4))
rounds = np.arange(1, ROUNDS + 1)
for method, color, place, score in [
    ("RMSProp", BROWN, (15, 0.72), (300, 0.76)),
    ("AMSGrad", BLUE, (60, -0.62), (330, 0.3)),
    ("gradient descent", GREEN, (60, -0.82), (12, -0.12)),
]:
    points, regret = play(method)
    left.semilogx(rounds, points, color=color, lw=1)
    right.semilogx(rounds, regret, color=color, lw=1.2)
    left.text(*place, method, color=color)
    right.text(*score, method, color=color)
left.set_ylim(-1.05, 1.05)
left.set_xlim(1, ROUNDS)
right.set_xlim(1, ROUNDS)
right.set_ylim(-0.2, 1.6)
for axes, label in [(left, "$x_t$"), (right, "average regret")]:
    axes.set_xlabel("round $t$")
    axes.set_ylabel(label)
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
