"""Reading many problems and checking each of them, on all cores.

Run as a program, ``python -m notesbuild.check.reader ROOT``, it is one of the workers: it takes
the files of problems as JSON, and answers with a line for each, as the cache keeps it.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from notesbuild.run.program import ProgramMissing, run_program
from notesbuild.run.workplace import cores
from notesbuild.source.cache import Reading, decode, encode
from notesbuild.source.files import Files
from notesbuild.source.problem import ProblemFiles, read_files

ENOUGH_FOR_WORKERS = 200
_TIME_LIMIT = 3600.0


def read_and_check(files: Files, problems: Sequence[ProblemFiles]) -> Iterator[Reading]:
    """Read problems and check each of them, in their order.

    From ENOUGH_FOR_WORKERS problems on a process for each core does it.
    """
    jobs = cores()
    known: dict[str, str] = {}
    if len(problems) >= ENOUGH_FOR_WORKERS and jobs > 1:
        shares = [problems[number::jobs] for number in range(jobs)]
        with ThreadPoolExecutor(jobs) as pool:
            for answers in pool.map(lambda share: _ask(files.root, share), shares):
                known |= answers
    for problem in problems:
        yield _decoded(files, problem, known.get(problem.path)) or _read(files, problem)


def _read(files: Files, problem: ProblemFiles) -> Reading:
    from notesbuild.check.problem import check_problem  # where no problem is new, nothing checks

    outcome = read_files(files, problem)
    checked = () if outcome.value is None else check_problem(outcome.value)
    return Reading(outcome.value, outcome.diagnostics, checked)


def _ask(root: Path, problems: Sequence[ProblemFiles]) -> dict[str, str]:
    """The answers of one worker by path; none of those where it failed."""
    wanted = json.dumps([[problem.path, *problem.assets] for problem in problems])
    # -P: no module of the folder that we happen to be in.
    command = [sys.executable, "-P", "-m", __name__, str(root.resolve())]
    try:
        worker = run_program(command, timeout=_TIME_LIMIT, input=wanted.encode())
        answers = json.loads(worker.stdout) if worker.ok else {}
    except (ProgramMissing, ValueError):
        return {}
    return answers if isinstance(answers, dict) else {}


def _decoded(files: Files, problem: ProblemFiles, line: str | None) -> Reading | None:
    """A worker's answer; None where there is none that fits the file as it is now."""
    if line is None:
        return None
    text = files.text(problem.path).value or ""
    try:
        return decode(line.encode(), problem.path, text)
    except (ValueError, TypeError, LookupError):
        return None


def main() -> None:
    """Answer for the problems named on standard input."""
    gc.freeze()
    gc.set_threshold(100_000)
    files = Files(Path(sys.argv[1]))
    answers = {}
    for path, *assets in json.load(sys.stdin):
        problem = ProblemFiles(path, tuple(assets))
        answers[path] = encode(_read(files, problem), path).decode()
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
