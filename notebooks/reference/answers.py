"""Whether this package takes what Azure's SDKs show: our own objects are asked, nothing is called."""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import Any, Final, get_type_hints

from jupyter_aml.client.absent import ABSENT as ABSENT_GROUPS
from jupyter_aml.client.absent import AbsentCall
from jupyter_aml.emulation.names import home_of
from jupyter_aml.entities.draft import Draft
from notebooks.reference.facts import Fact
from notebooks.reference.kinds import Schema, schema

TAKEN: Final = ""
REFUSED: Final = "refused"
OF_KIND: Final = {
    "pipelineJob": ("job", "PipelineJob"), "commandJob": ("job", "Command"), "sweepJob": ("job", "SweepJob"),
    "commandComponent": ("component", "CommandComponent"), "pipelineComponent": ("component", "PipelineComponent"),
    "data": ("data", "Data"), "environment": ("environment", "Environment"), "model": ("model", "Model"),
    "workspace": ("workspace", "Workspace"), "schedule": ("schedule", "JobSchedule"), "connection": ("connection", ""),
    "amlCompute": ("compute", "AmlCompute"), "computeInstance": ("compute", "ComputeInstance"),
    "vmCompute": ("compute", "VirtualMachineCompute"), "sparkCompute": ("compute", "SynapseSparkCompute"),
    "datastoreAzureBlob": ("datastore", "AzureBlobDatastore"),
    "datastoreAzureFile": ("datastore", "AzureFileDatastore"),
    "datastoreAdlsGen1": ("datastore", "AzureDataLakeGen1Datastore"),
    "datastoreAdlsGen2": ("datastore", "AzureDataLakeGen2Datastore"),
}  # fmt: skip
"""Kind of public YAML → our schema, and the part of it that is such a file ('' for any part)."""
NOT_BUILT: Final = {
    "autoMLJob": "AutoML jobs", "batchDeployment": "batch endpoints", "batchEndpoint": "batch endpoints",
    "batchInvokeInputs": "batch endpoints", "dataImport": "data imports", "dataIndex": "indexes",
    "distillationJob": "distillation jobs", "featureSet": "feature stores", "featureStore": "feature stores",
    "featureStoreEntity": "feature stores", "finetuningJob": "fine-tuning jobs",
    "modelBatchDeployment": "batch endpoints", "modelPackage": "model packages",
    "onlineDeployment": "online endpoints", "onlineEndpoint": "online endpoints",
    "pipelineComponentBatchDeployment": "batch endpoints", "registry": "registries",
    "serverlessEndpoint": "serverless endpoints", "sparkComponent": "Spark jobs", "sparkJob": "Spark jobs",
}  # fmt: skip
"""Kind of public YAML → the feature that it belongs to."""
FIELDS_NOT_BUILT: Final = {"create_monitor": "schedules of monitors", "import_data": "schedules of imports of data"}
"""Field of a schedule → the feature that its loader names."""
FOLDED: Final = {
    "CommandComponent": ("instance_count",),
    "ParallelComponent": ("instance_count",),
    "PrivateEndpointDestination": ("service_resource_id", "subresource_target", "spark_enabled"),
    "ServiceTagDestination": ("protocol", "port_ranges", "service_tag", "address_prefixes"),
}
"""What drafts take besides their fields, and make part of one."""
ANY: Final = ("**",)
OF_OPTIONS: Final = ("jupyter_aml.client.jobs",)
"""Rooms that define the options of other rooms' calls."""
SAID_BUT_NOT_BUILT: Final = {"azure.ai.ml:MLClient(registry_name)": "registries"}
"""Keywords that are known only to name the feature that is not here."""


def answer(fact: Fact) -> str:
    """TAKEN, REFUSED, or the feature that is not here and that this belongs to."""
    if fact.sort == "field":
        absent = NOT_BUILT.get(fact.group) or FIELDS_NOT_BUILT.get(fact.top)
        return absent or (TAKEN if _has_field(fact) else REFUSED)
    if feature := SAID_BUT_NOT_BUILT.get(fact.key) or _feature(fact):
        return feature
    found = value_of(fact.group, fact.name)
    if found is None:
        return REFUSED
    if isinstance(found, AbsentCall):
        return found.feature
    return TAKEN if not fact.keyword or takes(found, fact.keyword) else REFUSED


def _feature(fact: Fact) -> str:
    """What is not built of Azure's by its name, or by its group of operations."""
    parts = fact.name.split(".")
    if parts[0] == "MLClient" and len(parts) > 2:
        return ABSENT_GROUPS.get(parts[1], "")
    home = home_of(fact.group)
    return home.feature_of(parts[0]) if home and not home.room_of(parts[0]) else ""


@cache
def value_of(module: str, path: str) -> Any:  # noqa: ANN401 - any object of ours
    """What answers to that name; None when nothing does."""
    home = home_of(module)
    name, *rest = path.split(".")
    room = home.room_of(name) if home else ""
    if not home or not room:
        return None
    value = getattr(import_module(room), home.renamed.get(name, name))
    if name == "MLClient" and len(rest) > 1:
        value = _group(rest.pop(0))
    for part in rest:
        fields = value.model_fields if isinstance(value, type) and issubclass(value, Draft) else {}
        value = getattr(value, part, fields.get(part))
    return value


def _group(name: str) -> Any:  # noqa: ANN401 - a class of operations, or None
    client = import_module("jupyter_aml.client")
    room, _, kind = client._ROOMS.get(name, "").partition(".")  # noqa: SLF001 - the client's own table of its groups
    return getattr(import_module(f"jupyter_aml.client.{room}"), kind) if room else None


def order(fact: Fact) -> list[str]:
    """The keywords of the call that a fact is about, as they may be given by place."""
    called = value_of(fact.group, fact.name) if fact.keyword else None
    return [each for each in keywords(called) if each != "self"] if callable(called) else []


def takes(called: Callable[..., object], keyword: str) -> bool:
    """Whether a call may say that keyword."""
    return callable(called) and not {keyword, *ANY}.isdisjoint(keywords(called))


def keywords(called: Callable[..., object]) -> Iterator[str]:
    """Every keyword of a call, those of its `**options: Unpack[...]` too; ANY where every one is taken.

    A draft takes its fields, and what its constructor names besides.
    """
    is_draft = inspect.isclass(called) and issubclass(called, Draft)
    for each in inspect.signature(called.__init__ if is_draft else called).parameters.values():
        if each.kind is not each.VAR_KEYWORD:
            yield each.name
        elif not is_draft:
            yield from _options(called, str(each.annotation))
    if inspect.isclass(called) and issubclass(called, Draft):
        yield from (*called.model_fields, *FOLDED.get(called.__name__, ()))


def _options(called: Callable[..., object], annotation: str) -> Iterable[str]:
    """The keywords of a mapping type by its name; ANY where none is named."""
    named = re.search(r"Unpack\[(?:[\w.]*\.)?(\w+)\]", annotation)
    rooms = (inspect.getmodule(called), *map(import_module, OF_OPTIONS))
    return get_type_hints(next(getattr(room, named[1]) for room in rooms if hasattr(room, named[1]))) if named else ANY


def _has_field(fact: Fact) -> bool:
    kind, part = OF_KIND[fact.group]
    known = schema(kind)["$defs"]
    ways = [known[part]] if part else [*_ways(schema(kind), known)]
    for step in fact.name.replace("[]", ".[]").split("."):
        ways = [below for way in ways for below in _below(way, step, known)]
    return bool(ways)


def _below(part: Schema, step: str, known: Schema) -> Iterator[Schema]:
    """What may stand at a step below a part."""
    for way in _ways(part, known):
        more = way.get("additionalProperties", "type" not in way and "properties" not in way)
        found = way.get("items") if step == "[]" else way.get("properties", {}).get(step, more)
        if found is not None and found is not False and (step == "[]" or way.get("type", "object") == "object"):
            yield found if isinstance(found, dict) else {}


def _ways(part: Schema, known: Schema) -> Iterator[Schema]:
    if "$ref" in part:
        yield from _ways(known[str(part["$ref"]).rpartition("/")[2]], known)
    elif choice := part.get("anyOf") or part.get("oneOf"):
        for way in choice:
            yield from _ways(way, known)
    else:
        yield part
