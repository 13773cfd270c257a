"""The attempt's own log, `system_logs/lifecycler.log`: phases and times, for people. Nothing reads it back."""

import os
import time
from pathlib import Path
from typing import Final

FOLDERS: Final = ("outputs", "logs", "user_logs", "system_logs")


class Lifecycler:
    """Appends a line per phase, at once, so that a killed runner's last phase is known too."""

    def __init__(self, artifacts: str) -> None:
        for name in FOLDERS:
            Path(artifacts, name).mkdir(parents=True, exist_ok=True)
        path = f"{artifacts}/system_logs/lifecycler.log"
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)

    def note(self, phase: str, text: str = "") -> None:
        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))
        line = f"{stamp}.{int(now % 1 * 1000):03d}Z {phase:<10} {text}".rstrip()
        os.write(self._file, f"{line}\n".encode(errors="replace"))

    def fileno(self) -> int:
        return self._file

    def close(self) -> None:
        os.close(self._file)
