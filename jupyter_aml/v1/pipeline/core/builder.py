"""A step of SDK v1's pipelines, and what it becomes: a step of SDK v2's. Drafts only; nothing is run here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, TypeAlias, TypeGuard, cast

from jupyter_aml.entities.input_output import Input, Output
from jupyter_aml.entities.step import Node
from jupyter_aml.exceptions import UnsupportedFieldError, UserErrorException
from jupyter_aml.v1.core.binding import Bindable
from jupyter_aml.v1.core.script_run_config import Argument
from jupyter_aml.v1.data.datapath import DataPathComputeBinding
from jupyter_aml.v1.data.dataset_consumption_config import DatasetConsumptionConfig
from jupyter_aml.v1.data.inputs import TABLE
from jupyter_aml.v1.data.output_dataset_config import OutputDatasetConfig, OutputInput
from jupyter_aml.v1.pipeline.core.graph import PipelineData, PipelineParameter

__all__ = ["PipelineData", "PipelineStep", "StepSequence"]

Port: TypeAlias = Any  # Any: whatever SDK v1 takes as the data of a step
_DONE: Final = "finished"
"""The output of a step that others only wait for."""


@dataclass
class Ports:
    """What a step is bound to: `links` to outputs of others by input, `parameters` of the pipeline by input."""

    inputs: dict[str, Input] = field(default_factory=dict[str, Input])
    outputs: dict[str, Output] = field(default_factory=dict[str, Output])
    links: dict[str, OutputInput] = field(default_factory=dict[str, OutputInput])
    parameters: dict[str, PipelineParameter] = field(default_factory=dict[str, PipelineParameter])
    waits: "dict[str, PipelineStep]" = field(default_factory=dict[str, "PipelineStep"])

    def take(self, given: Port) -> None:
        """Note what one of its arguments, inputs or outputs is bound to."""
        if not isinstance(given, Bindable):
            return
        bound = given.binding()
        known: dict[str, Any] = self.inputs if isinstance(bound.value, Input) else self.outputs
        known[bound.name] = bound.value
        if isinstance(given, OutputInput):
            self.links[bound.name] = given
        parameter = given.dataset if isinstance(given, DatasetConsumptionConfig) else given
        if isinstance(parameter, PipelineParameter):
            self.parameters[bound.name] = parameter

    def tables(self) -> dict[str, str]:
        """The environment variables that say which of its inputs are read as tables."""
        return {f"{TABLE}{name}": link.table for name, link in self.links.items() if link.table}


class PipelineStep:
    """A step: what it is called, where it runs, what it reads and makes. Made by one of the kinds in `steps`."""

    def __init__(
        self,
        name: str,
        inputs: Sequence[Port] | None = None,
        outputs: Sequence[Port] | None = None,
        arguments: Sequence[Port] | None = None,
        compute_target: Any = None,  # noqa: ANN401 - a name, or whatever has one
        allow_reuse: bool = True,
    ) -> None:
        if not name:
            raise UserErrorException("name: a step needs one.")
        self.name, self.allow_reuse = name, allow_reuse
        self.compute_target = getattr(compute_target, "name", compute_target)
        self.outputs = [self._output(one) for one in outputs or ()]
        self._made = {one.origin: one for one in (*(arguments or ()), *self.outputs) if _is_output(one)}
        self.inputs = [self._bound(one) for one in inputs or ()]
        self.arguments: list[Argument] = [self._bound(one) for one in arguments or ()]
        self._after: list[PipelineStep] = []
        self._is_awaited = False
        for one in (*self.outputs, *self.arguments):
            if _is_output(one):
                one.origin.step = self

    def run_after(self, step: "PipelineStep") -> None:
        """Begin when another step is done, though nothing of it is read. UserErrorException for what is no step."""
        given: object = step
        if not isinstance(given, PipelineStep):
            raise UserErrorException(f"run_after: a {type(given).__name__} is no step.")
        self._after.append(step)
        step.await_it()

    def await_it(self) -> None:
        """Somebody waits for it (ours): it has something to wait for, even if it makes nothing."""
        self._is_awaited = True

    @property
    def before(self) -> "list[PipelineStep]":
        """The steps that come before it (ours): those that it reads from, and those that it waits for."""
        read = (producer(link) for link in self.ports().links.values())
        return [*(step for step in read if step is not None), *self._after]

    def makes(self, origin: str) -> str:
        """The name under which it makes an output (ours)."""
        every = (one for one in (*self.outputs, *self.arguments) if _is_output(one))
        return next(one.name for one in every if one.origin == origin)

    def ports(self) -> Ports:
        """All that it is bound to (ours)."""
        found = Ports()
        for one in (*self.arguments, *self.inputs, *self.outputs):
            found.take(one)
        for number, step in enumerate(self._after):
            found.waits[f"after_{number}"] = step
            found.inputs[f"after_{number}"] = Input(type="uri_folder")
        if self._is_awaited and not found.outputs:
            found.outputs[_DONE] = Output()
        return found

    @property
    def settings(self) -> dict[str, PipelineParameter]:
        """The parameters that say how it runs, by name (ours): their values are fixed when a pipeline is submitted."""
        return {}

    @property
    def named_outputs(self) -> dict[str, str]:
        """Its outputs by what the pipeline calls them (ours)."""
        return {one.pipeline_output_name: one.name for one in self.outputs if one.pipeline_output_name}

    def node(self, ports: Ports, values: Mapping[str, Any]) -> Node:
        """SDK v2's step, its bound inputs still open (ours). `values`: what was given for its `settings`."""
        raise NotImplementedError

    def _output(self, given: Port) -> OutputDatasetConfig:
        """What it makes. UserErrorException for what is no output."""
        found = given.output if isinstance(given, PipelineData) else given
        if not _is_output(found):
            raise UserErrorException(
                f"step '{self.name}': outputs: a {type(given).__name__} is none.",
                resolution="Give an OutputFileDatasetConfig or a PipelineData.",
            )
        return found

    def _bound(self, given: Port) -> Port:
        """An input or argument as what it is to this step: data that it makes, or that it reads."""
        if isinstance(given, tuple) and [type(one) for one in given] == [PipelineParameter, DataPathComputeBinding]:
            parameter, way = given
            return DatasetConsumptionConfig(parameter.name, parameter, way.mode)
        if isinstance(given, PipelineData):
            return self._made.get(given.origin) or given.reading()
        if _is_output(given):
            return self._made.get(given.origin, given)
        if not isinstance(given, str | int | float | Bindable) and not hasattr(given, "__fspath__"):
            raise UnsupportedFieldError(
                f"step '{self.name}': a {type(given).__name__} does not reach a step here.",
                resolution="Give a text, a number, a path, dataset.as_named_input(…), an output, a PipelineParameter.",
            )
        return given

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        return f"<{type(self).__module__}.{type(self).__name__} name={self.name!r}>"


class StepSequence:
    """Steps that run one after the other; those of a list within run side by side."""

    def __init__(self, steps: Iterable[Any] | None = None) -> None:
        self.steps = list(steps or ())
        every = [[*_flat(one)] for one in self.steps]
        for earlier, later in pairwise(every):
            for one in later:
                for before in earlier:
                    one.run_after(before)

    def __iter__(self) -> Any:  # noqa: ANN401 - of a list
        """The steps."""
        return iter(self.steps)


def producer(link: OutputInput) -> PipelineStep | None:
    """The step that makes what is read (ours); None when none does yet."""
    return cast("PipelineStep | None", getattr(link.output, "step", None))


def closure(given: "PipelineStep | Iterable[Any]", *, resolve: bool = True) -> list[PipelineStep]:
    """The steps of nested lists, and those that they need, the first ones first.

    UserErrorException for what is no step, for steps that wait for each other, and, unless they are to `resolve`, for
    one that is needed and not given.
    """
    every = [*_flat(given if isinstance(given, PipelineStep) else [*given])]
    found: dict[int, PipelineStep] = {}

    def visit(step: PipelineStep, *above: PipelineStep) -> None:
        if step in above:
            names = " → ".join(one.name for one in (*above[above.index(step) :], step))
            raise UserErrorException(f"steps: they wait for each other: {names}.")
        if id(step) in found:
            return
        for one in step.before:
            if not resolve and one not in every:
                raise UserErrorException(
                    f"steps: '{step.name}' needs '{one.name}', which is not among them.",
                    resolution="Name it too, or leave resolve_closure as it is.",
                )
            visit(one, *above, step)
        found[id(step)] = step

    for one in every:
        visit(one)
    return [*found.values()]


def _flat(step: object) -> Iterator[PipelineStep]:
    """The steps of a step, or of lists of them."""
    if isinstance(step, list | tuple | StepSequence):
        for one in cast("Iterable[object]", step):
            yield from _flat(one)
    elif isinstance(step, PipelineStep):
        yield step
    else:
        raise UserErrorException(f"steps: a {type(step).__name__} is no step.")


def bind(node: Node, ports: Ports, keys: Mapping[int, str]) -> None:
    """Bind a step's inputs: `keys` has the pipeline's key of each step, by its identity."""
    for name, link in ports.links.items():
        step = producer(link)
        if step is None or id(step) not in keys:
            raise UserErrorException(
                f"inputs.{name}: no step of this pipeline makes it.", resolution="Give its output to a step first."
            )
        node.inputs[name] = {"path": _of_step(keys[id(step)], step.makes(link.output)), "mode": link.mode}
    for name, step in ports.waits.items():
        node.inputs[name] = _of_step(keys[id(step)], next(iter(step.ports().outputs)))
    for name, parameter in ports.parameters.items():
        text = f"${{{{parent.inputs.{parameter.name}}}}}"
        mode = ports.inputs[name].mode
        node.inputs[name] = {"path": text, "mode": mode} if mode else text


def _of_step(key: str, output: str) -> str:
    return f"${{{{parent.jobs.{key}.outputs.{output}}}}}"


def _is_output(given: object) -> TypeGuard[OutputDatasetConfig]:
    return isinstance(given, OutputDatasetConfig)
