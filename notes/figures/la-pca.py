"""Principal component analysis of five points, and the variance by direction."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

POINTS = np.array([[-1, 0], [8, 2], [6, 6], [7, 4], [5, 3]], dtype=float)

mean = POINTS.mean(axis=0)
centred = POINTS - mean
cov = centred.T @ centred / len(POINTS)
first = np.array([2.0, 1.0]) / np.sqrt(5)
feet = mean + np.outer(centred @ first, first)

fig, (left, right) = plt.subplots(1, 2, figsize=(5.4, 2.6), width_ratios=(1.15, 1))
ends = np.array([mean - 8 * first, mean + 5 * first])
left.plot(ends[:, 0], ends[:, 1], color=BLUE, lw=1.2)
for point, foot in zip(POINTS, feet, strict=True):
    left.plot([point[0], foot[0]], [point[1], foot[1]], color=BROWN, lw=1.0)
left.plot(feet[:, 0], feet[:, 1], "o", color=BLUE, ms=3, mfc="white")
left.plot(POINTS[:, 0], POINTS[:, 1], "o", color="black", ms=3.5)
left.text(mean[0] - 0.2, mean[1] + 0.35, r"$\bar x$", ha="right")
left.text(9.2, 5.6, "$v_1$", color=BLUE)
left.set_xlim(-2.5, 10)
left.set_ylim(-1.8, 7)
left.set_aspect("equal")
left.set_xlabel("first feature")
left.set_ylabel("second feature")

angle = np.linspace(-90, 90, 361)
direction = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
variance = np.einsum("ik,ij,jk->k", direction, cov, direction)
best = np.degrees(np.arctan(0.5))
right.plot(angle, variance, color=BLUE, lw=1.5)
for height, place, label in ((12, best, r"$\lambda_1=12$"), (2, best - 90, r"$\lambda_2=2$")):
    right.axhline(height, color=GREY, lw=0.5, ls=":")
    right.plot([place], [height], "o", color=GREEN, ms=4)
    right.annotate(
        label,
        (place, height),
        (0, 6 if height > 5 else -6),
        textcoords="offset points",
        ha="center",
        va="bottom" if height > 5 else "top",
        color=GREEN,
    )
right.set_xlim(-90, 90)
right.set_ylim(0, 14)
right.set_xticks(
    [-90, -45, 0, 45, 90],
    [r"$-90^\circ$", r"$-45^\circ$", r"$0^\circ$", r"$45^\circ$", r"$90^\circ$"],
)
right.set_xlabel(r"angle $\varphi$")
right.set_ylabel(r"$v^{\mathsf{T}}Cv$")
fig.tight_layout(pad=0.4, w_pad=1.2)
save(fig, __file__)
