"""The chapter on linear algebra and its problems: constants, examples and answers, recomputed."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from tests.content.bank import Topic

TOPIC = Topic("linear-algebra")

SHEAR = sp.Matrix([[2, 0], [3, 2]])
POINTS = sp.Matrix([[-1, 0], [8, 2], [6, 6], [7, 4], [5, 3]])


def symmetric(size: int, rng: np.random.Generator) -> np.ndarray:
    square = rng.standard_normal((size, size))
    return (square + square.T) / 2


def eigenvalues(matrix: np.ndarray) -> np.ndarray:
    return np.linalg.eigvalsh(matrix)[::-1]


def projection(basis: np.ndarray) -> np.ndarray:
    q = np.linalg.qr(basis)[0]
    return q @ q.T


def test_gram_schmidt_of_the_line():
    """ex-la-qr."""
    root = sp.sqrt(14)
    q = sp.Matrix([[sp.Rational(1, 2), x / root] for x in (-2, -1, 0, 3)])
    r = sp.Matrix([[2, 4], [0, root]])
    assert q * r == sp.Matrix([[1, 0], [1, 1], [1, 2], [1, 5]])
    assert sp.simplify(q.T * q) == sp.eye(2)


def test_decomposition_of_the_shear_and_its_best_approximation():
    """ex-la-svd, thm-la-eckart-young."""
    v1, v2, u1, u2 = (sp.Matrix(x) / sp.sqrt(5) for x in ((2, 1), (1, -2), (1, 2), (2, -1)))
    assert 4 * u1 * v1.T + u2 * v2.T == SHEAR
    assert SHEAR.eigenvals() == {2: 2}
    assert SHEAR.eigenvects()[0][2] == [sp.Matrix([0, 1])]
    rest = SHEAR - sp.Rational(4, 5) * sp.Matrix([[2, 1], [4, 2]])
    assert rest.rank() == 1
    assert rest.norm() == 1


def test_principal_components_of_five_points():
    """ex-la-pca, thm-la-pca."""
    centred = POINTS - sp.ones(5, 1) * sp.Matrix([[5, 3]])
    cov = centred.T * centred / 5
    assert cov == sp.Matrix([[10, 4], [4, 4]])
    assert cov.eigenvals() == {12: 1, 2: 1}
    v1 = sp.Matrix([2, 1]) / sp.sqrt(5)
    assert cov * v1 == 12 * v1
    assert list(centred * v1) == [c * sp.sqrt(5) for c in (-3, 1, 1, 1, 0)]
    assert sp.simplify((centred - centred * v1 * v1.T).norm() ** 2 / 5) == 2


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_no_projection_keeps_more_than_ky_fan_allows(rank):
    """thm-la-ky-fan, with the term of the gap."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        a = symmetric(5, rng)
        values, vectors = np.linalg.eigh(a)
        values, vectors = values[::-1], vectors[:, ::-1]
        p = projection(rng.standard_normal((5, rank)))
        lost = np.sum((p @ vectors[:, rank:]) ** 2)
        most = values[:rank].sum() - (values[rank - 1] - values[rank]) * lost
        assert np.trace(p @ a) <= most + 1e-12
        top = vectors[:, :rank] @ vectors[:, :rank].T
        assert np.trace(top @ a) == pytest.approx(values[:rank].sum())


def test_eigenvalues_and_singular_values_move_and_interlace_as_promised():
    """cor-la-weyl, cor-la-interlacing, cor-la-sv-minmax."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        a, e = symmetric(5, rng), 0.3 * symmetric(5, rng)
        moved, shift = eigenvalues(a + e), eigenvalues(e)
        assert np.all(eigenvalues(a) + shift[-1] <= moved + 1e-12)
        assert np.all(moved <= eigenvalues(a) + shift[0] + 1e-12)
        q = np.linalg.qr(rng.standard_normal((5, 3)))[0]
        inner = eigenvalues(q.T @ a @ q)
        assert np.all(eigenvalues(a)[2:] <= inner + 1e-12)
        assert np.all(inner <= eigenvalues(a)[:3] + 1e-12)
        x, y = rng.standard_normal((2, 6, 4))
        change = np.linalg.svd(x, compute_uv=False) - np.linalg.svd(y, compute_uv=False)
        assert np.max(np.abs(change)) <= np.linalg.norm(x - y, 2) + 1e-12


def test_no_matrix_of_low_rank_beats_the_truncated_decomposition():
    """thm-la-eckart-young, also near the optimum and in the operator norm."""
    rng = np.random.default_rng(0)
    a = rng.standard_normal((6, 4))
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    best = u[:, :2] * s[:2] @ vt[:2]
    assert np.linalg.norm(a - best, 2) == pytest.approx(s[2])
    assert np.linalg.norm(a - best) ** 2 == pytest.approx(s[2] ** 2 + s[3] ** 2)
    for scale in (1e-2, 1e-1, 1.0):
        for _ in range(50):
            left = u[:, :2] * s[:2] + scale * rng.standard_normal((6, 2))
            other = left @ (vt[:2] + scale * rng.standard_normal((2, 4)))
            assert np.linalg.norm(a - other, 2) >= s[2] - 1e-12
            assert np.linalg.norm(a - other) > np.linalg.norm(a - best)


def test_linear_systems_are_as_sensitive_as_their_condition_number_says():
    """thm-la-perturbation."""
    rng = np.random.default_rng(0)
    a = rng.standard_normal((4, 4))
    u, s, vt = np.linalg.svd(a)
    kappa = s[0] / s[-1]
    x, change = np.linalg.solve(a, u[:, 0]), np.linalg.solve(a, u[:, -1])
    assert np.linalg.norm(change) / np.linalg.norm(x) == pytest.approx(kappa)
    assert abs(np.linalg.det(a - s[-1] * np.outer(u[:, -1], vt[-1]))) < 1e-12
    x = np.linalg.solve(a, rng.standard_normal(4))
    for _ in range(50):
        e = rng.standard_normal((4, 4))
        eps = rng.uniform(0, 0.9) / kappa
        e *= eps * s[0] / np.linalg.norm(e, 2)
        moved = np.linalg.solve(a + e, a @ x)
        bound = kappa * eps / (1 - kappa * eps)
        assert np.linalg.norm(moved - x) / np.linalg.norm(x) <= bound + 1e-12


def test_condition_numbers_of_nearly_equal_features():
    """ex-la-equicorrelation, ex-la-collinear."""
    rho = sp.Rational(99, 100)
    a = sp.Matrix(2, 2, [1, rho, rho, 1])
    low, high = sorted(a.eigenvals())
    assert high / low == 199
    assert float(sp.sqrt(high / low)) == pytest.approx(14.1, abs=0.01)


@pytest.mark.parametrize("penalty", [1e-3, 0.1, 5.0])
def test_regularized_pseudoinverse(penalty):
    """thm-la-pinv, prop-la-pinv-ridge."""
    rng = np.random.default_rng(0)
    a = rng.standard_normal((6, 3)) @ rng.standard_normal((3, 5))
    s = np.linalg.svd(a, compute_uv=False)[:3]
    plus = np.linalg.pinv(a, rcond=1e-10)
    ridge = np.linalg.solve(a.T @ a + penalty * np.eye(5), a.T)
    assert np.allclose(ridge, a.T @ np.linalg.inv(a @ a.T + penalty * np.eye(6)))
    assert np.linalg.norm(ridge, 2) <= 1 / (2 * np.sqrt(penalty)) + 1e-12
    gap = penalty / (s[-1] * (s[-1] ** 2 + penalty))
    assert np.linalg.norm(plus - ridge, 2) == pytest.approx(gap)
    row_space = projection(a.T[:, :3])
    assert np.allclose(plus @ a, row_space)


def test_the_first_direction_turns_no_further_than_the_gap_allows():
    """thm-la-direction, exr-la-pca-stability."""
    rng = np.random.default_rng(0)
    for _ in range(200):
        a, e = symmetric(4, rng), symmetric(4, rng) * rng.uniform(0, 0.5)
        values, vectors = np.linalg.eigh(a)
        turned = np.linalg.eigh(a + e)[1]
        cosine = vectors[:, -1] @ turned[:, -1]
        size = np.linalg.norm(e, 2)
        sine = np.sqrt(max(0, 1 - cosine**2))
        assert sine <= 2 * size / (values[-1] - values[-2]) + 1e-7
        kept = np.trace(turned[:, -2:].T @ a @ turned[:, -2:])
        assert kept >= values[-2:].sum() - 4 * size - 1e-12


def test_four_points_and_their_components():
    """la-four-points-pca."""
    for p, answer in TOPIC.draws("la-four-points-pca"):
        points = sp.Matrix([[p[f"x{i}"], p[f"y{i}"]] for i in (1, 2, 3, 4)])
        mean = sp.ones(1, 4) * points / 4
        assert mean == sp.Matrix([[p["m"], p["h"]]])
        centred = points - sp.ones(4, 1) * mean
        cov = centred.T * centred / 4
        assert cov == sp.Matrix([[p["c11"], p["c12"]], [p["c12"], p["c22"]]])
        assert cov.eigenvals() == {p["one"]: 1, 5: 1}
        assert cov * sp.Matrix([2, 1]) == p["one"] * sp.Matrix([2, 1])
        assert (cov.trace(), cov.det()) == (p["sum"], p["prod"])
        assert answer == p["one"] / p["sum"]
        new, foot = sp.Matrix([[p["zx"], p["h"]]]), sp.Matrix([[p["fx"], p["fy"]]])
        assert (new - foot).dot(sp.Matrix([[2, 1]])) == 0
        assert (new - foot).norm() == sp.sqrt(5)
        assert 2 * (foot - mean)[1] == (foot - mean)[0]


def test_two_by_two_decompositions():
    """la-two-by-two-svd."""
    v1, v2, u1, u2 = (sp.Matrix(x) for x in ((2, 1), (1, -2), (1, 2), (2, -1)))
    for p, answer in TOPIC.draws("la-two-by-two-svd"):
        a = sp.Matrix([[4, p["q"]], [p["p"], 4]])
        assert (p["s"] * u1 * v1.T + p["t"] * u2 * v2.T) / 5 == a
        assert a.T * a == sp.Matrix([[p["g11"], p["g12"]], [p["g12"], p["g22"]]])
        assert ((a.T * a).trace(), a.det() ** 2) == (p["total"], p["dt"] ** 2)
        best = p["sf"] * sp.Matrix([[2, 1], [4, 2]])
        nearest = -p["tf"] * sp.Matrix([[2, -4], [-1, 2]])
        assert a + nearest == best
        assert (best.rank(), nearest.norm()) == (1, p["t"])
        assert answer == p["s"] / p["t"]


def test_pseudoinverses_of_rank_one():
    """la-rank-one-pseudoinverse."""
    for p, answer in TOPIC.draws("la-rank-one-pseudoinverse"):
        a = sp.Matrix([[1, 2], [2, 4], [p["p"], p["w"]]])
        b = sp.Matrix([p["g"], 1, 1])
        plus = a.T / p["big"]
        assert plus == a.pinv()
        assert answer == plus * b
        assert b - a * answer == sp.Matrix([p["r1"], p["r2"], p["r3"]])
        half = (a.T * a + p["big"] * sp.eye(2)).inv() * a.T * b
        assert half == answer / 2


def test_equal_correlations_with_a_given_condition_number():
    """la-equal-correlations."""
    for p, rho in TOPIC.draws("la-equal-correlations"):
        d = int(p["d"])
        found = ((1 - rho) * sp.eye(d) + rho * sp.ones(d, d)).eigenvals()
        assert sorted(found.values()) == [1, d - 1]
        assert max(found) / min(found) == p["K"]
        assert 1 + (d - 1) * p["low"] == 0


def test_determinants_after_deleting_a_row_and_a_column():
    """la-deleted-row-and-column."""
    rng = np.random.default_rng(0)
    for p, answer in TOPIC.draws("la-deleted-row-and-column"):
        values = np.array([float(p["e1"]), float(p["e2"]), float(p["e3"]), 1.0])
        q = np.linalg.qr(rng.standard_normal((4, 4)))[0]
        minors = np.linalg.det((q * values @ q.T)[:3, :3])
        assert float(p["low"]) <= minors <= float(answer)
        assert np.prod(values[1:]) == float(p["low"])
        assert np.prod(values[:3]) == float(answer)


def test_errors_of_rank_two():
    """la-rank-two-errors."""
    for p, _ in TOPIC.draws("la-rank-two-errors"):
        assert p["s1"] > p["s2"] > p["s3"] > p["s4"]
        assert sp.sqrt(p["s3"] ** 2 + p["s4"] ** 2) == p["frob"]
        assert sp.sqrt(p["s2"] ** 2 + p["s3"] ** 2 + p["s4"] ** 2) == p["three"]


def test_combinations_that_are_not_semidefinite():
    """la-which-is-semidefinite."""
    t = sp.Symbol("t", positive=True)
    a, b = sp.Matrix([[1, 0], [0, 0]]), sp.Matrix([[t, t], [t, t]])
    for bad in (a * b + b * a, (a + b) ** 2 - a**2, a**2 - a * b - b * a):
        assert sp.expand(bad.det()) == -(t**2)
