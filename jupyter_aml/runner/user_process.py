"""The user's Python program inside a fork of a warm worker: everything as a fresh interpreter would have it."""

import os
import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final, NoReturn

from jupyter_aml.entities.emulation import MARK
from jupyter_aml.entities.switches import is_on_or_told
from jupyter_aml.entities.warm_rule import PythonCall, python_call
from jupyter_aml.runner import signals
from jupyter_aml.runner.as_main import Interpreter

_LIBRARY_SUFFIXES: Final = (".py", ".so", ".pyc")


class Become(BaseException):
    """Not an error: raised in the fork to unwind the runner's frames, and caught by the worker's outermost one."""

    def __init__(self, program: "UserProgram") -> None:
        super().__init__()
        self.program = program


def program_of(command: str, interpreter: str, folder: Path) -> PythonCall | str:
    """The Python program that the expanded command is, or why it must start cold after all."""
    call = python_call(command)
    if isinstance(call, str):
        return call
    if not os.access(Path(interpreter).with_name(call.program), os.X_OK):
        return f"its environment has no '{call.program}'"
    place = folder if call.is_module else (folder / call.target).parent
    if not call.is_module and not (folder / call.target).is_file():
        return f"its script '{call.target}' is not there"
    hidden = shadowed_in(place)
    return f"its file '{hidden}' hides a module that the warm worker holds" if hidden else call


def shadowed_in(place: Path) -> str:
    """A file in a program's folder that a fresh interpreter would import instead of what is loaded here; '' if none."""
    held = {name.partition(".")[0] for name in sys.modules}
    for entry in sorted(place.iterdir()):
        name = entry.name.partition(".")[0]
        is_package = entry.is_dir() and (entry / "__init__.py").exists()
        if name in held and (is_package or entry.suffix in _LIBRARY_SUFFIXES) and entry.name != "__main__.py":
            return entry.name
    return ""


@dataclass(frozen=True, slots=True)
class UserProgram:
    """A Python program, its environment, the descriptor of its log, and the runner's that it must not inherit."""

    call: PythonCall
    environment: Mapping[str, str]
    log: int
    closes: tuple[int, ...]

    def start(self) -> int:
        """Fork; the child's pid. The child leaves by `Become`, so that the program's stack is its own.

        The child is in a process group of its own at once, so that a stop finds it wherever it is.
        """
        pid = os.fork()
        if pid == 0:
            os.setpgid(0, 0)
            self._take_descriptors()
            raise Become(self)
        return pid

    def run(self, interpreter: Interpreter) -> NoReturn:
        """Be that program, and end the process with its exit code."""
        os.environ.clear()
        os.environ.update(self.environment)
        _renew_randomness()
        _renew_multiprocessing()
        signals.release()
        _answer_azures_names()
        interpreter.run(self.call, self.environment["_"])

    def _take_descriptors(self) -> None:
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(self.log, 1)
        os.dup2(self.log, 2)
        for descriptor in (null, *self.closes):
            os.close(descriptor)


def _answer_azures_names() -> None:
    """What a fresh interpreter would do at its start, where a job asks for it (`variables.with_azures_names`)."""
    if is_on_or_told(MARK, os.environ):  # by its text: a floor above, which nobody else here needs
        import_module("jupyter_aml.emulation").emulate()


def _renew_randomness() -> None:
    """Seeds that every fork would share; the hash seed stays the worker's (PYTHONHASHSEED sends a job cold)."""
    random.seed()
    numpy = sys.modules.get("numpy.random")
    if numpy is not None:
        numpy.seed()


def _renew_multiprocessing() -> None:
    process = sys.modules.get("multiprocessing.process")
    if process is not None:
        vars(process)["ORIGINAL_DIR"] = str(Path.cwd())
        process.current_process().authkey = os.urandom(32)
