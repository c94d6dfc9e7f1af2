"""Mean squared distance of SGD to the minimizer of a quadratic, for three choices of step sizes."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, save

DIM, MU, L, SIGMA2, R2, STEPS = 10, 0.1, 1.0, 1.0, 100.0, 10_000
KAPPA = L / MU
eigenvalues = np.linspace(MU, L, DIM)


def run(step, rng):
    """Exact E|x_k|^2 and |x_k|^2 of one run, k = 0..STEPS; the minimizer is 0."""
    second = np.full(DIM, R2 / DIM)
    x = np.full(DIM, np.sqrt(R2 / DIM))
    exact, single = [second.sum()], [x @ x]
    for k in range(STEPS):
        a = step(k)
        noise = rng.normal(scale=np.sqrt(SIGMA2 / DIM), size=DIM)
        second = (1 - a * eigenvalues) ** 2 * second + a**2 * SIGMA2 / DIM
        x = x - a * (eigenvalues * x + noise)
        exact.append(second.sum())
        single.append(x @ x)
    return np.array(exact), np.array(single)


curves = [
    (lambda k: 1 / L, BLUE, r"$\alpha=1/L$"),
    (lambda k: 0.1 / L, BROWN, r"$\alpha=0.1/L$"),
    (lambda k: 2 / (MU * (k + 4 * KAPPA)), GREEN, "decreasing"),
]
fig, ax = plt.subplots(figsize=(5.2, 3.0))
for number, (step, colour, label) in enumerate(curves):
    exact, single = run(step, np.random.default_rng(20 + number))
    ks = np.arange(1, STEPS + 1)
    show = np.unique(np.round(np.geomspace(1, STEPS, 260)).astype(int))
    ax.plot(show, single[show], color=colour, lw=0.6, alpha=0.55)
    ax.plot(ks, exact[1:], color=colour, lw=1.8)
    ax.text(STEPS * 1.15, exact[-1], label, color=colour, va="center")
ax.set_xscale("log")
ax.set_yscale("log")
ax.set_xlim(1, STEPS)
ax.set_xlabel(r"number of steps $k$")
ax.set_ylabel(r"$\mathbf{E}\,\Vert x_k-x^\star\Vert^2$")
fig.subplots_adjust(left=0.13, right=0.82, bottom=0.16, top=0.97)
save(fig, __file__)
