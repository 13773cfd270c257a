"""SDK v1's Pipeline: its steps as one of SDK v2's pipeline jobs. Nothing is run here."""

import os
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from jupyter_aml.entities.input_output import Input
from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.exceptions import NotAvailableError
from jupyter_aml.v1.arguments import refuse_others
from jupyter_aml.v1.pipeline.core.builder import PipelineStep, bind, closure
from jupyter_aml.v1.pipeline.core.graph import given, mode_of
from jupyter_aml.v1.pipeline.core.outline import Graph, graph_of
from jupyter_aml.v1.pipeline.core.published import PublishedPipeline, published
from jupyter_aml.v1.pipeline.core.run import PipelineRun, check_others, named, submitted

if TYPE_CHECKING:
    from jupyter_aml.v1.core.experiment import Experiment
    from jupyter_aml.v1.core.workspace import Workspace

__all__ = ["Pipeline"]

_ODD: Final = re.compile(r"[^a-z0-9_]+")


class Pipeline:
    """Steps, and those that they need: `experiment.submit(pipeline)`. UserErrorException for what is no step."""

    def __init__(
        self,
        workspace: "Workspace",
        steps: PipelineStep | Sequence[Any],
        description: str | None = None,
        default_datastore: Any = None,  # noqa: ANN401 - a name, or whatever has one
        default_source_directory: str | os.PathLike[str] | None = None,
        resolve_closure: bool = True,
        **others: object,
    ) -> None:
        refuse_others("Pipeline", others, "workspace", "steps", "description", "default_datastore", "resolve_closure")
        self.workspace, self.description = workspace, description
        self.default_datastore = getattr(default_datastore, "name", default_datastore)
        self.steps = closure(steps, resolve=resolve_closure)
        for step in self.steps:
            if default_source_directory is not None and getattr(step, "source_directory", "") is None:
                vars(step)["source_directory"] = default_source_directory

    def job(self, values: Mapping[str, Any] | None = None, **switches: bool) -> PipelineJob:
        """SDK v2's draft of the same pipeline, its parameters with these values (ours).

        UserErrorException for a value of a parameter that no step has.
        """
        known, settings = dict(values or {}), {name for step in self.steps for name in step.settings}
        keys, jobs, inputs = _keyed(self.steps), dict[str, Any](), dict[str, Input]()
        for step in self.steps:
            ports = step.ports()
            node = step.node(ports, known)
            bind(node, ports, keys)
            jobs[keys[id(step)]] = node
            inputs |= {one.name: one.input(mode_of(ports.inputs[name])) for name, one in ports.parameters.items()}
        asked = {name: value for name, value in known.items() if name in inputs or name not in settings}
        return PipelineJob.of({
            "jobs": jobs, "inputs": given(inputs, asked), "description": self.description,
            "properties": named(keys, self.steps),
            "settings": {"default_datastore": self.default_datastore, **switches},
        })  # fmt: skip

    @property
    def graph(self) -> Graph:
        """Its steps, and what they hand on."""
        return graph_of(self.job())

    def validate(self) -> list[str]:
        """What would be said against it; nothing, if it can be submitted."""
        found = self.workspace.client.jobs.validate(self.job())
        return [f"{path}: {text}" for path, text in found.error_messages.items()]

    def submitted(
        self,
        experiment: "Experiment",
        tags: Mapping[str, str],
        pipeline_parameters: Mapping[str, Any] | None = None,
        continue_on_step_failure: bool = False,
        regenerate_outputs: bool = False,
        **others: Any,  # noqa: ANN401 - those that `check_others` knows
    ) -> PipelineRun:
        """The run of a submit: `regenerate_outputs` lets every step run, whatever ran before."""
        check_others("experiment.submit", others)
        draft = self.job(
            pipeline_parameters, continue_on_step_failure=continue_on_step_failure, force_rerun=regenerate_outputs
        )
        return submitted(experiment, draft, tags)

    def submit(
        self,
        experiment_name: str,
        pipeline_parameters: Mapping[str, Any] | None = None,
        continue_on_step_failure: bool = False,
        regenerate_outputs: bool = False,
        tags: Mapping[str, str] | None = None,
        **others: Any,  # noqa: ANN401 - those that `check_others` knows
    ) -> PipelineRun:
        """Submit it under an experiment's name."""
        check_others("submit", others)
        options = (pipeline_parameters, continue_on_step_failure, regenerate_outputs)
        return self.submitted(self.workspace.experiment(experiment_name), tags or {}, *options)

    def publish(
        self,
        name: str | None = None,
        description: str | None = None,
        version: str | None = None,
        continue_on_step_failure: bool | None = None,
    ) -> PublishedPipeline:
        """Keep it as it is now, its code too, to be submitted by its id."""
        draft = self.job(continue_on_step_failure=bool(continue_on_step_failure))
        return published(self.workspace, draft, name or "pipeline", description or self.description, version)

    @staticmethod
    def load_yaml(*_: object, **__: object) -> "Pipeline":
        """NotAvailableError: SDK v2's `load_job` reads its own YAML."""
        raise NotAvailableError.of("Pipeline.load_yaml", "YAML files of SDK v1's pipelines")

    def __repr__(self) -> str:
        """Its steps."""
        return f"Pipeline(steps={[step.name for step in self.steps]})"


def _keyed(steps: Sequence[PipelineStep]) -> dict[int, str]:
    """What each step is called among a pipeline's jobs: its name in small letters, with a number where two have it."""
    keys, taken = dict[int, str](), set[str]()
    for step in steps:
        base = _ODD.sub("_", step.name.lower()).strip("_") or "step"
        base = base if base[0].isalpha() else f"step_{base}"
        key = next(one for one in (base, *(f"{base}_{count}" for count in range(1, 10_000))) if one not in taken)
        keys[id(step)] = key
        taken.add(key)
    return keys
