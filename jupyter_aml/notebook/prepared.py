"""A notebook made ready for its execution in a job: without old output, with the values given. Nothing is run here."""

import ast
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from jupyter_aml.exceptions import ValidationException
from jupyter_aml.notebook import edits
from jupyter_aml.notebook.arguments import literal
from jupyter_aml.notebook.script.script import Parameter

Json: TypeAlias = dict[str, Any]  # Any: a notebook's own JSON

INJECTED: Final = "injected-parameters"
_PARAMETERS: Final = "parameters"


@dataclass(frozen=True, slots=True)
class Prepared:
    """The notebook to execute. `numbers`: for each of its cells the number among its own code cells, 0 for others."""

    content: Json
    numbers: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many code cells the notebook has."""
        return max(self.numbers, default=0)


def prepare(content: Json, parameters: Sequence[Parameter], values: Mapping[str, object], folder: Path) -> Prepared:
    """The notebook with the values in it, and the data that it reads at its place below `folder`.

    Values of the parameters cells stand in a cell behind the last of these, as papermill has it. A parameter that is
    assigned elsewhere has its value there; data is linked where the code looks for it.

    Raises:
        ValidationException: data that the code reads from outside its folder, in a cell that cannot be changed.
    """
    cells = cast("list[Json]", content["cells"])
    for cell in cells:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
            cell["source"] = source_of(cell)
    work = _Preparation(cells, folder)
    by_name = {parameter.name: parameter for parameter in parameters}
    for name, value in values.items():
        work.give(by_name[name], value)
    work.inject()
    counts = iter(range(1, len(cells) + 1))
    numbers = [next(counts) if cell["cell_type"] == "code" and cell is not work.own else 0 for cell in cells]
    return Prepared(content, tuple(numbers))


def source_of(cell: Json) -> str:
    """A cell's text: the file may have it in lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(cast("list[str]", source))


def tags_of(cell: Json) -> list[str]:
    """Its tags."""
    return cell.get("metadata", {}).get("tags", [])


class _Preparation:
    def __init__(self, cells: list[Json], folder: Path) -> None:
        self.cells, self.folder = cells, folder
        self.code = [cell for cell in cells if cell["cell_type"] == "code"]
        self.values: dict[str, object] = {}
        self.behind: Json | None = None
        self.own: Json | None = None

    def give(self, parameter: Parameter, value: object) -> None:
        if parameter.is_found:
            self._place(str(parameter.default), str(value))
        elif self._is_in_parameters(parameter) or not self._assign(parameter, value):
            self.values[parameter.name] = value

    def _is_in_parameters(self, parameter: Parameter) -> bool:
        from jupyter_aml.notebook.script.cells import Cell
        from jupyter_aml.notebook.script.parameters import is_parameters

        if not 0 < parameter.cell <= len(self.code):
            return True
        cell = self.code[parameter.cell - 1]
        if not is_parameters(Cell(parameter.cell, cell["source"], frozenset(tags_of(cell)))):
            return False
        if self.behind is None or self.code.index(self.behind) < parameter.cell - 1:
            self.behind = cell
        return True

    def _assign(self, parameter: Parameter, value: object) -> bool:
        """Put a value in the place of the literal that a cell assigns; False when there is no such statement."""
        cell = self.code[parameter.cell - 1]
        for node in ast.walk(_tree(cell["source"])):
            match node:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=old)
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as old)
                ) if name == parameter.name:
                    cell["source"] = _replaced(cell["source"], [old], literal(value))
                    return True
                case _:
                    pass
        return False

    def inject(self) -> None:
        """A cell with the values: behind the parameters cell, else at the top."""
        if not self.values:
            return
        lines = ["# Parameters", *(f"{name} = {literal(value)}" for name, value in self.values.items())]
        before = next((cell for cell in self.code if INJECTED in tags_of(cell)), None)
        if before is not None:
            before["source"] = "\n".join(lines)
            return
        self.own = {
            "cell_type": "code", "execution_count": None, "id": INJECTED, "metadata": {"tags": [INJECTED]},
            "outputs": [], "source": "\n".join(lines),
        }  # fmt: skip
        self.cells.insert(self.cells.index(self.behind) + 1 if self.behind else 0, self.own)

    # Data

    def _place(self, path: str, value: str) -> None:
        """Let the code find at `path` what lies at `value`."""
        inside = os.path.normpath(path)
        if inside.startswith((os.pardir, os.sep)):
            self._rewrite(path, value)
            return
        place = self.folder / inside
        if not os.path.lexists(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(os.path.abspath(value))  # noqa: PTH100  resolve() would follow the data's own links

    def _rewrite(self, path: str, value: str) -> None:
        """A path that leads out of the job's folder is said otherwise in the code."""
        found = False
        for cell in self.code:
            nodes = [n for n in ast.walk(_tree(cell["source"])) if isinstance(n, ast.Constant) and n.value == path]
            if nodes:
                cell["source"] = _replaced(cell["source"], nodes, repr(os.path.abspath(value)))  # noqa: PTH100  as above
                found = True
        if not found:
            raise ValidationException(
                f"The notebook reads '{path}', outside its folder, where a job has nothing.",
                resolution="Assign the path to a variable in the parameters cell.",
            )


def _tree(source: str) -> ast.Module:
    """A cell's statements; none for one with magics."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def _replaced(source: str, nodes: Sequence[ast.expr], text: str) -> str:
    """The source with each of the expressions said as `text`, on as many lines as before."""
    lines = source.split("\n")
    for node in sorted(nodes, key=edits.place, reverse=True):
        edits.replace(lines, node, text)
    return "\n".join(lines)
