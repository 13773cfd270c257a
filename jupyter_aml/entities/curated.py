"""The curated environments, by Azure's names: what we understand by each of them. Names and packages only.

Azure publishes an image for each; ours is a list of packages. One that asks for no old Python is served by the
submitting interpreter where that has what counts (`ENOUGH`), and built where it has not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

KERNEL: Final = "kernel"
"""Ours: the interpreter that submits. What a job runs in when no environment is named."""
PREFIX: Final = "AzureML-"
_IMAGE: Final = "mcr.microsoft.com/azureml/curated"


@dataclass(frozen=True, slots=True)
class Enough:
    """An installed package that will do: a version at least `since`, and below `below`."""

    package: str
    since: tuple[int, ...]
    below: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Definition:
    name: str
    version: int
    description: str
    packages: tuple[str, ...] = ()
    python: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    enough: tuple[Enough, ...] = ()

    def fields(self) -> dict[str, Any]:
        conda = [f"python={self.python}" if self.python else "python", "pip", {"pip": list(self.packages)}]
        return {
            "version": str(self.version),
            "description": self.description,
            "tags": dict(self.tags),
            "image": f"{_IMAGE}/{self.name.lower()}:{self.version}",
            "conda_file": {"name": self.name, "channels": ["conda-forge"], "dependencies": conda},
        }


_OLD: Final = ("pandas<2", "matplotlib", "joblib", "mlflow<3")
_NEW: Final = ("pandas", "matplotlib", "joblib", "mlflow")
_TRAINING: Final = ("Training", "")
_SKLEARN: Final = "An environment for tasks such as regression, clustering, and classification with Scikit-learn."
_LIGHTGBM: Final = "An environment for machine learning with Scikit-learn, LightGBM, XGBoost."
_TORCH: Final = "An environment for deep learning with PyTorch."
_TENSORFLOW: Final = "An environment for deep learning with TensorFlow."
_MINIMAL: Final = "A Python and nothing else."
_OLD_TORCH: Final = ("numpy<2", *_OLD)

_DEFINITIONS: Final = (
    _Definition(
        "sklearn-0.24-ubuntu18.04-py37-cpu", 44, _SKLEARN, ("scikit-learn==0.24.1", *_OLD), "3.7|3.8|3.9",
        (("Scikit-learn", "0.24.1"), ("OS", "Ubuntu18.04"), _TRAINING),
    ),
    _Definition(
        "sklearn-1.0-ubuntu20.04-py38-cpu", 52, _SKLEARN, ("scikit-learn==1.0.2", "numpy<2", *_OLD), "3.8|3.9|3.10",
        (("Scikit-learn", "1.0"), ("OS", "Ubuntu20.04"), _TRAINING),
    ),
    _Definition(
        "sklearn-1.5", 52, _SKLEARN, ("scikit-learn==1.5.*", *_NEW), "",
        (("Scikit-learn", "1.5"), ("OS", "Ubuntu22.04"), _TRAINING), (Enough("scikit-learn", (1, 5), (2,)),),
    ),
    _Definition(
        "lightgbm-3.2-ubuntu18.04-py37-cpu", 50, _LIGHTGBM,
        ("lightgbm==3.2.*", "xgboost<2", "scikit-learn<1.1", *_OLD), "3.7|3.8|3.9", (("LightGBM", "3.2"), _TRAINING),
    ),
    _Definition(
        "lightgbm-3.3", 52, _LIGHTGBM, ("lightgbm==3.3.*", "xgboost<2", "scikit-learn<1.3", "numpy<2", *_OLD),
        "3.9|3.10|3.8|3.11", (("LightGBM", "3.3"), _TRAINING),
    ),
    _Definition(
        "pytorch-1.10-ubuntu18.04-py38-cuda11-gpu", 50, _TORCH, ("torch==1.10.*", "torchvision==0.11.*", *_OLD_TORCH),
        "3.8|3.9", (("PyTorch", "1.10"), _TRAINING),
    ),
    _Definition(
        "pytorch-1.13-ubuntu20.04-py38-cuda11.7-gpu", 50, _TORCH, ("torch==1.13.*", "torchvision==0.14.*", *_OLD_TORCH),
        "3.8|3.9|3.10", (("PyTorch", "1.13"), _TRAINING),
    ),
    _Definition(
        "pytorch-1.13", 50, _TORCH, ("torch==1.13.*", "torchvision==0.14.*", *_OLD_TORCH),
        "3.8|3.9|3.10", (("PyTorch", "1.13"), _TRAINING),
    ),
    _Definition(
        "ACPT-pytorch-1.11-py38-cuda11.3-gpu", 50, _TORCH, ("torch==1.11.*", "torchvision==0.12.*", *_OLD_TORCH),
        "3.8|3.9|3.10", (("PyTorch", "1.11"), _TRAINING),
    ),
    _Definition(
        "ACPT-pytorch-1.13-py38-cuda11.7-gpu", 50, _TORCH, ("torch==1.13.*", "torchvision==0.14.*", *_OLD_TORCH),
        "3.8|3.9|3.10", (("PyTorch", "1.13"), _TRAINING),
    ),
    _Definition(
        "acpt-pytorch-2.2-cuda12.1", 50, _TORCH, ("torch==2.2.*", "torchvision==0.17.*", "numpy<2", *_NEW),
        "3.10|3.11|3.9|3.12", (("PyTorch", "2.2"), _TRAINING),
    ),
    _Definition(
        "acpt-pytorch-2.8-cuda12.6", 50, _TORCH, ("torch==2.8.*", "torchvision==0.23.*", *_NEW),
        "3.10|3.11|3.12|3.13", (("PyTorch", "2.8"), _TRAINING),
    ),
    _Definition(
        "tensorflow-2.10-ubuntu20.04-py38-cuda11.2-gpu", 50, _TENSORFLOW,
        ("tensorflow==2.10.*", "protobuf<3.20", "pandas<2", "matplotlib", "mlflow<2.10"),
        "3.8|3.9|3.10", (("TensorFlow", "2.10"), _TRAINING),
    ),
    _Definition(
        "tensorflow-2.12-cuda11", 50, _TENSORFLOW, ("tensorflow==2.12.*", *_OLD),
        "3.8|3.9|3.10|3.11", (("TensorFlow", "2.12"), _TRAINING),
    ),
    _Definition(
        "tensorflow-2.16-cuda12", 50, _TENSORFLOW, ("tensorflow==2.16.*", *_NEW),
        "3.10|3.11|3.12", (("TensorFlow", "2.16"), _TRAINING),
    ),
    _Definition("Minimal", 50, _MINIMAL),
    _Definition(
        "minimal-ubuntu20.04-py38-cpu-inference", 50, _MINIMAL, ("azureml-inference-server-http",), "3.8|3.9",
        (("Inferencing", ""),),
    ),
    _Definition(
        "minimal-py311-inference", 50, _MINIMAL, ("azureml-inference-server-http",), "3.11", (("Inferencing", ""),)
    ),
    _Definition("python-sdk-v2", 50, "For jobs that submit jobs.", ("azure-ai-ml", "azure-identity", *_NEW)),
)  # fmt: skip


def _both_names() -> Iterator[tuple[str, _Definition]]:
    """Azure's workspaces list them with a prefix, its registry without."""
    for definition in _DEFINITIONS:
        yield f"{PREFIX}{definition.name}", definition
        yield definition.name, definition


CURATED: Final[dict[str, dict[str, Any]]] = {
    KERNEL: {"version": "1", "description": "The interpreter of the kernel or shell that submits.", "tags": {}},
    "AzureML-AutoML": {"version": "50", "description": "What AutoML's trials run in.", "tags": {}},
    **{name: definition.fields() for name, definition in _both_names()},
}
"""The fields of each, as of a registered environment."""
ENOUGH: Final = {name: definition.enough for name, definition in _both_names() if definition.enough}
"""What an interpreter must have to stand for a curated environment."""


def has_version(name: str, version: str) -> bool:
    """Whether Azure published that version: all up to the newest; ours are the same."""
    newest = int(CURATED[name]["version"])
    return version.isdecimal() and 1 <= int(version) <= newest
