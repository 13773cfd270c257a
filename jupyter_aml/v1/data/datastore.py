"""SDK v1's Datastore: one of the workspace's datastores by its name. Registers, copies; nothing is decided here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jupyter_aml.data import uri
from jupyter_aml.entities import datastore as v2
from jupyter_aml.exceptions import NotAvailableError, ResourceNotFoundError, UserErrorException
from jupyter_aml.operations import datastores, files, places
from jupyter_aml.v1.arguments import meaningless, refuse
from jupyter_aml.v1.data.datapath import DataPath, DataReference
from jupyter_aml.v1.data.paths import bring, is_taken

if TYPE_CHECKING:
    from jupyter_aml.v1.core.workspace import Workspace

_TYPES: Final = {
    "azure_blob": "AzureBlob", "azure_file": "AzureFile", "azure_data_lake_gen1": "AzureDataLake",
    "azure_data_lake_gen2": "AzureDataLakeGen2",
}  # fmt: skip
_DATABASES: Final = "datastores over databases and clusters"
_MAKE_IT: Final = "Make the container or share first, then register it."
_NOT_ASKED: Final = "registering asks no storage anything, and what is read is cached by its content"
_NO_GRANT: Final = "there is no identity of a workspace to be granted anything"
_UNSEEN: Final = "copies are not shown while they are made"


class Datastore:
    """A datastore: `Datastore(workspace, name)`, or the default one without a name.

    UserErrorException, with the nearest name, when there is none.
    """

    def __init__(self, workspace: "Workspace", name: str | None = None) -> None:
        self.workspace = workspace
        try:
            store = workspace.client.datastores
            self._entity = store.get(name) if name else store.get_default()
        except ResourceNotFoundError as error:
            raise UserErrorException(error.message, resolution=error.resolution) from None

    # ── which ones there are ──

    @classmethod
    def get(cls, workspace: "Workspace", datastore_name: str) -> "Datastore":
        """The datastore of that name."""
        return cls(workspace, datastore_name)

    @classmethod
    def get_default(cls, workspace: "Workspace") -> "Datastore":
        """The default one."""
        return cls(workspace)

    @classmethod
    def register_azure_blob_container(
        cls,
        workspace: "Workspace",
        datastore_name: str,
        container_name: str,
        account_name: str,
        sas_token: str | None = None,
        account_key: str | None = None,
        protocol: str | None = None,
        endpoint: str | None = None,
        overwrite: bool = False,
        create_if_not_exists: bool = False,
        skip_validation: bool = False,
        blob_cache_timeout: int | None = None,
        grant_workspace_access: bool = False,
        subscription_id: str | None = None,
        resource_group: str | None = None,
    ) -> "Datastore":
        """Register a container of blobs. UserErrorException for a name that is taken, unless `overwrite`.

        UnsupportedFieldError for `create_if_not_exists`: storage is named here, not made.
        """
        refuse("register_azure_blob_container", _MAKE_IT, create_if_not_exists=create_if_not_exists)
        meaningless(_NOT_ASKED, skip_validation=skip_validation, blob_cache_timeout=blob_cache_timeout)
        meaningless(_NO_GRANT, access=grant_workspace_access, at=(subscription_id, resource_group))
        place = {"account_name": account_name, "container_name": container_name}
        said = {**place, "protocol": protocol, "endpoint": endpoint}
        return cls._registered(workspace, datastore_name, "azure_blob", overwrite, said, _keys(sas_token, account_key))

    @classmethod
    def register_azure_file_share(
        cls,
        workspace: "Workspace",
        datastore_name: str,
        file_share_name: str,
        account_name: str,
        sas_token: str | None = None,
        account_key: str | None = None,
        protocol: str | None = None,
        endpoint: str | None = None,
        overwrite: bool = False,
        create_if_not_exists: bool = False,
        skip_validation: bool = False,
    ) -> "Datastore":
        """Register a file share. UserErrorException for a name that is taken, unless `overwrite`.

        UnsupportedFieldError for `create_if_not_exists`: storage is named here, not made.
        """
        refuse("register_azure_file_share", _MAKE_IT, create_if_not_exists=create_if_not_exists)
        meaningless(_NOT_ASKED, skip_validation=skip_validation)
        place = {"account_name": account_name, "file_share_name": file_share_name}
        said = {**place, "protocol": protocol, "endpoint": endpoint}
        return cls._registered(workspace, datastore_name, "azure_file", overwrite, said, _keys(sas_token, account_key))

    @classmethod
    def register_azure_data_lake_gen2(
        cls,
        workspace: "Workspace",
        datastore_name: str,
        filesystem: str,
        account_name: str,
        tenant_id: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        resource_url: str | None = None,
        authority_url: str | None = None,
        protocol: str | None = None,
        endpoint: str | None = None,
        overwrite: bool = False,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        grant_workspace_access: bool = False,
    ) -> "Datastore":
        """Register a file system of a data lake. UserErrorException for a name that is taken, unless `overwrite`."""
        meaningless(_NO_GRANT, access=grant_workspace_access, at=(subscription_id, resource_group))
        said = {"account_name": account_name, "filesystem": filesystem, "protocol": protocol, "endpoint": endpoint}
        who = {"tenant_id": tenant_id, "client_id": client_id, "client_secret": client_secret}
        more = {"resource_url": resource_url, "authority_url": authority_url}
        return cls._registered(workspace, datastore_name, "azure_data_lake_gen2", overwrite, said, who | more)

    @classmethod
    def register_azure_data_lake(
        cls,
        workspace: "Workspace",
        datastore_name: str,
        store_name: str,
        tenant_id: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        resource_url: str | None = None,
        authority_url: str | None = None,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        overwrite: bool = False,
        grant_workspace_access: bool = False,
    ) -> "Datastore":
        """Register a data lake of the first generation. UserErrorException for a name that is taken."""
        meaningless(_NO_GRANT, access=grant_workspace_access, at=(subscription_id, resource_group))
        who = {"tenant_id": tenant_id, "client_id": client_id, "client_secret": client_secret}
        more, said = {"resource_url": resource_url, "authority_url": authority_url}, {"store_name": store_name}
        return cls._registered(workspace, datastore_name, "azure_data_lake_gen1", overwrite, said, who | more)

    @classmethod
    def _no_database(cls, *_: object, **__: object) -> "Datastore":
        """NotAvailableError: databases are not read here."""
        raise NotAvailableError.of("Datastore.register_…", _DATABASES)

    register_azure_sql_database = register_azure_postgre_sql = register_azure_my_sql = _no_database
    register_dbfs = register_hdfs = _no_database

    # ── what it is ──

    @property
    def name(self) -> str:
        """Its name."""
        return self._entity.name

    @property
    def datastore_type(self) -> str:
        """SDK v1's word for its kind, such as `AzureBlob`."""
        return _TYPES.get(self._entity.type, self._entity.type)

    @property
    def is_default(self) -> bool:
        """Whether it is the workspace's default."""
        return self.workspace.client.datastores.get_default().name == self.name

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - what the kind of datastore has
        """What its kind has: `container_name`, `account_name`, `filesystem` and so on."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._entity, name)

    def set_as_default(self) -> None:
        """Let uploads and outputs without a path go there from now on."""
        datastores.set_default(self.workspace.client.workspace, self.name)

    def unregister(self) -> None:
        """Forget it; what it points to stays."""
        self.workspace.client.datastores.delete(self.name)

    # ── its files ──

    def path(self, path: str | None = None, data_reference_name: str | None = None) -> DataReference:
        """A path in it, as an argument of a script."""
        return DataReference(self, data_reference_name, path)

    def as_mount(self) -> DataReference:
        """All of it, as an argument of a script: where it is."""
        return self.path().as_mount()

    def as_download(self, path_on_compute: str | None = None) -> DataReference:
        """All of it, as an argument of a script: a copy."""
        return self.path().as_download(path_on_compute)

    def as_upload(self, path_on_compute: str | None = None) -> DataReference:
        """As an argument of a script: where it writes."""
        return self.path().as_upload(path_on_compute)

    def upload(
        self, src_dir: str | Path, target_path: str | None = None, overwrite: bool = False, show_progress: bool = True
    ) -> DataReference:
        """Copy what is in a folder there. Files that are there already stay as they are, unless `overwrite`."""
        meaningless(_UNSEEN, show_progress=show_progress)
        source = Path(src_dir)
        if not source.is_dir():
            raise UserErrorException(f"src_dir: '{src_dir}' is no folder.", resolution=f"Looked in {Path.cwd()}.")
        every = ((one.relative_to(source).as_posix(), one) for one in sorted(source.rglob("*")) if one.is_file())
        return self._put(every, target_path, overwrite=overwrite)

    def upload_files(
        self,
        files: Sequence[str | Path],
        relative_root: str | Path | None = None,
        target_path: str | None = None,
        overwrite: bool = False,
        show_progress: bool = True,
    ) -> DataReference:
        """Copy files there, by their names below `relative_root`, else by their last names.

        UserErrorException for a file that is not there.
        """
        meaningless(_UNSEEN, show_progress=show_progress)
        given: object = files
        if isinstance(given, str | Path):
            raise UserErrorException(f"files: a list is expected; found {given!r}.", resolution=f"[{str(given)!r}]")
        sources = [Path(one) for one in files]
        for source in sources:
            if not source.is_file():
                raise UserErrorException(f"files: '{source}' is no file.", resolution=f"Looked in {Path.cwd()}.")
        return self._put(((_below(one, relative_root), one) for one in sources), target_path, overwrite=overwrite)

    def download(
        self, target_path: str | Path, prefix: str | None = None, overwrite: bool = False, show_progress: bool = True
    ) -> int:
        """Copy the folder `prefix`, or the files whose names begin so, into one of this machine; how many files came.

        Files that are there already stay as they are, unless `overwrite`.
        """
        meaningless(_UNSEEN, show_progress=show_progress)
        count = 0
        for inside, source in self._beginning(self.path(prefix).path_on_datastore):
            target = Path(target_path, inside)
            if overwrite or not is_taken(target):
                bring(source, target)
                count += 1
        return count

    # ── inside ──

    def _beginning(self, prefix: str) -> Iterator[tuple[str, Path]]:
        """Its files in the folder of that name, else those whose names begin so; each with its path in it."""
        folder = prefix.strip("/")
        found = self._here(folder)
        if found is None:
            folder = folder.rpartition("/")[0]
            found = self._here(folder)
        if found is not None:
            for source in _files(found):
                inside = _joined(folder, source.relative_to(found).as_posix() if source != found else "")
                if inside.startswith(prefix.strip("/")):
                    yield inside, source

    def _here(self, path: str) -> Path | None:
        workspace = self.workspace.client.workspace
        return places.copied(workspace, places.locate(workspace, str(uri.DatastorePath(self.name, path))))

    def _put(self, sources: Iterator[tuple[str, Path]], target: str | None, *, overwrite: bool) -> DataReference:
        tree = files.tree(self.workspace.client.workspace, str(uri.DatastorePath(self.name, "")))
        DataPath(self, target)  # nothing is copied when the last name would lead out
        for name, source in sources:
            inside = _joined(target, name)
            if overwrite or not _is_there(tree, inside):
                tree.write(inside, source)
        return self.path(target)

    @classmethod
    def _registered(
        cls,
        workspace: "Workspace",
        name: str,
        kind: str,
        overwrite: bool,
        said: Mapping[str, object],
        credentials: Mapping[str, object],
    ) -> "Datastore":
        known = {store.name.lower() for store in workspace.client.datastores.list()}
        if name.lower() in known and not overwrite:
            raise UserErrorException(
                f"Another datastore with name {name} already exists but you're trying to re-register it.",
                resolution="Say overwrite=True, or choose another name.",
            )
        secret = {key: value for key, value in credentials.items() if value is not None}
        fields = {"name": name, "type": kind, **{key: value for key, value in said.items() if value is not None}}
        draft = v2.datastore_of(fields | ({"credentials": secret} if secret else {}))
        return cls(workspace, workspace.client.datastores.create_or_update(draft).name)

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        return f'{{\n  "name": "{self.name}",\n  "type": "{self.datastore_type}"\n}}'


def _files(found: Path) -> Iterable[Path]:
    return [found] if found.is_file() else sorted(one for one in found.rglob("*") if one.is_file())


def _keys(sas_token: str | None, account_key: str | None) -> dict[str, object]:
    return {"sas_token": sas_token} if sas_token else {"account_key": account_key}


def _below(source: Path, root: str | Path | None) -> str:
    if not root:
        return source.name
    try:
        return source.absolute().relative_to(Path(root).absolute()).as_posix()
    except ValueError:
        raise UserErrorException(
            f"relative_root: '{source}' does not lie in '{root}'.", resolution="Leave it out for the files' last names."
        ) from None


def _joined(*parts: str | None) -> str:
    return "/".join(part.removeprefix("./").strip("/") for part in parts if part and part.strip("/") not in {"", "."})


def _is_there(tree: files.Tree, path: str) -> bool:
    try:
        tree.described(path)
    except FileNotFoundError:
        return False
    return True
