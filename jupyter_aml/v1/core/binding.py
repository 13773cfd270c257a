"""What an argument of a script may be besides text and numbers: something that becomes an input or output of the job.

Nothing is read or moved here.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from jupyter_aml.entities.input_output import Input, Output


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
