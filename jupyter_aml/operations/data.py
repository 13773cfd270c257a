"""Data assets: checked, their local files uploaded, registered by version. The data itself is not read here."""

import json
import uuid
from pathlib import Path
from typing import Any, Final

from jupyter_aml.constants import AssetTypes
from jupyter_aml.data import uri
from jupyter_aml.data.upload import check
from jupyter_aml.entities.asset_record import AssetRecord
from jupyter_aml.entities.data import Data
from jupyter_aml.exceptions import AssetPathException, ValidationException
from jupyter_aml.operations import access, assets, uploads
from jupyter_aml.operations.assets import Wanted
from jupyter_aml.operations.workspaces import Workspace

_FIRST: Final = "1"


def create(workspace: Workspace, draft: Data, *, kind: str = "asset") -> AssetRecord:
    """Register a version of a data asset; local files are uploaded first, once for each content (§3.5, §4.1).

    Without a name it is made for one use and not listed. Of a version that exists, only the description, tags and
    properties may change. `kind`: whose rule its name follows, an 'asset' or a 'dataset' of SDK v1. Raises
    ValidationException or AssetPathException before anything is stored.
    """
    access.require(workspace, "data/versions/write", f"data/{draft.name or ''}")
    if draft.name is not None:
        assets.check_named(kind, draft.name, draft.version)
    path = check_path("path", draft.type, draft.path)
    spec = draft.spec() | _tables(draft, path)
    spec["path"] = uploads.uploaded(workspace, path, draft.datastore)
    content = json.dumps([draft.type, spec["path"]])
    name, version = (draft.name, draft.version) if draft.name else (str(uuid.uuid4()), _FIRST)
    wanted = Wanted("data", name, version, spec, content, anonymous=draft.name is None)
    return assets.register(workspace, wanted, _conflict)


def check_path(field: str, kind: str, path: str | None) -> str:
    """The path of a data asset, if it can be one: a local one exists and is what its type says.

    Raises AssetPathException; ValidationException when there is none, or for a URI that cannot be (§3.4).
    """
    if not path:
        raise ValidationException(
            "Missing data path. Path is required for data.", resolution="Give path=: a local path, or a URI of §3.4."
        )
    if not uri.is_local(path):
        if isinstance(uri.parse(path), uri.AssetReference):
            raise AssetPathException(
                f"{field}: '{path}' is an asset, which has a path of its own.",
                resolution="Give that one: ml_client.data.get(name, version).path.",
            )
        return path
    local = Path(uri.local_path(path))
    check(local)
    is_file = local.is_file()
    if kind == AssetTypes.URI_FILE and not is_file:
        raise AssetPathException(
            f"{field}: a uri_file is expected, '{path}' is a folder.", resolution="Use uri_folder."
        )
    if kind in {AssetTypes.URI_FOLDER, AssetTypes.MLTABLE} and is_file:
        found = "an MLTable is the folder that holds it" if kind == AssetTypes.MLTABLE else "Use uri_file"
        raise AssetPathException(f"{field}: a folder is expected, '{path}' is a file.", resolution=f"{found}.")
    return path


def _tables(draft: Data, path: str) -> dict[str, Any]:
    """What a local MLTable refers to. UserErrorException for a folder without one, or one that is not valid."""
    if draft.type != AssetTypes.MLTABLE or not uri.is_local(path) or draft.skip_validation:
        return {}
    from jupyter_aml.data.mltable.document import read

    document = read(Path(uri.local_path(path)))
    return {"referenced_uris": [location.given for location in document.paths]}


def _conflict(found: AssetRecord) -> AssetPathException:
    return AssetPathException(
        f"(UserError) Asset paths cannot be updated: data '{found.name}' version '{found.version}' is "
        f"{found.spec.get('path')}.",
        resolution="Leave the version out to get the next one, or choose another.",
    )
