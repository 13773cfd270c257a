"""A parallel step as its driver is told: a frozen record, its JSON, its command line. Nothing is cut or run here.

The driver runs in the step's own environment, which may hold an old Python: like all of its rooms this one needs 3.8
and the standard library, nothing else.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

PLAN: Final = "JUPYTER_AML_PARALLEL"
"""The environment variable that holds the plan."""
PROGRAM: Final = "python -m jupyter_aml.runner.parallel"
ROWS_FILE: Final = "parallel_run_step.txt"
"""Azure's name of the file of rows, where the output is a folder."""
TABLES: Final = ("mltable",)
READERS: Final = ("jupyter_aml.mltable", "jupyter_aml.data.mltable", "mltable")
"""Modules that can `load` a table, best first: the first that the environment can import reads it."""

_PART: Final = re.compile(r"(\$\{\{.*?\}\}|\$\[\[|\]\]|'[^']*'|\"(?:\\.|[^\"\\])*\"|\\.|[\s\S])")
_SHELL: Final = frozenset("|&;<>()$`*?[]{}~#!'\"\\")


@dataclass(frozen=True)
class ParallelPlan:
    """What a driver does: `entry_script` over mini-batches of the input `input`, rows into the output `output`.

    `mini_batch_size` is as it was written: '10' (files; rows of a table), '100kb', '' (1 file; 1 MB of a table).
    `workers_per_node` 0: one for each processor. A threshold of -1 ignores all failures. `timeout` is in seconds.
    `bound` are settings whose value is an input's, known only when the job runs: {'timeout': '${{inputs.t}}'}.
    """

    entry_script: str
    input: str
    input_type: str = "uri_folder"
    output: str = ""
    output_type: str = "uri_folder"
    program_arguments: str = ""
    mini_batch_size: str = ""
    partition_keys: tuple[str, ...] = ()
    nodes: int = 1
    workers_per_node: int = 0
    max_retries: int = 2
    timeout: float = 60.0
    error_threshold: int = -1
    mini_batch_error_threshold: int = -1
    logging_level: str = "INFO"
    readers: tuple[str, ...] = READERS
    bound: dict[str, str] = field(default_factory=dict)  # pyright: ignore[reportUnknownVariableType] - 3.8 has no dict[str, str]()

    @property
    def is_table(self) -> bool:
        return self.input_type in TABLES

    def to_json(self) -> str:
        """The text that `plan_from_json` reads."""
        return json.dumps(asdict(self))


def plan_from_json(text: str) -> ParallelPlan:
    """The plan that `to_json` wrote."""
    raw: dict[str, Any] = json.loads(text)
    for name in ("partition_keys", "readers"):
        raw[name] = tuple(raw[name])
    return ParallelPlan(**raw)


@dataclass(frozen=True)
class Option:
    """How the driver takes a setting from its command line."""

    word: str
    read: Callable[[str], object]


OPTIONS: Final = {
    "mini_batch_size": Option("--mini_batch_size", str),
    "workers_per_node": Option("--process_count_per_node", int),
    "timeout": Option("--run_invocation_timeout", float),
    "max_retries": Option("--run_max_retries", int),
    "error_threshold": Option("--error_threshold", int),
    "mini_batch_error_threshold": Option("--allowed_failed_count", int),
    "logging_level": Option("--logging_level", str),
}
"""By the setting that it changes; a setting that is an input's value comes so."""


def driver_command(plan: ParallelPlan) -> tuple[str, dict[str, str]]:
    """The command of the parallel step's job, its placeholders open, and the environment variables it needs.

    Program arguments are words, as in Azure ML: what a shell would do more with is quoted.
    """
    bound = [f'{OPTIONS[name].word} "{value}"' for name, value in plan.bound.items()]
    words = [PROGRAM, *bound, _words(plan.program_arguments)]
    return " ".join(word for word in words if word), {PLAN: replace(plan, program_arguments="").to_json()}


def _words(text: str) -> str:
    """The arguments on one line, each character that a shell would act on made plain; placeholders stay open."""
    return " ".join("".join(_plain(part) for part in _PART.findall(text)).split("\n")).strip()


def _plain(part: str) -> str:
    if len(part) == 1:
        return f"\\{part}" if part in _SHELL else part
    return re.sub(r"(?<!\\)([$`])(?!\{\{)", r"\\\1", part) if part.startswith('"') else part
