"""What TeX reports of its blocks, read back; blocks that are kept; letters that are lost."""

from __future__ import annotations

import hashlib
import io

import pikepdf
import pytest

from notesbuild.exam import store as store_module
from notesbuild.exam.blocks import (
    Anchor,
    Answer,
    Block,
    Part,
    Room,
    Strip,
    first_torn,
    is_complete,
    lost_letters,
    read_blocks,
)
from notesbuild.exam.letters import letter_missing
from notesbuild.exam.store import BlockStore, Entry, packed
from notesbuild.pdf.pieces import FontUse, Letter

PT = 72 / 72.27

REPORT = """\
block b0
text 0.0pt 400.0pt 10.0pt 2.0pt
part a
text 3.0pt 400.0pt 20.0pt 0.0pt
space lines 100.0pt 25.0pt
part b
answer 12.0pt
answer 0.0pt 400.0pt 30.0pt 1.0pt
answer 5.0pt 400.0pt 40.0pt 0.0pt
answered
end
done b0
block b1
text 0.0pt 50.0pt 7.0pt 0.0pt
lost E000: 13000:
done b1
torn b1
block b2
text 0.0pt 50.0pt 7.0pt 0.0pt
"""


def strip(page, gap, width, height, depth):
    return Strip(page, *(pytest.approx(x * PT) for x in (gap, width, height, depth)))


def test_a_report_is_read():
    block = read_blocks(REPORT)["b0"]
    assert block.pages == 4
    intro, first, second = block.parts
    assert (intro.letter, first.letter, second.letter) == ("", "a", "b")
    assert intro.items == (strip(0, 0, 400, 10, 2),)
    assert first.items == (
        strip(1, 3, 400, 20, 0),
        Room("lines", pytest.approx(100 * PT), pytest.approx(25 * PT)),
    )
    (answer,) = second.items
    assert answer.indent == pytest.approx(12 * PT)
    assert answer.strips == (strip(2, 0, 400, 30, 1), strip(3, 5, 400, 40, 0))
    assert answer.total == pytest.approx(76 * PT)


def test_a_run_that_broke_off_is_known():
    assert set(read_blocks(REPORT)) == {"b0"}  # b1 left a group open, b2 was never finished
    assert first_torn(REPORT) == "b1"
    assert lost_letters(REPORT) == {"b1": ("E000:", "13000:")}
    assert not is_complete(REPORT)
    assert is_complete(REPORT + "done b2\ncomplete\n")
    assert read_blocks("") == {}
    assert first_torn("") is None


def test_a_missing_letter_is_told_with_the_remedy():
    found = letter_missing("AC00:NotoSerifCJK-Regular.ttc", None, "the text")
    assert "'가' (U+AC00, HANGUL SYLLABLE GA)" in found.message
    assert "apt install fonts-noto-cjk" in found.hint
    assert letter_missing("13000:", None, "the name").hint == "write the name without it"


BLOCK = Block(
    (
        Part("", (Strip(0, 0.0, 100.0, 10.0, 2.0, 8.0),)),
        Part("a", (Room("grid", 50.0, 3.0), Answer(4.0, (Strip(1, 1.0, 90.0, 5.0, 0.0),)))),
    ),
    2,
    (Anchor("name", 3.0, 4.0),),
)
FONTS = ((FontUse("/F1", "CMR10", (Letter(65, "A", 750.0, "0041"),)),), ())


def kept(folder, keys=("k",)):
    with pikepdf.new() as pages:
        for _ in range(2 * len(keys)):
            pages.add_blank_page(page_size=(172, 84))
        entries = [Entry(key, BLOCK, FONTS) for key in keys]
        return BlockStore(folder).put(packed(pages, entries), entries)


def test_a_block_is_met_again(tmp_path):
    put = kept(tmp_path, ("one", "", "two"))
    store = BlockStore(tmp_path)
    assert store.get("one") == put[0]
    assert store.get("two") == put[2]
    assert store.get("two").first == 4
    assert store.get("") is None  # a block with remarks: they are to be told again
    assert store.get("other") is None
    assert (put[0].block, put[0].fonts) == (BLOCK, FONTS)


def test_nothing_is_kept_without_a_folder(tmp_path):
    assert kept(None)[0].block == BLOCK
    assert BlockStore(None).get("k") is None
    BlockStore(None).keep_only(frozenset())


def truncated(content):
    return content[: len(content) // 2]


def without_page(content):
    with pikepdf.open(io.BytesIO(content)) as document:
        del document.pages[1]
        stream = io.BytesIO()
        document.save(stream)
    return stream.getvalue()


def with_other_words(content):
    with pikepdf.open(io.BytesIO(content)) as document:
        document.Root["/NotesbuildBlocks"] = document.make_stream(
            b'{"blocks": [[1]], "letters": 3}'
        )
        stream = io.BytesIO()
        document.save(stream)
    return stream.getvalue()


def with_another_letter(content):
    assert content.count(b"/MediaBox") == 2
    return content.replace(b"172", b"173")


@pytest.mark.parametrize("named", [True, False], ids=["its own name", "the old name"])
@pytest.mark.parametrize(
    "damage",
    [
        *(lambda c: b"", truncated, without_page, with_other_words, with_another_letter),
        lambda c: b"%PDF-1.7",
    ],
)
def test_what_is_damaged_is_not_there(tmp_path, damage, named):
    kept(tmp_path)
    (path,) = tmp_path.iterdir()
    damaged = damage(path.read_bytes())
    path.write_bytes(damaged)
    if named:
        path = path.rename(path.with_name(f"{hashlib.sha256(damaged).hexdigest()}.pdf"))
        if damage is with_another_letter:
            assert BlockStore(tmp_path).get("k").pdf == damaged  # a pack like any other
            return
    assert BlockStore(tmp_path).get("k") is None
    BlockStore(tmp_path).keep_only(frozenset({"k"}))
    assert list(tmp_path.iterdir()) == []


def test_a_pack_in_use_stays_without_being_read(tmp_path, monkeypatch):
    used = kept(tmp_path, ("k1", "k2"))
    kept(tmp_path, ("old",))
    read = []
    monkeypatch.setattr(store_module, "_read", lambda path: read.append(path) or {})
    BlockStore(tmp_path).keep_only(frozenset({"k1"}), used)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [used[0].pdf]
    assert len(read) == 1


def test_only_what_is_wanted_stays(tmp_path):
    for number in range(12):
        kept(tmp_path, (f"k{number}", f"old{number}"))
    BlockStore(tmp_path).keep_only(frozenset({"k1", "k3"}))
    assert len(list(tmp_path.iterdir())) == 2
    for number in range(12):
        kept(tmp_path, (f"k{number}", f"old{number}"))
    wanted = frozenset(f"k{number}" for number in range(12))
    BlockStore(tmp_path).keep_only(wanted)
    assert len(list(tmp_path.iterdir())) == 1  # many packs become one
    store = BlockStore(tmp_path)
    assert all(store.get(key).block == BLOCK for key in wanted)
    assert store.get("old1") is None
