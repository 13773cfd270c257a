"""SDK v2's constant names. Values only; they are what Azure ML writes in YAML."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jupyter_aml.constants.time_zone import TimeZone as TimeZone


class AssetTypes:
    """Types of data and models (`azure.ai.ml.constants.AssetTypes`)."""

    URI_FILE: Final = "uri_file"
    URI_FOLDER: Final = "uri_folder"
    MLTABLE: Final = "mltable"
    MLFLOW_MODEL: Final = "mlflow_model"
    CUSTOM_MODEL: Final = "custom_model"
    TRITON_MODEL: Final = "triton_model"


class ModelType:
    """Types of models as Azure's service calls them; `Model(type=)` takes them too."""

    CUSTOM: Final = "CustomModel"
    MLFLOW: Final = "MLFlowModel"
    TRITON: Final = "TritonModel"


class InputTypes:
    """Types of literals (`azure.ai.ml.constants.InputTypes`)."""

    INTEGER: Final = "integer"
    NUMBER: Final = "number"
    STRING: Final = "string"
    BOOLEAN: Final = "boolean"


class InputOutputModes:
    """How data reaches a job and leaves it (`azure.ai.ml.constants.InputOutputModes`)."""

    RO_MOUNT: Final = "ro_mount"
    RW_MOUNT: Final = "rw_mount"
    DOWNLOAD: Final = "download"
    DIRECT: Final = "direct"
    UPLOAD: Final = "upload"
    EVAL_MOUNT: Final = "eval_mount"
    EVAL_DOWNLOAD: Final = "eval_download"


class DistributionType:
    """How a job is more than one process (`azure.ai.ml.constants.DistributionType`)."""

    MPI: Final = "mpi"
    TENSORFLOW: Final = "tensorflow"
    PYTORCH: Final = "pytorch"
    RAY: Final = "ray"


class ManagedServiceIdentityType:
    """Kinds of managed identities (`azure.ai.ml.constants.ManagedServiceIdentityType`)."""

    NONE: Final = "None"
    SYSTEM_ASSIGNED: Final = "SystemAssigned"
    USER_ASSIGNED: Final = "UserAssigned"
    SYSTEM_ASSIGNED_USER_ASSIGNED: Final = "SystemAssigned,UserAssigned"


class WorkspaceKind:
    """Kinds of workspaces (`azure.ai.ml.constants.WorkspaceKind`)."""

    DEFAULT: Final = "default"
    HUB: Final = "hub"
    PROJECT: Final = "project"
    FEATURE_STORE: Final = "featurestore"


class IsolationMode:
    """How far a workspace's network is closed off (`azure.ai.ml.entities.IsolationMode`)."""

    DISABLED: Final = "Disabled"
    ALLOW_INTERNET_OUTBOUND: Final = "AllowInternetOutbound"
    ALLOW_ONLY_APPROVED_OUTBOUND: Final = "AllowOnlyApprovedOutbound"


class Scope:
    """What a list of workspaces is taken from (`azure.ai.ml.constants.Scope`)."""

    SUBSCRIPTION: Final = "subscription"
    RESOURCE_GROUP: Final = "resource_group"


class ListViewType:
    """Which assets and jobs a list shows (`azure.ai.ml.constants.ListViewType`)."""

    ACTIVE_ONLY: Final = "ActiveOnly"
    ARCHIVED_ONLY: Final = "ArchivedOnly"
    ALL: Final = "All"


class ScheduleListViewType:
    """Which schedules a list shows (`azure.ai.ml`'s own enumeration of that name)."""

    ENABLED_ONLY: Final = "EnabledOnly"
    DISABLED_ONLY: Final = "DisabledOnly"
    ALL: Final = "All"


DATA_TYPES: Final = frozenset({"uri_file", "uri_folder", "mltable", "mlflow_model", "custom_model", "triton_model"})
LITERAL_TYPES: Final = frozenset({"integer", "number", "string", "boolean"})


def __getattr__(name: str) -> object:
    """`TimeZone`, made when somebody asks: a supervisor would wait for its many members."""
    if name != "TimeZone":
        message = f"module 'jupyter_aml.constants' has no attribute '{name}'"
        raise AttributeError(message)
    from jupyter_aml.constants.time_zone import TimeZone

    return TimeZone
