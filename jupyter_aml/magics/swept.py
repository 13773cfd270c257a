"""From a magic's line to a draft of a sweep: over a cell, over a job, over what a YAML says. Nothing is stored here."""

import builtins
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from jupyter_aml.exceptions import UserErrorException, did_you_mean
from jupyter_aml.magics import options, space
from jupyter_aml.magics.job import refuse_both
from jupyter_aml.magics.parser import Line
from jupyter_aml.verbs.option import read

if TYPE_CHECKING:
    from jupyter_aml.entities.job import Command
    from jupyter_aml.entities.sweep_job import SweepJob
    from jupyter_aml.magics.drafts import TypeAt

Swept: TypeAlias = Mapping[str, dict[str, Any]]
TRIALS: Final = 20
"""When nothing is said; a grid tries every combination."""
_EXAMPLE: Final = "E.g. --space rate=loguniform(-6,-1)"
_BY_NAME: Final = {option.name: option for option in options.SWEEP}
_OF_THE_JOB: Final = {
    "--name": "name",
    "--experiment": "experiment_name",
    "--display-name": "display_name",
    "--description": "description",
    "--compute": "compute",
}


def check(line: Line) -> None:
    """UserErrorException for options that exclude each other, or a value that is none of an option's."""
    refuse_both(line, "--wait", "--no-wait")
    for name in line.values.keys() & _BY_NAME.keys():
        _read(line, name)


def spaces(line: Line) -> Swept:
    """What varies, and where it may lie. UserErrorException for what cannot be, or is said twice."""
    found: dict[str, dict[str, Any]] = {}
    for name, _, text in (pair.partition("=") for pair in line.values.get("--space", ())):
        if name in found:
            raise UserErrorException(f"--space {name} was given twice.")
        found[name] = space.distribution(name, text)
    return found


def trial(line: Line, swept: Swept, type_at: "TypeAt") -> "Command":
    """The draft of a cell's trial: the parameters are inputs, so that they are variables in it."""
    from jupyter_aml.magics.drafts import draft  # %load_ext waits for no draft

    _check_varies(swept)
    made = draft(line, command="python", code=None, type_at=type_at)
    for name, spec in swept.items():
        if name in made.inputs:
            raise UserErrorException(
                f"'{name}' is given by --input and by --space.", resolution="Leave one of them out."
            )
        made.inputs[name] = _sample(spec)
    return made


def over(job: "Command", swept: Swept, line: Line) -> "SweepJob":
    """The job as a sweep over the space, by what the line says."""
    from jupyter_aml.entities.job_settings import Inputs
    from jupyter_aml.entities.search_space import distribution_of

    _check_varies(swept)
    if not line.one("--metric"):
        raise UserErrorException("--metric is needed.", resolution="The name under which a trial logs what is wanted.")
    made = job.sweep(
        primary_metric=str(line.one("--metric")),
        goal=_read(line, "--goal") or "maximize",
        sampling_algorithm=_algorithm(line) or "random",
        max_total_trials=_read(line, "--trials") or _trials(line, swept),
        search_space={name: distribution_of(spec) for name, spec in swept.items()},
    )
    made.inputs = Inputs({name: given for name, given in made.inputs.items() if name not in swept})
    return changed(made, line)


def changed(made: "SweepJob", line: Line) -> "SweepJob":
    """A sweep with what the line says instead of what it said."""
    from jupyter_aml.entities.search_space import distribution_of

    made.search_space = {**made.search_space, **{n: distribution_of(spec) for n, spec in spaces(line).items()}}
    if line.one("--metric") or line.one("--goal"):
        made.set_objective(primary_metric=line.one("--metric"), goal=_read(line, "--goal"))
    made.set_limits(
        max_total_trials=_read(line, "--trials"),
        max_concurrent_trials=_read(line, "--concurrent"),
        trial_timeout=_read(line, "--timeout"),
    )
    if algorithm := _algorithm(line):
        made.sampling_algorithm = algorithm
    if policy := line.one("--policy"):
        made.early_termination = space.policy(policy)  # pyright: ignore[reportAttributeAccessIssue] - read from YAML
    for option, field in _OF_THE_JOB.items():
        if line.one(option):
            setattr(made, field, line.one(option))
    made.tags = {**made.tags, **line.pairs("--tag")}
    return made


def rerun(made: "Command | SweepJob", line: Line, type_at: "TypeAt") -> None:
    """What the line says of the run itself, in place of what an earlier job or a YAML said."""
    from jupyter_aml.entities.input_output import Output
    from jupyter_aml.entities.sweep_job import SweepJob
    from jupyter_aml.magics.drafts import COLD, value

    for name, text in line.pairs("--input").items():
        made.inputs[name] = value(text, type_at)
    for name in line.values.get("--output", ()):
        made.outputs[name] = Output()
    runs = made.trial if isinstance(made, SweepJob) else made
    if runs is None:
        return
    runs.environment = line.one("--environment") or runs.environment
    cold = COLD if "--cold" in line.flags else {}
    runs.environment_variables = {**runs.environment_variables, **line.pairs("--env"), **cold}
    if nodes := _read(line, "--instance-count"):
        made.set_resources(instance_count=nodes)


def check_use(swept: Swept, read_names: set[str]) -> None:
    """A parameter that the cell never reads would be tried in vain."""
    for name in swept:
        if name not in read_names:
            message = f"--space {name}: the cell never uses '{name}'."
            own = read_names - set(dir(builtins))
            raise UserErrorException(message, resolution=did_you_mean(name, own) if own else "")


def _check_varies(swept: Swept) -> None:
    if not swept:
        raise UserErrorException("--space is needed: nothing varies.", resolution=_EXAMPLE)


def _sample(spec: dict[str, Any]) -> object:
    """A value of the parameter's type, for the checks of its input."""
    from jupyter_aml.entities import distributions

    found = distributions.distribution(spec)
    drawn: object = found.at(*[0.5] * found.width)
    return drawn if isinstance(drawn, bool | int | float | str) else str(drawn)


def _trials(line: Line, swept: Swept) -> int:
    """Of a grid every combination: one that is left out would be missed by nobody."""
    from jupyter_aml.entities import distributions
    from jupyter_aml.entities.sweep_plan import MOST_TRIALS

    every = distributions.combinations(distributions.space(swept)) if _read(line, "--sampling") == "grid" else None
    return min(every or TRIALS, MOST_TRIALS)


def _algorithm(line: Line) -> Any:  # noqa: ANN401 - what the draft takes
    kind, seed = _read(line, "--sampling"), _read(line, "--seed")
    seeded = {} if seed is None else {"seed": seed}
    if kind == "sobol":
        return {"type": "random", "rule": "sobol", **seeded}
    return {"type": kind or "random", **seeded} if seeded and kind != "grid" else kind


def _read(line: Line, name: str) -> Any:  # noqa: ANN401 - by the option's kind
    """An option's value as what it is; None when it was not given."""
    text = line.one(name)
    return None if text is None else read(_BY_NAME[name], text)
