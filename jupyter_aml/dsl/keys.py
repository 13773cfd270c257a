"""What the steps of a pipeline's function are called: after its variables, as Azure does. Names in, names out."""

import re
from collections.abc import Mapping
from typing import Final

from jupyter_aml.entities.building import Site
from jupyter_aml.entities.command_node import CommandNode
from jupyter_aml.entities.node_names import LEGAL
from jupyter_aml.entities.step import Step
from jupyter_aml.exceptions import UserErrorException

_ANONYMOUS: Final = "_"


def keyed(site: Site, variables: Mapping[str, object]) -> dict[str, Step]:
    """The steps in the order of their calls, by their keys, which they know from now on.

    A name that was set wins, then the variable that holds the step at the end, then that of another step of the same
    component, then the component's; what is not a step's alone gets `_1`, `_2`.
    Raises UserErrorException for a name that cannot be a key, or that two steps have.
    """
    named = _by_variable(site, variables)
    like = {_kin(step): named[id(step)] for step in site.steps if id(step) in named}
    taken = dict.fromkeys(named.values(), 1)
    for step in site.steps:
        if id(step) not in named:
            named[id(step)] = _free(_base(step, like), taken)
    for step in site.steps:
        step.name = named[id(step)]
    return {named[id(step)]: step for step in site.steps if not (isinstance(step, CommandNode) and step.is_swept)}


def _by_variable(site: Site, variables: Mapping[str, object]) -> dict[int, str]:
    ours = {id(step) for step in site.steps}
    named: dict[int, str] = {}
    for variable, value in variables.items():
        if not isinstance(value, Step) or id(value) not in ours:
            continue
        name = value.name or variable
        if name == _ANONYMOUS:
            continue
        if not LEGAL.fullmatch(name):
            raise UserErrorException(
                f"Invalid node name found: {name!r}. Node name must start with a lower letter or underscore, "
                "and can only contain lower letters, numbers and underscore."
            )
        if name in named.values() and id(value) not in named:
            raise UserErrorException(
                f"Duplicate node name found in pipeline: {site.name!r}, "
                f"node name: {name!r}. Duplicate check is case-insensitive."
            )
        named[id(value)] = name
    return named


def _kin(step: Step) -> str:
    return step.name or step.called


def _base(step: Step, like: Mapping[str, str]) -> str:
    name = _kin(step)
    return _sanitized(like.get(name, name) if step.name is None else name)


def _free(base: str, taken: dict[str, int]) -> str:
    """`base` if nobody has it, else with the next number that nobody has."""
    name = base
    while name in taken:
        name = f"{base}_{taken[base]}"
        taken[base] += 1
    taken[name] = 1
    return name


def _sanitized(name: str) -> str:
    """A component's name as a variable's (Azure's own rule)."""
    words = re.sub(r"[\W_]+", " ", name.lower()).strip()
    return ("n" + words if words[:1].isdigit() else words).replace(" ", "_")
