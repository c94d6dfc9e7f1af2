"""A grid world: its optimal policy, and the errors of value and policy iteration."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

ROWS, COLUMNS, GAMMA, SLIP = 4, 6, 0.95, 0.1
GOAL, PIT = (0, 5), (1, 5)
WALLS = {(1, 1), (2, 3), (0, 3)}
MOVES = [(-1, 0), (0, 1), (1, 0), (0, -1)]
CELLS = [(i, j) for i in range(ROWS) for j in range(COLUMNS) if (i, j) not in WALLS]
INDEX = {cell: k for k, cell in enumerate(CELLS)}


def model():
    """Transition probabilities (4, n, n) and rewards (4, n); goal and pit are absorbing."""
    n = len(CELLS)
    P, r = np.zeros((4, n, n)), np.zeros((4, n))
    for k, (i, j) in enumerate(CELLS):
        for a in range(4):
            if (i, j) in (GOAL, PIT):
                P[a, k, k] = 1
                continue
            for turn, chance in ((0, 1 - 2 * SLIP), (1, SLIP), (-1, SLIP)):
                step = MOVES[(a + turn) % 4]
                cell = (i + step[0], j + step[1])
                target = INDEX.get(cell, k)
                P[a, k, target] += chance
                r[a, k] += chance * ((CELLS[target] == GOAL) - (CELLS[target] == PIT))
    return P, r


P, r = model()
n = len(CELLS)


def values(v):
    """The values of all actions, of shape (4, n), if v follows."""
    return r + GAMMA * P @ v


def evaluate(policy):
    """The value of a deterministic policy."""
    rows = np.arange(n)
    return np.linalg.solve(np.eye(n) - GAMMA * P[policy, rows], r[policy, rows])


policy, history = np.full(n, 3), []
while True:
    v = evaluate(policy)
    history.append(v)
    q = values(v)
    better = np.where(q.max(axis=0) > q[policy, np.arange(n)] + 1e-12, q.argmax(axis=0), policy)
    if np.array_equal(better, policy):
        break
    policy = better
best = history[-1]

fig, (left, right) = plt.subplots(1, 2, figsize=(5.8, 2.5), gridspec_kw={"width_ratios": [1.25, 1]})
picture = np.full((ROWS, COLUMNS), np.nan)
for k, cell in enumerate(CELLS):
    picture[cell] = best[k]
picture[GOAL], picture[PIT] = np.nan, np.nan
left.imshow(picture, cmap="Blues", vmin=0.2, vmax=1.6)
for cell in WALLS:
    left.add_patch(plt.Rectangle((cell[1] - 0.5, cell[0] - 0.5), 1, 1, color=GREY))
for k, (i, j) in enumerate(CELLS):
    if (i, j) in (GOAL, PIT):
        left.text(j, i, "$+1$" if (i, j) == GOAL else "$-1$", ha="center", va="center")
        continue
    step = MOVES[policy[k]]
    start = (j - 0.2 * step[1], i - 0.2 * step[0] - 0.12)
    left.arrow(*start, 0.3 * step[1], 0.3 * step[0], head_width=0.15, color="black", lw=0.7)
    left.text(j, i + 0.38, f"{best[k]:.2f}", ha="center", va="center", fontsize=6.5)
left.set_xticks(np.arange(-0.5, COLUMNS), [])
left.set_yticks(np.arange(-0.5, ROWS), [])
left.tick_params(length=0)
left.grid(color=GREY, lw=0.5)
for side in ("right", "top"):
    left.spines[side].set_visible(True)

steps = 40
v, error, width = np.zeros(n), [], []
for _ in range(steps + 1):
    w = values(v).max(axis=0)
    error.append(np.abs(v - best).max())
    width.append(GAMMA * np.ptp(w - v) / (1 - GAMMA))
    v = w
ks = np.arange(steps + 1)
right.semilogy(ks, np.abs(best).max() * GAMMA**ks, color=GREY, lw=1, ls="--")
right.semilogy(ks, error, color=BLUE, lw=1.4)
right.semilogy(ks, width, color=GREEN, lw=1.2, ls=":")
jumps = [np.abs(u - best).max() for u in history]
right.semilogy(range(len(jumps) - 1), jumps[:-1], color=BROWN, lw=1.4, marker="o", ms=3)
right.text(22, 0.45, "bound", color=GREY)
right.text(15, 0.0006, "value\niteration", color=BLUE, ha="right")
right.text(26, 0.004, "stopping\nbound", color=GREEN)
right.text(0.8, 0.0115, "policy\niteration", color=BROWN)
right.set_ylim(1e-4, 30)
right.set_xlim(0, steps)
right.set_xlabel("iteration")
right.set_ylabel("maximal error")
fig.tight_layout(pad=0.4, w_pad=1.2)
save(fig, __file__)
