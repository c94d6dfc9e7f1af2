"""Programs that take too long are stopped, and can say what they were doing."""

from __future__ import annotations

from notesbuild.run.program import Late, Watch, run_program


def script(words):
    return ["sh", "-c", words]


def test_a_program_that_ends_has_nothing_to_explain(tmp_path):
    watch = Watch(tmp_path / "sign", 0.5)
    finished = run_program(script("cat; echo out; exit 3"), timeout=60, input=b"in ", watch=watch)
    assert (finished.returncode, finished.stdout, finished.late) == (3, b"in out\n", None)


def test_a_program_that_rests_is_stopped_long_before_its_time(tmp_path):
    words = f"echo begun; touch {tmp_path}/sign; sleep 600"
    watch = Watch(tmp_path / "sign", 0.5)
    finished = run_program(script(words), timeout=600, watch=watch)
    assert (finished.returncode, finished.late) == (None, Late.STUCK)
    assert finished.stdout == b"begun\n"


def test_a_program_that_gets_on_is_left_alone(tmp_path):
    words = f"for i in 1 2 3 4 5 6; do date +%N > {tmp_path}/sign; sleep 0.3; done; echo done"
    finished = run_program(script(words), timeout=600, watch=Watch(tmp_path / "sign", 20))
    assert (finished.late, finished.stdout) == (None, b"done\n")


def test_a_program_has_a_moment_to_say_where_it_was():
    words = "trap 'echo stopped at line 7; exit' INT; while :; do sleep 0.1; done"
    finished = run_program(script(words), timeout=0.5, grace=30)
    assert (finished.late, finished.stdout) == (Late.TIMEOUT, b"stopped at line 7\n")


def test_what_a_program_has_not_read_is_no_answer_to_what_it_asks():
    words = "trap 'read answer; echo answered: $answer; exit' INT; while :; do sleep 0.1; done"
    mine = b"Edit the file\n" * 200_000  # more than a pipe holds
    finished = run_program(script(words), timeout=0.5, input=mine, grace=30)
    assert (finished.late, finished.stdout) == (Late.TIMEOUT, b"answered:\n")


def test_a_program_that_does_not_listen_is_killed():
    words = "trap '' INT; while :; do sleep 0.1; done"
    assert run_program(script(words), timeout=0.3, grace=0.3).late is Late.TIMEOUT
