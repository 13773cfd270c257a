"""Claims about the table of nouns and verbs: whole, spelt once, and the same for every surface."""

import inspect
from collections.abc import Iterator
from importlib import import_module

import pytest

from jupyter_aml.verbs import MAGICS, NOUNS
from jupyter_aml.verbs.known import ASSETS, SOURCES
from jupyter_aml.verbs.option import Option
from jupyter_aml.verbs.table import Noun, Verb, paged, typed

KNOWN = {"", "file", "path", "folder", "version", *SOURCES}


def verbs_of(name: str, noun: Noun | Verb) -> Iterator[tuple[str, Verb]]:
    if isinstance(noun, Verb):
        yield name, noun
        return
    for verb in noun.verbs.values():
        yield f"{name} {verb.name}", verb
    for below in noun.nouns.values():
        yield from verbs_of(f"{name} {below.name}", below)


EVERY = dict(pair for name in NOUNS for pair in verbs_of(name, import_module(f"jupyter_aml.verbs.{name}").NOUN))


@pytest.mark.parametrize("line", EVERY)
def test_a_verb_is_handed_just_what_its_function_takes(line: str) -> None:
    verb = EVERY[line]
    inspect.signature(verb.run).bind("the client", **typed(verb.options, {}))


def test_a_verb_says_what_it_does_and_each_option_what_it_is_for() -> None:
    assert [line for line, verb in EVERY.items() if not verb.help.endswith(".")] == []
    assert [f"{line} {option.name}" for line, option in options() if not option.help and not option.hidden] == []


def test_no_two_options_of_a_verb_are_spelt_alike() -> None:
    for line, verb in EVERY.items():
        spelt = [spelling for option in verb.options for spelling in option.spellings]
        assert len(spelt) == len(set(spelt)), line


def test_what_completes_an_option_is_known() -> None:
    assert {option.known for _, option in options()} <= KNOWN
    assert all(option.of in ASSETS for _, option in options() if option.known == "version")


def options() -> Iterator[tuple[str, Option]]:
    return ((line, option) for line, verb in EVERY.items() for option in verb.options)


def test_examples_are_lines_of_their_verb() -> None:
    for line, verb in EVERY.items():
        for example in verb.examples:
            assert f"aml {line}" in example
            words = {word.partition("=")[0] for word in example.split() if word.startswith("--") and word != "--query"}
            assert words <= {*(spelt for option in verb.options for spelt in option.spellings), "-o"}


def test_every_magic_of_the_table_is_a_noun_of_the_command_line() -> None:
    assert set(MAGICS) <= set(NOUNS)


def test_a_list_is_cut_where_somebody_said_and_says_that_there_is_more() -> None:
    verb = EVERY["data list"]
    assert paged(verb, iter("abc"), {"max_results": 2}) == (
        ["a", "b"],
        "Displaying top 2 results from the list command.",
    )
    assert paged(verb, iter("ab"), {"max_results": 2}) == (["a", "b"], "")
    assert paged(verb, iter("abc"), {}) == (["a", "b", "c"], "")
