"""`%aml_pipeline VERB`: a pipeline that is there, shown, followed, ended or drafted anew. Nothing is submitted here."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jupyter_aml.exceptions import UserErrorException, did_you_mean
from jupyter_aml.magics import job as jobs
from jupyter_aml.magics import options
from jupyter_aml.magics.parser import Line
from jupyter_aml.magics.session import SESSION

if TYPE_CHECKING:
    from jupyter_aml.entities.pipeline_job import PipelineJob
    from jupyter_aml.widgets.jobs_table import JobsTable

_MAGIC: Final = "%aml_pipeline"
_SAID: Final = {
    "--name": "name",
    "--experiment": "experiment_name",
    "--display-name": "display_name",
    "--description": "description",
}


def is_file(word: str) -> bool:
    """Whether the line's first word is a YAML."""
    return word.endswith((".yml", ".yaml"))


def check(verb: str, line: Line) -> None:
    """UserErrorException for what is no verb, with the nearest one, and for what the verb does not take."""
    if verb not in options.PIPELINE_VERBS:
        message = f"{_MAGIC}: '{verb}' is not something to do with a pipeline."
        raise UserErrorException(message, resolution=did_you_mean(verb, options.PIPELINE_VERBS))
    if verb == "list" and len(line.words) > 1:
        raise UserErrorException(f"Not expected here: '{line.words[1]}'.", resolution="Options begin with --.")
    jobs.check_taken(_MAGIC, verb, line)


def listed(line: Line) -> "JobsTable":
    """The pipelines that the options ask for."""
    from jupyter_aml.magics.listing import table

    SESSION.client.jobs.look_after()
    return table(SESSION.workspace, line, "pipeline")


def act(verb: str, name: str, line: Line) -> object:
    """One verb, done to the pipeline of that name."""
    client = SESSION.client
    match verb:
        case "show":
            jobs.show(client.jobs.get(name))
        case "stream":
            jobs.stream(name, "pipeline")
        case "wait":
            jobs.wait(name, "pipeline")
        case "cancel":
            jobs.cancel(name, "steps")
        case "steps":
            from jupyter_aml.magics.listing import steps_table

            return steps_table(client, name)
        case _:
            path, output = line.one("--path") or ".", line.one("--output")
            client.jobs.download(name, download_path=path, output_name=output, all="--all" in line.flags)
            sys.stdout.write(f"Downloaded to {Path(path).resolve()}.\n")
    return None


def loaded(file: str, line: Line) -> "PipelineJob":
    """The pipeline of a YAML, with what the line says instead."""
    from jupyter_aml import load_job
    from jupyter_aml.entities.pipeline_job import PipelineJob

    if len(line.words) > 1:
        raise UserErrorException(f"Not expected here: '{line.words[1]}'.", resolution="Options begin with --.")
    _check_of_file(line)
    found: Any = load_job(Path(file).expanduser())
    if not isinstance(found, PipelineJob):
        message = f"{file} is the YAML of a {found.type} job, and no pipeline."
        raise UserErrorException(message, resolution=f"aml job create -f {file}, or load_job('{file}').")
    return _changed(found, line)


def again(name: str, line: Line) -> "PipelineJob":
    """A draft of an earlier pipeline, with what the line says instead."""
    from jupyter_aml.entities.pipeline import SubmittedPipelineJob

    found = SESSION.client.jobs.get(name)
    if not isinstance(found, SubmittedPipelineJob):
        raise UserErrorException(f"'{name}' is no pipeline.", resolution=f"%aml_job show {name}")
    return _changed(found(), line)


def _check_of_file(line: Line) -> None:
    """A YAML takes what the cell takes."""
    known = {option.name for option in options.PIPELINE}
    for name in (*line.values, *line.flags):
        if name not in known:
            raise UserErrorException(f"{_MAGIC} FILE.yml takes no {name}.", resolution=f"{_MAGIC}? lists its options.")


def _changed(draft: "PipelineJob", line: Line) -> "PipelineJob":
    from jupyter_aml.magics.drafts import value

    for name, text in line.pairs("--input").items():
        if name not in draft.inputs and not draft.component:  # of a component's what there is shows at submit
            message = f"--input {name}: the pipeline has no such input."
            raise UserErrorException(message, resolution=did_you_mean(name, draft.inputs))
        draft.inputs[name] = value(text, jobs.type_at)
    for option, field in _SAID.items():
        if line.one(option):
            setattr(draft, field, line.one(option))
    draft.tags = {**draft.tags, **line.pairs("--tag")}
    draft.settings.default_compute = line.one("--compute") or draft.settings.default_compute
    if "--force-rerun" in line.flags:
        draft.settings.force_rerun = True
    if "--continue-on-step-failure" in line.flags:
        draft.settings.continue_on_step_failure = True
    return draft
