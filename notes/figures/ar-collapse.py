"""The diameter of the set of tokens under pure attention, its bound, and with skip connections."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

LAYERS, START = 10, 1.8


def diameter(X):
    return np.linalg.norm(X[:, None] - X[None], axis=2).max()


def attend(X, A):
    scores = X @ A @ X.T
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True) @ X


rng = np.random.default_rng(1)
first = rng.standard_normal((16, 8))
first *= START / diameter(first)
pure, skip, two, bound = [first], [first], [START], [START]
for _ in range(LAYERS):
    A = rng.standard_normal((8, 8))
    A /= np.linalg.norm(A, 2)
    W = np.linalg.qr(rng.standard_normal((8, 8)))[0]
    pure.append(attend(pure[-1], A) @ W)
    skip.append(skip[-1] + attend(skip[-1], A) @ W / 2)
    two.append(two[-1] * np.tanh(two[-1] ** 2 / 4))
    bound.append(-np.expm1(-(bound[-1] ** 2)) * bound[-1])

fig, axis = plt.subplots(figsize=(5.2, 2.8))
for values, color, style, label, place in [
    ([diameter(X) for X in skip], BROWN, "o-", "with skip connections", (5.6, 4)),
    ([diameter(X) for X in pure], BLUE, "o-", "16 tokens", (0.3, 1e-8)),
    (two, GREEN, "o-", "two tokens", (4.5, 1e-8)),
    (bound, GREY, "--", "bound", (8.5, 1e-7)),
]:
    exact = style == "--" or color == GREEN
    shown = [v if exact or v > 1e-15 else np.nan for v in values]
    axis.semilogy(np.arange(LAYERS + 1), shown, style, color=color, lw=1.3, ms=3.5)
    axis.text(*place, label, color=color)
axis.set_ylim(1e-14, 30)
axis.set_xlim(0, LAYERS)
axis.set_xlabel("layer $l$")
axis.set_ylabel("diameter $D_l$")
fig.tight_layout(pad=0.4)
save(fig, __file__)
