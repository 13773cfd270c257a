"""From a row of the table of options to click's option, and the options that every verb has. Nothing is run here."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from jupyter_aml.cli.client import client
from jupyter_aml.cli.show import FORMATS
from jupyter_aml.exceptions import MlException, UserErrorException, did_you_mean
from jupyter_aml.verbs import known
from jupyter_aml.verbs.option import Option, read

_EXAMPLES: Final = {"--set": "limits.timeout=60", "--param": "rate=0.1"}
BARE: Final = "bare"
Offer = Callable[[click.Context, click.Parameter, str], list[str]]


class _Pair(click.ParamType):
    """`k=v`."""

    name = "k=v"

    def __init__(self, *, blank: bool) -> None:
        self.blank = blank

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:  # noqa: ANN401 - click's own signature
        if isinstance(value, tuple):
            return value
        key, equals, text = str(value).partition("=")
        if not key or not equals or not (text or self.blank):
            spelt = max(param.opts, key=len) if param else ""
            self.fail(
                f"'{value}' is not KEY=VALUE. Write it as {spelt} {_EXAMPLES.get(spelt, 'name=value')}.", param, ctx
            )
        return key, text


class _Read(click.ParamType):
    """A text, a number, a path or one of several choices, read as a notebook reads it."""

    def __init__(self, option: Option) -> None:
        self.option = option
        self.name = option.value.lower()

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | int:  # noqa: ANN401 - click's own signature
        del param
        try:
            return value if isinstance(value, int) else read(self.option, str(value))
        except UserErrorException as error:
            raise click.UsageError(str(error), ctx) from None

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        del param, ctx
        return f"[{'|'.join(self.option.choices)}]" if self.option.choices else None

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        del ctx, param
        return [CompletionItem(choice) for choice in self.option.choices if choice.startswith(incomplete.lower())]


class _File(click.Path):
    """A file that is there; a mistyped name is answered with the nearest of its folder."""

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's own signature
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            path = Path(value)
            beside = path.parent.glob(f"*{path.suffix}") if path.suffix else path.parent.glob(f"{path.name}.*")
            if names := [found.name for found in beside if found.is_file() and found != path]:
                raise click.BadParameter(f"{error.message} {did_you_mean(path.name, names)}", ctx, param) from None
            raise


class _Query(click.ParamType):
    """A JMESPath expression, checked before anything is done."""

    name = "jmespath"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> object:  # noqa: ANN401 - click's own signature
        import jmespath
        from jmespath.exceptions import JMESPathError

        try:
            return jmespath.compile(value)
        except JMESPathError as error:
            self.fail(f"'{value}' is not JMESPath: {error}", param, ctx)


class _Parameter(click.Option):
    """One of our options; a pair given many times is a mapping."""

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:  # noqa: ANN401 - click's own signature
        found = super().type_cast_value(ctx, value)
        return dict(found) if isinstance(self.type, _Pair) and found is not None else found


def parameter(option: Option) -> click.Option:
    """The option as click knows it."""
    spelt = [*option.spellings, option.key]
    if not option.value:
        return click.Option(spelt, is_flag=True, help=_sentence(option), hidden=option.hidden)
    return _Parameter(
        spelt,
        type=_type(option),
        multiple=option.many,
        required=option.required and not option.bare,
        metavar=option.value if not option.choices else None,
        help=_sentence(option),
        hidden=option.hidden,
        shell_complete=_offers(option) if option.known in {*known.SOURCES, "version"} else None,
    )


def argument(option: Option) -> click.Argument:
    """The word that stands for the option; `put_bare` takes it."""
    return click.Argument([BARE], required=False, type=_type(option), metavar=option.value)


def put_bare(ctx: click.Context, option: Option) -> None:
    """The bare word as what the option says. click.UsageError when both are there, or neither and one is needed."""
    word, said = ctx.params.pop(BARE, None), ctx.params.get(option.key)
    if word is not None and said is not None:
        raise click.UsageError(f"Two were given: '{word}' and '{said}'. One is taken at a time.", ctx)
    if word is None and said is None and option.required and not ctx.resilient_parsing:
        raise click.UsageError(f"Name a file: {ctx.command_path} {option.value}", ctx)
    ctx.params[option.key] = said if word is None else word


def _offers(option: Option) -> Offer:
    """What Tab offers in a shell that asked for it: `eval "$(_AML_COMPLETE=bash_source aml)"`."""

    def offered(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        del param
        said = ctx.params
        try:
            ml = client(said.get("workspace_name"), said.get("resource_group"), said.get("subscription"))
            names = list(known.values(ml.workspace, option, incomplete, str(said.get("name") or "")))
        except MlException:  # a keystroke must not end in an error
            return []
        return [name for name in names if name.startswith(incomplete)]

    return offered


def repeated(options: Sequence[Option], args: Sequence[str]) -> list[str]:
    """`--set a=1 b=2`, as az reads it: each value that follows is as if the option were written again."""
    many = {spelt for option in options if option.many for spelt in option.spellings}
    bare = tuple(option.bare for option in options if option.bare)
    return list(_repeated(many, bare, args))


def _repeated(many: set[str], bare: tuple[str, ...], args: Sequence[str]) -> Iterator[str]:
    current, fresh = "", False
    for part in args:
        name = part.partition("=")[0].replace("_", "-")
        if part.startswith("-") and not fresh:
            current, fresh = (name if name in many else ""), name in many and "=" not in part
        elif current and not fresh and not part.endswith(bare):
            yield current
        else:
            fresh = False
        yield part


def _type(option: Option) -> click.ParamType:
    if option.pair:
        return _Pair(blank=option.blank)
    if option.known == "file":
        return _File()
    return _Read(option)


def _sentence(option: Option) -> str:
    """The help's row, as a sentence."""
    return option.help[:1].upper() + option.help[1:] + "."


def _no_registry(ctx: click.Context, param: click.Parameter, value: object) -> None:
    """Refuse what az takes and there is nothing of here."""
    if value is not None:
        raise click.BadParameter("There are no registries here yet; use a workspace: -w NAME.", ctx, param)


EVERYWHERE: Final = (
    click.Option(["-w", "--workspace-name"], metavar="NAME", help="Workspace.  [default: config.json's]"),
    click.Option(["-g", "--resource-group"], metavar="NAME", help="Its resource group."),
    click.Option(["--subscription"], metavar="ID", help="Its subscription."),
    click.Option(
        ["-o", "--output"], type=click.Choice(FORMATS), default="json", show_default=True, help="How to print."
    ),
    click.Option(["--query"], type=_Query(), metavar="JMESPATH", help="What of it to print: [].name"),
    click.Option(["--registry-name"], hidden=True, expose_value=False, callback=_no_registry),
    click.Option(["--only-show-errors", "--verbose", "--debug"], is_flag=True, hidden=True),
)
