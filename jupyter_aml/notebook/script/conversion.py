"""The steps from a notebook to its script, in order. Text and syntax only: no cell is run, no file is written."""

import ast
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_aml.exceptions import CaptureError, did_you_mean
from jupyter_aml.notebook import edits
from jupyter_aml.notebook.modules import imported_names, local_files
from jupyter_aml.notebook.script import paths
from jupyter_aml.notebook.script.arrangement import Arrangement, Surroundings, arrange, awaits
from jupyter_aml.notebook.script.blocks import Block, TextLine, blocks
from jupyter_aml.notebook.script.cells import Cell, Notebook, read
from jupyter_aml.notebook.script.essential import Wanted, left_out
from jupyter_aml.notebook.script.packages import requirements, script_name
from jupyter_aml.notebook.script.parameters import found as found_parameters
from jupyter_aml.notebook.script.paths import PathLiteral
from jupyter_aml.notebook.script.place import Place
from jupyter_aml.notebook.script.plain import Plain, names, parsed, plain
from jupyter_aml.notebook.script.refusals import refuse_notebook_only, refuse_unbound
from jupyter_aml.notebook.script.script import DROPS, Change, Parameter, Script
from jupyter_aml.notebook.script.writing import Draft, Names, lines


def convert(
    source: Path | Mapping[str, Any],
    *,
    name: str = "",
    folder: Path | None = None,
    parameters: Collection[str] = (),
    keep: Collection[str] = (),
) -> Script:
    """A notebook as a script that does the same, with a command line.

    Args:
        source: its file, or its parsed JSON (nbformat 3 or 4).
        name: the notebook's file name, for messages; the file's own when not given.
        folder: where its data and modules lie; the file's folder, else the working directory.
        parameters: names whose first assignment becomes a parameter, besides those of the parameters cell.
        keep: rules (`script.DROPS`) or numbers of cells by which nothing is left out, or 'all'.

    Raises:
        CaptureError: something has no meaning outside the notebook; by cell and line.
    """
    if isinstance(source, Path):
        name, folder = name or source.name, folder or source.absolute().parent
    notebook = read(source, name or "notebook.ipynb")
    cells = {cell.number: cell for cell in notebook.cells}
    work = _Conversion(notebook, folder or Path.cwd(), _wanted(keep, notebook), cells)
    return work.script(parameters)


def _wanted(keep: Collection[str], notebook: Notebook) -> Wanted:
    numbers = frozenset(int(word) for word in keep if word.isdecimal())
    rules = frozenset(word for word in keep if not word.isdecimal())
    for rule in rules - DROPS.keys() - {"all"}:
        raise CaptureError(f"There is no rule '{rule}' to keep code from.", resolution=did_you_mean(rule, DROPS))
    for number in numbers - {cell.number for cell in notebook.cells}:
        found = f"{notebook.name} has {len(notebook.cells)} code cells, and no cell {number}."
        raise CaptureError(found, resolution="Cells count from 1, code cells only.")
    return Wanted(rules, numbers)


@dataclass(slots=True)
class _Conversion:
    notebook: Notebook
    folder: Path
    wanted: Wanted
    cells: Mapping[int, Cell]
    changes: list[Change] = field(default_factory=list[Change])
    installs: list[str] = field(default_factory=list[str])
    imports: list[str] = field(default_factory=list[str])
    writes: list[str] = field(default_factory=list[str])
    ends: list[TextLine] = field(default_factory=list[TextLine])
    commands: set[int] = field(default_factory=set[int])
    taken: dict[str, str] = field(default_factory=dict[str, str])
    names: Names = field(default_factory=lambda: Names.beside(()))

    def place(self, number: int) -> Place:
        return Place(self.notebook.name, self.cells[number])

    def script(self, chosen: Collection[str]) -> Script:
        """The whole way."""
        every = self._statements()
        fates = left_out(every, self.cells, self.wanted)
        self.changes += [Change(b.cell, b.line, rule, b.short) for b, rule in fates.items()]
        kept = [block for block in every if block not in fates]
        refuse_notebook_only(kept, self.place)
        refuse_unbound(kept, [b for b in every if b in fates], self.imports, self.place)
        self.names = Names.beside(name for block in kept for name in block.binds | block.reads)
        parameters = self._parameters(kept, chosen)
        found = self._paths(kept, parameters)
        arranged = arrange(kept, self._around(parameters))
        if arranged.is_flat and arranged.is_async:
            block = next(block for block in kept if awaits(block.node))
            what = "a notebook that awaits cannot use exec, eval, locals() or a second 'import *' as well."
            raise self.place(block.cell).refuse(block.line, what, "Write the names out.")
        return self._written(kept, [*parameters.values(), *found], arranged)

    # Cells → statements

    def _statements(self) -> list[Block]:
        known = frozenset[str]().union(*(names(cell) for cell in self.notebook.cells))
        found: list[Block] = []
        for cell in self.notebook.cells:
            made = self._plain(cell, known)
            if made is not None:
                found += self._blocks(made)
        return found

    def _plain(self, cell: Cell, known: frozenset[str]) -> Plain | None:
        """The cell in Python; one that is tagged away need not be any."""
        try:
            return plain(cell, self.place(cell.number), known)
        except CaptureError:
            if not self.wanted.leaves_out(cell):
                raise
            first = next((line for line in cell.source.split("\n") if line.strip()), "")
            self.changes.append(Change(cell.number, 1, "tag", first))
            return None

    def _blocks(self, made: Plain) -> list[Block]:
        place = self.place(made.cell.number)
        found, comments = blocks(made, parsed(made.text, place))
        found = [block for block in found if block.node.lineno not in made.dropped]
        if not self.wanted.leaves_out(made.cell):
            self.changes += made.changes
            self.installs += made.installs
            self.imports += [one for one in made.imports if one not in self.imports]
            self.writes += made.writes
            self.commands |= {made.cell.number} if made.runs_commands else set()
            if found:
                found[0].comments = [*self.ends, *found[0].comments]
                self.ends = comments
            else:
                self.ends += comments
        return found

    # Parameters and data

    def _parameters(self, kept: list[Block], chosen: Collection[str]) -> dict[Block, Parameter]:
        found = found_parameters(kept, self.cells, chosen, self.folder, self.notebook.name)
        written = paths.written(kept) | set(self.writes)
        for block, kind in paths.assigned(kept, self.folder, written).items():
            if block not in found:
                name = next(iter(block.binds))
                text = paths.text_of(block)
                found[block] = Parameter(name, kind, text, block.cell, block.line)
                self.changes.append(Change(block.cell, block.line, "path", block.short, f"--{name}"))
        args = self.names.args
        for block, parameter in found.items():
            if not any(c.rule == "path" and (c.cell, c.line) == (block.cell, block.line) for c in self.changes):
                self.changes.append(Change(block.cell, block.line, "parameter", block.short, f"--{parameter.name}"))
            block.text = [f"{parameter.name} = {args}.{parameter.name}"]
            block.read_again()
        return found

    def _paths(self, kept: list[Block], parameters: Mapping[Block, Parameter]) -> list[Parameter]:
        """Inputs for the data that the code reads by its path, which is put into the code."""
        own = paths.written(kept) | set(self.writes)
        args = self.names.args
        taken = {name for block in kept for name in block.binds | block.reads} | {p.name for p in parameters.values()}
        by_text: dict[str, Parameter] = {}
        uses = list(paths.literals(kept, self.folder, own))
        for use in uses:
            if use.text not in by_text:
                name = paths.name_for(use.text, use.kind, taken)
                taken.add(name)
                place = (use.block.cell, use.node.lineno)
                by_text[use.text] = Parameter(name, use.kind, use.text, *place, is_found=True)
            self.changes.append(
                Change(use.block.cell, use.node.lineno, "path", repr(use.text), f"--{by_text[use.text].name}")
            )
        self._put(uses, by_text, args)
        return list(by_text.values())

    def _put(self, uses: Sequence[PathLiteral], by_text: Mapping[str, Parameter], args: str) -> None:
        shared = {use.text for use in uses if use.is_in_function}
        self.taken = {by_text[text].name: f"{args}.{by_text[text].name}" for text in sorted(shared)}
        for use in sorted(uses, key=lambda use: edits.place(use.node), reverse=True):
            name = by_text[use.text].name
            edits.replace(use.block.text, use.node, name if use.text in shared else f"{args}.{name}", use.block.line)
        for block in dict.fromkeys(use.block for use in uses):
            block.read_again()

    def _around(self, parameters: Mapping[Block, Parameter]) -> Surroundings:
        own = {Path(path).stem for path in self.writes if path.endswith(".py")}
        own |= {Path(path).parts[0] for path in self.writes if path.endswith(".py")}
        return Surroundings(parameters.keys(), own, self.commands, self.folder)

    # Script

    def _written(self, kept: list[Block], parameters: list[Parameter], arranged: Arrangement) -> Script:
        arranged.shared = dict.fromkeys(self.taken, "") | arranged.shared
        draft = Draft(
            self.notebook, arranged, parameters, self.names, self.imports, self.taken, self.ends
        )  # fmt: skip
        written = lines(draft)
        text = "\n".join(line.text.rstrip() if not line.cell else line.text for line in written) + "\n"
        imported = imported_names(ast.parse(text))
        return Script(
            self.notebook.name, text, tuple(parameters),
            changes=tuple(sorted(self.changes, key=lambda change: (change.cell, change.line))),
            remarks=tuple(self._remarks(kept)),
            requirements=requirements(imported, self.installs, self.folder),
            files=local_files(imported, self.folder),
            lines={n: (line.cell, line.line) for n, line in enumerate(written, 1) if line.cell},
            sources={cell.number: cell.source for cell in self.notebook.cells},
            main="" if arranged.is_flat else self.names.main,
            name=script_name(self.notebook.name, imported),
        )  # fmt: skip

    def _remarks(self, kept: list[Block]) -> Iterable[str]:
        own = paths.written(kept) | set(self.writes)
        for block, text in paths.missing(kept, self.folder, own):
            yield f"cell {block.cell}, line {block.line} reads {text}, which is not there."
        for block, line, text in paths.left(kept, self.folder, own):
            yield f"cell {block.cell}, line {line} says {text}, which stays in the code: a job will not have it."
