"""A compute instance as a user has it: made, stopped, started, shut down, with a real supervisor and pollers."""

from jupyter_aml.engine import lifecycle
from jupyter_aml.entities.compute import Compute
from jupyter_aml.entities.compute_instance import ComputeInstance
from tests.journeys.engine.conftest import Site, until

CI = "my-ci"
DAILY = {
    "action": "stop",
    "trigger": {"type": "cron", "expression": "0 18 * * *", "time_zone": "Romance Standard Time"},
}


def state(compute: Compute) -> str | None:
    assert isinstance(compute, ComputeInstance)
    return compute.state


def operation(compute: Compute) -> dict[str, str]:
    assert isinstance(compute, ComputeInstance)
    return compute.last_operation or {}


def test_it_is_made_stopped_and_started_and_each_poller_ends_where_azures_would(site: Site) -> None:
    made = site.ml.begin_create_or_update(ComputeInstance(name=CI)).result(timeout=60)
    assert (state(made), made.provisioning_state) == ("Running", "Succeeded")
    assert state(site.ml.compute.begin_stop(CI).result(timeout=60)) == "Stopped"
    name = site.submit("true", compute=CI)
    site.until_status(name, "Queued")
    started = site.ml.compute.begin_start(CI).result(timeout=60)
    assert operation(started)["operation_name"] == "Start"
    assert operation(started)["operation_status"] == "Succeeded"
    assert site.until_finished(name).status == "Completed"
    assert operation(site.ml.compute.begin_restart(CI).result(timeout=60))["operation_name"] == "Restart"
    assert site.ml.compute.begin_delete(CI).result(timeout=60) is True
    assert CI not in [compute.name for compute in site.ml.compute.list()]


def test_a_stop_waits_until_the_job_on_it_is_gone(site: Site) -> None:
    site.ml.begin_create_or_update(ComputeInstance(name=CI)).result(timeout=60)
    name = site.submit("trap '' TERM; while :; do sleep 0.01; done", compute=CI)
    site.until_status(name, "Running")
    stopped = site.ml.compute.begin_stop(CI).result(timeout=60)
    assert state(stopped) == "Stopped"
    assert site.get(name).status == "Failed"
    assert "instance was stopped" in site.get(name).error


def test_a_supervisor_stays_for_the_hours_of_an_instance_and_comes_back_when_it_is_looked_at(site: Site) -> None:
    draft = ComputeInstance.of({"name": CI, "schedules": {"compute_start_stop": [DAILY]}})
    site.ml.begin_create_or_update(draft).result(timeout=60)
    lifecycle.stop(site.folder)
    lifecycle.start(site.folder, idle_seconds=0.05)
    until(lambda: lifecycle.pid(site.folder))
    number = lifecycle.pid(site.folder)
    for _ in range(3):  # three jobs' time is more than it would wait without an alarm
        site.until_finished(site.submit("sleep 0.1"))
    assert lifecycle.pid(site.folder) == number
    lifecycle.stop(site.folder)
    site.ml.compute.get(CI)
    until(lambda: lifecycle.pid(site.folder))
