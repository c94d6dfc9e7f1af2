"""Records of results, for results.json."""

from __future__ import annotations

from pathlib import Path

from notesbuild.sphinxext.export import ResultRecord, collect_results, latex_label
from tests.sphinxext.built import make, third_party

pytestmark = third_party


def test_records(tmp_path: Path) -> None:
    built = make(
        tmp_path,
        {
            "b.md": """
                # B

                :::{prf:definition} Sets with $x^2$
                :label: def-b
                Text.
                :::

                :::{prf:lemma}
                :label: lem-b
                Of {prf:ref}`def-b` and {ref}`sec-a`.
                :::

                :::{prf:proof}
                By {prf:ref}`lem-b` and [](#thm-a).
                :::

                :::{prf:remark}
                :nonumber:
                Text.
                :::
            """,
            "a.md": """
                (sec-a)=
                # A

                :::{prf:theorem}
                :label: thm-a
                Text.
                :::

                :::{prf:proof}
                :of: lem-b
                By {numref}`thm-a`, {prf:ref}`def-b`.
                :::
            """,
        },
    )
    records = collect_results(built.env)
    assert [record.number for record in records] == ["1.1", "1.2", "", "2.1"]
    assert records[0] == ResultRecord(
        "def-b", "definition", "1.1", "Sets with x^2", "b", "def-b", (), 3
    )
    assert records[1].uses == ("def-b", "thm-a")
    assert records[2].label == "" and records[2].anchor == "remark-b-0"
    assert records[3].line == 4 and records[3].uses == ()


def test_names_in_the_aux_file() -> None:
    assert latex_label("part/one", "thm-a") == "part/one:thm-a"
    assert latex_label("één", "thm-a") == "_xe9_xe9n:thm-a"
