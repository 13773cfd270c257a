"""What is said about a job that did not end well."""

import pytest

from tests.contracts.executors.yard import Yard


def test_a_failure_has_azures_sentence_and_the_end_of_the_log(yard: Yard) -> None:
    _, outcome = yard.run("python main.py", {"main.py": "print('\\n'.join(map(str, range(100))))\n1 / 0\n"})
    assert outcome.error.startswith(
        "Execution failed. User process 'python' exited with status code 1. "
        "Please check log file 'user_logs/std_log.txt' for error details. Error: "
    )
    assert outcome.error.endswith("ZeroDivisionError: division by zero")
    assert "\n99\n" in outcome.error
    assert "\n50\n" not in outcome.error


def test_a_failure_without_a_word_needs_no_tail(yard: Yard) -> None:
    assert yard.run("exit 9")[1].error.endswith("for error details.")


def test_a_tail_is_short_and_survives_any_bytes(yard: Yard) -> None:
    _, outcome = yard.run("head -c 100000 /dev/urandom; exit 1")
    assert outcome.exit_code == 1
    assert len(outcome.error) < 4500


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("kill -SEGV $$", 139, "status code 139 (SIGSEGV)"),
        ("python -c 'import os; os.abort()'", 134, "status code 134 (SIGABRT)"),
        ("no-such-program", 127, "command not found"),
        ("A=1 /bin/false", 1, "User process 'false'"),
        ("exit 255", 255, "status code 255."),
    ],
)
def test_every_end_has_a_shells_exit_code(yard: Yard, command: str, code: int, said: str) -> None:
    _, outcome = yard.run(command)
    assert outcome.exit_code == code
    assert said in outcome.error


def test_a_job_cannot_reach_its_runner_through_its_process_group(yard: Yard) -> None:
    attempt, outcome = yard.run("trap '' TERM; kill 0; echo alive; exit 4")
    assert (outcome.why, outcome.exit_code, attempt.log()) == ("exited", 4, "alive\n")


def test_a_background_child_may_end_by_itself_for_a_moment(yard: Yard) -> None:
    background = "(trap 'echo late > outputs/late.txt; exit' TERM; touch ready; while :; do sleep 0.01; done) &"
    attempt, outcome = yard.run(f"{background} until [ -e ready ]; do sleep 0.01; done")
    assert outcome.exit_code == 0
    assert (attempt.artifacts / "outputs" / "late.txt").read_text() == "late\n"
