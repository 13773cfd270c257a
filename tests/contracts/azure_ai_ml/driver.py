"""Loads YAML with the real azure-ai-ml and says in JSON what it is there, or why it was refused.

Run as a program by the real package's own interpreter: `driver.py cases.json answers.json`. It imports nothing of ours.
A case is `{"kind": "data", "text": "name: x…", "folder": "/where/relative/paths/start"}`. The text of the kind
"built" is a line of Python over the package's own names, whose job is dumped.
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
    """`{"fields": …}` as the package dumps the entity, or `{"error": type, "text": …}`."""
    import yaml

    try:
        entity = _entity(case)
        dumped = io.StringIO()
        entity.dump(dumped)
        return {"fields": yaml.safe_load(dumped.getvalue()), "class": type(entity).__name__}
    except Exception as error:  # noqa: BLE001 - whatever it says is the answer
        return {"error": type(error).__name__, "text": str(error)}


def _entity(case: Case) -> Any:
    package = importlib.import_module("azure.ai.ml")
    if case["kind"] == "built":
        names = vars(importlib.import_module("azure.ai.ml.entities")) | vars(
            importlib.import_module("azure.ai.ml.sweep")
        )
        names |= {name: getattr(package, name) for name in package.__all__}
        return eval(case["text"], names)._to_job()  # noqa: S307, SLF001 - the tests' own lines
    load = getattr(package, f"load_{case['kind']}")
    return load(io.StringIO(case["text"]), relative_origin=str(Path(case["folder"], "made.yml")))


def main(question: str, fresh: str) -> None:
    """Every case of a file, answered into another."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    cases = json.loads(Path(question).read_text())
    Path(fresh).write_text(json.dumps([answer(case) for case in cases], default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
