"""The environment of an attempt: there already, or built once for all who need it. Versions are the tool's affair."""

import fcntl
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jupyter_aml.entities.environment_build import BUILD_LOG, OLDEST, READY, Built, EnvironmentPlan, read_built
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.exceptions import JobException
from jupyter_aml.runner import ending, helper, interpreters, signals, start
from jupyter_aml.runner.lifecycler import Lifecycler

_PACKAGE: Final = Path(__file__).parents[1]
_LOOK_AGAIN: Final = 0.1
_NOT_FOR_A_BUILD: Final = frozenset(
    {"VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "UV_PYTHON"}
)
_SETTINGS: Final = {"UV_PYTHON_DOWNLOADS": "never", "UV_PYTHON_PREFERENCE": "system", "NO_COLOR": "1"}
_VERSION: Final = re.compile(r"^version(?:_info)? = (\d+\.\d+\.\d+)", re.MULTILINE)
_SAID: Final = re.compile("^error: ", re.MULTILINE)
"""After the last of these the tool says what is wrong."""
_LIBRARY: Final = "lib/python3*/site-packages"
_MLFLOW: Final = re.compile(r"mlflow(?:_skinny)?-([^-]+)\.dist-info")


def ensure(plan: EnvironmentPlan, artifacts: str, folder: AttemptFolder, story: Lifecycler) -> Built:
    """What is known of the planned environment, which is whole afterwards.

    Raises:
        JobException: it could not be built; the reason, and the end of the build's log.
        StoppedError: somebody wants the attempt to end.
    """
    return _found(plan) or _Build(plan, artifacts, folder, story).made()


def _found(plan: EnvironmentPlan) -> Built | None:
    """What is known of it when it is whole, and the Python that it was made from is still there."""
    return read_built(plan.target) if os.access(plan.interpreter, os.X_OK) else None


def check_runs_us(built: Built, command: str) -> None:
    """JobException where a command runs a module of this package, and the environment's Python is too old for it."""
    if f"-m {_PACKAGE.name}." in command and not built.runs_us:
        raise JobException(
            f"The environment has Python {built.python}: parallel steps and executed notebooks need {OLDEST}.",
            resolution=f"Ask for python={OLDEST} in its conda file, or for a newer one.",
        )


def lent(folder: AttemptFolder) -> dict[str, str]:
    """This package by itself on the path of the job's Python: a notebook's cell runs with it. Nothing beside it is."""
    place = folder.root / "lent"
    place.mkdir()
    place.joinpath(_PACKAGE.name).symlink_to(_PACKAGE)
    return {"PYTHONPATH": str(place)}


@dataclass(slots=True)
class _Build:
    """One runner's share in the making of an environment: it builds, or waits for the one that does."""

    plan: EnvironmentPlan
    artifacts: str
    folder: AttemptFolder
    story: Lifecycler
    began: float = field(default_factory=time.monotonic)
    log: int = -1

    def made(self) -> Built:
        Path(self.artifacts, BUILD_LOG).parent.mkdir(parents=True, exist_ok=True)
        Path(self.plan.target).parent.mkdir(parents=True, exist_ok=True)
        self.log = start.open_log(f"{self.artifacts}/{BUILD_LOG}")
        lock = os.open(self.plan.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._wait_for(lock)
            # The tools inherit it: a build whose runner was killed is over when the last of them is gone.
            os.set_inheritable(lock, True)  # noqa: FBT003  os takes it by position only
            return _found(self.plan) or self._built()
        finally:
            os.close(lock)
            os.close(self.log)

    def _wait_for(self, lock: int) -> None:
        is_told = False
        while not _locked(lock):
            if not is_told:
                self._say(f"Another job is building this environment: waiting for it. {self.plan.target}")
                is_told = True
            signals.pause(self.folder, _LOOK_AGAIN)
        if is_told:
            self._say("The other job has ended its build.")

    def _built(self) -> Built:
        plan = self.plan
        _remove(plan.target)
        self.story.note("building", plan.target)
        self._say(f"Building the environment of this job with {plan.tool}: it is made once and kept. {plan.target}")
        plan.requirements.write_text(plan.conda_file or "".join(f"{line}\n" for line in plan.lines))
        if plan.tool == "conda":
            self._conda()
        else:
            self._uv()
        built = Built(_python_of(plan.target), _mlflow_of(plan.target), round(time.monotonic() - self.began, 1))
        beside = Path(plan.target, f"{READY}.beside")
        beside.write_text(built.to_json())
        beside.rename(beside.with_name(READY))
        self._say(f"Ready after {built.seconds} s: Python {built.python}.")
        self.story.note("built", f"in {built.seconds} s, Python {built.python}")
        return built

    def _uv(self) -> None:
        plan = self.plan
        self._step("venv", "--quiet", "--no-project", "--python", self._found_python(), plan.target)
        self._say("Installing:")
        for line in plan.lines:
            self._say(f"  {line}")
        # Of several indexes the best version counts, as for pip: the files are written for that.
        to = ("--python", plan.interpreter, *_compiled(plan.target), "--index-strategy", "unsafe-best-match")
        self._step("pip", "install", *to, *plan.options, "--requirement", str(plan.requirements))

    def _found_python(self) -> str:
        """The first of the wanted versions that is on this machine."""
        for request in self.plan.pythons:
            self._say(f"Looking for Python {request}:")
            if not self._run("python", "find", "--no-project", "--system", request):
                return request
        wanted = self.plan.pythons[-1]
        raise JobException(
            f"The environment needs Python {' or '.join(self.plan.pythons)}, and none is on this machine.",
            resolution=f"Install one (`uv python install {wanted}`, `pyenv install {wanted}`, conda, or your system's "
            "packages) and submit again, or declare a version that is there.",
        )

    def _conda(self) -> None:
        name = Path(self.plan.program).name
        verb = ("create", "--yes") if name.startswith("micromamba") else ("env", "create", "--yes")
        self._step(*verb, "--prefix", self.plan.target, "--file", str(self.plan.requirements))

    def _step(self, *words: str) -> None:
        code = self._run(*words)
        if code:
            _remove(self.plan.target)
            tool = Path(self.plan.program).name
            raise JobException(
                f"The environment could not be built: '{tool} {' '.join(words[:2])}' exited with status code {code}. "
                f"Please check log file '{BUILD_LOG}' for error details. "
                f"Error: {_SAID.split(ending.tail(Path(self.artifacts, BUILD_LOG)))[-1]}"
            )

    def _run(self, *words: str) -> int:
        kept = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_A_BUILD}
        around = {**kept, **_SETTINGS, "PATH": interpreters.search_path(self.plan.base)}
        return helper.run((self.plan.program, *words), around, self.log, self.folder)

    def _say(self, text: str) -> None:
        stamp = time.strftime("%H:%M:%S", time.gmtime())
        os.write(self.log, f"[{stamp}Z {time.monotonic() - self.began:6.1f} s] {text}\n".encode(errors="replace"))


def _remove(target: str) -> None:
    import shutil  # 5 ms that a runner without a build need not pay

    shutil.rmtree(target, ignore_errors=True)


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _compiled(target: str) -> tuple[str, ...]:
    """The option that compiles what is installed; uv knows how from Python 3.7 on, 3.6 does it at first use."""
    return () if _python_of(target).startswith("3.6.") else ("--compile-bytecode",)


def _python_of(target: str) -> str:
    """The version in a virtual environment's own file, or in the name of the record that conda keeps of it."""
    try:
        found = _VERSION.search(Path(target, "pyvenv.cfg").read_text())
        return found[1] if found else "0.0"
    except FileNotFoundError:
        records = _names(target, "conda-meta/python-3*.json")
        return records[0].split("-")[1] if records else "0.0"


def _mlflow_of(target: str) -> str:
    """The version of MLflow that is installed; '' when there is none."""
    found = [_MLFLOW.fullmatch(name) for name in _names(target, f"{_LIBRARY}/mlflow*.dist-info")]
    return next((match[1] for match in found if match), "")


def _names(target: str, pattern: str) -> Sequence[str]:
    return sorted(path.name for path in Path(target).glob(pattern))
