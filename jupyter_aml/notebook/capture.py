"""A cell and the notebook's variables → a captured cell. The cell is not run and nothing is written here."""

import builtins
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from jupyter_aml.notebook.flow import Use, outside_names
from jupyter_aml.notebook.modules import (
    import_statement,
    imported_names,
    local_files,
    submodule_statements,
    top_levels,
)
from jupyter_aml.notebook.origin import CapturedCell, CellOrigin
from jupyter_aml.notebook.refusals import (
    NOTEBOOK_ONLY,
    NOTEBOOK_ONLY_BUILTINS,
    Place,
    parsed,
    refuse_notebook_only,
    refuse_undefined,
)
from jupyter_aml.notebook.scopes import bound_names, global_declarations
from jupyter_aml.notebook.search import Search, is_everywhere, is_of_the_shell
from jupyter_aml.notebook.values import LIMIT


def capture(
    source: str,
    namespace: Mapping[str, object],
    origin: CellOrigin,
    *,
    provided: Collection[str] = (),
    cells: Mapping[str, int] | None = None,
    folder: Path | None = None,
    limit: int = LIMIT,
) -> CapturedCell:
    """The cell with everything of the notebook that it uses, ready to run elsewhere.

    Args:
        source: the cell's Python, without its magic line.
        namespace: the notebook's variables: the very dict that its functions have as globals.
        origin: where the cell stands.
        provided: names that the job binds itself (inputs and outputs).
        cells: execution count of the cell behind each compiled file name, for tracebacks.
        folder: where modules beside the notebook are; default the working directory.
        limit: the largest pickle of one value, in bytes.

    Raises:
        CaptureError: no Python, an undefined name, or a value that cannot travel; nothing was run.
    """
    tree, place = parsed(source, origin)
    uses = [u for u in outside_names(tree, provided).values() if not is_everywhere(u.name, namespace)]
    _refuse_what_is_missing(uses, namespace, place)
    given = frozenset(provided)
    bound = given | bound_names(tree.body) | global_declarations(tree.body)
    search = Search(namespace, place, cells=cells or {}, provided=given, bound=bound, limit=limit)
    search.follow([u for u in uses if u.name in namespace])
    imports = [import_statement(name, module) for name, module in search.modules.items()]
    preloads = {*submodule_statements(tree, search.modules), *search.imports_of_values()}
    wanted = top_levels([*imports, *preloads]) | imported_names(tree)
    return CapturedCell(
        source=source,
        origin=origin,
        captured=tuple(search.captured),
        imports=tuple(imports),
        preloads=tuple(sorted(preloads)),
        values=search.stream(),
        files=local_files(wanted, folder or Path.cwd()),
    )


def _refuse_what_is_missing(uses: Sequence[Use], namespace: Mapping[str, object], place: Place) -> None:
    for use in uses:
        is_mine = use.name in namespace and not is_of_the_shell(namespace[use.name])
        if use.name in NOTEBOOK_ONLY or (use.name in NOTEBOOK_ONLY_BUILTINS and not is_mine):
            raise refuse_notebook_only(use, place)
    missing = [u for u in uses if u.is_required and u.name not in namespace]
    if missing:
        known = [n for n in (*namespace, *dir(builtins)) if not n.startswith("_")]
        raise refuse_undefined(missing, known, place)
