"""The supervisor as a service: what its file says, that this is what runs, and what is said where nobody keeps one."""

import os
import plistlib
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from jupyter_aml import MLClient
from jupyter_aml.engine import lifecycle, service
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.exceptions import UserErrorException

LIMIT = 120.0
HARD = "/p/a b 'c\" ;é/100% $HOME/default"
FAKE = """#!/bin/sh
echo "$@" >> "{log}"
case "$*" in *{fails}*) echo "no bus" >&2; exit 1;; esac
"""


def words(unit: str, field: str = "ExecStart") -> list[str]:
    """The words of a unit's line, as systemd reads them."""
    line = re.search(rf"^{field}=(.*)$", unit, re.MULTILINE)
    assert line
    found = re.findall(r'"((?:[^"\\]|\\.)*)"', line[1])
    plain = [re.sub(r"\\(.)", lambda one: "\n" if one[1] == "n" else one[1], word) for word in found]
    return [word.replace("%%", "%").replace("$$", "$") for word in plain]


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `systemctl` that writes down how it was called, and a folder for its units; the folder of both."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    answer(tmp_path)
    return tmp_path


def answer(folder: Path, fails: str = "nothing") -> None:
    program = folder / "programs" / "systemctl"
    program.write_text(FAKE.format(log=folder / "called", fails=fails))
    program.chmod(0o755)


def called(folder: Path) -> list[str]:
    return (folder / "called").read_text().splitlines()


def test_the_unit_names_this_interpreter_and_the_workspace_whatever_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_AML_HOME", HARD)
    monkeypatch.setenv("http_proxy", "http://me:50%25$x@proxy")
    monkeypatch.setenv("A_KEY", "of the kernel")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:of-this-session")
    unit = service.Systemd().text(WorkspaceFolder(Path(HARD)))
    command = words(unit)
    assert (command[0], command[-2:]) == (sys.executable, [str(lifecycle.PACKAGE), HARD])
    lines = [line for line in unit.splitlines() if line.startswith("Environment=")]
    said = [word for line in lines for word in words(line.replace("$", "$$"), "Environment")]
    assert f"JUPYTER_AML_HOME={HARD}" in said
    assert "http_proxy=http://me:50%25$x@proxy" in said
    assert not [word for word in said if word.startswith(("A_KEY", "DBUS", "HOME="))]
    for line in ("KillMode=process", "Restart=on-failure", "WantedBy=default.target"):
        assert line in unit.splitlines()
    assert "Description=jupyter_aml: jobs and schedules of default" in unit


def test_the_property_list_says_the_same() -> None:
    folder = WorkspaceFolder(Path(HARD))
    agent = service.Launchd()
    said = plistlib.loads(agent.text(folder).encode())
    assert said["Label"] == agent.path(folder).stem
    assert said["ProgramArguments"] == words(service.Systemd().text(folder))
    assert said["KeepAlive"] == {"SuccessfulExit": False}
    assert said["AbandonProcessGroup"] is True
    assert said["EnvironmentVariables"]["PATH"] == os.environ["PATH"]


def test_two_workspaces_have_two_services() -> None:
    one, other = (service.Systemd().path(WorkspaceFolder(Path(root))) for root in ("/a/default", "/b/default"))
    assert one.name != other.name
    assert re.fullmatch(r"jupyter-aml-default-[0-9a-f]{8}\.service", one.name)


def test_it_is_written_and_begun_on_demand_and_taken_away_again(ml_client: MLClient, manager: Path) -> None:
    folder = ml_client.workspace.folder
    assert service.installed(folder) is None
    path = service.install(folder)
    assert service.installed(folder) == path
    assert path.is_relative_to(manager / "config" / "systemd" / "user")
    assert path.stat().st_mode & 0o777 == 0o600, "a proxy's address may hold a password"
    assert called(manager)[1:] == ["--user daemon-reload", f"--user enable --now {path.name}"]
    service.uninstall(folder)
    assert called(manager)[-1] == f"--user disable --now {path.name}"
    assert service.installed(folder) is None
    with pytest.raises(UserErrorException, match="No service is installed for this workspace"):
        service.uninstall(folder)


def test_a_manager_that_refuses_is_quoted(ml_client: MLClient, manager: Path) -> None:
    answer(manager, fails="enable")
    with pytest.raises(UserErrorException, match=r"`systemctl --user enable .*` did not work: no bus"):
        service.install(ml_client.workspace.folder)


@pytest.mark.parametrize("there", [True, False])
def test_where_nobody_keeps_services_it_is_said_with_another_way(
    ml_client: MLClient, manager: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    if there:
        answer(manager, fails="show")
    else:
        monkeypatch.setenv("PATH", str(manager / "nothing"))
    with pytest.raises(UserErrorException) as caught:
        service.install(ml_client.workspace.folder)
    assert "neither systemd's user manager nor launchd answers" in caught.value.message
    assert re.search(r"@reboot '.*/aml' supervisor start", caught.value.resolution)
    assert not (manager / "config").exists()


def test_what_the_unit_says_is_a_supervisor_that_stays_and_takes_over(ml_client: MLClient) -> None:
    folder = ml_client.workspace.folder
    assert ml_client.workspace.database
    lifecycle.ensure(folder)
    until(lambda: lifecycle.pid(folder) is not None)
    began = lifecycle.pid(folder) or 0
    process = subprocess.Popen(words(service.Systemd().text(folder)), cwd="/")
    try:
        assert lifecycle.pid(folder) == began
        os.kill(began, signal.SIGTERM)
        until(lambda: lifecycle.pid(folder) == process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT) == 0
    finally:
        process.kill()
        process.wait()


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)
