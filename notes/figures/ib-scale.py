"""The limit of the diagonal network as a function of the scale of its initialization."""

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import linprog, root
from style import BLUE, BROWN, GREEN, GREY, save

rng = np.random.default_rng(5)
X = np.round(rng.standard_normal((3, 7)), 1)
TRUTH = np.array([0, 2, 0, 0, -1, 0, 0])
y = X @ TRUTH


def limit(beta, start):
    """The interpolant w = beta sinh(X' nu), found by Newton's method for nu."""
    found = root(
        lambda nu: X @ (beta * np.sinh(X.T @ nu)) - y,
        start,
        jac=lambda nu: (X * (beta * np.cosh(X.T @ nu))) @ X.T,
        tol=1e-12,
    )
    assert found.success
    return found.x


scales = np.logspace(1, -4, 400)
nu, weights = np.linalg.solve(X @ X.T, y) / 200, []
for before, alpha in zip(np.concatenate([[10.0], scales]), scales, strict=False):
    nu = limit(2 * alpha**2, nu * (before / alpha) ** 0.2)
    weights.append(2 * alpha**2 * np.sinh(X.T @ nu))
weights = np.array(weights)
shortest = np.linalg.pinv(X) @ y
sparse = linprog(np.ones(14), A_eq=np.hstack([X, -X]), b_eq=y).x
sparse = sparse[:7] - sparse[7:]

fig, (left, right) = plt.subplots(1, 2, figsize=(5.8, 2.5))
for j in range(7):
    color = BROWN if TRUTH[j] else GREY
    left.semilogx(scales, weights[:, j], color=color, lw=1.4 if TRUTH[j] else 0.9)
    left.plot(13, shortest[j], "o", color=color, ms=3, clip_on=False)
    left.plot(0.8e-4, sparse[j], "s", color=color, ms=3, clip_on=False)
left.set_xlim(0.8e-4, 13)
left.set_xlabel(r"scale $\alpha$")
left.set_ylabel("coordinates of the limit")

right.semilogx(scales, np.abs(weights).sum(axis=1), color=BLUE, lw=1.4)
right.semilogx(scales, np.linalg.norm(weights, axis=1), color=GREEN, lw=1.4)
right.axhline(np.abs(sparse).sum(), color=BLUE, lw=0.8, ls=":")
right.axhline(np.linalg.norm(shortest), color=GREEN, lw=0.8, ls=":")
right.text(2e-4, np.abs(sparse).sum() + 0.12, r"$\Vert w_\alpha\Vert_1$", color=BLUE)
right.text(2e-4, 2.36, r"$\Vert w_\alpha\Vert_2$", color=GREEN)
right.set_ylim(1, None)
right.set_xlabel(r"scale $\alpha$")
right.set_ylabel("norm of the limit")
fig.tight_layout(pad=0.4, w_pad=1.5)
save(fig, __file__)
