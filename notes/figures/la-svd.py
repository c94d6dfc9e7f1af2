"""The singular value decomposition of a shear: the unit circle and its image."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREY, save

A = np.array([[2.0, 0.0], [3.0, 2.0]])
V = np.array([[2.0, 1.0], [1.0, -2.0]]).T / np.sqrt(5)

angle = np.linspace(0, 2 * np.pi, 400)
circle = np.array([np.cos(angle), np.sin(angle)])
fig, axes = plt.subplots(1, 2, figsize=(5.2, 3.0))
panels = [
    (axes[0], np.eye(2), 1.45, ["$v_1$", "$v_2$"], "unit circle"),
    (axes[1], A, 4.3, [r"$Av_1=4u_1$", r"$Av_2=u_2$"], "its image under $A$"),
]
for axis, matrix, reach, labels, title in panels:
    curve = matrix @ circle
    axis.axhline(0, color=GREY, lw=0.4)
    axis.axvline(0, color=GREY, lw=0.4)
    axis.fill(curve[0], curve[1], color=BLUE, alpha=0.06)
    axis.plot(curve[0], curve[1], color=BLUE, lw=1.2)
    for vector, colour, label in zip((matrix @ V).T, (BROWN, GREY), labels, strict=True):
        axis.annotate(
            "",
            xy=vector,
            xytext=(0, 0),
            arrowprops={
                "arrowstyle": "-|>",
                "color": colour,
                "lw": 1.4,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
        place = vector + 0.06 * reach * np.sign(vector)
        axis.text(*place, label, color=colour, ha="left", va="bottom" if vector[1] > 0 else "top")
    axis.set_xlim(-reach, reach)
    axis.set_ylim(-reach, reach)
    axis.set_aspect("equal")
    axis.set_title(title, fontsize=9)
axes[0].set_xticks([-1, 0, 1])
axes[0].set_yticks([-1, 0, 1])
axes[1].set_xticks([-4, -2, 0, 2, 4])
axes[1].set_yticks([-4, -2, 0, 2, 4])
fig.tight_layout(pad=0.4, w_pad=1.6)
save(fig, __file__)
