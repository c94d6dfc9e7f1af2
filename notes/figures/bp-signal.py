"""Random ReLU networks: the norm of the layers, and the angle between two inputs."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

rng = np.random.default_rng(0)
DEPTH, NETWORKS = 100, 4000

fig, (left, right) = plt.subplots(1, 2, figsize=(5.8, 2.6))
for n, color, place in [(10, BROWN, (9, 1e-5)), (50, GREEN, (52, 2e-4)), (200, BLUE, (72, 3.6))]:
    norms = np.ones((NETWORKS, DEPTH + 1))
    for depth in range(1, DEPTH + 1):
        g = np.maximum(rng.standard_normal((NETWORKS, n)), 0)
        norms[:, depth] = norms[:, depth - 1] * 2 / n * np.sum(g**2, axis=1)
    low, median, high = np.quantile(norms, [0.1, 0.5, 0.9], axis=0)
    shown = median > 0
    left.semilogy(np.arange(DEPTH + 1)[shown], median[shown], color=color, lw=1.4)
    if n > 10:
        left.fill_between(np.arange(DEPTH + 1), low, high, color=color, alpha=0.2, lw=0)
    left.text(*place, f"$n={n}$", color=color)
left.set_xlim(0, DEPTH)
left.set_ylim(1e-7, 30)
left.set_xlabel("layer $l$")
left.set_ylabel(r"$\Vert h_l\Vert^2/\Vert x\Vert^2$")


def angles(start: float, depth: int) -> np.ndarray:
    """The angles under the map of infinitely wide layers."""
    found = [start]
    for _ in range(depth):
        t = found[-1]
        cosine = (np.sin(t) + (np.pi - t) * np.cos(t)) / np.pi
        found.append(float(np.arccos(min(cosine, 1.0))))
    return np.array(found)


layers = np.arange(1, 301)
for start, color in [(np.pi, BLUE), (np.pi / 2, GREEN), (np.pi / 10, BROWN)]:
    right.loglog(layers, angles(start, 300)[1:], color=color, lw=1.4)
right.loglog(layers[5:], 3 * np.pi / layers[5:], color="black", lw=0.9, ls="--")
width = 1000
h = np.zeros((width, 2))
h[0] = [1, -1]
for depth in range(1, 51):
    h = np.maximum(rng.standard_normal((width, width)) * np.sqrt(2 / width) @ h, 0)
    angle = np.arccos(h[:, 0] @ h[:, 1] / np.prod(np.linalg.norm(h, axis=0)))
    if depth in (1, 2, 3, 5, 8, 13, 20, 32, 50):
        right.plot(depth, angle, "o", color=GREY, ms=3, zorder=3)
right.text(9, 1.25, r"$3\pi/l$")
right.set_xlim(1, 300)
right.set_ylim(0.02, 3)
right.set_xlabel("layer $l$")
right.set_ylabel(r"angle $\vartheta_l$")
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
