"""One attempt of a job, from its folder to its outcome. Knows a folder, not the database; never runs one twice."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_aml.entities import command_line
from jupyter_aml.entities.environment_build import EnvironmentPlan
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.launch import Launch, Outcome, launch_from_json
from jupyter_aml.exceptions import MlException
from jupyter_aml.runner import (
    claim,
    ending,
    inputs,
    layer,
    outputs,
    process_tree,
    signals,
    start,
    transfer,
    variables,
    watch,
    working_directory,
)  # fmt: skip
from jupyter_aml.runner.doorbell import ring
from jupyter_aml.runner.inputs import Ground, Inputs
from jupyter_aml.runner.lifecycler import Lifecycler
from jupyter_aml.runner.ranks import Rank, ranks_of
from jupyter_aml.runner.signals import StoppedError

if TYPE_CHECKING:
    from jupyter_aml.runner.mounts import View
    from jupyter_aml.runner.tracking_service import Service


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A ready folder: what bash runs there, and what its process finds around it."""

    command: str
    environment: dict[str, str]


def run(folder: AttemptFolder, *, lease: int, is_warm: bool = False) -> None:
    """Be the runner of this attempt, in a process that does nothing else meanwhile.

    `lease` is the attempt's locked descriptor: user processes inherit it, so that it stays taken until the last
    of them is gone. `is_warm`: this process was forked from a warm worker. A second runner of the same attempt
    returns without a touch; everything else ends with an outcome, this runner's own failure too.
    """
    signals.hold()
    process_tree.lead()
    begun = claim.begin(folder)
    if begun is None:
        return
    os.set_inheritable(lease, True)  # noqa: FBT003  os takes it by position only
    doorbell = ""
    try:
        launch = launch_from_json(folder.launch.read_text())
        doorbell = launch.doorbell
        outcome = _Attempt(folder, launch, is_warm=is_warm).outcome()
    except Exception:  # noqa: BLE001  the edge of a process: whatever went wrong becomes the outcome
        import traceback

        outcome = Outcome("refused", error=f"The runner failed:\n{traceback.format_exc()}", ended_at=time.time())
    process_tree.end()
    ending.write(folder, replace(outcome, began_at=begun.at))
    if doorbell:
        ring(doorbell)


class _Attempt:
    """The story of one attempt; its methods are the phases."""

    def __init__(self, folder: AttemptFolder, launch: Launch, *, is_warm: bool) -> None:
        self.folder, self.launch = folder, launch
        self.is_warm = is_warm
        self.cold_because = launch.warm.cold_because
        self.log = Lifecycler(launch.artifacts)
        self.started_at = 0.0
        self.tracking: Service | None = None
        self.view: View | None = None

    def outcome(self) -> Outcome:
        """How it ended; nothing of it is held any more. A fork that becomes the user's program passes through."""
        try:
            outcome = self._outcome()
        except Exception:
            self._let_go()
            raise
        self._let_go()
        return outcome

    def _let_go(self) -> None:
        self.log.close()
        if self.tracking:
            self.tracking.close()

    def _outcome(self) -> Outcome:
        self.log.note("begun", f"job {self.launch.job}, runner {os.getpid()}")
        try:
            outcome = self._ran(self._prepared())
        except StoppedError:
            outcome = Outcome("canceled", error=self._reason())
        except (MlException, OSError) as error:
            outcome = Outcome("refused", error=f"The job could not start: {error}")
        self._tidy()
        outcome = self._sent(outcome)
        self.log.note(outcome.why, outcome.error.partition("\n")[0])
        ended = time.time()
        return replace(
            outcome, started_at=self.started_at, ended_at=ended, warm=self.is_warm, cold_because=self.cold_because
        )

    # ── before ──

    def _prepared(self) -> _Prepared:
        launch, folder = self.launch, self.folder
        if launch.nice:
            os.nice(launch.nice)
        working_directory.make(folder.code, launch.artifacts, launch.snapshot, launch.blobs, self._look_up)
        ground = Ground(launch.datastores, folder.inputs, self._look_up, transfer.fetch(launch, folder))
        places = outputs.make(launch.outputs, folder.outputs)
        given = self._guarded(inputs.resolve(launch.inputs, ground), ground, places)
        modern = command_line.modernised(launch.command)
        command = command_line.expand(modern, given.values, places, paths=given.data)
        built = self._built()
        common = variables.of_interpreter(layer.interpreter(launch, folder.layer))
        self.log.note("prepared", f"in {folder.code}")
        around = {**common, **variables.of_job(folder, launch, given, places)}
        return _Prepared(command, around | built)

    def _built(self) -> dict[str, str]:
        """What the job's process finds around it because its environment was built, or has an MLflow of its own."""
        plan, brings, lent = self.launch.environment, layer.brings_mlflow(self.launch), dict[str, str]()
        if plan.target:
            from jupyter_aml.runner import environment

            built = environment.ensure(plan, self.launch.artifacts, self.folder, self.log)
            environment.check_runs_us(built, self.launch.command)
            brings, lent = brings or bool(built.mlflow), environment.lent(self.folder)
        if not brings or not (plan.target or self.launch.transfer):
            return lent
        from jupyter_aml.runner import tracking_service

        self.tracking = tracking_service.use(_served(self.launch), self.folder)
        return lent | self.tracking.variables()

    def _guarded(self, given: Inputs, ground: Ground, places: Mapping[str, str]) -> Inputs:
        """The inputs, with what is mounted out of the job's reach; what it writes stays writable inside of that."""
        if not given.mounted:
            return given
        from jupyter_aml.runner import mounts

        own = Path(self.launch.doorbell).parent if self.launch.doorbell else self.folder.root
        view = mounts.view(
            given.mounted.values(), (*places.values(), self.launch.artifacts, str(self.folder.root), str(own))
        )
        if not view.read_only or self._sees(view):
            return given
        self.log.note("copying", "inputs: the kernel lets nobody mount them read-only here")
        return inputs.read_only_copies(given, ground)

    def _sees(self, view: "View") -> bool:
        """Whether the user's process will see files so. A warm runner is of one attempt and sees them so itself."""
        from jupyter_aml.runner import mounts

        if not self.is_warm:
            self.view = view if mounts.are_possible() else None
            return self.view is not None
        try:
            view.enter()
        except OSError:
            return False
        return True

    def _look_up(self) -> None:
        if signals.stop_is_asked(self.folder):
            raise StoppedError

    def _reason(self) -> str:
        try:
            return f"Canceled: {self.folder.cancel.read_text()}"
        except FileNotFoundError:
            return "Canceled: the runner was told to leave."

    # ── during ──

    def _ran(self, prepared: _Prepared) -> Outcome:
        if self.folder.cancel.exists():
            raise StoppedError
        ranks = ranks_of(self.launch.distribution, self.launch.nodes)
        os.chdir(self.folder.code)
        pids = [self._started(prepared, rank) for rank in ranks]
        self.started_at = self._say(pids[0])
        manner = "warm" if self.is_warm else f"cold: {self.cold_because or 'as asked'}"
        self.log.note("started", f"{manner}, pid {pids[0]}")
        ended = watch.until_end(ranks, pids, self.folder, self.launch.timeout)
        self._say(pids[0])
        self.log.note("ended", f"{ended.why}, exit code {ended.exit_code}")
        return self._judged(ended, prepared, ranks)

    def _started(self, prepared: _Prepared, rank: Rank) -> int:
        environment = variables.with_azures_names(
            {**prepared.environment, **rank.variables, **self.launch.environment_variables}
        )
        log = start.open_log(f"{self.launch.artifacts}/{rank.log}")
        try:
            return self._started_warm(prepared, environment, log) or self._cold(prepared, environment, log)
        finally:
            os.close(log)

    def _cold(self, prepared: _Prepared, environment: Mapping[str, str], log: int) -> int:
        return start.cold(prepared.command, environment, log, self.view)

    def _started_warm(self, prepared: _Prepared, environment: Mapping[str, str], log: int) -> int | None:
        """The pid of a fork that is the user's program; None when it must start cold after all."""
        if not self.is_warm:
            return None
        from jupyter_aml.runner import user_process

        call = user_process.program_of(prepared.command, self.launch.interpreter, self.folder.code)
        if isinstance(call, str):
            self.is_warm, self.cold_because = False, call
            return None
        program = str(Path(self.launch.interpreter).with_name(call.program))
        around = start.with_bash_variables(environment, program)
        return user_process.UserProgram(call, around, log, (self.log.fileno(),)).start()

    def _say(self, pid: int) -> float:
        """That the user's process is there, or gone; the time."""
        now = claim.add_phase(self.folder, pid)
        if self.launch.doorbell:
            ring(self.launch.doorbell)
        return now

    # ── after ──

    def _tidy(self) -> None:
        """Once nobody writes any more: what stands beside the artifacts goes there, the copies of inputs go away."""
        process_tree.end()
        for sentence in outputs.collect(self.folder.code, self.launch.artifacts):
            self.log.note("collected", sentence)
        inputs.remove(self.folder.inputs)
        inputs.remove(self.folder.layer)

    def _sent(self, outcome: Outcome) -> Outcome:
        """What it wrote for storage elsewhere goes there, of a failed job too; what cannot be sent stays here."""
        if outcome.why not in {"exited", "timeout"}:
            return outcome
        try:
            transfer.send(self.launch, self.folder)
        except StoppedError:
            return Outcome("canceled", error=self._reason())
        except (MlException, OSError) as error:
            said = f"The job's outputs could not be sent; they are in {self.folder.outputs}. {error}"
            return Outcome("refused", error=said) if outcome.exit_code == 0 else outcome
        inputs.remove(self.folder.outputs)
        return outcome

    def _judged(self, ended: watch.Ended, prepared: _Prepared, ranks: list[Rank]) -> Outcome:
        match ended.why:
            case "exited" if ended.exit_code:
                from jupyter_aml.runner import notebook_lines

                log = ranks[ended.rank].log
                place = notebook_lines.told(self.folder.code, Path(self.launch.artifacts, log))
                said = ending.failure(prepared.command, ended.exit_code, self.launch.artifacts, log, place)
                return Outcome("exited", ended.exit_code, ending.own_words(self.folder) or said)
            case "exited":
                return Outcome("exited", 0)
            case "canceled":
                return Outcome("canceled", error=self._reason())
            case "timeout":
                limit = f"{self.launch.timeout:g} s"
                return Outcome("timeout", error=f"Canceled: the job ran longer than its limit of {limit}.")
            case "lost":
                return Outcome(
                    "lost", error="The job's runner was told to leave (SIGTERM: a shutdown?); it took the job along."
                )


def _served(launch: Launch) -> EnvironmentPlan:
    """What a tracking server is started with: as planned, or by the interpreter that submits."""
    plan = launch.environment
    if plan.server_interpreter:
        return plan
    return replace(plan, server_interpreter=launch.transfer[0], workspace=launch.transfer[-1])
