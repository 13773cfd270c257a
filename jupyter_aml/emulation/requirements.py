"""Which of the packages that an installer's line names stand here already. Text in, text out; nothing is installed."""

import re
import shlex
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jupyter_aml.emulation import requirement_files
from jupyter_aml.entities.emulation import is_of_azure_ml, is_provided, package_of

_WITH_VALUE: Final = frozenset(
    "-r --requirement -c --constraint -i --index-url --extra-index-url -f --find-links -e --editable -t --target"
    " --prefix --root --src --proxy --timeout --retries --platform --python-version --implementation --abi"
    " --trusted-host --upgrade-strategy --no-binary --only-binary --progress-bar --log --cache-dir --cert"
    " --root-user-action -C --config-settings --report --python -p --channel -n --name --file".split()
)
"""Options whose value follows: it is no requirement."""
_FILES: Final = ("-r", "--requirement", "--file")
_JOINED: Final = re.compile(r"-r\S")
_EDITABLE: Final = ("-e", "--editable")
_SHOWN: Final = """Name: {name}
Version: {version}
Summary: {said}
Home-page:
License: BSD-3-Clause
Location: {location}
Requires:
Required-by:"""


@dataclass(slots=True)
class Asked:
    """What an installer was asked: `words` are left for the real one, `answered` are names that are not its affair."""

    verb: str
    words: list[str] = field(default_factory=list[str])
    answered: list[str] = field(default_factory=list[str])
    temporary: list[Path] = field(default_factory=list[Path])
    left: bool = False
    """Whether a requirement is left."""

    @property
    def changed(self) -> bool:
        """Whether the line is not what it was."""
        return bool(self.answered)


def sorted_out(verb: str, words: Sequence[str], folder: Path) -> Asked:
    """What follows `pip install`, `pip show` or `pip uninstall`, less what is here.

    A requirements file with such lines, or with one that has, is replaced by a temporary one without them; `folder` is
    where paths begin.
    """
    asked = Asked(verb)
    rest = iter(words)
    for word in rest:
        option, equals, value = ("-r", "=", word[2:]) if _JOINED.match(word) else word.partition("=")
        if word.startswith("-"):
            _option(asked, option if option in _WITH_VALUE else word, value if equals else None, rest, folder)
        elif is_of_azure_ml(word):
            asked.answered.append(package_of(word))
        else:
            asked.left = True
            asked.words.append(word)
    if not asked.left:  # of a file its options, for nobody
        clean(asked.temporary)
        asked.temporary.clear()
    return asked


def _option(asked: Asked, option: str, value: str | None, rest: Iterator[str], folder: Path) -> None:
    if option not in _WITH_VALUE:
        asked.words.append(option)
        return
    value = next(rest, "") if value is None else value
    if option in _FILES and "://" not in value:
        value = _file(asked, folder / value, value)
    asked.left = asked.left or option in _EDITABLE
    asked.words += [option, value] if value else []


def clean(temporary: Iterable[Path]) -> None:
    """Remove files that were made for one line."""
    for path in temporary:
        path.unlink(missing_ok=True)


def _file(asked: Asked, path: Path, said: str) -> str:
    """The path to hand on for a requirements file: its own where no line is answered, '' where nothing is left."""
    lines = list(requirement_files.lines_of(path)) if requirement_files.is_readable(path) else []
    answered = [line for line in lines if is_of_azure_ml(line)]
    kept = [line for line in lines if line not in answered]
    asked.left = asked.left or not answered or any(requirement_files.is_requirement(line) for line in kept)
    if not answered:
        return said
    asked.answered += [package_of(line) for line in answered]
    return _written(asked, kept) if kept else ""


def _written(asked: Asked, lines: Sequence[str]) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".txt", prefix="requirements-", delete=False, encoding="utf-8") as new:
        new.writelines(f"{line}\n" for line in lines)
    asked.temporary.append(Path(new.name))
    return new.name


def answer(name: str, verb: str, version: str) -> str:
    """What is said about one of Azure ML's packages in place of installing, showing or removing it."""
    here = is_provided(name)
    by = f"provided by jupyter_aml {version} in this kernel" if here else "not available locally"
    if verb == "show" and here:
        location = Path(__file__).parents[1]
        return _SHOWN.format(name=name, version=version, said=f"{by}; it is not installed", location=location)
    done = {"install": "nothing was installed", "uninstall": "nothing was removed"}.get(verb, "it is not installed")
    return f"{name}: {by}; {done}"


def line_of(before: Sequence[str], asked: Asked, typed: Mapping[str, str]) -> str:
    """The command line that is left for the real installer, its words as they were `typed`."""
    return " ".join(typed.get(word) or shlex.quote(word) for word in (*before, asked.verb, *asked.words))
