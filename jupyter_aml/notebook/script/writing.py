"""An arrangement → the script's text, each line with the one of the notebook it comes from. Nothing is decided here."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jupyter_aml.notebook.script.arrangement import Arrangement
from jupyter_aml.notebook.script.blocks import Block, TextLine, indented
from jupyter_aml.notebook.script.cells import Cell, Notebook
from jupyter_aml.notebook.script.parameters import COMMENT
from jupyter_aml.notebook.script.script import Kind, Parameter

_DEEP: Final = "    "
_WIDE: Final = 100
_BOOLEAN: Final = '''\
def boolean(text: str) -> bool:
    """True or False, as a command line says it."""
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if text.strip().lower() not in words:
        raise argparse.ArgumentTypeError(f"True or False is expected, found {text!r}")
    return words[text.strip().lower()]
'''


@dataclass(frozen=True, slots=True)
class Names:
    """What the script's own things are called: names that the notebook does not have."""

    main: str
    parse: str
    args: str
    boolean: str

    @classmethod
    def beside(cls, taken: Iterable[str]) -> "Names":
        """Names that are free."""
        used = frozenset(taken)

        def free(*tries: str) -> str:
            return next(name for name in tries if name not in used)

        return cls(
            free("main", "run_notebook", "run_all_cells"), free("parse_args", "parse_arguments", "command_line"),
            free("args", "arguments", "said_args"), free("boolean", "as_boolean", "true_or_false"),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """All that is written down."""

    notebook: Notebook
    arranged: Arrangement
    parameters: Sequence[Parameter]
    names: Names
    extra_imports: Sequence[str]
    taken: Mapping[str, str]
    ends: Sequence[TextLine] = ()


def lines(draft: Draft) -> list[TextLine]:
    """The script, line by line."""
    made = [*_docstring(draft), *_imports(draft)]
    for block in draft.arranged.constants:
        made += ([TextLine("")] if block is draft.arranged.constants[0] else []) + block.lines
    for block in draft.arranged.definitions:
        made += [TextLine(""), TextLine(""), *block.lines]
    made += [] if draft.arranged.is_flat else _main(draft)
    if any(parameter.kind == "boolean" for parameter in draft.parameters):
        text = _BOOLEAN.replace("boolean(", f"{draft.names.boolean}(", 1)
        made += [TextLine(""), TextLine(""), *_own(text.rstrip("\n").split("\n"))]
    made += _own(_parser(draft))
    if draft.arranged.is_flat:
        take = f"{_DEEP}{draft.names.args} = {draft.names.parse}()"
        return made + _own(["", "", 'if __name__ == "__main__":', take, *_taken(draft)]) + _body(draft)
    run = f"{draft.names.main}({draft.names.parse}())"
    run = f"asyncio.run({run})" if draft.arranged.is_async else run
    return made + _own(["", "", 'if __name__ == "__main__":', f"{_DEEP}{run}"])


def _own(text: Iterable[str]) -> list[TextLine]:
    return [TextLine(line) for line in text]


def _docstring(draft: Draft) -> list[TextLine]:
    about = draft.notebook
    title = about.title or f"{about.name}, as a script."
    title = title if title.endswith((".", "!", "?")) else f"{title}."
    said = [title, *(["", *_wrapped(about.summary)] if about.summary else [])]
    said = [line.replace("\\", "\\\\").replace('"""', "'''") for line in said]
    if len(said) == 1 and not said[0].endswith('"'):
        return _own([f'"""{said[0]}"""', ""])
    return _own([f'"""{said[0]}', *said[1:], '"""', ""])


def _wrapped(text: str) -> list[str]:
    import textwrap  # only notebooks that begin with prose

    return textwrap.wrap(text, _WIDE) if text else []


def _imports(draft: Draft) -> list[TextLine]:
    arranged = draft.arranged
    there = {line.strip() for block in arranged.imports for line in block.text}
    wanted = ["import argparse", *draft.extra_imports]
    wanted += ["import asyncio"] if arranged.is_async else []
    wanted += ["import json"] if any(p.kind == "json" for p in draft.parameters) else []
    bound = {name for block in arranged.imports for name in block.binds}
    own = [line for line in dict.fromkeys(sorted(wanted)) if line not in there and line.split()[-1] not in bound]
    blocks = [line for block in arranged.imports for line in block.lines]
    future = [line for block in arranged.future for line in block.lines]
    return [*future, *_own([""] if future else []), *_own(own), *blocks]


# main


def _main(draft: Draft) -> list[TextLine]:
    kind = "async def" if draft.arranged.is_async else "def"
    head = f"{kind} {draft.names.main}({draft.names.args}: argparse.Namespace) -> None:"
    made = _own(["", "", head, f'{_DEEP}"""What the cells do, top to bottom."""', *_globals(draft), *_taken(draft)])
    return made + _body(draft)


def _body(draft: Draft) -> list[TextLine]:
    """The cells' statements in order, one step in."""
    made: list[TextLine] = []
    cells = {cell.number: cell for cell in draft.notebook.cells}
    last = 0
    for block in draft.arranged.main:
        if block.cell != last:
            made += _opening(cells, last, block.cell)
            last = block.cell
        made += _deeper(block, draft)
    return made + [TextLine(_DEEP + line.text, line.cell, line.line) for line in draft.ends]


def _globals(draft: Draft) -> Iterator[str]:
    for reader in dict.fromkeys(draft.arranged.shared.values()):
        names = [name for name, who in draft.arranged.shared.items() if who == reader]
        why = f"  # {reader}() uses them" if reader and len(names) > 1 else f"  # {reader}() uses it" if reader else ""
        for first in range(0, len(names), 8):
            yield f"{_DEEP}global {', '.join(names[first : first + 8])}{why}"


def _taken(draft: Draft) -> Iterator[str]:
    for name, value in draft.taken.items():
        yield f"{_DEEP}{name} = {value}"


def _opening(cells: Mapping[int, Cell], last: int, number: int) -> list[TextLine]:
    """A blank line, the headings since the cell before, and the cell's number."""
    headings = [h for n in range(last + 1, number + 1) if n in cells for h in cells[n].headings]
    said = [f"{_DEEP}# {heading}" for heading in headings]
    return _own(["", *said, f"{_DEEP}# cell {number}"])


def _deeper(block: Block, draft: Draft) -> list[TextLine]:
    said = [c for c in block.comments if not COMMENT.match(c.text)]
    comments = [TextLine(_DEEP + c.text if c.text else "", c.cell, c.line) for c in said]
    text = block.text if not _is_annotated_global(block, draft) else _without_annotation(block)
    return [*comments, *(TextLine(t, block.cell, block.line + i) for i, t in enumerate(indented(text)))]


def _is_annotated_global(block: Block, draft: Draft) -> bool:
    node = block.node
    return isinstance(node, ast.AnnAssign) and bool(block.binds & set(draft.arranged.shared))


def _without_annotation(block: Block) -> list[str]:
    """`x: int = 1` → `x = 1`: Python takes no annotation of a global name."""
    tree = ast.parse("\n".join(block.text)).body[0]
    if not isinstance(tree, ast.AnnAssign) or tree.value is None:
        return ["pass"]
    target = ast.unparse(tree.target)
    first, column = tree.value.lineno - 1, tree.value.col_offset
    rest = block.text[first].encode()[column:].decode()
    return [*[""] * first, f"{target} = {rest}", *block.text[first + 1 :]] if not first else [
        f"{target} = (", *block.text[1:], ")",
    ]  # fmt: skip


# The command line


def _parser(draft: Draft) -> Iterator[str]:
    about = draft.notebook
    description = about.title or about.name
    yield from ("", "", f"def {draft.names.parse}() -> argparse.Namespace:")
    yield f'{_DEEP}"""The command line."""'
    yield f"{_DEEP}parser = argparse.ArgumentParser("
    yield f"{_DEEP * 2}description={_quoted(description.replace('%', '%%'))},"
    yield f"{_DEEP * 2}formatter_class=argparse.ArgumentDefaultsHelpFormatter,"
    yield f"{_DEEP})"
    for parameter in draft.parameters:
        yield f"{_DEEP}parser.add_argument({', '.join(_argument(parameter, draft.names))})"
    yield f"{_DEEP}return parser.parse_args()"


def _argument(parameter: Parameter, names: Names) -> Iterator[str]:
    types: dict[Kind, str] = {
        "integer": "int", "number": "float", "boolean": names.boolean, "json": "json.loads",
    }  # fmt: skip
    yield _quoted(f"--{parameter.name}")
    if parameter.kind in types:
        yield f"type={types[parameter.kind]}"
    if parameter.choices:
        yield f"choices={list(parameter.choices)!r}"
    yield f"default={_literal(parameter.default)}"
    yield f"help={_quoted((parameter.help or _described(parameter)).replace('%', '%%'))}"


def _described(parameter: Parameter) -> str:
    match parameter.kind:
        case "uri_file":
            return "the file"
        case "uri_folder":
            return "the folder"
        case _:
            return re.sub("_+", " ", parameter.name).strip()


def _literal(value: object) -> str:
    return _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(text: str) -> str:
    """A text in double quotes where that needs no escape."""
    plain = repr(text)
    return f'"{plain[1:-1]}"' if plain.startswith("'") and '"' not in plain and "\\'" not in plain else plain
