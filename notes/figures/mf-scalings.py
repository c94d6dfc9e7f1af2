"""One network, two scalings: how far the neurons move during training."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREY, save

TIME, STEP = 60.0, 0.1
X = np.linspace(-1, 1, 20)
Y = np.sin(3 * X) + 0.5 * X


def train(width, scale):
    """The parameters (a, w, b), each of shape (width,), before and after training."""
    rng = np.random.default_rng(1)
    half = rng.standard_normal((2, width // 2)) * np.array([[2.0], [1.0]])
    signs = rng.choice([-1.0, 1.0], width // 2)
    a, (w, b) = np.concatenate([signs, -signs]), np.concatenate([half, half], axis=1)
    start = np.array([a, w, b])
    theta = start.copy()
    for _ in range(round(TIME / STEP)):
        a, w, b = theta
        h = np.tanh(np.outer(w, X) + b[:, None])
        residual = (scale * (a @ h) / width - Y) / len(X)
        inner = a[:, None] * (1 - h**2) * residual
        gradient = np.array([h @ residual, inner @ X, inner.sum(axis=1)])
        theta = theta - STEP / scale * gradient
    return start, theta


fig, axes = plt.subplots(1, 3, figsize=(6.2, 2.4), width_ratios=[1, 1, 1.1])
show = np.r_[0:100, 1000:1100]
for axis, scale, title in [(axes[0], 1.0, "$s=1$"), (axes[1], 2000**0.5, r"$s=\sqrt{N}$")]:
    start, end = train(2000, scale)
    axis.plot(*np.stack([start[1:, show], end[1:, show]], axis=1), color=GREY, lw=0.4)
    axis.plot(end[1, show], end[2, show], "o", color=BROWN, ms=1.6)
    axis.set_title(title, fontsize=9)
    axis.set_xlim(-6, 6)
    axis.set_ylim(-3.2, 3.2)
    axis.set_xlabel("$w$")
axes[0].set_ylabel("$b$")

widths = 2 ** np.arange(4, 13, 2)
for power, color, label in [(0.0, BLUE, "$s=1$"), (0.5, BROWN, r"$s=\sqrt{N}$")]:
    moves = []
    for width in widths:
        start, end = train(int(width), float(width) ** power)
        moves.append(np.sqrt(np.mean(np.sum((end - start) ** 2, axis=0))))
    axes[2].loglog(widths, moves, color=color, lw=1.3, marker="o", ms=2.5)
    axes[2].text(widths[2], moves[2] * 0.62, label, color=color, ha="right", va="center")
axes[2].loglog(widths, 2.2 * widths**-0.5, color=GREY, lw=0.8, ls=":")
axes[2].set_xlabel("width $N$")
axes[2].set_ylabel("movement")
axes[2].set_xticks([10, 100, 1000], ["10", "100", "1000"])
fig.tight_layout(pad=0.4, w_pad=1.0)
save(fig, __file__)
