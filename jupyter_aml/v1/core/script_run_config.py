"""SDK v1's ScriptRunConfig: a script and its arguments, as SDK v2's command job. Nothing is run here."""

import os
import secrets
import shlex
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, runtime_checkable

from jupyter_aml.entities import environment as v2
from jupyter_aml.entities.input_output import Input, Output
from jupyter_aml.entities.job import Command
from jupyter_aml.exceptions import UnsupportedFieldError, UserErrorException, did_you_mean
from jupyter_aml.v1.arguments import meaningless, refuse
from jupyter_aml.v1.core.binding import Bindable, Binding, check_bound
from jupyter_aml.v1.core.environment import Environment
from jupyter_aml.v1.core.experiment import Experiment
from jupyter_aml.v1.core.run import Run
from jupyter_aml.v1.core.runconfig import Distributed, DockerConfiguration, RunConfiguration

Argument: TypeAlias = str | int | float | os.PathLike[str] | Bindable

LONGEST: Final = 30 * 24 * 3600
"""Seconds: what SDK v1 says when nothing is said."""
_LOCAL: Final = "local"


@runtime_checkable
class _Named(Protocol):
    """A compute target: whatever has its name."""

    name: str


class ScriptRunConfig:
    """A script, or a command, to run in a copy of `source_directory` on `compute_target`.

    `compute_target` is a name, an object that has one, or None: this machine. Without an `environment` it is that of
    `run_config`, else the kernel's own. `docker_runtime_config` has no meaning, but for its arguments, which are
    refused: there is no container here.
    """

    def __init__(  # noqa: PLR0917 - SDK v1's signature
        self,
        source_directory: str | os.PathLike[str],
        script: str | None = None,
        arguments: Sequence[Argument] | None = None,
        run_config: RunConfiguration | None = None,
        _telemetry_values: object = None,
        compute_target: str | _Named | None = None,
        environment: Environment | v2.Environment | str | None = None,
        distributed_job_config: Distributed | None = None,
        resume_from: object = None,
        max_run_duration_seconds: int | None = LONGEST,
        command: str | Sequence[Argument] | None = None,
        docker_runtime_config: DockerConfiguration | None = None,
    ) -> None:
        meaningless("nobody is told", _telemetry_values=_telemetry_values)
        refuse("ScriptRunConfig", "Give the folder of the earlier run among the arguments.", resume_from=resume_from)
        base = run_config or RunConfiguration()
        script = script or (base.script if command is None else None)
        if (script is None) == (command is None):
            raise UserErrorException(
                "ScriptRunConfig: either script or command is required, and not both.",
                resolution="Give script='train.py' and its arguments, or command='python train.py …'.",
            )
        self.source_directory = os.fspath(source_directory)
        self.script, self.command = script, command
        self.arguments: list[Argument] = list(arguments or base.arguments)
        self.run_config = base
        self.compute_target = compute_target or base.target
        self.environment = environment or (base.environment if run_config else None)
        self.distributed_job_config = distributed_job_config
        own = max_run_duration_seconds if max_run_duration_seconds != LONGEST else base.max_run_duration_seconds
        self.max_run_duration_seconds: int = LONGEST if own is None else own
        self.docker_runtime_config = docker_runtime_config

    def job(self, experiment: str, more: str = "") -> Command:
        """The command job that it is; `more` is put behind its command as it stands (ours).

        Raises UserErrorException for a script that is not there, UnsupportedFieldError for an argument of a kind
        that does not reach a command line here, and for what of the configuration is not honoured.
        """
        distributed = self._checked()
        line = Line()
        text = f"{self._said(line)} {more}".rstrip()
        nodes = distributed.node_count if distributed else self.run_config.node_count
        return Command.of({
            "command": text,
            "code": self.source_directory,
            "inputs": line.inputs,
            "outputs": line.outputs,
            "environment": self._environment(),
            "environment_variables": self._variables(),
            "compute": self._compute(),
            "experiment_name": experiment,
            "limits": {"timeout": self.max_run_duration_seconds} if self.has_own_limit else {},
            "resources": {"instance_count": nodes},
            **({"distribution": distributed.distribution()} if distributed else {}),
        })  # fmt: skip

    @property
    def has_own_limit(self) -> bool:
        """Whether somebody said how long it may take."""
        return self.max_run_duration_seconds != LONGEST

    def submitted(self, experiment: Experiment, tags: Mapping[str, str], *, parent: str = "") -> Run:
        """The run: `<experiment>_<seconds>_<8 hex digits>`, as SDK v1 names it; below a `parent`, if one is named."""
        draft = self.job(experiment.name)
        check_bound(draft.inputs)
        draft.name = f"{experiment.name[:200]}_{int(time.time())}_{secrets.token_hex(4)}"
        draft.tags, draft.parent_job_name = dict(tags), parent or None
        return Run(experiment, experiment.workspace.client.jobs.create_or_update(draft).name or "")

    def _checked(self) -> Distributed | None:
        """How several processes find each other, once all that is not honoured was refused."""
        self.run_config.check()
        if self.docker_runtime_config is not None:
            self.docker_runtime_config.check()
        distributed = self.distributed_job_config or self.run_config.distributed()
        if distributed is None or isinstance(distributed, Distributed):
            return distributed
        raise UnsupportedFieldError(
            f"distributed_job_config: a {type(distributed).__name__} is not honoured here.",
            resolution="Give an MpiConfiguration, a PyTorchConfiguration or a TensorflowConfiguration.",
        )

    def _said(self, line: "Line") -> str:
        if self.command is not None:
            said = self.command if isinstance(self.command, str) else line.words(self.command)
        else:
            said = shlex.join(["python", self._script()])
        return f"{said} {line.words(self.arguments)}" if self.arguments else said

    def _script(self) -> str:
        folder, script = Path(self.source_directory), self.script or ""
        inner = Path(os.path.normpath(script))
        if inner.is_absolute() or ".." in inner.parts:
            raise UserErrorException(
                f"script: '{script}' leads out of its source_directory, {folder}.",
                resolution="Give the folder around it as source_directory.",
            )
        if (folder / script).is_file():
            return script
        there = [path.name for path in folder.glob("*.py")] if folder.is_dir() else []
        message = f"script: '{script}' is no file in {folder}."
        raise UserErrorException(message, resolution=did_you_mean(script, there))

    def _environment(self) -> v2.Environment | str | None:
        given = self.environment
        return given.draft() if isinstance(given, Environment) else given

    def _variables(self) -> dict[str, str]:
        """Those of the configuration, and over them those of the environment: packages or not, the script has them."""
        own = self.environment.environment_variables if isinstance(self.environment, Environment) else {}
        return {name: str(text) for name, text in {**self.run_config.environment_variables, **own}.items()}

    def _compute(self) -> str | None:
        target = self.compute_target
        name = target.name if isinstance(target, _Named) else target
        return None if name == _LOCAL else name


@dataclass(slots=True)
class Line:
    """The words of a command, and what they bring along: the inputs and outputs that stand in for data (ours)."""

    inputs: dict[str, Input] = field(default_factory=dict[str, Input])
    outputs: dict[str, Output] = field(default_factory=dict[str, Output])

    def words(self, arguments: Sequence[Argument]) -> str:
        """The arguments as the shell reads them. UnsupportedFieldError for one of a kind that does not get there."""
        return " ".join(self._word(place, given) for place, given in enumerate(arguments))

    def _word(self, place: int, given: object) -> str:
        if isinstance(given, Bindable):
            return self._bound(given.binding())
        if not isinstance(given, str | int | float | os.PathLike):
            raise UnsupportedFieldError(
                f"arguments[{place}]: a {type(given).__name__} does not reach a command line here.",
                resolution="Give a text, a number, a path, a dataset or an output.",
            )
        return shlex.quote(str(given))

    def _bound(self, binding: Binding) -> str:
        known: dict[str, Any] = self.inputs if isinstance(binding.value, Input) else self.outputs
        if known.setdefault(binding.name, binding.value) != binding.value:
            raise UserErrorException(
                f"'{binding.name}' stands for two different things in this run.", resolution="Name them apart."
            )
        return binding.word
