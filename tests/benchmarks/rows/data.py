"""Data on its way: an unchanged folder submitted again, an input that cannot be written, azureml:// in pandas."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from jupyter_aml.data.upload import Uploader
from jupyter_aml.entities.launch import InputSpec
from jupyter_aml.runner import mounts
from jupyter_aml.store.database import Database
from jupyter_aml.store.folder_index import FolderIndex
from tests.benchmarks.row import Row
from tests.benchmarks.rows import warm

FILES = 10_000
JOBS = 100
ROUNDS = 5


def rows() -> list[Row]:
    """Every row of data."""
    return [_again(), _mounted()]


def _again() -> Row:
    with tempfile.TemporaryDirectory(prefix="jupyter-aml-bench-") as name:
        folder, store = Path(name) / "data", Path(name) / "workspace" / "datastores" / "store"
        _fill(folder)
        database = Database(Path(name) / "w.db")
        uploader = Uploader(store.parents[1], FolderIndex(database), show=lambda *_: lambda _done, _files: None)
        time.sleep(0.1)  # files this young are not recognised by their times
        uploader.upload(folder, store)
        ours = _timed(lambda: uploader.upload(folder, store))
        bare = _timed(lambda: [path.stat() for path in folder.rglob("*")])
        database.close()
    what = f"An unchanged folder of {FILES:,} files uploaded again; against a walk that stats each"
    return Row(what, 1e3 * ours, 1e3 * bare, "ms", ours / bare, "≤ 500 ms", ours <= 0.5)


def _fill(folder: Path) -> None:
    for number in range(FILES):
        path = folder / str(number // 100) / str(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(number))


def _timed(act: Callable[[], Any]) -> float:
    times: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return median(times)


def _mounted() -> Row:
    """The same job with its input as it is and with its input out of its reach, in turn."""
    with warm._yard() as yard:  # noqa: SLF001  the yard of the benches
        file = yard.root / "f.csv"
        file.write_text("1,2")

        def loop(mode: str) -> float:
            inputs = {"x": InputSpec("uri_file", str(file), mode)}
            return warm._ours(yard, JOBS, lambda: yard.start(warm.NOTHING, inputs=inputs)) / JOBS  # noqa: SLF001  as above

        pairs = [(loop("ro_mount"), loop("rw_mount")) for _ in range(ROUNDS)]
    ours, bare = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    how = "mounted read-only" if mounts.are_possible() else "copied (the kernel lets nobody mount here)"
    what = f"{warm.NOTHING}, two wide, an input {how}; against one that may be written"
    return Row(what, 1e3 * ours, 1e3 * bare, "ms/job", ours / bare, "≤ 1.3", ours / bare <= 1.3)
