"""The title of a chapter, as plain text, without running Sphinx."""

from __future__ import annotations

import re

from notesbuild.model.project import Chapter

_MARKDOWN = re.compile(r"^#\s+(?P<title>.+?)\s*#*$", re.M)
_UNDERLINED = re.compile(r"^(?P<title>\S.*)\n([=\-~^\"'*+#.:_`])\2{2,}\s*$", re.M)


def chapter_title(chapter: Chapter) -> str:
    """The first heading, or the chapter's name."""
    pattern = _UNDERLINED if chapter.path.endswith(".rst") else _MARKDOWN
    found = pattern.search(chapter.text)
    return re.sub(r"[$`*\\]", "", found["title"]).strip() if found else chapter.slug
