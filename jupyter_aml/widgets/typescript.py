"""The protocol of the views in TypeScript, for developers: `python -m jupyter_aml.widgets.typescript FILE`."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Final, Literal, Union, get_args, get_origin, get_type_hints

from jupyter_aml.widgets.carriers import MIME
from jupyter_aml.widgets.protocol import Type, questions

_HEAD: Final = """\
// Made by `python -m jupyter_aml.widgets.typescript`: change the methods of RunViewOperations and what they return.

/** A number; one that JSON lacks as text. */
export type Num = number | 'NaN' | 'Infinity' | '-Infinity';
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What a notebook keeps of a run. */
export const MIME = '%s';

export interface Workspace extends Record<string, string> {
  subscription_id: string;
  resource_group: string;
  name: string;
}
"""
_PLAIN: Final = {str: "string", int: "number", float: "Num", bool: "boolean", bytes: "ArrayBuffer", NoneType: "null"}


class Writer:
    """Types as TypeScript; `declared` are those that have names, in the order in which they were met."""

    def __init__(self) -> None:
        self.declared = dict[str, str]()

    def of(self, given: Type) -> str:
        """What a type is called there."""
        kind = getattr(given, "__supertype__", given)
        if kind in _PLAIN:
            return _PLAIN[kind]
        if is_dataclass(kind):
            return self._record(kind)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return self._named(kind.__name__, " | ".join(f"'{one.value}'" for one in kind))
        return self._built(get_origin(kind), get_args(kind))

    def _built(self, origin: Type, among: Sequence[Type]) -> str:
        if origin is Literal:
            return " | ".join(f"'{one}'" for one in among)
        if origin in {Union, UnionType}:
            return " | ".join(dict.fromkeys(self.of(one) for one in among))
        if origin in {tuple, list, Sequence}:
            return self._many([one for one in among if one is not Ellipsis])
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return f"Record<string, {self.of(among[1])}>"
        return "Json"

    def _many(self, among: Sequence[Type]) -> str:
        if len(among) > 1:
            return f"[{', '.join(self.of(one) for one in among)}]"
        inner = self.of(among[0])
        return f"({inner})[]" if "|" in inner else f"{inner}[]"

    def _record(self, kind: Type) -> str:
        name = str(kind.__name__)
        if name not in self.declared:
            self.declared[name] = ""  # it may hold itself
            hints = get_type_hints(kind)
            lines = [f"  {one.name}: {self.of(hints[one.name])};" for one in fields(kind)]
            self.declared[name] = "\n".join([f"export interface {name} {{", *lines, "}"])
        return name

    def _named(self, name: str, meaning: str) -> str:
        self.declared[name] = f"export type {name} = {meaning};"
        return name


def written() -> str:
    """The whole file."""
    writer = Writer()
    asked = "\n".join(_arguments(writer))
    answered = "\n".join(f"  {name}: {writer.of(one.answer)};" for name, one in questions().items())
    parts = [
        _HEAD % MIME,
        *(f"{one}\n" for one in writer.declared.values()),
        f"export interface Arguments {{\n{asked}\n}}\n",
        f"export interface Answers {{\n{answered}\n}}\n",
        "export type Question = keyof Arguments & keyof Answers;\n",
    ]
    return "\n".join(parts)


def _arguments(writer: Writer) -> Iterator[str]:
    for name, question in questions().items():
        given = (
            f"{key}{'' if key in question.required else '?'}: {writer.of(kind)}"
            for key, kind in question.arguments.items()
        )
        yield f"  {name}: {{ {'; '.join(given)} }};"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(written(), encoding="utf-8")
