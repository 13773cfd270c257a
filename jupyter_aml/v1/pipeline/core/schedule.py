"""SDK v1's schedules of published pipelines: SDK v2's by their names. Nothing is due here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from jupyter_aml.constants import ScheduleListViewType
from jupyter_aml.entities.names import checked
from jupyter_aml.entities.schedule import JobSchedule
from jupyter_aml.entities.trigger import RecurrenceTrigger
from jupyter_aml.exceptions import NotAvailableError, ResourceNotFoundError, UserErrorException
from jupyter_aml.operations import jobs
from jupyter_aml.store.jobs import Filter
from jupyter_aml.v1.pipeline.core.published import ID, PublishedPipeline
from jupyter_aml.v1.pipeline.core.run import PipelineRun

if TYPE_CHECKING:
    from jupyter_aml.v1.core.workspace import Workspace

__all__ = ["Schedule", "ScheduleRecurrence"]

_WATCHING: Final = "schedules that watch a datastore"


@dataclass
class ScheduleRecurrence:
    """Every `interval` minutes, hours, days, weeks or months; `time_of_day` is '08:30', `week_days` are names."""

    frequency: str
    interval: int
    start_time: datetime | str | None = None
    time_zone: str | None = None
    hours: Sequence[int] | None = None
    minutes: Sequence[int] | None = None
    week_days: Sequence[str] | None = None
    time_of_day: str | None = None

    def trigger(self) -> RecurrenceTrigger:
        """SDK v2's trigger of the same times (ours). UserErrorException for a time of day that is none."""
        hours, minutes = list(self.hours or ()), list(self.minutes or ())
        if self.time_of_day:
            hour, _, minute = self.time_of_day.partition(":")
            if not (hour.isdigit() and minute.isdigit()):
                raise UserErrorException(f"time_of_day: '{self.time_of_day}' is none.", resolution="Write it as 08:30.")
            hours, minutes = [int(hour)], [int(minute)]
        days = [day.lower() for day in self.week_days or ()]
        pattern = {"hours": hours or [0], "minutes": minutes or [0], **({"week_days": days} if days else {})}
        said = {"start_time": self.start_time, "time_zone": self.time_zone}
        return RecurrenceTrigger.of({
            "frequency": self.frequency.lower(), "interval": self.interval,
            **({"schedule": pattern} if hours or minutes or days else {}),
            **{name: value for name, value in said.items() if value is not None},
        })  # fmt: skip


class Schedule:
    """A schedule of a published pipeline. Made by `Schedule.create`, found by `Schedule.get` and `Schedule.list`."""

    def __init__(self, workspace: "Workspace", entity: JobSchedule) -> None:
        self.workspace, self._entity = workspace, entity

    # ── which ones there are ──

    @staticmethod
    def create(
        workspace: "Workspace",
        name: str,
        pipeline_id: str | None = None,
        experiment_name: str | None = None,
        recurrence: ScheduleRecurrence | None = None,
        description: str | None = None,
        pipeline_parameters: Mapping[str, Any] | None = None,
        wait_for_provisioning: bool = False,
        wait_timeout: int = 3600,
        datastore: object = None,
        polling_interval: int = 5,
        data_path_parameter_name: str | None = None,
        continue_on_step_failure: bool | None = None,
        path_on_datastore: str | None = None,
        **_: object,
    ) -> "Schedule":
        """Run a published pipeline at these times; in place of the schedule of that name, if there is one."""
        if datastore is not None:
            raise NotAvailableError.of("Schedule.create(datastore=…)", _WATCHING)
        if not pipeline_id or recurrence is None:
            raise UserErrorException("Schedule.create: pipeline_id and recurrence are required.")
        pipeline = PublishedPipeline.get(workspace, pipeline_id)
        draft = pipeline.job(pipeline_parameters)
        draft.experiment_name = experiment_name
        if continue_on_step_failure is not None:
            draft.settings.continue_on_step_failure = continue_on_step_failure
        entity = JobSchedule.of({
            "name": checked("schedule", name), "display_name": name, "description": description,
            "trigger": recurrence.trigger(), "create_job": draft, "properties": {ID: pipeline_id},
        })  # fmt: skip
        return Schedule(workspace, workspace.client.schedules.begin_create_or_update(entity).result())

    @staticmethod
    def get(workspace: "Workspace", id: str, **_: object) -> "Schedule":
        """The one of that id, which is its name. UserErrorException when there is none."""
        try:
            return Schedule(workspace, workspace.client.schedules.get(id))
        except ResourceNotFoundError as error:
            raise UserErrorException(error.message, resolution=error.resolution) from None

    @staticmethod
    def every(
        workspace: "Workspace", active_only: bool = True, pipeline_id: str | None = None, **_: object
    ) -> "list[Schedule]":
        """All of them, newest first; disabled ones too unless `active_only`; of one published pipeline if asked."""
        view = ScheduleListViewType.ENABLED_ONLY if active_only else ScheduleListViewType.ALL
        every = (Schedule(workspace, one) for one in workspace.client.schedules.list(list_view_type=view))
        return [one for one in every if pipeline_id in {None, one.pipeline_id}]

    # ── what it is ──

    @property
    def id(self) -> str:
        """Its id: its name."""
        return self._entity.name

    @property
    def name(self) -> str:
        """Its name."""
        return self._entity.display_name or self._entity.name

    @property
    def description(self) -> str | None:
        """What was said of it."""
        return self._entity.description

    @property
    def pipeline_id(self) -> str | None:
        """The id of the published pipeline that it runs."""
        return self._entity.properties.get(ID)

    @property
    def status(self) -> str:
        """`Active`, or `Disabled`."""
        return "Active" if self._entity.is_enabled else "Disabled"

    def get_pipeline_runs(self) -> "list[PipelineRun]":
        """The runs that it made, newest first."""
        found = jobs.select(self.workspace.client.workspace, Filter())
        begins = f"{self._entity.name}-"
        return [
            PipelineRun(self.workspace.experiment(job.experiment), job.name)
            for job in found if job.type == "pipeline" and job.display_name.startswith(begins)
        ]  # fmt: skip

    def get_last_pipeline_run(self) -> PipelineRun | None:
        """The newest of them; None before the first."""
        return next(iter(self.get_pipeline_runs()), None)

    # ── what can be done ──

    def disable(self, wait_for_provisioning: bool = False, wait_timeout: int = 3600) -> None:
        """Let it run nothing more."""
        self._entity = self.workspace.client.schedules.begin_disable(self.id).result()

    def enable(self, wait_for_provisioning: bool = False, wait_timeout: int = 3600) -> None:
        """Let it run again."""
        self._entity = self.workspace.client.schedules.begin_enable(self.id).result()

    def update(
        self,
        name: str | None = None,
        description: str | None = None,
        recurrence: ScheduleRecurrence | None = None,
        **_: object,
    ) -> None:
        """Say something else of it, or other times."""
        said = {
            "display_name": name, "description": description,
            "trigger": recurrence.trigger() if recurrence else None,
        }  # fmt: skip
        for field, value in said.items():
            if value is not None:
                setattr(self._entity, field, value)
        self._entity = self.workspace.client.schedules.begin_create_or_update(self._entity).result()

    list = get_all = every

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        return f"Pipeline(Name: {self.name},\nId: {self.id},\nStatus: {self.status},\nPipeline Id: {self.pipeline_id})"
