"""`on_init` and `on_finalize`, the steps before and after all others: what is wrong with them, in Azure's words."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from jupyter_aml.entities.bindings import binding

_WORDS: Final = {"on_init": "On_init", "on_finalize": "On_finalize"}
_FLOW: Final = frozenset({"if_else", "do_while", "parallel_for"})


def check_ends(pipeline: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every problem by its path."""
    settings, jobs = _part(pipeline.get("settings")), _part(pipeline.get("jobs"))
    ends = {name: end_of(settings.get(name)) for name in _WORDS if settings.get(name)}
    if not ends:
        return
    if len(ends) == len(_WORDS) and len(set(ends.values())) == 1:
        name = ends["on_init"]
        yield "settings.on_init", f"Invalid on_init job {name}, it should be different from on_finalize."
        yield "settings.on_finalize", f"Invalid on_finalize job {name}, it should be different from on_init."
        return
    if not set(jobs) - set(ends.values()):
        yield "jobs", "No other job except for on_init/on_finalize job."
    for setting, name in ends.items():
        if told := _told(_WORDS[setting], name, jobs):
            yield f"settings.{setting}", told


def end_of(given: object) -> str:
    """The name of the step: as text, or as YAML binds it."""
    found = binding(given)
    return found.step if found else str(given)


def _told(word: str, name: str, jobs: Mapping[str, Any]) -> str:
    if name not in jobs:
        return f"{word} job name {name} not exists in jobs."
    if _part(jobs[name]).get("type") in _FLOW:
        return f"{word} job should not be a control flow node."
    reads = any(found.step for found in _bindings(jobs[name]))
    is_read = any(found.step == name for job in jobs.values() for found in _bindings(job))
    return f"{word} job should not have connection to other execution node." if reads or is_read else ""


def _bindings(job: object) -> list[Any]:
    return [found for given in _part(_part(job).get("inputs")).values() if (found := binding(given))]


def _part(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
