"""`compare(job, job, …)`: runs side by side, as a value that shows itself. Nothing is decided or stored here."""

import time
import uuid
from collections.abc import Container, Sequence
from typing import Final

from jupyter_aml.client import MLClient
from jupyter_aml.entities.run_comparison import RunComparison
from jupyter_aml.entities.run_diff import Against, RunDiff
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.widgets.carriers import MIME
from jupyter_aml.widgets.comparison import comparison_html
from jupyter_aml.widgets.comparison_text import comparison_text
from jupyter_aml.widgets.detail import Look
from jupyter_aml.widgets.run_details import NamedJob, client_of, name_of

_MOST_DIFFS: Final = 5
"""Runs whose code is held against the first one's, line by line."""


class Compared:
    """Runs side by side, as they were when they were compared; `found` holds the rows as values."""

    def __init__(self, found: RunComparison, diffs: Sequence[RunDiff], client: MLClient, *, show_all: bool) -> None:
        self.found, self.diffs, self.show_all = found, tuple(diffs), show_all
        self._client = client

    def to_html(self) -> str:
        """One self-contained piece of HTML, at most 60 kB."""
        return comparison_html(self.found, self.diffs, Look("", time.time()), show_all=self.show_all)

    def __repr__(self) -> str:
        """The rows that differ, as text."""
        return comparison_text(self.found, self.diffs, show_all=self.show_all)

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> dict[str, object]:
        """For a front end that shows runs by itself their names; static HTML and text for every other."""
        del include, exclude
        names = [head.name for head in self.found.runs]
        workspace = {
            "subscription_id": self._client.subscription_id,
            "resource_group": self._client.resource_group_name,
            "name": self._client.workspace_name,
        }
        view = f"aml{uuid.uuid4().hex[:6]}"
        kept = {"run": names[0], "beside": names[1:], "workspace": workspace, "view": view, "is_frame": False}
        return {MIME: kept, "text/html": self.to_html(), "text/plain": repr(self)}


def compare(*jobs: NamedJob | str, ml_client: MLClient | None = None, show_all: bool = False) -> Compared:
    """Two or more runs side by side: params, metrics, tags, inputs, environment, code; first what differs.

    UserErrorException for fewer than two, ResourceNotFoundError with the nearest name for one that is not there.
    """
    names = list(dict.fromkeys(name_of(job) for job in jobs))
    if len(names) < 2:  # noqa: PLR2004 - one has nobody beside it
        found = f"{len(names)}: {', '.join(names)}" if names else "none"
        raise UserErrorException(f"Two runs or more can be compared; found {found}.", resolution="Name another one.")
    client = ml_client or client_of(jobs[0])
    compared = client.run_views.compare(tuple(names))
    return Compared(compared, _diffs(client, compared), client, show_all=show_all)


def _diffs(client: MLClient, found: RunComparison) -> list[RunDiff]:
    """The code of those whose snapshot is another than the first one's."""
    snapshots = found.code[0].values
    others = [head.name for head, one in zip(found.runs, snapshots, strict=True) if one != snapshots[0]]
    return [client.run_views.diff(name, Against("job", name=found.runs[0].name)) for name in others[:_MOST_DIFFS]]
