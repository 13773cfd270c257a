"""What an argument of a script may be besides text and numbers: something that becomes an input or output of the job.

Nothing is read or moved here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from jupyter_aml.entities.input_output import Input, Output
from jupyter_aml.exceptions import UserErrorException

LATER: Final = "azureml://jobs/-/outputs/"
"""Stands for the address of a step's output until a pipeline binds it."""


@dataclass(frozen=True, slots=True)
class Binding:
    """An input or an output of the job that stands in for an argument, and the name it has there."""

    name: str
    value: Input | Output

    @property
    def word(self) -> str:
        """What the command says in its place."""
        return f"${{{{{'inputs' if isinstance(self.value, Input) else 'outputs'}.{self.name}}}}}"


@runtime_checkable
class Bindable(Protocol):
    """An argument that is bound when its run is submitted: a dataset, an output, a pipeline's parameter."""

    def binding(self) -> Binding:
        """What it becomes in the job. Two bindings of one name in one run are the same thing, or an error."""
        ...


def check_bound(inputs: Mapping[str, Input]) -> None:
    """UserErrorException for an input that only a pipeline could bind: the output of a step that is not there."""
    for name, given in inputs.items():
        if (given.path or "").startswith(LATER):
            raise UserErrorException(
                f"'{name}' is the output of a step, which only a Pipeline hands on.",
                resolution="Make both scripts steps of a Pipeline, or register the output and give the dataset.",
            )
