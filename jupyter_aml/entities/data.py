"""A data asset, as the SDK v2 writes it. Values only; nothing is read or uploaded here."""

from typing import ClassVar, Literal

from jupyter_aml.entities.asset import Asset
from jupyter_aml.entities.draft import DraftError
from jupyter_aml.entities.fields import Loose, PathText, ReadOnly


class Data(Asset):
    """Data by its `path`: local (uploaded when created) or a URI; `type` is uri_file, uri_folder or mltable.

    `name` and `path` may be given late: they are asked for when the asset is created.

    >>> Data(name="diabetes", path="azureml://datastores/workspaceblobstore/paths/diabetes/").type
    'uri_folder'
    """

    yaml_requires: ClassVar[tuple[str, ...]] = ("path",)

    type: Literal["uri_file", "uri_folder", "mltable"] = "uri_folder"
    path: PathText | None = None
    datastore: str | None = None
    auto_delete_setting: Loose | None = None
    skip_validation: bool = False
    mltable_schema_url: ReadOnly[str] = None
    referenced_uris: ReadOnly[list[str]] = None

    def model_post_init(self, _context: object, /) -> None:
        """A version belongs to a name."""
        if self.version is not None and self.name is None:
            raise DraftError("Data", (("name", "If version is specified, name must be specified also."),))
