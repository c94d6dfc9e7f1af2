"""Gradient descent and Nesterov's method on the tridiagonal worst-case quadratic."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

K, M, L = 200, 401, 1.0

minimum = -(L / 8) * (1 - 1 / (M + 1))
radius2 = M * (2 * M + 1) / (6 * (M + 1))


def gradient(x):
    y = 2 * x
    y[:-1] -= x[1:]
    y[1:] -= x[:-1]
    y[0] -= 1
    return (L / 4) * y


def gap(x):
    q = x[0] ** 2 + np.sum(np.diff(x) ** 2) + x[-1] ** 2
    return (L / 8) * q - (L / 4) * x[0] - minimum


x = np.zeros(M)
plain = []
for _ in range(K):
    x = x - gradient(x) / L
    plain.append(gap(x))
x = np.zeros(M)
y = x.copy()
fast = []
for k in range(K):
    new = y - gradient(y) / L
    y = new + k / (k + 3) * (new - x)
    x = new
    fast.append(gap(x))

k = np.arange(1, K + 1)
floor = (L / 8) * (1 / (k + 1) - 1 / (M + 1))
fig, axis = plt.subplots(figsize=(5.2, 2.7))
axis.loglog(k, L * radius2 / (2 * k), "--", color=BLUE, lw=1.0)
axis.loglog(k, 2 * L * radius2 / (k + 1) ** 2, "--", color=BROWN, lw=1.0)
axis.loglog(k, plain, color=BLUE, lw=1.5)
axis.loglog(k, fast, color=BROWN, lw=1.5)
axis.loglog(k, floor, color=GREY, lw=1.2)
axis.plot([K], [3 * L * radius2 / (32 * (K + 1) ** 2)], "o", color=GREEN, ms=4, clip_on=False, zorder=5)
axis.text(14, 8.2, r"bound $L\Vert x_0-x^{{\star}}\Vert^2/(2k)$", color=BLUE, ha="left")
axis.text(1.25, 0.22, r"bound $2L\Vert x_0-x^{{\star}}\Vert^2/(k+1)^2$", color=BROWN, ha="left")
axis.text(215, plain[-1], "gradient descent", color=BLUE, va="center")
axis.text(215, fast[-1] * 1.12, "Nesterov", color=BROWN, va="center")
axis.text(1.25, 0.0012, "no first-order method" "\n" "gets below this curve", color=GREY)
axis.text(215, 3 * L * radius2 / (32 * (K + 1) ** 2) * 0.72, "lower bound, $k=200$", color=GREEN, va="center")
axis.set_xlim(1, 200)
axis.set_ylim(2e-4, 150)
axis.set_xlabel("iteration $k$")
axis.set_ylabel(r"$f(x_k)-f^{{\star}}$")
fig.tight_layout(pad=0.4)
save(fig, __file__)
