"""The log in the view, read by what reads it in earnest: very many lines of a file, a file that grows."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from jupyter_aml import command
from jupyter_aml.entities.run_changes import Cursor
from jupyter_aml.entities.workspace import DEFAULT_WORKSPACE
from jupyter_aml.operations import jobs, log_reader, run_changes
from jupyter_aml.operations.workspaces import Workspace, open_workspace
from tests.journeys.run_view.component.conftest import Show, View
from tests.journeys.run_view.component.logs import STD, counting, in_sight, run

pytestmark = pytest.mark.browser

TAB: Final = "Outputs + logs"
MANY: Final = 200_000


@pytest.fixture
def workspace(home: Path) -> Iterator[Workspace]:
    assert home.is_dir()
    opened = open_workspace(DEFAULT_WORKSPACE)
    yield opened
    opened.database.close()
    opened.runs.close()


@pytest.fixture
def log(workspace: Workspace) -> Path:
    jobs.submit(workspace, command(command="echo", name="mine"))  # nobody runs it: no supervisor is asked to
    path = workspace.folder.artifacts("mine") / STD
    path.parent.mkdir(parents=True)
    return path


def answers(workspace: Workspace) -> Mapping[str, object]:
    def asking(question: Callable[..., object]) -> Callable[[Mapping[str, Any]], object]:
        return lambda args: question(workspace, "mine", **{key: one for key, one in args.items() if key != "run"})

    return {
        "lines": asking(log_reader.lines),
        "search": asking(log_reader.search),
        "logs": asking(log_reader.logs),
    }


def push(view: View, workspace: Workspace, cursor: Cursor) -> Cursor:
    """Tell the page what is new since the cursor."""
    told = run_changes.changes(workspace, "mine", cursor)
    view.push(cursor=told.cursor, log=told.log)
    return told.cursor


def test_a_line_among_very_many_is_found_and_shown(show: Show, workspace: Workspace, log: Path) -> None:
    with log.open("w") as file:
        file.writelines(f"{counting(n)}{' the needle' if n == 154_321 else ''}\n" for n in range(MANY))
    view = show(run(), answers(workspace), tab=TAB, is_final=True)
    expect(view.page.locator(".sum")).to_contain_text("200,000 lines")
    view.page.get_by_label("Search in the log").fill("the NEEDLE")
    expect(view.page.locator(".current")).to_contain_text("step 154,321 ")
    assert len(in_sight(view.page)) < 40
    lines = view.page.locator(".log .lines")
    lines.focus()
    view.page.keyboard.press("End")
    expect(lines).to_contain_text("step 199,999 ")


def test_what_is_appended_is_the_same_line_by_line(show: Show, workspace: Workspace, log: Path) -> None:
    view = show(run(), answers(workspace), tab=TAB)
    cursor = Cursor()
    text = "".join(f"{counting(n)} é\n" for n in range(400)) + "10 %\r20 %\r"
    for begin in range(0, len(text), 777):
        with log.open("a") as file:
            file.write(text[begin : begin + 777])
        cursor = push(view, workspace, cursor)
    lines = view.page.locator(".log .lines")
    expect(lines).to_contain_text("20 %")
    expect(view.page.locator(".sum")).to_contain_text("401 lines")
    shown = [one.removesuffix("\n") for one in lines.locator("code").all_inner_texts()]
    assert shown == list(log_reader.lines(workspace, "mine", STD, -len(shown), len(shown)).lines)
    lines.focus()
    view.page.keyboard.press("Home")
    expect(lines).to_contain_text("step 0 ")
    log.write_text("begun anew\n")
    push(view, workspace, cursor)
    expect(view.page.locator(".sum")).to_contain_text("1 line ")
    expect(lines).to_contain_text("begun anew")
