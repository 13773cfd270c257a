"""SDK v1's ParallelRunConfig: how a ParallelRunStep runs, checked when made, kept as YAML. Nothing is run here."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from jupyter_aml.entities.draft import to_yaml
from jupyter_aml.entities.parallel_plan import ROWS_FILE
from jupyter_aml.entities.yaml_source import read
from jupyter_aml.exceptions import NotAvailableError, UnsupportedFieldError, UserErrorException, did_you_mean
from jupyter_aml.v1.core.conda_dependencies import CondaDependencies
from jupyter_aml.v1.core.environment import Environment
from jupyter_aml.v1.pipeline.core.graph import PipelineParameter

if TYPE_CHECKING:
    from jupyter_aml.v1.core.workspace import Workspace

APPEND: Final = "append_row"
_ACTIONS: Final = (APPEND, "summary_only")
_LEAST: Final = {"node_count": 1, "process_count_per_node": 1, "run_invocation_timeout": 1, "run_max_try": 1}
"""Whole numbers, and the least that each may be."""
_ROOT: Final = "parallel_run_config"
_TARGET: Final = "compute_target_name"
_ENVIRONMENT: Final = ("environment", "environment_name", "environment_dir_path")


@dataclass
class ParallelRunConfig:
    """How a ParallelRunStep runs: its script and environment, how data is cut, how often a batch is tried.

    `mini_batch_size`: files ('10') or bytes of a table ('100KB'). A threshold of -1 ignores all failures;
    `run_invocation_timeout` is in seconds. A field may be a PipelineParameter: its value is fixed when the pipeline is
    submitted, or published. UserErrorException, UnsupportedFieldError by the field that cannot be.
    """

    environment: Environment
    entry_script: str
    error_threshold: Any
    output_action: str
    compute_target: Any
    node_count: Any
    process_count_per_node: Any = None
    mini_batch_size: Any = None
    source_directory: str | os.PathLike[str] | None = None
    description: str | None = None
    logging_level: Any = "INFO"
    run_invocation_timeout: Any = 60
    run_max_try: Any = 3
    append_row_file_name: str | None = None
    allowed_failed_count: Any = None
    allowed_failed_percent: Any = None
    partition_keys: Any = None
    environment_variables: Mapping[str, str] | None = field(default=None)

    def __post_init__(self) -> None:
        """Refuse what cannot be honoured."""
        if self.output_action not in _ACTIONS:
            raise UserErrorException(
                f"output_action: '{self.output_action}' is none.", resolution=" or ".join(_ACTIONS)
            )
        if self.append_row_file_name not in {None, ROWS_FILE}:
            raise UnsupportedFieldError(
                f"append_row_file_name: the rows are in {ROWS_FILE} here.", resolution="Leave it out, and read that."
            )
        if self.allowed_failed_percent is not None:
            raise NotAvailableError.of("allowed_failed_percent", "thresholds in percent")
        for name, least in _LEAST.items():
            _check_count(name, _value(getattr(self, name), {}), least)

    def settled(self, values: Mapping[str, Any]) -> "ParallelRunConfig":
        """The same with a value in place of each PipelineParameter: the one that is given, else its default (ours)."""
        return replace(self, **{name: _value(known, values) for name, known in vars(self).items()})

    def save_to_yaml(self, path: str | os.PathLike[str]) -> None:
        """Write it to a YAML file, which `load_yaml` reads; of each PipelineParameter its default."""
        said = vars(self.settled({}))
        kept = {name: value for name, value in said.items() if value is not None}
        kept["environment"] = _said(self.environment)
        kept[_TARGET] = getattr(self.compute_target, "name", kept.pop("compute_target", None))
        kept.pop("compute_target", None)
        plain = json.loads(json.dumps(kept, default=os.fspath))
        Path(path).write_text(to_yaml({_ROOT: plain}), encoding="utf-8")

    @staticmethod
    def load_yaml(workspace: "Workspace", path: str | os.PathLike[str]) -> "ParallelRunConfig":
        """What a YAML file says. UserErrorException, by its field, for one that says something else."""
        said = read(Path(path), _ROOT, None, None)[0].get(_ROOT)
        if not isinstance(said, dict):
            raise UserErrorException(f"'{path}': '{_ROOT}:' is expected.", resolution="config.save_to_yaml(path)")
        found = cast("dict[str, Any]", said)
        given = {name: value for name, value in found.items() if name not in {*_ENVIRONMENT, _TARGET}}
        known = [one.name for one in fields(ParallelRunConfig)]
        for name in given:
            if name not in known:
                raise UserErrorException(f"{_ROOT}.{name}: unknown.", resolution=did_you_mean(name, known))
        given |= {"environment": _environment(workspace, found), "compute_target": found.get(_TARGET)}
        needed = ("entry_script", "error_threshold", "output_action", "node_count")
        if missing := [name for name in needed if name not in given]:
            raise UserErrorException(f"{_ROOT}.{missing[0]}: required, and not there.")
        return ParallelRunConfig(**given)


def _value(known: Any, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a setting, or a parameter with one
    return values.get(known.name, known.default_value) if isinstance(known, PipelineParameter) else known


def _check_count(name: str, value: object, least: int) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
        raise UserErrorException(f"{name}: a whole number is expected, {least} or more; found {value!r}.")


def _said(environment: Environment) -> dict[str, Any]:
    """An environment as SDK v1 writes it."""
    python = environment.python
    return {
        "name": environment.name, "version": environment.version,
        "environmentVariables": dict(environment.environment_variables),
        "docker": {"baseImage": environment.docker.base_image},
        "python": {
            "userManagedDependencies": python.user_managed_dependencies,
            "condaDependencies": python.conda_dependencies.as_dict(),
        },
    }  # fmt: skip


def _environment(workspace: "Workspace", said: Mapping[str, Any]) -> Environment:
    """The environment that a YAML file holds, or names."""
    if folder := said.get("environment_dir_path"):
        return Environment.load_from_directory(folder)
    if name := said.get("environment_name"):
        return Environment.get(workspace, name)
    given = said.get("environment")
    if not isinstance(given, dict) or "name" not in given:
        raise UserErrorException(f"{_ROOT}.environment: required, with its name.")
    held = cast("dict[str, Any]", given)
    made, python = Environment(held["name"]), held.get("python") or {}
    made.version, made.environment_variables = held.get("version"), dict(held.get("environmentVariables") or {})
    made.docker.base_image = (held.get("docker") or {}).get("baseImage")
    made.python.user_managed_dependencies = bool(python.get("userManagedDependencies"))
    if conda := python.get("condaDependencies"):
        made.python.conda_dependencies = CondaDependencies(_underlying_structure=conda)
    return made
