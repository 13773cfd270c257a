"""Every reference page, by its path in this folder: what is typed in a terminal, in a cell, and in a YAML."""

from notebooks.reference import commands, kinds, magics, parity
from notebooks.reference.markdown import page

OVERVIEW = "README.md"


def pages() -> dict[str, str]:
    """Path and text of every page."""
    made = {**commands.pages(), **magics.pages(), **kinds.pages(), **parity.pages()}
    return {OVERVIEW: _overview(made), **made}


def _overview(made: dict[str, str]) -> str:
    return page(
        "# Reference",
        "Made by `python -m notebooks.reference` of the tables, docstrings and schemas that the program itself reads; "
        "a test holds that these pages are what it makes. Change the source, then run it.",
        "## Commands",
        f"What is typed in a terminal. [What every command takes]({commands.FOLDER}/{OVERVIEW})",
        _links(made, commands.FOLDER),
        "## Magics",
        "What is typed in a cell, once `%load_ext jupyter_aml` has run.",
        _links(made, magics.FOLDER),
        "## YAML",
        "What is written in a file, and in a cell below a magic.",
        _links(made, kinds.FOLDER),
        "## Azure's SDKs",
        f"Which of their names, keywords and YAML fields work here. [How much of each]({parity.FOLDER}/{OVERVIEW})",
        _links(made, parity.FOLDER),
    )


def _links(made: dict[str, str], folder: str) -> str:
    """The pages of a folder by their titles, with what each says first."""
    found = sorted(path for path in made if path.startswith(f"{folder}/") and not path.endswith(OVERVIEW))
    return "\n".join(f"- [{_title(made[path])}]({path})" for path in found)


def _title(text: str) -> str:
    return text.partition("\n")[0].removeprefix("# ")
