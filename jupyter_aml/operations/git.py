"""Which commit a code folder is at, for a job's properties. Reads three small files; git itself is not run."""

import re
from pathlib import Path


def properties(folder: Path) -> dict[str, str]:
    """`mlflow.source.git.*` and `azureml.git.*` of the repository around `folder`; nothing when there is none.

    A remote URL that carries a password or token is left out, as Azure ML does (§7.6).
    """
    git = next((parent / ".git" for parent in (folder, *folder.parents) if (parent / ".git").is_dir()), None)
    if git is None:
        return {}
    branch, commit = _head(git)
    found = {"repoURL": _remote(git), "branch": branch, "commit": commit}
    names = {"repoURL": "repository_uri"}
    own = {f"mlflow.source.git.{name}": value for name, value in found.items() if value}
    return own | {f"azureml.git.{names.get(name, name)}": value for name, value in found.items() if value}


def _head(git: Path) -> tuple[str, str]:
    head = _text(git / "HEAD")
    if not head.startswith("ref: "):
        return "", head
    ref = head.removeprefix("ref: ")
    packed = re.search(rf"^([0-9a-f]{{40,}}) {re.escape(ref)}$", _text(git / "packed-refs"), re.MULTILINE)
    return ref.removeprefix("refs/heads/"), _text(git / ref) or (packed[1] if packed else "")


def _remote(git: Path) -> str:
    found = re.search(r'\[remote "origin"\][^\[]*?url\s*=\s*(\S+)', _text(git / "config"))
    return found[1] if found and not re.match(r"https?://[^/]*@", found[1]) else ""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
