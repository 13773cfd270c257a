"""A pipeline's steps in the store: read, begun, taken over, told to end. Every change is one transaction."""

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from jupyter_aml.engine.orchestrators.pipeline.step import Made
from jupyter_aml.engine.orchestrators.program import NotWantedError
from jupyter_aml.entities.job_folder import pipeline_template, trial_template
from jupyter_aml.entities.job_record import ChildRecord, JobRecord
from jupyter_aml.entities.launch import OutputSpec
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.pipeline_plan import STEP
from jupyter_aml.entities.status import MLFLOW_STATUS, JobStatus
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.store import facts, jobs
from jupyter_aml.store.database import Database, Transaction
from jupyter_aml.store.job_outputs import outputs_of
from jupyter_aml.tracking.runs import Runs

_REUSABLE: Final = "step.reusable"


class Ledger:
    """One pipeline's rows. Its own status is the supervisor's."""

    def __init__(self, folder: WorkspaceFolder, pipeline: JobName) -> None:
        self.folder, self.pipeline = folder, pipeline
        self.database = Database(folder.database)
        self.runs = Runs(folder.tracking_database)

    # ── reading ──

    def job(self) -> JobRecord:
        """The pipeline itself."""
        return jobs.get(self.database, self.pipeline)

    def children(self) -> Sequence[ChildRecord]:
        """Its children; a step that is repeated has several."""
        return jobs.children(self.database, self.pipeline)

    def statuses(self, names: Iterable[str]) -> Mapping[JobName, JobStatus]:
        """How these jobs stand."""
        return jobs.statuses(self.database, names)

    def error(self, name: str) -> str:
        """What is said of a job that failed."""
        return jobs.get(self.database, name).error

    def outputs(self, name: str) -> dict[str, OutputSpec]:
        """The outputs of a step's job."""
        return outputs_of(self.database, self.folder, name)

    def earlier(self, mark: str) -> JobRecord | None:
        """The job of an earlier step that was just this one and completed, its outputs still there; or None."""
        fact = facts.last(self.database, mark, _REUSABLE)
        job = jobs.find(self.database, str(fact.body["job"])) if fact else None
        if job is None or job.status != JobStatus.COMPLETED:
            return None
        return job if all(_is_there(output) for output in self.outputs(job.name).values()) else None

    def collected(self, loop: str) -> str:
        """What tells apart what the rounds of a loop made, once it has been put together; '' until then."""
        path = self._collected(loop)
        return path.read_text() if path.exists() else ""

    def _collected(self, loop: str) -> Path:
        return pipeline_template(self.folder.jobs, self.pipeline).with_name(f"{loop}.collected")

    # ── writing ──

    def keep_collected(self, loop: str, sum_: str) -> None:
        """What the rounds of a loop made has been put together, and is not again: others may read it by now."""
        self._write(self._collected(loop), sum_)

    def begin(self, made: Made) -> None:
        """Wish a step's job. NotWantedError when the pipeline is about to end. MLflow's run first, as everywhere."""
        self._create_run(made.record)
        self._keep_plan(made)
        with self.database.transaction() as connection:
            if not jobs.may_have_children(connection, self.pipeline):
                raise NotWantedError
            record = made.record
            jobs.insert(connection, record, made.launch.to_json())
            facts.append(
                connection, at=record.created_at, kind="job.wished", subject=record.name,
                experiment=record.experiment, compute=record.compute, parent=self.pipeline,
            )  # fmt: skip
            self._tell(connection, record, reused="")

    def take_over(self, made: Made, earlier: str) -> None:
        """A step that was run before: its job is born completed, and nobody runs it."""
        self._create_run(made.record)
        with self.database.transaction() as connection:
            if not jobs.may_have_children(connection, self.pipeline):
                raise NotWantedError
            jobs.insert(connection, made.record, made.launch.to_json())
            self._tell(connection, made.record, reused=earlier)

    def _tell(self, connection: Transaction, record: JobRecord, *, reused: str) -> None:
        facts.append(
            connection, at=record.created_at, kind="pipeline.step", subject=self.pipeline,
            step=record.properties[STEP], child=record.name, reused=reused,
        )  # fmt: skip

    def _create_run(self, record: JobRecord) -> None:
        self.runs.create(
            record.name,
            record.experiment,
            display_name=record.display_name,
            artifact_uri=self.folder.artifacts(record.name).as_uri(),
            tags={**record.properties, **record.tags},
            start_ms=int(record.created_at * 1000),
            status=MLFLOW_STATUS[record.status],
            parent=self.pipeline,
        )

    def _keep_plan(self, made: Made) -> None:
        if not made.plan:
            return
        where = pipeline_template if made.record.type == "pipeline" else trial_template
        path = where(self.folder.jobs, made.record.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._write(path, made.plan)

    @staticmethod
    def _write(path: Path, text: str) -> None:
        beside = path.with_suffix(".new")
        beside.write_text(text)
        beside.rename(path)

    def offer(self, mark: str, job: str) -> None:
        """A completed step may be taken over by later ones that are the same."""
        with self.database.transaction() as connection:
            facts.append(connection, at=time.time(), kind=_REUSABLE, subject=mark, job=job)

    def end(self, names: Iterable[str]) -> None:
        """Wish the end of these jobs."""
        with self.database.transaction() as connection:
            for name in names:
                facts.append(
                    connection, at=time.time(), kind="job.cancel.wished", subject=name, parent=self.pipeline
                )  # fmt: skip

    def end_all(self) -> None:
        """Wish the end of every child that goes on."""
        with self.database.transaction() as connection:
            left = jobs.unfinished_children(connection, self.pipeline)
        self.end(left)


def _is_there(output: OutputSpec) -> bool:
    """Whether an output can still be read; of what is elsewhere, nobody asks."""
    return output.is_remote or Path(output.path).exists()
