"""The door to cloudpickle: how code of a notebook is pickled. No name is looked for here.

Functions of the notebook are written without their variables and get those of the job's `__main__`; classes
are written without what differs from kernel to kernel, so that equal notebooks give equal bytes.
"""

import importlib
import io
import pickle
from collections.abc import Callable, Mapping
from operator import attrgetter
from types import CodeType, FunctionType
from typing import Any, Final, Protocol, TypeAlias, cast

PROTOCOL: Final = 5
_reducer: Final = attrgetter("_dynamic_function_reduce")  # cloudpickle's own, not public
_globals: Final = attrgetter("globals_ref")  # as above
_FILE_NAME: Final = 10  # where types.CodeType takes `co_filename`
_CLASS_REDUCED: Final = 6  # length of what cloudpickle returns for a class that it writes out whole

_Reduced: TypeAlias = tuple[Any, ...]  # Any: what pickle's protocol passes on
_Reply: TypeAlias = Any  # a tuple, or NotImplemented: pickle's own way


class Observer(Protocol):
    """Who is told what the pickler meets."""

    def note_function(self, function: FunctionType) -> None: ...
    def note_definition(self, name: str) -> None: ...
    def note_type(self, module: str) -> None: ...
    def renamed(self, code: CodeType) -> CodeType: ...


class _Main:
    """Stands for the job's `__main__` module while pickling."""

    def __reduce__(self) -> tuple[object, ...]:
        return importlib.import_module, ("__main__",)


class _MainGlobals:
    """Stands for the variables of the job's `__main__` while pickling."""

    def __reduce__(self) -> tuple[object, ...]:
        return vars, (_Main(),)


def notebook_pickler(observer: Observer, sink: io.RawIOBase, namespace: Mapping[str, object]) -> pickle.Pickler:
    """A pickler for values of the notebook whose variables are `namespace`."""
    base = cast("type[pickle.Pickler]", importlib.import_module("cloudpickle").Pickler)

    class NotebookPickler(base):
        classes = 0

        def reducer_override(self, obj: object, /) -> _Reply:
            kind = obj if isinstance(obj, (type, FunctionType)) else type(obj)
            if kind.__module__ == "__main__" and namespace.get(kind.__name__) is kind:
                observer.note_definition(kind.__name__)
            if isinstance(obj, FunctionType) and obj.__globals__ is namespace:
                return self.notebook_function(obj)
            if isinstance(obj, CodeType):
                return self.code(obj)
            observer.note_type(str(kind.__module__))
            found = cast("object", super().reducer_override(obj))
            return self.steady(obj, found) if isinstance(obj, type) and kind.__module__ == "__main__" else found

        def notebook_function(self, function: FunctionType) -> _Reduced:
            observer.note_function(function)
            reduce = cast("Callable[[FunctionType], _Reduced]", _reducer(self))
            make, (_, *arguments), (own, slots), *rest = reduce(function)
            code = observer.renamed(function.__code__)
            return (make, (code, *arguments), (own, {**slots, "__globals__": {}}), *rest)

        def code(self, code: CodeType) -> _Reduced:
            """The code with the file name that it has: cloudpickle since 3.1.3 forgets it."""
            make, arguments = cast("_Reduced", self.dispatch_table[CodeType](code))
            return make, (*arguments[:_FILE_NAME], code.co_filename, *arguments[_FILE_NAME + 1 :])

        def steady(self, kind: type, found: object) -> _Reply:
            """The class without its random id and without the cache that copyreg may have left in it."""
            reduced = _reduced(found)
            if len(reduced) != _CLASS_REDUCED:
                return found
            make, (*head, _, last), state, *rest = reduced
            self.classes += 1
            state[0].pop("__slotnames__", None)
            return (make, (*head, f"{kind.__module__}.{kind.__qualname__} {self.classes}", last), state, *rest)

    pickler = NotebookPickler(sink, protocol=PROTOCOL)
    cast("dict[int, object]", _globals(pickler))[id(namespace)] = _MainGlobals()
    return pickler


def _reduced(found: object) -> _Reduced:
    return cast("_Reduced", found) if isinstance(found, tuple) else ()
