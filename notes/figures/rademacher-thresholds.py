"""Exact Rademacher averages of half-lines and of intervals, with their Massart bounds."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, save

N_MAX = 1024


def half_lines() -> np.ndarray:
    """E max_{k<=n} S_k for n = 1..N_MAX, by E|S_n| - P(S_n > 0)."""
    law = np.zeros(2 * N_MAX + 1)  # law of S_n, index = value + N_MAX
    law[N_MAX] = 1.0
    values = np.arange(-N_MAX, N_MAX + 1)
    out = np.empty(N_MAX)
    for n in range(N_MAX):
        new = np.zeros_like(law)
        new[1:] += law[:-1] / 2
        new[:-1] += law[1:] / 2
        law = new
        out[n] = law @ np.abs(values) - law[values > 0].sum()
    return out


def intervals() -> np.ndarray:
    """E max_{j<=k<=n} (S_k - S_j), n = 1..N_MAX: maximum of the walk Y <- max(Y + s, 0)."""
    top = int(7 * np.sqrt(N_MAX))
    out = np.zeros(N_MAX)
    for level in range(top):  # adds P(max > level); the walk is killed above the level
        law = np.zeros(level + 1)
        law[0] = 1.0
        for n in range(N_MAX):
            new = np.zeros_like(law)
            new[1:] += law[:-1] / 2
            new[:-1] += law[1:] / 2
            new[0] += law[0] / 2
            law = new
            out[n] += 1.0 - law.sum()
    return out


def main() -> None:
    n = np.arange(1, N_MAX + 1)
    root = np.sqrt(n)
    curves = (
        ("half-lines", half_lines() / root, np.sqrt(np.log(n + 1) / 2), BLUE),
        ("intervals", intervals() / root, np.sqrt(np.log(1 + n * (n + 1) / 2) / 2), BROWN),
    )
    fig, ax = plt.subplots(figsize=(5.2, 3.0))
    show = n >= 4
    for name, exact, bound, colour in curves:
        ax.plot(n[show], exact[show], color=colour, lw=1.4)
        ax.plot(n[show], bound[show], color=colour, lw=1.2, ls=(0, (4, 2)))
        ax.text(N_MAX * 1.12, exact[-1], f"{name}, exact", color=colour, va="center")
        ax.text(N_MAX * 1.12, bound[-1], f"{name}, bound", color=colour, va="center")
    ax.set_xscale("log", base=2)
    ax.set_xlim(4, N_MAX)
    ax.set_ylim(0, 2.9)
    ax.set_xticks([4, 16, 64, 256, 1024])
    ax.set_xlabel("sample size $n$")
    ax.set_ylabel(r"$\sqrt{n}\;\times$ empirical complexity")
    fig.subplots_adjust(left=0.105, right=0.76, bottom=0.16, top=0.96)
    save(fig, __file__)
    plt.close(fig)


if __name__ == "__main__":
    main()
