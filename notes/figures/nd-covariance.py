"""Iterates of SGD on a quadratic, and the ellipses of their stationary covariance."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREY, save

A = np.diag([1.0, 4.0])
SIGMA = np.array([[1.0, 0.5], [0.5, 1.0]])
ROOT = np.linalg.cholesky(SIGMA)


def covariance(step):
    """The solution of the Lyapunov equation; with step 0, that of its limit."""
    a = np.diag(A)
    return SIGMA / (a[:, None] + a[None] - step * np.outer(a, a))


def ellipse(c):
    angle = np.linspace(0, 2 * np.pi, 200)
    return 2 * np.linalg.cholesky(c) @ np.array([np.cos(angle), np.sin(angle)])


rng = np.random.default_rng(0)
fig, axes = plt.subplots(1, 2, figsize=(5.6, 2.0), sharex=True, sharey=True)
for axis, step, label in zip(axes, (1 / 4, 1 / 16), (r"\frac{1}{4}", r"\frac{1}{16}"), strict=True):
    x = np.zeros((2, 1500))
    for _ in range(300):
        x = x - step * (A @ x + ROOT @ rng.uniform(-(3**0.5), 3**0.5, x.shape))
    axis.plot(*x, ".", color=GREY, ms=1.5, alpha=0.3)
    axis.plot(*ellipse(step * covariance(step)), color=BLUE, lw=1.5)
    axis.plot(*ellipse(step * covariance(0.0)), color=BROWN, lw=1.6, ls=":")
    axis.set_title(rf"$\alpha={label}$", fontsize=9)
    axis.set_aspect("equal")
    axis.set_xlabel("$x_1$")
axes[0].set_ylabel("$x_2$")
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
