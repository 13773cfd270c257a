"""`%%aml_job`, `%aml_job`, `%aml_jobs`: jobs, typed. Parses, submits or asks, shows."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from IPython.core.magic import Magics, line_cell_magic, line_magic, magics_class

from jupyter_aml.entities.status import FINISHED
from jupyter_aml.exceptions import JobException, UserErrorException, did_you_mean
from jupyter_aml.magics import options
from jupyter_aml.magics.outcry import plain
from jupyter_aml.magics.parser import Line, parse, usage, whole
from jupyter_aml.magics.session import SESSION

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_aml.entities.job import Command, Job
    from jupyter_aml.entities.job_draft import JobDraft
    from jupyter_aml.entities.sweep import Sweep
    from jupyter_aml.notebook import Captured
    from jupyter_aml.widgets.jobs_table import JobsTable

LAST = "_aml_job"
"""The variable that holds the job which was submitted last."""


@magics_class
class JobMagics(Magics):
    """Magics about jobs."""

    @line_cell_magic
    @plain
    def aml_job(self, line: str, cell: str | None = None) -> None:
        """Run this cell as a job, or ask about one.

        %%aml_job [options]                The cell's Python runs as a job of its own, outside this kernel, with the
                                           variables that it uses; they are listed before it starts.
                                           A backslash at its end lets the magic's line go on below.
        %%aml_job --code DIR [options]     The cell is a shell command, run in a copy of the folder DIR.
        %aml_job show|stream|cancel|download|wait|archive|restore [NAME]    NAME: the last one submitted.

        The submitted job is in the variable `_aml_job`. Options:
        {options}
        Of %aml_job download: --path DIR, --output NAME, --all.

        Examples
        --------
        %%aml_job --experiment demo --input rate=0.1 --wait
        import mlflow
        mlflow.log_metric("rate", rate)

        %aml_job show
        """
        if cell is None:
            self._act(parse(line, options.JOB_LINE, most_words=2))
        else:
            line, cell = whole(line, cell)
            self._submit(parse(line, options.JOB), cell)

    @line_magic
    @plain
    def aml_jobs(self, line: str) -> "JobsTable":
        """List the workspace's jobs, newest first.

        %aml_jobs [--experiment NAME] [--status STATUS] [--max N] [--archived]

        Examples
        --------
        %aml_jobs
        %aml_jobs --status Failed --max 5
        """
        from jupyter_aml.magics.listing import table

        SESSION.client.jobs.look_after()
        return table(SESSION.workspace, parse(line, options.JOBS))

    @property
    def _shell(self) -> "InteractiveShell":
        """The shell; magics are only made by one."""
        if self.shell is None:
            raise UserErrorException(
                "The magics need IPython.", resolution="In Python: from jupyter_aml import MLClient"
            )
        return self.shell

    def _submit(self, line: Line, cell: str) -> None:
        refuse_both(line, "--wait", "--no-wait")
        draft = self._command(line, cell) if line.one("--code") else self._python(line, cell)
        say_what_is_text(line)
        job = submitted(draft)
        self._shell.user_ns[LAST] = job
        follow(line, job)

    def _command(self, line: Line, cell: str) -> "Command":
        from jupyter_aml.magics.drafts import draft

        if not cell.strip():
            raise UserErrorException("The cell is empty.", resolution="With --code, the cell is the shell command.")
        return draft(line, command=cell.strip(), code=line.one("--code"), type_at=type_at)

    def _python(self, line: Line, cell: str) -> "Command":
        from jupyter_aml.magics.cells import as_job, captured
        from jupyter_aml.magics.drafts import draft

        wanted = draft(line, command="python", code=None, type_at=type_at)
        found = captured(self._shell, cell, [*wanted.inputs, *wanted.outputs])
        SESSION.client.jobs.validate(wanted, raise_on_failure=True)
        say_captured(found.table())
        return as_job(SESSION.workspace, found, wanted)

    def _act(self, line: Line) -> None:
        verb, name = self._asked(line)
        jobs = SESSION.client.jobs
        match verb:
            case "show":
                show(jobs.get(name))
            case "stream":
                stream(name)
            case "cancel":
                jobs.begin_cancel(name)
                _say(f"Asked for the end of {name}.")
            case "wait":
                wait(name)
            case "download":
                path = line.one("--path") or "."
                jobs.download(name, download_path=path, output_name=line.one("--output"), all="--all" in line.flags)
                _say(f"Downloaded to {Path(path).resolve()}.")
            case "archive":
                jobs.archive(name)
            case _:
                jobs.restore(name)

    def _asked(self, line: Line) -> tuple[str, str]:
        """The verb and the job; without a name, the job that was submitted last."""
        verb = line.words[0] if line.words else "show"
        if verb not in options.JOB_VERBS:
            message = f"%aml_job: '{verb}' is not something to do with a job."
            raise UserErrorException(message, resolution=did_you_mean(verb, options.JOB_VERBS))
        if len(line.words) > 1:
            return verb, line.words[1]
        last = self._shell.user_ns.get(LAST)
        if last is None:
            raise UserErrorException(f"%aml_job {verb} needs a job's name.", resolution="%aml_jobs lists them.")
        return verb, str(last.name)


JobMagics.aml_job.__doc__ = (JobMagics.aml_job.__doc__ or "").replace(
    "{options}",
    usage(options.JOB).replace("\n", "\n        "),
)


def type_at(path: str) -> str:
    """What lies at an input's path, as an input's type."""
    from jupyter_aml.operations.inputs import type_at

    return type_at(SESSION.workspace, path)


def refuse_both(line: Line, one: str, other: str) -> None:
    """UserErrorException when both flags were given."""
    if {one, other} <= line.flags:
        raise UserErrorException(f"{one} and {other} exclude each other.")


def check_taken(magic: str, verb: str, line: Line) -> None:
    """An option that a verb does not take would be ignored: UserErrorException."""
    taken = options.TAKEN_BY_VERB[magic].get(verb, ())
    for name in (*line.values, *line.flags):
        if name not in taken:
            known = f"It takes {', '.join(taken)}." if taken else "It takes no option."
            raise UserErrorException(f"{magic} {verb} takes no {name}.", resolution=known)


def say_what_is_text(line: Line) -> None:
    """A file's bare name is text, as everywhere on a command line; it may have been meant as data."""
    for name, text in line.pairs("--input").items():
        if re.fullmatch(r"[\w][\w. -]*", text) and Path(text).exists():
            _say(f"{name}={text} is taken as text. For the file's data: --input {name}=./{text}")


def show(job: "Job | Sweep") -> None:
    """Display a job's run view, and follow it."""
    from jupyter_aml.widgets.run_details import show_job

    show_job(job, SESSION.client)


def submitted(draft: "JobDraft") -> "Job":
    """The job, just submitted: its view is to be shown before anybody waits."""
    from jupyter_aml.client import waiting

    with waiting.at_once():
        return SESSION.client.jobs.create_or_update(draft)


def follow(line: Line, job: "Job | Sweep", magic: str = "job") -> None:
    """Show a job that was just submitted, and wait for its end where the line or `%aml_wait on` says so.

    JobException as of `wait`; Ctrl-C says that the job goes on, however early it comes.
    """
    name = str(job.name)
    try:
        show(job)
        _finish(line, name, magic)
    except KeyboardInterrupt:
        raise _goes_on(name, magic) from None


def _finish(line: Line, name: str, magic: str) -> None:
    from jupyter_aml.client import waiting

    if "--wait" in line.flags:
        wait(name, magic)
    elif waiting.is_on() and "--no-wait" not in line.flags:
        waiting.tell(_over(name, magic))


def wait(name: str, magic: str = "job") -> None:
    """Return when the job is over. JobException for one that failed, and on Ctrl-C, which leaves the job running."""
    job = _over(name, magic)
    if job.status == "Failed":
        raise JobException(f"{name} failed. {job.error}")


def _over(name: str, magic: str) -> "Job":
    """The job, once it is over. JobException on Ctrl-C."""
    from jupyter_aml.widgets.progress_line import progress_line

    jobs = SESSION.client.jobs
    try:
        with progress_line(jobs, name):
            job = jobs.wait(name)
    except KeyboardInterrupt:
        raise _goes_on(name, magic) from None
    _settle(name)
    return job


def cancel(name: str, children: str) -> None:
    """Ask for the end of a job with children; of one that is over say so."""
    job = SESSION.client.jobs.get(name)
    if job.status in FINISHED:
        _say(f"{name} is over: {job.status}.")
        return
    SESSION.client.jobs.begin_cancel(name)
    _say(f"Asked for the end of {name} and of its {children}.")


def stream(name: str, magic: str = "job") -> None:
    """Print the job's log until it is over. JobException as of `wait`."""
    from jupyter_aml.widgets.progress_line import progress_line

    jobs = SESSION.client.jobs
    try:
        with progress_line(jobs, name):
            jobs.stream(name)
    except JobException as error:
        if isinstance(error.__context__, KeyboardInterrupt):
            raise _goes_on(name, magic) from None
        raise


def _goes_on(name: str, magic: str) -> JobException:
    return JobException(f"{name} goes on. Follow it: %aml_{magic} stream {name}   End it: %aml_{magic} cancel {name}")


def _settle(name: str) -> None:
    """Let the view show the end before the next cell runs."""
    from jupyter_aml.widgets.live import REFRESHER

    REFRESHER.settle(name)


def say_captured(rows: "tuple[Captured, ...]") -> None:
    """List what a cell takes along, before it starts."""
    if rows:
        named = ", ".join(f"{row.name} ({row.type}{_size(row.size)})" for row in rows)
        _say(f"Taken along: {named}")


def _size(size: int) -> str:
    if not size:
        return ""
    for unit in ("B", "kB", "MB"):
        if size < 1000:  # noqa: PLR2004 - a thousand of one unit is one of the next
            return f", {size:.0f} {unit}"
        size = size // 1000
    return f", {size} GB"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
