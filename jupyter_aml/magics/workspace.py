"""`%aml_workspace`: which workspace this kernel is in. Parses, switches, shows."""

import os
from dataclasses import dataclass
from html import escape
from pathlib import Path

from IPython.core.magic import Magics, line_cell_magic, magics_class

from jupyter_aml.entities.workspace import BUILT_IN_DATASTORES, DEFAULT_SUBSCRIPTION, WorkspaceId
from jupyter_aml.exceptions import ValidationException
from jupyter_aml.magics import options
from jupyter_aml.magics.nouns import carried_out, verbs_of
from jupyter_aml.magics.outcry import plain
from jupyter_aml.magics.parser import Line, parse, split
from jupyter_aml.magics.session import SESSION
from jupyter_aml.verbs.workspace import NOUN


@dataclass(frozen=True, slots=True)
class WorkspaceTable:
    """A workspace that shows itself."""

    rows: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return "\n".join(f"{label:<18}{value}" for label, value in self.rows)

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><th style='text-align:left'>{escape(label)}</th><td style='text-align:left'>{escape(value)}</td></tr>"
            for label, value in self.rows
        )
        return f"<table>{cells}</table>"


@magics_class
class WorkspaceMagics(Magics):
    """Magics about the workspace itself."""

    @line_cell_magic
    @plain
    def aml_workspace(self, line: str, cell: str | None = None) -> object:
        """Show the workspace that magics, `MLClient.default()` and plain `mlflow` use, or switch to another.

        %aml_workspace                     the current one
        %aml_workspace NAME                switch; a new name makes a new workspace
        %aml_workspace --path DIR          switch to the one whose config.json is found from DIR
        %aml_workspace --config FILE       switch to the one of that config.json
        %aml_workspace NAME --subscription ID --resource-group NAME

        Without a switch it is the one that the nearest config.json names, else `default`. Of any workspace:

        {verbs}

        Examples
        --------
        %aml_workspace
        %aml_workspace playground
        %aml_workspace list
        """
        words = split(line)
        if cell is not None or (words and words[0] in NOUN.verbs):
            return _carried_out(line, cell)
        wanted = _wanted(parse(words, options.WORKSPACE, most_words=1))
        if wanted is not None:
            SESSION.switch(wanted, os.environ)
        return _table()


WorkspaceMagics.aml_workspace.__doc__ = (WorkspaceMagics.aml_workspace.__doc__ or "").replace(
    "{verbs}", verbs_of(NOUN).replace("\n", "\n        ")
)


def _carried_out(line: str, cell: str | None) -> object:
    """A verb of workspaces. A deleted one is no longer open here."""
    found = carried_out(NOUN, line, cell)
    SESSION.reopen()
    return found


def _wanted(line: Line) -> WorkspaceId | None:
    from jupyter_aml.operations import workspaces

    if config := line.one("--config"):
        if not Path(config).is_file():
            raise ValidationException(f"--config: there is no file {config}.")
        return workspaces.read_config(Path(config))
    if path := line.one("--path"):
        return workspaces.config_or_error(Path(path))
    if not line.words:
        return None
    return workspaces.named(
        line.words[0],
        subscription_id=line.one("--subscription") or DEFAULT_SUBSCRIPTION,
        resource_group=line.one("--resource-group") or "local",
    )


def _table() -> WorkspaceTable:
    from jupyter_aml.operations import computes

    workspace = SESSION.workspace
    clusters = (f"{found.name} ({found.min_nodes}-{found.max_nodes})" for found in computes.every(workspace))
    return WorkspaceTable((
        ("Workspace", workspace.id.name),
        ("Resource group", workspace.id.resource_group),
        ("Subscription", workspace.id.subscription_id),
        ("Folder", str(workspace.folder.root)),
        ("Computes", ", ".join(clusters)),
        ("Datastores", ", ".join(BUILT_IN_DATASTORES)),
        ("MLflow tracking", os.environ.get("MLFLOW_TRACKING_URI", workspace.tracking_uri)),
    ))  # fmt: skip
