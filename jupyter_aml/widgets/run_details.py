"""`RunDetails(job).show()`: a run in the notebook, live while it runs, static ever after. Nothing is decided here."""

import sys
import time
import uuid
from collections.abc import Mapping
from typing import Protocol, TypeAlias, runtime_checkable

from jupyter_aml.client import MLClient
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.run_details import RunTabs
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.operations.workspaces import of_arm
from jupyter_aml.widgets.audience import Audience, Widget
from jupyter_aml.widgets.carriers import MIME, widget_is_of_use
from jupyter_aml.widgets.detail import Look
from jupyter_aml.widgets.html import frame, page
from jupyter_aml.widgets.live import REFRESHER, Bundle, RunSource, View, bundle
from jupyter_aml.widgets.text import text

Shown: TypeAlias = Mapping[str, object]
"""What a front end may choose from, by MIME type."""


@runtime_checkable
class NamedJob(Protocol):
    """Anything that says which run it is; None: not submitted."""

    @property
    def name(self) -> str | None: ...


class Client(Protocol):
    """What is asked of an MLClient here."""

    @property
    def jobs(self) -> RunSource: ...


class RunDetails:
    """The tabs of a run: Details, Metrics, Images, Child runs, Outputs + logs, Snapshot, Explanations, Fairness.

    The children of a sweep are its trials; those of a pipeline are its graph, which is the first tab then.
    """

    def __init__(self, job: NamedJob | str, ml_client: Client | None = None) -> None:
        self.name = name_of(job)
        self._client = ml_client or client_of(job)
        self._source = self._client.jobs

    def show(self) -> None:
        """Display the run and follow it, without holding up the cell. In a terminal: its text, once.

        Raises ResourceNotFoundError when the workspace has no such run.
        """
        tabs = self._source.details(self.name)
        if not _in_notebook():
            _print(text(tabs, _look()))
        elif tabs.is_final:
            look = _look()
            _publish({**_whole(tabs, look), **self._kept(look.view)}, look.view, update=False)
        else:
            self._follow(tabs)

    def to_html(self) -> str:
        """The run as it is now: one self-contained piece of HTML, at most 60 kB."""
        return page(self._source.details(self.name), _look())

    def _follow(self, tabs: RunTabs) -> None:
        look = _look()
        kept, beside = self._kept(look.view), self._kept(look.view, is_frame=True)
        switches = {"text/html": frame(look.view, sweep=tabs.sweep, pipeline=tabs.pipeline), "text/plain": ""}
        _publish({**switches, **beside}, f"{look.view}-f", update=False)
        _publish({**bundle(tabs, look), **kept}, look.view, update=False)

        def repaint(painted: Bundle, view: str) -> None:
            _publish({**painted, **kept}, view, update=True)

        audience = Audience(self._source, look.view, lambda: self._offered(tabs, look, kept))
        REFRESHER.add(View(self._source, tabs, look.view, repaint, audience))

    def _kept(self, view: str, *, is_frame: bool = False) -> Shown:
        """What a notebook keeps of the run for a front end that shows it by itself: names, nothing else.

        The static view stands in two outputs; its frame is nothing to such a front end.
        """
        client = self._client
        if not isinstance(client, MLClient):
            return {}
        workspace = {
            "subscription_id": client.subscription_id,
            "resource_group": client.resource_group_name,
            "name": client.workspace_name,
        }
        return {MIME: {"run": self.name, "workspace": workspace, "view": view, "is_frame": is_frame}}

    def _offered(self, tabs: RunTabs, look: Look, kept: Shown) -> Widget | None:
        """The run as a widget, shown in place of its static view; None where nobody would see it."""
        if not isinstance(self._client, MLClient) or not widget_is_of_use():
            return None
        from jupyter_aml.widgets.run_widget import RunWidget  # brings anywidget

        widget = RunWidget(self._client.run_views, self.name)
        shown = widget._repr_mimebundle_()
        shown = shown[0] if isinstance(shown, tuple) else shown
        _publish({**bundle(tabs, look), **kept, **(shown or {})}, look.view, update=True)
        return widget

    def _ipython_display_(self) -> None:
        self.show()

    def __str__(self) -> str:
        """The run as text."""
        return text(self._source.details(self.name), _look())

    def __repr__(self) -> str:
        return f"RunDetails('{self.name}')"


def show_job(job: NamedJob | str, ml_client: Client | None = None) -> None:
    """Display a job and follow it: what the magics call after a submit."""
    RunDetails(job, ml_client).show()


def name_of(job: NamedJob | str) -> JobName:
    """The job's name. UserErrorException when it has none yet."""
    name = job if isinstance(job, str) else job.name
    if not name:
        raise UserErrorException(
            "This job has no name yet: it was not submitted.",
            resolution="Show what the submit returned: RunDetails(ml_client.jobs.create_or_update(job)).show()",
        )
    return JobName(name)


def client_of(job: NamedJob | str) -> MLClient:
    """A client of the workspace that returned the job; for a bare name the chosen one."""
    arm = str(getattr(job, "id", ""))
    return MLClient.of(of_arm(arm)) if arm.startswith("/subscriptions/") else MLClient.default()


def _look() -> Look:
    return Look(_new_view(), time.time())


def _new_view() -> str:
    return f"aml{uuid.uuid4().hex[:6]}"


def _whole(tabs: RunTabs, look: Look) -> Bundle:
    return {"text/html": page(tabs, look), "text/plain": text(tabs, look)}


def _in_notebook() -> bool:
    """Whether somebody renders HTML: a kernel does, IPython's terminal and plain Python do not."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    shell = get_ipython()
    return shell is not None and type(shell).__name__ != "TerminalInteractiveShell"


def _print(shown: str) -> None:
    """To whoever reads this terminal: that is what `show` promises."""
    sys.stdout.write(f"{shown}\n")


def _publish(painted: Shown, view: str, *, update: bool) -> None:
    """Show a bundle under the view's display id, or replace it there: from any thread, also while a cell runs."""
    from IPython.display import publish_display_data

    publish_display_data(dict(painted), {}, transient={"display_id": view}, update=update)
