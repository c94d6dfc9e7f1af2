"""Q-learning with three step sizes, and temporal differences off-policy that diverge."""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, BROWN, GREEN, GREY, save

GAMMA, STATES, ACTIONS, STEPS, RUNS = 0.9, 5, 2, 10000, 20
rng = np.random.default_rng(0)
stay = np.eye(STATES)[:, None, :]
P = 0.6 * stay + 0.4 * rng.dirichlet(np.full(STATES, 0.3), (STATES, ACTIONS))
r = np.linspace(0, 1, STATES)[:, None] * np.array([1, 0.9])
best = np.zeros((STATES, ACTIONS))
for _ in range(2000):
    best = r + GAMMA * P @ best.max(axis=1)


def learn(rule):
    """The mean error after each step, over independent runs."""
    q = np.zeros((RUNS, STATES, ACTIONS))
    edges = np.cumsum(P, axis=2)
    errors = np.empty(STEPS)
    for k in range(STEPS):
        errors[k] = np.abs(q - best).max(axis=(1, 2)).mean()
        draw = rng.random((RUNS, STATES, ACTIONS, 1))
        following = np.minimum(np.sum(draw > edges, axis=3), STATES - 1)
        values = np.take_along_axis(q.max(axis=2)[:, None, :], following.reshape(RUNS, 1, -1), 2)
        q += rule(k) * (r + GAMMA * values.reshape(q.shape) - q)
    return errors


fig, (left, right) = plt.subplots(1, 2, figsize=(5.8, 2.5))
ks = np.arange(1, STEPS + 1)
for rule, color in (
    (lambda k: 1 / (k + 1), GREY),
    (lambda k: 1 / (1 + (1 - GAMMA) * k), BLUE),
    (lambda _: 0.05, BROWN),
):
    left.loglog(ks, learn(rule), color=color, lw=1.4)
left.text(120, 5.5, r"$\alpha_k=\frac{1}{k+1}$", color=GREY)
left.text(2.5, 1.2, r"$\frac{1}{1+(1-\gamma)k}$", color=BLUE)
left.text(1500, 0.62, r"$0.05$", color=BROWN)
left.set_ylim(0.03, 12)
left.set_xlim(1, STEPS)
left.set_xlabel("step $k$")
left.set_ylabel("mean error")

count, alpha = 400, 0.05
states = 1 + (rng.random(count) < 0.5)
labels = [(0.7, BLUE, (60, 3e-3)), (0.9, BROWN, (290, 0.4)), (0.99, GREEN, (170, 1.5e3))]
for gamma, color, place in labels:
    theta = np.ones(count + 1)
    for k, feature in enumerate(states):
        theta[k + 1] = theta[k] * (1 + alpha * (2 * gamma - feature) * feature)
    right.semilogy(theta, color=color, lw=1.1)
    mean = (1 - alpha * (2.5 - 3 * gamma)) ** np.arange(count + 1)
    right.semilogy(mean, color=color, lw=1, ls=":")
    right.text(*place, rf"$\gamma={gamma}$", color=color)
right.set_xlim(0, count)
right.set_xlabel("step $k$")
right.set_ylabel(r"$|\theta_k|$")
fig.tight_layout(pad=0.4, w_pad=1.2)
save(fig, __file__)
