"""Tangent kernels of the two-layer ReLU network, and how they settle as the width grows."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

N, D, WIDTH, REPEATS = 16, 6, 200, 100
rng = np.random.default_rng(0)


def first(s):
    return s * (np.pi - np.arccos(s)) / (2 * np.pi)


def second(s):
    return (np.sqrt(1 - s**2) + s * (np.pi - np.arccos(s))) / (2 * np.pi)


s = np.linspace(-1, 1, 401)
fig, (left, right) = plt.subplots(1, 2, figsize=(6.4, 2.7))
some = np.linspace(-1, 1, 41)
w = rng.standard_normal((WIDTH, 2))
u, v = w[:, :1], some * w[:, :1] + np.sqrt(1 - some**2) * w[:, 1:]
dots = (
    some * np.mean((u > 0) & (v > 0), axis=0),
    np.mean(np.maximum(u, 0) * np.maximum(v, 0), axis=0),
)
for values, mean, colour in (
    (dots[0], first(s), BLUE),
    (dots[1], second(s), BROWN),
    (dots[0] + dots[1], first(s) + second(s), GREEN),
):
    left.plot(s, mean, color=colour, lw=1.4)
    left.plot(some, values, ".", color=colour, ms=2.5)
left.text(0.45, 0.03, "first layer", color=BLUE)
left.text(-0.62, 0.14, "second layer", color=BROWN, ha="center")
left.text(0.28, 0.62, "both", color=GREEN, ha="right")
left.set_xlabel(r"inner product $s=\langle x,x'\rangle$")
left.set_ylabel("kernel")

x = rng.standard_normal((N, D))
x /= np.linalg.norm(x, axis=1)[:, None]
gram = np.clip(x @ x.T, -1, 1)
limit = np.linalg.eigvalsh(first(gram))[0]
widths = 2 ** np.arange(3, 13)
quantiles = []
for m in widths:
    lowest = []
    for _ in range(REPEATS):
        active = (x @ rng.standard_normal((D, m)) > 0).astype(float)
        lowest.append(max(np.linalg.eigvalsh(gram * (active @ active.T) / m)[0], 0))
    quantiles.append(np.quantile(lowest, [0.1, 0.5, 0.9]))
low, middle, high = np.array(quantiles).T
right.fill_between(widths, low, high, color=BLUE, alpha=0.2, lw=0)
right.plot(widths, middle, "o-", color=BLUE, ms=3, lw=1.2)
right.axhline(limit, color=GREY, ls="--", lw=1)
right.text(8, limit + 0.004, r"$\lambda_\infty$", color=GREY)
right.set_xscale("log", base=2)
right.set_ylim(0, limit * 1.25)
right.set_xlabel("width $m$")
right.set_ylabel(r"$\lambda_{\min}(H)$")
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
