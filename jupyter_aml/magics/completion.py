"""Tab completion of the magics: options, names from the store, verbs. Reads only; a failure completes nothing."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher
from IPython.core.getipython import get_ipython

from jupyter_aml.magics import options, space
from jupyter_aml.magics.session import SESSION
from jupyter_aml.magics.wait import WORDS
from jupyter_aml.verbs import known
from jupyter_aml.verbs.option import Option
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_MAGIC: Final = re.compile(r"(%{1,2}aml_\w+)\s(.*)", re.DOTALL)
_VERBS: Final = {
    "%aml_job": options.JOB_VERBS,
    "%aml_sweep": options.SWEEP_VERBS,
    "%aml_pipeline": options.PIPELINE_VERBS,
}
_EXPRESSIONS: Final = {
    "--space": [f"{kind}(" for kind in space.KINDS],
    "--policy": ["bandit(slack_factor=", "median_stopping", "truncation_selection(truncation_percentage="],
}
_OF_JOBS: Final = ("%aml_run", "%aml_compare")
"""Magics whose words are names of jobs."""
_NOTEBOOK: Final = "%aml_submit_notebook"
_YAML: Final = (".yml", ".yaml")
NOUN_TOO: Final = ("workspace",)
"""Magics of their own that know the verbs of their noun besides."""


@context_matcher(identifier="jupyter_aml", priority=200)
def matcher(context: CompletionContext) -> SimpleMatcherResult:
    """What may stand at the cursor in the line of one of our magics."""
    found = _MAGIC.match(context.text_until_cursor.lstrip())
    if found is None:
        return SimpleMatcherResult(completions=[])
    magic, words = found[1], _words(found[2])
    try:
        names = [name for name in _candidates(magic, words[:-1], words[-1]) if name.startswith(words[-1])]
    except Exception:  # noqa: BLE001 - a keystroke's edge: a store that cannot be read must not break typing
        names = []
    return SimpleMatcherResult(
        completions=[SimpleCompletion(text=name, type="magic option") for name in names],
        matched_fragment=words[-1],
        suppress=bool(names),
    )


def _words(typed: str) -> list[str]:
    """The line's words up to the cursor, the last one unfinished; `--name=VALUE` is two."""
    *before, last = typed.split(" ")
    if last.startswith("--") and "=" in last:
        option, _, value = last.partition("=")
        return [*before, option, value]
    return [*before, last]


def register(ip: "InteractiveShell") -> None:
    """Complete our magics in this shell."""
    matchers = getattr(ip.Completer, "custom_matchers", None)
    if matchers is not None and matcher not in matchers:
        matchers.append(matcher)


def unregister(ip: "InteractiveShell") -> None:
    """Stop completing our magics in this shell."""
    matchers = getattr(ip.Completer, "custom_matchers", [])
    if matcher in matchers:
        matchers.remove(matcher)


def _candidates(magic: str, before: list[str], word: str) -> Iterable[str]:
    place = _place(magic, before)
    if before and (option := _waiting(place.options, before[-1])):
        if magic == _NOTEBOOK and option.name in {"--param", "--keep"}:
            return _of_notebook(option.name)
        if option.name in _EXPRESSIONS:
            return _expressions(option.name, word)
        return known.values(SESSION.workspace, option, word, place.name)
    if word.startswith("-"):
        fresh = (option for option in place.options if option.many or option.name not in before)
        return [option.name for option in fresh if not option.hidden]
    return place.words(word)


def _of_notebook(option: str) -> list[str]:
    """What its parameters are, or what may be kept."""
    from jupyter_aml.magics import notebook

    shell = get_ipython()
    return notebook.rules() if option == "--keep" else notebook.parameters(shell) if shell else []


def _expressions(option: str, word: str) -> list[str]:
    """`rate=loguniform(`: what may be said of a parameter; of a policy, its name."""
    if option != "--space":
        return list(_EXPRESSIONS[option])
    name, equals, _ = word.partition("=")
    return [f"{name}={kind}" for kind in _EXPRESSIONS[option]] if equals else []


@dataclass(frozen=True, slots=True)
class _Place:
    """What may stand at the cursor: options, or one of `words`; `name` is the name that was typed before it."""

    options: Sequence[Option]
    words: Callable[[str], Iterable[str]]
    name: str = ""


def _place(magic: str, before: list[str]) -> _Place:
    name = magic.lstrip("%").removeprefix("aml_")
    words = [part for part in before if part]
    if magic in options.OF_MAGIC and not (name in NOUN_TOO and words):
        return _own(magic, words)
    return _of_noun(name, words, is_cell=magic.startswith("%%"))


def _own(magic: str, words: list[str]) -> _Place:
    """A place in the line of a magic that has a room of its own."""
    table = options.OF_MAGIC[magic]
    if magic in _VERBS:
        verbs = _VERBS[magic]
        asked = bool(words) and words[0] in verbs
        if by_verb := options.TAKEN_BY_VERB.get(magic):
            taken = [option for option in table if not asked or option.name in by_verb.get(words[0], ())]
            kind = magic.removeprefix("%aml_")
            if asked:
                return _Place(taken, lambda word: _names(kind, word) if words[0] != "list" else ())
            return _Place(taken, lambda word: [] if words else _begun(kind, verbs, word))
        return _Place(table, lambda _: _names("job", "") if asked else list(verbs))
    if magic in _OF_JOBS:
        return _Place(table, lambda word: [name for name in _names("job", word) if name not in words])
    if magic == "%aml_workspace":
        return _Place(table, lambda word: [*_names("workspace", word), *_noun("workspace").verbs])
    return _Place(table, lambda word: _first(magic, words, word))


def _first(magic: str, words: list[str], word: str) -> Iterable[str]:
    """What a line may begin with that takes no name: on or off, or an option."""
    if magic == "%aml_wait":
        return () if words else WORDS
    return [] if word else [option.name for option in options.OF_MAGIC[magic]]


def _begun(kind: str, verbs: Iterable[str], word: str) -> list[str]:
    """What the line may begin with: a verb, a YAML; that of a sweep with a job, too."""
    files = [path for path in known.paths(word, files=True) if path.endswith((*_YAML, "/"))]
    return [*verbs, *files, *(_names("job", word) if kind == "sweep" else ())]


def _of_noun(name: str, words: list[str], *, is_cell: bool) -> _Place:
    """A place in the line of `%aml_NOUN`: a verb, then its name and its options."""
    noun = _noun(name)
    while words and words[0] in noun.nouns:
        noun = noun.nouns[words.pop(0)]
    verb = noun.verbs.get(words[0] if words else "")
    if verb is None:
        fallback = noun.verbs.get("create" if is_cell else "list")
        of_cell = options.BESIDES_YAML.get(name, ()) if is_cell else ()
        taken = {option.name: option for option in (*(fallback.options if fallback else ()), *of_cell)}
        return _Place([*taken.values()], lambda _: [*noun.verbs, *noun.nouns])
    wanted, typed = verb.by_name, _bare(verb.options, words[1:])
    if wanted is None or typed:
        return _Place(verb.options, lambda _: (), typed.partition(":")[0])
    return _Place(verb.options, lambda word: _names(wanted.known, word))


def _bare(table: Sequence[Option], words: list[str]) -> str:
    """The first word that is neither an option nor an option's value."""
    waiting = False
    for word in words:
        if not waiting and not word.startswith("-"):
            return word
        waiting = not waiting and _waiting(table, word) is not None
    return ""


def _waiting(table: Iterable[Option], name: str) -> Option | None:
    return next((option for option in table if name in option.spellings and option.value), None)


def _names(what: str, word: str) -> Iterable[str]:
    return known.references(SESSION.workspace, what, word)


def _noun(name: str) -> Noun:
    return import_module(f"jupyter_aml.verbs.{name}").NOUN
