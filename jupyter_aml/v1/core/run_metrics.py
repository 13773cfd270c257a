"""SDK v1's `run.log…` and `get_metrics`. Translates; what a value is, `logged` says, and `run_logging` keeps it."""

import io
import json
import logging
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol

from jupyter_aml.exceptions import ResourceExistsError, UserErrorException
from jupyter_aml.operations import run_logging, run_uploads
from jupyter_aml.v1.arguments import meaningless
from jupyter_aml.v1.core import logged
from jupyter_aml.v1.core.run_base import RunBase

_LOG: Final = logging.getLogger(__name__)
_UNSEEN: Final = "nothing shows the description of a metric"


class Plot(Protocol):
    """A matplotlib figure, or pyplot itself."""

    def savefig(self, fname: Any, *, format: str) -> object:  # noqa: ANN401 - matplotlib's signature
        """Paint it into a file."""
        ...


class RunMetrics(RunBase):
    """What a run logs, and what it has logged. The `description` of a metric has no meaning: nothing shows it."""

    def log(self, name: str, value: object, description: str = "", step: int | None = None) -> None:
        """Log one value. Of a number that is logged again a chart is drawn; UserErrorException for a list."""
        meaningless(_UNSEEN, description=description)
        if logged.several(value) is not None:
            raise UserErrorException("run.log does not support list type. Use run.log_list instead")
        shown = logged.plain(value)
        if isinstance(shown, bool) or not isinstance(shown, int | float):
            if isinstance(shown, str) and not isinstance(value, str):
                _LOG.warning("log '%s': a %s is logged as its text.", name, type(value).__name__)
            self._note(name, logged.SCALAR, shown)
            return
        if isinstance(shown, int):
            self._note_whole(name)
        run_logging.add(self._workspace, self.id, name, [float(shown)], step)

    def log_list(self, name: str, value: object, description: str = "") -> None:
        """Log a list, an array or a series."""
        meaningless(_UNSEEN, description=description)
        values = logged.several(value)
        if values is None:
            raise UserErrorException(f"log_list '{name}': a list is expected, found a {type(value).__name__}.")
        self._note(name, logged.LIST, values)
        self._chart(name, values)

    def log_row(self, name: str, description: str | None = None, **kwargs: object) -> None:
        """Log one row of a table, by column; the next call adds a row."""
        meaningless(_UNSEEN, description=description)
        row = {key: logged.plain(value) for key, value in kwargs.items()}
        self._note(name, logged.ROW, row)
        for key, value in row.items():
            self._chart(f"{name}/{key}", [value])

    def log_table(self, name: str, value: object, description: str = "") -> None:
        """Log a table: a dict of columns."""
        meaningless(_UNSEEN, description=description)
        table = logged.checked_table(name, value)
        self._note(name, logged.TABLE, table)
        for key, column in table.items():
            self._chart(f"{name}/{key}", column if isinstance(column, list) else [column])

    def log_image(self, name: str, path: str | None = None, plot: Plot | None = None, description: str = "") -> None:
        """Log a picture: a file, or a figure that is painted now. UserErrorException unless exactly one is given."""
        meaningless(_UNSEEN, description=description)
        if (path is None) == (plot is None):
            raise UserErrorException("log_image: exactly one of path and plot is expected.")
        if plot is not None:
            painted = io.BytesIO()
            plot.savefig(painted, format="png")
            painted.seek(0)
            artifact = self._kept(f"{name}_{int(time.time())}.png", painted)
        else:
            artifact = self._kept(Path(path or "").name, Path(path or ""))
        self._note(name, logged.IMAGE, self._reference(artifact))

    def log_confusion_matrix(self, name: str, value: object, description: str = "") -> None:
        """Log a confusion matrix: Azure's JSON, or a dict of the same."""
        meaningless(_UNSEEN, description=description)
        self._document(name, "confusion_matrix", value)

    def log_accuracy_table(self, name: str, value: object, description: str = "") -> None:
        """Log an accuracy table: Azure's JSON, or a dict of the same."""
        meaningless(_UNSEEN, description=description)
        self._document(name, "accuracy_table", value)

    def log_residuals(self, name: str, value: object, description: str = "") -> None:
        """Log residuals: Azure's JSON, or a dict of the same."""
        meaningless(_UNSEEN, description=description)
        self._document(name, "residuals", value)

    def log_predictions(self, name: str, value: object, description: str = "") -> None:
        """Log predictions: Azure's JSON, or a dict of the same."""
        meaningless(_UNSEEN, description=description)
        self._document(name, "predictions", value)

    def flush(self, timeout_seconds: int = 300) -> None:
        """Everything is written when it is logged; nothing waits."""

    def _logged(self, name: str | None, *, populate: bool = False) -> dict[str, Any]:
        """What it logged, by name; `populate`: of a chart the document itself, not where it lies."""
        ran = self._ran
        series = {one.key: [point.value for point in one.points] for one in self._workspace.runs.metrics(ran)}
        notes = run_logging.notes(self._workspace, ran)
        found = logged.gathered(map(self._populated, notes) if populate else notes, series)
        return {key: value for key, value in found.items() if name in {None, key}}

    def _populated(self, note: Mapping[str, Any]) -> Mapping[str, Any]:
        if note["type"] not in logged.ARTIFACTS.values():
            return note
        file = run_uploads.path(self._workspace, self._ran, note["value"].partition(f"/dcid.{self._ran}/")[2])
        return {**note, "value": json.loads(file.read_text(encoding="utf-8"))}

    def _note(self, name: str, kind: str, value: object) -> None:
        run_logging.note(self._workspace, self.id, {"name": name, "type": kind, "value": value})

    def _note_whole(self, name: str) -> None:
        """That a metric's numbers are whole ones; said once by each process."""
        known = self.__dict__.setdefault("_known_whole", set[str]())
        if name not in known:
            known.add(name)
            self._note(name, logged.WHOLE, None)

    def _chart(self, key: str, values: list[logged.Plain]) -> None:
        """The same for the run view's charts, as far as they are numbers."""
        if found := logged.numbers(values):
            run_logging.add(self._workspace, self.id, key, found)

    def _document(self, name: str, kind: str, value: object) -> None:
        document = logged.checked_document(name, kind, value)
        artifact = self._kept(name, io.BytesIO(json.dumps(document, ensure_ascii=False).encode()))
        self._note(name, logged.ARTIFACTS[kind], self._reference(artifact))

    def _kept(self, name: str, source: Path | io.BytesIO) -> str:
        """The name under which it is kept: another one when that is taken."""
        stem, ending = os.path.splitext(name)  # noqa: PTH122 - a metric's name may have slashes
        for turn in range(1, 1000):
            free = name if turn == 1 else f"{stem}_{turn}{ending}"
            with suppress(ResourceExistsError):
                run_uploads.add(self._workspace, self.id, free, source)
                return free
        raise UserErrorException(f"'{name}' was logged a thousand times.")

    def _reference(self, artifact: str) -> str:
        return f"aml://artifactId/ExperimentRun/dcid.{self.id}/{artifact}"
