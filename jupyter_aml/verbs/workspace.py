"""`workspace`: where jobs, assets and metrics are kept. Each verb is one call of the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.verbs import drafts
from jupyter_aml.verbs.option import ALL_RESULTS, DESCRIPTION, FILE, MAX_RESULTS, NO_WAIT, SET, TAGS, Option, name_of
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_aml import MLClient

NO_STORAGE: Final = "the workspace is a folder of this machine and has no keys."
NOUN: Final = Noun(
    "workspace",
    "Where jobs, metrics and outputs are kept.",
    "workspaces",
    absent={
        "list-keys": NO_STORAGE,
        "sync-keys": NO_STORAGE,
        "diagnose": "there is no service to diagnose; aml supervisor show says whether jobs are looked after.",
        "provision-network": "there is no network around a folder of this machine.",
        "outbound-rule": "there is no network around a folder of this machine.",
    },
)
COLUMNS: Final = (
    ("Name", "name"),
    ("ResourceGroup", "resource_group"),
    ("Location", "location"),
    ("DisplayName", "display_name"),
    ("Description", "description"),
    ("Tags", "tags"),
)
NAME: Final = name_of("workspace", "the workspace's name")
CURRENT: Final = name_of("workspace", "the workspace; the current one when not given", required=False)
GROUP: Final = Option("--resource-group", "NAME", "its resource group", short="-g", known="group")
FIELDS: Final = (
    name_of("", "its name", required=False),
    GROUP,
    Option("--display-name", "TEXT", "what lists show"),
    DESCRIPTION,
    TAGS,
    Option("--location", "NAME", "where it is said to be", short="-l"),
    *(
        Option(f"--{name}", "ARM ID", "kept and shown", hidden=True)
        for name in ("storage-account", "key-vault", "application-insights", "container-registry")
    ),
    Option("--public-network-access", "WORD", "kept and shown", hidden=True),
    Option("--image-build-compute", "NAME", "kept and shown", hidden=True),
)


@NOUN.verb(
    "list",
    Option("--resource-group", "NAME", "only of this group", short="-g", known="group"),
    MAX_RESULTS,
    ALL_RESULTS,
    columns=COLUMNS,
)
def list_(ml: MLClient, *, resource_group: str | None) -> Iterable[object]:
    """The workspaces of this machine, or of one resource group."""
    found = ml.workspaces.list(scope="subscription")
    return (one for one in found if resource_group in {None, one.resource_group})


@NOUN.verb("show", CURRENT, columns=COLUMNS)
def show(ml: MLClient, name: str | None) -> object:
    """One workspace; the one that commands in this folder use."""
    return ml.workspaces.get(name)


@NOUN.verb(
    "create",
    FILE,
    *FIELDS,
    SET,
    NO_WAIT,
    columns=COLUMNS,
    examples=("aml workspace create --name lab -g teaching", "aml workspace create -f workspace.yml"),
)
def create(ml: MLClient, *, no_wait: bool, **said: object) -> object:
    """Make a workspace, with its four datastores and this machine's cores as a compute."""
    poller = ml.workspaces.begin_create(drafts.loaded("load_workspace", FIELDS, said))
    return None if no_wait else poller.result()


@NOUN.verb("update", CURRENT, *FIELDS[2:5], SET, NO_WAIT, columns=COLUMNS)
def update(ml: MLClient, *, name: str | None, no_wait: bool, **said: object) -> object:
    """Describe a workspace anew."""
    draft = drafts.edited("load_workspace", ml.workspaces.get(name), FIELDS, said)
    poller = ml.workspaces.begin_update(draft)
    return None if no_wait else poller.result()


@NOUN.verb(
    "on-finish",
    Option("--command", "CMD", "a shell command; it finds $JUPYTER_AML_JOB and $JUPYTER_AML_STATUS"),
    Option("--off", "", "run nothing any more"),
    columns=(("OnFinish", "on_finish"),),
    examples=(
        """aml workspace on-finish --command 'notify-send "$JUPYTER_AML_JOB" "$JUPYTER_AML_STATUS"'""",
        "aml workspace on-finish --off",
    ),
)
def on_finish(ml: MLClient, *, command: str | None, off: bool) -> dict[str, str]:
    """Run a command whenever a job is over; or show which one that is.

    It runs on this machine, with no notebook open, as you, in your home, for at most a minute: once for a job that is
    no part of another; if the supervisor is killed at that very moment, not at all. $JUPYTER_AML_EXPERIMENT and
    $JUPYTER_AML_DISPLAY_NAME are there, too. What it prints, and how it fails, stands in the supervisor's log.
    """
    if off and command is not None:
        raise UserErrorException("--command and --off exclude each other.")
    if off or command is not None:
        ml.workspaces.set_on_finish(command or "")
    return {"on_finish": ml.workspaces.get_on_finish()}


@NOUN.verb(
    "delete",
    NAME,
    Option("--all-resources", "", "what was made for it as well: here it is all one"),
    Option("--permanently-delete", "", "leave nothing to restore: here there never is"),
    NO_WAIT,
    asks=True,
    done="Deleted workspace {name}.",
)
def delete(ml: MLClient, *, name: str, all_resources: bool, permanently_delete: bool, no_wait: bool) -> None:
    """Delete a workspace with its jobs, assets, metrics and secrets."""
    poller = ml.workspaces.begin_delete(
        name, delete_dependent_resources=all_resources, permanently_delete=permanently_delete
    )
    if not no_wait:
        poller.result()
