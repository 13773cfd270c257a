"""YAML of schedules: the job is in the file, in a file of its own, or in the workspace already. Text in, drafts out."""

import json
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, Final, cast

from jupyter_aml.entities.dotted import Fields
from jupyter_aml.entities.draft import DraftError
from jupyter_aml.entities.job_draft import JobDraft
from jupyter_aml.entities.schedule import ExistingJob, JobSchedule
from jupyter_aml.entities.yaml import load_job
from jupyter_aml.entities.yaml_draft import made
from jupyter_aml.entities.yaml_source import Origin, Override, Source, named, placed, read
from jupyter_aml.exceptions import MlException, UnsupportedFieldError, ValidationException

_OTHERS: Final = {"create_monitor": "monitors", "import_data": "imports of data"}
_IN_WORKSPACE: Final = ("azureml:", "/subscriptions/")


def load_schedule(
    source: Source, *, relative_origin: Origin = None, params_override: Sequence[Override] | None = None
) -> JobSchedule:
    """The schedule in a YAML file or open stream, its job's file read. ValidationException names the field."""
    fields, folder = read(source, "schedule", relative_origin, params_override)
    for field, what in _OTHERS.items():
        if field in fields:
            raise UnsupportedFieldError(
                f"{field}: schedules of {what} do not run here; found in {named(source)}.",
                resolution="create_job schedules a pipeline.",
            )
    if "create_job" in fields:
        fields["create_job"] = _job(fields["create_job"], folder)
    return made(JobSchedule, fields)


def _job(given: object, folder: Path) -> object:
    """What `create_job` says, read if it is a file."""
    if isinstance(given, str):
        return given if given.startswith(_IN_WORKSPACE) else _loaded(given, folder, {})
    if not isinstance(given, Mapping):
        return given
    said = cast("Mapping[str, Any]", given)
    job = said.get("job")
    if isinstance(job, str) and not job.startswith(_IN_WORKSPACE):
        return _loaded(job, folder, {name: value for name, value in said.items() if name != "job"})
    if job is not None:
        return ExistingJob.of(said) if "type" in said else said
    if said.keys().isdisjoint({"jobs", "component"}):
        raise DraftError("JobSchedule", (("create_job.job", "required, and not given: a job's name or file."),))
    return load_job(StringIO(json.dumps(said, default=str)), relative_origin=folder)


def _loaded(path: str, folder: Path, said: Mapping[str, Any]) -> JobDraft:
    """The job in a file, with what is said over it."""
    place = Path(placed(path, folder))
    try:
        fields, origin = read(place, "job", None, None)
        return load_job(StringIO(json.dumps(_over(fields, said), default=str)), relative_origin=origin)
    except UnsupportedFieldError as error:
        raise UnsupportedFieldError(f"create_job.{error.message}", resolution=error.resolution) from None
    except MlException as error:
        raise ValidationException(f"create_job: {path}: {error.message}", resolution=error.resolution) from None


def _over(fields: Fields, said: Mapping[str, Any]) -> Fields:
    """Fields with others over them, mappings item by item (Azure's own rule)."""
    merged = dict(fields)
    for name, value in said.items():
        below = merged.get(name)
        if isinstance(below, dict) and isinstance(value, Mapping):
            merged[name] = _over(cast("Fields", below), cast("Mapping[str, Any]", value))
        else:
            merged[name] = value
    return merged
