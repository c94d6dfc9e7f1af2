"""Trajectories that cross thanks to an additional dimension; two discretizations."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

fig, (left, right) = plt.subplots(1, 2, figsize=(5.6, 2.5))
time = np.linspace(0, 1, 81)
for x, color in zip([-1, -0.5, 0, 0.5, 1], [BLUE, BLUE, GREY, BROWN, BROWN], strict=True):
    left.plot(time, x * np.cos(np.pi * time), color=color, lw=1.4)
    left.plot([0, 1], [x, -x], "o", color=color, ms=3, clip_on=False)
left.set_xlabel("$t$")
left.set_ylabel("first coordinate")
left.set_xlim(0, 1)

H = 0.2
angle = np.linspace(0, 2 * np.pi, 121)
right.plot(np.cos(angle), np.sin(angle), color=GREY, lw=1)
explicit, symplectic = [(1.0, 0.0)], [(1.0, 0.0)]
for _ in range(40):
    q, p = explicit[-1]
    explicit.append((q + H * p, p - H * q))
for _ in range(200):
    q, p = symplectic[-1]
    p = p - H * q
    symplectic.append((q + H * p, p))
right.plot(*np.array(explicit).T, color=BROWN, lw=1, marker="o", ms=2)
right.plot(*np.array(symplectic).T, color=BLUE, lw=0, marker=".", ms=2)
right.plot([1], [0], "o", color=GREEN, ms=4)
right.set_aspect("equal")
right.set_xlabel("$q$")
right.set_ylabel("$p$")
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
