"""SDK v1's ScriptRunConfig: a script and its arguments, as SDK v2's command job. Nothing is run here."""

import os
import secrets
import shlex
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeAlias, runtime_checkable

from jupyter_aml.entities.environment import Environment
from jupyter_aml.entities.job import Command
from jupyter_aml.exceptions import UnsupportedFieldError, UserErrorException, did_you_mean
from jupyter_aml.v1.core.experiment import Experiment
from jupyter_aml.v1.core.run import Run

Argument: TypeAlias = str | int | float | os.PathLike[str]

LONGEST: Final = 30 * 24 * 3600
"""Seconds: what SDK v1 says when nothing is said."""
_LOCAL: Final = "local"


@runtime_checkable
class _Named(Protocol):
    """A compute target: whatever has its name."""

    name: str


class ScriptRunConfig:
    """A script, or a command, to run in a copy of `source_directory` on `compute_target`.

    `compute_target` is a name, an object that has one, or None: this machine. Without an `environment` it is the
    kernel's own. `docker_runtime_config` is accepted: there is no container here.
    """

    def __init__(  # noqa: PLR0917 - SDK v1's signature
        self,
        source_directory: str | os.PathLike[str],
        script: str | None = None,
        arguments: Sequence[Argument] | None = None,
        run_config: object = None,
        compute_target: str | _Named | None = None,
        environment: Environment | str | None = None,
        distributed_job_config: object = None,
        resume_from: object = None,
        max_run_duration_seconds: int = LONGEST,
        command: str | Sequence[Argument] | None = None,
        docker_runtime_config: object = None,
    ) -> None:
        _refuse(run_config=run_config, distributed_job_config=distributed_job_config, resume_from=resume_from)
        if (script is None) == (command is None):
            raise UserErrorException(
                "ScriptRunConfig: either script or command is required, and not both.",
                resolution="Give script='train.py' and its arguments, or command='python train.py …'.",
            )
        self.source_directory = os.fspath(source_directory)
        self.script, self.command = script, command
        self.arguments = list(arguments or ())
        self.compute_target, self.environment = compute_target, environment
        self.max_run_duration_seconds = max_run_duration_seconds
        self.docker_runtime_config = docker_runtime_config

    def job(self, experiment: str, more: str = "") -> Command:
        """The command job that it is; `more` is put behind its command as it stands (ours).

        Raises UserErrorException for a script that is not there, UnsupportedFieldError for an argument of a kind
        that does not reach a command line here.
        """
        return Command.of({
            "command": f"{self._line()} {more}".rstrip(),
            "code": self.source_directory,
            "environment": self.environment,
            "compute": self._compute(),
            "experiment_name": experiment,
            "limits": {"timeout": self.max_run_duration_seconds} if self.has_own_limit else {},
        })  # fmt: skip

    @property
    def has_own_limit(self) -> bool:
        """Whether somebody said how long it may take."""
        return self.max_run_duration_seconds != LONGEST

    def submitted(self, experiment: Experiment, tags: Mapping[str, str]) -> Run:
        """The run: `<experiment>_<seconds>_<8 hex digits>`, as SDK v1 names it."""
        draft = self.job(experiment.name)
        draft.name = f"{experiment.name[:200]}_{int(time.time())}_{secrets.token_hex(4)}"
        draft.tags = dict(tags)
        return Run(experiment, experiment.workspace.client.jobs.create_or_update(draft).name or "")

    def _line(self) -> str:
        arguments = _words(self.arguments)
        if self.command is not None:
            line = self.command if isinstance(self.command, str) else shlex.join(_words(self.command))
        else:
            line = shlex.join(["python", self._script()])
        return f"{line} {shlex.join(arguments)}" if arguments else line

    def _script(self) -> str:
        folder, script = Path(self.source_directory), self.script or ""
        if (folder / script).is_file():
            return script
        there = [path.name for path in folder.glob("*.py")] if folder.is_dir() else []
        message = f"script: '{script}' is no file in {folder}."
        raise UserErrorException(message, resolution=did_you_mean(script, there))

    def _compute(self) -> str | None:
        target = self.compute_target
        name = target.name if isinstance(target, _Named) else target
        return None if name == _LOCAL else name


def _words(arguments: Sequence[Argument]) -> list[str]:
    for place, given in enumerate(arguments):
        if not isinstance(given, str | int | float | os.PathLike):
            raise UnsupportedFieldError(
                f"arguments[{place}]: a {type(given).__name__} does not reach a command line here.",
                resolution="Give a text, a number or a path; data as an Input of an SDK v2 job.",
            )
    return [str(given) for given in arguments]


def _refuse(**given: object) -> None:
    for name, value in given.items():
        if value is not None:
            raise UnsupportedFieldError(
                f"{name}: not honoured here.",
                resolution="Say it by ScriptRunConfig's other arguments, or by an SDK v2 job.",
            )
