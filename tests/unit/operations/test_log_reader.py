"""A run's logs by line number: windows, searches, growth; what hostile files do not do."""

import os
from pathlib import Path

import pytest

from jupyter_aml import command
from jupyter_aml.exceptions import AssetPathException, AuthorizationError, MlException, ResourceNotFoundError
from jupyter_aml.operations import access, jobs, log_reader
from jupyter_aml.operations.workspaces import Workspace

LOG = "user_logs/std_log.txt"


@pytest.fixture
def log(workspace: Workspace, here: Path) -> Path:
    """The log of the job 'mine', not yet written."""
    jobs.submit(workspace, command(command="echo", name="mine"))
    path = workspace.folder.artifacts("mine") / LOG
    path.parent.mkdir(parents=True)
    return path


def _lines(workspace: Workspace, first: int = 0, count: int = 100) -> tuple[str, ...]:
    return log_reader.lines(workspace, "mine", LOG, first, count).lines


def _found(workspace: Workspace, text: str, level: str = "", limit: int = 1_000) -> tuple[int, ...]:
    found = log_reader.search(workspace, "mine", LOG, text, level=level, limit=limit)  # pyright: ignore[reportArgumentType] - by the tests' own words
    assert found.total >= len(found.lines)
    return found.lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()), ("a", ("a",)), ("a\n", ("a",)), ("a\nb", ("a", "b")), ("\n\n", ("", "")), ("a\r\nb\r\n", ("a", "b")),
        ("10%\r20%\r30%\ndone\n", ("30%", "done")), ("\r10%\r20%", ("20%",)), ("50%\r", ("50%",)),
        ("\x00\x00é\n", ("\x00\x00é",)),
    ],
)  # fmt: skip
def test_lines_end_with_newlines_and_progress_shows_its_last_state(
    workspace: Workspace, log: Path, text: str, expected: tuple[str, ...]
) -> None:
    log.write_bytes(text.encode())
    found = log_reader.lines(workspace, "mine", LOG, 0, 100)
    assert (found.lines, found.total, found.size) == (expected, len(expected), len(text.encode()))


def test_a_window_is_the_same_wherever_it_lies(workspace: Workspace, log: Path) -> None:
    every = [f"line {number} {'x' * (number % 977)}" for number in range(20_000)]
    log.write_text("\n".join(every) + "\n")
    for first in (0, 1, 137, 4_096, 19_990):
        assert list(_lines(workspace, first, 50)) == every[first : first + 50]
    found = log_reader.lines(workspace, "mine", LOG, -7, 3)
    assert (found.first, found.total, list(found.lines)) == (19_993, 20_000, every[-7:-4])
    assert log_reader.lines(workspace, "mine", LOG, -90_000, 1).first == 0
    assert _lines(workspace, 20_000) == _lines(workspace, 5, 0) == _lines(workspace, 5, -3) == ()


def test_a_log_that_grows_is_read_on(workspace: Workspace, log: Path) -> None:
    with log.open("wb") as file:
        for number in range(300):
            file.write(b"%d %s" % (number, b"y" * 999))
            file.flush()
            assert log_reader.lines(workspace, "mine", LOG, 0, 0).total == number + 1
            file.write(b"\n")
    assert [line.split()[0] for line in _lines(workspace, 0, 1_000)] == [str(number) for number in range(300)]


def test_a_log_that_is_cut_or_written_anew_is_noticed(workspace: Workspace, log: Path) -> None:
    log.write_text("one\ntwo\nthree\n")
    assert len(_lines(workspace)) == 3
    os.truncate(log, 4)
    assert _lines(workspace) == ("one",)
    log.write_text("other\nand longer\n")
    assert _lines(workspace) == ("other", "and longer")
    log.unlink()
    log.write_text("new\nfile\nof\nmore\n")
    assert _lines(workspace) == ("new", "file", "of", "more")


def test_a_long_line_is_cut_and_says_how_much_is_left_out(workspace: Workspace, log: Path) -> None:
    log.write_text(f"{'é' * 4_000}\n{'é' * 4_001}\n{'z' * 10_000_000}\nend\n")
    whole, cut, huge, end = _lines(workspace)
    assert whole == "é" * 4_000
    assert cut == "é" * 4_000 + " … 2 bytes more"
    assert huge == "z" * 4_000 + " … 9,996,000 bytes more"
    assert end == "end"


def test_long_progress_shows_its_last_state(workspace: Workspace, log: Path) -> None:
    steps = "".join(f"\r{number}/400000 [====>]" for number in range(400_001))
    log.write_text(f"begin\n{steps}\nend\n")
    assert _lines(workspace) == ("begin", "400000/400000 [====>]", "end")


def test_many_long_lines_come_a_few_at_a_time(workspace: Workspace, log: Path) -> None:
    log.write_text(f"{'w' * 5_000}\n" * 2_000)
    assert 400 < len(_lines(workspace, 0, 2_000)) < 600


def test_a_search_finds_capitals_and_accents(workspace: Workspace, log: Path) -> None:
    log.write_bytes("Loss 1\nnone\nlOSS 2\nÉtat\nétat\n\xa0\n".encode() + b"\xff\xfe broken\nloss\x00\n")
    assert _found(workspace, "loss") == (0, 2, 7)
    assert _found(workspace, "éTAT") == (3, 4)
    assert _found(workspace, "broken") == (6,)
    assert _found(workspace, "\x00") == (7,)
    assert _found(workspace, "absent") == _found(workspace, "\ud800") == ()
    assert log_reader.search(workspace, "mine", LOG, "o", limit=2).lines == (0, 1)
    assert log_reader.search(workspace, "mine", LOG, "o", limit=2).total == 5
    assert log_reader.search(workspace, "mine", LOG, "", limit=0).total == 8


def test_a_search_goes_through_every_piece(workspace: Workspace, log: Path) -> None:
    every = [f"{'needle' if number % 1_000 == 7 else 'hay'} {'x' * 90}" for number in range(120_000)]
    log.write_text("\n".join(every))
    wanted = tuple(number for number, line in enumerate(every) if "needle" in line)
    assert _found(workspace, "NEEDLE") == wanted
    assert log_reader.search(workspace, "mine", LOG, "x").total == len(every)


def test_a_search_goes_on_where_the_log_had_ended(workspace: Workspace, log: Path) -> None:
    with log.open("w") as file:
        for part in ("hay\n", "nee", "dle\n", "need", "\n", "le needle", " needle", "\nneedle\n\n", "needle") * 20:
            file.write(part)
            file.flush()
            every = enumerate(log.read_text().split("\n"))
            assert _found(workspace, "needle") == tuple(number for number, line in every if "needle" in line)
    log.write_text("needle\n")
    assert _found(workspace, "needle") == (0,)
    log.write_text("other\n" * 9_000 + "needle\n")
    assert _found(workspace, "needle") == (9_000,)


def test_a_line_of_many_megabytes_is_found_once(workspace: Workspace, log: Path) -> None:
    with log.open("w") as file:
        file.write("a needle\n")
        for _ in range(12):
            file.write("x" * 1_000_000 + " needle ")
        file.write("\nno\nneedle\n")
    found = log_reader.search(workspace, "mine", LOG, "needle")
    assert (found.total, found.lines) == (3, (0, 1, 3))


ERRORS = (
    b"2026-11-26 03:30:01 ERROR trainer: gone", b"CRITICAL:root:x", b"ValueError: bad", b"pkg.mod.OddError: x",
    b"Traceback (most recent call last):", b"error: no such file", b"[error] x", b"\x1b[31mERROR\x1b[0m x",
    b'{"level": "error", "msg": "x"}', b"level=error msg=x", b"FATAL: x", b"RuntimeException: x",
    b"fatal: not a repository", b"  | KeyError: 'x'"[4:], b"severity>  'fatal'", b"  Error", b"x.Error   ",
)  # fmt: skip
WARNINGS = (
    b"WARNING:root:x", b"2026 WARN x", b"a.py:3: UserWarning: x", b"warning: x", b"[warn] x", b"level=warning",
    b"\x1b[33mWARNING\x1b[0m x", b"lvl= \t>warn", b"MyWarning: x",
)  # fmt: skip
FINE = (
    b"INFO error=0.25", b"epoch 3 error 0.1", b"mean_squared_error: 0.3", b"0 errors", b"learning_rate 0.1",
    b"no warnings", b"terror", b"", b"validation error 0.2 warn 3", b"MAX_ERROR=1", b"levels=     error",
    b"an error: x", b"a Traceback (most recent call last)", b"x ValueError: y", b"sublevel=error", b"error",
    b"MyWarning:x", b"erro", b"war",
)  # fmt: skip


def test_lines_are_as_bad_as_they_look(workspace: Workspace, log: Path) -> None:
    every = (*FINE, *WARNINGS, *ERRORS)
    log.write_bytes(b"\n".join(every))
    fine, warned = len(FINE), len(FINE + WARNINGS)
    assert [every[number] for number in _found(workspace, "", "error")] == list(ERRORS)
    assert [every[number] for number in _found(workspace, "", "warning")] == [*WARNINGS, *ERRORS]
    assert _found(workspace, "trainer", "warning") == (warned,)
    assert _found(workspace, "LEVEL", "warning") == (fine + WARNINGS.index(b"level=warning"), *_numbers(b"level"))


def _numbers(text: bytes) -> tuple[int, ...]:
    return tuple(number for number, line in enumerate((*FINE, *WARNINGS, *ERRORS)) if text in line and line in ERRORS)


@pytest.mark.parametrize("line", [b"2026 ERROR x", b"ValueError: x", b"error: x", b'{"level": "error"}', b"[fatal]"])
def test_a_line_is_as_bad_wherever_it_stands(workspace: Workspace, log: Path, line: bytes) -> None:
    rest = b"mean_squared_error=0.3 "
    for before in range(70):
        log.write_bytes(b"x" * before + b"\n" + line + b"\n" + rest * (before % 3))
        assert _found(workspace, "", "error") == (1,)
        assert _found(workspace, line.decode()[:4], "error") == (1,)


def test_a_long_line_of_signs_is_looked_through_in_time(workspace: Workspace, log: Path) -> None:
    log.write_text("the Errors: " * 300_000 + "\n" + " error: x\n" + " " * 3_000_000 + "error: x\n")
    assert _found(workspace, "", "error") == (1,)
    assert _found(workspace, "x", "error") == (1,)


def test_the_logs_of_a_run_begin_with_the_one_to_read(workspace: Workspace, log: Path) -> None:
    root = log.parents[1]
    names = ("azureml-logs/20_image_build_log.txt", "logs/a/b.txt", "run.log", "outputs/model.pkl", "log.txt")
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("12345")
    log.write_text("1")
    (root / "user_logs/out.txt").symlink_to("/etc/passwd")
    os.mkfifo(root / "user_logs/pipe")
    found = log_reader.logs(workspace, "mine")
    assert [one.name for one in found] == [LOG, "logs/a/b.txt", "run.log", names[0]]
    assert [one.size for one in found] == [1, 5, 5, 5]


def test_nothing_outside_of_the_folder_is_read(workspace: Workspace, log: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    log.symlink_to(tmp_path / "secret")
    os.mkfifo(log.with_name("pipe"))
    (log.parent / "loop").symlink_to("loop")
    for name in (LOG, "../x", "/etc/passwd", "a/../../x", "user_logs\0"):
        with pytest.raises(AssetPathException, match="leads out of its folder"):
            log_reader.lines(workspace, "mine", name, 0, 1)
    for name in ("", "user_logs", "user_logs/pipe", "user_logs/loop", "no", "x" * 5_000, "\ud800"):
        with pytest.raises(MlException, match="has no file"):
            log_reader.search(workspace, "mine", name, "x")


def test_only_those_read_who_may(workspace: Workspace, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log.write_text("1")
    monkeypatch.setenv(access.NAMED, "nobody.in.particular")
    for ask in (
        lambda: log_reader.logs(workspace, "mine"),
        lambda: log_reader.lines(workspace, "mine", LOG, 0, 1),
        lambda: log_reader.search(workspace, "mine", LOG, "x"),
    ):
        with pytest.raises(AuthorizationError):
            ask()


def test_a_job_that_is_not_there_is_not_found(workspace: Workspace, log: Path) -> None:
    with pytest.raises(ResourceNotFoundError, match="Not found job"):
        log_reader.logs(workspace, "mien")
