"""Many problems are read by several processes, and come out the same."""

from __future__ import annotations

import json

import pytest

from notesbuild.check import reader
from notesbuild.run.program import Finished, ProgramMissing
from notesbuild.source.bank import find_problems
from notesbuild.source.files import Files
from tests.small import broken

CHOICE = "problem_bank/primes/prime-choice.tex"


@pytest.fixture
def bank(make_project, monkeypatch):
    """A small bank, one of its problems broken, that counts as large enough for workers."""
    monkeypatch.setattr(reader, "ENOUGH_FOR_WORKERS", 2)
    monkeypatch.setattr(reader, "cores", lambda: 2)
    files = Files(make_project(broken(CHOICE, "\\CorrectChoice", "\\choice")))
    return files, find_problems(files, "problem_bank")


def here(bank, monkeypatch):
    """The readings of this process."""
    with monkeypatch.context() as patch:
        patch.setattr(reader, "ENOUGH_FOR_WORKERS", 1_000)
        return list(reader.read_and_check(*bank))


def test_workers_find_what_one_process_finds(bank, monkeypatch):
    alone = here(bank, monkeypatch)
    monkeypatch.setattr(reader, "_read", None)  # nothing is left to do here
    assert list(reader.read_and_check(*bank)) == alone
    assert [len(reading.checked) for reading in alone] == [0, 0, 1]


def test_a_worker_takes_no_module_from_the_folder_it_is_in(bank, monkeypatch):
    files, _ = bank
    (files.root / "json.py").write_text("raise SystemExit('somebody else’s')")
    monkeypatch.chdir(files.root)
    monkeypatch.setattr(reader, "_read", None)
    assert len(list(reader.read_and_check(*bank))) == 3


@pytest.mark.parametrize(
    "answer",
    [b"", b"[]", b"not JSON", b'{"problem_bank/primes/prime-choice.tex": "[]"}', None],
    ids=["nothing", "a list", "no JSON", "another form", "killed"],
)
def test_what_a_worker_does_not_answer_is_read_here(bank, monkeypatch, answer):
    alone = here(bank, monkeypatch)
    done = Finished((), 0 if answer is not None else -9, answer or b"", b"")
    monkeypatch.setattr(reader, "run_program", lambda *_, **__: done)
    assert list(reader.read_and_check(*bank)) == alone


def test_without_a_way_to_start_workers(bank, monkeypatch):
    alone = here(bank, monkeypatch)

    def missing(*_, **__):
        raise ProgramMissing("python", "it may not be run")

    monkeypatch.setattr(reader, "run_program", missing)
    assert list(reader.read_and_check(*bank)) == alone


def test_an_answer_is_one_line_of_json_for_each_problem(bank):
    files, problems = bank
    answers = reader._ask(files.root, problems)
    assert list(answers) == [problem.path for problem in problems]
    assert all(json.loads(line.split("\t")[0])[0] == [] for line in answers.values())
