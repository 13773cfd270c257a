"""What goes into a step of a pipeline and comes out of it, bound or given. Nothing is resolved here."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final, Generic, Self, TypeVar, cast

from pydantic import GetCoreSchemaHandler, PrivateAttr
from pydantic_core import CoreSchema, core_schema

from jupyter_aml.entities.bindings import binding
from jupyter_aml.entities.data import Data
from jupyter_aml.entities.draft import Draft
from jupyter_aml.entities.input_output import Input, LiteralInput, Output
from jupyter_aml.entities.job_draft import plain_input
from jupyter_aml.entities.model import Model
from jupyter_aml.entities.search_space import SweepDistribution
from jupyter_aml.exceptions import UnexpectedAttributeError, UserErrorException

_Port = TypeVar("_Port", "NodeInput", "NodeOutput")
_SETTINGS: Final = ("type", "mode", "path", "name", "version", "description", "path_on_compute")
_OF_BOUND: Final = frozenset({"path", "mode", "type"})
"""What a mapping says of a bound input; one that says more is an `Input`, which knows what there is to say."""


@dataclass(slots=True)
class Place:
    """Where a step is in its pipeline: its key, which is known when the pipeline's function has ended."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class PipelineInput:
    """A parameter of a pipeline while its function runs: to be given to a step. `given` is its value of this call."""

    name: str
    type: str = ""
    given: object = None

    def __str__(self) -> str:
        """As YAML binds it."""
        return f"${{{{parent.inputs.{self.name}}}}}"


class Port(Draft):
    """One input or output of one step: two are the same only if they are one."""

    mode: str | None = None
    _place: Place = PrivateAttr(default_factory=Place)
    _port: str = PrivateAttr(default="")
    _declared: str = PrivateAttr(default="")

    @property
    def port_name(self) -> str:
        return self._port

    def put(self, place: Place, name: str, declared: str) -> None:
        """Say whose it is, and of which type the component declares it."""
        self._place, self._port, self._declared = place, name, declared

    def __eq__(self, other: object) -> bool:
        """Identity: a mapping from outputs to inputs has ports as its keys."""
        return self is other

    def __hash__(self) -> int:
        """Identity too."""
        return id(self)


class NodeOutput(Port):
    """An output of a step: say how it is written, and give it to another step to be read there.

    Keywords as those of `Output`; what is not set is the component's.
    """

    type: str | None = None
    path: str | None = None
    name: str | None = None
    version: str | None = None
    description: str | None = None
    path_on_compute: str | None = None
    bound: str | None = None
    """The pipeline's output that it is."""

    @property
    def kind(self) -> str:
        """Its type: as it was set, else as the component declares it; '' where nobody said."""
        return self.type or self._declared

    def plain(self) -> object:
        """As YAML says it."""
        said = {name: value for name in _SETTINGS if (value := getattr(self, name)) is not None}
        parent = f"${{{{parent.outputs.{self.bound}}}}}"
        if not self.bound:
            return said
        return {"type": self.kind or "uri_folder", **said, "path": parent} if set(said) - {"type"} else parent

    def __str__(self) -> str:
        """As YAML binds it."""
        return f"${{{{parent.jobs.{self._place.name}.outputs.{self._port}}}}}"


class NodeInput(Port):
    """What a step is given: a literal, data, or what is bound to it. `mode` is how data gets there."""

    value: object = None

    @property
    def kind(self) -> str:
        """The type that the component declares; '' where nobody said."""
        return self._declared

    @property
    def type(self) -> str | None:
        """Of what is given, else as the component declares it."""
        return self.value.type if isinstance(self.value, Input | PipelineInput | NodeOutput) else self.kind or None

    @property
    def path(self) -> str | None:
        """Where the data lies, or what it is bound to."""
        if isinstance(self.value, Input):
            return self.value.path
        text = str(self.value)
        return text if binding(text) else None

    def plain(self) -> object:
        """As YAML says it; None where nothing is given."""
        if isinstance(self.value, Input):
            found = plain_input(self.value)
            return {**cast("dict[str, object]", found), "mode": self.mode} if self.mode else found
        if isinstance(self.value, SweepDistribution):
            return self.value.spec()
        text = str(self.value) if isinstance(self.value, NodeOutput | PipelineInput) else self.value
        return {"path": text, "mode": self.mode} if self.mode and binding(text) else text

    def __str__(self) -> str:
        """As YAML names it."""
        return f"${{{{parent.jobs.{self._place.name}.inputs.{self._port}}}}}"


class _Ports(dict[str, _Port], Generic[_Port]):
    """The inputs or outputs of a step by name, as attributes too. What the component does not declare is refused."""

    def __init__(self, place: Place | None = None, declared: Mapping[str, str] | None = None) -> None:
        super().__init__()
        vars(self).update(_place=place or Place(), _declared=declared)
        for name in declared or ():
            self[name] = None

    @staticmethod
    def _made(value: object) -> _Port:
        """The port from what a person may give; its own name is private, or it would hide a port called so."""
        raise NotImplementedError

    def __setitem__(self, name: str, value: object) -> None:
        declared = cast("Mapping[str, str] | None", vars(self)["_declared"])
        if declared is not None and name not in declared:
            raise UnexpectedAttributeError.of(name, declared)
        port = self._made(value)
        port.put(vars(self)["_place"], name, (declared or {}).get(name, ""))
        super().__setitem__(name, port)

    def __setattr__(self, name: str, value: object) -> None:
        self[name] = value

    def __getattr__(self, name: str) -> _Port:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self and vars(self).get("_declared") is None:
            self[name] = None  # what a component of the workspace declares is seen at submit
        if name not in self:
            raise UnexpectedAttributeError.of(name, self)
        return self[name]

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """A copy whose ports are copies, at the copied place."""
        made = type(self)()
        memo[id(self)] = made
        vars(made).update(deepcopy(vars(self), memo))
        for name, port in self.items():
            dict[str, _Port].__setitem__(made, name, deepcopy(port, memo))
        return made

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A mapping to an editor; here the step's own validator makes it."""
        seen = handler.generate_schema(dict[str, Any])
        return core_schema.json_or_python_schema(seen, core_schema.is_instance_schema(cls))


class NodeInputs(_Ports[NodeInput]):
    """The inputs of a step."""

    @staticmethod
    def _made(value: object) -> NodeInput:
        return as_node_input(value)


class NodeOutputs(_Ports[NodeOutput]):
    """The outputs of a step."""

    @staticmethod
    def _made(value: object) -> NodeOutput:
        return as_node_output(value)


def plain(ports: NodeInputs | NodeOutputs) -> dict[str, object]:
    """What was said of a step's inputs or outputs, as YAML says it."""
    said = {name: port.plain() for name, port in ports.items()}
    return {name: value for name, value in said.items() if value is not None and value != {}}


def as_node_input(value: object) -> NodeInput:
    """What a step may be given. UserErrorException for anything else, in Azure's words."""
    match value:
        case None | bool() | int() | float() | str() | NodeOutput() | PipelineInput() | SweepDistribution():
            return NodeInput(value=value)
        case NodeInput():
            return NodeInput(value=value.value, mode=value.mode)
        case Input():
            return NodeInput(value=value.model_copy())
        case Data() | Model():
            return NodeInput(value=Input.of({"type": value.type, "path": f"azureml:{value.name}:{value.version}"}))
        case Mapping():
            return _of_mapping(cast("Mapping[str, object]", value))
        case _ if outputs := outputs_of(value):
            return NodeInput(value=only_one(outputs))
        case _:
            raise UserErrorException(f"only path input is supported now but get {type(value)}: {value}.")


def outputs_of(value: object) -> NodeOutputs | None:
    """The outputs of a step that was given where one of them is meant."""
    found = getattr(value, "outputs", None)
    return found if isinstance(found, NodeOutputs) else None


def only_one(outputs: NodeOutputs, name: str = "") -> NodeOutput:
    """The output of a step that has one. UserErrorException for another."""
    if len(outputs) != 1:
        found = ", ".join(outputs) or "none"
        message = f"Provided input {name} is not a single output node, cannot be used as a node input."
        raise UserErrorException(message.replace("  ", " "), resolution=f"Say which of its outputs: {found}.")
    return next(iter(outputs.values()))


def _of_mapping(given: Mapping[str, object]) -> NodeInput:
    if binding(given.get("path")) and given.keys() <= _OF_BOUND:
        return NodeInput.of({"value": given["path"], "mode": given.get("mode")})
    return NodeInput(value=Input.of(given))


def as_node_output(value: object) -> NodeOutput:
    """What may be said of a step's output."""
    match value:
        case None:
            return NodeOutput()
        case Output() | NodeOutput():
            said = {name: getattr(value, name) for name in _SETTINGS}
            return NodeOutput.of({name: given for name, given in said.items() if given is not None})
        case str() if (found := binding(value)) and found.kind == "output":
            return NodeOutput(bound=found.name)
        case Mapping():
            given = {str(name): said for name, said in cast("Mapping[object, object]", value).items()}
            found = binding(given.get("path"))
            if found and found.kind == "output":
                given = {name: said for name, said in given.items() if name != "path"} | {"bound": found.name}
            return NodeOutput.of(given)
        case _:
            raise UserErrorException(f"An output is an Output or a mapping; found {type(value).__name__}.")


def literal_of(value: object) -> LiteralInput | None:
    """A value that is a literal; None for any other."""
    return value if isinstance(value, bool | int | float | str) and not binding(value) else None
