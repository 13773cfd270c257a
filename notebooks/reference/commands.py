"""A page for every noun of `aml`: its verbs, their options, examples. Made of the table that `aml -h` reads."""

from collections.abc import Sequence

import click

from jupyter_aml.cli.main import aml
from jupyter_aml.cli.parameters import EVERYWHERE
from jupyter_aml.verbs import NOUNS
from jupyter_aml.verbs.option import MAX_RESULTS
from jupyter_aml.verbs.table import Verb
from notebooks.reference.markdown import block, cell, code, codes, link, page, prose, table
from notebooks.reference.verbs import Words, every, noun, options_table, told

FOLDER = "commands"


def pages() -> dict[str, str]:
    """The page of each noun, and one about what all of them have."""
    return {f"{FOLDER}/{name}.md": _page(name) for name in NOUNS} | {f"{FOLDER}/README.md": _everywhere()}


def _page(name: str) -> str:
    found = noun(name)
    verbs = [(words, verb) for words, verb in every(found, ("aml", name)) if not verb.notebook]
    index = [[link(code(" ".join(words)), " ".join(words)), cell(verb.help)] for words, verb in verbs]
    head = f"# aml {name}"
    if isinstance(found, Verb):
        return page(head, _body(found), _foot())
    return page(head, cell(found.help), table(["Command", "What it does"], index), *_sections(verbs), _foot())


def _sections(verbs: Sequence[tuple[Words, Verb]]) -> list[str]:
    return [page(f"## {' '.join(words)}", _body(verb)) for words, verb in verbs]


def _body(verb: Verb) -> str:
    examples = "\n".join(f"$ {line}" for line in verb.examples)
    return page(told(verb), *_notes(verb), options_table(verb.options), block(examples, "console"))


def _notes(verb: Verb) -> list[str]:
    """What neither its options nor its docstring say."""
    notes: list[str] = []
    if verb.asks:
        notes.append("It asks before it does so.")
    if verb.page:
        notes.append(f"{verb.page} are shown; {code(MAX_RESULTS.name)} changes that.")
    if verb.columns:
        notes.append(f"As a table ({code('-o table')}): {codes(title for title, _ in verb.columns)}.")
    return notes


def _foot() -> str:
    return f"Every command takes {codes(option.opts[-1] for option in _shown())} as well: [what they are](README.md)."


def _everywhere() -> str:
    rows = [[codes(sorted(option.opts, key=len, reverse=True)), _value(option), cell(option.help or "")]
            for option in _shown()]  # fmt: skip
    names = [[f"[{code(f'aml {name}')}]({name}.md)", cell(noun(name).help)] for name in NOUNS]
    return page(
        "# aml", prose(aml.help or ""), table(["Command", "What it is about"], names),
        "## What every command takes", table(["Option", "Value", "What it is"], rows),
    )  # fmt: skip


def _shown() -> list[click.Option]:
    return [option for option in EVERYWHERE if not option.hidden]


def _value(option: click.Option) -> str:
    return codes(option.type.choices) if isinstance(option.type, click.Choice) else code(option.metavar or "")
