"""`az`, as far as labs and scripts type it: `az ml …` is `aml …`; of the rest, what they say before it.

Words and workspaces are sorted out here; the command line itself is `cli`'s, a sibling, found by its name.
"""

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Final

from jupyter_aml.exceptions import MlException
from jupyter_aml.verbs import ABSENT

_VERBS: Final = "jupyter_aml.verbs.{}:NOUN"
_OWN: Final = "jupyter_aml.emulation.az_words:{}"
ML: Final = (
    "component", "compute", "connection", "data", "datastore", "environment", "job", "model", "schedule", "workspace",
)  # fmt: skip
"""The groups of `az ml` that are built."""
NOUNS: Final[Mapping[str, str]] = {
    "account": _VERBS.format("account"),
    "configure": _VERBS.format("configure"),
    "extension": _VERBS.format("extension"),
    "group": _VERBS.format("group"),
    "login": _OWN.format("LOGIN"),
    "logout": _OWN.format("LOGOUT"),
    "provider": _OWN.format("PROVIDER"),
    "role": _VERBS.format("role"),
    "version": _OWN.format("VERSION"),
}
"""What follows `az` besides `ml`, and where its table stands."""
_HELP: Final = """The part of Azure's command line that machine learning needs, on this machine (jupyter_aml).

Nothing here reaches a cloud. `az configure --defaults group=G workspace=W` says which workspace the rest is about.
"""
_HELP_OF_ML: Final = "Azure Machine Learning on this machine: the commands of `aml`."


def run(arguments: list[str]) -> int:
    """Carry out one command line of az's; the exit code: 0 done, 1 failed, 2 mistyped, 3 not found."""
    cli = import_module("jupyter_aml.cli.main")
    az = cli.front("az", NOUNS, _HELP)
    az.add_command(cli.front("ml", {name: _VERBS.format(name) for name in ML}, _HELP_OF_ML, ABSENT))
    return cli.run(["version"] if arguments in (["--version"], ["-v"]) else arguments, az)


def follow_defaults() -> None:
    """Let commands be about what `az configure --defaults` said: az knows no notebook, and no config.json."""
    from jupyter_aml.entities.workspace import WorkspaceId
    from jupyter_aml.operations import groups, workspaces

    here = workspaces.current()
    said = groups.defaults(workspaces.open_workspace(here))
    os.environ[workspaces.CHOSEN] = WorkspaceId(
        said.get("subscription", here.subscription_id),
        said.get("group", here.resource_group),
        said.get("workspace", here.name),
    ).arm


def main() -> None:
    """Be the `az` program."""
    sys.exit(import_module("jupyter_aml.cli.main").ended(_carried_out))


def _carried_out() -> int:
    arguments = sys.argv[1:]
    if not arguments or {"-h", "--help"}.intersection(arguments):
        return run(arguments)
    try:
        follow_defaults()
    except MlException as error:  # a config.json that cannot be read
        sys.stderr.write(f"ERROR: {error}\n")
        return 1
    return run(arguments)


if __name__ == "__main__":
    main()
