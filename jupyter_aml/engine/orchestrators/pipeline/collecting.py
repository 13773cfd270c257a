"""What the rounds of a parallel_for made, put together. Files are linked, not copied; nothing is begun here.

Azure gives the rounds' data as a table and their values as a text, and does not say more. Here

- data (uri_file, uri_folder, mltable, a model) becomes a folder that is an MLTable: an entry a round, `0`, `1`, … in
  the order of the items (with as many digits as the last one has, so that names sort as they do), and the file
  `MLTable`, whose paths name them in that order. What lies elsewhere is named by its address alone;
- values become a file with the JSON list of them, in the order of the items.
"""

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from jupyter_aml.constants import LITERAL_TYPES
from jupyter_aml.engine.orchestrators.pipeline.values import typed, written
from jupyter_aml.entities.launch import OutputSpec
from jupyter_aml.entities.pipeline_plan import Collected, StepPlan
from jupyter_aml.exceptions import JobException

_TABLE: Final = "MLTable"


def collect(step: StepPlan, name: str, made: Sequence[OutputSpec], place: Path) -> None:
    """The outputs `name` of all rounds, put together at `place`. JobException where a round made none."""
    one = step.each.outputs[name] if step.each else Collected("", OutputSpec("", ""))
    place.parent.mkdir(parents=True, exist_ok=True)
    if one.of in LITERAL_TYPES:
        values = [typed(written(step.body, name, one.of, output.path), one.of) for output in made]
        _write(place, json.dumps(values))
        return
    place.mkdir(exist_ok=True)
    digits = len(str(len(made) - 1))
    lines = [_entry(step, output, place, f"{number:0{digits}}") for number, output in enumerate(made)]
    _write(place / _TABLE, json.dumps({"type": "mltable", "paths": lines}, indent=2))  # JSON is YAML


def _entry(step: StepPlan, output: OutputSpec, place: Path, name: str) -> dict[str, str]:
    """The line of a table for one round, what it made being at `name`."""
    kind = "file" if output.type == "uri_file" else "folder"
    if output.is_remote:
        return {kind: output.path}
    source = Path(output.path)
    if not source.exists():
        raise JobException(f"Step '{step.body}' made nothing at {source}.")
    if source.is_dir():
        _remove(place / name)
        shutil.copytree(source, place / name, symlinks=True, copy_function=_link)
        return {"folder": f"./{name}"}
    target = place / f"{name}{source.suffix}"
    _remove(target)
    _link(str(source), str(target))
    return {"file": f"./{target.name}"}


def _link(source: str, target: str) -> None:
    """The same file at another place; a copy where a file cannot be at two."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _remove(place: Path) -> None:
    """Of what an earlier program of this pipeline began to put together."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
