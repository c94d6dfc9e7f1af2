"""Dropout as a penalty: the logistic loss, and the shrinkage of singular values."""

import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import binom
from style import BLUE, BROWN, GREEN, GREY, save


def cumulant(s):
    """The function whose derivative is the logistic function."""
    return np.logaddexp(0, s)


def penalty(margin, features, keep):
    """Mean excess of log(1 + exp) under dropout for a prediction made of equal contributions."""
    counts = np.arange(features + 1)
    values = cumulant(margin[:, None] * counts / (features * keep))
    return values @ binom.pmf(counts, features, keep) - cumulant(margin)


fig, (left, right) = plt.subplots(1, 2, figsize=(5.8, 2.5))
s = np.linspace(-8, 8, 321)
p = 1 / (1 + np.exp(-s))
left.plot(s, penalty(s, 10, 0.5), color=BLUE, lw=1.5)
left.plot(s, p * (1 - p) * s**2 / 20, color=BROWN, lw=1.3, ls="--")
left.plot(s, s**2 / 80, color=GREY, lw=1.0, ls=":")
left.set_ylim(0, 0.06)
left.set_xlim(-8, 8)
left.set_xlabel(r"prediction $\langle w,x\rangle$")
left.set_ylabel("penalty")
left.text(4.3, 0.018, "exact", color=BLUE)
left.text(-7.9, 0.033, "second order", color=BROWN)
left.text(1.9, 0.05, "upper bound", color=GREY)

singular = np.array([5.0, 3.0, 2.0, 1.0, 0.5])
kappas = np.linspace(0, 3, 301)
paths = []
for kappa in kappas:
    sums = np.cumsum(singular)
    thresholds = kappa * sums / (8 + kappa * np.arange(1, 6))
    paths.append(np.clip(singular - thresholds.max(), 0, None))
for path, color in zip(np.array(paths).T, [BLUE, BROWN, GREEN, GREY, "black"], strict=True):
    right.plot(kappas, path, color=color, lw=1.4)
right.axvline(1, color=GREY, lw=0.7, ls=":")
right.text(1.04, 4.75, "$q=1/2$", color=GREY)
right.set_xlim(0, 3)
right.set_ylim(0, 5.1)
right.set_xlabel(r"$\kappa=(1-q)/q$")
right.set_ylabel("singular values")
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
