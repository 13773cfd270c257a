"""`%%aml_sweep`, `%aml_sweep`: sweeps, typed. Parses, submits or asks, shows."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from IPython.core.magic import Magics, line_cell_magic, magics_class

from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException, did_you_mean
from jupyter_aml.magics import job as jobs
from jupyter_aml.magics import options, space
from jupyter_aml.magics import swept as made_of
from jupyter_aml.magics.outcry import plain
from jupyter_aml.magics.parser import Line, parse, usage, whole
from jupyter_aml.magics.session import SESSION

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_aml.entities.job import Command
    from jupyter_aml.entities.sweep_job import SweepJob

LAST: Final = "_aml_sweep"
"""The variable that holds the sweep which was submitted last."""


@magics_class
class SweepMagics(Magics):
    """Magics about sweeps."""

    @line_cell_magic
    @plain
    def aml_sweep(self, line: str, cell: str | None = None) -> object:
        """Try this cell, a job or a YAML over a space of parameters; or ask about a sweep.

        %%aml_sweep --space x=… --metric NAME [options]    The cell's Python is each trial: it finds the parameters as
                                                           variables, and logs the metric with mlflow. A backslash
                                                           at its end lets the magic's line go on below.
        %aml_sweep JOB --space x=… --metric NAME           Over an earlier job: its inputs x, … get the parameters.
        %aml_sweep FILE.yml [options]                      Over a job's YAML, or as a sweep's YAML says.
        %aml_sweep show|stream|wait|cancel|best|trials|download [NAME]    NAME: the last one submitted.
        %aml_sweep extend [NAME] --trials N                A new sweep that goes on where a finished one ended.
        %aml_sweep resume [NAME]                           The same, with the trials that it did not begin.

        Expressions of --space; bounds of log… are exponents of e, and q is the step to which values are rounded:
        {kinds}
        Expressions of --policy; each may have evaluation_interval=1 and delay_evaluation=0, too:
          bandit(slack_factor=0.1)  median_stopping  truncation_selection(truncation_percentage=20)
        The submitted sweep is in the variable `_aml_sweep`. Options:
        {options}

        Examples
        --------
        %%aml_sweep --space rate=loguniform(-6,-1) --space depth=choice(3,5,9) --metric accuracy --trials 4 --wait
        import mlflow
        mlflow.log_metric("accuracy", 1 - rate / depth)

        %aml_sweep best
        """
        if cell is not None:
            line, cell = whole(line, cell)
        table = options.SWEEP if cell is not None else options.OF_MAGIC["%aml_sweep"]
        asked = parse(space.kept_whole(line), table, most_words=0 if cell is not None else 2)
        made_of.check(asked)
        if cell is not None:
            return self._submit(self._of_cell(asked, cell), asked)
        verb = asked.words[0] if asked.words else "show"
        if verb in options.SWEEP_VERBS:
            return self._act(verb, asked)
        if len(asked.words) > 1:
            raise UserErrorException(f"Not expected here: '{asked.words[1]}'.", resolution="Options begin with --.")
        return self._submit(self._of_job(verb, asked), asked)

    @property
    def _shell(self) -> "InteractiveShell":
        """The shell; magics are only made by one."""
        if self.shell is None:
            raise UserErrorException("The magics need IPython.", resolution="In Python: job(…).sweep(…)")
        return self.shell

    # ── what is to be tried ──

    def _of_cell(self, line: Line, cell: str) -> "SweepJob":
        """The cell as a trial; what can be said against it is said before its code is kept."""
        from jupyter_aml.magics.cells import as_job, captured, names_read
        from jupyter_aml.notebook import environment

        swept = made_of.spaces(line)
        trial = made_of.trial(line, swept, jobs.type_at)
        if (read := names_read(self._shell, cell)) is not None:  # of what is no Python, `captured` says where
            made_of.check_use(swept, read)
        found = captured(self._shell, cell, [*trial.inputs, *trial.outputs])
        marked = trial.model_copy(update={"environment_variables": environment(found) | trial.environment_variables})
        SESSION.client.jobs.validate(made_of.over(marked, swept, line), raise_on_failure=True)
        jobs.say_captured(found.table())
        types = {name: space.cell_type(spec) for name, spec in swept.items()}
        return made_of.over(as_job(SESSION.workspace, found, trial, types), swept, line)

    def _of_job(self, what: str, line: Line) -> "SweepJob":
        """An earlier job, or a YAML, over the space; a sweep as it is, with what the line says instead."""
        from jupyter_aml.entities.sweep_job import SweepJob

        draft = _loaded(what) if what.endswith((".yml", ".yaml")) else _job(what)
        made_of.rerun(draft, line, jobs.type_at)
        if isinstance(draft, SweepJob):
            return made_of.changed(draft, line)
        return made_of.over(draft, made_of.spaces(line), line)

    def _submit(self, draft: "SweepJob", line: Line) -> None:
        _say(f"{SESSION.client.jobs.estimate(draft)}")
        jobs.say_what_is_text(line)
        sweep = jobs.submitted(draft)
        self._shell.user_ns[LAST] = sweep
        jobs.follow(line, sweep, "sweep")

    # ── one that is there ──

    def _act(self, verb: str, line: Line) -> object:
        jobs.check_taken("%aml_sweep", verb, line)
        name, client = self._named(verb, line), SESSION.client
        match verb:
            case "show":
                jobs.show(client.jobs.get(name))
            case "stream":
                jobs.stream(name, "sweep")
            case "wait":
                jobs.wait(name, "sweep")
            case "cancel":
                jobs.cancel(name, "trials")
            case "best":
                return client.jobs.get(client.jobs.best_child(name))
            case "trials":
                from jupyter_aml.magics.listing import trials_table

                return trials_table(SESSION.client, name)
            case "download":
                path = line.one("--path") or "."
                client.jobs.download(name, download_path=path)
                _say(f"Downloaded the best trial, {client.jobs.best_child(name)}, to {Path(path).resolve()}.")
            case _:
                self._go_on(name, line, verb)
        return None

    def _go_on(self, name: str, line: Line, verb: str) -> None:
        if verb == "extend" and not line.one("--trials"):
            raise UserErrorException("%aml_sweep extend needs --trials N.", resolution="How many more are to be tried?")
        more = line.number("--trials")
        draft = SESSION.client.jobs.extend(name, None if more is None else int(more))
        self._submit(made_of.changed(draft, line), line)

    def _named(self, verb: str, line: Line) -> str:
        if len(line.words) > 1:
            return line.words[1]
        last = self._shell.user_ns.get(LAST)
        if last is None:
            raise UserErrorException(f"%aml_sweep {verb} needs a sweep's name.", resolution="%aml_jobs lists them.")
        return str(last.name)


SweepMagics.aml_sweep.__doc__ = (
    (SweepMagics.aml_sweep.__doc__ or "")
    .replace("{options}", usage(options.OF_MAGIC["%aml_sweep"]).replace("\n", "\n        "))
    .replace("{kinds}", "\n        ".join(space.forms()))
)


def _loaded(file: str) -> "Command | SweepJob":
    from jupyter_aml import load_job

    found: Any = load_job(Path(file).expanduser())
    return found


def _job(name: str) -> "Command | SweepJob":
    """A draft of an earlier job or sweep."""
    try:
        found: Any = SESSION.client.jobs.get(name)
    except ResourceNotFoundError as error:
        message = f"'{name}' is no job of this workspace, and not something to do with a sweep."
        near = [said for said in (did_you_mean(name, options.SWEEP_VERBS), error.resolution) if "Did you mean" in said]
        raise UserErrorException(message, resolution=near[0] if near else "%aml_jobs lists the jobs.") from None
    return found()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
