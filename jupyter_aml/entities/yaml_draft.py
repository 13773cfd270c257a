"""A draft from what its YAML says: what only a returned one has is left out, what must be said is there."""

import re
from typing import Final, TypeVar, cast

from jupyter_aml.entities.dotted import Fields
from jupyter_aml.entities.draft import Draft, DraftError, Mark

Kind = TypeVar("Kind", bound=Draft)
_MAY_HOLD_VERSIONS: Final = ("environment", "task", "trial")


def made(kind: type[Kind], fields: Fields, *, may_be_nameless: bool = False) -> Kind:
    """The draft of these fields. DraftError by path for what its YAML must say and did not."""
    texts_of_versions(fields)
    shown = {name for name, field in kind.model_fields.items() if Mark.READ_ONLY in field.metadata} | {"$schema"}
    told = kind.of({name: value for name, value in fields.items() if name not in shown})
    unsaid = [path for path in told.unsaid() if not (may_be_nameless and path == "name")]
    problems = tuple((path, "required, and not given.") for path in unsaid)
    if not isinstance(fields.get("$schema", ""), str):
        problems += (("$schema", "a text is expected."),)
    if problems:
        raise DraftError(kind.__name__, problems)
    return told


def texts_of_versions(fields: Fields) -> None:
    """`version: 3` in YAML means the text "3" (the constructor takes nothing but texts), also of what is within."""
    if isinstance(version := fields.get("version"), int | float):
        fields["version"] = str(version)
    for name in _MAY_HOLD_VERSIONS:
        if isinstance(within := fields.get(name), dict):
            texts_of_versions(cast("Fields", within))


def check_environments(fields: Fields) -> None:
    """Accept environments that are named with a version or a label, or by a full id; a mapping is looked at later."""
    for path, holder in (("environment", fields), ("task.environment", fields.get("task"))):
        given = cast("Fields", holder).get("environment") if isinstance(holder, dict) else None
        if isinstance(given, str) and not re.search("[:@/]", given):
            told = f"{given!r} names no version. Write azureml:{given}@latest, or azureml:<name>:<version>."
            raise DraftError("component", ((path, told),))
