"""A view in a real kernel: it follows its run beside whatever the cells do, and ends as static HTML."""

import re
from pathlib import Path

from tests.journeys.run_view.conftest import RUN, Screen
from tests.journeys.run_view.folder_source import FolderRuns

SHOW = f"RunDetails({RUN!r}, client).show()"
THREADS = "import threading; print('views:', [t.name for t in threading.enumerate() if t.name == 'aml-run-views'])"


def busy_until(flag: Path) -> str:
    """A cell that never lets go of the kernel's main thread until the flag is there."""
    return f"import os\nwhile not os.path.exists({str(flag)!r}): pass"


def test_a_view_follows_its_run_while_a_cell_keeps_the_kernel_busy(
    screen: Screen, runs: FolderRuns, tmp_path: Path
) -> None:
    screen.run(SHOW)
    flag = tmp_path / "go on"
    cell = screen.start(busy_until(flag))
    for step in range(3):
        runs.log_metric(RUN, step, 0.5 / (step + 1))
    screen.until(lambda: ">0.1667<" in screen.painted()[-1])
    runs.end(RUN)
    screen.until(lambda: "Completed" in screen.painted()[-1])
    assert not screen.is_done(cell)
    flag.touch()
    screen.until(lambda: screen.is_done(cell))
    assert screen.of_kind("error", "stream") == []


def test_a_repaint_replaces_what_was_shown_and_leaves_the_chosen_tab_alone(screen: Screen, runs: FolderRuns) -> None:
    screen.run(SHOW)
    runs.log_metric(RUN, 1, 0.25)
    screen.until(lambda: ">0.25<" in screen.painted()[-1])
    shown, updates = screen.of_kind("display_data"), screen.of_kind("update_display_data")
    assert len(shown) == 2
    frame, body = (content["transient"]["display_id"] for content in shown)
    assert {content["transient"]["display_id"] for content in updates} == {body}
    assert "type=radio" in shown[0]["data"]["text/html"]
    assert frame == f"{body}-f"
    runs.end(RUN)
    screen.until(lambda: "Completed" in screen.painted()[-1])


def test_nothing_stays_behind_when_the_run_is_over(screen: Screen, runs: FolderRuns) -> None:
    screen.run(f"{SHOW}\n{SHOW}\nshow_job({RUN!r}, client)")
    screen.run(THREADS)
    assert "views: ['aml-run-views']" in screen.printed()
    runs.end(RUN)
    screen.until(lambda: sum("Completed" in shown for shown in screen.painted()) == 3)
    screen.run("[t.join(30) for t in threading.enumerate() if t.name == 'aml-run-views']; print('gone')\n" + THREADS)
    assert "gone\nviews: []" in screen.printed()


def test_a_view_outlives_a_store_that_is_away(screen: Screen, runs: FolderRuns) -> None:
    runs.log_metric(RUN, 1, 0.125)
    screen.run(SHOW)
    away = runs.root.with_name("away")
    runs.root.rename(away)
    screen.until(lambda: "could not be read" in screen.painted()[-1])
    assert ">0.125<" in screen.painted()[-1]
    away.rename(runs.root)
    runs.end(RUN, "Failed")
    screen.until(lambda: "Failed" in screen.painted()[-1])
    assert "could not be read" not in screen.painted()[-1]
    assert screen.of_kind("error", "stream") == []


def test_a_kernel_that_ends_says_so_in_its_views(screen: Screen, runs: FolderRuns) -> None:
    screen.run(SHOW)
    runs.log_metric(RUN, 1, 0.75)
    screen.client.shutdown()
    screen.until(lambda: "The kernel ended at" in screen.painted()[-1])
    assert ">0.75<" in screen.painted()[-1]
    assert f"RunDetails(&#x27;{RUN}&#x27;).show()" in screen.painted()[-1]


def test_a_run_that_is_over_is_one_static_page_and_starts_no_thread(screen: Screen, runs: FolderRuns) -> None:
    runs.log_metric(RUN, 1, 0.5)
    runs.end(RUN)
    screen.run(f"RunDetails({RUN!r}, client)\n")
    screen.run(THREADS)
    (shown,) = screen.of_kind("display_data")
    assert "type=radio" in shown["data"]["text/html"]
    assert shown["data"]["text/plain"].startswith(RUN)
    assert not any("widget" in kind for kind in shown["data"])
    assert "views: []" in screen.printed()


def test_an_unknown_run_is_an_error_where_it_was_asked_for(screen: Screen) -> None:
    screen.run("RunDetails('nobody', client).show()")
    (error,) = screen.of_kind("error")
    assert (error["ename"], error["evalue"]) == ("ResourceNotFoundError", "There is no run 'nobody'.")


def test_a_view_repaints_at_most_four_times_a_second(screen: Screen, runs: FolderRuns) -> None:
    screen.run(SHOW)
    for step in range(400):
        runs.log_metric(RUN, step, float(step))
    screen.until(lambda: ">399<" in screen.painted()[-1])
    at = [
        message["header"]["date"].timestamp() for message in screen.messages if "update_display" in message["msg_type"]
    ]
    assert len(at) <= 4 * (at[-1] - at[0]) + 2
    runs.end(RUN)
    screen.until(lambda: re.search("Completed", screen.painted()[-1]))
