"""What the pages of commands and magics share: a noun's verbs, each with its options, from `jupyter_aml.verbs`."""

import inspect
from collections.abc import Iterator, Sequence
from importlib import import_module

from jupyter_aml.verbs.option import Option
from jupyter_aml.verbs.table import Noun, Verb
from notebooks.reference.markdown import cell, code, codes, prose, sentence, table

Words = tuple[str, ...]


def noun(name: str) -> Noun | Verb:
    """What that word stands for; a few are verbs by themselves."""
    return import_module(f"jupyter_aml.verbs.{name}").NOUN


def every(found: Noun | Verb, before: Words = ()) -> Iterator[tuple[Words, Verb]]:
    """Its verbs and those of the nouns below it, each with the words that are typed."""
    if isinstance(found, Verb):
        yield before, found
        return
    for name, verb in found.verbs.items():
        yield (*before, name), verb
    for name, below in found.nouns.items():
        yield from every(below, (*before, name))


def told(verb: Verb) -> str:
    """What it does, all that its docstring says."""
    return prose(inspect.getdoc(verb.run) or "")


def options_table(options: Sequence[Option]) -> str:
    """A row for each option that help shows."""
    rows = [[codes(_spelt(option)), _value(option), _meaning(option)] for option in options if not option.hidden]
    return table(["Option", "Value", "What it is"], rows)


def _spelt(option: Option) -> list[str]:
    """The long name first: it is what a reader looks for."""
    return sorted(option.spellings, key=lambda spelt: (spelt != option.name, spelt))


def _value(option: Option) -> str:
    return codes(option.choices) or code(option.value)


def _meaning(option: Option) -> str:
    parts = [cell(sentence(option.help))]
    if option.required:
        parts.append("**Required.**")
    if option.many:
        parts.append("Several may follow, and it may be given again.")
    return " ".join(parts)
