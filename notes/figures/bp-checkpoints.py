"""Checkpointing: the fewest advances per step as a function of the number of slots."""

from math import comb, isqrt

import matplotlib.pyplot as plt
from style import BLUE, BROWN, save


def advances(length: int, slots: int) -> int:
    """The smallest total number of advances of a nested schedule."""
    r = 0
    while comb(slots + r, slots) < length:
        r += 1
    return r * length - comb(slots + r, slots + 1)


fig, axis = plt.subplots(figsize=(4.8, 2.6))
for length, color, place in [(100, BLUE, (2.2, 2.5)), (1000, BROWN, (8.5, 4.6))]:
    slots = range(2, length)
    axis.loglog(slots, [advances(length, s) / length for s in slots], color=color, lw=1.4)
    axis.text(*place, f"$L={length}$", color=color)
    k = isqrt(length - 1) + 1
    axis.plot(2 * k - 1, 2, "s", color=color, ms=4)
axis.set_xlim(2, 1000)
axis.set_ylim(0.9, 30)
axis.set_xticks([2, 5, 10, 20, 50, 100, 1000], ["2", "5", "10", "20", "50", "100", "1000"])
axis.set_yticks([1, 2, 3, 5, 10, 20], ["1", "2", "3", "5", "10", "20"])
axis.minorticks_off()
axis.set_xlabel("number $s$ of slots")
axis.set_ylabel("advances per step")
fig.tight_layout(pad=0.4)
save(fig, __file__)
