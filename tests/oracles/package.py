"""A real package in a virtual environment of its own, to compare with. It never mixes with the project's.

It lies in `.venv/oracles/<name>` and is built when first asked for (under a minute, from the package index);
without an index the tests that need it fail and say so: a contract that was not checked must not look kept.
"""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HOME = Path(sys.prefix) / "oracles"


@dataclass(frozen=True)
class Package:
    """What is installed under a name, and the variables its processes see besides ours."""

    name: str
    requirements: tuple[str, ...]
    variables: dict[str, str] = field(default_factory=dict)

    def python(self) -> Path:
        """The interpreter that has the package. Raises RuntimeError when it cannot be installed."""
        folder = HOME / self.name
        ready = folder / f".ready-{hashlib.sha256(repr((self.requirements, sys.version)).encode()).hexdigest()[:12]}"
        with alone(self.name):
            if not ready.exists():
                self._run("uv", "venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
                self._run("uv", "pip", "install", "--quiet", "--python", str(_interpreter(folder)), *self.requirements)
                ready.touch()
        return _interpreter(folder)

    def answers(self, driver: Path, cases: list[dict[str, Any]]) -> list[Any]:
        """What the package gives for the cases: from one process; kept, and asked again when cases or driver change."""
        text = json.dumps(cases, sort_keys=True)
        key = hashlib.sha256(repr((self.requirements, driver.read_text(), text)).encode()).hexdigest()[:16]
        kept = HOME / f"{self.name}-answers-{key}.json"
        if not kept.exists():
            interpreter = self.python()
            question = HOME / f"{self.name}-cases-{key}.{os.getpid()}.json"
            question.write_text(text)
            fresh = kept.with_suffix(f".{os.getpid()}")
            self._ask(interpreter, driver, question, fresh)
            fresh.replace(kept)
            question.unlink()
        return json.loads(kept.read_text())

    def _ask(self, interpreter: Path, driver: Path, question: Path, fresh: Path) -> None:
        command = [interpreter, driver, question, fresh]
        ran = subprocess.run(
            command, capture_output=True, text=True, check=False, env=self._environment(), timeout=1500
        )
        if ran.returncode:
            raise RuntimeError(f"The real {self.name} package did not run:\n{ran.stderr[-2000:]}")

    def _run(self, *words: str) -> None:
        ran = subprocess.run(
            [sys.executable, "-m", *words], capture_output=True, text=True, check=False, env=self._environment()
        )
        if ran.returncode:
            found = ran.stderr[-2000:]
            raise RuntimeError(f"The real {self.name} could not be installed; nothing can be compared:\n{found}")

    def _environment(self) -> dict[str, str]:
        """Ours, less what would lead the other interpreter to our packages; byte code may be kept."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return kept | self.variables


def _interpreter(folder: Path) -> Path:
    return folder / "bin" / "python"


@contextmanager
def alone(name: str) -> Iterator[None]:
    """One installer at a time."""
    HOME.mkdir(exist_ok=True)
    with (HOME / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
