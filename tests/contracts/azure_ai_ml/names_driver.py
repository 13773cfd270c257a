"""Says in JSON which public names the modules of the real azure-ai-ml and azure-identity have. See `driver.py`."""

import importlib
import json
import sys
import warnings
from pathlib import Path

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    cases, answers = map(Path, sys.argv[1:])
    modules = [importlib.import_module(case["module"]) for case in json.loads(cases.read_text())]
    answers.write_text(json.dumps([sorted(module.__all__) for module in modules]))
