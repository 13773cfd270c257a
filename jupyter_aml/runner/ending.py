"""What is said about an attempt's end: exit codes, Azure's sentence and the log's tail. Nothing is ended here."""

import os
import shlex
import signal
from pathlib import Path
from typing import Final

from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.launch import Outcome

_TAIL_LINES: Final = 20
_TAIL_BYTES: Final = 4000
_KILLED: Final = 128


def exit_code(status: int) -> int:
    """The exit code as a shell says it: 128 + n for a process that signal n ended."""
    code = os.waitstatus_to_exitcode(status)
    return _KILLED - code if code < 0 else code


def failure(command: str, code: int, artifacts: str, log: str, place: str = "") -> str:
    """Azure's sentence for a non-zero exit, with the place in a notebook where it failed, and the end of the log."""
    sentence = f"Execution failed. User process '{program(command)}' exited with status code {code}{_by(code)}."
    text = "\n".join(filter(None, (place, tail(Path(artifacts, log)))))
    return f"{sentence} Please check log file '{log}' for error details." + (f" Error: {text}" if text else "")


def own_words(folder: AttemptFolder) -> str:
    """Why it failed, if it is a program of ours that says so itself; else ''."""
    try:
        return folder.error.read_text()
    except FileNotFoundError:
        return ""


def program(command: str) -> str:
    """The name of the program that a command starts with."""
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        words = command.split()
    named = [word for word in words if "=" not in word.partition("/")[0]]
    return Path(named[0]).name if named else "bash"


def _by(code: int) -> str:
    try:
        return f" ({signal.Signals(code - _KILLED).name})" if code > _KILLED else ""
    except ValueError:
        return ""


def tail(log: Path) -> str:
    """The last lines of a log: at most 20, at most 4 kB."""
    try:
        with log.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(0, end - _TAIL_BYTES))
            text = file.read().decode(errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.strip().splitlines()[-_TAIL_LINES:])


def write(folder: AttemptFolder, outcome: Outcome) -> None:
    """The outcome appears whole.

    It is not forced to the disk: that costs as much as a tenth of a short attempt. A power cut seconds after it
    may take it back; the attempt is then seen as lost, never as something else.
    """
    beside = folder.root / f"outcome.{os.getpid()}"
    beside.write_text(outcome.to_json())
    beside.rename(folder.outcome)
