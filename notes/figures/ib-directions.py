"""Gradient descent on separable data: the path of the weights, and the error of the direction."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

X = np.array([[0.25, 2], [-1.25, 0], [2, 1], [-1.5, -2], [3, 0.2], [-2.5, 0.5]])
LABELS = np.array([1, -1, 1, -1, 1, -1])
Z = LABELS[:, None] * X
P = np.array([1, 0.5])
BEST, MARGIN = P / np.linalg.norm(P), np.linalg.norm(P)
RADIUS = np.max(np.linalg.norm(Z, axis=1))


def path(steps, normalized):
    """The iterates with the step 1/B^2, divided by the loss or not, as functions of the count."""
    w = np.zeros(2)
    iterates = []
    for _ in range(steps):
        m = Z @ w
        weights = np.exp(-(m - m.min()))
        p = Z.T @ weights / weights.sum()
        loss = weights.mean() * np.exp(-m.min())
        w = w + p / RADIUS**2 * (1 if normalized else loss)
        iterates.append(w)
    return np.array(iterates)


fig, (left, middle, right) = plt.subplots(1, 3, figsize=(6.4, 2.4))
for label, marker, color in [(1, "o", BLUE), (-1, "s", BROWN)]:
    chosen = X[label == LABELS]
    left.plot(*chosen.T, marker, color=color, ms=4.5)
across = np.array([-BEST[1], BEST[0]])
line = np.outer([-4, 4], across)
left.plot(*line.T, color="black", lw=1.2)
for side in (-1, 1):
    left.plot(*(line + side * MARGIN * BEST).T, color=GREY, lw=0.8, ls="--")
left.annotate("", xy=1.9 * BEST, xytext=(0, 0), arrowprops={"arrowstyle": "->", "color": GREEN})
left.text(1.75, 0.35, r"$u^\star$", color=GREEN)
left.set_xlim(-3.3, 3.3)
left.set_ylim(-2.9, 2.9)
left.set_aspect("equal")

plain, fast = path(100000, False), path(3000, True)
middle.plot([0, 12 * BEST[0]], [0, 12 * BEST[1]], color=GREEN, lw=1.0)
middle.plot(*plain.T, color=BLUE, lw=1.3)
for count in (10, 1000, 100000):
    middle.plot(*plain[count - 1], "o", color=BLUE, ms=3)
    middle.annotate(
        f"$10^{int(np.log10(count))}$",
        plain[count - 1],
        xytext=(4, -9),
        textcoords="offset points",
        color=BLUE,
    )
middle.text(8.2, 5.0, r"$u^\star$", color=GREEN)
middle.set_xlim(0, 11)
middle.set_ylim(0, 6)
middle.set_xlabel("$w_1$")
middle.set_ylabel("$w_2$")

for iterates, color in [(plain, BLUE), (fast, BROWN)]:
    error = np.linalg.norm(iterates / np.linalg.norm(iterates, axis=1)[:, None] - BEST, axis=1)
    right.loglog(np.arange(1, len(error) + 1), error, color=color, lw=1.4)
right.text(7, 0.15, "gradient descent", color=BLUE)
right.text(1.2, 1.3e-3, "normalized", color=BROWN)
right.set_ylim(1e-3, 0.3)
right.set_xlabel("step $k$")
right.set_ylabel("error of the direction")
fig.tight_layout(pad=0.4, w_pad=1.2)
save(fig, __file__)
