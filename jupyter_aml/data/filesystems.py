"""From what a datastore says of itself to where its bytes are: a local folder or storage elsewhere. Opens nothing."""

import ipaddress
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from jupyter_aml.data.storage import Storage
from jupyter_aml.data.uri import CloudPath
from jupyter_aml.exceptions import UnsupportedFieldError, UserErrorException, ValidationException, did_you_mean

Spec: TypeAlias = Mapping[str, Any]  # Any: a datastore as its YAML says it
Credentials: TypeAlias = Mapping[str, str]
_Make: TypeAlias = Callable[[Spec, Credentials], "Storage | Path"]

_AZURE: Final = "core.windows.net"
_PORTS: Final = {"http": 80, "https": 443}
_IDENTITY: Final = "AZURE_CLIENT_ID"
"""In the environment, it says who asks where a datastore has no credentials; without it nobody does (public data)."""


def of_datastore(spec: Spec, credentials: Credentials) -> Storage | Path:
    """The folder of a `local` datastore, or the storage that another one stands for.

    `credentials` are the secret values; what is not secret of them (a client_id) is in `spec`.
    Raises UnsupportedFieldError for a kind that cannot be read here.
    """
    kind = str(spec.get("type", "azure_blob")).lower()
    make = _KINDS.get(kind)
    if make is None:
        known = did_you_mean(kind, _KINDS)
        raise ValidationException(f"Datastore '{spec.get('name')}': there is no type '{kind}'.", resolution=known)
    return make(spec, {**spec.get("credentials", {}), **credentials})


def of_cloud(place: CloudPath) -> Storage:
    """The storage of a URI that belongs to no datastore: it must be public, or the environment says who asks."""
    if place.scheme == "adl":
        raise _gen1(str(place))
    if place.scheme in {"s3", "gs"}:
        extra = {"s3": "s3", "gs": "gcs"}[place.scheme]
        name = f"{place.scheme}://{place.container}"
        return Storage(name, name, place.scheme, place.container, extra)
    url = f"https://{place.account}.blob.{place.endpoint}"
    return _blob(f"{place.scheme}://{place.container}@{place.account}", url, place.account, place.container, {})


def endpoint_of(account: str, endpoint: str, protocol: str) -> str:
    """The URL of an account's blobs. Of a bare address (Azurite, a private store) the account is part of the path."""
    if _is_address(endpoint):
        return f"{protocol}://{endpoint}/{account}"
    return f"{protocol}://{account}.blob.{endpoint}"


def _is_address(endpoint: str) -> bool:
    host = urlsplit(f"//{endpoint}").hostname or ""
    if host == "localhost":
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _local(spec: Spec, _: Credentials) -> Path:
    return Path(str(spec["path"])).expanduser()


def _azure(container_field: str) -> _Make:
    def make(spec: Spec, credentials: Credentials) -> Storage:
        account = str(spec["account_name"])
        url = endpoint_of(account, str(spec.get("endpoint") or _AZURE), str(spec.get("protocol") or "https"))
        return _blob(f"Datastore '{spec.get('name')}'", url, account, str(spec[container_field]), credentials)

    return make


def _blob(label: str, url: str, account: str, container: str, credentials: Credentials) -> Storage:
    return Storage(
        label, f"{url}/{container}", "abfs", container, "azure", _server(url), _blob_options(url, account, credentials)
    )


def _blob_options(url: str, account: str, credentials: Credentials) -> dict[str, object]:
    """What adlfs wants: a connection string, which alone can name any endpoint, or who asks by name and secret."""
    if credentials.get("client_secret"):
        known = {name: credentials[name] for name in ("client_id", "client_secret", "tenant_id")}
        return {"account_name": account, "account_host": url.partition("://")[2], **known}
    if credentials.get("certificate"):
        raise UnsupportedFieldError(
            "credentials.certificate: a certificate cannot be used to read data here.",
            resolution="Use a service principal's client_secret, an account key or a SAS token.",
        )
    line = f"BlobEndpoint={url};AccountName={account}"
    if key := credentials.get("account_key"):
        return {"connection_string": f"{line};AccountKey={key}"}
    if token := credentials.get("sas_token"):
        return {"connection_string": f"{line};SharedAccessSignature={token.lstrip('?')}"}
    if _IDENTITY in os.environ:
        return {"account_name": account, "account_host": url.partition("://")[2], "anon": False}
    return {"connection_string": line, "anon": True}


def _server(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or _PORTS[parts.scheme]


def _one_lake(spec: Spec, credentials: Credentials) -> Storage:
    """OneLake speaks gen2's protocol; the workspace is the file system, the artifact a folder in it."""
    name = str(spec["artifact"]["name"])
    workspace = str(spec["one_lake_workspace_name"])
    endpoint = str(spec.get("endpoint") or "onelake.dfs.fabric.microsoft.com")
    url = f"https://{endpoint.replace('.dfs.', '.blob.')}"
    found = _blob(f"Datastore '{spec.get('name')}'", url, "onelake", workspace, credentials)
    folder = "" if name.endswith((".Lakehouse", "/Files")) else ".Lakehouse/Files"
    root = f"{workspace}/{name}{folder}"
    return Storage(found.label, f"{url}/{root}", found.protocol, root, found.extra, found.server, found.options)


def _s3(spec: Spec, credentials: Credentials) -> Storage:
    key, secret = credentials.get("access_key_id"), credentials.get("secret_access_key")
    options: dict[str, object] = {"anon": not key and "AWS_ACCESS_KEY_ID" not in os.environ}
    if key:
        options |= {"key": key, "secret": secret}
    if region := spec.get("region"):
        options["client_kwargs"] = {"region_name": region}
    return _bucket("s3", "s3", spec, options)


def _gcs(spec: Spec, credentials: Credentials) -> Storage:
    token = credentials.get("token")
    options: dict[str, object] = {"token": json.loads(token) if token else "anon"}
    if project := spec.get("project"):
        options["project"] = project
    return _bucket("gs", "gcs", spec, options)


def _bucket(protocol: str, extra: str, spec: Spec, options: dict[str, object]) -> Storage:
    root = f"{spec['bucket']}/{str(spec.get('prefix') or '').strip('/')}".rstrip("/")
    identity = f"{protocol}://{root}"
    if endpoint := spec.get("endpoint_url"):
        identity, options["endpoint_url"] = f"{identity} at {endpoint}", endpoint
    return Storage(f"Datastore '{spec.get('name')}'", identity, protocol, root, extra, None, options)


def _file_share(spec: Spec, _: Credentials) -> Storage:
    raise UserErrorException(
        f"Datastore '{spec.get('name')}' is an Azure file share, which cannot be read here.",
        resolution="Mount the share on this machine and make a datastore of type 'local' of it, or use azure_blob.",
    )


def _no_longer(spec: Spec, _: Credentials) -> Storage:
    raise _gen1(f"Datastore '{spec.get('name')}'")


def _gen1(what: str) -> UserErrorException:
    return UserErrorException(
        f"{what} is Azure Data Lake Storage Gen1, which Azure closed in February 2024: it cannot be read.",
        resolution="Use the storage it was moved to: abfss://… or a datastore of type azure_data_lake_gen2.",
    )


_KINDS: Final[Mapping[str, _Make]] = {
    "local": _local,
    "azure_blob": _azure("container_name"),
    "azure_data_lake_gen2": _azure("filesystem"),
    "azure_data_lake_gen1": _no_longer,
    "azure_file": _file_share,
    "one_lake": _one_lake,
    "s3": _s3,
    "gcs": _gcs,
}
