"""`notebook`: notebooks as scripts and as jobs. Converted in files, or submitted by one call of the client."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from jupyter_aml.verbs import drafts
from jupyter_aml.verbs.conversion import prose
from jupyter_aml.verbs.job import COLUMNS, EXPERIMENT, STREAM, streamed
from jupyter_aml.verbs.option import DESCRIPTION, SET, TAGS, Option, name_of
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_aml import MLClient
    from jupyter_aml.entities.job import Job

NOUN: Final = Noun("notebook", "Notebooks: as scripts, and as jobs.", "notebooks")
NOTEBOOK: Final = Option(
    "--file", "NOTEBOOK.ipynb", "the notebook; its path alone will do", short="-f", known="file", required=True,
    bare=".ipynb",
)  # fmt: skip
PARAMETERS: Final = Option(
    "--parameters", "NAME", "variables that become parameters too, besides those of the parameters cell", many=True
)
KEEP: Final = Option(
    "--keep", "RULE", "leave out nothing by this rule, or of the cell of this number; all: nothing", many=True
)
ENVIRONMENT: Final = Option(
    "--environment", "NAME@latest", "where it runs; what is installed here when not given",
    known="environment reference",
)  # fmt: skip
FIELDS: Final = (
    name_of("", "the job's name; made up when not given", required=False),
    EXPERIMENT,
    Option("--compute", "NAME", "the compute; serverless when not given", known="compute target"),
    ENVIRONMENT,
    Option("--display-name", "TEXT", "what lists show; the notebook's name when not given"),
    DESCRIPTION,
    TAGS,
)


def _file(name: str, help_text: str) -> Option:
    return Option(name, "FILE", help_text, known="path")


@NOUN.verb(
    "convert",
    NOTEBOOK,
    _file("--outfile", "the script; beside the notebook when not given, of a job or component below src/"),
    Option("--stdout", "", "print the script, write nothing"),
    Option("--force", "", "write over files that say something else"),
    KEEP,
    PARAMETERS,
    _file("--job-file", "the YAML of a command job that runs the script, with a conda.yml: job.yml"),
    _file("--component-file", "the YAML of a component that runs the script, with a conda.yml: component.yml"),
    Option("--environment", "NAME@latest", "where they run, in place of the conda.yml", known="environment reference"),
    examples=(
        "aml notebook convert train.ipynb",
        "aml notebook convert train.ipynb --keep plots 3 --parameters rounds",
        "aml notebook convert train.ipynb --job-file job.yml",
    ),
    alone=True,
    prose=prose,
)
def convert(
    ml: None, *, file: Path, stdout: bool, force: bool, keep: tuple[str, ...], parameters: tuple[str, ...],
    **where: str | None,
) -> dict[str, Any]:  # fmt: skip
    """Make a script of a notebook: what only shows something is left out, parameters become its command line.

    Says what was left out or translated, by cell and line; `-o json` says it for programs.
    """
    from dataclasses import asdict

    from jupyter_aml.notebook import own_files, script

    del ml
    made = script.convert(file, keep=keep, parameters=parameters)
    contents = {} if stdout else own_files.files(made, _wanted(file, where))
    own_files.write(contents, force=force)
    told = {key: getattr(made, key) for key in ("notebook", "text", "requirements", "remarks")}
    rows = {key: [asdict(row) for row in getattr(made, key)] for key in ("parameters", "changes")}
    return {**told, "files": [str(path) for path in contents], **rows}


def _wanted(notebook: Path, where: dict[str, str | None]) -> Any:  # noqa: ANN401 - a room that opens late
    from pathlib import Path

    from jupyter_aml.notebook.own_files import Wanted

    places = {"script": where["outfile"], "job": where["job_file"], "component": where["component_file"]}
    paths = {key: Path(text).expanduser() for key, text in places.items() if text}
    return Wanted(notebook, **paths, environment=where["environment"] or "")


@NOUN.verb(
    "submit",
    NOTEBOOK,
    Option("--as", "WAY", "script (the default), or notebook: executed cell by cell", choices=("script", "notebook")),
    Option(
        "--param", "k=v", "a parameter's value; data by a path or azureml:", many=True, pair=True, blank=True,
    ),
    PARAMETERS,
    KEEP,
    *FIELDS,
    SET,
    STREAM,
    columns=COLUMNS,
    examples=(
        "aml notebook submit train.ipynb --param rate=0.1 rounds=20 --stream",
        "aml notebook submit train.ipynb --as notebook --compute cpu-cluster --experiment-name nightly",
    ),
)  # fmt: skip
def submit(ml: MLClient, *, file: Path, param: dict[str, str], stream: bool, **said: Any) -> Job:  # noqa: ANN401 - what was typed
    """Run a notebook as a job: as the script that `convert` makes, or executed cell by cell.

    The parameters are the job's inputs. Executed, the notebook and its HTML are the job's outputs.
    """
    from jupyter_aml.client.notebooks import drafted

    draft, remarks = drafted(
        file, inputs=param, run_as=said["as"] or "script", parameters=said["parameters"], keep=said["keep"]
    )
    for remark in remarks:
        sys.stderr.write(f"{remark}\n")
    return streamed(ml, ml.jobs.create_or_update(drafts.edited("load_job", draft, FIELDS, said)), stream=stream)
