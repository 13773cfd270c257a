"""Loads schedules with the real azure-ai-ml, and says in JSON what they are, or why one was refused.

Run as a program by the real package's own interpreter: `schedule_driver.py cases.json answers.json`. A case is
`{"text": YAML, "folder": …}`, `{"line": Python over the package's names}`, or `{"zones": true}`.
"""

import importlib
import io
import json
import logging
import sys
import warnings
from pathlib import Path
from typing import Any

Case = dict[str, Any]


def answer(case: Case) -> Case:
    """`{"fields": …}` as the package dumps the schedule, or `{"error": type, "text": …}`."""
    if "zones" in case:
        zones = importlib.import_module("azure.ai.ml.constants").TimeZone
        return {zone.name: zone.value for zone in zones}
    import yaml

    try:
        schedule = _schedule(case)
        schedule._to_rest_object()  # noqa: SLF001 - what it says of the kind of job is said there
        dumped = io.StringIO()
        schedule.dump(dumped)
        return {"fields": yaml.safe_load(dumped.getvalue())}
    except Exception as error:  # noqa: BLE001 - whatever it says is the answer
        return {"error": type(error).__name__, "text": str(getattr(error, "message", error))}


def _schedule(case: Case) -> Any:
    entities, package = importlib.import_module("azure.ai.ml.entities"), importlib.import_module("azure.ai.ml")
    loaders = importlib.import_module("azure.ai.ml.entities._load_functions")
    if "line" in case:
        return eval(case["line"], vars(entities) | {"command": package.command})  # noqa: S307 - the tests' own lines
    return loaders.load_schedule(io.StringIO(case["text"]), relative_origin=str(Path(case["folder"], "made.yml")))


def main(question: str, fresh: str) -> None:
    """Every case of a file, answered into another."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    cases = json.loads(Path(question).read_text())
    Path(fresh).write_text(json.dumps([answer(case) for case in cases], default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
