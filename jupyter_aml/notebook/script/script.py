"""A converted notebook: plain frozen values. Nothing is converted, written or run here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from jupyter_aml.notebook.origin import LocalFile

Kind: TypeAlias = Literal["integer", "number", "boolean", "string", "json", "uri_file", "uri_folder"]
Rule: TypeAlias = Literal[
    "tag", "looking", "plots", "installs", "magics", "ours", "timing", "widgets", "display", "unused-imports",
    "translated", "parameter", "path",
]  # fmt: skip
DROPS: Final[Mapping[str, str]] = {
    "tag": "cells tagged exploratory",
    "looking": "expressions that only show a value: df.head(), df.shape, a name",
    "plots": "drawing that is never saved",
    "installs": "pip and conda installs: they become requirements",
    "magics": "magics that mean something in a notebook only: %matplotlib, %load_ext, help (?)",
    "ours": "jupyter_aml's own magics",
    "timing": "%timeit",
    "widgets": "controls that need a person",
    "display": "display(…)",
    "unused-imports": "imports that only dropped code used",
}
"""Each rule by which code is left out, and what it means."""
PATHS: Final = frozenset({"uri_file", "uri_folder"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may be said to the script, by `--name VALUE`.

    `default` is a value of the kind (a relative path for `uri_file` and `uri_folder`); None where `is_optional`.
    `cell` and `line`: where the notebook says it. `is_found`: a path that was found in the code, no variable of it.
    """

    name: str
    kind: Kind
    default: object
    cell: int
    line: int
    help: str = ""
    choices: tuple[object, ...] = ()
    is_optional: bool = False
    is_found: bool = False

    @property
    def is_path(self) -> bool:
        """Whether it names data."""
        return self.kind in PATHS


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that the script says otherwise than the notebook; `after` is empty for what was left out."""

    cell: int
    line: int
    rule: Rule
    before: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """A notebook as a program.

    `lines` gives for a line of the text the cell and the line in it that it comes from; lines count from 1, cells
    count the code cells from 1. `sources` are the cells' own texts, by number; `main` is the function of the script
    that holds the cells' top-level code; `name` the file that it belongs in.
    """

    notebook: str
    text: str
    parameters: tuple[Parameter, ...] = ()
    changes: tuple[Change, ...] = ()
    remarks: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    files: tuple[LocalFile, ...] = ()
    lines: Mapping[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])
    sources: Mapping[int, str] = field(default_factory=dict[int, str])
    main: str = "main"
    name: str = ""
