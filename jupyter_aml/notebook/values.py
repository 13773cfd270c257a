"""Values of a notebook as one stream of pickles that share their objects. Nothing is read back here.

Functions of the notebook lose their copy of its variables and get the job's own `__main__` instead; the
variables they use are captured by name, so that all code of a job sees one set of globals, as in a notebook.
"""

import dis
import io
import linecache
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Final, cast

from jupyter_aml.notebook.pickler import notebook_pickler

LIMIT: Final = 100 * 1024 * 1024

_READS: Final = frozenset({"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"})


class TooBigError(Exception):
    """A value's pickle passed the limit."""


@dataclass(frozen=True, slots=True)
class GlobalRead:
    """A function of the notebook reads a global name: where, and whether it must exist."""

    name: str
    function: str
    file: str
    line: int
    is_required: bool


class _Bounded(io.RawIOBase):
    """A growing buffer that refuses the value that makes it grow by more than the limit."""

    def __init__(self, limit: int) -> None:
        self.parts: list[bytes] = []
        self.limit = limit
        self.size = 0

    def begin(self) -> None:
        self.parts = []
        self.size = 0

    def write(self, data: object, /) -> int:
        part = bytes(cast("bytes", data))
        self.size += len(part)
        if self.size > self.limit:
            raise TooBigError
        self.parts.append(part)
        return len(part)


class Values:
    """Pickles values one after the other into one stream; equal objects are written once."""

    def __init__(self, namespace: Mapping[str, object], relabel: Callable[[str], str], *, limit: int = LIMIT) -> None:
        self._sink = _Bounded(limit)
        self.reads: list[GlobalRead] = []
        self.modules: set[str] = set()
        self.sources: dict[str, str] = {}
        self._relabel = relabel
        self._codes: dict[int, tuple[CodeType, CodeType]] = {}
        self._pickler = notebook_pickler(self, self._sink, namespace)

    def pickled(self, value: object) -> bytes:
        """The bytes of `value`, to be read back in the same order by one Unpickler.

        Raises:
            TooBigError: more than the limit.
            Exception: whatever the value raises when it cannot be pickled.
        """
        self._sink.begin()
        self._pickler.dump(value)
        return b"".join(self._sink.parts)

    def note_type(self, module: str) -> None:
        """Reading the values back needs this module."""
        self.modules.add(module)

    def renamed(self, code: CodeType) -> CodeType:
        """The code under the name that its cell has in tracebacks; its source is kept for them."""
        known = self._codes.get(id(code))
        if known is not None:
            return known[1]
        label = self._relabel(code.co_filename)
        if label != code.co_filename and (lines := linecache.getlines(code.co_filename)):
            self.sources[label] = "".join(lines)
        consts = tuple(self.renamed(c) if isinstance(c, CodeType) else c for c in code.co_consts)
        new = code.replace(co_filename=label, co_consts=consts)
        self._codes[id(code)] = (code, new)
        return new

    def note_definition(self, name: str) -> None:
        """A class or function of the notebook was met in a value: pickles made in the job look it up by name."""
        self.reads.append(GlobalRead(name, name, "", 0, is_required=False))

    def note_function(self, function: FunctionType) -> None:
        """A function of the notebook was met: what it reads must travel too."""
        label = self._relabel(function.__code__.co_filename)
        self.reads.extend(_global_reads(function.__code__, function.__qualname__, label))


def _global_reads(code: CodeType, function: str, file: str) -> Iterator[GlobalRead]:
    handles_name_errors = "NameError" in code.co_names
    line = code.co_firstlineno
    for step in dis.get_instructions(code):
        line = step.positions.lineno if step.positions and step.positions.lineno else line
        if step.opname in _READS:
            is_required = step.opname == "LOAD_GLOBAL" and not handles_name_errors
            yield GlobalRead(str(step.argval), function, file, line, is_required)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _global_reads(inner, function, file)
