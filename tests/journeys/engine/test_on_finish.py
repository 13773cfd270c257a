"""The command at the end of jobs, whatever becomes of the supervisor that ran it."""

import shlex

from jupyter_aml.engine import lifecycle
from tests.journeys.engine.conftest import Site, until


def test_a_supervisor_that_is_killed_while_it_runs_runs_it_no_second_time(site: Site) -> None:
    scratch = shlex.quote(str(site.scratch))
    wait = "while [ ! -e go ]; do sleep 0.01; done"
    site.ml.workspaces.set_on_finish(f"cd {scratch}; echo $JUPYTER_AML_STATUS >> told; {wait}; echo over >> told")
    first = site.submit("true")
    until(lambda: site.lines("told") == ["Completed"])
    assert site.kill_supervisor()
    site.ensure_supervisor()
    second = site.submit("exit 1")
    site.until_finished(second)
    until(lambda: site.lines("told") == ["Completed", "Failed"])
    (site.scratch / "go").touch()
    until(lambda: len(site.lines("told")) == 4)
    lifecycle.stop(site.folder)
    site.ensure_supervisor()
    site.until_finished(site.submit("true"))
    until(lambda: len(site.lines("told")) == 6)
    assert sorted(site.lines("told")) == ["Completed", "Completed", "Failed", "over", "over", "over"]
    assert site.get(first).status == "Completed"
