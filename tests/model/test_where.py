"""The query language of ``where``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesbuild.model.where import FIELDS, WhereError, fields, parse_where, select, vocabulary
from notesbuild.source.project import read_project
from tests.small import SMALL


@pytest.fixture
def bank(make_project):
    return read_project(make_project(SMALL)).value.bank


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("True", ["mean-minimizes", "prime-choice", "variance-uniform"]),
        ("kind == 'proof'", ["mean-minimizes"]),
        ("kind in ['proof', 'computation'] and points > 6", ["mean-minimizes"]),
        ("'primes' in topics or difficulty == 3", ["prime-choice", "variance-uniform"]),
        ("not parametric and minutes < 5", ["prime-choice"]),
        ("'thm-mean' in uses", ["mean-minimizes"]),
        ("len(uses) == 0 and status == 'ready'", ["prime-choice", "variance-uniform"]),
        ("'variance' in title", ["variance-uniform"]),
        ("any([t == 'means' for t in topics])", ["mean-minimizes"]),
    ],
)
def test_queries_select_problems(bank, text, ids):
    found = select(bank.problems, parse_where(text, vocabulary(bank)))
    assert [problem.id for problem in found] == ids


@pytest.mark.parametrize(
    ("text", "words", "hint"),
    [
        ("knd == 'proof'", "no field 'knd'", "did you mean 'kind'?"),
        ("kind == 'prof'", "'prof' in kind", "did you mean 'proof'?"),
        ("'mean' in topics", "'mean' in topics", "did you mean 'means'?"),
        ("kind = 'proof'", "not an expression", None),
        ("kind ==", "not an expression", None),
        ("", "not an expression", None),
        ("''.__class__", "uses a dot", None),
        ("(" * 500 + ")" * 500, "not an expression", None),
    ],
)
def test_wrong_queries_are_explained(bank, text, words, hint):
    with pytest.raises(WhereError) as caught:
        parse_where(text, vocabulary(bank))
    assert words in str(caught.value)
    if hint:
        assert caught.value.hint == hint


@pytest.mark.parametrize(
    "text", ["points / 0 > 1", "title > 3", "9 ** 9 ** 9 ** 9 > 1", "topics[9]"]
)
def test_a_query_that_fails_on_a_problem_is_an_error(bank, text):
    query = parse_where(text, vocabulary(bank))
    with pytest.raises(WhereError, match="cannot be evaluated"):
        select(bank.problems, query)


def test_the_listed_fields_are_those_that_problems_have(bank):
    assert tuple(fields(bank.problems[0])) == FIELDS


@given(st.text(max_size=40))
def test_no_text_makes_the_parser_fail(text):
    try:
        parse_where(text, {})
    except WhereError:
        return
