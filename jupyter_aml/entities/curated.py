"""The curated environments, by Azure's names. Every one of them is the kernel's own interpreter here. Names only."""

from typing import Any, Final

KERNEL: Final = "kernel"
"""Ours: the interpreter that submits. What a job runs in when no environment is named."""

_SKLEARN: Final = {"Scikit-learn": "", "OS": "Ubuntu", "Training": ""}

CURATED: Final[dict[str, dict[str, Any]]] = {
    KERNEL: {"version": "1", "description": "The interpreter of the kernel or shell that submits.", "tags": {}},
    "AzureML-sklearn-0.24-ubuntu18.04-py37-cpu": {
        "version": "44",
        "description": "An environment for tasks such as regression, clustering, and classification with Scikit-learn.",
        "tags": {"Scikit-learn": "0.24.1", "OS": "Ubuntu18.04", "Training": ""},
    },
    "AzureML-sklearn-1.0-ubuntu20.04-py38-cpu": {"version": "1", "description": "Scikit-learn.", "tags": _SKLEARN},
    "AzureML-sklearn-1.5": {"version": "1", "description": "Scikit-learn.", "tags": _SKLEARN},
    "sklearn-1.5": {"version": "1", "description": "Scikit-learn.", "tags": _SKLEARN},
    "AzureML-lightgbm-3.3": {"version": "1", "description": "LightGBM.", "tags": {}},
    "AzureML-AutoML": {"version": "1", "description": "What AutoML's trials run in.", "tags": {}},
    "AzureML-ACPT-pytorch-1.13-py38-cuda11.7-gpu": {"version": "1", "description": "PyTorch.", "tags": {}},
}
