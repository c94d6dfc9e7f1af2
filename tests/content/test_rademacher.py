"""The chapter on Rademacher complexity and its problems: exact values by enumeration of signs."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import integrate, optimize

from tests.content.bank import Topic

TOPIC = Topic("rademacher")


def signs(n: int) -> np.ndarray:
    """All vectors of n signs, one in each row."""
    return 1 - 2 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)


def complexity(a: np.ndarray) -> float:
    """The complexity of the finite set whose elements are the rows of a."""
    n = a.shape[1]
    return np.mean(np.max(signs(n) @ a.T, axis=1)) / n


def thresholds(n: int) -> np.ndarray:
    return np.array([[float(i < k) for i in range(n)] for k in range(n + 1)])


def intervals(n: int) -> np.ndarray:
    rows = {tuple(float(s <= i < e) for i in range(n)) for s in range(n) for e in range(s, n + 1)}
    return np.array(sorted(rows))


def test_calculus():
    """prop-rademacher-calculus, all five parts, and ex-random-labels."""
    rng = np.random.default_rng(0)
    a, b, shift = rng.standard_normal((5, 6)), rng.standard_normal((3, 6)), rng.standard_normal(6)
    assert complexity(a[:3]) <= complexity(a)
    for c in (-2.5, 0.0, 0.7):
        assert complexity(c * a + shift) == pytest.approx(abs(c) * complexity(a))
    sums = (a[:, None] + b).reshape(-1, 6)
    assert complexity(sums) == pytest.approx(complexity(a) + complexity(b))
    mixed = np.concatenate([a, rng.dirichlet(np.ones(5), 200) @ a])
    assert complexity(mixed) == pytest.approx(complexity(a))
    assert 0 <= complexity(a) <= np.linalg.norm(a, axis=1).max() / math.sqrt(6)
    h = rng.choice([-1, 1], (7, 6))
    errors = np.mean(signs(6)[:, None] != h, axis=2).min(axis=1).mean()
    assert complexity(h) == pytest.approx(1 - 2 * errors)


def test_symmetrization_and_deviation():
    """lem-symmetrization, thm-rademacher-bound, exr-erm-mean: three points, all samples."""
    rng = np.random.default_rng(1)
    for _ in range(5):
        f, p = rng.random((4, 3)), rng.dirichlet(np.ones(3))
        samples = np.array(list(itertools.product(range(3), repeat=5)))
        law = np.prod(p[samples], axis=1)
        values = f[:, samples]
        gap = (f @ p)[:, None] - values.mean(axis=2)
        empirical = np.array([complexity(values[:, i]) for i in range(len(samples))])
        rad = law @ empirical
        assert law @ gap.max(axis=0) <= 2 * rad
        assert law @ (-gap).max(axis=0) <= 2 * rad
        chosen = (f @ p)[values.mean(axis=2).argmin(axis=0)]
        assert law @ chosen <= (f @ p).min() + 2 * rad
        for delta in (0.5, 0.1, 0.01):
            size = math.sqrt(math.log(1 / delta) / 10)
            assert law @ (gap.max(axis=0) <= 2 * rad + size) >= 1 - delta
            size = 3 * math.sqrt(math.log(2 / delta) / 10)
            assert law @ (gap.max(axis=0) <= 2 * empirical + size) >= 1 - delta


def test_finite_sets_and_contractions():
    """lem-massart, ex-finite-class, lem-contraction."""
    rng = np.random.default_rng(2)
    for count in (1, 2, 10, 60):
        a = rng.standard_normal((count, 8)) * rng.exponential(1, 8)
        for center in (np.zeros(8), a.mean(axis=0)):
            r = np.linalg.norm(a - center, axis=1).max()
            assert complexity(a) <= r * math.sqrt(2 * math.log(count)) / 8 + 1e-12
        for phi in (np.abs, np.sin, lambda t: np.maximum(t, 0), lambda t: np.clip(t - 1, -1, 0.5)):
            assert complexity(phi(a)) <= complexity(a) + 1e-12
        ramp = np.clip(1 - a / 0.25, 0, 1)
        assert complexity(ramp) <= 4 * complexity(a) + 1e-12
    for bits in (3, 20):
        losses = rng.integers(0, 2, (bits, 8)).astype(float)
        assert complexity(losses) <= math.sqrt(math.log(bits) / 16)


def test_linear_classes():
    """prop-linear-class, prop-rkhs-ball, and the remark on the constant 1/sqrt(2)."""
    rng = np.random.default_rng(3)
    for d in (1, 2, 20):
        x = rng.uniform(-1, 1, (9, d))
        walks = signs(9) @ x
        euclidean = np.mean(np.linalg.norm(walks, axis=1)) / 9
        trace = math.sqrt(np.sum(x**2)) / 9
        assert trace / math.sqrt(2) <= euclidean <= trace
        coordinate = np.mean(np.abs(walks).max(axis=1)) / 9
        assert coordinate <= np.abs(x).max() * math.sqrt(2 * math.log(2 * d) / 9)
        corners = np.concatenate([x.T, -x.T])
        assert complexity(corners) == pytest.approx(coordinate)
    k = np.exp(-((x[:, :1] - x[:, 0]) ** 2) / 2)
    s = signs(9)
    exact = np.mean(np.sqrt(np.einsum("ti,ij,tj->t", s, k, s))) / 9
    assert 1 / math.sqrt(18) <= exact <= 1 / 3
    directions = rng.standard_normal((5000, 9)) @ np.linalg.cholesky(k + 1e-12 * np.eye(9)).T
    norms = np.sqrt(np.sum(directions * np.linalg.solve(k + 1e-9 * np.eye(9), directions.T).T, 1))
    assert complexity(directions / norms[:, None]) <= exact * (1 + 1e-3)
    tight = np.array([[1.0], [1.0]])
    found = np.mean(np.abs(signs(2) @ tight)) / 2
    assert found == pytest.approx(math.sqrt(2) / (math.sqrt(2) * 2))


def test_dense_or_sparse_weights():
    """ex-dense-sparse."""
    d, s = 10**4, 10
    dense, sparse = math.sqrt(s * d), s * math.sqrt(2 * math.log(2 * d))
    assert (dense, sparse) == (pytest.approx(316, abs=0.5), pytest.approx(44.5, abs=0.05))
    assert (dense / sparse) ** 2 == pytest.approx(50, abs=1)
    for d, s in itertools.product((5, 40, 1000), (1, 3, 30)):
        smaller = s * math.sqrt(2 * math.log(2 * d)) < math.sqrt(s * d)
        assert smaller == (2 * s * math.log(2 * d) < d)


def test_sauer_shelah():
    """lem-sauer: the claim on shattered sets, for random families, and both bounds."""
    rng = np.random.default_rng(4)
    for count in (1, 2, 9, 30, 60):
        family = {tuple(row) for row in rng.integers(0, 2, (count, 6))}
        shatters = [
            index
            for size in range(7)
            for index in itertools.combinations(range(6), size)
            if len({tuple(row[i] for i in index) for row in family}) == 2**size
        ]
        assert len(shatters) >= len(family)
        d = max(map(len, shatters))
        assert len(family) <= sum(math.comb(6, i) for i in range(d + 1))
    for n in range(1, 40):
        for d in range(1, n + 1):
            total = sum(math.comb(n, i) for i in range(d + 1))
            assert total <= (math.e * n / d) ** d
    assert math.comb(22, 2) == 231


@pytest.mark.parametrize("n", [1, 2, 5, 9, 12])
def test_half_lines(n):
    """ex-half-lines: the reflection formula, against the maximum over all vectors."""
    s = signs(n).sum(axis=1)
    claim = (np.mean(np.abs(s)) - np.mean(s > 0)) / n
    assert complexity(thresholds(n)) == pytest.approx(claim)
    assert claim <= 1 / math.sqrt(n)
    if n >= 2:
        assert complexity(thresholds(n)) <= math.sqrt(math.log(n + 1) / (2 * n))
    assert len(intervals(n)) == 1 + n * (n + 1) // 2


def test_limits_in_the_figure():
    """fig-rademacher-thresholds: 0.8 for half-lines, 1.25 for intervals, by a large walk."""
    rng = np.random.default_rng(5)
    walks = np.cumsum(rng.choice([-1.0, 1.0], (1500, 1500)), axis=1)
    walks = np.concatenate([np.zeros((1500, 1)), walks], axis=1)
    assert np.mean(walks.max(axis=1)) / math.sqrt(1500) == pytest.approx(0.8, abs=0.05)
    rises = (walks - np.minimum.accumulate(walks, axis=1)).max(axis=1)
    assert np.mean(rises) / math.sqrt(1500) == pytest.approx(1.25, abs=0.05)


def test_covering_a_ball():
    """ex-finite-dimension, lem-covering-ball: the integral, 9.4, and the exact value."""
    value = integrate.quad(lambda t: math.sqrt(math.log(1 + 2 / t)), 0, 1 / 2)[0]
    assert value == pytest.approx(0.7796, abs=5e-5)
    assert 9 < 12 * value <= 9.4
    rng = np.random.default_rng(6)
    frame = np.linalg.qr(rng.standard_normal((10, 3)))[0]
    lengths = np.linalg.norm(signs(10) @ frame, axis=1)
    assert np.mean(lengths**2) == pytest.approx(3)
    exact = math.sqrt(10) * np.mean(lengths) / 10
    assert exact <= math.sqrt(3 / 10) <= 9.4 * math.sqrt(3 / 10)
    packing: list[np.ndarray] = []
    for _ in range(3000):
        v = rng.standard_normal(2)
        v *= math.sqrt(rng.random()) / np.linalg.norm(v)
        if all(np.linalg.norm(v - w) > 0.5 for w in packing):
            packing.append(v)
    assert 8 < len(packing) <= (1 + 2 / 0.5) ** 2


def test_lipschitz_functions():
    """ex-lipschitz-functions: the cover, the integral, and the sample size of the last claim."""
    rng = np.random.default_rng(7)
    for u in (1.0, 0.3, 0.11):
        for _ in range(30):
            t = np.linspace(0, 1, 1001)
            f = np.concatenate([[0], np.cumsum(rng.uniform(-1, 1, 1000))]) / 1000
            f *= rng.choice([1, 20])
            f = np.minimum.reduce([f[i] + np.abs(t - t[i]) for i in range(0, 1001, 5)])
            f -= f[0]
            knots, values = np.arange(math.ceil(1 / u) + 1) * u, [0.0]
            for k in range(1, len(knots)):
                rise = np.interp(knots[k], t, f) - values[-1]
                values.append(values[-1] + (u if rise >= 0 else -u))
            assert np.abs(f - np.interp(t, knots, values)).max() <= u + 1e-9
    exact = math.sqrt(3) / 2 + math.asinh(math.sqrt(1 / 2))
    assert exact == pytest.approx(1.5245, abs=5e-5)
    assert integrate.quad(lambda u: math.sqrt(1 + 1 / u), 0, 1 / 2)[0] == pytest.approx(exact)
    constant = 12 * math.sqrt(math.log(2)) * exact
    assert 15.2 < constant <= 15.3

    def one_scale(n):
        return optimize.minimize_scalar(
            lambda u: u + math.sqrt(2 * math.log(2) * (1 + 1 / u) / n),
            bounds=(1e-6, 1),
            method="bounded",
        ).fun

    assert constant / math.sqrt(1e5) > one_scale(1e5)
    assert constant / math.sqrt(2e5) < one_scale(2e5)
    assert math.log10(one_scale(1e9) / one_scale(1e12)) == pytest.approx(1, abs=0.02)


def test_dudley_dominates_the_exact_value():
    """thm-dudley, lem-one-scale: a segment, whose covering numbers are known exactly."""
    n, scale = 10, 1.0
    exact = np.mean(np.abs(signs(n).sum(axis=1))) / n

    def count(u):
        return max(1, math.ceil(scale / u - 1e-12))

    for u in (0.05, 0.2, 0.5, 1.0):
        bound = u + scale * math.sqrt(2 * math.log(count(u)) / n)
        assert exact <= bound
    grid = (np.arange(20_000) + 0.5) / 40_000
    integral = np.mean([math.sqrt(math.log(count(u))) for u in grid]) / 2
    assert exact <= 12 / math.sqrt(n) * integral


def test_ellipsoid_and_absolute_values():
    """exr-rademacher-ellipsoid, exr-rademacher-absolute."""
    rng = np.random.default_rng(8)
    c = rng.random(6) + 0.2
    points = rng.standard_normal((20_000, 6))
    points = c * points / np.linalg.norm(points, axis=1)[:, None]
    claim = math.sqrt(np.sum(c**2)) / 6
    assert 0.8 * claim <= complexity(points) <= claim
    best = signs(6) * c**2 / math.sqrt(np.sum(c**2))
    assert np.sum(best**2 / c**2, axis=1) == pytest.approx(1)
    assert complexity(best) == pytest.approx(claim)
    a = rng.standard_normal((4, 6))
    for b in (a, np.concatenate([a, np.zeros((1, 6))])):
        rho = np.mean(np.abs(signs(6) @ b.T).max(axis=1)) / 6
        assert rho == pytest.approx(complexity(np.concatenate([b, -b])))
        assert complexity(b) <= rho
    assert rho <= 2 * complexity(b)


def test_gaussian_complexity():
    """exr-gaussian-complexity, by simulation."""
    rng = np.random.default_rng(9)
    g = rng.standard_normal((20_000, 8))
    for a in (rng.standard_normal((12, 8)), np.eye(8), thresholds(8)):
        gauss = np.mean(np.max(g @ a.T, axis=1)) / 8
        rad = complexity(a)
        assert math.sqrt(2 / math.pi) * rad <= gauss * 1.02
        assert gauss <= math.sqrt(2 * math.log(16)) * rad * 1.02


def test_sines_shatter():
    """exr-vc-sine: the hint, and the complexity one half."""
    n = 7
    x = 0.5 ** np.arange(1, n + 1)
    rows = []
    for labels in itertools.product((0, 1), repeat=n):
        omega = math.pi * (1 + sum((1 - b) * 2**i for i, b in enumerate(labels, 1)))
        rows.append((np.sin(omega * x) > 0).astype(float))
        assert tuple(rows[-1]) == labels
    assert complexity(np.array(rows)) == pytest.approx(1 / 2)


def test_answers_on_constant_functions():
    """The problem constant-functions-complexity, by enumeration of the signs."""
    for p, answer in TOPIC.draws("constant-functions-complexity"):
        n, a, b = (int(p[key]) for key in ("n", "a", "b"))
        ends = np.array([[a] * n, [b] * n])
        assert complexity(ends) == pytest.approx(float(answer), rel=1e-12)
        assert np.mean(np.abs(signs(n).sum(axis=1))) == float(p["walk"])
        assert (p["mid"] - p["half"], p["mid"] + p["half"]) == (a, p["b"])
        assert p["result"] == answer


def test_answers_on_the_sample_size_of_a_finite_class():
    """The problem finite-class-sample-size (lem-massart, thm-rademacher-bound), by root finding."""
    for p, answer in TOPIC.draws("finite-class-sample-size"):
        number, delta, m = 2.0 ** float(p["p"]), 2.0 ** -float(p["q"]), int(p["m"])

        def bound(n, number=number, delta=delta):
            rad = math.sqrt(n) / 2 * math.sqrt(2 * math.log(number)) / n
            return 2 * rad + math.sqrt(math.log(1 / delta) / (2 * n))

        root = optimize.brentq(lambda n, bound=bound, m=m: bound(n) - 1 / m, 1, 1e7)
        assert float(answer) == pytest.approx(root)
        assert 2 * math.log(number) == pytest.approx(float(p["twice"]) ** 2 * math.log(2))
        assert bound(1) == pytest.approx(float(p["total"]) * math.sqrt(math.log(2)))
        assert p["bound"] == answer


def test_answers_on_polynomial_kernels():
    """The problem polynomial-kernel-margin (prop-rkhs-ball, cor-margin, prop-vc-subspace)."""
    for p, answer in TOPIC.draws("polynomial-kernel-margin"):
        degree, d, b, g = (int(p[key]) for key in ("p", "d", "B", "g"))
        ways = [1] + [0] * degree
        for _ in range(d):
            ways = list(itertools.accumulate(ways))
        assert sum(ways) == p["dim"]
        largest = max((1 + t) ** degree for t in (-1, 0, 1))
        assert p["power"] == largest

        def term(n, b=b, g=g, largest=largest):
            return 2 * g * b * math.sqrt(largest / n)

        n = int(answer)
        assert term(n) <= 1 / 10 + 1e-12
        assert term(n - 1) > 1 / 10
        assert p["size"] == answer


def test_rank_of_the_polynomial_kernel():
    """polynomial-kernel-margin, part (c): the dimension is the rank of a Gram matrix."""
    rng = np.random.default_rng(10)
    for d, degree in ((2, 2), (2, 3), (3, 2)):
        x = rng.uniform(-1, 1, (40, d)) / math.sqrt(d)
        rank = np.linalg.matrix_rank((1 + x @ x.T) ** degree, tol=1e-9)
        assert rank == math.comb(d + degree, degree)


def test_choices_on_affine_combinations():
    """The problem rademacher-affine-combination, for a random set of the right complexity."""
    rng = np.random.default_rng(11)
    a, shift = rng.standard_normal((5, 6)), rng.standard_normal(6)
    a /= complexity(a)
    for p, right, wrong in TOPIC.choices("rademacher-affine-combination"):
        scaled = a / float(p["m"])
        made = float(p["p"]) * scaled[:, None] - float(p["q"]) * scaled + shift
        found = complexity(made.reshape(-1, 6))
        assert float(right[0]) == pytest.approx(found)
        assert p["right"] == right[0]
        assert all(abs(float(other[0]) - found) > 1e-3 for other in wrong[:2])
        assert p["difference"] == (p["p"] - p["q"]) / p["m"]
        assert p["quadratic"] ** 2 * p["m"] ** 2 == p["p"] ** 2 + p["q"] ** 2
        assert wrong[2] == []


def test_answers_on_two_active_coordinates():
    """The problem two-active-coordinates, by enumeration; the polytope by linear programs."""
    for p, answer in TOPIC.draws("two-active-coordinates"):
        n = int(p["n"])
        a = np.array([np.eye(n)[i] + np.eye(n)[j] for i, j in itertools.combinations(range(n), 2)])
        assert len(a) == p["pairs"]
        assert complexity(a) == pytest.approx(float(answer), rel=1e-12)
        assert n * complexity(a) == pytest.approx(float(p["mean"]))
        assert complexity(a) <= 2 / n * math.sqrt(math.log(len(a)))
        assert p["result"] == answer
    total = Fraction(0)
    for row in signs(4):
        found = optimize.linprog(-row, A_eq=np.ones((1, 4)), b_eq=[2], bounds=[(0, 1)] * 4)
        total += Fraction(round(-found.fun), 16)
    assert float(total / 4) == pytest.approx(
        complexity(
            np.array([np.eye(4)[i] + np.eye(4)[j] for i, j in itertools.combinations(range(4), 2)])
        )
    )


def test_choices_on_unions_of_intervals():
    """The problem vc-dimension-interval-unions, by listing all unions."""
    for p, right, wrong in TOPIC.choices("vc-dimension-interval-unions"):
        k, dimension = int(p["k"]), int(right[0])
        for n, expected in ((dimension, True), (dimension + 1, False)):
            blocks = [2**e - 2**b for b in range(n) for e in range(b + 1, n + 1)]
            found = np.arange(2**n) == 0
            for _ in range(k):
                patterns = np.flatnonzero(found)
                for block in blocks:
                    found[patterns | block] = True
            assert found.all() == expected
        assert right[0] == dimension
        assert right not in wrong
