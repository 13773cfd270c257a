"""`${{parent.inputs.x}}`, `${{parent.jobs.s.outputs.y}}`, …: what a pipeline's YAML binds. Text in, values out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias, cast

Kind: TypeAlias = Literal["input", "output", "step", "job"]
_FORMS: Final[tuple[tuple[Kind, str], ...]] = (
    ("input", r"parent\.inputs\.(?P<name>[\w.]+)"),
    ("output", r"parent\.outputs\.(?P<name>\w+)"),
    ("step", r"parent\.jobs\.(?P<step>\w+)\.outputs\.(?P<name>\w+)"),
    ("job", r"parent\.jobs\.(?P<step>\w+)"),
)
_BINDING: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(r"\$\{\{\s*" + form + r"\s*\}\}")) for kind, form in _FORMS
)


@dataclass(frozen=True, slots=True)
class Binding:
    """What a value is bound to. `step` is '' for what is the pipeline's own.

    `mode` and `place` (its `path_on_compute`) as the node says them, or ''.
    """

    kind: Kind
    name: str = ""
    step: str = ""
    mode: str = ""
    place: str = ""


def binding(value: object) -> Binding | None:
    """The binding that a value is, as text or as the path of a mapping; None for any other value."""
    if isinstance(value, Mapping):
        given = cast("Mapping[str, object]", value)
        found = binding(given.get("path"))
        mode, place = (str(given.get(name) or "") for name in ("mode", "path_on_compute"))
        return replace(found, mode=mode, place=place) if found else None
    if not isinstance(value, str):
        return None
    for kind, form in _BINDING:
        if found := form.fullmatch(value.strip()):
            parts = found.groupdict()
            return Binding(kind, parts.get("name") or "", parts.get("step") or "")
    return None
