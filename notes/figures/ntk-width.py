"""Wide two-layer networks: movement, change of the kernel and distance to kernel regression."""

import matplotlib.pyplot as plt
import numpy as np
from scipy.special import erf
from style import BLUE, BROWN, GREEN, GREY, save

N, D, TESTS, REPEATS, STEPS = 10, 5, 200, 5, 2000
rng = np.random.default_rng(1)


def sphere(count):
    x = rng.standard_normal((count, D))
    return x / np.linalg.norm(x, axis=1)[:, None]


def slope(s):
    return np.sqrt(2 / np.pi) * np.exp(-(s**2) / 2)


def kernel(x, other, w):
    return (x @ other.T) * (slope(x @ w.T) @ slope(other @ w.T).T) / len(w)


def limit(s):
    return 2 / np.pi * s / np.sqrt(4 - s**2)


def rms(values):
    return np.sqrt(np.mean(values**2))


def train(m, x, y, test):
    half = rng.standard_normal((m // 2, D))
    w0 = np.vstack([half, half])
    a = np.repeat(rng.choice([-1.0, 1.0], m // 2)[None], 2, axis=0)
    a[1] *= -1
    a = a.ravel() / np.sqrt(m)
    h0 = kernel(x, x, w0)
    rate = 1 / np.linalg.eigvalsh(h0)[-1]
    w = w0.copy()
    for _ in range(STEPS):
        s = x @ w.T
        e = erf(s / np.sqrt(2)) @ a - y
        if np.linalg.norm(e) < 1e-7:
            break
        w -= rate * a[:, None] * ((slope(s) * e[:, None]).T @ x)
    moved = np.linalg.norm(w - w0, axis=1).max()
    change = np.linalg.norm(kernel(x, x, w) - h0, 2) / np.linalg.norm(h0, 2)
    values = erf(test @ w.T / np.sqrt(2)) @ a
    start = kernel(test, x, w0) @ np.linalg.solve(h0, y)
    end = limit(test @ x.T) @ np.linalg.solve(limit(x @ x.T), y)
    return moved, change, rms(values - start), rms(values - end)


x, y, test = sphere(N), rng.choice([-1.0, 1.0], N), sphere(TESTS)
widths = 2 ** np.arange(5, 14)
found = np.array(
    [np.median([train(m, x, y, test) for _ in range(REPEATS)], axis=0) for m in widths]
)

fig, axis = plt.subplots(figsize=(6.2, 3.0))
names = (
    "largest movement of a neuron",
    "relative change of the kernel",
    "distance to regression, initial kernel",
    "distance to regression, limit kernel",
)
for values, name, colour in zip(found.T, names, (BLUE, GREEN, BROWN, "black"), strict=True):
    axis.loglog(widths, values, "o-", color=colour, ms=3.5, lw=1.1)
    axis.text(widths[-1] * 1.2, values[-1], name, color=colour, va="center")
for power, height in ((-0.5, 6.0), (-1.0, 0.12)):
    axis.loglog(widths, height * (widths / widths[0]) ** power, "--", color=GREY, lw=0.9)
axis.text(widths[4], 2.2, "slope $-1/2$", color=GREY)
axis.text(widths[0], 0.018, "slope $-1$", color=GREY)
axis.set_xlabel("width $m$")
fig.tight_layout(pad=0.4)
save(fig, __file__)
