"""Where each statement goes: to the module, or into `main()`. Order is kept where it counts.

A definition leaves `main` only when Python can make it before `main` runs, and when its name is bound once. A name
that functions of the module need, and `main` binds, is declared `global` there: the program does what the notebook did.
"""

import ast
import builtins
import sys
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Final

from jupyter_aml.notebook.script.blocks import Block, called, root

_SETTING_UP: Final = frozenset({"sys", "os", "warnings", "matplotlib", "mpl", "plt"})
_SET_UP: Final = (
    "sys.path", "sys.modules", "os.environ", "os.putenv", "warnings.", "matplotlib.use", "mpl.use",
    "plt.switch_backend",
)  # fmt: skip
_UNSEEN: Final = frozenset({"globals", "locals", "vars", "exec", "eval"})
_LOOPING: Final = frozenset("create_task ensure_future get_running_loop gather".split())
_BUILTINS: Final = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__"}


@dataclass(slots=True)
class Arrangement:
    """The statements by where they go, each in the notebook's order.

    `shared`: what `main` declares global, and why. `is_flat`: there is no `main`, since the code asks for names that
    only run time knows (`exec`, `locals()`, a second `import *`): it runs where a notebook's code runs, in the module.
    """

    future: list[Block] = field(default_factory=list[Block])
    imports: list[Block] = field(default_factory=list[Block])
    constants: list[Block] = field(default_factory=list[Block])
    definitions: list[Block] = field(default_factory=list[Block])
    main: list[Block] = field(default_factory=list[Block])
    shared: dict[str, str] = field(default_factory=dict[str, str])
    is_async: bool = False
    is_flat: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What arranging must know besides the statements.

    `arguments`: statements that take a parameter's value; `own_modules`: modules that the notebook writes itself;
    `runs_commands`: the cells that start other programs.
    """

    arguments: Collection[Block]
    own_modules: Collection[str]
    runs_commands: Collection[int]
    folder: Path


def arrange(blocks: list[Block], around: Surroundings) -> Arrangement:
    """Every statement in its place."""
    sorting = _Sorting(blocks, around)
    for block in blocks:
        sorting.place(block)
    sorting.define()
    made = sorting.made
    made.main = [block for block in blocks if block in sorting.rest]
    made.is_flat = any(block.reads & _UNSEEN or "*" in block.binds for block in [*made.main, *made.definitions])
    made.shared = {} if made.is_flat else _shared(made)
    made.is_async = any(awaits(block.node) for block in made.main)
    return made


class _Sorting:
    def __init__(self, blocks: list[Block], around: Surroundings) -> None:
        self.blocks, self.around = blocks, around
        self.made = Arrangement()
        self.rest = dict.fromkeys(blocks)
        self.bound = Counter(name for block in blocks for name in block.binds | block.declares)
        self.texts = Counter("\n".join(b.text) for b in blocks if isinstance(b.node, ast.Import | ast.ImportFrom))
        self.ready = set[str](_BUILTINS)
        self.changing = _changing(blocks)
        self.imported = set[str]()
        self.is_barred = False
        self.ran_commands = False

    # Imports, and what must come before them

    def place(self, block: Block) -> None:
        node = block.node
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            self._move(block, self.made.future)
        elif _is_import(node) and self._is_free(block):
            self._import(block)
        elif _sets_up(node) and block.reads <= self.ready and block not in self.around.arguments and not block.binds:
            self._move(block, self.made.imports)
        elif _sets_up(node):
            self.is_barred = True
        self.ran_commands |= block.cell in self.around.runs_commands

    def _import(self, block: Block) -> None:
        text = "\n".join(block.text)
        if text in self.imported:
            self.rest.pop(block)
            return
        self.imported.add(text)
        self._move(block, self.made.imports)

    def _is_free(self, block: Block) -> bool:
        """Whether importing it first changes nothing."""
        same = self.texts["\n".join(block.text)] if isinstance(block.node, ast.Import | ast.ImportFrom) else 1
        imports = [b for b in self.blocks if _is_import(b.node) and b.binds & block.binds]
        others = [b for b in imports if b.text != block.text and not _only_extends(b, block)]
        if same < 1 or others or block.binds & self.changing or not block.reads <= self.ready:
            return False
        modules = _modules(block.node)
        if modules & set(self.around.own_modules):
            return False
        needs_order = self.is_barred or self.ran_commands
        return not needs_order or all(_is_there(name, self.around.folder) for name in modules)

    def _move(self, block: Block, where: list[Block]) -> None:
        self.rest.pop(block)
        where.append(block)
        self.ready |= block.binds

    # Definitions, and the constants that they read

    def define(self) -> None:
        """Move definitions to the module, with the constants that they need."""
        constants = {name: block for block in self.rest if (name := self._constant(block))}
        defined = [b for b in self.rest if isinstance(b.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
        self._take([b for b in constants.values() if any(b.binds & one.reads for one in defined)])
        functions = {next(iter(b.binds)): b for b in defined if len(b.binds) == 1}
        for block in defined:
            if self._is_ready(block, functions):
                self._move(block, self.made.definitions)

    def _take(self, constants: list[Block]) -> None:
        for block in constants:
            if block.reads <= self.ready:
                self._move(block, self.made.constants)

    def _constant(self, block: Block) -> str:
        """The name that a statement gives to plain data, once."""
        match block.node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                is_once = self.bound[name] == 1 and name not in self.changing
                is_plain = all(isinstance(n, _PLAIN) for n in ast.walk(value))
                return name if is_once and is_plain and block not in self.around.arguments else ""
            case _:
                return ""

    def _is_ready(self, block: Block, functions: dict[str, Block]) -> bool:
        is_bound_again = any(self.bound[name] > 1 or name in self.changing for name in block.binds)
        if is_bound_again or not block.now - block.binds <= self.ready:
            return False
        waiting, seen = list(called(block.node) & set(functions)), set[str]()
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                needed = functions[name].later - {name}
                if not needed <= self.ready | set(functions):
                    return False
                waiting += needed & set(functions)
        return True


_PLAIN: Final = (
    ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.UnaryOp, ast.BinOp, ast.unaryop, ast.operator,
    ast.expr_context, ast.JoinedStr,
)  # fmt: skip


def _changing(blocks: list[Block]) -> frozenset[str]:
    """Python's own names that are read before the notebook gives them another meaning, or that `del` gives back."""
    read, found = set[str](), set[str]()
    for block in blocks:
        read |= block.reads
        found |= block.binds & read
        found.update(n.id for n in block.nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Del))
    return frozenset(found & _BUILTINS)


def _is_import(node: ast.stmt) -> bool:
    """An import, or a `try` of imports with a way out."""
    match node:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.Try(body=body, handlers=handlers, orelse=[], finalbody=[]):
            inner = [one for handler in handlers for one in handler.body]
            return all(_is_import(one) for one in body) and all(
                _is_import(one) or isinstance(one, ast.Pass) or _is_plain_assignment(one) for one in inner
            )
        case _:
            return False


def _is_plain_assignment(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and all(isinstance(n, (*_PLAIN, ast.Name)) for n in ast.walk(node.value))


def _only_extends(one: Block, other: Block) -> bool:
    """`import a.b` beside `import a.c` or `import a`: they bind the same package."""
    nodes = (one.node, other.node)
    return all(isinstance(n, ast.Import) and all(a.asname is None for a in n.names) for n in nodes)


def _modules(node: ast.stmt) -> set[str]:
    found = set[str]()
    for one in ast.walk(node):
        match one:
            case ast.Import(names=names):
                found.update(alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                found.add(module.partition(".")[0])
            case _:
                pass
    return found


def _is_there(name: str, folder: Path) -> bool:
    """The module is installed, or lies beside the notebook."""
    if name in sys.stdlib_module_names or name in sys.modules:
        return True
    return PathFinder.find_spec(name, [str(folder), *sys.path]) is not None


def _sets_up(node: ast.stmt) -> bool:
    """What imports may depend on: the search path, environment variables, warnings, matplotlib's backend."""
    match node:
        case ast.Expr(value=ast.Call(func=target)) | ast.Assign(targets=[ast.Subscript() as target, *_]):
            return root(target) in _SETTING_UP and ast.unparse(target).startswith(_SET_UP)
        case _:
            return False


# What main shares with the functions of the module


def _shared(made: Arrangement) -> dict[str, str]:
    bound = frozenset[str]().union(*(block.binds for block in made.main))
    declared = frozenset[str]().union(*(block.declares for block in made.main))
    readers = {name: _who(block) for block in reversed(made.definitions) for name in block.later | block.declares}
    above = [*made.future, *made.imports, *made.constants, *made.definitions]
    outside = frozenset[str]().union(*(block.binds for block in above))
    shared = {name: readers[name] for name in sorted(bound) if name in readers}
    wanted = (bound & (outside | _changing(made.main))) | declared
    return shared | {name: "" for name in sorted(wanted) if name not in shared}


def _who(block: Block) -> str:
    return next(iter(block.binds), "")


def awaits(node: ast.AST) -> bool:
    """It must run in an event loop, as a notebook's cells do."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
        return False
    if isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith)) or getattr(node, "is_async", 0):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _LOOPING:
        return root(node.func) == "asyncio"
    return any(awaits(child) for child in ast.iter_child_nodes(node))
