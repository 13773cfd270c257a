"""SDK v1's PythonScriptStep: a script with its arguments, as SDK v2's command step. Nothing is run here."""

import os
from collections.abc import Mapping, Sequence
from typing import Any, Final

from jupyter_aml.entities.job import Command
from jupyter_aml.entities.step import Node
from jupyter_aml.v1.arguments import meaningless, refuse
from jupyter_aml.v1.core.runconfig import RunConfiguration
from jupyter_aml.v1.core.script_run_config import ScriptRunConfig
from jupyter_aml.v1.pipeline.core.builder import PipelineStep, Ports
from jupyter_aml.v1.pipeline.core.graph import PipelineParameter

_PARAMETER: Final = "AML_PARAMETER_"
_VERSION: Final = "AZUREML_V1_STEP_VERSION"
_ARGUMENT: Final = "Give the PipelineParameter among the script's arguments."


class PythonScriptStep(PipelineStep):
    """A step that runs a script of `source_directory`, here without one.

    `params` are environment variables of the script, `AML_PARAMETER_<name>`. Without `allow_reuse` it runs each time,
    and once more with another `version`. All files of the folder count for that, whatever `hash_paths` says.
    UnsupportedFieldError for `runconfig_pipeline_params`, and for a PipelineParameter among the `params`.
    """

    def __init__(
        self,
        script_name: str,
        name: str | None = None,
        arguments: Sequence[Any] | None = None,
        compute_target: Any = None,  # noqa: ANN401 - a name, or whatever has one
        runconfig: RunConfiguration | None = None,
        runconfig_pipeline_params: Mapping[str, Any] | None = None,
        inputs: Sequence[Any] | None = None,
        outputs: Sequence[Any] | None = None,
        params: Mapping[str, Any] | None = None,
        source_directory: str | os.PathLike[str] | None = None,
        allow_reuse: bool = True,
        version: str | None = None,
        hash_paths: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name or script_name, inputs, outputs, arguments, compute_target, allow_reuse)
        refuse("PythonScriptStep", _ARGUMENT, runconfig_pipeline_params=runconfig_pipeline_params)
        given = [f"params[{key!r}]" for key, value in (params or {}).items() if isinstance(value, PipelineParameter)]
        refuse("PythonScriptStep", _ARGUMENT, **dict.fromkeys(given, True))
        meaningless("all files of the folder are hashed", hash_paths=hash_paths)
        self.source_directory = source_directory
        self.params = {f"{_PARAMETER}{key}": str(value) for key, value in (params or {}).items()}
        self.params |= said_version(version)
        self.script_name, self.runconfig = script_name, runconfig

    def node(self, ports: Ports, values: Mapping[str, Any]) -> Node:
        """SDK v2's step, its bound inputs still open (ours)."""
        del values  # nothing of how it runs is a parameter
        run = ScriptRunConfig(
            self.source_directory or ".",
            self.script_name,
            self.arguments,
            self.runconfig,
            compute_target=self.compute_target,
        )
        draft = bound(run.job("pipeline"), ports)
        draft.environment_variables = {**draft.environment_variables, **self.params}
        draft.is_deterministic, draft.display_name = self.allow_reuse, self.name
        return draft.as_step({})


def bound(draft: Command, ports: Ports) -> Command:
    """The job of a script with what its step is bound to (ours)."""
    draft.inputs.update({name: given for name, given in ports.inputs.items() if name not in draft.inputs})
    draft.outputs.update({name: made for name, made in ports.outputs.items() if name not in draft.outputs})
    draft.environment_variables = {**draft.environment_variables, **ports.tables()}
    return draft


def said_version(version: str | None) -> dict[str, str]:
    """What tells a step of another version from this one: a variable of its environment (ours)."""
    return {_VERSION: version} if version else {}
