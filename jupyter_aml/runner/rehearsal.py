"""What a warm worker does before its first job: imports, and MLflow's first run on a throw-away file. Fits nothing."""

import gc
import importlib
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterable
from typing import Any, Final

_TRACKING_URI: Final = "MLFLOW_TRACKING_URI"
_SCHEME: Final = "jupyter-aml"


def learn(modules: Iterable[str]) -> None:
    """Import what can be imported; MLflow is led through one run, for its first costs half a second.

    Nothing of it stays in the environment, and no OpenMP region runs: after one, forked children hang.
    """
    before = dict(os.environ)
    had_mlflow = "mlflow" in sys.modules
    for name in modules:
        _imported(name)
    if "mlflow" in sys.modules and not had_mlflow and _knows_our_store():
        _rehearse_mlflow()
    os.environ.clear()
    os.environ.update(before)
    tempfile.tempdir = None
    gc.collect()
    gc.freeze()


def is_forkable() -> bool:
    """Whether only this thread of Python exists; a fork would lose the others."""
    return threading.active_count() == 1


def _imported(name: str) -> Any:  # noqa: ANN401  a module: whatever the job's code will find in it
    try:
        return importlib.import_module(name)
    except Exception:  # noqa: BLE001  a job may meet it again, in its own log
        return None


def _knows_our_store() -> bool:
    """Not in an environment that was built without this package: MLflow speaks HTTP there."""
    from importlib.metadata import entry_points

    return bool(entry_points(group="mlflow.tracking_store", name=_SCHEME))


def _rehearse_mlflow() -> None:
    """MLflow by its plain API, as a job uses it; imported by name, for its door is `tracking`."""
    folder = tempfile.mkdtemp(prefix="jupyter-aml-rehearsal-")
    try:
        os.environ[_TRACKING_URI] = f"{_SCHEME}://{folder}/mlflow.db"
        mlflow = importlib.import_module("mlflow")
        with mlflow.start_run():
            mlflow.log_param("rehearsal", 1)
            mlflow.log_metric("rehearsal", 1.0)
        _put_away()
    except Exception as error:  # noqa: BLE001  the worker is only slower without
        sys.stderr.write(f"warm worker: MLflow's rehearsal failed: {error!r}\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put_away() -> None:
    """Close the throw-away database, so that no job inherits its descriptors, and forget its store."""
    service = importlib.import_module("mlflow.tracking._tracking_service.utils")
    store: Any = service._get_store()  # noqa: SLF001  MLflow has no public way to close a store
    store.engine.dispose()
    store._raw.close()  # noqa: SLF001  ours, and as above
    vars(service)["_tracking_store_registry"]._get_store_with_resolved_uri.cache_clear()  # noqa: SLF001  as above
