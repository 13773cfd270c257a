"""A job's YAML as SDK v2 would be told it: `command(…)`, `SweepJob(…)`, `load_job(…)`. Text; nothing is run here."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias, cast

from jupyter_aml.entities.draft import to_yaml
from jupyter_aml.entities.job_record import Spec
from jupyter_aml.entities.python_text import Call, imports, source
from jupyter_aml.entities.workspace import WorkspaceId

Fields: TypeAlias = dict[str, Any]

_FRONT: Final = "jupyter_aml"
_ENTITIES: Final = "jupyter_aml.entities"
_SWEEP: Final = "jupyter_aml.sweep"
_SPACES: Final = {
    name.lower(): name
    for name in (
        "Choice", "Randint", "Uniform", "QUniform", "LogUniform", "QLogUniform", "Normal", "QNormal", "LogNormal",
        "QLogNormal",
    )
}  # fmt: skip
_SAMPLERS: Final = {
    "random": "RandomSamplingAlgorithm", "grid": "GridSamplingAlgorithm", "bayesian": "BayesianSamplingAlgorithm",
}  # fmt: skip
_POLICIES: Final = {
    "bandit": "BanditPolicy", "median_stopping": "MedianStoppingPolicy",
    "truncation_selection": "TruncationSelectionPolicy",
}  # fmt: skip


def program(spec: Spec, workspace: WorkspaceId) -> str:
    """A program that submits the job to that workspace."""
    where = {
        "credential": "local", "subscription_id": workspace.subscription_id,
        "resource_group_name": workspace.resource_group, "workspace_name": workspace.name,
    }  # fmt: skip
    client, known = Call(_FRONT, "MLClient", where), f"ml_client = {source(Call(_FRONT, 'MLClient', where))}\n"
    if spec["type"] == "pipeline":
        head = f"from io import StringIO\n\n{imports(client, Call(_FRONT, 'load_job', {}))}"
        made = f'YAML = """\\\n{_in_quotes(to_yaml(spec))}"""\njob = load_job(StringIO(YAML))\n'
    else:
        job = _command(spec) if spec["type"] == "command" else _sweep(spec)
        head, made = imports(client, job), f"job = {source(job)}\n"
    return f"{head}\n{known}{made}submitted = ml_client.jobs.create_or_update(job)\nprint(submitted.name)\n"


def _in_quotes(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def _command(spec: Spec) -> Call:
    """What `command()` takes: resources, limits and queue settings are keywords of their own."""
    given = {
        name: value for name, value in spec.items() if name not in {"type", "resources", "limits", "queue_settings"}
    }
    flat = {**_part(spec, "resources"), **_part(spec, "limits"), **_part(spec, "queue_settings")}
    return Call(_FRONT, "command", {**_ports(given), **flat})


def _sweep(spec: Spec) -> Call:
    given: Fields = {name: value for name, value in spec.items() if name != "type"}
    given["trial"] = _command({"type": "command", **_part(spec, "trial")})
    given["search_space"] = {name: _space(one) for name, one in _part(spec, "search_space").items()}
    for field, kind in (("objective", "Objective"), ("limits", "SweepJobLimits")):
        if field in spec:
            given[field] = Call(_SWEEP, kind, spec[field])
    for field, kinds in (("sampling_algorithm", _SAMPLERS), ("early_termination", _POLICIES)):
        if isinstance(spec.get(field), Mapping):
            given[field] = _kind_of(spec[field], kinds)
    return Call(_SWEEP, "SweepJob", _ports(given))


def _space(spec: Spec) -> Call:
    return _kind_of(spec, _SPACES)


def _kind_of(spec: Spec, kinds: Mapping[str, str]) -> Call:
    """The class that a `type` stands for, with the rest as its keywords."""
    return Call(_SWEEP, kinds[spec["type"]], {name: value for name, value in spec.items() if name != "type"})


def _ports(given: Spec) -> Fields:
    """The fields with their inputs, outputs and environment as what they are in Python."""
    made: Fields = dict(given)
    for field, kind in (("inputs", "Input"), ("outputs", "Output")):
        if field in made:
            made[field] = {name: _of(_FRONT, kind, one) for name, one in _part(given, field).items()}
    if "environment" in made:
        made["environment"] = _of(_ENTITIES, "Environment", made["environment"])
    return made


def _of(module: str, kind: str, value: object) -> object:
    return Call(module, kind, cast("Spec", value)) if isinstance(value, Mapping) else value


def _part(spec: Spec, name: str) -> Spec:
    return cast("Spec", spec.get(name) or {})
