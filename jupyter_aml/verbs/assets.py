"""The verbs that every asset has: data, environments, models, components. Each is one call of the client."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from jupyter_aml.constants import ListViewType
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.verbs import drafts
from jupyter_aml.verbs.option import (
    ALL_RESULTS,
    ARCHIVED_ONLY,
    DESCRIPTION,
    FILE,
    INCLUDE_ARCHIVED,
    LABEL,
    MAX_RESULTS,
    SET,
    TAGS,
    Option,
    name_of,
    version_of,
)

if TYPE_CHECKING:
    from jupyter_aml import MLClient
    from jupyter_aml.verbs.table import Columns, Noun

CREATED: Final = ("Created", "creation_context.created_at")


class Group(Protocol):
    """A group of the client: `ml_client.data`, `.models`, … ."""

    def get(self, name: str, version: str | None = None, label: str | None = None) -> Any: ...  # noqa: ANN401 - each has its own draft
    def list(self, name: str | None = None, *, list_view_type: str = ...) -> Iterable[object]: ...
    def create_or_update(self, draft: Any, /) -> object: ...  # noqa: ANN401 - as above
    def archive(self, name: str, version: str | None = None, label: str | None = None) -> None: ...
    def restore(self, name: str, version: str | None = None, label: str | None = None) -> None: ...


@dataclass(frozen=True, slots=True)
class Asset:
    """What differs from asset to asset: its noun, its group, its YAML's loader, the flags of `create`."""

    noun: Noun
    group: Callable[[MLClient], Any]
    loader: str
    fields: tuple[Option, ...]
    columns: Columns
    create_examples: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """What it is called in help."""
        return self.noun.name

    @property
    def which(self) -> tuple[Option, ...]:
        """The options that name one version."""
        return name_of(self.called, "its name"), version_of(self.called), LABEL


def add(asset: Asset) -> None:
    """Give the noun the verbs that every asset has."""
    _list(asset)
    _show(asset)
    _create(asset)
    _update(asset)
    _archive(asset)


def view(*, only: bool, too: bool) -> str:
    """Which of them a list shows."""
    if only:
        return ListViewType.ARCHIVED_ONLY
    return ListViewType.ALL if too else ListViewType.ACTIVE_ONLY


def _list(asset: Asset) -> None:
    name = name_of(asset.called, "list the versions of this one", required=False)

    def list_(ml: MLClient, *, name: str | None, archived_only: bool, include_archived: bool) -> Iterable[object]:
        return asset.group(ml).list(name, list_view_type=view(only=archived_only, too=include_archived))

    list_.__doc__ = "Every name with its newest version; of one name its versions, newest first."
    examples = (f"aml {asset.called} list -o table", f"aml {asset.called} list -n NAME --query '[].version' -o tsv")
    options = (name, ARCHIVED_ONLY, INCLUDE_ARCHIVED, MAX_RESULTS, ALL_RESULTS)
    asset.noun.verb("list", *options, columns=asset.columns, examples=examples)(list_)


def _show(asset: Asset) -> None:
    def show(ml: MLClient, *, name: str, version: str | None, label: str | None) -> object:
        return asset.group(ml).get(name, version, label)

    show.__doc__ = "One version."
    example = f"aml {asset.called} show -n NAME --label latest"
    asset.noun.verb("show", *asset.which, columns=asset.columns, examples=(example,), newest=True)(show)


def _create(asset: Asset) -> None:
    def create(ml: MLClient, **said: object) -> object:
        return asset.group(ml).create_or_update(drafts.loaded(asset.loader, asset.fields, said))

    create.__doc__ = "Register a version, as a YAML or the options say."
    options = (FILE, *asset.fields, SET)
    asset.noun.verb("create", *options, columns=asset.columns, examples=asset.create_examples)(create)


def _update(asset: Asset) -> None:
    fields = (DESCRIPTION, TAGS)

    def update(ml: MLClient, *, name: str, version: str | None, label: str | None, **said: object) -> object:
        if not drafts.has_changes(fields, said):
            raise UserErrorException("Nothing to change was given.", resolution="E.g. --set tags.reviewed=yes")
        found = asset.group(ml).get(name, version, label)
        return asset.group(ml).create_or_update(drafts.edited(asset.loader, found, fields, said))

    update.__doc__ = "Change what is said of a version: its description, tags, properties."
    options = (*asset.which, *fields, SET)
    asset.noun.verb("update", *options, columns=asset.columns, newest=True)(update)


def _archive(asset: Asset) -> None:
    def archive(ml: MLClient, *, name: str, version: str | None, label: str | None) -> None:
        asset.group(ml).archive(name, version, label)

    def restore(ml: MLClient, *, name: str, version: str | None, label: str | None) -> None:
        asset.group(ml).restore(name, version, label)

    archive.__doc__ = "Hide a version, or all of the name, from lists; jobs may still use it."
    restore.__doc__ = "Show an archived version, or the name, in lists again."
    asset.noun.verb("archive", *asset.which, done="Archived {name}.")(archive)
    asset.noun.verb("restore", *asset.which, done="Restored {name}.")(restore)
