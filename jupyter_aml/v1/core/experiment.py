"""SDK v1's Experiment: a name under which runs are submitted. Nothing is run here."""

from collections.abc import Mapping
from typing import Generic, Protocol, TypeVar

from jupyter_aml.entities.names import checked
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.v1.core.run import Run
from jupyter_aml.v1.core.workspace import Workspace

_Run_co = TypeVar("_Run_co", bound=Run, covariant=True)


class Config(Protocol, Generic[_Run_co]):
    """Whatever can be submitted: it makes its job of itself, and knows which kind of run that is."""

    def submitted(self, experiment: "Experiment", tags: Mapping[str, str]) -> _Run_co:
        """The run, which has only just been wished."""
        ...


class Experiment:
    """Runs under one name. It comes into being with its first run.

    Raises ValidationException for a name that Azure would not take.
    """

    def __init__(self, workspace: Workspace, name: str) -> None:
        self.workspace = workspace
        self.name = checked("experiment", name)

    def submit(self, config: Config[_Run_co], tags: Mapping[str, str] | None = None) -> _Run_co:
        """Submit a ScriptRunConfig or a HyperDriveConfig; it runs on its own from here."""
        if not hasattr(config, "submitted"):
            raise UserErrorException(
                f"submit: a {type(config).__name__} cannot be submitted.",
                resolution="Give a ScriptRunConfig or a HyperDriveConfig.",
            )
        return config.submitted(self, tags or {})

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        return f"Experiment(Name: {self.name},\nWorkspace: {self.workspace.name})"
