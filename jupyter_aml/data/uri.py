"""The URI grammar of §3.4: text in, frozen parts out. Nothing is opened, and nothing is looked up."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import unquote

from jupyter_aml.entities.workspace import WorkspaceId
from jupyter_aml.exceptions import ValidationException, did_you_mean

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_PROVIDER: Final = r"(?:providers/[^/]+/)?"
_SCOPE: Final = rf"subscriptions/(?P<s>[^/]+)/resourcegroups/(?P<g>[^/]+)/{_PROVIDER}workspaces/(?P<w>[^/]+)/"
_KINDS: Final = r"(?P<kind>data|models|environments|components|codes)"
_VERSION: Final = r"(?:versions/(?P<version>[^/]+)|labels/(?P<label>[^/]+))/?"
_ID: Final = rf"/{_SCOPE}{_KINDS}/(?P<name>[^/]+)/{_VERSION}"


@dataclass(frozen=True, slots=True)
class LocalPath:
    """A file or folder of this machine."""

    path: str

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True, slots=True)
class DatastorePath:
    """A path in a datastore; `workspace` is whom a long URI names. Its text is the short form."""

    datastore: str
    path: str
    workspace: WorkspaceId | None = None

    def __str__(self) -> str:
        return f"azureml://datastores/{self.datastore}/paths/{self.path}"

    def long(self, workspace: WorkspaceId) -> str:
        """The long form, as the service writes it (lower-case `resourcegroups`)."""
        of = self.workspace or workspace
        scope = f"subscriptions/{of.subscription_id}/resourcegroups/{of.resource_group}/workspaces/{of.name}"
        return f"azureml://{scope}/datastores/{self.datastore}/paths/{self.path}"


@dataclass(frozen=True, slots=True)
class JobOutputPath:
    """A path in what a job wrote; `output` is `artifacts` (or `default`) for its own folder."""

    job: str
    output: str
    path: str

    def __str__(self) -> str:
        return f"azureml://jobs/{self.job}/outputs/{self.output}/paths/{self.path}"


@dataclass(frozen=True, slots=True)
class RunArtifact:
    """A path in a run's artifacts: `runs:/<run>/<path>`."""

    run: str
    path: str

    def __str__(self) -> str:
        return f"runs:/{self.run}/{self.path}"


@dataclass(frozen=True, slots=True)
class AssetReference:
    """An asset by name, and by version or label. `kind` ('data', 'models' …) and `registry` are '' where unsaid."""

    name: str
    version: str = ""
    label: str = ""
    kind: str = ""
    registry: str = ""
    workspace: WorkspaceId | None = None

    def __str__(self) -> str:
        return f"azureml:{self.name}" + (f"@{self.label}" if self.label else f":{self.version}")


@dataclass(frozen=True, slots=True)
class CloudPath:
    """A path in storage that is no datastore. `account` is '' for s3 and gs; `endpoint` what follows it in the host."""

    scheme: str
    account: str
    container: str
    path: str
    endpoint: str = ""

    def __str__(self) -> str:
        if not self.account:
            return f"{self.scheme}://{self.container}/{self.path}"
        service = {"abfss": "dfs.", "wasbs": "blob."}.get(self.scheme, "")
        return f"{self.scheme}://{self.container}@{self.account}.{service}{self.endpoint}/{self.path}"


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A public file on the web."""

    url: str

    def __str__(self) -> str:
        return self.url


Place: TypeAlias = LocalPath | DatastorePath | JobOutputPath | RunArtifact | AssetReference | CloudPath | WebAddress
_Found: TypeAlias = "re.Match[str]"


def parse(text: str) -> Place:
    """What a path says. ValidationException for a scheme or an `azureml:` form that does not exist."""
    if is_local(text):
        return LocalPath(local_path(text))
    for pattern, make in _FORMS:
        if found := _matched(pattern, text):
            return make(found)
    raise _unknown(text)


def datastore_path(uri: str) -> DatastorePath | None:
    """The datastore and path of a short or long datastore URI; None for anything else."""
    found = _matched(_DATASTORE, uri)
    return _datastore(found) if found else None


def is_local(path: str) -> bool:
    """Whether it names a file or folder of this machine: no scheme, or `file:`, and no id of Azure's."""
    return path.startswith("file:") or not (_SCHEME.match(path) or _matched(_ID, path))


def local_path(path: str) -> str:
    """A local path without its `file:` scheme; `%20` and its kin in a `file:` URI are the characters they stand for."""
    return unquote(re.sub(r"^file:(//)?", "", path)) if path.startswith("file:") else path


def _workspace(found: _Found) -> WorkspaceId | None:
    return WorkspaceId(found["s"], found["g"], found["w"]) if found["s"] else None


def _datastore(found: _Found) -> DatastorePath:
    return DatastorePath(found["datastore"], (found["path"] or "").lstrip("/"), _workspace(found))


def _output(found: _Found) -> JobOutputPath:
    return JobOutputPath(found["job"], found["output"], (found["path"] or "").lstrip("/"))


def _asset(found: _Found) -> AssetReference:
    return AssetReference(found["name"], found["version"] or "", found["label"] or "")


def _arm(found: _Found) -> AssetReference:
    version, label = found["version"] or "", found["label"] or ""
    return AssetReference(found["name"], version, label, found["kind"], workspace=_workspace(found))


def _located(found: _Found) -> AssetReference:
    return AssetReference(found["name"], found["version"] or "", found["label"] or "", found["kind"])


def _registry(found: _Found) -> AssetReference:
    version, label = found["version"] or "", found["label"] or ""
    return AssetReference(found["name"], version, label, found["kind"], registry=found["registry"])


def _cloud(found: _Found) -> CloudPath:
    scheme = found["scheme"].lower()
    return CloudPath(
        _SPELLINGS.get(scheme, scheme),
        found["account"], found["container"] or "", (found["path"] or "").lstrip("/"), found["endpoint"],
    )  # fmt: skip


def _bucket(found: _Found) -> CloudPath:
    scheme = found[1].lower()
    return CloudPath(_SPELLINGS.get(scheme, scheme), "", found[2], (found[3] or "").lstrip("/"))


def _unknown(text: str) -> ValidationException:
    scheme = text.partition(":")[0]
    if scheme.lower() in {"azureml", "runs"} | _SCHEMES:
        written = _SPELLINGS.get(scheme.lower(), scheme.lower())
        known = " or ".join(form for form in _SHAPES if form.startswith(f"{written}:")) or _SHAPES[0]
        return ValidationException(f"'{text}' is not a URI that can be read.", resolution=f"Write it as {known}.")
    return ValidationException(
        f"'{text}' has the scheme '{scheme}', which is none of Azure ML's.",
        resolution=did_you_mean(scheme, {"azureml", "file", "https", "runs"} | _SCHEMES),
    )


def _matched(pattern: str, text: str) -> "_Found | None":
    """Compiled when first needed, and kept by `re`: all of them at import would cost a submit 10 ms."""
    return re.fullmatch(pattern, text, re.IGNORECASE | re.DOTALL)


_SPELLINGS: Final = {"wasb": "wasbs", "abfs": "abfss", "gcs": "gs", "s3a": "s3"}
_SCHEMES: Final = frozenset({"wasbs", "wasb", "abfss", "abfs", "adl", "s3", "gs"})
_SHAPES: Final = (
    "azureml://datastores/<datastore>/paths/<path>",
    "azureml://jobs/<job>/outputs/<output>/paths/<path>",
    "azureml:<name>:<version>",
    "azureml:<name>@<label>",
    "runs:/<run>/<path>",
    "wasbs://<container>@<account>.blob.core.windows.net/<path>",
    "abfss://<filesystem>@<account>.dfs.core.windows.net/<path>",
    "adl://<account>.azuredatalakestore.net/<path>",
    "s3://<bucket>/<path>",
    "gs://<bucket>/<path>",
)
_DATASTORE: Final = rf"azureml://(?:{_SCOPE})?datastores/(?P<datastore>[^/]+)(?:/paths(?P<path>/.*)?)?/?"
_HOST: Final = r"(?P<account>[^./@]+)\.(?:blob|dfs)\.(?P<endpoint>[^/]+)"
_FORMS: Final[tuple[tuple[str, Callable[[_Found], Place]], ...]] = (
    (_DATASTORE, _datastore),
    (r"azureml://jobs/(?P<job>[^/]+)/outputs/(?P<output>[^/]+)(?:/paths)?(?P<path>/.*)?", _output),
    (r"runs:/+(?P<run>[^/]+)(?P<path>/.*)?", lambda f: RunArtifact(f["run"], (f["path"] or "").strip("/"))),
    (rf"azureml:/{{1,2}}{_SCOPE}{_KINDS}/(?P<name>[^/]+)/{_VERSION}", _arm),
    (_ID, _arm),
    (rf"azureml://registries/(?P<registry>[^/]+)/{_KINDS}/(?P<name>[^/]+)/{_VERSION}", _registry),
    (rf"azureml://locations/[^/]+/workspaces/[^/]+/{_KINDS}/(?P<name>[^/]+)/{_VERSION}", _located),
    (r"azureml:(?P<name>[^:@/]+)(?::(?P<version>[^:@/]+)|@(?P<label>[^:@/]+))", _asset),
    (rf"(?P<scheme>wasbs?|abfss?)://(?P<container>[^@/]+)@{_HOST}(?P<path>/.*)?", _cloud),
    (rf"(?P<scheme>wasbs?|abfss?)://{_HOST}/(?P<container>[^/]+)(?P<path>/.*)?", _cloud),
    (
        r"(?P<scheme>adl)://(?P<account>[^./]+)\.(?P<endpoint>[^/]+)(?P<container>)(?P<path>/.*)?",
        _cloud,
    ),
    (r"(s3a?|gcs|gs)://([^/]+)(/.*)?", _bucket),
    (r"https?://[^/]+(?:/.*)?", lambda f: WebAddress(f[0])),
)
