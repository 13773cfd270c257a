"""Names and ids: their types, their rules, and the names we make up. Pure; randomness is passed in."""

import random
import re
from typing import Final, NewType

from jupyter_aml.exceptions import ValidationException

JobName = NewType("JobName", str)
ComputeName = NewType("ComputeName", str)
SnapshotId = NewType("SnapshotId", str)
BlobHash = NewType("BlobHash", str)
Seq = NewType("Seq", int)

_TAIL: Final = "bcdfghjklmnpqrstvwxyz0123456789"
_ADJECTIVES: Final = tuple(
    "amiable brave bright calm careful cheerful clever cool crimson eager elated frosty funny gentle "
    "gifted goofy grateful happy heroic honest icy jolly jovial keen kind lemon loving lucid magenta "
    "mango mighty modest musing neat nice nifty olive patient plucky polite proud quiet quirky sharp "
    "sincere strong sweet tender tidy upbeat witty zen".split()
)
_NOUNS: Final = tuple(
    "ant apple arch atemoya bag basin beach bean bee bell bird board boot bottle bread brush cat cheetah "
    "crayon date deer dog dream energy eye farm feast feather fennel fig floor flower fly fork frog "
    "garage gate glove guava hamster head hominy iron island jackal kettle kitten lamp leaf lemon lime "
    "lobster lychee moon mango monkey net nose nut oil onion orange owl parrot pea pear plum queen "
    "rabbit rail rhubarb river roof root sail school scooter seal shark shelf soca spade spring squash "
    "stamp star street sugar sun ticket tongue tooth toy train tree turnip van vase wall whale wolf yam".split()
)

_RULES: Final = {
    # A file system's 255 bytes, less the `dcid.` before the name of the job's folder.
    "job": (r"[A-Za-z0-9][A-Za-z0-9._-]{0,249}", "letters, digits, '-', '_' and '.', up to 250"),
    "experiment": (r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}", "letters, digits, '-' and '_', up to 255"),
    # Or an option of a script, over which SDK v1 sweeps.
    "input": (r"(?a:[a-zA-Z_]\w*|--?[a-zA-Z0-9][\w-]*)", "letters, digits and '_', not starting with a digit"),
    # Azure's own table of names; the course's older "2 to 16" for clusters would refuse names of its public notebooks.
    "cluster": (r"[A-Za-z][A-Za-z0-9-]{0,30}[A-Za-z0-9]", "2 to 32 letters, digits and '-', a letter first"),
    "instance": (r"[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]", "3 to 24 letters, digits and '-', a letter first"),
    "attached": (r"[A-Za-z][A-Za-z0-9-]{0,14}[A-Za-z0-9]", "2 to 16 letters, digits and '-', a letter first"),
    "environment": (r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}", "letters, digits, '-', '_' and '.', up to 255"),
    "asset": (r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}", "letters, digits, '-', '_' and '.', up to 255"),
    # SDK v1's own rule: its public labs register a 'diabetes dataset'.
    "dataset": (
        r"[A-Za-z0-9](?:[A-Za-z0-9._ -]{0,253}[A-Za-z0-9._-])?",
        "letters, digits, '-', '_', '.' and spaces within, up to 255",
    ),
    "version": (r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}", "letters, digits, '-', '_' and '.', up to 255"),
    "component": (r"[a-z][a-z0-9_]{0,254}", "small letters, digits and '_', a letter first, up to 255"),
    "datastore": (r"[a-zA-Z0-9_]{1,255}", "letters, digits and '_'"),
    "connection": (r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}", "letters, digits, '-' and '_', up to 255"),
    "schedule": (r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}", "letters, digits, '-' and '_', up to 255"),
    "workspace": (r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}", "3 to 33 letters, digits, '-' and '_'"),
}  # fmt: skip


def checked(kind: str, name: str) -> str:
    """`name` when it is a legal name of its kind; else a ValidationException that states the rule."""
    pattern, rule = _RULES[kind]
    if re.fullmatch(pattern, name):
        return name
    message = f"'{name}' is not a valid {kind} name."
    raise ValidationException(message, resolution=f"Use {rule}, e.g. '{_mended(name, pattern)}'.")


def _mended(name: str, pattern: str) -> str:
    """The name as it could be, if little has to change; else one that is legal whatever the kind."""
    mended = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-_")[:32]
    spelled = (mended, mended.replace("_", "-"), mended.replace("-", "_"), mended.replace("-", "_").lower())
    return next((one for one in spelled if re.fullmatch(pattern, one)), "mine")


def new_job_name(rng: random.Random) -> JobName:
    """A name in Azure's own shape: `happy_frog_x3kq7bdw1m`."""
    tail = "".join(rng.choices(_TAIL, k=10))
    return JobName(f"{rng.choice(_ADJECTIVES)}_{rng.choice(_NOUNS)}_{tail}")


def default_experiment(folder_name: str) -> str:
    """The experiment when none is named: the working folder's name, made legal (Azure's own default)."""
    legal = re.sub(r"[^A-Za-z0-9_-]", "", folder_name).lstrip("-_")
    return legal[:255] or "Default"
