"""Builds pipelines with the real azure-ai-ml and says in JSON what they are there, or why they were refused.

Run as a program by the real package's own interpreter: `pipeline_driver.py cases.json answers.json`. Nothing of ours
is imported. A case is `{"python": "…", "folder": "…"}`, whose text leaves a `job`, or `{"yaml": "…", "folder": "…"}`.
"""

import importlib
import io
import json
import logging
import os
import sys
import warnings
from pathlib import Path
from typing import Any

Case = dict[str, Any]


def names() -> dict[str, Any]:
    """What a text may use: the package's own names."""
    package = importlib.import_module("azure.ai.ml")
    found = vars(importlib.import_module("azure.ai.ml.entities")) | vars(importlib.import_module("azure.ai.ml.sweep"))
    found |= {name: getattr(package, name) for name in package.__all__}
    dsl = importlib.import_module("azure.ai.ml.dsl")
    for name, own in (("if_else", "condition"), ("do_while", "do_while"), ("parallel_for", "parallel_for")):
        found[name] = getattr(importlib.import_module(f"azure.ai.ml.dsl._{own}"), own)
    settings = importlib.import_module("azure.ai.ml.dsl._settings").set_pipeline_settings
    return found | {"pipeline": dsl.pipeline, "set_pipeline_settings": settings}


def answer(case: Case) -> Case:
    """`{"fields": …, "problems": …}` as the package dumps and validates the job, or `{"error": type, "text": …}`."""
    os.chdir(case["folder"])
    try:
        if "yaml" in case:
            load = importlib.import_module("azure.ai.ml").load_job
            job = load(io.StringIO(case["yaml"]), relative_origin=str(Path(case["folder"], "made.yml")))
        else:
            scope = names()
            exec(case["python"], scope)  # noqa: S102 - the tests' own texts
            job = scope["job"]
            job = job._to_job() if type(job).__name__ == "Pipeline" else job  # noqa: SLF001 - what its submit makes
        return {"fields": job._to_dict(), "problems": job._validate().error_messages}  # noqa: SLF001 - its dump
    except Exception as error:  # noqa: BLE001 - whatever it says is the answer
        return {"error": type(error).__name__, "text": str(error)}


def main(question: str, fresh: str) -> None:
    """Every case of a file, answered into another."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    os.environ["AZURE_ML_CLI_PRIVATE_FEATURES_ENABLED"] = "true"  # control flow
    cases = json.loads(Path(question).read_text())
    Path(fresh).write_text(json.dumps([answer(case) for case in cases], default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
