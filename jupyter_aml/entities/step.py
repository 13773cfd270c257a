"""A step of a pipeline while a person edits it: what every kind has. Drafts only; nothing is run here."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, cast

from pydantic import Field, PrivateAttr, field_validator

from jupyter_aml.entities import building
from jupyter_aml.entities.draft import Draft, DraftError, Mark, Problems, mapping, to_yaml
from jupyter_aml.entities.fields import Texts
from jupyter_aml.entities.job_draft import identity_of
from jupyter_aml.entities.ports import NodeInputs, NodeOutputs, PipelineInput, Place, plain
from jupyter_aml.exceptions import UnexpectedAttributeError

_CODE: Final = (("code",), ("task", "code"))
_FIRST: Final = ("type", "display_name", "description", "comment", "inputs", "outputs")
_LAST: Final = ("component", "trial")


class Step(Draft):
    """Anything that stands among a pipeline's `jobs`. Its name is its key there."""

    type: str
    name: str | None = None
    _place: Place = PrivateAttr(default_factory=Place)

    def __init__(self, **fields: object) -> None:
        super().__init__(**fields)
        self._place.name = self.name

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name == "name":
            self._place.name = self.name

    @property
    def place(self) -> Place:
        """Where it is in its pipeline: what is bound to it reads its key there."""
        return self._place

    @property
    def called(self) -> str:
        """What it is named after, when neither a variable nor a person names it."""
        return type(self).__name__.lower()

    def noted(self) -> "Step":
        """The same step, as one of the pipeline whose function runs now."""
        building.note(self)
        return self

    def __str__(self) -> str:
        """The step as YAML."""
        return to_yaml(self.spec())

    def __eq__(self, other: object) -> bool:
        """Two steps are the same only if they are one: two calls of a component make two steps."""
        return self is other

    def __hash__(self) -> int:
        """Identity too."""
        return id(self)


class Node(Step):
    """A step that runs a component.

    `component` is the component, or the text that names one of the workspace: `azureml:prepare:1`.
    """

    holds: ClassVar[str] = "component"
    """What its YAML calls the component."""

    component: Annotated[str | Draft | None, Mark.DERIVED] = None
    inputs: Annotated[NodeInputs, Mark.DERIVED] = Field(default_factory=NodeInputs)
    outputs: Annotated[NodeOutputs, Mark.DERIVED] = Field(default_factory=NodeOutputs)
    compute: str | None = None
    display_name: str | None = None
    description: str | None = None
    comment: str | None = None
    identity: dict[str, Any] | None = None
    tags: Texts = Field(default_factory=dict[str, str])
    properties: Texts = Field(default_factory=dict[str, str])

    def __init__(self, **fields: object) -> None:
        inputs, outputs = mapping(fields.pop("inputs", None)), mapping(fields.pop("outputs", None))
        super().__init__(**fields)
        ports = NodeInputs(self._place, self._declared("inputs")), NodeOutputs(self._place, self._declared("outputs"))
        problems = (*put(ports[0], "inputs", inputs), *put(ports[1], "outputs", outputs))
        if problems:
            raise DraftError(type(self).__name__, problems)
        vars(self).update(inputs=ports[0], outputs=ports[1])

    def __setattr__(self, name: str, value: object) -> None:
        if name not in {"inputs", "outputs"}:
            super().__setattr__(name, value)
            return
        kind = NodeInputs if name == "inputs" else NodeOutputs
        ports = kind(self._place, self._declared(name))
        for port, given in mapping(value).items():
            ports[port] = given
        vars(self)[name] = ports

    @field_validator("compute", mode="before")
    @classmethod
    def _compute(cls, value: object) -> object:
        """A parameter of the pipeline's function may name it."""
        return str(value) if isinstance(value, PipelineInput) else value

    @field_validator("identity", mode="before")
    @classmethod
    def _identity(cls, value: object) -> object:
        return identity_of(value)

    @property
    def called(self) -> str:
        """The component's name."""
        if isinstance(self.component, str):
            return self.component
        return getattr(self.component, "name", None) or "azureml_anonymous"

    def _declared(self, what: str) -> dict[str, str] | None:
        """The types of the inputs or outputs that the component declares; None where that is seen at submit."""
        if not isinstance(self.component, Draft):
            return None
        ports = cast("Mapping[str, Draft]", getattr(self.component, what))
        return {name: str(getattr(port, "type", "")) for name, port in ports.items()}

    def may_lack(self, name: str) -> bool:
        """Whether the component declares an input as optional."""
        ports = cast("Mapping[str, Draft]", getattr(self.component, "inputs", {}))
        return bool(getattr(ports.get(name), "optional", False))

    def spec(self) -> dict[str, Any]:
        """The step as a pipeline's YAML says it, its component within or by its name in the workspace."""
        fields = super().spec()
        fields.pop("name", None)
        fields |= {"inputs": plain(self.inputs), "outputs": plain(self.outputs)}
        fields[self.holds] = spec_of(self.component)
        order = dict.fromkeys((*_FIRST, *(name for name in fields if name not in _LAST), *_LAST))
        return {name: fields[name] for name in order if name in fields and fields[name] not in ({}, [], None)}


def put(ports: NodeInputs | NodeOutputs, what: str, given: Mapping[str, object]) -> Problems:
    """Give the ports their values; what is wrong with each, by its path."""
    problems: Problems = ()
    for name, value in given.items():
        try:
            ports[name] = value
        except DraftError as error:
            problems += tuple((f"{what}.{name}.{path}", text) for path, text in error.problems)
        except UnexpectedAttributeError as error:
            problems += ((f"{what}.{name}", f"unknown. {error.resolution}"),)
    return problems


def spec_of(component: str | Draft | None) -> object:
    """A component as a step's YAML says it: that of the workspace by its name, another one whole."""
    if not isinstance(component, Draft):
        return component
    if getattr(component, "id", None):
        return f"azureml:{getattr(component, 'name', '')}:{getattr(component, 'version', '')}"
    return with_places(component.spec())


def with_places(component: dict[str, Any]) -> dict[str, Any]:
    """The same component, its code by a path that does not depend on where one stands."""
    for *above, last in _CODE:
        holder = component.get(above[0]) if above else component
        if isinstance(holder, dict) and isinstance(path := cast("dict[str, Any]", holder).get(last), str):
            holder[last] = _absolute(path)
    return component


def _absolute(path: str) -> str:
    return path if ":" in path.split("/", 1)[0] else os.fspath(Path(path).absolute())
