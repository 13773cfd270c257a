"""A parallel step's YAML into the plan of its driver. Values only; nothing is cut or run here."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias, cast

from jupyter_aml.entities.parallel_plan import OPTIONS, ParallelPlan
from jupyter_aml.exceptions import ValidationException, did_you_mean

Plain: TypeAlias = Mapping[str, Any]  # Any: parts of a YAML, whose values are the user's

_REFERENCE: Final = re.compile(r"\s*\$\{\{\s*(inputs|outputs)\.([A-Za-z_][\w.]*?)(?:\.path)?\s*\}\}\s*")
_BINDING: Final = "${{"
_TASK: Final = "run_function"


def parallel_plan(step: Plain) -> ParallelPlan:
    """The plan of a parallel step: its component's fields below the step's own, as YAML says them.

    ValidationException by the path of what is missing, or of what names nothing.
    """
    given = _merged(step)
    task, retries, resources = (_plain(given.get(name)) for name in ("task", "retry_settings", "resources"))
    _check_task(task)
    source = _named(given, "input_data", "inputs", given.get("input_data"))
    target = _named(given, "task.append_row_to", "outputs", task.get("append_row_to"))
    if not source:
        raise _missing("input_data", "Say which input is cut into mini-batches: ${{inputs.<name>}}.")
    plan = ParallelPlan(
        entry_script=str(task["entry_script"]),
        input=source,
        input_type=_type_of(given, "inputs", source),
        output=target,
        output_type=_type_of(given, "outputs", target),
        program_arguments=str(task.get("program_arguments") or ""),
        partition_keys=tuple(given.get("partition_keys") or ()),
        nodes=int(resources.get("instance_count") or 1),
    )
    return _with_settings(plan, {**given, "workers_per_node": given.get("max_concurrency_per_instance"), **retries})


def _merged(step: Plain) -> dict[str, Any]:
    """One level of fields: what the step says wins over its component; inputs and outputs of both."""
    component = _plain(step.get("component"))
    said = {name: value for name, value in step.items() if value is not None and name != "component"}
    both = {kind: {**_plain(said.get(kind)), **_plain(component.get(kind))} for kind in ("inputs", "outputs")}
    return {**component, **said, **both}


def _check_task(task: Plain) -> None:
    if not task.get("entry_script"):
        raise _missing("task.entry_script", "Name the Python file that has init() and run(mini_batch).")
    kind = task.get("type") or _TASK
    if kind != _TASK:
        raise ValidationException(
            f"task.type: a parallel step of type '{kind}' is not run here.",
            resolution=f"Use type: {_TASK} with an entry_script that loads the model in init().",
        )


def _with_settings(plan: ParallelPlan, given: Plain) -> ParallelPlan:
    """The plan with what is said; what is an input's value stays open until the job runs."""
    said = {name: given[name] for name in OPTIONS if given.get(name) is not None}
    bound = {name: str(value) for name, value in said.items() if _BINDING in str(value)}
    fixed: dict[str, Any] = {name: _read(name, value) for name, value in said.items() if name not in bound}
    return replace(plan, bound=bound, **fixed)


def _read(name: str, value: object) -> object:
    try:
        return OPTIONS[name].read(str(value))
    except ValueError:
        message = f"{name}: a number is expected (found {value!r})"
        raise ValidationException(message, resolution="Write a number, or ${{inputs.<name>}}.") from None


def _named(given: Plain, path: str, kind: str, text: object) -> str:
    """The input or output that a reference names; '' when there is none."""
    if not text:
        return ""
    found, known = _REFERENCE.fullmatch(str(text)), list(_plain(given.get(kind)))
    if found is None or found[1] != kind or found[2] not in known:
        remedy = did_you_mean(found[2], known) if found and known else f"Write it ${{{{{kind}.<name>}}}}."
        raise ValidationException(f"{path}: {text!r} names none of the {kind} of this step.", resolution=remedy)
    return found[2]


def _type_of(given: Plain, kind: str, name: str) -> str:
    return str(_plain(_plain(given.get(kind)).get(name)).get("type") or "uri_folder")


def _plain(value: object) -> dict[str, Any]:
    """A mapping's fields; none of anything else (a literal input, a reference to a component)."""
    return dict(cast("Plain", value)) if isinstance(value, Mapping) else {}


def _missing(path: str, remedy: str) -> ValidationException:
    return ValidationException(f"{path}: required, and not given.", resolution=remedy)
