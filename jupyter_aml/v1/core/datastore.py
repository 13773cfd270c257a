"""The name of `azureml.core.datastore`, defined in the room of data. That room knows this one: it is asked by name."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_aml.v1.data.datastore import Datastore

__all__ = ["Datastore"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever has that name
    """The class, when it is asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("jupyter_aml.v1.data.datastore"), name)
