"""The real `mltable` package in a virtual environment of its own, to compare with (see `package.py`)."""

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


MLTABLE = _package().Package(
    "mltable",
    ("mltable==1.7.0", "azureml-dataprep[pandas]==5.5.0", "pandas==2.3.3", "pyarrow==25.0.1"),
    {"AZUREML_DATAPREP_TELEMETRY": "0"},
)
answers = MLTABLE.answers
