"""What packages offer is read once in a build, and says the same."""

from importlib import metadata

from notesbuild.notes.offers import offers_read_once

ASKED = ("sphinx.html_themes", "pybtex.style.formatting", "console_scripts")


def offers():
    return [sorted(one.value for one in metadata.entry_points(group=group)) for group in ASKED]


def test_the_lists_are_read_once_and_say_the_same(monkeypatch):
    usual = (metadata.distributions, metadata.Distribution.entry_points)
    outside, read = offers(), []
    text = metadata.PathDistribution.read_text

    def noted(distribution, name):
        read.append((distribution._path, name))
        return text(distribution, name)

    monkeypatch.setattr(metadata.PathDistribution, "read_text", noted)
    with offers_read_once():
        assert offers() == outside
        first = len(read)
        assert offers() == outside
        assert metadata.version("sphinx") == next(metadata.distributions(name="sphinx")).version
        assert len(read) < first + 10
    assert (metadata.distributions, metadata.Distribution.entry_points) == usual
    assert all(outside)
