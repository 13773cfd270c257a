"""A script or module run as `__main__` by a process that did other things before, and the end of that process.

Follows CPython's own order: `pymain_run_python` in Modules/main.c and `Py_FinalizeEx` in Python/pylifecycle.c.
"""

import atexit
import builtins
import gc
import os
import runpy
import signal
import sys
import threading
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType, TracebackType
from typing import Any, Final, NoReturn

from jupyter_aml.entities.warm_rule import PythonCall

_FAILED: Final = 1


class Interpreter:
    """The state of this interpreter before it became a program: the search path, and the modules that stay."""

    def __init__(self) -> None:
        self._path = tuple(sys.path)
        self._held = frozenset(sys.modules)

    def learnt(self) -> None:
        """What is loaded now is nobody's; what is imported later is the program's own."""
        self._held = frozenset(sys.modules)

    def run(self, call: PythonCall, program: str) -> NoReturn:
        """Run the program; the process ends with the exit code that `python X.py` would have."""
        main = _new_main()
        script = Path(os.path.realpath(call.target))
        sys.path[:] = [str(Path.cwd() if call.is_module else script.parent), *self._path[1:]]
        sys.executable = program
        sys.argv = ["-m" if call.is_module else call.target, *call.arguments]
        sys.orig_argv = list(call.words)
        code = _exit_code_of(main, call)
        self._end(main, code)

    def _end(self, main: ModuleType, code: int) -> NoReturn:
        """What an interpreter does when it leaves, up to the program's own objects; the libraries' take too long."""
        try:
            # Private, but what an interpreter calls on leaving: the same since 3.9.
            vars(threading)["_shutdown"]()
            vars(atexit)["_run_exitfuncs"]()
            _flush()
            self._let_go(main)
            _flush()
        finally:
            if code < 0:
                signal.signal(-code, signal.SIG_DFL)
                os.kill(os.getpid(), -code)
            os._exit(code & 0xFF)

    def _let_go(self, main: ModuleType) -> None:
        """Drop what the program made, so that its open files are written and its `__del__` run, as at any end."""
        sys.last_type = sys.last_value = sys.last_traceback = None
        for name in [name for name in sys.modules if name not in self._held]:
            del sys.modules[name]
        names = vars(main)
        for name in sorted(names, key=lambda name: not name.startswith("_")):
            if name != "__builtins__":
                names[name] = None
        gc.collect()


def _new_main() -> ModuleType:
    main = ModuleType("__main__")
    vars(main).update(__annotations__={}, __builtins__=builtins)
    sys.modules["__main__"] = main
    return main


def _exit_code_of(main: ModuleType, call: PythonCall) -> int:
    try:
        if call.is_module:
            _run_module(call.target)
        else:
            exec(_compiled(main, call.target), vars(main))  # noqa: S102  the user's program is what runs here
    except SystemExit as leaving:
        return _left(leaving)
    except BaseException as error:  # noqa: BLE001  as the interpreter does: show it, whatever it is
        _show(error)
        return -signal.SIGINT if isinstance(error, KeyboardInterrupt) else _FAILED
    return 0


def _run_module(name: str) -> None:
    run: Any = vars(runpy)["_run_module_as_main"]  # what `python -m` itself calls; run_module differs in __main__
    run(name)


def _compiled(main: ModuleType, script: str) -> CodeType:
    # Not normalised: `python ./x.py` has ./ in its __file__ too.
    path = script if script.startswith("/") else f"{Path.cwd()}/{script}"
    vars(main).update(__file__=path, __cached__=None, __loader__=SourceFileLoader("__main__", path))
    return compile(Path(path).read_bytes(), path, "exec", dont_inherit=True)


def _left(leaving: SystemExit) -> int:
    if leaving.code is None or isinstance(leaving.code, int):
        return leaving.code or 0
    sys.stderr.write(f"{leaving.code}\n")
    return _FAILED


def _show(error: BaseException) -> None:
    """As the interpreter shows it, without the frames of this file."""
    trace = _trimmed(error.__traceback__)
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, trace
    sys.excepthook(type(error), error.with_traceback(trace), trace)


def _trimmed(trace: TracebackType | None) -> TracebackType | None:
    while trace and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    return trace


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, ValueError, OSError):
            continue
