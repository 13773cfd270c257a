"""The real `azure-ai-ml` in a virtual environment of its own, to compare with (see `package.py`). No cloud is asked."""

import importlib.util
from pathlib import Path
from typing import Any


def _package() -> Any:
    """`package.py` beside this file (tests are no package)."""
    spec = importlib.util.spec_from_file_location("oracle_package", Path(__file__).with_name("package.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


AZURE_AI_ML = _package().Package(
    "azure-ai-ml", ("azure-ai-ml==1.35.2", "marshmallow==3.26.2"), {"AZUREML_TELEMETRY_ENABLED": "0"}
)
answers = AZURE_AI_ML.answers
