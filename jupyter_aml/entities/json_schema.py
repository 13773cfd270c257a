"""JSON Schema of each kind's YAML, made from the drafts. `python -m jupyter_aml.entities.json_schema FOLDER` writes it.

The files in `jupyter_aml/schemas` are what this module makes: an editor offers their fields and marks what is wrong.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from jupyter_aml.entities.attached_compute import COMPUTES
from jupyter_aml.entities.component import COMPONENTS, CommandComponent
from jupyter_aml.entities.connection import CONNECTIONS, PLAIN_TYPES, WorkspaceConnection
from jupyter_aml.entities.control_flow import IfElse, ParallelFor
from jupyter_aml.entities.credentials import EVERY_KIND, OF_JOBS
from jupyter_aml.entities.data import Data
from jupyter_aml.entities.datastore import DATASTORES, AzureBlobDatastore, Datastore
from jupyter_aml.entities.draft import Draft, Mark
from jupyter_aml.entities.environment import Environment, InferenceConfig
from jupyter_aml.entities.fields import Choice
from jupyter_aml.entities.input_output import Input, Output
from jupyter_aml.entities.job import Command
from jupyter_aml.entities.managed_network import RULES, OutboundRule
from jupyter_aml.entities.model import Model
from jupyter_aml.entities.nodes import NODES
from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.entities.schedule import ExistingJob, JobSchedule
from jupyter_aml.entities.search_space import DISTRIBUTIONS, SweepDistribution
from jupyter_aml.entities.step import Node, Step
from jupyter_aml.entities.sweep_job import SweepJob
from jupyter_aml.entities.sweep_settings import ALGORITHMS, POLICIES, EarlyTerminationPolicy, SamplingAlgorithm
from jupyter_aml.entities.trigger import CronTrigger, RecurrenceTrigger, Trigger
from jupyter_aml.entities.workspace_resource import Workspace

Schema: TypeAlias = dict[str, Any]  # Any: JSON
KINDS: Final[Mapping[str, tuple[type[Draft], ...]]] = {
    "component": tuple(dict.fromkeys(COMPONENTS.values())),
    "compute": tuple(COMPUTES.values()),
    "connection": tuple(dict.fromkeys(CONNECTIONS.values())),
    "data": (Data,),
    "datastore": tuple(DATASTORES.values()),
    "environment": (Environment,),
    "job": (Command, SweepJob, PipelineJob),
    "model": (Model,),
    "schedule": (JobSchedule,),
    "workspace": (Workspace,),
}
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_WITHOUT_TYPE: Final = (AzureBlobDatastore, Command, CommandComponent)
"""What a YAML without a type is."""
_BOUND: Final = r"^\s*\$\{\{\s*parent\."
_INLINE: Final = {"CommandNode": ("command", "code", "is_deterministic"), "Parallel": ("is_deterministic",)}
"""What a step may say besides, when it names no component."""
_TYPED: Final = (Trigger, OutboundRule, SweepDistribution, SamplingAlgorithm, EarlyTerminationPolicy)
"""What its YAML tells apart by a type, wherever it stands."""


def text_of(kind: str) -> str:
    """The JSON Schema of a kind, as it is published."""
    return json.dumps(schema_of(kind), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def schema_of(kind: str) -> Schema:
    """What a YAML of this kind may say. KeyError for an unknown kind."""
    drafts = KINDS[kind]
    wished: list[tuple[type[BaseModel], JsonSchemaMode]] = [(draft, "validation") for draft in drafts]
    refs, made = models_json_schema(wished, schema_generator=_generator(drafts))
    ways = list(refs.values())
    return {
        "$schema": _DIALECT,
        "$id": f"{kind}.schema.json",
        "title": f"{kind} YAML",
        **(ways[0] if len(ways) == 1 else {"anyOf": ways}),
        "$defs": made["$defs"],
    }


def _generator(tops: Sequence[type[Draft]]) -> type[GenerateJsonSchema]:
    """A generator that knows which drafts are the file itself."""

    class Generator(_Generator):
        files = frozenset(tops)

    return Generator


class _Generator(GenerateJsonSchema):
    """pydantic's generator, less nulls and titles, plus what our validators know."""

    files: frozenset[type[Draft]] = frozenset()

    def field_title_should_be_set(self, schema: object) -> bool:
        del schema
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        return {name: value for name, value in made.items() if name != "default" or value is not None}

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        draft = schema["cls"]
        return self._as_written(draft, made) if issubclass(draft, Draft) else made

    def _as_written(self, draft: type[Draft], made: JsonSchemaValue) -> JsonSchemaValue:
        """A draft's schema as its YAML is: what only a returned one has is gone, what YAML must say is required."""
        hidden = {
            name for name, field in draft.model_fields.items() if {Mark.READ_ONLY, Mark.DERIVED} & set(field.metadata)
        }
        properties = {name: part for name, part in made["properties"].items() if name not in hidden}
        properties |= self._known(draft, set(properties))
        required = {*made.get("required", ()), *self._must(draft)}
        if draft in self.files:
            properties["$schema"] = {"type": "string"}
        kept = {name: part for name, part in made.items() if name not in {"required", "title"}}
        return kept | {"properties": properties} | ({"required": sorted(required)} if required else {})

    def _must(self, draft: type[Draft]) -> set[str]:
        """What YAML must say; one of several kinds in a file is told by its type."""
        if draft.stands_alone and draft not in self.files:
            return set()
        told = len(self.files) > 1 and draft in self.files and draft not in _WITHOUT_TYPE
        typed = {"type"} if told or issubclass(draft, _TYPED) else set[str]()
        target = {"target"} if draft is WorkspaceConnection else set[str]()
        return {*draft.yaml_requires, *typed, *target}

    def _known(self, draft: type[Draft], names: set[str]) -> Schema:
        """The fields whose kinds our own validators choose."""
        if issubclass(draft, Datastore):
            return {"credentials": self._any_of(*draft.takes)}
        if issubclass(draft, WorkspaceConnection) and "credentials" in names:
            known = {"type": {"type": "string", "enum": [*PLAIN_TYPES]}} if draft is WorkspaceConnection else {}
            ways = self._any_of(*(draft.takes or EVERY_KIND))
            return known | {"credentials": {**ways, "required": ["type"]}}
        if issubclass(draft, PipelineJob):
            steps = {"type": "object", "additionalProperties": self._any_of(*NODES.values())}
            return self._given() | {"jobs": steps, "component": {"anyOf": [{"type": "string"}, {"type": "object"}]}}
        return self._step(draft) if issubclass(draft, Step) else self._chosen(draft.__name__)

    def _step(self, draft: type[Step]) -> Schema:
        """A step: what it is given may be bound, and what runs may stand in a file, in the workspace or here."""
        bound = {"type": "string", "pattern": _BOUND}
        if not issubclass(draft, Node):
            return self._flow(draft, bound)
        place = {"type": "object", "properties": {"path": bound, "mode": {"type": "string"}}, "required": ["path"]}
        given = {"anyOf": [self._any_of(Input), {"type": ["string", "number", "boolean"]}, place]}
        made = {"anyOf": [self._any_of(Output), bound, place, {"type": "null"}]}
        ports = {"inputs": given, "outputs": made}
        objects = {name: {"type": "object", "additionalProperties": below} for name, below in ports.items()}
        runs = {"anyOf": [{"type": "string"}, {"type": "object"}]}
        known = objects | {draft.holds: runs, "identity": {**self._any_of(*OF_JOBS), "required": ["type"]}}
        inline = dict.fromkeys(_INLINE.get(draft.__name__, ()), True)
        return known | inline | (self._swept("SweepNode") if draft.holds == "trial" else {})

    def _flow(self, draft: type[Step], bound: Schema) -> Schema:
        """A step that repeats others or decides about them."""
        if draft is IfElse:
            steps = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
            return {"condition": {"type": ["string", "boolean"]}, "true_block": steps, "false_block": steps}
        if draft is not ParallelFor:
            return {"body": {"type": "string"}}
        items = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "object"}}, {"type": "object"}]}
        made = {"anyOf": [self._any_of(Output), bound, {"type": "null"}]}
        return {
            "body": {"type": "string"},
            "items": items,
            "max_concurrency": {"type": "integer", "minimum": 1},
            "outputs": {"type": "object", "additionalProperties": made},
        }

    def _chosen(self, draft: str) -> Schema:
        match draft:
            case "ComputeStartStopSchedule" | "JobSchedule":
                return self._due(draft)
            case "ManagedNetwork":
                return {"outbound_rules": {"type": "array", "items": self._any_of(*RULES.values())}}
            case "Environment":
                return {"inference_config": self._any_of(InferenceConfig)}
            case "Command" | "ExistingJob":
                return self._given()
            case "Choice" | "SweepJob":
                return self._swept(draft)
            case _:
                return {}

    def _due(self, draft: str) -> Schema:
        """A trigger; of a schedule of jobs, the job too."""
        trigger = {"trigger": self._any_of(CronTrigger, RecurrenceTrigger)}
        if draft != "JobSchedule":
            return trigger
        inline = [{"type": "object", "required": [runs]} for runs in ("jobs", "component")]
        ways = [{"type": "string"}, self._any_of(ExistingJob), *inline]
        return {**trigger, "create_job": {"anyOf": ways}}

    def _swept(self, draft: str) -> Schema:
        if draft == "Choice":
            return {"values": {"type": "array", "items": self._value()}}
        words = {"type": "string", **Choice(*ALGORITHMS).json_schema()}
        space = {"type": "object", "additionalProperties": self._any_of(*DISTRIBUTIONS.values())}
        algorithms = {"anyOf": [words, self._any_of(*ALGORITHMS.values())]}
        policies = self._any_of(*POLICIES.values())
        chosen = {"search_space": space, "sampling_algorithm": algorithms, "early_termination": policies}
        return chosen if draft == "SweepNode" else self._given() | chosen

    def _value(self) -> Schema:
        """What a choice is among: a scalar, or a mapping whose items may be distributions, a choice again too."""
        scalar = {"type": ["string", "number", "boolean"]}
        itself = self.get_cache_defs_ref_schema(cast("Any", DISTRIBUTIONS["choice"]).__pydantic_core_schema__["ref"])[1]
        others = self._any_of(*(kind for name, kind in DISTRIBUTIONS.items() if name != "choice"))
        return {"anyOf": [scalar, {"type": "object", "additionalProperties": {"anyOf": [scalar, others, itself]}}]}

    def _given(self) -> Schema:
        """A job's inputs, outputs and identity."""
        given = {"anyOf": [self._any_of(Input), {"type": ["string", "number", "boolean"]}]}
        made = {"anyOf": [self._any_of(Output), {"type": "null"}]}
        named = {"inputs": given, "outputs": made}
        objects = {name: {"type": "object", "additionalProperties": below} for name, below in named.items()}
        return objects | {"identity": {**self._any_of(*OF_JOBS), "required": ["type"]}}

    def _any_of(self, *drafts: type[Draft]) -> Schema:
        ways = [self.generate_inner(cast("Any", draft).__pydantic_core_schema__) for draft in drafts]
        return ways[0] if len(ways) == 1 else {"anyOf": ways}


def main(folder: str) -> None:
    """Write the schemas of all kinds into a folder."""
    for kind in KINDS:
        Path(folder, f"{kind}.schema.json").write_text(text_of(kind), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
