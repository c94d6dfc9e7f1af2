"""Kernel ridge regression for three values of the regularization parameter."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

BANDWIDTH = 0.1


def gram(a, b):
    return np.exp(-((a[:, None] - b[None, :]) ** 2) / (2 * BANDWIDTH**2))


def target(t):
    return np.sin(5 * np.pi * t) * (1 - 0.5 * t)


def main():
    rng = np.random.default_rng(49)
    n = 30
    x = (np.arange(n) + rng.uniform(0, 1, n)) / n
    y = target(x) + 0.35 * rng.standard_normal(n)
    t = np.linspace(0, 1, 601)
    figure, axes = plt.subplots(figsize=(5.2, 3))
    axes.plot(t, target(t), color=GREY, lw=3, alpha=0.35)
    fits = ((1e-7, BROWN, "-", r"\lambda=10^{-7}"), (1e-2, BLUE, "-", r"\lambda=10^{-2}"),
            (2.0, GREEN, "--", r"\lambda=2"))
    positions = ((1.03, -0.7), (1.03, 0.6), (1.03, -0.05))
    eigenvalues = np.linalg.eigvalsh(gram(x, x)).clip(0)
    for (lam, colour, style, label), place in zip(fits, positions, strict=True):
        c = np.linalg.solve(gram(x, x) + n * lam * np.eye(n), y)
        axes.plot(t, gram(t, x) @ c, color=colour, ls=style, lw=1.3)
        effective = float(np.sum(eigenvalues / (eigenvalues + n * lam)))
        print(label, effective, float((gram(t[-1:], x) @ c)[0]))
        text = f"${label}$\n" + rf"$\mathrm{{tr}}\,H_\lambda\approx{effective:.1f}$"
        axes.text(*place, text, color=colour, va="center", fontsize=8)
    axes.plot(x, y, "o", color=GREY, ms=3)
    axes.set(xlim=(0, 1), ylim=(-1.5, 1.5), xlabel="$x$", ylabel="$y$")
    figure.tight_layout()
    save(figure, __file__)


if __name__ == "__main__":
    main()
