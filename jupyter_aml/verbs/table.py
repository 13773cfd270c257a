"""Nouns and their verbs, as rows of a table. Nothing is carried out here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, TypeAlias

from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.verbs.option import ALL_RESULTS, MAX_RESULTS, YES, Option

Run: TypeAlias = Callable[..., object]
Columns: TypeAlias = tuple[tuple[str, str], ...]
"""What a table has: its titles, and the dotted path of what stands below each."""

NAME: Final = "--name"
SURFACE: Final = frozenset({YES.name, MAX_RESULTS.name, ALL_RESULTS.name})
"""What the surfaces keep to themselves."""


@dataclass(frozen=True, slots=True)
class Verb:
    """`run(ml, **typed)` gives the value to show. `asks`: a person is asked before it is done.

    `done`: what a notebook says after it; `page`: as many of a list as are shown when nobody says;
    `newest`: in a notebook, a bare name is its newest version; `notebook`: it is said there only;
    `hides`: a word too many may be a secret, and is not repeated; `many`: how its list says what it holds;
    `alone`: it needs no workspace, and is handed None;
    `prose`: its value as people read it in a terminal, where neither JSON nor the like was asked for.
    """

    name: str
    run: Run
    options: tuple[Option, ...] = ()
    columns: Columns = ()
    examples: tuple[str, ...] = ()
    asks: bool = False
    done: str = ""
    page: int = 0
    newest: bool = False
    notebook: bool = False
    hides: bool = False
    many: str = ""
    alone: bool = False
    prose: Callable[[Any], str] | None = None  # Any: what `run` gives

    @property
    def help(self) -> str:
        """What it does, in one sentence."""
        return (self.run.__doc__ or "").strip().partition("\n")[0]

    @property
    def takes_yaml(self) -> bool:
        """Whether it reads a YAML: a magic takes it from its cell."""
        return any(option.body for option in self.options)

    @property
    def by_name(self) -> Option | None:
        """The option that a magic's bare word is for."""
        return next((option for option in self.options if option.name == NAME), None)

    @property
    def bare(self) -> Option | None:
        """The option whose value may stand alone on the command line."""
        return next((option for option in self.options if option.bare), None)

    def takes(self, name: str) -> bool:
        """Whether there is such an option."""
        return any(option.name == name for option in self.options)


@dataclass(frozen=True, slots=True)
class Noun:
    """A thing with its verbs; some have nouns of their own (`aml role assignment list`).

    `many`: how lists say it. `absent`: what az knows besides, and why it is not here.
    """

    name: str
    help: str
    many: str = ""
    verbs: dict[str, Verb] = field(default_factory=dict[str, Verb])
    nouns: dict[str, "Noun"] = field(default_factory=dict[str, "Noun"])
    absent: Mapping[str, str] = field(default_factory=dict[str, str])

    def verb(
        self,
        name: str,
        *options: Option,
        columns: Columns = (),
        examples: tuple[str, ...] = (),
        asks: bool = False,
        done: str = "",
        page: int = 0,
        newest: bool = False,
        notebook: bool = False,
        hides: bool = False,
        many: str = "",
        alone: bool = False,
        prose: Callable[[Any], str] | None = None,
    ) -> Callable[[Run], Run]:
        """`@noun.verb("show", NAME)`: the function becomes the verb."""

        def added(run: Run) -> Run:
            every = (*options, YES) if asks else options
            held = many or self.many
            self.verbs[name] = Verb(
                name, run, every, columns, examples, asks, done, page, newest, notebook, hides, held, alone, prose
            )
            return run

        return added

    def refuse(self, word: str) -> None:
        """Say why a verb of az's is not here; nothing when it is none of them."""
        if word in self.absent:
            raise UserErrorException(f"{self.name} {word}: {self.absent[word]}")

    def noun(self, name: str, help_text: str, many: str = "") -> "Noun":
        """A noun below this one."""
        self.nouns[name] = Noun(name, help_text, many)
        return self.nouns[name]


def typed(options: tuple[Option, ...], values: Mapping[str, object]) -> dict[str, object]:
    """The keywords of a verb's function: what was typed; for what was not, None, nothing or False."""
    return {option.key: values.get(option.key, _unsaid(option)) for option in options if option.name not in SURFACE}


def _unsaid(option: Option) -> object:
    if option.pair:
        return {}
    return () if option.many else (None if option.value else False)


def paged(verb: Verb, found: object, said: Mapping[str, object]) -> tuple[object, str]:
    """A list cut to `--max-results`, and what to say when there was more."""
    most = said.get(MAX_RESULTS.key) or verb.page
    if not isinstance(found, Iterable) or not verb.takes(MAX_RESULTS.name):
        return found, ""
    if not most or not isinstance(most, int) or said.get(ALL_RESULTS.key):
        return list(found), ""
    shown = list(islice(found, most + 1))
    more = f"Displaying top {most} results from the list command." if len(shown) > most else ""
    return shown[:most], more


def never_said(verb: Verb, form: str) -> str:
    """What is answered to a line that may hold a secret: nothing of it is repeated."""
    if verb.by_name is None:
        taken = ", ".join(option.name for option in verb.options)
        return f"Only {taken} are expected here. The line is not repeated: it may hold a secret."
    taken = ", ".join(option.name for option in verb.options if not option.hidden)
    return f"Only {taken} are expected here. A value is never typed on the line, where it would stay: {form} asks."
