"""An orchestrator's own log: what it does, for people. Nothing reads it back."""

import os
import time
from pathlib import Path
from typing import Literal

Part = Literal["CONTROLLER", "GENERATOR", "SCHEDULER", "POLICY"]
Level = Literal["INFO", "WARNING", "ERROR"]


class Diary:
    """Appends a line at once, in Azure's own shape: `[time][part][level]text`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)

    def note(self, part: Part, text: str, level: Level = "INFO") -> None:
        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))
        line = f"[{stamp}.{int(now % 1 * 1e6):06d}][{part}][{level}]{text}\n"
        os.write(self._file, line.encode(errors="replace"))
