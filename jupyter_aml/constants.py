"""SDK v2's constant names. Values only; they are what Azure ML writes in YAML."""

from typing import Final


class AssetTypes:
    """Types of data and models (`azure.ai.ml.constants.AssetTypes`)."""

    URI_FILE: Final = "uri_file"
    URI_FOLDER: Final = "uri_folder"
    MLTABLE: Final = "mltable"
    MLFLOW_MODEL: Final = "mlflow_model"
    CUSTOM_MODEL: Final = "custom_model"
    TRITON_MODEL: Final = "triton_model"


class InputOutputModes:
    """How data reaches a job and leaves it (`azure.ai.ml.constants.InputOutputModes`)."""

    RO_MOUNT: Final = "ro_mount"
    RW_MOUNT: Final = "rw_mount"
    DOWNLOAD: Final = "download"
    DIRECT: Final = "direct"
    UPLOAD: Final = "upload"
    EVAL_MOUNT: Final = "eval_mount"
    EVAL_DOWNLOAD: Final = "eval_download"


class ListViewType:
    """Which assets and jobs a list shows (`azure.ai.ml.constants.ListViewType`)."""

    ACTIVE_ONLY: Final = "ActiveOnly"
    ARCHIVED_ONLY: Final = "ArchivedOnly"
    ALL: Final = "All"


DATA_TYPES: Final = frozenset({"uri_file", "uri_folder", "mltable", "mlflow_model", "custom_model", "triton_model"})
LITERAL_TYPES: Final = frozenset({"integer", "number", "string", "boolean"})
