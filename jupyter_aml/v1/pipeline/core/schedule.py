"""SDK v1's schedules of published pipelines: SDK v2's by their names. Nothing is due here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

from jupyter_aml.constants import ScheduleListViewType
from jupyter_aml.entities.names import checked
from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.entities.schedule import JobSchedule
from jupyter_aml.entities.schedule_record import SCHEDULE_ID
from jupyter_aml.entities.trigger import RecurrenceTrigger
from jupyter_aml.exceptions import NotAvailableError, ResourceNotFoundError, UserErrorException, did_you_mean
from jupyter_aml.operations import jobs
from jupyter_aml.store.jobs import Filter
from jupyter_aml.v1.arguments import meaningless, refuse, refuse_others
from jupyter_aml.v1.pipeline.core.published import ID, PublishedPipeline
from jupyter_aml.v1.pipeline.core.run import PipelineRun
from jupyter_aml.v1.pipeline.core.time_zones import TimeZone

if TYPE_CHECKING:
    from jupyter_aml.v1.core.workspace import Workspace

__all__ = ["Schedule", "ScheduleRecurrence", "TimeZone"]

_WATCHING: Final = "schedules that watch a datastore"
_OF_ENDPOINT: Final = "Schedule the published pipeline of one of its versions."
_AT_ONCE: Final = "a schedule is there at once"
_ACTIVE, _DISABLED = "Active", "Disabled"
_FREQUENCIES: Final = ("Minute", "Hour", "Day", "Week", "Month")
_DAILY, _WEEKLY = ("Day", "Week"), ("Week",)
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_OF_DAY: Final = re.compile(r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)", re.ASCII)


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

    def __post_init__(self) -> None:
        """Refuse what says two things, or none."""
        if self.time_of_day is not None:
            if self.hours is not None or self.minutes is not None:
                raise UserErrorException("time_of_day: either it, or hours and minutes.")
            found = _OF_DAY.fullmatch(self.time_of_day)
            if not found:
                raise UserErrorException(f"time_of_day: '{self.time_of_day}' is none.", resolution="Write it as 08:30.")
            self.hours, self.minutes = [int(found["hour"])], [int(found["minute"])]
        if isinstance(self.start_time, datetime) and self.start_time.tzinfo is not None:
            raise UserErrorException("start_time: it has a time zone.", resolution="Say it by time_zone=TimeZone.….")

    def validate(self) -> None:
        """UserErrorException, by its field, for times that cannot be."""
        if self.frequency not in _FREQUENCIES:
            raise UserErrorException(
                f"frequency: '{self.frequency}' is none.", resolution=did_you_mean(self.frequency, _FREQUENCIES)
            )
        _check_range("interval", [self.interval], 1, None)
        for name, within in (("hours", _DAILY), ("minutes", _DAILY), ("week_days", _WEEKLY)):
            if getattr(self, name) is not None and self.frequency not in within:
                raise UserErrorException(f"{name}: only with a frequency of {' or '.join(within)}.")
        _check_range("hours", self.hours or (), 0, 23)
        _check_range("minutes", self.minutes or (), 0, 59)
        for day in self.week_days or ():
            if day not in _DAYS:
                raise UserErrorException(f"week_days: '{day}' is none.", resolution=did_you_mean(day, _DAYS))

    def trigger(self) -> RecurrenceTrigger:
        """SDK v2's trigger of the same times (ours); raises as `validate`."""
        self.validate()
        hours, minutes = list(self.hours or ()), list(self.minutes or ())
        days = [day.lower() for day in self.week_days or ()]
        pattern = {"hours": hours or [0], "minutes": minutes or [0], **({"week_days": days} if days else {})}
        said = {"start_time": self.start_time, "time_zone": str(self.time_zone) if self.time_zone else None}
        return RecurrenceTrigger.of({
            "frequency": self.frequency.lower(), "interval": self.interval,
            **({"schedule": pattern} if hours or minutes or days else {}),
            **{name: value for name, value in said.items() if value is not None},
        })  # fmt: skip


def _check_range(name: str, given: Sequence[object], least: int, most: int | None) -> None:
    for value in given:
        if isinstance(value, bool) or not isinstance(value, int) or value < least or (most and value > most):
            until = "or more" if most is None else f"to {most}"
            raise UserErrorException(f"{name}: a whole number is expected, {least} {until}; found {value!r}.")


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
        **others: object,
    ) -> "Schedule":
        """Run a published pipeline at these times; in place of the schedule of that name, if there is one.

        It is there when this returns: nothing is waited for. NotAvailableError for one that watches a datastore.
        """
        refuse_others("Schedule.create", others, "name", "pipeline_id", "experiment_name", "recurrence", "description")
        meaningless(_AT_ONCE, wait_for_provisioning=wait_for_provisioning, wait_timeout=wait_timeout)
        _no_watch("Schedule.create", datastore, data_path_parameter_name, path_on_datastore)
        meaningless("no datastore is watched", polling_interval=polling_interval)
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
    def get(workspace: "Workspace", id: str, **others: object) -> "Schedule":
        """The one of that id, which is its name. UserErrorException when there is none."""
        refuse_others("Schedule.get", others, "workspace", "id")
        try:
            return Schedule(workspace, workspace.client.schedules.get(id))
        except ResourceNotFoundError as error:
            raise UserErrorException(error.message, resolution=error.resolution) from None

    @staticmethod
    def every(
        workspace: "Workspace",
        active_only: bool = True,
        pipeline_id: str | None = None,
        pipeline_endpoint_id: str | None = None,
        **others: object,
    ) -> "list[Schedule]":
        """All of them, newest first; disabled ones too unless `active_only`; of one published pipeline if asked."""
        refuse_others("Schedule.list", others, "workspace", "active_only", "pipeline_id")
        refuse("Schedule.list", _OF_ENDPOINT, pipeline_endpoint_id=pipeline_endpoint_id)
        view = ScheduleListViewType.ENABLED_ONLY if active_only else ScheduleListViewType.ALL
        every = (Schedule(workspace, one) for one in workspace.client.schedules.list(list_view_type=view))
        return [one for one in every if pipeline_id in {None, one.pipeline_id}]

    @staticmethod
    def get_schedules_for_pipeline_id(workspace: "Workspace", pipeline_id: str, **others: Any) -> "list[Schedule]":  # noqa: ANN401 - those of `list`
        """Those of one published pipeline, disabled ones too."""
        return Schedule.every(workspace, active_only=False, pipeline_id=pipeline_id, **others)

    @staticmethod
    def create_for_pipeline_endpoint(*_: object, **__: object) -> "Schedule":
        """NotAvailableError: a schedule is of one published pipeline."""
        raise NotAvailableError.of("create_for_pipeline_endpoint", "schedules of endpoints")

    @staticmethod
    def load_yaml(*_: object, **__: object) -> "Schedule":
        """NotAvailableError: SDK v2's `load_schedule` reads its own YAML."""
        raise NotAvailableError.of("Schedule.load_yaml", "YAML files of SDK v1's schedules")

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
        return _ACTIVE if self._entity.is_enabled else _DISABLED

    @property
    def recurrence(self) -> ScheduleRecurrence:
        """Its times."""
        said = self._entity.trigger.spec()
        pattern: Mapping[str, Any] = said.get("schedule") or {}
        days = [day.capitalize() for day in pattern.get("week_days") or ()] or None
        begins, times = (said.get("start_time"), said.get("time_zone")), (pattern.get("hours"), pattern.get("minutes"))
        return ScheduleRecurrence(str(said["frequency"]).capitalize(), said["interval"], *begins, *times, days)

    @property
    def continue_on_step_failure(self) -> bool:
        """Whether other steps go on when one has failed."""
        return bool(cast("PipelineJob", self._entity.create_job).settings.continue_on_step_failure)

    def get_pipeline_runs(self) -> "list[PipelineRun]":
        """The runs that it made, newest first."""
        found = jobs.select(self.workspace.client.workspace, Filter())
        ends = f"/schedules/{self._entity.name}"
        return [
            PipelineRun(self.workspace.experiment(job.experiment), job.name)
            for job in found if job.type == "pipeline" and job.properties.get(SCHEDULE_ID, "").endswith(ends)
        ]  # fmt: skip

    def get_last_pipeline_run(self) -> PipelineRun | None:
        """The newest of them; None before the first."""
        return next(iter(self.get_pipeline_runs()), None)

    # ── what can be done ──

    def disable(self, wait_for_provisioning: bool = False, wait_timeout: int = 3600) -> None:
        """Let it run nothing more, from now on."""
        meaningless(_AT_ONCE, wait_for_provisioning=wait_for_provisioning, wait_timeout=wait_timeout)
        self._entity = self.workspace.client.schedules.begin_disable(self.id).result()

    def enable(self, wait_for_provisioning: bool = False, wait_timeout: int = 3600) -> None:
        """Let it run again, from now on."""
        meaningless(_AT_ONCE, wait_for_provisioning=wait_for_provisioning, wait_timeout=wait_timeout)
        self._entity = self.workspace.client.schedules.begin_enable(self.id).result()

    def update(
        self,
        name: str | None = None,
        description: str | None = None,
        recurrence: ScheduleRecurrence | None = None,
        pipeline_parameters: Mapping[str, Any] | None = None,
        status: str | None = None,
        wait_for_provisioning: bool = False,
        wait_timeout: int = 3600,
        datastore: object = None,
        polling_interval: int | None = None,
        data_path_parameter_name: str | None = None,
        continue_on_step_failure: bool | None = None,
        path_on_datastore: str | None = None,
    ) -> None:
        """Say something else of it: other times, other values of its parameters, `Active` or `Disabled`."""
        meaningless(_AT_ONCE, wait_for_provisioning=wait_for_provisioning, wait_timeout=wait_timeout)
        _no_watch("update", datastore, data_path_parameter_name, path_on_datastore)
        meaningless("no datastore is watched", polling_interval=polling_interval)
        if status not in {None, _ACTIVE, _DISABLED}:
            raise UserErrorException(f"status: '{status}' is none.", resolution=f"{_ACTIVE} or {_DISABLED}")
        said = {
            "display_name": name, "description": description,
            "trigger": recurrence.trigger() if recurrence else None,
            "create_job": self._job(pipeline_parameters, continue_on_step_failure),
        }  # fmt: skip
        for field, value in said.items():
            if value is not None:
                setattr(self._entity, field, value)
        self._entity = self.workspace.client.schedules.begin_create_or_update(self._entity).result()
        if status is not None and status != self.status:
            (self.enable if status == _ACTIVE else self.disable)()

    def _job(self, values: Mapping[str, Any] | None, continue_on_step_failure: bool | None) -> PipelineJob | None:
        """Its pipeline with other values; None when none is said."""
        if values is None and continue_on_step_failure is None:
            return None
        before = cast("PipelineJob", self._entity.create_job)
        draft = PublishedPipeline.get(self.workspace, self.pipeline_id or "").job(values)
        draft.experiment_name = before.experiment_name
        if values is None:
            draft.inputs = before.inputs
        known = before.settings.continue_on_step_failure
        draft.settings.continue_on_step_failure = (
            known if continue_on_step_failure is None else continue_on_step_failure
        )
        return draft

    list = get_all = every

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        return f"Pipeline(Name: {self.name},\nId: {self.id},\nStatus: {self.status},\nPipeline Id: {self.pipeline_id})"


def _no_watch(call: str, datastore: object, parameter: str | None, path: str | None) -> None:
    """NotAvailableError for a schedule that watches a datastore."""
    if datastore is not None or parameter is not None or path is not None:
        raise NotAvailableError.of(f"{call}(datastore=…)", _WATCHING)
