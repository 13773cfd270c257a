"""Environments: named, versioned, resolved to an interpreter or to the plan of one. Nothing is built here."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from jupyter_aml.entities.asset_record import AssetName, AssetRecord
from jupyter_aml.entities.curated import CURATED, KERNEL, has_version
from jupyter_aml.entities.environment import Environment
from jupyter_aml.entities.environment_build import EnvironmentPlan
from jupyter_aml.exceptions import ResourceNotFoundError, UnsupportedFieldError, ValidationException, did_you_mean
from jupyter_aml.operations import access, environment_plans, stand_ins
from jupyter_aml.operations import assets as versioned
from jupyter_aml.operations.assets import Wanted
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import assets

_REFERENCE: Final = re.compile(
    r"(?:azureml:)?(?:/subscriptions/.+/environments/|//registries/[^/]+/environments/)?(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)"
    r"(?:(?::|/versions/)(?P<version>[^/@:]+)|(?:@|/labels/)(?P<label>[^/@:]+))?"
)
_CONTENT: Final = ("image", "conda_file", "build", "os_type", "inference_config")
ANONYMOUS: Final = "CliV2AnonymousEnvironment"
own_interpreter = environment_plans.own_interpreter


@dataclass(frozen=True, slots=True)
class Resolved:
    """An environment found: its full reference, its interpreter, what to know about that, and how it is built.

    A `plan` without a target: the interpreter is there. `variables` are the environment's own.
    """

    reference: str
    interpreter: str
    note: str = ""
    plan: EnvironmentPlan = field(default_factory=EnvironmentPlan)
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


def resolve(workspace: Workspace, wanted: str | Environment | None) -> Resolved:
    """The interpreter for what a job names: a reference, a draft, or nothing (the kernel's own).

    Raises ResourceNotFoundError with the nearest name, ValidationException for a reference without a version,
    UnsupportedFieldError for a specification that cannot be built here.
    """
    if wanted is None:
        return Resolved(f"{KERNEL}:1", own_interpreter())
    if isinstance(wanted, Environment):
        return _resolved(workspace, _reference(workspace, wanted), wanted)
    record = find(workspace, wanted)
    return _resolved(workspace, f"{record.name}:{record.version}", Environment.of(record.spec))


def _reference(workspace: Workspace, wanted: Environment) -> str:
    """What to call an Environment given whole: its registered version if it is one, else the hash of its content."""
    content = _content_hash(wanted)
    known = versions(workspace, wanted.name) if wanted.name else ()
    for record in known:
        if record.version == wanted.version and _content_hash(Environment.of(record.spec)) == content:
            return f"{record.name}:{record.version}"
    _check_made_of(wanted)
    return f"{wanted.name or ANONYMOUS}:{content}"


def lookup(workspace: Workspace, name: str, version: str | None, label: str | None) -> AssetRecord:
    """One version, by number or by label; curated ones too. ValidationException unless exactly one is given."""
    access.require(workspace, "environments/versions/read", f"environments/{name}")
    if curated := _curated(name, version) if label in {None, versioned.LATEST} and (version or label) else None:
        return curated
    return versioned.get(workspace, "environment", name, version, label)


def names(workspace: Workspace, *, archived: bool | None = False) -> Iterator[AssetName]:
    """One row a name: the user's own, newest first, then the curated ones, which are never archived."""
    own = versioned.names(workspace, "environment", archived=archived)
    shown = () if archived else CURATED.items()
    return chain(own, (AssetName("environment", name, fields["version"], 0) for name, fields in shown))


def find(workspace: Workspace, reference: str) -> AssetRecord:
    """The version that `name:version`, `name@latest` or a registry URI means."""
    parsed = _REFERENCE.fullmatch(reference)
    if parsed is None:
        message = f"environment: '{reference}' is not a reference."
        raise ValidationException(message, resolution="Use 'name:version', 'name@latest' or 'azureml:name:version'.")
    name, version, label = parsed["name"], parsed["version"], parsed["label"]
    access.require(workspace, "environments/versions/read", f"environments/{name}")
    if name not in all_names(workspace):
        message = f"Not found environment with name '{name}' in this workspace."
        raise ResourceNotFoundError(message, resolution=did_you_mean(name, all_names(workspace)))
    if version is None and label is None:
        message = f"environment: '{reference}' names no version."
        raise ValidationException(
            message, resolution=f"Use '{name}@latest' or '{name}:{_newest(workspace, name).version}'."
        )
    if label not in {None, "latest"}:
        message = f"Asset {name} with version label {label} does not exist in this workspace."
        raise ResourceNotFoundError(message, resolution="The one label is 'latest'.")
    return get(workspace, name, version) if version else _newest(workspace, name)


def get(workspace: Workspace, name: str, version: str) -> AssetRecord:
    """That version of that environment."""
    access.require(workspace, "environments/versions/read", f"environments/{name}/versions/{version}")
    found = assets.get(workspace.database, "environment", name, version) or _curated(name, version)
    if found is None:
        message = f"Not found environment '{name}' with version '{version}' in this workspace."
        raise ResourceNotFoundError(message, resolution=did_you_mean(name, all_names(workspace)))
    return found


def all_names(workspace: Workspace) -> list[str]:
    """The user's environments, newest first, then the curated ones."""
    access.require(workspace, "environments/read", "environments")
    own = [found.name for found in assets.names(workspace.database, "environment")]
    return [*own, *(name for name in CURATED if name not in own)]


def versions(workspace: Workspace, name: str, *, archived: bool | None = False) -> Iterator[AssetRecord]:
    """All versions of one name, newest first; the one of a curated name."""
    access.require(workspace, "environments/versions/read", f"environments/{name}")
    yield from assets.select(workspace.database, "environment", name, archived=archived)
    if curated := _curated(name, None):
        yield curated


def create(workspace: Workspace, draft: Environment) -> AssetRecord:
    """Register a version; the same content again is the same version, described anew (§6).

    Raises ValidationException for a name or specification that cannot be, before anything is stored.
    """
    access.require(workspace, "environments/versions/write", f"environments/{draft.name}")
    name = versioned.check_named("environment", draft.name or "", draft.version)
    if name.startswith("AzureML-") or name in CURATED:
        raise ValidationException(f"'{name}' is reserved for curated environments.", resolution="Choose another name.")
    _check_made_of(draft)
    fields = draft.model_dump(exclude_none=True, exclude_defaults=True, exclude={"id", "latest_version"})
    wanted = Wanted("environment", name, draft.version, fields, _content_hash(draft), repeats=True)
    return versioned.register(workspace, wanted, _conflict)


def _conflict(found: AssetRecord) -> ValidationException:
    message = f"Environment '{found.name}' has a version '{found.version}' already; versions never change."
    return ValidationException(message, resolution="Leave the version out to get the next one.")


def _check_made_of(draft: Environment) -> None:
    if not draft.image and not draft.build:
        raise ValidationException("Docker image or Dockerfile is required for environments.", resolution="Give image=.")
    if draft.image and draft.build:
        raise ValidationException("Docker image or Dockerfile should be provided, not both.")


def _newest(workspace: Workspace, name: str) -> AssetRecord:
    found = assets.latest(workspace.database, "environment", name) or _curated(name, None)
    if found is None:
        raise ResourceNotFoundError(f"Not found environment with name '{name}' in this workspace.")
    return found


def _curated(name: str, version: str | None) -> AssetRecord | None:
    fields = CURATED.get(name)
    if fields is None or not (version is None or has_version(name, version)):
        return None
    named = {"name": name, **fields, "version": version or fields["version"]}
    return AssetRecord("environment", name, named["version"], named, 0.0, 0.0, content=name)


def _resolved(workspace: Workspace, reference: str, environment: Environment) -> Resolved:
    if environment.build is not None:
        raise UnsupportedFieldError(
            f"environment.build: Dockerfiles are not built here; found one in '{environment.name or 'inline'}'.",
            resolution="List what it installs in a conda_file beside an image.",
        )
    if environment.conda_file is None:
        note = f"image {environment.image} is not run; the submitting interpreter stands for it"
        return Resolved(reference, own_interpreter(), note if environment.image else "")
    name = reference.partition(":")[0]
    if found := environment_plans.satisfied_by_us(name):
        return Resolved(reference, own_interpreter(), f"the submitting interpreter stands for it: it has {found}")
    stand_in = stand_ins.of(environment.conda_file)
    if stand_in and stand_in.conda_file is None:
        return Resolved(reference, own_interpreter(), stand_in.note, variables=stand_in.variables)
    if stand_in and stand_in.conda_file:
        plan, _ = environment_plans.of_conda(workspace, stand_in.conda_file)
        return Resolved(reference, plan.interpreter, stand_in.note, plan, stand_in.variables)
    plan, read = environment_plans.of_conda(workspace, environment.conda_file)
    notes = [f"image {environment.image} is not run; what conda_file lists is installed on this machine"]
    notes += [f"left out, an interpreter brings it along: {text}" for text in read.left_out if plan.tool == "uv"]
    return Resolved(reference, plan.interpreter, "; ".join(notes), plan, read.variables)


def _content_hash(environment: Environment) -> str:
    fields = environment.model_dump(include=set(_CONTENT), exclude_none=True)
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:32]
