"""The command line's front door: finds the noun, turns errors into text and an exit code. No verb lives here."""

import os
import sys
from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import Final

import click
from click.exceptions import NoArgsIsHelpError

from jupyter_aml.cli.command import CONTEXT, Command, Group, group
from jupyter_aml.exceptions import (
    AuthorizationError,
    MlException,
    NotAvailableError,
    ResourceNotFoundError,
    did_you_mean,
)
from jupyter_aml.verbs import ABSENT, NOUNS
from jupyter_aml.verbs.table import Noun, Verb

OK: Final = 0
FAILED: Final = 1
MISTYPED: Final = 2
NOT_FOUND: Final = 3


class Front(Group):
    """The nouns, each imported when it is asked for."""

    where: Mapping[str, str]
    """Noun → where its table stands."""
    absent: Mapping[str, str]
    """Noun of Azure's that is not built → the feature that it belongs to."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self.where, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _command(self.where[cmd_name]) if cmd_name in self.where else super().get_command(ctx, cmd_name)

    def unknown(self, ctx: click.Context, word: str) -> str:
        if word not in self.absent:
            return super().unknown(ctx, word)
        reason = NotAvailableError.of(f"{ctx.command_path} {word}", self.absent[word]).message
        return f"{reason} {did_you_mean('', self.list_commands(ctx))}"


def front(name: str, where: Mapping[str, str], text: str, absent: Mapping[str, str] | None = None) -> Front:
    """A program, or a part of one, whose commands are those nouns; `text` is its help."""
    made = Front(name, help=text, context_settings=CONTEXT)
    made.where, made.absent = where, absent or {}
    return made


def _command(where: str) -> click.Command:
    found: Noun | Verb = resolve_name(where)
    return Command(found) if isinstance(found, Verb) else group(found)


_HELP: Final = """Azure ML on this machine, with the commands of `az ml`.

Every verb takes -w, -g, --subscription (which workspace), -o (json, yaml, table, tsv, none) and --query (JMESPath).
For names by Tab in bash: eval "$(_AML_COMPLETE=bash_source aml)".
"""
aml: Final = click.version_option(package_name="jupyter_aml", prog_name="aml")(
    front("aml", {name: f"jupyter_aml.verbs.{name}:NOUN" for name in NOUNS}, _HELP, ABSENT)
)


def run(arguments: list[str], program: Front = aml) -> int:
    """Carry out one command line; the exit code: 0 done, 1 failed, 2 mistyped, 3 not found."""
    try:
        return program.main(arguments, prog_name=program.name, standalone_mode=False) or OK
    except (click.Abort, click.ClickException, MlException, TimeoutError) as error:
        if "--debug" in arguments:
            raise
        text, code = _said(error, str(program.name))
        click.echo(text if isinstance(error, NoArgsIsHelpError) else f"ERROR: {text}", err=True)
        return code


def _said(error: Exception, program: str) -> tuple[str, int]:
    match error:
        case click.UsageError():
            return _with_help(error, program), MISTYPED
        case click.ClickException():
            return error.format_message(), FAILED
        case click.Abort():
            return "Interrupted.", FAILED
        case ResourceNotFoundError():
            return str(error), NOT_FOUND
        case AuthorizationError():  # Azure's text says no way out, and must be verbatim
            return f"{error}\n{error.resolution}", FAILED
        case _:
            return str(error), FAILED


def _with_help(error: click.UsageError, program: str) -> str:
    if isinstance(error, NoArgsIsHelpError):
        return error.format_message()
    path = error.ctx.command_path if error.ctx else program
    return f"{error.format_message()}\nTry '{path} -h' for help."


def main() -> None:
    """Be the `aml` program."""
    sys.exit(ended(lambda: run(sys.argv[1:])))


def ended(program: Callable[[], int]) -> int:
    """The exit code of a whole program, all of it printed. A reader (`| head`) that has seen enough is no error."""
    try:
        code = program()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FAILED
    return code
