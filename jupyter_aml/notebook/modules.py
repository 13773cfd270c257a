"""Modules that a cell uses: import statements, and files when they lie beside the notebook. None is imported here."""

import ast
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Final, TypeGuard

from jupyter_aml.exceptions import CaptureError
from jupyter_aml.notebook.origin import LocalFile

CELL_FILE: Final = "cell.py"
ENTRY_FILE: Final = "run_cell.py"
VALUES_FILE: Final = "captured.pkl"

_OURS: Final = frozenset({"jupyter_aml", "__main__", "builtins"})
_WITHOUT_IMPORT: Final = _OURS | {"cloudpickle"}
_LIMIT: Final = 2_000  # files of one local package: more is a folder of data, not of code


def import_statement(name: str, module: ModuleType) -> str:
    """The statement that binds `name` to `module` again."""
    full = module.__name__
    if name == full:
        return f"import {full}"
    return f"import {full} as {name}"


def submodule_statements(tree: ast.Module, modules: Mapping[str, ModuleType]) -> Iterator[str]:
    """`import a.b` for every loaded submodule that the cell reaches by attributes (`a.b.c()`)."""
    for node in ast.walk(tree):
        chain = _chain(node)
        module = modules.get(chain[0]) if chain else None
        if module is not None:
            full = ".".join([module.__name__, *chain[1:]])
            if full in sys.modules and full != module.__name__:
                yield f"import {full}"


def top_levels(statements: Iterable[str]) -> frozenset[str]:
    """The packages that these import statements need."""
    return frozenset(s.split()[1].partition(".")[0] for s in statements)


def is_module(value: object) -> TypeGuard[ModuleType]:
    """A module that an import statement finds again (not one made by hand, not the notebook itself)."""
    if not isinstance(value, ModuleType) or value.__name__ == "__main__":
        return False
    return sys.modules.get(value.__name__) is value


def public_module(name: str) -> str:
    """The module that people import to get at `name`: `sklearn.datasets` for `sklearn.datasets._base`."""
    parts = name.split(".")
    private = next((i for i, part in enumerate(parts) if part.startswith("_")), len(parts))
    public = ".".join(parts[:private])
    is_library = parts[0] not in _WITHOUT_IMPORT and parts[0] not in sys.stdlib_module_names
    return public if is_library and public in sys.modules else ""


def _chain(node: ast.AST) -> list[str]:
    """`a.b.c` as its parts; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return [node.id, *reversed(parts)] if isinstance(node, ast.Name) else []


def imported_names(tree: ast.AST) -> frozenset[str]:
    """The top-level modules that this code imports anywhere, itself or in a function."""
    return frozenset(_imported(tree))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def local_files(names: Iterable[str], folder: Path) -> tuple[LocalFile, ...]:
    """The files of the modules that are imported from the notebook's own folder, and of those they import.

    Raises:
        CaptureError: a module has the name of a file that the job's folder needs.
    """
    found: dict[str, LocalFile] = {}
    waiting, seen = sorted(set(names)), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for file in _files_of(name, folder):
            found[file.path] = file
            waiting.extend(_imports_of(file.found))
    _refuse_collisions(found)
    return tuple(found[path] for path in sorted(found))


def _files_of(name: str, folder: Path) -> Iterator[LocalFile]:
    if name in _OURS or name in sys.stdlib_module_names:
        return
    spec = PathFinder.find_spec(name, [str(folder)])
    if spec is None or not _is_the_one_in_use(name, spec):
        return
    if spec.submodule_search_locations is None:
        yield LocalFile(Path(spec.origin or "").name, Path(spec.origin or ""))
        return
    root = Path(next(iter(spec.submodule_search_locations)))
    for count, path in enumerate(sorted(_code_in(root))):
        if count >= _LIMIT:
            message = f"The package '{name}' in {folder} has more than {_LIMIT:,} files."
            raise CaptureError(message, resolution="Install it, and name its environment with --environment.")
        yield LocalFile(str(path.relative_to(folder)), path)


def _is_the_one_in_use(name: str, spec: ModuleSpec) -> bool:
    loaded = sys.modules.get(name)
    if loaded is None:
        return spec.origin is not None
    paths: Collection[str] = getattr(loaded, "__path__", ())
    places = list(spec.submodule_search_locations or ())
    return loaded.__spec__ is not None and (
        Path(getattr(loaded, "__file__", None) or "-").resolve() == Path(spec.origin or "+").resolve()
        or (spec.origin is None and bool(set(paths) & set(places)))
    )


def _code_in(root: Path) -> Iterator[Path]:
    for path in root.rglob("*"):
        parts = path.relative_to(root).parts
        if path.is_file() and not any(p.startswith(".") or p == "__pycache__" for p in parts):
            yield path


def _imports_of(path: Path) -> Iterable[str]:
    if path.suffix != ".py":
        return ()
    try:
        return imported_names(ast.parse(path.read_bytes()))
    except (SyntaxError, ValueError):
        return ()


def _refuse_collisions(found: Mapping[str, LocalFile]) -> None:
    for ours in (CELL_FILE, ENTRY_FILE):
        if ours in found:
            message = f"The cell imports '{ours}' beside the notebook, but a job keeps the cell under that name."
            raise CaptureError(message, resolution=f"Rename {found[ours].found}.")
