"""A place to run attempts in, for every test of an executor: folders and snapshots. It makes no claim."""

import hashlib
import itertools
import json
import select
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from jupyter_aml.engine.executors.base import Executor, Sighting, State
from jupyter_aml.entities import warm_rule
from jupyter_aml.entities.job_folder import AttemptFolder, attempt_folder
from jupyter_aml.entities.launch import Launch, Outcome, WarmPlan

PATIENCE: Final = 120.0
COLD: Final = WarmPlan(cold_because="the test wants it cold")


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was launched, and what can be read of it."""

    folder: AttemptFolder
    launch: Launch

    @property
    def artifacts(self) -> Path:
        return Path(self.launch.artifacts)

    def log(self, name: str = "std_log.txt") -> str:
        return (self.artifacts / "user_logs" / name).read_text()

    @property
    def story(self) -> str:
        return (self.artifacts / "system_logs" / "lifecycler.log").read_text()


@dataclass(slots=True)
class Yard:
    """Launches attempts below `root` and waits for what becomes of them."""

    root: Path
    executor: Executor
    interpreter: str = sys.executable
    tracking_uri: str = ""
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _made: list[Attempt] = field(default_factory=list[Attempt])

    def prepare(self, command: str, files: Mapping[str, str] | None = None, **rest: Any) -> Attempt:
        """An attempt of a job of its own, not launched yet."""
        job = f"job_{next(self._numbers)}"
        launch = Launch(
            job=job,
            command=command,
            interpreter=self.interpreter,
            artifacts=str(self.root / "artifacts" / job),
            experiment="Default",
            experiment_id="0",
            tracking_uri=self.tracking_uri,
            warm=COLD,
        )
        if files is not None:
            launch = replace(launch, snapshot=str(self.freeze(files)), blobs=str(self.root / "blobs"))
        made = Attempt(attempt_folder(self.root / "jobs", job, 1), replace(launch, **rest))
        self._made.append(made)
        return made

    def start(self, command: str, files: Mapping[str, str] | None = None, **rest: Any) -> Attempt:
        attempt = self.prepare(command, files, **rest)
        self.executor.launch(attempt.folder, attempt.launch)
        return attempt

    def run(self, command: str, files: Mapping[str, str] | None = None, **rest: Any) -> tuple[Attempt, Outcome]:
        attempt = self.start(command, files, **rest)
        return attempt, self.outcome(attempt)

    def run_warm(self, command: str, files: Mapping[str, str], **rest: Any) -> tuple[Attempt, Outcome]:
        """As the rule says: warm where it allows."""
        variables = rest.get("environment_variables", {})
        assert isinstance(variables, dict)
        return self.run(command, files, warm=warm_rule.plan(command, list(files), files.get, variables), **rest)

    def outcome(self, attempt: Attempt) -> Outcome:
        seen = self.wait_until(attempt, lambda sighting: sighting.state == State.ENDED)
        assert seen.outcome
        return seen.outcome

    def close(self) -> None:
        """End what a failed test left running, then let the executor go."""
        for attempt in self._made:
            if self.executor.look(attempt.folder).state == State.RUNNING:
                self.executor.stop(attempt.folder, "the test is over")
            self.executor.end_orphans(attempt.folder)
        self.executor.close()

    def wait_until(self, attempt: Attempt, wanted: Callable[[Sighting], bool]) -> Sighting:
        """Turn as a supervisor does until the attempt looks as wanted."""
        until = time.monotonic() + PATIENCE
        while not wanted(seen := self.executor.look(attempt.folder)):
            assert time.monotonic() < until, f"still {seen} after {PATIENCE:.0f} s"
            self.turn()
        return seen

    def turn(self, seconds: float = 0.005) -> None:
        for descriptor in select.select(self.executor.filenos(), [], [], seconds)[0]:
            self.executor.drain(descriptor)
        self.executor.reap()

    def freeze(self, files: Mapping[str, str]) -> Path:
        """A snapshot of these texts by path: its manifest."""
        rows = [[path, self._kept(text), 0o644, len(text)] for path, text in files.items()]
        body = json.dumps({"files": rows})
        manifest = self.root / "snapshots" / f"{hashlib.sha256(body.encode()).hexdigest()[:40]}.json"
        manifest.parent.mkdir(parents=True, exist_ok=True)
        manifest.write_text(body)
        return manifest

    def _kept(self, text: str) -> str:
        name = hashlib.sha256(text.encode()).hexdigest()
        blob = self.root / "blobs" / name[:2] / name
        blob.parent.mkdir(parents=True, exist_ok=True)
        blob.write_text(text)
        return name


def wait_for(condition: Callable[[], object]) -> None:
    """Until `condition` holds; asserts that it does in time."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, f"never came: {condition}"
        time.sleep(0.005)
