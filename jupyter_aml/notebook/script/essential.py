"""Which statements a script does not need. Each is named with its rule; what something kept needs stays."""

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from jupyter_aml.notebook.script.blocks import Block
from jupyter_aml.notebook.script.cells import Cell
from jupyter_aml.notebook.script.purity import DRAWING_LIBRARIES, Purity, bound_in, drawing_names, saves
from jupyter_aml.notebook.script.script import Rule

EXPLORATORY: Final = frozenset({"exploratory", "exploration", "scratch", "remove-cell", "raises-exception"})
KEEP: Final = "keep"
_SCREEN: Final = frozenset({"IPython", "ipywidgets"}) | DRAWING_LIBRARIES
_CONTROLS: Final = frozenset("interact interactive interact_manual interactive_output".split())
_SHOWN: Final = frozenset({"display", "clear_output"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user keeps: rules, cells by their number, or everything."""

    rules: frozenset[str] = frozenset()
    cells: frozenset[int] = frozenset()

    def keeps(self, cell: int, rule: str) -> bool:
        """Whether the rule is not applied there."""
        return cell in self.cells or rule in self.rules or "all" in self.rules

    def leaves_out(self, cell: Cell) -> bool:
        """Whether its tags take the whole cell away."""
        return bool(cell.tags & EXPLORATORY) and KEEP not in cell.tags and not self.keeps(cell.number, "tag")


def left_out(blocks: list[Block], cells: Mapping[int, Cell], wanted: Wanted) -> dict[Block, Rule]:
    """The statements that the script goes without, each with the rule."""
    fates: dict[Block, Rule] = {}
    purity = _purity(blocks)
    kept_figures = {block.cell for block in blocks if saves(block.nodes) and not _defines(block)}
    for block in blocks:
        rule = _rule(block, cells[block.cell], purity, kept_figures)
        if rule and not wanted.keeps(block.cell, rule):
            fates[block] = rule
        if rule == "plots":
            purity = replace(purity, drawing=purity.drawing | bound_in(block.node))
    _restore(blocks, fates, purity)
    _drop_painters(blocks, fates, purity, wanted)
    _drop_imports(blocks, fates, wanted)
    return fates


def _defines(block: Block) -> bool:
    return isinstance(block.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))


def _purity(blocks: list[Block]) -> Purity:
    nodes = [block.node for block in blocks]
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    own = {part.name for node in classes for part in node.body if isinstance(part, ast.FunctionDef)}
    if any(isinstance(n, ast.Attribute) and n.attr == "autolog" for block in blocks for n in block.nodes):
        own.add("score")  # it is logged
    purity = Purity(drawing_names(nodes), frozenset(own))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    names = [node.name for node in functions]
    for node in functions:
        if names.count(node.name) == 1 and purity.paints(node):
            purity = replace(purity, painters=purity.painters | {node.name})
    return purity


def _rule(block: Block, cell: Cell, purity: Purity, kept_figures: Collection[int]) -> Rule | None:
    if KEEP in cell.tags:
        return None
    if cell.tags & EXPLORATORY:
        return "tag"
    rule = _shown_only(block.node, purity)
    if rule or cell.number in kept_figures:
        return rule
    return "plots" if purity.draws_only(block.node) or purity.is_setting(block.node) else None


def _shown_only(node: ast.stmt, purity: Purity) -> Rule | None:
    """The rule for what is for a person's eyes and hands."""
    match node:
        case ast.Expr(value=value) if _is_control(value):
            return "widgets"
        case ast.Expr(value=value) if _is_display(value, purity):
            return "display"
        case ast.Expr(value=value) if purity.shows_only(value):
            return "looking"
        case ast.FunctionDef() if any(map(_is_control, node.decorator_list)):
            return "widgets"
        case _:
            return None


def _is_control(node: ast.expr) -> bool:
    called = node.func if isinstance(node, ast.Call) else node
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in _CONTROLS


def _is_display(node: ast.expr, purity: Purity) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in _SHOWN:
            return all(_is_shown(arg, purity) for arg in node.args)
        case _:
            return False


def _is_shown(node: ast.expr, purity: Purity) -> bool:
    """An argument of `display`: a value, or one made for the screen."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
        made = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        if made[:1].isupper() and not any(isinstance(n, ast.Call) for a in node.args for n in ast.walk(a)):
            return True
    return purity.shows_only(node) or purity.is_drawing(node)


def _restore(blocks: list[Block], fates: dict[Block, Rule], purity: Purity) -> None:
    """Keep what something kept needs; settings of drawing when anything is still drawn."""
    changed = True
    while changed:
        changed = False
        for index, block in enumerate(blocks):
            is_setting = fates.get(block) == "plots" and purity.is_setting(block.node)
            needed = fates.get(block) in {"plots", "widgets"} and _is_needed(blocks, fates, index)
            if needed or (is_setting and _draws_on(blocks, fates, purity)):
                del fates[block]
                changed = True


def _is_needed(blocks: list[Block], fates: Mapping[Block, Rule], index: int) -> bool:
    for name in blocks[index].binds:
        for other in blocks[index + 1 :]:
            if other not in fates and name in other.now:
                return True
            if name in other.binds and name not in other.now and isinstance(other.node, ast.Assign):
                break
        if any(name in other.later for other in blocks if other not in fates):
            return True
    return False


def _draws_on(blocks: list[Block], fates: Mapping[Block, Rule], purity: Purity) -> bool:
    is_painter = {b for b in blocks if isinstance(b.node, ast.FunctionDef) and b.node.name in purity.painters}
    kept = [b for b in blocks if b not in fates and not isinstance(b.node, ast.Import | ast.ImportFrom)]
    return any((b.reads & purity.drawing) and b not in is_painter for b in kept)


def _drop_painters(blocks: list[Block], fates: dict[Block, Rule], purity: Purity, wanted: Wanted) -> None:
    """Functions that only draw, when nobody calls them any more."""
    for block in blocks:
        if isinstance(block.node, ast.FunctionDef) and block.node.name in purity.painters:
            name = block.node.name
            was_called = any(name in other.reads for other in fates)
            is_called = any(name in other.reads for other in blocks if other not in fates and other is not block)
            if was_called and not is_called and not wanted.keeps(block.cell, "plots"):
                fates[block] = "plots"


def _drop_imports(blocks: list[Block], fates: dict[Block, Rule], wanted: Wanted) -> None:
    """Imports that only dropped code used, and those for a screen that nobody uses."""
    used = frozenset[str]().union(*(block.reads for block in blocks if block not in fates))
    asked = frozenset[str]().union(*(block.reads for block in fates))
    for block in blocks:
        if block in fates or not isinstance(block.node, ast.Import | ast.ImportFrom):
            continue
        modules = {name.partition(".")[0] for name in _modules(block.node)}
        is_idle = not block.binds & used and "*" not in block.binds
        if is_idle and (block.binds <= asked or modules <= _SCREEN) and not wanted.keeps(block.cell, "unused-imports"):
            fates[block] = "unused-imports"


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [node.module or "."] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]


def tag_needed(blocks: list[Block], fates: Mapping[Block, Rule], name: str) -> Block | None:
    """The dropped statement that would have bound a name."""
    return next((block for block in blocks if block in fates and name in block.binds), None)
