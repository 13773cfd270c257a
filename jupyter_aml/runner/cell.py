"""Inside a job: a captured cell run as its notebook would run it. Nothing is captured, stored or tracked here.

The folder is the job's own copy of its own snapshot: that is why its pickles may be read.
Standard library only; what the values need is imported when they are read.
"""

import ast
import builtins
import contextlib
import linecache
import os
import pickle
import sys
from collections.abc import Callable, Coroutine, Iterable, Mapping
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from traceback import FrameSummary, StackSummary, TracebackException

CELL_FILE: Final = "cell.py"
VALUES_FILE: Final = "captured.pkl"
LABEL: Final = "JUPYTER_AML_CELL"
FULL_TRACEBACK: Final = "JUPYTER_AML_FULL_TRACEBACK"

_SHOW: Final = "__aml_show__"
_COROUTINE: Final = 0x80  # inspect.CO_COROUTINE, without importing inspect
_LIBRARIES: Final = (str(Path(os.__file__).parent) + os.sep, f"{os.sep}site-packages{os.sep}", "<frozen ")
_OURS: Final = (__file__, f"{os.sep}run_cell.py")


def run(
    imports: Callable[[], dict[str, object]],
    preload: Callable[[], None],
    *,
    name: str,
    notebook: str,
    first_line: int,
    inputs: Mapping[str, str],
    outputs: Mapping[str, str],
) -> None:
    """Bind the captured names in the calling script's module, and run the cell there.

    The value of a last expression is printed, as a notebook would, unless it is None or ends with `;`.
    A process that `multiprocessing` spawns (`name` is not `__main__`) gets the names, functions and classes
    and does not run the cell.

    Raises:
        SystemExit: 1 after an exception of the cell, whose traceback was printed; or the cell's own.
    """
    module = sys.modules["__main__"] = sys.modules[name]
    namespace = vars(module)
    folder = Path(namespace["__file__"]).resolve().parent
    source = "\n" * (first_line - 1) + (folder / CELL_FILE).read_text(encoding="utf-8")
    label = os.environ.get(LABEL) or f"<notebook {notebook}>"
    remember(label, source)
    try:
        _bind(namespace, imports, preload, folder / VALUES_FILE)
        namespace.update(given(inputs, outputs))
        execute(source, label, namespace) if name == "__main__" else define(source, label, namespace)
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001  # the edge of the user's process: the traceback is the report
        sys.stdout.flush()
        sys.stderr.write(report(error))
        sys.stderr.flush()
        raise SystemExit(130 if isinstance(error, KeyboardInterrupt) else 1) from None


def remember(label: str, source: str) -> None:
    """Let tracebacks and `inspect.getsource` find the lines of a cell."""
    lines = [line + "\n" for line in source.split("\n")]
    linecache.cache[label] = (len(source), None, lines, label)


# Names


def _bind(
    namespace: dict[str, object],
    imports: Callable[[], dict[str, object]],
    preload: Callable[[], None],
    values: Path,
) -> None:
    """Put the captured modules and values among the variables, as they were in the notebook."""
    for helper in ("cell", "imports", "preload"):
        namespace.pop(helper, None)
    own = {"__builtins__": builtins, "__doc__": None}
    namespace |= own
    builtins.__dict__.setdefault("display", display)  # where IPython has it too
    _leave_the_notebooks_screen()
    namespace |= imports()
    with contextlib.suppress(ImportError):  # whoever needs it says so in better words
        preload()
    _bind_values(namespace, values)
    namespace |= own  # cloudpickle leaves a dict in the place of the module


def _bind_values(namespace: dict[str, object], values: Path) -> None:
    with values.open("rb") as stream:
        header = cast("dict[str, Any]", pickle.load(stream))  # noqa: S301  # this job's own, see the first lines
        reader = pickle.Unpickler(stream)  # noqa: S301  # one reader: the values share their objects
        for label, source in header["sources"].items():
            remember(label, source)
        for name in header["names"]:
            namespace[name] = _read(reader, name)


def _read(reader: pickle.Unpickler, name: str) -> object:
    try:
        return reader.load()
    except Exception as error:
        if hasattr(error, "add_note"):  # a built environment may have Python 3.10
            error.add_note(f"This happened while '{name}', which the cell uses, was brought back from the notebook.")
        raise


def _leave_the_notebooks_screen() -> None:
    if os.environ.get("MPLBACKEND", "").startswith("module://matplotlib_inline"):
        os.environ["MPLBACKEND"] = "Agg"


def given(inputs: Mapping[str, str], outputs: Mapping[str, str]) -> dict[str, object]:
    """The job's inputs and outputs as variables; each maps its name to its Azure ML type."""
    found: dict[str, object] = {n: _input(n, kind) for n, kind in inputs.items()}
    return found | {n: _environment(f"AZURE_ML_OUTPUT_{n}", f"AZUREML_PARAMETER_{n}") for n in outputs}


def _input(name: str, kind: str) -> object:
    text = _environment(f"AZURE_ML_INPUT_{name}", f"AZUREML_PARAMETER_{name}")
    if text is None:
        return None
    match kind:
        case "integer":
            return int(text) if text.strip().lstrip("+-").isdecimal() else int(float(text))
        case "number":
            return float(text)
        case "boolean":
            return text.strip().lower() in {"true", "1"}
        case "json":
            return _drawn(text)
        case _:
            return text


def _drawn(text: str) -> object:
    """A sweep's parameter that may be of several kinds, as it was chosen: a dict, a list, a number, a text."""
    import json  # only such cells need it

    try:
        return json.loads(text)
    except ValueError:
        return {"True": True, "False": False}.get(text, text)


def _environment(*names: str) -> str | None:
    return next((os.environ[n] for n in names if n in os.environ), None)


def display(*values: object, **_options: object) -> None:
    """What `display` is in a job: the text form of each value, one a line."""
    for value in values:
        sys.stdout.write(f"{value!r}\n")


# The run


def execute(source: str, label: str, namespace: dict[str, object]) -> None:
    """Run the cell's text; a top-level `await` runs in an event loop of its own."""
    code = compiled(source, label)
    setattr(builtins, _SHOW, _show)
    result = eval(code, namespace)  # noqa: S307  # the user's own cell
    if code.co_flags & _COROUTINE:
        import asyncio  # 50 ms that most cells need not pay

        asyncio.run(cast("Coroutine[Any, Any, None]", result))


def compiled(source: str, label: str) -> CodeType:
    """The cell as code whose last expression shows itself."""
    tree = ast.parse(source, label)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr) and not _ends_silently(source, last):
        show = ast.copy_location(ast.Name(_SHOW, ast.Load()), last.value)
        last.value = ast.copy_location(ast.Call(show, [last.value], []), last.value)
    return compile(tree, label, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


def _ends_silently(source: str, last: ast.Expr) -> bool:
    """A `;` after the last expression asks for no output, as in a notebook."""
    line = source.split("\n")[(last.end_lineno or 1) - 1].encode()
    return line[last.end_col_offset or 0 :].lstrip().startswith(b";")


def _show(value: object) -> None:
    if value is not None:
        sys.stdout.write(f"{value!r}\n")


def define(source: str, label: str, namespace: dict[str, object]) -> None:
    """Only what the cell defines: imports, functions, classes. For processes that unpickle them by name."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for statement in ast.parse(source, label).body:
        if isinstance(statement, kinds):
            with contextlib.suppress(NameError):  # it needs what only the run would bind
                exec(compile(ast.Module([statement], []), label, "exec"), namespace)  # noqa: S102  # the user's own cell


# Tracebacks


def report(error: BaseException) -> str:
    """The traceback as the notebook's user reads it: own frames with their lines, libraries as one frame."""
    from traceback import TracebackException  # only failing cells pay for it

    from jupyter_aml.entities.switches import is_on_or_told

    found = TracebackException.from_exception(error)
    if not is_on_or_told(FULL_TRACEBACK, os.environ):
        _trim(found)
    return "".join(found.format())


def _trim(found: "TracebackException | None") -> None:
    if found is None:
        return
    found.stack = _own_frames(found.stack)
    for inner in (found.__cause__, found.__context__, *(getattr(found, "exceptions", None) or ())):
        _trim(inner)


def _own_frames(stack: "StackSummary") -> "StackSummary":
    kept: list[FrameSummary] = []
    hidden: list[FrameSummary] = []
    for frame in stack:
        if frame.filename.endswith(_OURS):
            continue
        if any(part in frame.filename for part in _LIBRARIES):
            hidden.append(frame)
            continue
        kept += [*(_gathered(hidden) if kept else ()), frame]
        hidden = []
    return type(stack).from_list([*kept, *_gathered(hidden)])


def _gathered(frames: "list[FrameSummary]") -> "Iterable[FrameSummary]":
    """The innermost of a library's frames stands for all of them and says how many there were."""
    if len(frames) <= 1:
        return frames
    last = frames[-1]
    line = f"{last.line}  # {len(frames) - 1} more library frames above: {FULL_TRACEBACK}=1 shows them"
    return [type(last)(last.filename, last.lineno, last.name, line=line)]
