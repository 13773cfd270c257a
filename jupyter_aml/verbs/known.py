"""The names that may stand at a place: what Tab offers, in the notebook and the terminal. Reads only."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from jupyter_aml.entities.status import JobStatus
from jupyter_aml.verbs.option import Option

if TYPE_CHECKING:
    from jupyter_aml.entities.asset_record import AssetKind
    from jupyter_aml.operations.workspaces import Workspace

Source: TypeAlias = "Callable[[Workspace], Iterable[str]]"
MOST: Final = 50
NEWEST: Final = "@latest"


def values(workspace: "Workspace", option: Option, word: str, name: str = "") -> Iterable[str]:
    """What may be the value of an option; `name` is the thing's name where it stands already."""
    if option.choices:
        return option.choices
    if option.known in {"path", "file", "folder"}:
        return paths(word, files=option.known != "folder")
    if option.known == "version":
        return versions(workspace, _kind(option), name)
    return SOURCES.get(option.known, _nothing)(workspace)


def references(workspace: "Workspace", known: str, word: str) -> Iterable[str]:
    """Names as a magic's bare word may say them: once there is a `:` or `@`, with their versions or label."""
    name, colon, _ = word.partition(":")
    if known in ASSETS and colon:
        return [f"{name}:{version}" for version in versions(workspace, ASSETS[known], name)]
    if known in ASSETS and "@" in word:
        return [f"{found}{NEWEST}" for found in _assets(workspace, ASSETS[known])]
    return SOURCES.get(known, _nothing)(workspace)


def versions(workspace: "Workspace", kind: "AssetKind | None", name: str) -> Iterable[str]:
    """The versions of one asset, newest first."""
    from jupyter_aml.operations import names

    return names.versions(workspace, kind, name, MOST) if kind and name else []


def paths(word: str, *, files: bool) -> list[str]:
    """What `word` may become, as a shell would complete it."""
    parent = word.rpartition("/")[0] + "/" if "/" in word else ""
    found = [path for path in Path(parent or ".").expanduser().iterdir() if files or path.is_dir()]
    return sorted(f"{parent}{path.name}{'/' if path.is_dir() else ''}" for path in found)


def _kind(option: Option) -> "AssetKind | None":
    return ASSETS.get(option.of)


def _nothing(workspace: "Workspace") -> Iterable[str]:
    del workspace
    return ()


def _assets(workspace: "Workspace", kind: "AssetKind") -> Iterable[str]:
    from jupyter_aml.operations import names

    return names.assets(workspace, kind)


def _environments(workspace: "Workspace") -> Iterable[str]:
    return [f"{name}{NEWEST}" for name in _assets(workspace, "environment")]


def _computes(workspace: "Workspace") -> Iterable[str]:
    from jupyter_aml.operations import names

    return names.computes(workspace)


def _sizes(workspace: "Workspace") -> Iterable[str]:
    from jupyter_aml.operations import vm_sizes

    return [size.name for size in vm_sizes.sizes(workspace)]


def _targets(workspace: "Workspace") -> Iterable[str]:
    from jupyter_aml.operations import names

    return names.computes(workspace, hidden=True)


def _datastores(workspace: "Workspace") -> Iterable[str]:
    from jupyter_aml.operations import names

    return names.datastores(workspace)


def _connections(workspace: "Workspace") -> Iterable[str]:
    from jupyter_aml.operations import names

    return names.connections(workspace)


def _schedules(workspace: "Workspace") -> Iterable[str]:
    from jupyter_aml.operations import names

    return names.schedules(workspace)


def _secrets(workspace: "Workspace") -> Iterable[str]:
    from jupyter_aml.operations import secrets

    return [found.name for found in secrets.records(workspace)]


def _roles(workspace: "Workspace") -> Iterable[str]:
    from jupyter_aml.operations import roles

    return [role.name for role in roles.definitions(workspace)]


def _principals(workspace: "Workspace") -> Iterable[str]:
    from jupyter_aml.operations import roles

    return sorted({given.principal for given in roles.assignments(workspace)})


def _workspaces(workspace: "Workspace") -> Iterable[str]:
    from jupyter_aml.operations import workspace_catalog

    here = workspace.id
    return [found.name for found, _ in workspace_catalog.every(here.subscription_id, here.resource_group)]


def _groups(workspace: "Workspace") -> Iterable[str]:
    from jupyter_aml.operations import groups

    return [group.name for group in groups.every(workspace)]


def _jobs(workspace: "Workspace") -> Iterable[str]:
    from jupyter_aml.operations import names

    return names.jobs(workspace, MOST)


def _sweeps(workspace: "Workspace") -> Iterable[str]:
    from jupyter_aml.operations import names

    return names.jobs(workspace, MOST, "sweep")


def _pipelines(workspace: "Workspace") -> Iterable[str]:
    from jupyter_aml.operations import names

    return names.jobs(workspace, MOST, "pipeline")


def _experiments(workspace: "Workspace") -> Iterable[str]:
    from jupyter_aml.operations import names

    return names.experiments(workspace)


def _statuses(workspace: "Workspace") -> Iterable[str]:
    del workspace
    return list(JobStatus)


ASSETS: "Final[Mapping[str, AssetKind]]" = {
    "data": "data", "model": "model", "component": "component", "environment": "environment",
}  # fmt: skip
SOURCES: Final[Mapping[str, Source]] = {
    "data": lambda workspace: _assets(workspace, "data"),
    "model": lambda workspace: _assets(workspace, "model"),
    "component": lambda workspace: _assets(workspace, "component"),
    "environment": lambda workspace: _assets(workspace, "environment"),
    "environment reference": _environments,
    "compute": _computes,
    "compute target": _targets,
    "size": _sizes,
    "datastore": _datastores,
    "connection": _connections,
    "schedule": _schedules,
    "secret": _secrets,
    "role": _roles,
    "principal": _principals,
    "workspace": _workspaces,
    "group": _groups,
    "job": _jobs,
    "sweep": _sweeps,
    "pipeline": _pipelines,
    "experiment": _experiments,
    "status": _statuses,
}
"""Whose names: what an option's `known` says."""
