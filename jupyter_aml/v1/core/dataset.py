"""The name of `azureml.core.dataset`, defined in the room of data. That room knows this one: it is asked by name."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_aml.v1.data.dataset import Dataset

__all__ = ["Dataset"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever has that name
    """The class, when it is asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("jupyter_aml.v1.data.dataset"), name)
