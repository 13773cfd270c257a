"""`ml_client.run_views` (ours): what a view of a run may ask, one method a question. Values out; nothing is painted."""

from jupyter_aml.client import waiting
from jupyter_aml.client.jobs import JobOperations
from jupyter_aml.entities.run_changes import Changes, Cursor, RunNow
from jupyter_aml.entities.run_code import RunCode
from jupyter_aml.entities.run_comparison import RunComparison
from jupyter_aml.entities.run_diff import Against, FileDiff, RunDiff
from jupyter_aml.entities.run_files import Area, FilePreview
from jupyter_aml.entities.run_logs import Level, LogFile, LogLines, LogMatches
from jupyter_aml.entities.run_series import Curve, PointRows, SeriesWindow
from jupyter_aml.operations.workspaces import Workspace


class RunViewOperations:
    """Questions about the runs of one workspace; safe to ask from several threads.

    The protocol of the views is made from these methods, so their types are plain data.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._jobs = JobOperations(workspace)

    def changes(self, run: str, cursor: Cursor, patience: float = 0.0) -> Changes:  # noqa: ARG002 - for who carries it
        """What is new since the cursor of the last answer; the first cursor is `Cursor()`.

        It never waits: `patience` says for how many seconds whoever carries the question may, asking
        `ml_client.jobs.version`. An answer with something new may not be all of it: ask again until one `is_empty`.
        """
        from jupyter_aml.operations import run_changes

        answer = run_changes.changes(self._workspace, run, cursor)
        if not answer.is_final:
            self._jobs.look_after()
        return answer

    def series(self, run: str, curves: tuple[Curve, ...]) -> tuple[SeriesWindow, ...]:
        """Points of metrics for charts, in the order in which they are asked for."""
        from jupyter_aml.operations import run_series

        return run_series.series(self._workspace, run, curves)

    def points(self, run: str, key: str, first: int, count: int) -> PointRows:
        """Rows of a metric's table."""
        from jupyter_aml.operations import run_series

        return run_series.points(self._workspace, run, key, first, count)

    def logs(self, run: str) -> tuple[LogFile, ...]:
        """The run's logs, the one that is read first before the others."""
        from jupyter_aml.operations import log_reader

        return log_reader.logs(self._workspace, run)

    def lines(self, run: str, file: str, first: int, count: int) -> LogLines:
        """Lines of a log from number `first`; a negative one counts from the end."""
        from jupyter_aml.operations import log_reader

        return log_reader.lines(self._workspace, run, file, first, count)

    def search(self, run: str, file: str, text: str, level: Level = "", limit: int = 1_000) -> LogMatches:
        """The numbers of a log's lines that hold `text` and are at least as bad as `level`."""
        from jupyter_aml.operations import log_reader

        return log_reader.search(self._workspace, run, file, text, level=level, limit=limit)

    def file(self, run: str, area: Area, name: str) -> FilePreview:
        """The beginning of one of the run's files, as a person may look at it."""
        from jupyter_aml.operations import run_files

        return run_files.file(self._workspace, run, area, name)

    def diff(self, run: str, against: Against) -> RunDiff:
        """What sets the run apart from another, a folder or a cell."""
        from jupyter_aml.operations import snapshot_diff

        return snapshot_diff.diff(self._workspace, run, against)

    def file_diff(self, run: str, against: Against, file: str) -> FileDiff:
        """One file of the same, with its lines: those of many files are left out of a `diff`."""
        from jupyter_aml.operations import snapshot_diff

        return snapshot_diff.file_diff(self._workspace, run, against, file)

    def code(self, run: str) -> RunCode:
        """The run as YAML, Python, a command line and a cell."""
        from jupyter_aml.operations import run_code

        return run_code.code(self._workspace, run)

    def compare(self, runs: tuple[str, ...]) -> RunComparison:
        """Several runs side by side, in the order in which they are named."""
        from jupyter_aml.operations import run_comparison

        return run_comparison.compare(self._workspace, runs)

    def cancel(self, run: str) -> RunNow:
        """Ask for the run's end; how it stands. A finished one stays as it is."""
        with waiting.at_once():
            self._jobs.begin_cancel(run)
        return self._now(run)

    def resubmit(self, run: str) -> RunNow:
        """Submit a job like this one under a new name, with the code that it ran. It never waits: others are served."""
        with waiting.at_once():
            return self._now(self._jobs.resubmit(run).name or "")

    def _now(self, run: str) -> RunNow:
        job = self._jobs.get(run)
        return RunNow(job.name or run, job.status)
