"""A workspace with a long past: 10,000 versions of one data asset, 1,000 models, and what a look at them costs."""

import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from statistics import quantiles
from typing import Final

from jupyter_aml.client.assets import DataOperations, ModelOperations
from jupyter_aml.entities.asset_record import AssetKind, AssetRecord
from jupyter_aml.entities.workspace import DEFAULT_WORKSPACE, WorkspaceFolder
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import assets
from tests.benchmarks.row import Row

VERSIONS: Final = 10_000
MODELS: Final = 1_000
LOOKS: Final = 200
PAGE: Final = 50
"""What a person sees of a list at first: the command line's own page."""
BAR_MS: Final = 20.0


def rows() -> list[Row]:
    """The looks, each against the same in a workspace with one version."""
    with tempfile.TemporaryDirectory() as folder:
        full, small = _filled(Path(folder, "full"), VERSIONS, MODELS), _filled(Path(folder, "small"), 1, 1)
        return [_row(what, look, full, small) for what, look in _LOOKS.items()]


def _first_versions(workspace: Workspace) -> object:
    return list(islice(DataOperations(workspace).list("d"), PAGE))


def _model_names(workspace: Workspace) -> object:
    return list(islice(ModelOperations(workspace).list(), PAGE))


def _one(workspace: Workspace) -> object:
    return DataOperations(workspace).get("d", version="1")


def _latest(workspace: Workspace) -> object:
    return DataOperations(workspace).get("d", label="latest")


_LOOKS: Final[dict[str, Callable[[Workspace], object]]] = {
    f"list {PAGE} of {VERSIONS:,} data versions": _first_versions,
    f"list {PAGE} of {MODELS:,} models": _model_names,
    f"get one of {VERSIONS:,} data versions": _one,
    f"get @latest of {VERSIONS:,} data versions": _latest,
}


def _row(what: str, look: Callable[[Workspace], object], full: Workspace, small: Workspace) -> Row:
    ours, peer = _p95(look, full), _p95(look, small)
    return Row(f"{what}, p95; against one", ours, peer, "ms", ours / peer, f"≤ {BAR_MS:g} ms", ours <= BAR_MS)


def _p95(look: Callable[[Workspace], object], workspace: Workspace) -> float:
    look(workspace)
    times: list[float] = []
    for _ in range(LOOKS):
        start = time.perf_counter()
        look(workspace)
        times.append((time.perf_counter() - start) * 1000)
    return quantiles(times, n=20)[-1]


def _filled(folder: Path, versions: int, models: int) -> Workspace:
    workspace = Workspace(DEFAULT_WORKSPACE, WorkspaceFolder(folder))
    with workspace.database.transaction() as connection:
        for number in range(1, versions + 1):
            assets.put(connection, _record("data", "d", number))
        for number in range(1, models + 1):
            assets.put(connection, _record("model", f"model-{number}", 1))
    return workspace


def _record(kind: AssetKind, name: str, version: int) -> AssetRecord:
    path = f"azureml://datastores/workspaceblobstore/paths/LocalUpload/{version:032x}/{name}/"
    kinds = {"data": "uri_folder", "model": "custom_model"}
    spec = {"name": name, "version": str(version), "type": kinds[kind], "path": path, "tags": {"a": "b"}}
    return AssetRecord(kind, name, str(version), spec, 1.0, 1.0, path)
