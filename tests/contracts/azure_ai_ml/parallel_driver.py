"""Says in JSON what the real azure-ai-ml makes of a line of Python with `parallel_run_function`, or why it refused.

Run as a program by the real package's own interpreter: `parallel_driver.py cases.json answers.json`.
"""

import importlib
import json
import logging
import sys
import warnings
from pathlib import Path
from typing import Any


def answer(case: dict[str, Any]) -> dict[str, Any]:
    """`{"fields": …}` as the package prints the step, or `{"error": type, "text": …}`."""
    import yaml

    try:
        package = importlib.import_module("azure.ai.ml")
        names = vars(importlib.import_module("azure.ai.ml.entities")) | vars(
            importlib.import_module("azure.ai.ml.parallel")
        )
        step = eval(case["text"], names | {name: getattr(package, name) for name in package.__all__})  # noqa: S307 - the tests' own lines
        return {"fields": yaml.safe_load(str(step))}
    except Exception as error:  # noqa: BLE001 - whatever it says is the answer
        return {"error": type(error).__name__, "text": str(error)}


def main(question: str, fresh: str) -> None:
    """Every case of a file, answered into another."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    cases = json.loads(Path(question).read_text())
    Path(fresh).write_text(json.dumps([answer(case) for case in cases], default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
