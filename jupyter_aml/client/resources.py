"""`ml_client.facts` (ours): what happened. Translates; decides nothing."""

import builtins

from jupyter_aml.operations import history
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store.facts import Fact


class FactOperations:
    """The numbered facts (ours): what happened, in order."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def since(self, seq: int = 0) -> builtins.list[Fact]:
        """The facts after number `seq`."""
        return history.since(self._workspace, seq)

    def story(self, subject: str) -> builtins.list[Fact]:
        """Everything that happened to one job or compute."""
        return history.story(self._workspace, subject)
