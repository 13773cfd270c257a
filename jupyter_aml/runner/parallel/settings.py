"""What a driver is told: the plan, changed by the options among the program's arguments. Nothing is started here."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from jupyter_aml.entities.parallel_plan import OPTIONS, ParallelPlan

_AZURES_OWN: Final = {
    "--allowed_failed_percent": ("allowed_failed_percent", float),
    "--task_overhead_timeout": ("overhead_timeout", float),
    "--first_task_creation_timeout": ("first_task_timeout", float),
    "--progress_update_timeout": ("progress_timeout", float),
}
"""What Azure ML lets a person say among the program's arguments only."""


@dataclass(frozen=True)
class Settings:
    """Times in seconds; `progress_timeout` 0: none. `words` are the program's arguments, as the entry script sees them.

    `first_task_timeout` is the longest that init() may take, `overhead_timeout` what one mini-batch may take on top of
    the plan's timeout until run() is called.
    """

    plan: ParallelPlan
    words: tuple[str, ...] = ()
    allowed_failed_percent: float = 100.0
    overhead_timeout: float = 600.0
    first_task_timeout: float = 600.0
    progress_timeout: float = 0.0

    @property
    def arguments(self) -> list[str]:
        """What the entry script finds in `sys.argv` after its name: the runtime's options first, as in Azure ML."""
        plan = self.plan
        runtime = {
            "--scoring_module_name": plan.entry_script,
            "--mini_batch_size": plan.mini_batch_size or "1",
            "--error_threshold": plan.error_threshold,
            "--output_action": "append_row" if plan.output else "summary_only",
            "--logging_level": plan.logging_level,
            "--run_invocation_timeout": f"{plan.timeout:g}",
            "--run_max_try": plan.max_retries + 1,
            "--create_snapshot_at_runtime": True,
        }
        return [*(str(word) for pair in runtime.items() for word in pair), *self.words]


def settings(plan: ParallelPlan, words: Sequence[str]) -> Settings:
    """The plan's settings, and what the program's arguments say instead. SystemExit 2 for a value that is no number."""
    parser = argparse.ArgumentParser(prog="parallel", add_help=False, allow_abbrev=False)
    for name, option in OPTIONS.items():
        parser.add_argument(option.word, dest=name, type=option.read)
    for word, (name, read) in _AZURES_OWN.items():
        parser.add_argument(word, dest=name, type=read)
    said: dict[str, Any] = {
        name: value for name, value in vars(parser.parse_known_args(words)[0]).items() if value is not None
    }
    changed = replace(plan, **{name: value for name, value in said.items() if name in OPTIONS})
    return Settings(changed, tuple(words), **{name: value for name, value in said.items() if name not in OPTIONS})
