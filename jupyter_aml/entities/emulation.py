"""What says that Azure's import names were asked for, and whose packages those are. Nothing is done here."""

import re
from typing import Final

MARK: Final = "JUPYTER_AML_EMULATION"
"""Set to 1 in a kernel's environment once it answers to Azure's import names, and in that of every job it submits."""
OLD_NUMPY: Final = "JUPYTER_AML_OLD_NUMPY"
"""Set to 1 where the names belong to a Python whose NumPy still had `np.float` and its kin."""
AZ: Final = "JUPYTER_AML_AZ"
"""The folder in which a kernel's own `az` lies, first on its PATH, and others below: a kernel's is no job's."""
SITE: Final = "emulation/site"
"""Where the start-up file of such a job's Python is, below this package."""
_PROVIDED: Final = re.compile(
    r"azure-ai-ml|azure-identity|azure-cli-ml|mltable|mldesigner"
    r"|azureml-(sdk|core|mlflow|widgets|fsspec|defaults|telemetry|dataset-runtime|dataprep.*|pipeline.*|train.*)"
)
_OF_THE_SDK: Final = re.compile(r"azureml-.+")
"""What belongs to the real SDK v1 and would bring it along."""
_NAME: Final = re.compile(r"(?:[\w.-]+::)?([A-Za-z0-9][A-Za-z0-9._-]*)")


def package_of(requirement: str) -> str:
    """The package's name as indexes write it (`Azureml_Core>=1` → `azureml-core`); '' for what begins with none."""
    found = _NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", found[1]).strip("-").lower() if found else ""


def is_provided(package: str) -> bool:
    """Whether this package answers for one of Azure ML's."""
    return bool(_PROVIDED.fullmatch(package))


def is_of_azure_ml(requirement: str) -> bool:
    """Whether a requirement (`azureml-sdk[automl]==1.5`) is one of Azure ML's own packages."""
    name = package_of(requirement)
    return is_provided(name) or bool(_OF_THE_SDK.fullmatch(name))
