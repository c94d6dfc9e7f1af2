"""Memorized noise: errors of the summed examples on three kinds of points."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, save

N = 100


def errors(dimension, rng):
    """Error on the sample, on new points and on the sample with flipped noise."""
    noise = rng.standard_normal((N, dimension))
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    labels = rng.choice([-1, 1], N)
    total = labels @ noise
    own = labels * (noise @ total)
    # The inner product of a uniform unit vector with the total has the law of a coordinate.
    first = rng.standard_normal(4000)
    rest = rng.chisquare(dimension - 1, 4000)
    new = np.linalg.norm(total) * first / np.sqrt(first**2 + rest)
    return np.mean(0.25 + own <= 0), np.mean(0.25 + new <= 0), np.mean(0.25 - own <= 0)


rng = np.random.default_rng(0)
dimensions = np.unique(np.round(np.geomspace(10, 1e5, 25)).astype(int))
rates = []
for dimension in dimensions:
    repeats = 40 if dimension < 5000 else 8
    rates.append(np.mean([errors(dimension, rng) for _ in range(repeats)], axis=0))
train, test, flipped = np.array(rates).T
fig, axes = plt.subplots(figsize=(4.4, 2.5))
axes.semilogx(dimensions, flipped, color=BROWN, lw=1.4, marker="o", ms=2.5)
axes.semilogx(dimensions, test, color=BLUE, lw=1.4, marker="o", ms=2.5)
axes.semilogx(dimensions, train, color=GREEN, lw=1.4, marker="o", ms=2.5)
axes.text(2000, 0.9, "flipped noise", color=BROWN)
axes.text(700, 0.3, "new points", color=BLUE)
axes.text(9.5, 0.08, "training\nsample", color=GREEN)
axes.set_ylim(-0.02, 1.05)
axes.set_xlabel("dimension $D$")
axes.set_ylabel("error rate")
fig.tight_layout(pad=0.4)
save(fig, __file__)
