"""A page for every magic: what may follow it, options, examples. Made of the tables and docstrings that `?` shows."""

import inspect
from collections.abc import Iterator, Mapping, Sequence

from jupyter_aml.magics import options
from jupyter_aml.magics.job import JobMagics
from jupyter_aml.magics.notebook import NotebookMagics
from jupyter_aml.magics.parser import usage
from jupyter_aml.magics.pipeline import OF_CELL, PipelineMagics
from jupyter_aml.magics.run import RunMagics
from jupyter_aml.magics.sweep import SweepMagics
from jupyter_aml.magics.wait import WaitMagics
from jupyter_aml.magics.workspace import WorkspaceMagics
from jupyter_aml.verbs import MAGICS
from jupyter_aml.verbs.option import Option
from jupyter_aml.verbs.table import Verb
from notebooks.reference.markdown import block, cell, code, codes, link, page, prose, table
from notebooks.reference.verbs import Words, every, noun, options_table, told

FOLDER = "magics"
OWN: Mapping[str, object] = {
    "aml_job": JobMagics.aml_job, "aml_jobs": JobMagics.aml_jobs, "aml_sweep": SweepMagics.aml_sweep,
    "aml_workspace": WorkspaceMagics.aml_workspace, "aml_pipeline": PipelineMagics.aml_pipeline,
    "aml_run": RunMagics.aml_run, "aml_compare": RunMagics.aml_compare,
    "aml_wait": WaitMagics.aml_wait,
    "aml_submit_notebook": NotebookMagics.aml_submit_notebook,
}  # fmt: skip
"""Magics with rooms of their own: their docstring says what may follow."""
BESIDES = {"component": page("## %%aml_component", block(OF_CELL, "text"))}
"""What a noun's magic does with a cell that is no YAML."""
ONLY_IN_A_TERMINAL = (" -o ", "--query", " | ")


def pages() -> dict[str, str]:
    """The page of each magic."""
    made = {f"{FOLDER}/{name}.md": _own(name, magic) for name, magic in OWN.items()}
    return made | {f"{FOLDER}/aml_{name}.md": _of_noun(name) for name in MAGICS}


def _own(name: str, magic: object) -> str:
    first, _, rest = (inspect.getdoc(magic) or "").partition("\n")
    taken = {word: options.OF_MAGIC.get(word, ()) for word in (f"%%{name}", f"%{name}")}
    tables = [page(f"## {word}", options_table(rows)) for word, rows in taken.items() if usage(rows) not in rest]
    return page(f"# %{name}", prose(first), block(rest, "text"), *tables)


def _of_noun(name: str) -> str:
    found = noun(name)
    magic = f"%aml_{name}"
    verbs = list(every(found, (magic,)))
    index = [[link(code(_form(words, verb)), " ".join(words)), cell(verb.help)] for words, verb in verbs]
    sections = [page(f"## {' '.join(words)}", _body(words, verb)) for words, verb in verbs]
    return page(
        f"# {magic}",
        cell(found.help),
        table(["Line", "What it does"], index),
        _cell(verbs),
        BESIDES.get(name, ""),
        *sections,
    )


def _form(words: Words, verb: Verb) -> str:
    bare = "" if verb.by_name is None else ("NAME" if verb.by_name.required else "[NAME]")
    return " ".join(filter(None, (*words, bare)))


def _cell(verbs: Sequence[tuple[Words, Verb]]) -> str:
    """Which of them read the cell below them."""
    taking = [f"%{' '.join(words)}" for words, verb in verbs if verb.takes_yaml]
    return f"The cell's body is the file of {codes(taking)}." if taking else ""


def _body(words: Words, verb: Verb) -> str:
    return page(told(verb), *_notes(verb), options_table(_taken(verb)), block("\n".join(_examples(verb, words[0]))))


def _taken(verb: Verb) -> list[Option]:
    return [option for option in verb.options if option is not verb.by_name or not option.required]


def _notes(verb: Verb) -> Iterator[str]:
    if verb.asks:
        yield f"It cannot be undone, and is done only with {code('--yes')}."
    if verb.newest:
        yield f"{code('NAME')} alone is its newest version; {code('NAME:VERSION')} and {code('NAME@latest')} say which."


def _examples(verb: Verb, magic: str) -> Iterator[str]:
    """The command line's examples as they are typed in a cell."""
    for line in verb.examples:
        if not any(sign in line for sign in ONLY_IN_A_TERMINAL):
            yield line.replace(f"aml {magic.removeprefix('%aml_')}", magic, 1)
