"""Reading a report as a person does: headings, tables, pictures and links."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = ("meta", "img", "br")


class Report(HTMLParser):
    """The parts of a page: ``tables`` by caption as rows of words, texts of other elements."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.text = page.decode("utf-8")
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.notices: list[str] = []
        self.headings: list[str] = []
        self._open: list[str] = []
        self._rows: list[list[str]] = []
        self._notices = False
        self._caption = ""
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)
        if tag == "section":
            self._notices = ("class", "notices") in attrs
        if tag == "table":
            self._rows, self._caption = [], ""
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append("")
        elif tag == "li" and self._notices:
            self.notices.append("")
        elif tag in ("h1", "h2", "h3"):
            self.headings.append("")
        elif tag in ("small", "span") and self._rows and self._rows[-1]:
            self._rows[-1][-1] = f"{self._rows[-1][-1]} ".lstrip()

    def handle_endtag(self, tag):
        assert self._open.pop() == tag, f"</{tag}> closes nothing"
        if tag == "table":
            rows = [[" ".join(cell.split()) for cell in row] for row in self._rows]
            self.tables[self._caption] = rows
            self._rows = []

    def handle_data(self, data):
        if "caption" in self._open:
            self._caption += data
        elif "tr" in self._open and self._rows[-1]:
            self._rows[-1][-1] += data.strip("\n")
        elif "li" in self._open and self._notices:
            self.notices[-1] += data
        elif self._open and self._open[-1] in ("h1", "h2", "h3"):
            self.headings[-1] += data

    def table(self, words: str) -> list[list[str]]:
        """The table whose caption has these words."""
        (found,) = [rows for caption, rows in self.tables.items() if words in caption]
        return found

    def row(self, words: str, name: str) -> list[str]:
        """The row of that table that begins with a name."""
        (found,) = [row for row in self.table(words) if row and row[0] == name]
        return found

    def values(self, name: str) -> list[str]:
        """All values of an attribute."""
        return [value for _, key, value in self.attributes if key == name]
