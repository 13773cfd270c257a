"""The door to nbconvert: `jupyter nbconvert --to aml-script train.ipynb`, by entry point. Only nbconvert ever loads it.

c.AMLScriptExporter.keep = ["plots", "3"]
c.AMLScriptExporter.parameters = ["alpha"]
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbconvert.utils.exceptions import ConversionException
from nbformat import NotebookNode
from traitlets import List, Unicode, default

from jupyter_aml.exceptions import MlException
from jupyter_aml.notebook.script import Change, Script, convert


class AMLScriptExporter(Exporter):
    """A notebook as a script with a command line, as `aml notebook convert` makes it."""

    export_from_notebook = "Script for jobs"  # the entry of Jupyter's menu: Save and Export Notebook As
    output_mimetype = "text/x-python"

    keep = List(
        Unicode(), help="Leave out nothing by these rules, or of the cells of these numbers; all: nothing at all."
    ).tag(config=True)
    parameters = List(
        Unicode(), help="Variables that become parameters too, besides those of the parameters cell."
    ).tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".py"

    def from_notebook_node(
        self,
        nb: NotebookNode,
        resources: dict[str, Any] | None = None,
        **kw: Any,  # noqa: ANN401 - nbconvert's own signature
    ) -> tuple[Any, dict[str, Any]]:
        """The script. ConversionException for what has no meaning outside the notebook, by cell and line."""
        notebook, found = super().from_notebook_node(nb, resources, **kw)
        told: dict[str, Any] = {**found}  # Any: nbconvert's resources
        script = self._script(notebook, told.get("metadata", {}))
        if told.get("unique_key") == script.notebook.removesuffix(".ipynb"):  # nobody said --output
            told["unique_key"] = script.name.removesuffix(".py")
        return script.text, told

    def _script(self, notebook: Mapping[str, Any], about: Mapping[str, Any]) -> Script:
        name = f"{about.get('name') or 'notebook'}.ipynb"
        folder = Path(about.get("path") or ".").absolute()
        try:
            script = convert(notebook, name=name, folder=folder, parameters=self.parameters, keep=self.keep)
        except MlException as error:
            raise ConversionException(str(error)) from None
        for change in script.changes:
            self.log.info("%s, cell %d, line %d: %s", name, change.cell, change.line, _told(change))
        for remark in script.remarks:
            self.log.warning("%s, %s", name, remark)
        return script


def _told(change: Change) -> str:
    before = change.before.strip().partition("\n")[0]
    return f"{before} → {change.after}" if change.after else f"{before} is left out ({change.rule})"
