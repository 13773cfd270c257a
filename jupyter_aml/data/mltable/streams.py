"""What a `Path` cell holds before files are read: where one stream lies. Nothing is opened here."""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

_DATASTORE: Final = re.compile(
    r"^azureml://subscriptions/([^/]+)/resourcegroups/([^/]+)/"
    r"(?:providers/Microsoft\.MachineLearningServices/)?workspaces/([^/]+)/datastores/([^/]+)/paths/(.*)$",
    re.IGNORECASE,
)
_HANDLERS: Final = {
    "https": "Http",
    "http": "Http",
    "wasbs": "AzureBlobStorage",
    "wasb": "AzureBlobStorage",
    "abfss": "ADLSGen2",
    "abfs": "ADLSGen2",
    "adl": "ADLSGen1",
}


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """One stream: who reads it (`Local`, `Http`, `AmlDatastore` …), where, and the workspace it needs."""

    handler: str
    resource_identifier: str
    arguments: dict[str, str] = field(default_factory=dict[str, str], compare=False)

    def __str__(self) -> str:
        return self.resource_identifier

    def __repr__(self) -> str:
        return f"StreamInfo[{self.handler}]({self.resource_identifier})"


def stream_of(text: str) -> StreamInfo | None:
    """The stream that a URI names; None for a relative path and for a datastore without its workspace."""
    if found := _DATASTORE.match(text):
        subscription, group, workspace, store, path = found.groups()
        return StreamInfo(
            "AmlDatastore",
            f"{store}/{path}",
            {"subscription": subscription, "resourceGroup": group, "workspaceName": workspace},
        )
    scheme, colon, _rest = text.partition("://")
    if colon and scheme.lower() == "file":
        return StreamInfo("Local", unquote(text[len("file://") :]))
    handler = _HANDLERS.get(scheme.lower()) if colon else None
    return StreamInfo(handler, text) if handler else None
