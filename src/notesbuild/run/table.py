"""Text in tables that people open with a spreadsheet."""

from __future__ import annotations

# The last four are the wide forms, which some spreadsheets take for the same signs.
_BEGIN_FORMULAS = "=+-@\t\r＝＋－＠"


def csv_safe(text: str) -> str:
    """``text``, with an apostrophe before it if a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(tuple(_BEGIN_FORMULAS)) else text
