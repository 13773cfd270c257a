"""The driver of a parallel step, from the plan to the exit code. Who gets which mini-batch is said in `course`."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from jupyter_aml.entities.parallel_plan import PLAN, plan_from_json
from jupyter_aml.runner.parallel import tables
from jupyter_aml.runner.parallel.batches import Batch, CutError, of_files, size_of
from jupyter_aml.runner.parallel.bell import Bell, StoppedError
from jupyter_aml.runner.parallel.course import Course, StalledError
from jupyter_aml.runner.parallel.crew import Crew
from jupyter_aml.runner.parallel.files import files_of
from jupyter_aml.runner.parallel.journal import RESULT, Journal
from jupyter_aml.runner.parallel.settings import Settings, settings
from jupyter_aml.runner.parallel.tally import TooManyError

_FAILED: Final = 1
_KILLED: Final = 128
_ATTEMPT: Final = "JUPYTER_AML_ATTEMPT"


def main(words: Sequence[str]) -> int:
    """Run the step that the environment describes; its exit code."""
    given = settings(plan_from_json(os.environ[PLAN]), words)
    logs = Path(os.environ.get("AZUREML_LOGDIRECTORY_PATH") or "logs").absolute()
    scratch = Path(tempfile.mkdtemp(prefix="mini-batches-", dir=os.environ.get(_ATTEMPT)))
    bell, journal = Bell(), Journal(logs)
    try:
        return _Driver(given, bell, journal, logs, scratch).exit_code()
    except StoppedError as error:
        journal.note("It was told to stop, and its workers with it.")
        return _KILLED + error.number
    finally:
        journal.close()
        bell.close()
        shutil.rmtree(str(scratch), ignore_errors=True)


class _Driver:
    """One step, and what it needs around it."""

    def __init__(self, given: Settings, bell: Bell, journal: Journal, logs: Path, scratch: Path) -> None:
        self.settings, self.bell, self.journal = given, bell, journal
        self.logs, self.scratch = logs, scratch

    def exit_code(self) -> int:
        try:
            return self._ran(self._cut())
        except CutError as error:
            return self._failed(f"The parallel job failed before its first mini-batch. {error}")

    def _cut(self) -> list[Batch]:
        plan = self.settings.plan
        place = os.environ.get(f"AZURE_ML_INPUT_{plan.input}")
        if place is None:
            raise CutError(f"The job has no input '{plan.input}', which is to be cut into mini-batches.")
        if plan.is_table:
            return tables.cut(plan, place, self.scratch)
        if plan.partition_keys:
            raise CutError(f"partition_keys need a table: the input '{plan.input}' is a {plan.input_type}, no mltable.")
        return of_files(
            files_of(place, plan.input), size_of(plan.mini_batch_size), lambda file: Path(file).stat().st_size
        )

    def _ran(self, batches: Sequence[Batch]) -> int:
        crew = Crew(self.settings, batches, self.logs, self.scratch)
        course = Course(self.settings, batches, crew, self.bell, self.journal)
        self.journal.note(
            f"{len(batches):,} mini-batches, {course.tally.items:,} items, {course.wanted} worker processes"
        )
        why = ""
        try:
            course.run()
        except (TooManyError, StalledError) as error:
            why = str(error)
        finally:
            crew.end()
        self.journal.progress(course.tally, course.wanted, is_last=True)
        self._write_rows(course)
        return self._failed(f"The parallel job failed: {why}", course) if why else self._completed(course)

    def _write_rows(self, course: Course) -> None:
        """What run() returned, of a job that failed too."""
        plan = self.settings.plan
        if plan.output:
            place = course.rows.write(os.environ[f"AZURE_ML_OUTPUT_{plan.output}"], plan.output_type)
            self.journal.note(f"The rows are in {place}")
        course.rows.close()

    def _completed(self, course: Course) -> int:
        said = f"The parallel job completed: {course.tally.line()}."
        self.journal.result(f"{said}\n{_failures(course)}".strip())
        self.journal.note(said)
        return 0

    def _failed(self, why: str, course: Course | None = None) -> int:
        """The sentence is the job's error too."""
        told = f"{why}\n{course.tally.line()}\n{_failures(course)}".strip() if course else why
        self.journal.result(told)
        self.journal.note(told)
        sys.stderr.write(f"{why}\n")
        attempt = os.environ.get(_ATTEMPT)
        if attempt:
            first = f" The first: {course.tally.failures[0]}." if course and course.tally.failures else ""
            Path(attempt, "error").write_text(f"{why}{first} See logs/{RESULT}.")
        return _FAILED


def _failures(course: Course) -> str:
    told = course.tally.told()
    return f"Mini-batches that failed:\n{told}" if told else ""
