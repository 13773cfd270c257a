"""Tab completion of the magics: options, names from the store, verbs. Reads only; a failure completes nothing."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher

from jupyter_aml.entities.status import JobStatus
from jupyter_aml.magics import options
from jupyter_aml.magics.session import SESSION
from jupyter_aml.verbs.option import Option

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_MAGIC: Final = re.compile(r"(%{1,2}aml_\w+)\s(.*)", re.DOTALL)
_NAMED_JOBS: Final = 50


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
    table = options.OF_MAGIC.get(magic, ())
    if before and (option := _waiting(table, before[-1])):
        return _values(option, word)
    if word.startswith("-"):
        return [option.name for option in table if option.many or option.name not in before]
    words = [part for part in before if part]
    if magic == "%aml_job" and words and words[0] in options.JOB_VERBS:
        return _jobs()
    if magic == "%aml_job":
        return list(options.JOB_VERBS)
    return [] if word else [option.name for option in table]


def _waiting(table: Iterable[Option], name: str) -> Option | None:
    return next((option for option in table if option.name == name and option.value), None)


def _values(option: Option, word: str) -> Iterable[str]:
    match option.name:
        case "--code" | "--path":
            return _folders(word)
        case "--compute":
            from jupyter_aml.store import computes

            return [compute.name for compute in computes.select(SESSION.workspace.database, hidden=True)]
        case "--environment":
            from jupyter_aml.entities.curated import CURATED
            from jupyter_aml.store import assets

            own = (found.name for found in assets.names(SESSION.workspace.database, "environment"))
            return [f"{name}@latest" for name in (*own, *CURATED)]
        case "--experiment":
            from jupyter_aml.store import jobs

            return jobs.experiments(SESSION.workspace.database)
        case "--status":
            return list(JobStatus)
        case _:
            return []


def _folders(word: str) -> list[str]:
    """The folders that `word` may become, as a shell would complete them."""
    parent = word.rpartition("/")[0] + "/" if "/" in word else ""
    return sorted(f"{parent}{path.name}/" for path in Path(parent or ".").expanduser().iterdir() if path.is_dir())


def _jobs() -> list[str]:
    from jupyter_aml.store import jobs

    return jobs.recent_names(SESSION.workspace.database, _NAMED_JOBS)
