"""The chapter on kernel methods and its problems: bounds, worked examples and answers."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import sympy as sp
from scipy import optimize

from tests.content.bank import Topic

TOPIC = Topic("kernel-methods")


def gaussian(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.exp(-((x[:, None] - y[None]) ** 2) / 2)


def ridge(k: np.ndarray, y: np.ndarray, lam: float) -> np.ndarray:
    return np.linalg.solve(k + len(y) * lam * np.eye(len(y)), y)


def objective(k: np.ndarray, y: np.ndarray, lam: float, c: np.ndarray) -> float:
    """The functional of def-krr at the combination c of sections at the first len(y) points."""
    return np.mean((y - (k @ c)[: len(y)]) ** 2) + lam * c @ k @ c


def dual(g: np.ndarray, bound: float) -> np.ndarray:
    """A maximizer of sum(a) - a'Ga/2 over the box, by coordinate ascent."""
    a = np.zeros(len(g))
    for _ in range(3000):
        old = a.copy()
        for i in range(len(a)):
            a[i] = min(max(a[i] + (1 - g[i] @ a) / g[i, i], 0), bound)
        if np.abs(a - old).max() < 1e-15:
            break
    return a


def test_closed_form_of_ridge_regression():
    """thm-krr: residuals, value, and the excess at any other function of the space."""
    rng = np.random.default_rng(0)
    for lam in (0.001, 0.1, 3.0):
        x, y = rng.standard_normal(9), rng.standard_normal(6)
        k = gaussian(x, x)
        c = np.concatenate([ridge(k[:6, :6], y, lam), np.zeros(3)])
        least = objective(k, y, lam, c)
        assert y - (k @ c)[:6] == pytest.approx(6 * lam * c[:6])
        inverse = np.linalg.inv(k[:6, :6] + 6 * lam * np.eye(6))
        assert least == pytest.approx(lam * y @ inverse @ y)
        for h in rng.standard_normal((20, 9)):
            excess = np.mean((k @ h)[:6] ** 2) + lam * h @ k @ h
            assert objective(k, y, lam, c + h) == pytest.approx(least + excess)


def test_polygon():
    """ex-krr-polygon."""
    c = ridge(np.array([[1.0, 1], [1, 2]]), np.array([1.0, 2]), 0.5)
    assert c == pytest.approx([1 / 5, 3 / 5])
    t = np.array([0.0, 1.0, 2.0, 3.0])
    values = np.minimum.outer(t, [1.0, 2.0]) @ c
    assert np.diff(values) == pytest.approx([4 / 5, 3 / 5, 0])
    assert objective(np.array([[1.0, 1], [1, 2]]), np.array([1.0, 2]), 0.5, c) == pytest.approx(0.7)


def test_norm_of_the_estimate():
    """prop-krr-norm, with equality for one point and k = lambda; exr-krr-interpolation-limit."""
    rng = np.random.default_rng(1)
    for lam in (0.01, 0.3, 2.0):
        x, y = rng.standard_normal(7), rng.standard_normal(7)
        k = gaussian(x, x)
        c = ridge(k, y, lam)
        assert c @ k @ c <= y @ y / (4 * 7 * lam)
        values, vectors = np.linalg.eigh(k[:3, :3])
        direction = vectors @ rng.standard_normal(3)
        exact = np.linalg.solve(k[:3, :3], direction)
        difference = ridge(k[:3, :3], direction, lam) - exact
        norm = math.sqrt(difference @ k[:3, :3] @ difference)
        bound = 3 * lam * math.sqrt(direction @ exact) / (values[0] + 3 * lam)
        assert norm <= bound * (1 + 1e-9)
    c = ridge(np.array([[0.5]]), np.array([2.0]), 0.5)
    assert 0.5 * c[0] ** 2 == pytest.approx(4 / (4 * 0.5))


def test_bias_and_variance_at_the_design_points():
    """thm-krr-fixed-design."""
    rng = np.random.default_rng(2)
    for lam, sigma in itertools.product((0.001, 0.05, 1.0), (0.1, 1.0)):
        x, a = rng.standard_normal(12), rng.standard_normal(12)
        k = gaussian(x, x)
        hat = k @ np.linalg.inv(k + 12 * lam * np.eye(12))
        bias = np.mean(((np.eye(12) - hat) @ k @ a) ** 2)
        variance = sigma**2 * np.trace(hat @ hat) / 12
        norm = a @ k @ a
        assert bias <= lam / 4 * norm
        assert variance <= sigma**2 / (4 * 12 * lam)
        best = sigma / math.sqrt(12 * norm)
        assert best / 4 * norm + sigma**2 / (48 * best) == pytest.approx(
            sigma * math.sqrt(norm / 12) / 2
        )


def test_leave_one_out_residuals():
    """prop-krr-loo, by fits without the observation."""
    rng = np.random.default_rng(3)
    x, y, lam = rng.standard_normal(6), rng.standard_normal(6), 0.07
    k = gaussian(x, x)
    inverse = np.linalg.inv(k + 6 * lam * np.eye(6))
    for i in range(6):
        rest = [j for j in range(6) if j != i]
        c = np.linalg.solve(k[np.ix_(rest, rest)] + 6 * lam * np.eye(5), y[rest])
        assert y[i] - k[i, rest] @ c == pytest.approx((inverse @ y)[i] / inverse[i, i])


def test_stability():
    """thm-krr-stability, on pairs of samples that differ in one observation."""
    rng = np.random.default_rng(4)
    n = 8
    for lam in (0.01, 0.1, 1.0) * 10:
        x, y = rng.standard_normal(n + 1), rng.uniform(-1, 1, n + 1)
        k = gaussian(x, x)
        one, two = list(range(n)), [*range(1, n), n]
        f, g = np.zeros(n + 1), np.zeros(n + 1)
        f[one], g[two] = ridge(k[:n, :n], y[one], lam), ridge(k[1:, 1:], y[two], lam)
        r, s = abs(y[0] - (k @ f)[0]), abs(y[n] - (k @ g)[n])
        norm = math.sqrt((f - g) @ k @ (f - g))
        gamma = 1 + 1 / (2 * math.sqrt(lam))
        assert norm <= (r + s) / (lam * n) <= 2 * gamma / (lam * n)
        new = rng.standard_normal(50)
        values = gaussian(new, x) @ np.stack([f, g], axis=1)
        for label in (-1, 0.3, 1):
            loss = (label - values) ** 2
            assert np.all(loss <= gamma**2)
            assert np.all(np.abs(loss[:, 0] - loss[:, 1]) <= 4 * gamma**2 / (lam * n))


def test_oracle_inequality():
    """cor-krr-oracle: the second factor, and the constant 8 of the noiseless case."""
    n, radius = 10, 1.0
    lam = 2 * radius**2 / n
    assert (1 + 2 * radius**2 / (lam * n)) ** 2 * lam == pytest.approx(8 * radius**2 / n)
    rng = np.random.default_rng(5)
    atoms = rng.standard_normal(5)
    labels = np.array([1.0, -1, 1, 1, -1])
    k = gaussian(atoms, atoms)
    lam, risks, fits = 0.1, [], []
    for sample in itertools.product(range(5), repeat=3):
        index = list(sample)
        f = k[:, index] @ ridge(k[np.ix_(index, index)], labels[index], lam)
        risks.append(np.mean((labels - f) ** 2))
        fits.append(np.mean((labels - f)[index] ** 2))
    factor = (1 + 2 / (lam * 3)) ** 2
    assert np.mean(risks) <= factor * np.mean(fits)
    c = ridge(k, labels, lam)
    assert np.mean(fits) <= objective(k, labels, lam, c)


def test_path_of_solutions():
    """ex-svm-path: all four regimes, by coordinate ascent on the dual."""
    v = np.array([1.0, 2, 1])
    for bound in (0.05, 0.125, 0.2, 0.25, 0.4, 0.5, 0.8):
        a = dual(np.outer(v, v), bound)
        w = v @ a
        claim = 4 * bound if bound <= 1 / 8 else max(1 / 2, min(2 * bound, 1))
        assert w == pytest.approx(claim)
        if 1 / 8 <= bound <= 1 / 2:
            expected = [bound, max(1 / 4 - bound, 0), bound]
            assert a == pytest.approx(expected, abs=1e-9)


def test_duality_gap():
    """thm-svm-dual, eq-svm-gap, eq-svm-kkt, exr-svm-norm."""
    rng = np.random.default_rng(6)
    for bound in (0.1, 1.0, 10.0):
        x, y = rng.standard_normal(7), rng.choice([-1.0, 1.0], 7)
        k = gaussian(x, x)
        g = y[:, None] * k * y

        def primal(c, k=k, y=y, bound=bound):
            return c @ k @ c / 2 + bound * np.sum(np.maximum(1 - y * (k @ c), 0))

        for _ in range(20):
            c, a = rng.standard_normal(7), rng.uniform(0, bound, 7)
            t = 1 - y * (k @ c)
            gap = (c - a * y) @ k @ (c - a * y) / 2 + np.sum(bound * np.maximum(t, 0) - a * t)
            assert primal(c) - (a.sum() - a @ g @ a / 2) == pytest.approx(gap)
            assert gap >= 0
        a = dual(g, bound)
        margins = g @ a
        assert np.all(margins[a < 1e-12] >= 1 - 1e-6)
        assert np.all(margins[a > bound - 1e-12] <= 1 + 1e-6)
        assert primal(a * y) == pytest.approx(a.sum() - a @ g @ a / 2, rel=1e-6)
        hinge = np.sum(np.maximum(1 - margins, 0))
        assert a @ g @ a == pytest.approx(a.sum() - bound * hinge, rel=1e-5)
        assert a @ g @ a <= 7 * bound * (1 + 1e-9)


def test_discrepancy_in_fourier_space():
    """prop-mmd-fourier, prop-mmd-formula, exr-mmd-unbiased."""
    p, q = np.array([-1.0, 0.2, 0.9]), np.array([0.0, 0.4])
    direct = gaussian(p, p).mean() - 2 * gaussian(p, q).mean() + gaussian(q, q).mean()
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    difference = np.exp(1j * np.outer(nodes, p)).mean(axis=1) - np.exp(
        1j * np.outer(nodes, q)
    ).mean(axis=1)
    assert weights @ np.abs(difference) ** 2 / weights.sum() == pytest.approx(direct)
    same = np.array([0.0, 1.0])
    off = (gaussian(same, same).sum() - 2) / 2
    assert off - 2 * gaussian(same, same).mean() + off < 0


def test_deviation_of_the_discrepancy():
    """thm-mmd-deviation: second moment and deviation, by simulation."""
    rng = np.random.default_rng(7)
    found = []
    for _ in range(400):
        x, y = rng.standard_normal(20), rng.standard_normal(30)
        square = gaussian(x, x).mean() - 2 * gaussian(x, y).mean() + gaussian(y, y).mean()
        found.append(math.sqrt(max(square, 0)))
    scale = 1 / 20 + 1 / 30
    assert np.mean(np.square(found)) == pytest.approx(scale * (1 - 3**-0.5), rel=0.1)
    assert np.mean(np.array(found) <= math.sqrt(scale) * (1 + math.sqrt(2 * math.log(2)))) >= 0.5


def test_fourier_features():
    """ex-fourier-features, by quadrature over frequencies and phases."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    phases = np.arange(64) / 64 * 2 * np.pi
    tau, x, z = 0.8, 0.3, -0.9
    w = nodes / tau
    exact = math.exp(-((x - z) ** 2) / (2 * tau**2))
    paired = np.cos(w * x) * np.cos(w * z) + np.sin(w * x) * np.sin(w * z)
    assert weights @ paired / weights.sum() == pytest.approx(exact)
    shifted = 2 * np.cos(w[:, None] * x + phases) * np.cos(w[:, None] * z + phases)
    assert weights @ shifted.mean(axis=1) / weights.sum() == pytest.approx(exact)


def test_approximation_by_random_features():
    """thm-random-features: 3685 frequencies, and statement 2 as a matrix inequality."""
    least = 2 * math.log(1000 * 1001 / 0.01) / 0.1**2
    assert math.ceil(least) == 3685
    rng = np.random.default_rng(8)
    x = rng.standard_normal(10)
    k = gaussian(x, x)
    for lam in (0.01, 0.1, 1.0):
        w = rng.standard_normal(30)
        z = np.concatenate([np.cos(np.outer(x, w)), np.sin(np.outer(x, w))], axis=1) / math.sqrt(30)
        approximate = z @ z.T
        eps = np.abs(approximate - k).max()
        y = rng.standard_normal(10)
        difference = k @ ridge(k, y, lam) - approximate @ ridge(approximate, y, lam)
        assert np.linalg.norm(difference) <= eps / lam * np.linalg.norm(y)


def test_answers_on_fourier_features():
    """The problem fourier-features-sufficient-number (thm-hoeffding)."""
    for p, answer in TOPIC.draws("fourier-features-sufficient-number"):
        n, q = int(p["n"]), int(p["q"])
        pairs = len(np.triu_indices(n, 1)[0])
        root = optimize.brentq(
            lambda d, q=q, pairs=pairs: (
                math.log(2 * pairs) - 2 * d / (2**2 * q**2) - math.log(0.01)
            ),
            1,
            1e6,
        )
        assert float(answer) == pytest.approx(root)
        assert p["number"] == answer


def test_answers_on_the_affine_kernel():
    """The problem krr-affine-kernel-prediction, as ridge regression of two weights."""
    features = sp.Matrix([[1, -1], [1, 1]])
    for p, answer in TOPIC.draws("krr-affine-kernel-prediction"):
        normal = features.T * features + 2 * p["lam"] * sp.eye(2)
        w = normal.solve(features.T * sp.Matrix([p["a"], p["b"]]))
        assert w[0] + w[1] * p["t"] == answer == p["val"]


def test_answers_on_shrinking_a_mean():
    """The problem krr-constant-kernel-shrinkage, by numerical minimization."""
    for p, answer in TOPIC.draws("krr-constant-kernel-shrinkage"):
        n, theta, s = (int(p[key]) for key in ("n", "theta", "s"))
        ones = np.ones((n, n))

        def error(lam, n=n, theta=theta, s=s, ones=ones):
            weights = np.linalg.solve(ones + n * lam * np.eye(n), np.ones(n))
            return (theta * weights.sum() - theta) ** 2 + s**2 * weights @ weights

        best = optimize.minimize_scalar(
            error, bounds=(1e-6, 10), method="bounded", options={"xatol": 1e-8}
        )
        assert best.x == pytest.approx(float(p["opt"]), rel=1e-3)
        assert best.fun == pytest.approx(float(answer), rel=1e-8)
        assert float(answer) < s**2 / n
        assert p["best"] == answer


def test_answers_on_one_leave_one_out_residual():
    """The problem krr-leave-one-out-three-points (prop-krr-loo), by the fit to all points."""
    for p, answer in TOPIC.draws("krr-leave-one-out-three-points"):
        inverse = (sp.ones(3) + (1 + p["ell"]) * sp.eye(3)).inv()
        c = inverse * sp.Matrix([p["u"], p["v"], p["w"]])
        assert c[0] / inverse[0, 0] == answer == p["res"]


def test_choices_on_repeated_observations():
    """The problem krr-repeated-observations, by fits to the repeated data."""
    rng = np.random.default_rng(9)
    x, y, lam = rng.standard_normal(4), rng.standard_normal(4), 0.3
    new = np.array([-1.0, 0.1, 2.0])
    once = gaussian(new, x) @ np.linalg.solve(gaussian(x, x) + lam * np.eye(4), y)
    for p, right, wrong in TOPIC.choices("krr-repeated-observations"):
        m = int(p["m"])
        many, labels = np.tile(x, m), np.tile(y, m)

        def fit(mu, many=many, labels=labels):
            c = np.linalg.solve(gaussian(many, many) + mu * np.eye(len(many)), labels)
            return gaussian(new, many) @ c

        assert fit(float(right[0]) * lam) == pytest.approx(once)
        others = [1.0, 1 / float(wrong[1][0]), float(wrong[2][0])]
        assert wrong[0] == []
        assert all(np.abs(fit(mu * lam) - once).max() > 1e-3 for mu in others)


def test_answers_on_the_bias_of_the_discrepancy():
    """The problem mmd-bias-normal-samples, by quadrature and by simulation."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(30)
    one = weights @ np.exp(-((nodes[:, None] - nodes) ** 2) / 4) @ weights / weights.sum() ** 2
    rng = np.random.default_rng(10)
    simulated: dict[int, float] = {}
    for p, answer in TOPIC.draws("mmd-bias-normal-samples"):
        d, q, n = int(p["d"]), int(p["q"]), int(answer)
        assert float(p["kap"]) == pytest.approx(one**d) == pytest.approx(1 - float(p["gap"]))
        if d not in simulated:
            z = rng.standard_normal((4000, 6, d))
            k = np.exp(-np.sum((z[:, :, None] - z[:, None]) ** 2, axis=3) / 4)
            sign = np.array([1, 1, 1, -1, -1, -1]) / 3
            simulated[d] = np.mean(np.einsum("i,tij,j->t", sign, k, sign))
        assert simulated[d] == pytest.approx(2 / 3 * float(p["gap"]), rel=0.03)
        assert 2 / n * (1 - one**d) <= 1 / q + 1e-12
        assert 2 / (n - 1) * (1 - one**d) > 1 / q + 1e-12
        assert float(p["need"]) == pytest.approx(2 * q * (1 - one**d))
        assert p["least"] == answer


def test_answers_on_a_support_vector_machine():
    """The problem svm-three-observations (thm-svm-dual), by coordinate ascent."""
    for p, answer in TOPIC.draws("svm-three-observations"):
        x, c = 1 / float(p["p"]), float(p["c"])
        k = np.array([[1, x, 0], [x, 1, 0], [0, 0, 1]])
        y = np.array([1, 1, -1])
        alpha = dual(y[:, None] * k * y, c)
        assert alpha == pytest.approx([float(p["a"]), float(p["a"]), c])
        f = k @ (alpha * y)
        assert y * f == pytest.approx([1, 1, c])
        hinge = np.maximum(1 - y * f, 0)
        primal = (alpha * y) @ f / 2 + c * hinge.sum()
        assert primal == pytest.approx(float(answer))
        assert p["best"] == answer
