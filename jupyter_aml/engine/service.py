"""The supervisor as a service of the person's own session: it lives with no notebook open. Written on demand only.

systemd's user manager on Linux, launchd on macOS: one file a workspace, which names this interpreter and this package.
"""

import hashlib
import os
import plistlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from jupyter_aml.engine import lifecycle
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.exceptions import UserErrorException

_MAIN: Final = (
    "import sys; sys.path.append(sys.argv[1]); from jupyter_aml.engine.process import serve; serve(sys.argv[2])"
)
_OF_A_SESSION: Final = re.compile(
    r"HOME|USER|LOGNAME|SHELL|TERM|TMPDIR|TMP|TEMP|DBUS_SESSION_BUS_ADDRESS|XDG_(?!DATA|CONFIG|CACHE)\w+"
)
"""What the manager says itself, or what the next session has otherwise."""
_UNIT: Final = """\
# Written by `aml supervisor install`, taken away by `aml supervisor uninstall`.
[Unit]
Description=jupyter_aml: jobs and schedules of {title}

[Service]
ExecStart={command}
{environment}
# Jobs that run outlive it: the next one takes them over.
KillMode=process
Restart=on-failure
RestartSec=5

[Install]
WantedBy=default.target
"""


class Manager(Protocol):
    """Who keeps services: where their files lie, what they say, how they are begun and ended."""

    def path(self, folder: WorkspaceFolder) -> Path: ...
    def text(self, folder: WorkspaceFolder) -> str: ...
    def begin(self, path: Path) -> None: ...
    def end(self, path: Path) -> None: ...


@dataclass(frozen=True, slots=True)
class Systemd:
    """systemd's manager of the person's own services."""

    def path(self, folder: WorkspaceFolder) -> Path:
        """`~/.config/systemd/user/jupyter-aml-<which>.service`."""
        config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
        return config / "systemd" / "user" / f"jupyter-aml-{_which(folder)}.service"

    def text(self, folder: WorkspaceFolder) -> str:
        """The unit."""
        words = " ".join(_quoted(word).replace("$", "$$") for word in _command(folder))
        said = "\n".join(f"Environment={_quoted(f'{name}={value}')}" for name, value in _variables().items())
        return _UNIT.format(title=_plain(folder.root.name), command=words, environment=said)

    def begin(self, path: Path) -> None:
        """Now, and with every session of the person's."""
        _run("systemctl", "--user", "daemon-reload")
        _run("systemctl", "--user", "enable", "--now", path.name)

    def end(self, path: Path) -> None:
        """No more."""
        _run("systemctl", "--user", "disable", "--now", path.name)


@dataclass(frozen=True, slots=True)
class Launchd:
    """macOS's manager of the person's own agents."""

    def path(self, folder: WorkspaceFolder) -> Path:
        """`~/Library/LaunchAgents/jupyter-aml-<which>.plist`."""
        return Path.home() / "Library" / "LaunchAgents" / f"jupyter-aml-{_which(folder)}.plist"

    def text(self, folder: WorkspaceFolder) -> str:
        """The property list."""
        said = {
            "Label": self.path(folder).stem, "ProgramArguments": _command(folder), "EnvironmentVariables": _variables(),
            "RunAtLoad": True, "KeepAlive": {"SuccessfulExit": False}, "AbandonProcessGroup": True,
        }  # fmt: skip
        return plistlib.dumps(said).decode()

    def begin(self, path: Path) -> None:
        """Now, and with every session of the person's."""
        _run("launchctl", "bootstrap", f"gui/{os.getuid()}", str(path))

    def end(self, path: Path) -> None:
        """No more."""
        _run("launchctl", "bootout", f"gui/{os.getuid()}/{path.stem}")


def install(folder: WorkspaceFolder) -> Path:
    """Write the service's file and begin it; the supervisor that runs hands over to it. UserErrorException without."""
    manager = found_manager()
    path = manager.path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.touch(mode=0o600)  # a proxy's address may hold a password
    beside.write_text(manager.text(folder), encoding="utf-8")
    beside.rename(path)
    lifecycle.stop(folder)
    manager.begin(path)
    return path


def uninstall(folder: WorkspaceFolder) -> Path:
    """End the service and take its file away. UserErrorException when there is none."""
    manager = found_manager()
    path = manager.path(folder)
    if not path.exists():
        raise UserErrorException(f"No service is installed for this workspace: there is no '{path}'.")
    manager.end(path)
    path.unlink()
    return path


def installed(folder: WorkspaceFolder) -> Path | None:
    """The service's file, or None."""
    paths = (manager.path(folder) for manager in (Systemd(), Launchd()))
    return next((path for path in paths if path.exists()), None)


def found_manager() -> Manager:
    """Who keeps services here. UserErrorException, with another way, when nobody does."""
    if sys.platform == "darwin" and shutil.which("launchctl"):
        return Launchd()
    if shutil.which("systemctl") and _answers("systemctl", "--user", "show", "--property=Version"):
        return Systemd()
    aml = Path(sys.executable).with_name("aml")
    raise UserErrorException(
        "Nobody keeps services here: neither systemd's user manager nor launchd answers.",
        resolution=f"Let something else start it with the machine, e.g. a line of `crontab -e`:\n"
        f"@reboot '{aml}' supervisor start",
    )


def _answers(*words: str) -> bool:
    return subprocess.run(words, check=False, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0


def _run(*words: str) -> None:
    ran = subprocess.run(words, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if ran.returncode:
        raise UserErrorException(f"`{' '.join(words)}` did not work: {(ran.stderr or ran.stdout).strip()}")


def _command(folder: WorkspaceFolder) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", _MAIN, str(lifecycle.PACKAGE), str(folder.root)]


def _variables() -> dict[str, str]:
    """What jobs start from, as it is now: `PATH` and the like. The next session's manager would say less."""
    found = lifecycle.environment().items()
    return {name: value for name, value in found if not _OF_A_SESSION.fullmatch(name) and "\n" not in value}


def _which(folder: WorkspaceFolder) -> str:
    mark = hashlib.sha256(str(folder.root).encode()).hexdigest()[:8]
    return f"{_plain(folder.root.name)}-{mark}"


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-") or "workspace"


def _quoted(text: str) -> str:
    """A word as systemd reads it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("%", "%%")
    return f'"{escaped}"'
