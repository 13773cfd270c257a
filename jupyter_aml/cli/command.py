"""From the table of verbs to click's commands: each gets its client, runs, shows its value. No verb lives here."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

import click
from click.core import ParameterSource

from jupyter_aml.cli.client import client
from jupyter_aml.cli.parameters import EVERYWHERE, argument, parameter, put_bare, repeated
from jupyter_aml.cli.show import show
from jupyter_aml.exceptions import UserErrorException, did_you_mean
from jupyter_aml.verbs.table import Noun, Verb, never_said, paged, typed

CONTEXT: Final = {
    "help_option_names": ["-h", "--help"],
    "max_content_width": 120,
    "token_normalize_func": lambda token: token.replace("_", "-"),  # az reads --min_instances too
}
AZ: Final = "az"
"""The program that stands for Azure's own command line."""
STRAY: Final = "unexpected extra argument"


class Group(click.Group):
    """A group that answers a mistyped word with the nearest one it knows, and one that is not here with the reason."""

    noun: Noun | None = None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0]
        if self.get_command(ctx, word) or word.startswith("-"):
            return super().resolve_command(ctx, args)
        if self.noun:
            self.noun.refuse(word)
        raise click.UsageError(self.unknown(ctx, word), ctx)

    def unknown(self, ctx: click.Context, word: str) -> str:
        """What is said of a word that is no command."""
        return f"'{word}' is not a command of '{ctx.command_path}'. {did_you_mean(word, self.list_commands(ctx))}"


class Command(click.Command):
    """One verb on the command line."""

    def __init__(self, verb: Verb) -> None:
        own = {spelt for option in verb.options for spelt in option.spellings}
        everywhere = [option for option in EVERYWHERE if own.isdisjoint(option.opts)]
        words = [argument(verb.bare)] if verb.bare else []
        options: list[click.Parameter] = [*words, *map(parameter, verb.options), *everywhere]
        super().__init__(verb.name, params=options, help=verb.help, context_settings=CONTEXT)
        self.verb = verb

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        if self.verb.examples:
            with formatter.section("Examples"):
                formatter.write("".join(f"  {line}\n" for line in self.verb.examples))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            rest = super().parse_args(ctx, repeated(self.verb.options, self._whole(ctx, args)))
            if self.verb.bare:
                put_bare(ctx, self.verb.bare)
            return rest
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise _named(error, self.verb) from None

    def _whole(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The words with each option in full that az would know by its beginning: `--out`, `--workspace`."""
        if ctx.find_root().info_name != AZ:
            return args
        known = [spelt for param in self.get_params(ctx) for spelt in param.opts if spelt.startswith("--")]
        return [_in_full(word, known) for word in args]

    def invoke(self, ctx: click.Context) -> None:
        said = ctx.params
        _ask(self.verb, ctx.command_path, said=bool(said.get("yes")))
        where = (said.get("workspace_name"), said.get("resource_group"), said.get("subscription"))
        ml = None if self.verb.alone else client(*where)
        found = self.verb.run(ml, **typed(self.verb.options, _given(said)))
        value, more = paged(self.verb, found, said)
        if self.verb.prose and _is_for_people(ctx):
            click.echo(self.verb.prose(value), nl=False)
        else:
            show(value, said["output"], self.verb.columns, said["query"])
        if more:
            click.echo(more, err=True)


def _in_full(word: str, known: Sequence[str]) -> str:
    """An option that begins one of the known ones and no other; any other word as it is."""
    name, equals, value = word.partition("=")
    meant = [spelt for spelt in known if spelt.startswith(name)] if name.startswith("--") and name not in known else []
    return f"{meant[0]}{equals}{value}" if len(meant) == 1 and name != "--" else word


def _is_for_people(ctx: click.Context) -> bool:
    """Whether a table was asked for, or nothing in particular."""
    nobody_said = ctx.get_parameter_source("output") is ParameterSource.DEFAULT
    return not ctx.params["query"] and (nobody_said or ctx.params["output"] == "table")


def group(noun: Noun) -> Group:
    """A noun with its verbs, and those of the nouns below it."""
    made = Group(noun.name, help=noun.help, context_settings=CONTEXT)
    made.noun = noun
    for below in noun.nouns.values():
        made.add_command(group(below))
    for verb in (verb for verb in noun.verbs.values() if not verb.notebook):
        made.add_command(Command(verb))
    return made


def _given(said: Mapping[str, Any]) -> dict[str, object]:
    """What was really typed: an option that was not is the table's to say."""
    return {key: value for key, value in said.items() if value not in (None, ())}


def _ask(verb: Verb, path: str, *, said: bool) -> None:
    """A person's yes. UserErrorException where there is nobody to ask."""
    if not verb.asks or said:
        return
    if not sys.stdin.isatty():
        raise UserErrorException(f"{path} asks before it does so, and here is no terminal.", resolution="Add --yes.")
    click.confirm(f"{verb.help} Go on?", abort=True, err=True)


def _named(error: click.UsageError, verb: Verb) -> click.UsageError:
    """The error with the way out: the nearest option; a bare word was meant as a name."""
    path = error.ctx.command_path if error.ctx else "aml"
    if verb.hides and (STRAY in error.message or isinstance(error, click.NoSuchOption)):
        return click.UsageError(never_said(verb, f"{path} -n NAME"), error.ctx)
    if isinstance(error, click.NoSuchOption):
        known = [spelt for parameter in error.ctx.command.params for spelt in parameter.opts] if error.ctx else []
        message = f"No such option '{error.option_name}'. {did_you_mean(error.option_name, known)}"
        return click.UsageError(message, error.ctx)
    if STRAY in error.message and verb.bare:
        form = f"One file that ends with {verb.bare.bare} is taken: {path} {verb.bare.value}"
        return click.UsageError(f"{error.format_message().rstrip('.')}. {form}", error.ctx)
    if verb.by_name and (STRAY in error.message or _lacks_name(error)):
        message = error.format_message().rstrip(".")
        return click.UsageError(f"{message}. A name follows -n: {path} -n NAME", error.ctx)
    return error


def _lacks_name(error: click.UsageError) -> bool:
    return isinstance(error, click.MissingParameter) and error.param is not None and error.param.name == "name"
