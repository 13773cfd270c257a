"""Notebooks as jobs, as they are saved: `POST jupyter-aml/notebook/interface`: what one takes; `…/submit`: its job."""

import asyncio
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from jupyter_server.base.handlers import APIHandler
from tornado.web import authenticated

from jupyter_aml.entities.names import default_experiment
from jupyter_aml.entities.workspace import WorkspaceId
from jupyter_aml.exceptions import CaptureError, MlException, ResourceNotFoundError, ValidationException
from jupyter_aml.server.clients import FIELDS, Clients

if TYPE_CHECKING:  # a server that nobody asks loads nothing of this
    from jupyter_aml.client import MLClient
    from jupyter_aml.client.notebooks import RunAs, Settings, Value
    from jupyter_aml.notebook.script import Parameter, Script

Told = dict[str, Any]
_SETTINGS: Final = ("compute", "experiment_name", "display_name")


class NotebookHandler(APIHandler):
    """One notebook below the server's root; what it takes, or its job."""

    def initialize(self, clients: Clients) -> None:
        """Tornado's way to hand over what a handler needs."""
        self._clients = clients

    @authenticated
    async def post(self, act: str) -> None:
        """Answer, or say in `message` why not: of a notebook, by cell and line."""
        body = self.get_json_body() or {}
        try:
            told = await asyncio.to_thread(self._answered, act, body)
        except MlException as error:
            self.set_status(404 if isinstance(error, ResourceNotFoundError) else 400)
            told = {"message": str(error)}
        self.finish(json.dumps(told))

    def _answered(self, act: str, body: Mapping[str, Any]) -> Told:
        path = _below(Path(str(self.settings["server_root_dir"])).expanduser(), body.get("path"))
        answer = _interface if act == "interface" else _submitted
        return answer(self._client(path), path, body)

    def _client(self, notebook: Path) -> "MLClient":
        """The client of the workspace that a kernel of this notebook finds."""
        from jupyter_aml.client import MLClient
        from jupyter_aml.operations.workspaces import current

        identity = current(notebook.parent)
        return self._clients.of(_fields(identity)) if _is_there(identity) else MLClient.of(identity)


def _is_there(identity: WorkspaceId) -> bool:
    from jupyter_aml.operations.workspaces import folder_of

    return folder_of(identity).database.exists()


def _fields(identity: WorkspaceId) -> dict[str, str]:
    return dict(zip(FIELDS, (identity.subscription_id, identity.resource_group, identity.name), strict=True))


def _below(root: Path, named: object) -> Path:
    """The notebook's file. ResourceNotFoundError for one outside the server's root, ValidationException for none."""
    if not isinstance(named, str) or not named.endswith(".ipynb"):
        raise ValidationException("path: a notebook is wanted.")
    found = (root / named.lstrip("/")).absolute()
    if ".." in found.parts or not found.is_file():
        raise ResourceNotFoundError(f"There is no notebook {named}.")
    return found


def _interface(client: "MLClient", path: Path, body: Mapping[str, Any]) -> Told:
    """What the notebook takes, what a script of it says otherwise, and where it may run."""
    from jupyter_aml.notebook.interface import interface
    from jupyter_aml.notebook.script import convert
    from jupyter_aml.operations import names

    refusal = ""
    try:
        script = convert(path, keep=_keep(body))
    except CaptureError as error:
        refusal, script = str(error), interface(path)
    return {
        "parameters": [_parameter(one) for one in script.parameters],
        "changes": [] if refusal else [asdict(change) for change in script.changes],
        "remarks": list(script.remarks),
        "refusal": refusal,
        "computes": names.computes(client.workspace),
        "experiments": names.experiments(client.workspace),
        "workspace": _fields(client.workspace.id),
    }


def _parameter(one: "Parameter") -> Told:
    """A parameter, its default as it may be typed."""
    from jupyter_aml.notebook.job_code import text_of

    return {
        "name": one.name,
        "kind": one.kind,
        "default": "" if one.default is None else text_of(one.default),
        "help": one.help,
        "choices": [text_of(choice) for choice in one.choices],
        "is_optional": one.is_optional,
    }


def _submitted(client: "MLClient", path: Path, body: Mapping[str, Any]) -> Told:
    """The job's name, and what was said of it."""
    from jupyter_aml.client import waiting
    from jupyter_aml.client.notebooks import drafted

    settings = {name: str(body[name]) for name in _SETTINGS if body.get(name)}
    draft, remarks = drafted(
        path,
        inputs=_inputs(path, body),
        run_as=cast("RunAs", body.get("run_as", "script")),
        keep=_keep(body),
        **cast("Settings", {"experiment_name": default_experiment(path.parent.name), **settings}),
    )
    with waiting.at_once():  # others are served meanwhile
        job = client.jobs.create_or_update(draft)
    return {
        "name": str(job.name),
        "remarks": list(remarks),
        "workspace": _fields(client.workspace.id),
    }


def _inputs(path: Path, body: Mapping[str, Any]) -> "dict[str, Value]":
    """The values that were given; data lies where the notebook would look for it."""
    given = body.get("inputs") or {}
    if not isinstance(given, Mapping):
        raise ValidationException("inputs: a mapping is wanted.")
    texts = {str(name): str(text) for name, text in cast("Mapping[object, object]", given).items()}
    data = {one.name for one in _taken(path).parameters if one.is_path}
    return {name: _located(text, path.parent) if name in data else text for name, text in texts.items()}


def _taken(path: Path) -> "Script":
    from jupyter_aml.notebook.interface import interface

    return interface(path)


def _located(text: str, folder: Path) -> str:
    return text if ":" in text.split("/", 1)[0] else str(folder / Path(text).expanduser())


def _keep(body: Mapping[str, Any]) -> Collection[str]:
    return [str(word) for word in body.get("keep") or ()]
