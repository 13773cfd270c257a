"""Which commit a code folder is at, for a job's properties. Reads three small files; git itself is not run."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_OURS: Final = ("mlflow.source.git.", "azureml.git.")


def properties(folder: Path) -> dict[str, str]:
    """`mlflow.source.git.*` and `azureml.git.*` of the repository around `folder`; nothing when there is none.

    A remote URL that carries a password or token is left out, as Azure ML does (§7.6).
    """
    git = next((parent / ".git" for parent in (folder, *folder.parents) if (parent / ".git").exists()), None)
    if git is None:
        return {}
    own = _own(git)
    common = own / _text(own / "commondir")
    branch, commit = _head(own, common)
    found = {"repoURL": _remote(common), "branch": branch, "commit": commit}
    names = {"repoURL": "repository_uri"}
    ours = {f"mlflow.source.git.{name}": value for name, value in found.items() if value}
    return ours | {f"azureml.git.{names.get(name, name)}": value for name, value in found.items() if value}


def kept(properties: Mapping[str, str]) -> dict[str, str]:
    """Those of a job's properties that say at which commit its code was."""
    return {name: text for name, text in properties.items() if name.startswith(_OURS)}


def _own(git: Path) -> Path:
    """The repository's own folder: `.git`, or where the file of that name in a worktree or submodule leads."""
    return git if git.is_dir() else git.parent / _text(git).removeprefix("gitdir: ")


def _head(git: Path, common: Path) -> tuple[str, str]:
    head = _text(git / "HEAD")
    if not head.startswith("ref: "):
        return "", head
    ref = head.removeprefix("ref: ")
    packed = re.search(rf"^([0-9a-f]{{40,}}) {re.escape(ref)}$", _text(common / "packed-refs"), re.MULTILINE)
    return ref.removeprefix("refs/heads/"), _text(common / ref) or (packed[1] if packed else "")


def _remote(git: Path) -> str:
    found = re.search(r'\[remote "origin"\][^\[]*?^\s*url\s*=\s*(\S+)', _text(git / "config"), re.MULTILINE)
    return found[1] if found and not re.match(r"https?://[^/]*@", found[1]) else ""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
