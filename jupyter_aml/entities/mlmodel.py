"""MLflow's `MLmodel` file, as far as a registry needs it: which flavors a model has. MLflow is not needed for that."""

from pathlib import Path
from typing import Any, Final, cast

import yaml

from jupyter_aml.exceptions import AssetPathException

FILE_NAME: Final = "MLmodel"


def flavors(file: Path) -> dict[str, Any]:
    """The flavors in an MLmodel file, by name. AssetPathException for a file that holds none."""
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise AssetPathException(f"path: {file} is not an MLmodel file: {error}") from None
    known = cast("dict[str, Any]", found).get("flavors") if isinstance(found, dict) else None
    if not isinstance(known, dict) or not known:
        raise AssetPathException(
            f"path: {file} names no flavors.", resolution="Save the model with mlflow, or use type='custom_model'."
        )
    return cast("dict[str, Any]", known)
