"""Directives that are found in chapters without Sphinx, in both languages."""

import pytest

from notesbuild.model.project import Chapter
from notesbuild.source.asked import asked_in

MYST = """
# Title

```{problem} first-one
:points:
:solution: 2024-05-01
```

:::{problems}
---
where: "kind == 'proof'"
limit: 3
---
:::

````markdown
```{problem} not-this
```
````

````{note}
```{problem} inside
```
````

- an entry

  ```{problem} indented
  ```

````
```{problem} nor-this
```
````
"""

RST = """
Title
=====

.. problem:: first-one
   :points:
   :title: Two
     lines

.. note::

   .. problems::
      :where: difficulty > 1
              and points > 2
      :sort: -points

.. code-block:: rst

   .. problem:: not-this

Literally::

   .. problem:: nor-this

.. problem:: last
"""


def told(asked):
    options = {one.name: one.value for one in asked.options}
    return asked.name, asked.argument, options, asked.at.line, asked.at.column


def test_myst():
    found = asked_in(Chapter("a/b", "notes/chapters/a/b.md", MYST))
    assert [told(one) for one in found] == [
        ("problem", "first-one", {"points": "", "solution": "2024-05-01"}, 4, 14),
        ("problems", "", {"where": "kind == 'proof'", "limit": "3"}, 9, 1),
        ("problem", "inside", {}, 22, 14),
        ("problem", "indented", {}, 28, 16),
    ]
    assert str(found[0].option("solution").span) == "notes/chapters/a/b.md:6:12"


def test_rst():
    found = asked_in(Chapter("a", "notes/chapters/a.rst", RST))
    assert [told(one) for one in found] == [
        ("problem", "first-one", {"points": "", "title": "Two lines"}, 5, 14),
        (
            "problems",
            "",
            {"where": "difficulty > 1 and points > 2", "sort": "-points"},
            12,
            4,
        ),
        ("problem", "last", {}, 25, 14),
    ]


@pytest.mark.parametrize("path", ["a.md", "a.rst"])
def test_words_about_problems_are_no_directives(path):
    text = "The problem is this.\n\nproblem:: no\n\n{problem} no\n"
    assert asked_in(Chapter("a", path, text)) == ()


@pytest.mark.parametrize("quote", ["\"'kernels' in topics\"", "'\"kernels\" in topics'"])
def test_quotes_around_an_option_are_not_part_of_it(quote):
    text = f":::{{problems}}\n:where: {quote}\n:::\n"
    (found,) = asked_in(Chapter("a", "notes/chapters/a.md", text))
    assert found.value("where") == quote[1:-1]
