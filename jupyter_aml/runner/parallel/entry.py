"""The entry script inside a worker process: loaded, and called as Azure ML calls it. Nothing is counted here."""

from __future__ import annotations

import importlib.util
import inspect
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Final

from jupyter_aml.runner.parallel.batches import Batch
from jupyter_aml.runner.parallel.settings import Settings

_LEVELS: Final = {"DEBUG": logging.DEBUG, "INFO": logging.INFO, "WARNING": logging.WARNING, "WARN": logging.WARNING}
_FORMAT: Final = "%(asctime)s|%(levelname)s|%(process)d|%(name)s|%(message)s"
Returned = Any  # what a person's function gives back
_WITH_CONTEXT: Final = 2
_POSITIONAL: Final = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


class EntryError(Exception):
    """The entry script is not what it must be."""


class Entry:
    """`init()`, `run(mini_batch)` or `run(mini_batch, context)`, and `shutdown()` where there is one."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self.init: Callable[[], object] = self._function("init")
        self._run: Callable[..., Any] = self._function("run")
        self.shutdown: Callable[[], object] | None = getattr(module, "shutdown", None)
        self._wants_context = _positionals(self._run) >= _WITH_CONTEXT

    def run(self, mini_batch: object, number: int, batch: Batch) -> Returned:
        """What the function returns. Whatever it raises passes through."""
        if not self._wants_context:
            return self._run(mini_batch)
        return self._run(mini_batch, SimpleNamespace(minibatch_index=number, partition_key_value=batch.key))

    def _function(self, name: str) -> Callable[..., Any]:
        found = getattr(self._module, name, None)
        if not callable(found):
            raise EntryError(f"The entry script {self._module.__file__} has no function {name}().")
        return found


def _positionals(function: Callable[..., Any]) -> int:
    try:
        given = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return 1
    return sum(one.kind in _POSITIONAL for one in given)


def load(settings: Settings) -> Entry:
    """The entry script, run once as a module of its own name. EntryError; whatever it raises passes through."""
    path = Path.cwd() / settings.plan.entry_script
    if not path.is_file():
        raise EntryError(f"The entry script '{settings.plan.entry_script}' is not in the step's code.")
    sys.argv = [str(path), *settings.arguments]
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise EntryError(f"The entry script '{settings.plan.entry_script}' is no Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(path.stem, module)
    spec.loader.exec_module(module)
    return Entry(module)


def prepare_logging(settings: Settings, log: Path) -> None:
    """The root logger writes to stdout; `azureml_user.parallel_run.EntryScript().logger` into a log of its own."""
    level = _LEVELS.get(settings.plan.logging_level.upper(), logging.INFO)
    logging.basicConfig(stream=sys.stdout, level=level, format=_FORMAT)
    logger = logging.getLogger("EntryScript")
    logger.setLevel(level)
    logger.propagate = False
    log.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(str(log), delay=True)
    handler.setFormatter(logging.Formatter(_FORMAT))
    logger.addHandler(handler)
    _offer(
        SimpleNamespace(
            logger=logger, log_dir=str(log.parent), working_dir=str(Path.cwd()), output_dir=_output(settings)
        )
    )


def _output(settings: Settings) -> str:
    return os.environ.get(f"AZURE_ML_OUTPUT_{settings.plan.output}", "")


def _offer(script: SimpleNamespace) -> None:
    """Azure's helper module, where the environment has none: every `EntryScript()` is the same object."""
    package, module = ModuleType("azureml_user"), ModuleType("azureml_user.parallel_run")
    vars(module)["EntryScript"] = lambda: script
    vars(package).update(parallel_run=module, __path__=[])
    if sys.modules.setdefault(package.__name__, package) is package:
        sys.modules[module.__name__] = module
