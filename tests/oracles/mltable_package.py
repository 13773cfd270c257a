"""The real `mltable` package in a virtual environment of its own, to compare with. It never mixes with the project's.

It lies in `.venv/oracles/mltable` and is built when first asked for (about half a minute, from the package index);
without an index the tests that need it fail and say so: a contract that was not checked must not look kept.
"""

import hashlib
import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

HOME = Path(sys.prefix) / "oracles"
PACKAGES = ("mltable==1.7.0", "azureml-dataprep[pandas]==5.5.0", "pandas==2.3.3", "pyarrow==25.0.1")


def python() -> Path:
    """The interpreter that has the package. Raises RuntimeError when it cannot be installed."""
    folder = HOME / "mltable"
    ready = folder / f".ready-{hashlib.sha256(repr((PACKAGES, sys.version)).encode()).hexdigest()[:12]}"
    interpreter = folder / "bin" / "python"
    if ready.exists():
        return interpreter
    venv.create(folder, with_pip=True, clear=True)
    installed = subprocess.run(
        [interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES],
        capture_output=True,
        text=True,
        check=False,
        env=_environment(),
    )
    if installed.returncode:
        raise RuntimeError(
            f"The real mltable package could not be installed; nothing can be compared:\n{installed.stderr[-2000:]}"
        )
    ready.touch()
    return interpreter


def answers(driver: Path, cases: list[dict[str, Any]]) -> list[Any]:
    """What the package gives for the cases: from one process; kept, and asked again when cases or driver change."""
    text = json.dumps(cases, sort_keys=True)
    key = hashlib.sha256(repr((PACKAGES, driver.read_text(), text)).encode()).hexdigest()[:16]
    kept = HOME / f"mltable-answers-{key}.json"
    if not kept.exists():
        question = HOME / f"mltable-cases-{key}.json"
        interpreter = python()
        question.write_text(text)
        fresh = kept.with_suffix(f".{os.getpid()}")
        command = [interpreter, driver, question, fresh]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment(), timeout=500)
        if ran.returncode:
            raise RuntimeError(f"The real mltable package did not run:\n{ran.stderr[-2000:]}")
        fresh.replace(kept)
        question.unlink()
    return json.loads(kept.read_text())


def _environment() -> dict[str, str]:
    """Ours, less what would lead the other interpreter to our packages; byte code may be kept; no telemetry."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {"AZUREML_DATAPREP_TELEMETRY": "0"}
