"""How a noun finds its verb, and how a verb finds its workspace and shows what came back. No verb lives here."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

import click

from jupyter_aml.cli.show import FORMATS, Columns, show
from jupyter_aml.entities.workspace import WorkspaceId
from jupyter_aml.exceptions import UserErrorException, did_you_mean

if TYPE_CHECKING:
    from jupyter_aml import MLClient

CONTEXT: Final = {
    "help_option_names": ["-h", "--help"],
    "max_content_width": 120,
    "token_normalize_func": lambda token: token.replace("_", "-"),  # az reads --min_instances too
}


class Noun(click.Group):
    """A group that answers a mistyped word with the nearest one it knows."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word, known = args[0], self.list_commands(ctx)
        if self.get_command(ctx, word) or word.startswith("-"):
            return super().resolve_command(ctx, args)
        message = f"'{word}' is not a command of '{ctx.command_path}'. {did_you_mean(word, known)}"
        raise click.UsageError(message, ctx)


class Verb(click.Command):
    """A command that is handed the client of the workspace it was pointed at, and whose value is shown."""

    columns: Columns = ()
    examples: Sequence[str] = ()

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        own = super().get_params(ctx)
        return [*own[:-1], *EVERYWHERE, *own[-1:]]  # the help option stays last

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        if self.examples:
            with formatter.section("Examples"):
                formatter.write("".join(f"  {line}\n" for line in self.examples))

    def invoke(self, ctx: click.Context) -> None:
        workspace, group, subscription, output, query = (ctx.params.pop(str(option.name)) for option in EVERYWHERE)
        if query:
            raise _no_query(query)
        ctx.params["ml"] = client(workspace, group, subscription)
        show(super().invoke(ctx), output, self.columns)


Function: TypeAlias = Callable[..., object]


def noun(name: str, help_text: str) -> Noun:
    """A noun without verbs yet."""
    return Noun(name, help=help_text, context_settings=CONTEXT)


def verb(of: Noun, name: str, *, columns: Columns = (), examples: Sequence[str] = ()) -> Callable[[Function], Verb]:
    """`@verb(noun, "show")`: the function becomes `aml NOUN show`; `columns` are what a table of its value has."""

    def made(function: Function) -> Verb:
        command = click.command(name, cls=Verb, context_settings=CONTEXT)(function)
        command.columns, command.examples = columns, examples
        of.add_command(command)
        return command

    return made


def client(workspace: str | None, group: str | None, subscription: str | None) -> "MLClient":
    """The client: config.json or the default workspace, with whatever was named on the command line in its place."""
    from jupyter_aml import MLClient

    found = MLClient.default()
    if not (workspace or group or subscription):
        return found
    known = found.workspace.id
    return MLClient.of(
        WorkspaceId(subscription or known.subscription_id, group or known.resource_group, workspace or known.name)
    )


EVERYWHERE: Final = (
    click.Option(["-w", "--workspace-name", "workspace"], metavar="NAME", help="Workspace.  [default: config.json's]"),
    click.Option(["-g", "--resource-group", "group"], metavar="NAME", help="Its resource group."),
    click.Option(["--subscription"], metavar="ID", help="Its subscription."),
    click.Option(
        ["-o", "--output"], type=click.Choice(FORMATS), default="json", show_default=True, help="How to print."
    ),
    click.Option(["--query"], hidden=True),
)


def _no_query(query: str) -> UserErrorException:
    message = f"--query '{query}' asks for JMESPath, which this installation does not have."
    return UserErrorException(message, resolution="Print -o json and filter that (jq), or use -o tsv.")
