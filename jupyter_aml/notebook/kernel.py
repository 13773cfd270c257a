"""Inside the kernel of an executed notebook: names for its cells, a report of its failures, an end with its parent.

An extension of IPython, loaded by `notebook.execution`; nothing of a notebook's own is changed by it.
"""

import ctypes
import inspect
import linecache
import os
import re
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import MethodType
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from traceback import TracebackException

    from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

EXECUTED: Final = "JUPYTER_AML_EXECUTED_NOTEBOOK"
"""The notebook's file name, in the environment of the job that executes it: our magics submit nothing there."""
CELLS: Final = "JUPYTER_AML_EXECUTED_CELLS"
"""The numbers of the cells that will run, in order, with commas; 0: no cell of the notebook's own."""
FAILURE: Final = "application/vnd.jupyter-aml.failure+json"
PARENT: Final = "JUPYTER_AML_EXECUTING_PID"

_PR_SET_PDEATHSIG: Final = 1
_OURS: Final = re.compile(r"^(\s*(?:[\w.]+\s*=\s*)?)%(aml_\w+|(?:re)?load_ext\s+jupyter_aml\b).*")
_OUR_CELL: Final = re.compile(r"^\s*%%(aml_\w+)")
_FRAME: Final = re.compile(r'File "(<notebook [^"\n]* cell \d+>)", line (\d+)')
_IPYTHON: Final = f"{os.sep}IPython{os.sep}"
_TIMED: Final = "<timed exec>"


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """What IPython calls."""
    end_with_the_parent()
    order = [int(number) for number in os.environ.pop(CELLS, "").split(",") if number]
    told = _Told(shell, os.environ.get(EXECUTED, "notebook.ipynb"), iter(order))
    ipython: Any = shell  # Any: two of its methods are replaced
    ipython.compile.get_code_name = MethodType(told.name_of, shell.compile)
    # The one place through which every failure goes, those inside %run and %%capture too. The public way,
    # `set_custom_exc`, has room for one handler and is the notebook's own to set.
    told.show, ipython._showtraceback = ipython._showtraceback, told.shows  # noqa: SLF001 - see above
    shell.events.register("pre_run_cell", told.begin)
    shell.events.register("post_run_cell", told.end)
    warnings.filterwarnings("ignore", "To exit: use", UserWarning)  # said to a person at a prompt
    shell.input_transformers_cleanup.append(without_our_magics)


def end_with_the_parent() -> None:
    """Let the system end this process when the one that started it is gone. ipykernel would notice a second later."""
    parent = os.environ.pop(PARENT, "")
    if sys.platform == "linux" and parent:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != int(parent):
            os.kill(os.getpid(), signal.SIGKILL)


def without_our_magics(lines: list[str]) -> list[str]:
    """The cell's lines; those that would submit a job from within the job say so instead."""
    if lines and (found := _OUR_CELL.match(lines[0])):
        return [f"print({left_out(f'%%{found[1]}')!r})\n", *("\n" for _ in lines[1:])]
    made: list[str] = []
    goes_on = False
    for line in lines:
        found = _OURS.match(line)
        if goes_on:
            made.append("\n")
        elif found:
            made.append(f"{found[1]}print({left_out(f'%{found[2]}')!r})\n")
        else:
            made.append(line)
        goes_on = (goes_on or bool(found)) and line.rstrip().endswith("\\")
    return made


def left_out(magic: str) -> str:
    """What is said in the place of a magic that would submit."""
    return f"{magic}: left out, this notebook runs as a job."


@dataclass(slots=True)
class _Told:
    """What is known of the notebook's cells. `places`: for a file name the cell, and the lines above its text.

    `depth` is above 1 while a magic of a cell runs a cell of its own (%%capture).
    """

    shell: "InteractiveShell"
    notebook: str
    order: Iterator[int]
    places: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    sources: dict[str, str] = field(default_factory=dict[str, str])
    cell: int = 0
    depth: int = 0
    shown: BaseException | None = None
    shown_at: tuple[int, int] = (0, 0)
    show: Callable[..., None] = print

    def begin(self, _info: object) -> None:
        self.depth += 1
        if self.depth == 1:
            self.cell, self.shown = next(self.order, 0), None

    def shows(self, kind: type, error: BaseException, lines: list[str]) -> None:
        """IPython shows a failure; also one that the cell survives, of what %run or %%capture ran."""
        self.shown, self.shown_at = error, self._running()
        self.show(kind, error, lines)

    def end(self, result: "ExecutionResult") -> None:
        self.depth -= 1
        error = result.error_in_exec or result.error_before_exec or self.shown
        if self.depth == 0 and error is not None:
            self._report(error)

    def name_of(self, _compiler: object, raw: str, _transformed: str, _number: int) -> str:
        """The file name under which a cell is compiled. What a magic of the cell runs gets a name of its own."""
        cell = self.cell
        outer = f"<notebook {self.notebook} cell {cell}>" if cell else f"<notebook {self.notebook} parameters>"
        whole = self.sources.setdefault(outer, raw)
        if whole == raw or not cell:
            self.places[outer] = (cell, 0)
            return outer
        above = whole.partition(raw.strip("\n"))[0].count("\n") if raw.strip("\n") in whole else 0
        inner = f"<notebook {self.notebook} cell {cell} from line {above + 1}>"
        self.places[inner], self.sources[inner] = (cell, above), raw
        return inner

    def _report(self, error: BaseException) -> None:
        """Tell the program that executes the notebook how a cell failed."""
        for name, source in self.sources.items():
            linecache.cache[name] = (len(source), None, [line + "\n" for line in source.split("\n")], name)
        code = getattr(error, "code", None) if isinstance(error, SystemExit) else None
        place = self._place(error)
        said = {
            "text": self._text(error), "cell": place[0], "line": place[1], "error": _said(error),
            "exit": isinstance(error, SystemExit), "code": code if isinstance(code, int) or code is None else 1,
        }  # fmt: skip
        screen: Any = self.shell.display_pub  # Any: it has no types
        screen.publish({FAILURE: said})

    def _text(self, error: BaseException) -> str:
        from traceback import TracebackException

        found = TracebackException.from_exception(error)
        self._trim(found)
        return "".join(found.format())

    def _trim(self, found: "TracebackException | None") -> None:
        """Leave out IPython's own frames, and what is above the first of a cell."""
        if found is None:
            return
        frames = [frame for frame in found.stack if _IPYTHON not in frame.filename]
        first = next((n for n, frame in enumerate(frames) if frame.filename in self.places), 0)
        found.stack = type(found.stack).from_list(frames[first:])
        for inner in (found.__cause__, found.__context__, *(getattr(found, "exceptions", None) or ())):
            self._trim(inner)

    # Where it happened

    def _place(self, error: BaseException) -> tuple[int, int]:
        """Cell and line of the innermost of the notebook's frames; (0, 0) when there is none."""
        frames = [*_frames(error), *_quoted(error.__cause__)]
        if isinstance(error, SyntaxError) and error.filename in self.places:
            frames.append((str(error.filename), error.lineno or 1))
        found = self.shown_at if error is self.shown else (0, 0)
        for name, line in frames:
            if name in self.places:
                cell, above = self.places[name]
                found = (cell, line + above)
            elif name == _TIMED and found[0]:
                found = (found[0], line + self._above_timed(found[0]))
        return found

    def _running(self) -> tuple[int, int]:
        """Cell and line of the innermost of the notebook's frames that run now."""
        frame = inspect.currentframe()
        while frame and frame.f_code.co_filename not in self.places:
            frame = frame.f_back
        if frame is None:
            return (0, 0)
        cell, above = self.places[frame.f_code.co_filename]
        return (cell, frame.f_lineno + above)

    def _above_timed(self, cell: int) -> int:
        """The lines of a cell down to its %%time."""
        whole = next(source for name, source in self.sources.items() if self.places[name] == (cell, 0))
        lines = whole.split("\n")
        return next((n for n, line in enumerate(lines, 1) if line.lstrip().startswith("%%time")), 0)


def _frames(error: BaseException) -> Iterator[tuple[str, int]]:
    trace = error.__traceback__
    while trace:
        yield trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next


def _quoted(cause: BaseException | None) -> Sequence[tuple[str, int]]:
    """The frames of another process, which a pool brings as text."""
    if cause is None or not type(cause).__name__.endswith("RemoteTraceback"):
        return ()
    return [(name, int(line)) for name, line in cast("list[tuple[str, str]]", _FRAME.findall(str(cause)))]


def _said(error: BaseException) -> str:
    """`ValueError: …` in one line."""
    from traceback import format_exception_only

    lines = [line.strip() for line in format_exception_only(type(error), error)]
    text = next((line for line in reversed(lines) if line), type(error).__name__)
    first = next((part.strip() for part in text.split("\n")[1:] if part.strip()), "")
    head = text.partition("\n")[0].rstrip()
    return f"{head} {first}".rstrip() if head.endswith(":") else head
