"""Takes the values a cell needs, and those that its functions need in turn. The cell is not run here."""

import builtins
import pickle
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Final, cast

from jupyter_aml.exceptions import CaptureError
from jupyter_aml.notebook.flow import Use
from jupyter_aml.notebook.modules import is_module, public_module
from jupyter_aml.notebook.origin import Captured, Kind
from jupyter_aml.notebook.pickler import PROTOCOL
from jupyter_aml.notebook.refusals import NOTEBOOK_ONLY, NOTEBOOK_ONLY_BUILTINS, Place
from jupyter_aml.notebook.values import GlobalRead, TooBigError, Values

_IN_EVERY_JOB: Final = frozenset(
    "display exit quit __file__ __name__ __doc__ __builtins__ __spec__ __loader__ __package__".split()
)
_SHELLS: Final = frozenset({"IPython", "ipykernel"})


def is_everywhere(name: str, namespace: Mapping[str, object]) -> bool:
    """Python's own names, and those of the shell that a job has too: nothing to capture."""
    if name in NOTEBOOK_ONLY:
        return False
    if name in namespace and not is_of_the_shell(namespace[name]):
        return name in _IN_EVERY_JOB and name.startswith("__")
    return name in _IN_EVERY_JOB or (hasattr(builtins, name) and name not in NOTEBOOK_ONLY_BUILTINS)


def is_of_the_shell(value: object) -> bool:
    """`open`, `exit`, `display` … as IPython puts them among the user's variables."""
    # IPython's `open` says that it is `_io`'s; the module that defined it is in its globals.
    defined_in = cast("dict[str, object]", getattr(value, "__globals__", {})).get("__name__")
    module = defined_in or getattr(value, "__module__", None) or type(value).__module__
    return isinstance(module, str) and module.partition(".")[0] in _SHELLS


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A name to take, and who asked: the cell, or a function of the notebook."""

    name: str
    use: Use
    by: GlobalRead | None = None


class Search:
    """Pickles names breadth first, in the order in which they are met."""

    def __init__(
        self,
        namespace: Mapping[str, object],
        place: Place,
        *,
        cells: Mapping[str, int],
        provided: frozenset[str],
        bound: frozenset[str],
        limit: int,
    ) -> None:
        self._namespace, self._place, self._cells, self._limit = namespace, place, cells, limit
        self._provided, self._bound = provided, bound
        self._left_out: set[str] = set()
        self._begin()

    def _begin(self) -> None:
        self.captured: list[Captured] = []
        self.modules: dict[str, ModuleType] = {}
        self._values = Values(self._namespace, self._label, limit=self._limit)
        self._parts: list[bytes] = []
        self._refused: list[CaptureError] = []

    def follow(self, uses: Sequence[Use]) -> None:
        """Capture the names in `uses` and all that they need.

        Raises:
            CaptureError: some of it is missing or cannot travel; all such names are told at once.
        """
        left_out = len(self._left_out)
        self._take_all(uses)
        if len(self._left_out) > left_out:  # a pickler that stopped half-way cannot go on: once more without it
            self._begin()
            self.follow(uses)
        elif self._refused:
            raise _together(self._refused)

    def _take_all(self, uses: Sequence[Use]) -> None:
        waiting = deque(_Wanted(u.name, u) for u in uses)
        seen = {w.name for w in waiting} | self._provided | self._left_out
        while waiting:
            wanted = waiting.popleft()
            self._take(wanted)
            for more in self._asked_for(wanted.use):
                if more.name not in seen:
                    seen.add(more.name)
                    waiting.append(more)

    def stream(self) -> bytes:
        """A header and the values, for one Unpickler."""
        header = {
            "names": [c.name for c in self.captured if c.kind != "module"],
            "sources": dict(sorted(self._values.sources.items())),
        }
        return pickle.dumps(header, PROTOCOL) + b"".join(self._parts)

    def imports_of_values(self) -> Iterator[str]:
        """The modules that reading the values back will import, as statements."""
        found = {public_module(name) for name in self._values.modules} - {""}
        yield from (f"import {module}" for module in found)

    def _label(self, file: str) -> str:
        count = self._cells.get(file)
        return file if count is None else self._place.origin.other(count)

    def _asked_for(self, use: Use) -> Iterator[_Wanted]:
        """What the functions met since the last call need."""
        reads, self._values.reads = self._values.reads, []
        for read in reads:
            if read.name in NOTEBOOK_ONLY:
                self._refused.append(_needs_the_notebook(read))
            elif is_everywhere(read.name, self._namespace):
                continue
            elif read.name in self._namespace:
                yield _Wanted(read.name, use, read)
            elif read.is_required and read.name not in self._bound:
                self._refused.append(_undefined_in_function(read))

    def _take(self, wanted: _Wanted) -> None:
        value = self._namespace[wanted.name]
        if is_module(value):
            self.modules[wanted.name] = value
            self.captured.append(Captured(wanted.name, "module", value.__name__, 0))
            return
        try:
            part = self._values.pickled(value)
        except TooBigError:
            self._refuse(wanted, _too_big(wanted, value, self._limit))
        except Exception as error:  # noqa: BLE001  # a value's own pickling may raise anything
            self._refuse(wanted, _not_picklable(wanted, value, error))
        else:
            self._parts.append(part)
            self.captured.append(Captured(wanted.name, _kind(value), type_name(value), len(part)))

    def _refuse(self, wanted: _Wanted, why: tuple[str, str]) -> None:
        self._values = Values(self._namespace, self._label, limit=self._limit)
        if wanted.by is not None and wanted.name in self._bound:
            self._left_out.add(wanted.name)  # the cell binds its own
            return
        what, way_out = why
        use = wanted.use
        self._refused.append(self._place.refuse(use.line, use.column, len(use.name), what, way_out))


def type_name(value: object) -> str:
    """A value's type as people write it, with its shape if it has one: `pandas.DataFrame (569, 31)`."""
    kind = type(value)
    package = kind.__module__.partition(".")[0]
    name = kind.__qualname__ if package in {"builtins", "__main__"} else f"{package}.{kind.__qualname__}"
    shape = getattr(value, "shape", None)
    return f"{name} {cast('tuple[object, ...]', shape)}" if isinstance(shape, tuple) else name


def _kind(value: object) -> Kind:
    if isinstance(value, type):
        return "class"
    return "function" if isinstance(value, (FunctionType, BuiltinFunctionType)) else "value"


def _who(wanted: _Wanted) -> str:
    if wanted.by is None:
        return f"'{wanted.name}'"
    return f"'{wanted.name}' (used by {wanted.by.function}, {wanted.by.file} line {wanted.by.line})"


def _too_big(wanted: _Wanted, value: object, limit: int) -> tuple[str, str]:
    known = getattr(value, "nbytes", None)
    more = f"more than {limit / 2**20:,.0f} MB"
    size = f"{known / 2**20:,.0f} MB" if isinstance(known, int) and known > limit else more
    what = f"{_who(wanted)} ({type_name(value)}) is too large to send with a cell: {size}."
    return what, f"Load it inside the cell, or save it to a file and pass that with --input {wanted.name}=FILE."


def _not_picklable(wanted: _Wanted, value: object, error: Exception) -> tuple[str, str]:
    reason = str(error).strip().partition("\n")[0] or type(error).__name__
    what = f"{_who(wanted)} ({type_name(value)}) cannot be sent to a job: {reason}."
    return what, f"Create '{wanted.name}' inside the cell, or pass what it is made from with --input."


def _needs_the_notebook(read: GlobalRead) -> CaptureError:
    message = f"{read.file}, line {read.line}: {read.function} uses '{read.name}', which works in the notebook only."
    return CaptureError(message, resolution=(NOTEBOOK_ONLY | NOTEBOOK_ONLY_BUILTINS)[read.name])


def _undefined_in_function(read: GlobalRead) -> CaptureError:
    message = f"{read.file}, line {read.line}: NameError: {read.function} uses '{read.name}', which is not defined."
    way_out = "Run the cell that defines it, define it in the cell, or pass it with --input."
    return CaptureError(message, resolution=way_out)


def _together(errors: Sequence[CaptureError]) -> CaptureError:
    """One error that tells all: each message with its way out."""
    if len(errors) == 1:
        return errors[0]
    *others, last = errors
    return CaptureError("\n".join([*map(str, others), last.message]), resolution=last.resolution)
