"""Jobs as rows: listed newest first a page at a time, named, and final once they are over."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import FINISHED, JobStatus
from jupyter_aml.exceptions import ResourceExistsError, ResourceNotFoundError
from jupyter_aml.store import jobs
from jupyter_aml.store.database import Database

JOB = JobRecord(
    JobName("first"), "command", JobStatus.NOT_STARTED, "exp", "Shown 'é'", ComputeName("c"), {"command": "a\nb"}, 1.5,
    description="d", parent="p", nodes=2, max_attempts=3, tags={"a": "é"}, properties={"p": "1"},
)  # fmt: skip


def _insert(database: Database, *wanted: JobRecord) -> None:
    with database.transaction() as connection:
        for job in wanted:
            jobs.insert(connection, job, '{"launch": 1}')


def _named(*names: str, **fields: object) -> list[JobRecord]:
    return [replace(JOB, name=JobName(name), parent="", **fields) for name in names]


def test_a_job_comes_back_as_it_was_inserted(database: Database) -> None:
    _insert(database, JOB)
    assert jobs.get(database, "first") == JOB
    assert jobs.launch_text(database, "first") == '{"launch": 1}'


def test_a_taken_name_is_refused_and_nothing_of_the_transaction_stays(database: Database) -> None:
    _insert(database, JOB)
    with pytest.raises(ResourceExistsError, match="'first' exists"):
        _insert(database, *_named("second", "first"))
    assert jobs.recent_names(database) == ["first"]


def test_a_missing_job_names_the_nearest_one(database: Database) -> None:
    _insert(database, *_named("happy_frog_x3kq7bdw1m", "sad_toad_1111111111"))
    with pytest.raises(ResourceNotFoundError) as caught:
        jobs.get(database, "happy_frog_x3kq7bdw1n")
    assert "Did you mean 'happy_frog_x3kq7bdw1m'?" in str(caught.value)
    assert jobs.find(database, "nothing") is None


def test_a_list_is_newest_first_over_every_page(database: Database) -> None:
    _insert(database, *_named(*(f"j{number}" for number in range(25))))
    listed = jobs.select(database, jobs.Filter(), page=10)
    assert [job.name for job in listed] == [f"j{number}" for number in reversed(range(25))]


def test_a_list_reads_no_more_pages_than_are_walked_and_misses_nothing_when_jobs_arrive(database: Database) -> None:
    _insert(database, *_named(*(f"j{number}" for number in range(30))))
    listed = jobs.select(database, jobs.Filter(), page=10)
    first = list(itertools.islice(listed, 10))
    _insert(database, *_named("late"))
    names = [job.name for job in [*first, *listed]]
    assert names == [f"j{number}" for number in reversed(range(30))]


@pytest.mark.parametrize(
    ("which", "names"),
    [
        (jobs.Filter(), ["child", "other", "done", "plain"]),
        (jobs.Filter(experiment="e2"), ["other"]),
        (jobs.Filter(status="Completed"), ["done"]),
        (jobs.Filter(parent="plain"), ["child"]),
        (jobs.Filter(archived=True), ["hidden"]),
        (jobs.Filter(archived=None), ["child", "hidden", "other", "done", "plain"]),
        (jobs.Filter(experiment="exp", status="Completed"), ["done"]),
        (jobs.Filter(experiment="' OR 1=1 --"), []),
    ],
)
def test_a_filter_shows_what_it_says(database: Database, which: jobs.Filter, names: list[str]) -> None:
    child = replace(JOB, name=JobName("child"), parent="plain")
    _insert(database, *_named("plain", "done"), *_named("other", experiment="e2"), *_named("hidden"), child)
    with database.transaction() as connection:
        jobs.set_status(connection, "done", JobStatus.COMPLETED)
        jobs.describe(connection, "hidden", {"archived": 1})
    assert [job.name for job in jobs.select(database, which)] == names


@pytest.mark.parametrize(
    "asked",
    [
        lambda database: jobs.children(database, "p"),
        lambda database: jobs.children_of(database, ["p", "q"]),
        lambda database: list(jobs.select(database, jobs.Filter(parent="p", archived=None))),
        lambda database: jobs.unfinished_children(database.connection, "p"),
    ],
)
def test_whose_children_they_are_is_looked_up_and_no_other_job_read(
    database: Database, asked: Callable[[Database], object]
) -> None:
    _insert(database, JOB)
    statements: list[str] = []
    database.connection.set_trace_callback(statements.append)
    asked(database)
    database.connection.set_trace_callback(None)
    for statement in statements:
        plan = [row["detail"] for row in database.connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert any("jobs_of_parent (parent=?" in step for step in plan), plan


@pytest.mark.parametrize("final", sorted(FINISHED))
def test_a_finished_job_never_changes_its_status(database: Database, final: JobStatus) -> None:
    _insert(database, JOB)
    with database.transaction() as connection:
        jobs.set_status(connection, "first", final, exit_code=3, ended_at=2.0)
    for later in JobStatus:
        with database.transaction() as connection:
            jobs.set_status(connection, "first", later, exit_code=0)
    assert jobs.get(database, "first") == replace(JOB, status=final, exit_code=3, ended_at=2.0)
    assert jobs.unfinished(database) == []


def test_a_description_changes_names_and_tags_only(database: Database) -> None:
    _insert(database, JOB)
    with database.transaction() as connection:
        jobs.describe(connection, "first", {"display_name": "New", "status": "Completed", "command": "rm"})
    assert jobs.get(database, "first") == replace(JOB, display_name="New")
