"""A job's folder: the one class that knows every file name in it. Names only; `runner` and `engine` do the work."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class AttemptFolder:
    """The files by which one attempt of a job and the supervisor speak to each other.

    lease         locked (flock) from before the launch until the last process of the attempt is gone
    launch.json   what to run; written by the executor before anything starts
    begun         created once (O_EXCL) by the runner: an attempt never runs twice; holds its pid and start time,
                  then a line when the user's process exists and one when it is gone (`runner.claim` reads them)
    attached      instead of `begun`, in the folder of an interactive run: the process that it is a part of, in such a
                  line, and those that went on with it later, each in its own; nobody launches it
    outcome.json  how it ended; appears whole, by rename, as the runner's last act
    cancel        asks the runner to stop; its text is the reason
    fetched.json  where the remote inputs lie here, by name; written by the process that brought them
    transfer.error  why it could not bring or send something
    error         why it failed, in an orchestrator's own words
    """

    root: Path

    @property
    def lease(self) -> Path:
        return self.root / "lease"

    @property
    def launch(self) -> Path:
        return self.root / "launch.json"

    @property
    def begun(self) -> Path:
        return self.root / "begun"

    @property
    def attached(self) -> Path:
        return self.root / "attached"

    @property
    def outcome(self) -> Path:
        return self.root / "outcome.json"

    @property
    def cancel(self) -> Path:
        return self.root / "cancel"

    @property
    def code(self) -> Path:
        """The working directory: a writable copy of the snapshot."""
        return self.root / "wd"

    @property
    def inputs(self) -> Path:
        """The job's own copies of inputs; they leave with the attempt."""
        return self.root / "inputs"

    @property
    def outputs(self) -> Path:
        """What the job writes for storage elsewhere, by output; it leaves once it was sent."""
        return self.root / "outputs"

    @property
    def fetched(self) -> Path:
        return self.root / "fetched.json"

    @property
    def transfer_error(self) -> Path:
        return self.root / "transfer.error"

    @property
    def error(self) -> Path:
        return self.root / "error"

    @property
    def layer(self) -> Path:
        """What the job installs itself."""
        return self.root / "environment"


def attempt_folder(jobs: Path, job: str, attempt: int) -> AttemptFolder:
    """The folder of one attempt under the workspace's `jobs`."""
    return AttemptFolder(jobs / job / str(attempt))


def orchestrator_bell(jobs: Path, job: str) -> Path:
    """Where the program of a job that is made of other jobs listens: a socket that says "look again"."""
    return jobs / job / "doorbell"


def pipeline_template(jobs: Path, job: str) -> Path:
    """What a pipeline's program is told."""
    return jobs / job / "pipeline.json"


def trial_template(jobs: Path, job: str) -> Path:
    """From what the children of a sweep are made."""
    return jobs / job / "trial.json"
