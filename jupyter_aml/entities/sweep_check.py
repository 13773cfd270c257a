"""What a sweep's YAML may not say although the constructor takes it, as in Azure's own client. Nothing is changed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from jupyter_aml.entities.draft import DraftError, Problems
from jupyter_aml.entities.search_space import DISTRIBUTIONS
from jupyter_aml.exceptions import did_you_mean

_GOALS: Final = ("maximize", "minimize")


def check_sweep(fields: Mapping[str, Any]) -> None:
    """DraftError by path for a goal, a policy or a value to choose that YAML cannot say."""
    problems = (*_goal(fields.get("objective")), *_policy(fields.get("early_termination")))
    space = fields.get("search_space")
    for name, given in cast("Mapping[str, object]", space).items() if isinstance(space, Mapping) else ():
        problems += tuple((f"search_space.{name}.{path}", told) for path, told in _choices(given))
    if problems:
        raise DraftError("SweepJob", problems)


def _goal(objective: object) -> Problems:
    given = cast("Mapping[str, object]", objective).get("goal") if isinstance(objective, Mapping) else None
    if not isinstance(given, str) or given.lower() in _GOALS:
        return ()
    return (("objective.goal", f"{given!r} is none of its values. {did_you_mean(given.lower(), _GOALS)}"),)


def _policy(given: object) -> Problems:
    if given is None or isinstance(given, Mapping):
        return ()
    return (("early_termination", f"a mapping with a type is expected, like {{type: bandit}} (found {given!r})"),)


def _choices(given: object) -> Iterator[tuple[str, str]]:
    """What is wrong with the values of a choice, and of the choices in it."""
    if not isinstance(given, Mapping):
        return
    values = cast("Mapping[str, object]", given).get("values")
    for place, value in enumerate(cast("Sequence[object]", values)) if isinstance(values, list) else ():
        if not isinstance(value, Mapping):
            yield from _scalar(f"values.{place}", value)
            continue
        for name, inner in cast("Mapping[str, object]", value).items():
            yield from _inner(f"values.{place}.{name}", inner)


def _inner(path: str, value: object) -> Iterator[tuple[str, str]]:
    if not isinstance(value, Mapping):
        yield from _scalar(path, value)
        return
    word = str(cast("Mapping[str, object]", value).get("type", ""))
    if word.lower() not in DISTRIBUTIONS:
        yield path, f"a mapping here is a distribution, and {word!r} is none. {did_you_mean(word, DISTRIBUTIONS)}"
    yield from ((f"{path}.{below}", told) for below, told in _choices(cast("object", value)))


def _scalar(path: str, value: object) -> Iterator[tuple[str, str]]:
    if value is None or isinstance(value, list):
        yield path, f"a text, a number, true, false or a mapping is expected (found {value!r})"
