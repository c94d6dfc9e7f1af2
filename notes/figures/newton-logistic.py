"""Damped Newton, Nesterov's method and gradient descent on regularized logistic regression."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, save

N, D, RIDGE = 400, 20, 1e-4
rng = np.random.default_rng(5)
X = rng.normal(size=(N, D)) * np.logspace(0, -1.5, D)
X /= np.linalg.norm(X, axis=1).max()
truth = 25 * rng.normal(size=D)
y = np.where(rng.random(N) < 1 / (1 + np.exp(-X @ truth)), 1.0, -1.0)


def value(w):
    """The regularized empirical logistic risk."""
    return np.logaddexp(0, -y * (X @ w)).mean() + RIDGE / 2 * w @ w


def gradient(w):
    """Its gradient."""
    return -X.T @ (y / (1 + np.exp(y * (X @ w)))) / N + RIDGE * w


def hessian(w):
    """Its Hessian."""
    s = 1 / (1 + np.exp(y * (X @ w)))
    return (X.T * (s * (1 - s))) @ X / N + RIDGE * np.eye(D)


def newton(steps):
    """Newton's method with backtracking, c = 1/4 and beta = 1/2."""
    w = np.zeros(D)
    values = [value(w)]
    for _ in range(steps):
        g = gradient(w)
        p = -np.linalg.solve(hessian(w), g)
        t = 1.0
        # At rounding level the test means nothing; the full step is right there.
        while value(w + t * p) > value(w) + 0.25 * t * (g @ p) and -g @ p > 1e-14:
            t /= 2
        w = w + t * p
        values.append(value(w))
    return np.array(values)


def first_order(steps, momentum):
    """Gradient descent, or Nesterov's method, with step 1/L."""
    step = 1 / (np.linalg.eigvalsh(X.T @ X / (4 * N))[-1] + RIDGE)
    w = z = np.zeros(D)
    values = [value(w)]
    for k in range(steps):
        new = z - step * gradient(z)
        z = new + (k / (k + 3) if momentum else 0) * (new - w)
        w = new
        values.append(value(w))
    return np.array(values)


minimum = newton(30).min()
figure, axes = plt.subplots(figsize=(5.2, 3.0))
for values, color, marker in [
    (newton(6), BLUE, "o"),
    (first_order(1000, True), GREEN, None),
    (first_order(1000, False), BROWN, None),
]:
    gap = values - minimum
    axes.loglog(
        np.arange(1, len(gap)), gap[1:], color=color, linewidth=1.4, marker=marker, markersize=3.5
    )
axes.annotate("Newton", (6.1, 1e-9), color=BLUE)
axes.annotate("gradient descent", (1000, 8e-3), color=BROWN, ha="right")
axes.annotate("Nesterov", (55, 2e-6), color=GREEN, ha="right")
axes.set_xlim(0.9, 1000)
axes.set_ylim(1e-13, 2)
axes.set_yticks([1e0, 1e-4, 1e-8, 1e-12])
axes.minorticks_off()
axes.set_xlabel("iteration $k$")
axes.set_ylabel(r"$f(w_k) - f^\star$")
figure.tight_layout()
save(figure, __file__)
