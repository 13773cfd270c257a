"""What `import azure.ai.ml` costs where the emulation answers it; against the real package's in the same run."""

import statistics
import subprocess
import sys
from typing import Final

from tests.benchmarks.row import Row
from tests.oracles.azure_ai_ml import AZURE_AI_ML

REPEATS: Final = 5
BAR: Final = 0.15
BAR_OF_NAMES: Final = 0.5
"""Ours too, for classes that are made with pydantic when they are first named."""
NAMES: Final = """
from azure.ai.ml import Input, MLClient, command
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import AmlCompute, Data, Environment
from azure.identity import DefaultAzureCredential
"""
_TIMED: Final = """
import time
began = time.perf_counter()
{code}
print(time.perf_counter() - began)
"""
_OURS: Final = "from jupyter_aml.emulation import emulate\nemulate()\n"


def rows() -> list[Row]:
    """The module alone, and the names that a notebook begins with; medians of five fresh interpreters."""
    real = str(AZURE_AI_ML.python())
    _seconds(real, "import azure.ai.ml")  # byte-compiled once
    return [
        _row("import azure.ai.ml", "import azure.ai.ml", real, BAR),
        _row("a notebook's first imports from azure.ai.ml and azure.identity", NAMES, real, BAR_OF_NAMES),
    ]


def _row(what: str, code: str, real: str, bar: float) -> Row:
    ours = statistics.median(_seconds(sys.executable, _OURS + code) for _ in range(REPEATS))
    theirs = statistics.median(_seconds(real, code) for _ in range(REPEATS))
    ratio = ours / theirs
    name = f"{what}, the emulation's start included; against the real packages"
    return Row(name, ours * 1000, theirs * 1000, "ms", ratio, f"≤ {bar}", ratio <= bar)


def _seconds(python: str, code: str) -> float:
    told = subprocess.run([python, "-c", _TIMED.format(code=code)], capture_output=True, check=True, text=True)
    return float(told.stdout)
