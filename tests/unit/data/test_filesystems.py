"""From a datastore's words to its storage: the address, who asks, and what cannot be read. Nothing is opened."""

from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.data import filesystems, uri
from jupyter_aml.data.filesystems import endpoint_of, of_cloud, of_datastore
from jupyter_aml.data.storage import Storage
from jupyter_aml.exceptions import UnsupportedFieldError, UserErrorException, ValidationException

BLOB = {"name": "b", "type": "azure_blob", "account_name": "acct", "container_name": "c"}
LAKE = {"name": "l", "type": "azure_data_lake_gen2", "account_name": "acct", "filesystem": "fs"}
S3 = {"name": "s", "type": "s3", "bucket": "bk", "prefix": "/a/b/"}
HIDDEN = "c2VjcmV0"


@pytest.fixture(autouse=True)
def no_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AZURE_CLIENT_ID", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(name, raising=False)


def storage(spec: dict[str, Any], *credentials: str) -> Storage:
    """With credentials as `name=value`, split at the first '='."""
    found = of_datastore(spec, dict(text.split("=", 1) for text in credentials))
    assert isinstance(found, Storage)
    return found


@pytest.mark.parametrize(
    ("endpoint", "protocol", "url"),
    [
        ("core.windows.net", "https", "https://acct.blob.core.windows.net"),
        ("core.chinacloudapi.cn", "https", "https://acct.blob.core.chinacloudapi.cn"),
        ("127.0.0.1:10000", "http", "http://127.0.0.1:10000/acct"),
        ("10.0.0.3", "https", "https://10.0.0.3/acct"),
        ("localhost:10000", "http", "http://localhost:10000/acct"),
        ("[::1]:10000", "http", "http://[::1]:10000/acct"),
        ("storage.local", "http", "http://acct.blob.storage.local"),
    ],
)
def test_an_account_is_in_the_host_or_of_a_bare_address_in_the_path(endpoint: str, protocol: str, url: str) -> None:
    assert endpoint_of("acct", endpoint, protocol) == url
    assert storage({**BLOB, "endpoint": endpoint, "protocol": protocol}).identity == f"{url}/c"


def test_a_key_a_token_and_nobody_ask_by_connection_string() -> None:
    line = "BlobEndpoint=https://acct.blob.core.windows.net;AccountName=acct"
    assert storage(BLOB, f"account_key={HIDDEN}").options == {"connection_string": f"{line};AccountKey={HIDDEN}"}
    token = {"connection_string": f"{line};SharedAccessSignature=sv=1&sig=x"}
    assert storage(BLOB, "sas_token=?sv=1&sig=x").options == storage(BLOB, "sas_token=sv=1&sig=x").options == token
    assert storage(BLOB).options == {"connection_string": line, "anon": True}


def test_who_asks_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_CLIENT_ID", "x")
    host = {"account_name": "acct", "account_host": "acct.blob.core.windows.net"}
    assert storage(LAKE).options == {**host, "anon": False}


def test_a_service_principal_asks_by_what_is_secret_and_what_is_not() -> None:
    spec = {**LAKE, "credentials": {"type": "service_principal", "client_id": "i", "tenant_id": "t"}}
    found = storage(spec, f"client_secret={HIDDEN}")
    assert found.root == "fs"
    assert found.options["client_secret"] == HIDDEN
    assert (found.options["client_id"], found.options["tenant_id"]) == ("i", "t")


def test_no_secret_is_shown() -> None:
    for spec, secret in ((BLOB, "account_key"), (BLOB, "sas_token"), (S3, "secret_access_key")):
        found = storage({**spec, "credentials": {"access_key_id": "id"}}, f"{secret}={HIDDEN}")
        assert HIDDEN in str(dict(found.options))
        assert HIDDEN not in repr(found) + str(found) + found.identity + found.label


def test_a_bucket_has_a_prefix_and_maybe_an_endpoint() -> None:
    found = storage(
        {**S3, "endpoint_url": "http://h:1", "region": "eu"}, "access_key_id=k", f"secret_access_key={HIDDEN}"
    )
    assert (found.protocol, found.root, found.identity) == ("s3", "bk/a/b", "s3://bk/a/b at http://h:1")
    assert found.options["endpoint_url"] == "http://h:1"
    assert storage(S3).options == {"anon": True}
    google = storage({"name": "g", "type": "gcs", "bucket": "bk", "project": "p"}, 'token={"type": "service_account"}')
    assert google.options == {"token": {"type": "service_account"}, "project": "p"}


def test_a_local_datastore_is_its_folder() -> None:
    assert of_datastore({"name": "x", "type": "local", "path": "~/x"}, {}) == Path.home() / "x"


def test_a_lake_house_is_a_folder_of_its_workspace() -> None:
    spec = {"name": "o", "type": "one_lake", "one_lake_workspace_name": "ws", "artifact": {"name": "house"}}
    found = storage(spec)
    assert found.root == "ws/house.Lakehouse/Files"
    assert found.identity == "https://onelake.blob.fabric.microsoft.com/ws/house.Lakehouse/Files"


@pytest.mark.parametrize(
    ("spec", "error", "said"),
    [
        (
            {"name": "f", "type": "azure_file", "file_share_name": "s"},
            UserErrorException,
            "a datastore of type 'local'",
        ),
        ({"name": "g", "type": "azure_data_lake_gen1", "store_name": "s"}, UserErrorException, "Azure closed"),
        ({"name": "x", "type": "azure_blop"}, ValidationException, "Did you mean 'azure_blob'?"),
        ({**LAKE, "credentials": {"certificate": "x"}}, UnsupportedFieldError, "credentials.certificate"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(spec: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=r".+") as caught:
        of_datastore(spec, {})
    assert said in str(caught.value)


def test_an_address_without_a_datastore_is_public() -> None:
    place = uri.parse("wasbs://c@acct.blob.core.windows.net/x")
    assert isinstance(place, uri.CloudPath)
    found = of_cloud(place)
    assert (found.identity, found.root) == ("https://acct.blob.core.windows.net/c", "c")
    lake = uri.parse("abfss://fs@acct.dfs.core.windows.net/x")
    assert isinstance(lake, uri.CloudPath)
    assert of_cloud(lake).identity == "https://acct.blob.core.windows.net/fs"


def test_a_library_that_is_not_there_is_named_by_its_extra() -> None:
    pytest.importorskip("fsspec")
    try:
        import s3fs  # noqa: F401  # pyright: ignore[reportMissingImports]
    except ImportError:
        with pytest.raises(UserErrorException, match=r"pip install 'jupyter_aml\[s3\]'"):
            storage(S3).open()
    assert filesystems.of_datastore(S3, {}) == storage(S3)
