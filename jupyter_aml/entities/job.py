"""A command job, as the SDK v2 writes it: the builder `command()` and the job that comes back. Nothing is run here."""

import os
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar, cast

from pydantic import Field, field_validator

from jupyter_aml.entities import building
from jupyter_aml.entities.asset import SystemData
from jupyter_aml.entities.command_node import CommandNode
from jupyter_aml.entities.component import CommandComponent
from jupyter_aml.entities.draft import DraftError, Mark, Problems, to_yaml
from jupyter_aml.entities.environment import Environment
from jupyter_aml.entities.fields import Choice
from jupyter_aml.entities.input_output import Input, space_of
from jupyter_aml.entities.job_draft import (
    GivenInput,
    JobDraft,
    Kind,
    copy_of,
    environment_of,
    in_order,
    plain_inputs,
    plain_outputs,
    texts,
)
from jupyter_aml.entities.job_settings import (
    CommandJobLimits,
    DistributionConfiguration,
    Inputs,
    QueueSettings,
    ResourceConfiguration,
)
from jupyter_aml.entities.search_space import SweepDistribution
from jupyter_aml.entities.sweep_job import SweepJob, searching
from jupyter_aml.entities.sweep_settings import EarlyTerminationPolicy, SamplingAlgorithm

_Service = TypeVar("_Service")


class Command(JobDraft):
    """A command job that a person is still editing. Made by `command()` or `load_job()`."""

    type: Annotated[str, Choice("command")] = "command"
    command: str
    environment: str | Environment | None = None
    code: str | None = None
    environment_variables: dict[str, str] = Field(default_factory=dict[str, str])
    distribution: DistributionConfiguration | None = None
    resources: ResourceConfiguration = Field(default_factory=ResourceConfiguration)
    limits: CommandJobLimits = Field(default_factory=CommandJobLimits)
    is_deterministic: bool = True
    parent_job_name: str | None = None

    @field_validator("environment_variables", mode="before")
    @classmethod
    def _variable_texts(cls, value: object) -> dict[str, str]:
        return texts(value)

    @field_validator("environment_variables")
    @classmethod
    def _variables(cls, given: dict[str, str]) -> dict[str, str]:
        return _checked_variables(given)

    @field_validator("code", mode="before")
    @classmethod
    def _path(cls, value: object) -> object:
        return os.fspath(value) if isinstance(value, Path) else value

    @field_validator("environment", mode="before")
    @classmethod
    def _environment(cls, value: object) -> object:
        return environment_of(value)

    def __call__(self, **inputs: GivenInput) -> "Command":
        """A copy of this job with these inputs set: the builder used as a component.

        An input may be a distribution: `job(rate=Uniform(0, 1)).sweep(…)` varies it. Within a `@dsl.pipeline` function
        it is a step of that pipeline.
        """
        if building.site():
            return cast("Command", self.as_step(inputs))  # a step has what a job has that its pipeline may change
        given = Inputs({**self.inputs, **self._inputs(inputs)})
        return self.model_copy(deep=True, update={"inputs": given, "name": None})

    @property
    def swept(self) -> Mapping[str, SweepDistribution]:
        """The inputs that are distributions: they have no value until the job is made a sweep."""
        found = {name: space_of(given) for name, given in self.inputs.items()}
        return {name: space for name, space in found.items() if space is not None}

    def sweep(
        self,
        *,
        primary_metric: str,
        goal: str,
        sampling_algorithm: str | SamplingAlgorithm = "random",
        compute: str | None = None,
        max_concurrent_trials: int | None = None,
        max_total_trials: int | None = None,
        timeout: int | None = None,
        trial_timeout: int | None = None,
        early_termination_policy: EarlyTerminationPolicy | str | None = None,
        search_space: Mapping[str, SweepDistribution] | None = None,
        identity: object = None,
        queue_settings: QueueSettings | None = None,
        job_tier: str | None = None,
        priority: str | None = None,
    ) -> SweepJob:
        """A sweep with this job as its trial: inputs that are distributions vary, the others stay inputs.

        `primary_metric` is named as the trial logs it; `goal` is 'maximize' or 'minimize'. Times are in seconds.

        >>> job = command(command="python train.py --rate ${{inputs.rate}}", code="src")
        >>> job(rate=Choice([0.1, 1.0])).sweep(primary_metric="loss", goal="minimize").search_space
        {'rate': Choice([0.1, 1.0])}
        """
        trial = self() if isinstance(self, Job) else self
        queue = (queue_settings or trial.queue_settings or QueueSettings()).model_dump()
        queue |= {name: given for name, given in (("job_tier", job_tier), ("priority", priority)) if given}
        kept = ("name", "description", "display_name", "tags", "properties", "experiment_name")
        swept = SweepJob(
            trial=trial, compute=compute, search_space=search_space, sampling_algorithm=sampling_algorithm,
            objective={"goal": goal, "primary_metric": primary_metric}, early_termination=early_termination_policy,
            identity=identity or trial.identity, queue_settings=queue if any(queue.values()) else None,
            **{name: getattr(trial, name) for name in kept},
        )  # fmt: skip
        swept.set_limits(
            max_concurrent_trials=max_concurrent_trials, max_total_trials=max_total_trials,
            timeout=timeout, trial_timeout=trial_timeout,
        )  # fmt: skip
        return searching(swept.model_copy(deep=True))

    def as_step(self, inputs: Mapping[str, object]) -> CommandNode:
        """A step of a pipeline that runs this command, with these inputs set."""
        node = self.component(**inputs)
        for name, given in self.inputs.items():
            if given.path and name not in inputs:
                node.inputs[name] = given
        for name, made in self.outputs.items():
            node.outputs[name] = made.model_copy(update={"type": None})
        for name in ("compute", "environment_variables", "limits", "identity", "queue_settings", "services", "tags"):
            setattr(node, name, getattr(self, name))
        node.display_name, node.description = self.display_name, self.description
        return node

    @property
    def component(self) -> CommandComponent:
        """What runs, with the interface that the job's inputs and outputs make."""
        inputs = {name: _declared(given) for name, given in self.inputs.items()}
        outputs = {name: {"type": made.type} for name, made in self.outputs.items()}
        runs = {name: getattr(self, name) for name in ("command", "code", "environment", "distribution")}
        named = {name: getattr(self, name) for name in ("name", "display_name", "description", "is_deterministic")}
        asked = self.spec().get("resources")
        return CommandComponent.of({**named, **runs, "inputs": inputs, "outputs": outputs, "resources": asked})

    def set_resources(self, **resources: object) -> None:
        """Change what the job asks for, e.g. `set_resources(instance_count=2)`."""
        self.resources = ResourceConfiguration.of({**self.resources.model_dump(exclude_none=True), **resources})

    def set_limits(self, *, timeout: float | None = None) -> None:
        """Cancel the job after `timeout` seconds."""
        self.limits = CommandJobLimits(timeout=timeout)

    def spec(self) -> dict[str, Any]:
        """The job as its YAML says it: set fields only, literals as literals."""
        fields = self.model_dump(include=set(Command.model_fields), exclude_none=True, exclude_defaults=True)
        fields["inputs"], fields["outputs"] = plain_inputs(self.inputs), plain_outputs(self.outputs)
        if isinstance(self.environment, Environment):
            fields["environment"] = self.environment.spec()
        return in_order({"type": "command", **fields}, "command", "environment", "code")


_DECLARED: Final = ("default", "optional", "min", "max", "enum", "description")


def _declared(given: Input) -> dict[str, object]:
    """An input of a job as a component declares it."""
    said = {name: value for name in _DECLARED if (value := getattr(given, name)) is not None}
    return {"type": given.type, **said}


OUR_SERVICES: Final = frozenset({"Tracking", "Studio"})
_OUR_PROPERTIES: Final = (
    "_azureml.", "azureml.", "mlflow.", "ContentSnapshotId", "environment", "best_child_run_id", "score", "sampling.",
)  # fmt: skip


class Job(JobDraft):
    """A job as the workspace returned it. Its `status` is a snapshot: get it again to see it move.

    Submitting it again changes its names and tags only; to run it once more, submit a new one
    or call it: `ml_client.jobs.create_or_update(job())`.
    """

    id: Annotated[str, Mark.READ_ONLY]
    status: Annotated[str, Mark.READ_ONLY]
    error: Annotated[str, Mark.READ_ONLY] = ""
    exit_code: Annotated[int | None, Mark.READ_ONLY] = None
    studio_url: Annotated[str, Mark.READ_ONLY] = ""
    creation_context: Annotated[SystemData | None, Mark.READ_ONLY] = None

    def __call__(self, **inputs: GivenInput) -> JobDraft:
        """A new draft of the same job, with these inputs set."""
        raise NotImplementedError

    def spec(self) -> dict[str, Any]:
        """The job as its YAML says it, without what the workspace added."""
        fields = super().spec()
        services = without_ours(fields.pop("services", {}))
        return fields | ({"services": services} if services else {})

    def __str__(self) -> str:
        """The job as YAML, as SDK v2 prints it."""
        return to_yaml({"name": self.name, "status": self.status, **self.spec()})

    def _repr_html_(self) -> str:
        """Azure's own small table."""
        heads = ("Experiment", "Name", "Type", "Status", "Details Page")
        link = f'<a href="{escape(self.studio_url)}">Outputs + logs</a>'
        cells = (escape(str(value)) for value in (self.experiment_name, self.name, self.type, self.status))
        head = "".join(f"<th>{text}</th>" for text in heads)
        row = "".join(f"<td>{text}</td>" for text in (*cells, link))
        return f"<table><tr>{head}</tr><tr>{row}</tr></table>"


class CommandJob(Job, Command):
    """A command job as the workspace returned it."""

    type: Annotated[str, Choice("command")] = "command"

    @field_validator("environment_variables")
    @classmethod
    def _variables(cls, given: dict[str, str]) -> dict[str, str]:
        return given  # a job is shown as it was stored

    def __call__(self, **inputs: GivenInput) -> Command:
        """A new draft of the same job, with these inputs set."""
        return draft_of(self, Command, inputs)


def draft_of(job: Job, kind: type[Kind], inputs: Mapping[str, GivenInput]) -> Kind:
    """A returned job as a new draft of `kind`, without what the workspace added, with these inputs set."""
    draft = copy_of(job, kind, inputs)
    draft.display_name = None if job.display_name == job.name else job.display_name
    draft.services = without_ours(job.services or {}) or None
    draft.properties = {name: text for name, text in job.properties.items() if not name.startswith(_OUR_PROPERTIES)}
    return draft


def without_ours(services: Mapping[str, _Service]) -> dict[str, _Service]:
    """The services that a person asked for."""
    return {name: given for name, given in services.items() if name not in OUR_SERVICES}


def _checked_variables(given: dict[str, str]) -> dict[str, str]:
    """`given`, if a process can have it as its environment."""
    problems: Problems = ()
    for name, value in given.items():
        if not name or "=" in name or "\0" in name:
            problems += ((name, f"{name!r} cannot name a variable: it is empty, or holds '=' or a NUL."),)
        elif "\0" in value:
            problems += ((name, "a value cannot hold a NUL character."),)
    if problems:
        raise DraftError("mapping", problems)
    return given


_RESOURCES = frozenset(ResourceConfiguration.model_fields)


def command(
    *,
    command: str,
    environment: str | Environment | None = None,
    code: str | Path | None = None,
    compute: str | None = None,
    inputs: Mapping[str, Any] | None = None,
    outputs: Mapping[str, Any] | None = None,
    name: str | None = None,
    display_name: str | None = None,
    experiment_name: str | None = None,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
    properties: Mapping[str, str] | None = None,
    environment_variables: Mapping[str, str] | None = None,
    distribution: DistributionConfiguration | Mapping[str, Any] | None = None,
    timeout: float | None = None,
    job_tier: str | None = None,
    priority: str | None = None,
    **others: object,
) -> Command:
    """A command job: `command` runs in a copy of the folder `code` on `compute`, in `environment`.

    `timeout` is in seconds. `instance_count`, `instance_type`, `shm_size`, `docker_args` and `locations` become
    `resources`. ValidationException for a field that does not exist, with the nearest one that does.

    >>> job = command(command="python train.py --rate ${{inputs.rate}}", code="src", inputs={"rate": 0.1})
    >>> job.inputs["rate"].type
    'number'
    """
    resources = {key: others.pop(key) for key in _RESOURCES & set(others) if others[key] is not None}
    queue = QueueSettings(job_tier=job_tier, priority=priority) if job_tier or priority else None
    given = {
        "command": command, "environment": environment, "code": code, "compute": compute, "inputs": inputs,
        "outputs": outputs, "name": name, "display_name": display_name, "experiment_name": experiment_name,
        "description": description, "tags": tags, "properties": properties, "resources": resources,
        "environment_variables": environment_variables, "distribution": distribution,
        "limits": {"timeout": timeout} if timeout is not None else None, "queue_settings": queue, **others,
    }  # fmt: skip
    return Command.of({key: value for key, value in given.items() if value is not None})
