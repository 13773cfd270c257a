"""Every form of URI that Azure ML writes (§3.4), read to its parts; what is none is refused with the nearest form."""

import pytest

from jupyter_aml.data import uri
from jupyter_aml.data.uri import (
    AssetReference,
    CloudPath,
    DatastorePath,
    JobOutputPath,
    LocalPath,
    RunArtifact,
    WebAddress,
    parse,
)
from jupyter_aml.entities.workspace import WorkspaceId
from jupyter_aml.exceptions import ValidationException

W = WorkspaceId("s", "r", "w")
LONG = "azureml://subscriptions/s/resourcegroups/r/workspaces/w"
ARM = "/subscriptions/s/resourceGroups/r/providers/Microsoft.MachineLearningServices/workspaces/w"

FORMS = {
    "azureml://datastores/ds/paths/a/b.csv": DatastorePath("ds", "a/b.csv"),
    "azureml://datastores/ds/paths/": DatastorePath("ds", ""),
    "azureml://datastores/ds/paths": DatastorePath("ds", ""),
    "azureml://datastores/ds": DatastorePath("ds", ""),
    "azureml://datastores/ds/paths//a": DatastorePath("ds", "a"),
    "azureml://datastores/ds/paths/a?b#c d/": DatastorePath("ds", "a?b#c d/"),
    f"{LONG}/datastores/ds/paths/a b": DatastorePath("ds", "a b", W),
    f"azureml:/{ARM}/datastores/ds/paths/a": DatastorePath("ds", "a", W),
    "azureml:diabetes:1": AssetReference("diabetes", "1"),
    "azureml:diabetes:2026-01-01": AssetReference("diabetes", "2026-01-01"),
    "azureml:diabetes@latest": AssetReference("diabetes", label="latest"),
    f"azureml:{ARM}/data/n/versions/3": AssetReference("n", "3", kind="data", workspace=W),
    f"azureml:/{ARM}/data/n/versions/3": AssetReference("n", "3", kind="data", workspace=W),
    f"{ARM}/models/n/versions/3": AssetReference("n", "3", kind="models", workspace=W),
    f"{LONG}/data/n/labels/latest": AssetReference("n", label="latest", kind="data", workspace=W),
    "azureml://registries/azureml/environments/e-1.5/labels/latest": AssetReference(
        "e-1.5", label="latest", kind="environments", registry="azureml"
    ),
    "azureml://locations/westus/workspaces/guid/data/n/versions/1": AssetReference("n", "1", kind="data"),
    "azureml://jobs/j/outputs/o/paths/x/y": JobOutputPath("j", "o", "x/y"),
    "azureml://jobs/j/outputs/o/paths/": JobOutputPath("j", "o", ""),
    "azureml://jobs/j/outputs/o": JobOutputPath("j", "o", ""),
    "azureml://jobs/j/outputs/artifacts/model": JobOutputPath("j", "artifacts", "model"),
    "runs:/j/model": RunArtifact("j", "model"),
    "runs:/j": RunArtifact("j", ""),
    "wasbs://c@a.blob.core.windows.net/x/y": CloudPath("wasbs", "a", "c", "x/y", "core.windows.net"),
    "wasbs://a.blob.core.windows.net/c/x/y": CloudPath("wasbs", "a", "c", "x/y", "core.windows.net"),
    "wasb://c@a.blob.core.windows.net/": CloudPath("wasbs", "a", "c", "", "core.windows.net"),
    "wasbs://c@a.blob.core.chinacloudapi.cn/x": CloudPath("wasbs", "a", "c", "x", "core.chinacloudapi.cn"),
    "abfss://f@a.dfs.core.windows.net/p": CloudPath("abfss", "a", "f", "p", "core.windows.net"),
    "adl://a.azuredatalakestore.net/p": CloudPath("adl", "a", "", "p", "azuredatalakestore.net"),
    "s3://b/k/l": CloudPath("s3", "", "b", "k/l"),
    "gs://b/k": CloudPath("gs", "", "b", "k"),
    "https://x.org/y.csv?z=1#f": WebAddress("https://x.org/y.csv?z=1#f"),
    "http://127.0.0.1:8000/y": WebAddress("http://127.0.0.1:8000/y"),
    "./a b": LocalPath("./a b"),
    "a.csv": LocalPath("a.csv"),
    "/abs/100%25": LocalPath("/abs/100%25"),
    "file:///a%20b/%C3%A9": LocalPath("/a b/é"),
    "file:./x": LocalPath("./x"),
    "C:/x": LocalPath("C:/x"),
}


@pytest.mark.parametrize("text", FORMS)
def test_a_uri_is_read_to_its_parts(text: str) -> None:
    assert parse(text) == FORMS[text]


@pytest.mark.parametrize("text", FORMS)
def test_the_parts_say_the_same_again(text: str) -> None:
    place = FORMS[text]
    again = parse(place.long(W) if isinstance(place, DatastorePath) and place.workspace else str(place))
    if isinstance(place, AssetReference):
        assert isinstance(again, AssetReference)
        assert (again.name, again.version, again.label) == (place.name, place.version, place.label)
    elif not isinstance(place, CloudPath) or place.scheme != "adl":
        assert again == place


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("htps://x/y", "Did you mean 'https'?"),
        ("wasb://c/y", "wasbs://<container>@<account>"),
        ("azureml:diabetes", "azureml:<name>:<version>"),
        ("azureml://datastore/x/paths/y", "azureml://datastores/<datastore>/paths/<path>"),
        ("azureml://datastores/", "azureml://datastores/<datastore>/paths/<path>"),
        ("azureml:a:1:2", "azureml:<name>@<label>"),
        ("runs:x", "runs:/<run>/<path>"),
        ("adl://x", "adl://<account>"),
        ("ftp://x/y", "none of Azure ML's"),
    ],
)
def test_what_is_no_uri_is_refused_with_the_form_it_should_have(text: str, said: str) -> None:
    with pytest.raises(ValidationException) as caught:
        parse(text)
    assert text in str(caught.value)
    assert said in str(caught.value)


def test_the_long_form_is_azures() -> None:
    assert DatastorePath("ds", "a b").long(W) == f"{LONG}/datastores/ds/paths/a b"
    assert DatastorePath("ds", "x", W).long(WorkspaceId("1", "2", "3")) == f"{LONG}/datastores/ds/paths/x"


@pytest.mark.parametrize("text", FORMS)
def test_only_a_datastores_uri_is_a_datastores_path(text: str) -> None:
    place = FORMS[text]
    assert uri.datastore_path(text) == (place if isinstance(place, DatastorePath) else None)


@pytest.mark.parametrize("text", FORMS)
def test_a_local_path_has_no_scheme_but_file(text: str) -> None:
    place = FORMS[text]
    is_local = uri.is_local(text)
    assert (uri.local_path(text) if is_local else None) == (place.path if isinstance(place, LocalPath) else None)
