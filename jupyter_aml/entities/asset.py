"""What every asset has: a name, a version, who made it. The base of data, models, environments and components."""

from datetime import datetime
from typing import ClassVar

from pydantic import Field

from jupyter_aml.entities.draft import Draft
from jupyter_aml.entities.fields import ReadOnly, Texts, Version


class SystemData(Draft):
    """When something was created and last changed, and by whom (`creation_context`)."""

    created_at: datetime | None = None
    created_by: str | None = None
    created_by_type: str = "User"
    last_modified_at: datetime | None = None
    last_modified_by: str | None = None
    last_modified_by_type: str | None = None


class Asset(Draft):
    """A named thing with versions. `id`, `latest_version`, … are set on what the workspace returned."""

    stands_alone: ClassVar[bool] = True

    name: str | None = None
    version: Version | None = None
    description: str | None = None
    tags: Texts = Field(default_factory=dict[str, str])
    properties: Texts = Field(default_factory=dict[str, str])
    id: ReadOnly[str] = None
    latest_version: ReadOnly[str] = None
    creation_context: ReadOnly[SystemData] = None
    is_anonymous: ReadOnly[bool] = None
