"""Multipliers: a quadratic form on the circle, and the widest strip between two classes."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

MATRIX = np.array([[3.0, 1.0], [1.0, 2.0]])

fig, (left, right) = plt.subplots(1, 2, figsize=(5.2, 2.7))

grid = np.linspace(-2.05, 2.05, 301)
x, y = np.meshgrid(grid, grid)
form = 0.5 * (MATRIX[0, 0] * x**2 + 2 * MATRIX[0, 1] * x * y + MATRIX[1, 1] * y**2)
values, vectors = np.linalg.eigh(MATRIX)
left.contour(x, y, form, levels=np.sort(values / 2), colors=BLUE, linewidths=1.0)
left.contour(x, y, form, levels=[0.25, 1.2, 2.8, 4.2], colors=GREY, linewidths=0.4)
angle = np.linspace(0, 2 * np.pi, 301)
left.plot(np.cos(angle), np.sin(angle), color="black", lw=1.3)
for value, vector in zip(values, vectors.T, strict=True):
    for point in (vector, -vector):
        tip = point * (1 + 0.24 * value)
        left.annotate("", tip, point, arrowprops={"arrowstyle": "->", "color": BROWN, "lw": 1.2})
        left.plot(*point, "o", color=BROWN, ms=4)
left.set_aspect("equal")
left.set_xlim(-2.05, 2.05)
left.set_ylim(-2.05, 2.05)
left.set_xlabel("$x_1$")
left.set_ylabel("$x_2$", rotation=0, labelpad=4)
left.set_xticks([-1, 0, 1])
left.set_yticks([-1, 0, 1])

line = np.array([-1.0, 4.0])
right.fill_between(line, -line, 2 - line, color=GREEN, alpha=0.12, lw=0)
for shift, style, width in ((0, "--", 0.8), (1, "-", 1.3), (2, "--", 0.8)):
    right.plot(line, shift - line, style, color=GREEN, lw=width)
positive = np.array([[2, 0], [0, 2], [3, 3]])
right.plot(*positive.T, "s", color=BLUE, ms=5)
right.plot(0, 0, "o", color=BROWN, ms=5)
right.plot([0, 2, 0], [0, 0, 2], "o", ms=11, mfc="none", mec=GREY, mew=0.9)
multipliers = [(-0.76, -0.5, "1"), (2.3, 0.17, "0.5"), (0.3, 2.17, "0.5"), (2.6, 3.3, "0")]
for px, py, text in multipliers:
    right.text(px, py, rf"$\alpha={text}$", color=GREY)
right.set_xlabel("$x_1$")
right.set_aspect("equal")
right.set_xlim(-0.8, 4.1)
right.set_ylim(-0.8, 4.1)
right.set_xticks([0, 1, 2, 3])
right.set_yticks([0, 1, 2, 3])
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
