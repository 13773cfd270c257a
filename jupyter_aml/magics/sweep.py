"""`%%aml_sweep`, `%aml_sweep`: sweeps, typed. Parses, submits or asks, shows."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from IPython.core.magic import Magics, line_cell_magic, magics_class

from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException, did_you_mean
from jupyter_aml.magics import options, space
from jupyter_aml.magics.outcry import plain
from jupyter_aml.magics.parser import Line, parse, usage
from jupyter_aml.magics.session import SESSION

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_aml.entities.job import Command, Job
    from jupyter_aml.entities.sweep import Sweep, SweepJob

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
                                                           variables, and logs the metric with mlflow.
        %aml_sweep JOB --space x=… --metric NAME           Over an earlier job: its inputs x, … get the parameters.
        %aml_sweep FILE.yml [options]                      Over a job's YAML, or as a sweep's YAML says.
        %aml_sweep show|stream|wait|cancel|best|trials|download [NAME]    NAME: the last one submitted.
        %aml_sweep extend [NAME] --trials N                A new sweep that goes on where a finished one ended.
        %aml_sweep resume [NAME]                           The same, with the trials that it did not begin.

        Expressions of --space: {kinds}.
        Bounds of log… are exponents of e. Policies: bandit(slack_factor=0.1), median_stopping,
        truncation_selection(truncation_percentage=20). The submitted sweep is in the variable `_aml_sweep`. Options:
        {options}

        Examples
        --------
        %%aml_sweep --space rate=loguniform(-6,-1) --space depth=choice(3,5,9) --metric accuracy --trials 20
        import mlflow
        mlflow.log_metric("accuracy", 1 - rate / depth)

        %aml_sweep best
        """
        words = space.kept_whole(line)
        if cell is not None:
            return self._submit(*self._of_cell(parse(words, options.SWEEP), cell))
        asked = parse(words, (*options.SWEEP, *options.JOB_LINE[:1]), most_words=2)
        verb = asked.words[0] if asked.words else "show"
        if verb in options.SWEEP_VERBS:
            return self._act(verb, asked)
        return self._submit(*self._of_job(verb, asked))

    @property
    def _shell(self) -> "InteractiveShell":
        """The shell; magics are only made by one."""
        if self.shell is None:
            raise UserErrorException("The magics need IPython.", resolution="In Python: job(…).sweep(…)")
        return self.shell

    # ── what is to be tried ──

    def _of_cell(self, line: Line, cell: str) -> tuple["SweepJob", Line]:
        """The cell as a trial. Its parameters are inputs, so that they are variables in it."""
        from jupyter_aml.magics.cells import as_job, captured
        from jupyter_aml.magics.drafts import draft

        swept = _space(line)
        if not swept:
            raise UserErrorException("Nothing varies.", resolution="E.g. --space rate=uniform(0,1)")
        wanted = draft(line, command="python", code=None)
        for name, spec in swept.items():
            wanted.inputs[name] = _sample(spec)
        found = captured(self._shell, cell, [*wanted.inputs, *wanted.outputs])
        _check_use(cell, swept)
        return _swept(as_job(SESSION.workspace, found, wanted), swept, line), line

    def _of_job(self, what: str, line: Line) -> tuple["SweepJob", Line]:
        """An earlier job, or a YAML, over the space; a sweep's YAML as it is, with what the line says instead."""
        from jupyter_aml import load_job
        from jupyter_aml.entities.sweep import Sweep, SweepJob

        is_file = what.endswith((".yml", ".yaml"))
        found: Any = load_job(Path(what).expanduser()) if is_file else _job(what)
        draft = found() if isinstance(found, Sweep) else found
        if isinstance(draft, SweepJob):
            return _changed(draft, line), line
        return _swept(draft() if not is_file else draft, _space(line), line), line

    def _submit(self, draft: "SweepJob", line: Line) -> None:
        from jupyter_aml.magics.job import show, wait

        client = SESSION.client
        client.jobs.validate(draft, raise_on_failure=True)
        _say(str(client.jobs.estimate(draft)))
        sweep = client.jobs.create_or_update(draft)
        self._shell.user_ns[LAST] = sweep
        show(sweep)
        if "--wait" in line.flags:
            wait(str(sweep.name), "sweep")

    # ── one that is there ──

    def _act(self, verb: str, line: Line) -> object:
        from jupyter_aml.magics import job as jobs

        name, client = self._named(verb, line), SESSION.client
        match verb:
            case "show":
                jobs.show(client.jobs.get(name))
            case "stream":
                client.jobs.stream(name)
            case "wait":
                jobs.wait(name, "sweep")
            case "cancel":
                client.jobs.begin_cancel(name)
                _say(f"Asked for the end of {name} and of its trials.")
            case "best":
                return client.jobs.get(client.jobs.best_child(name))
            case "trials":
                return _table(name)
            case "download":
                path = line.one("--path") or "."
                client.jobs.download(name, download_path=path)
                _say(f"Downloaded the best trial to {Path(path).resolve()}.")
            case _:
                self._go_on(name, line, verb)
        return None

    def _go_on(self, name: str, line: Line, verb: str) -> None:
        trials = line.number("--trials")
        if verb == "extend" and trials is None:
            raise UserErrorException("%aml_sweep extend needs --trials N.", resolution="How many more are to be tried?")
        draft = SESSION.client.jobs.extend(name, None if trials is None else int(trials))
        self._submit(draft, line)

    def _named(self, verb: str, line: Line) -> str:
        if len(line.words) > 1:
            return line.words[1]
        last = self._shell.user_ns.get(LAST)
        if last is None:
            raise UserErrorException(f"%aml_sweep {verb} needs a sweep's name.", resolution="%aml_jobs lists them.")
        return str(last.name)


SweepMagics.aml_sweep.__doc__ = (
    (SweepMagics.aml_sweep.__doc__ or "")
    .replace("{options}", usage(options.SWEEP).replace("\n", "\n        "))
    .replace("{kinds}", ", ".join(space.KINDS))
)


def _space(line: Line) -> dict[str, dict[str, Any]]:
    return {name: space.distribution(name, text) for name, text in line.pairs("--space").items()}


def _sample(spec: dict[str, Any]) -> object:
    """A value of the parameter's type: as what the cell will find it."""
    from jupyter_aml.entities import distributions

    found = distributions.distribution(spec)
    value: object = found.at(*[0.5] * found.width)
    return value if isinstance(value, bool | int | float | str) else str(value)


def _check_use(cell: str, swept: dict[str, dict[str, Any]]) -> None:
    """A parameter that the cell never reads would be tried in vain."""
    import ast

    read = {node.id for node in ast.walk(ast.parse(_plain_python(cell))) if isinstance(node, ast.Name)}
    for name in swept:
        if name not in read:
            message = f"--space {name}: the cell never uses '{name}'."
            raise UserErrorException(message, resolution=did_you_mean(name, sorted(read)))


def _plain_python(cell: str) -> str:
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(cell)


def _swept(job: "Command", swept: dict[str, dict[str, Any]], line: Line) -> "SweepJob":
    """The job as a sweep over the space, by what the line says."""
    from jupyter_aml.entities.search_space import distribution_of

    if not line.one("--metric"):
        raise UserErrorException("--metric is needed.", resolution="The name under which a trial logs what is wanted.")
    if not swept:
        raise UserErrorException("Nothing varies.", resolution="E.g. --space rate=uniform(0,1)")
    return job.sweep(
        primary_metric=str(line.one("--metric")),
        goal=line.one("--goal") or "maximize",
        sampling_algorithm=_algorithm(line) or "random",
        max_total_trials=_count(line, "--trials") or _TRIALS,
        max_concurrent_trials=_count(line, "--concurrent"),
        trial_timeout=_count(line, "--timeout"),
        early_termination_policy=_policy(line),
        search_space={name: distribution_of(spec) for name, spec in swept.items()},
    )


_TRIALS: Final = 20
"""When nothing is said; a grid has no more than its combinations."""


def _changed(draft: "SweepJob", line: Line) -> "SweepJob":
    """A sweep's YAML with what the line says instead."""
    from jupyter_aml.entities.search_space import distribution_of

    swept = {name: distribution_of(spec) for name, spec in _space(line).items()}
    if swept:
        draft.search_space = {**draft.search_space, **swept}
    if line.one("--metric") or line.one("--goal"):
        draft.set_objective(primary_metric=line.one("--metric"), goal=line.one("--goal"))
    draft.set_limits(max_total_trials=_count(line, "--trials"), max_concurrent_trials=_count(line, "--concurrent"))
    if algorithm := _algorithm(line):
        draft.sampling_algorithm = algorithm
    if policy := _policy(line):
        draft.early_termination = policy
    for option, field in (("--experiment", "experiment_name"), ("--name", "name"), ("--compute", "compute")):
        if line.one(option):
            setattr(draft, field, line.one(option))
    return draft


def _algorithm(line: Line) -> Any:  # noqa: ANN401 - what the draft takes
    kind, seed = line.one("--sampling"), _count(line, "--seed")
    if kind == "sobol":
        return {"type": "random", "rule": "sobol", **({} if seed is None else {"seed": seed})}
    return {"type": "random", "seed": seed} if kind in {None, "random"} and seed is not None else kind


def _policy(line: Line) -> Any:  # noqa: ANN401 - as above
    text = line.one("--policy")
    return space.policy(text) if text else None


def _count(line: Line, option: str) -> int | None:
    number = line.number(option)
    return None if number is None else int(number)


def _job(name: str) -> "Job | Sweep":
    try:
        return SESSION.client.jobs.get(name)
    except ResourceNotFoundError as error:
        message = f"'{name}' is no job of this workspace, and not something to do with a sweep."
        near = did_you_mean(name, options.SWEEP_VERBS)
        raise UserErrorException(message, resolution=f"{error.resolution or ''} {near}".strip()) from None


def _table(name: str) -> object:
    """The trials as a table that can be assigned, the best one first."""
    from jupyter_aml.entities.sweep_details import flat
    from jupyter_aml.widgets.listing import Listing

    found = SESSION.client.jobs.details(name).sweep
    if found is None:
        raise UserErrorException(f"'{name}' is no sweep.", resolution="%aml_job show shows it.")
    trials = found.best_first()
    params = [flat(trial.params) for trial in trials]
    names = list(dict.fromkeys(key for one in params for key in one))
    rows = [
        [trial.name, str(trial.fate), *(_cell(one.get(key)) for key in names), _cell(trial.value)]
        for trial, one in zip(trials, params, strict=True)
    ]
    return Listing("trials", trials, ["Trial", "Status", *names, found.metric], rows)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
