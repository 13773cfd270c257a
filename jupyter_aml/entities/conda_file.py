"""A conda file read as what pip can install: package by package, and what it cannot. Text in, text out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from jupyter_aml.entities.conda_names import BROUGHT_ALONG, ON_PYPI, is_conda_only
from jupyter_aml.exceptions import ValidationException

_SPEC: Final = re.compile(r"(?:[^\s:]+::)?(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]*)\s*(?P<version>.*)")
_BRACKET: Final = re.compile(r"\[(?P<inside>[^\]]*)\]$")
_BRACKET_VERSION: Final = re.compile(r"version\s*=\s*['\"]?(?P<version>[^'\"]+)['\"]?")
_COMPARED: Final = re.compile(r"(?P<operator>~=|[<>!]=?)\s*(?P<version>[0-9][\w.+!]*(?:\.\*)?)")
_EXACT: Final = re.compile(r"(?P<equals>={0,2})\s*(?P<version>[0-9][\w.+!]*?)(?P<any>\.?\*)?(?:[=\s]+(?P<build>\S+))?")
_PATCH: Final = re.compile(r"(\d+\.\d+)\.\d+\w*")


@dataclass(frozen=True, slots=True)
class CondaFile:
    """What a conda file asks for. `pythons`: version requests, the first that is found is taken; none: any will do.

    `lines` are those of a requirements file. `conda_only` are packages that pip cannot install, as they were written;
    `left_out` those that an interpreter or the wheels bring along.
    """

    pythons: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    conda_only: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


def read(content: Mapping[str, object]) -> CondaFile:
    """A conda file's content, understood.

    Raises:
        ValidationException: a part of it is not what conda takes, named by its path.
    """
    conda, pip = _divided(content.get("dependencies"))
    pythons: tuple[str, ...] = ()
    lines: list[str] = []
    conda_only: list[str] = []
    left_out: list[str] = []
    for text in conda:
        name, version = _named(text)
        if name == "python":
            pythons = _pythons(version, text)
        elif name in BROUGHT_ALONG:
            left_out.append(text)
        elif (asked := _asked(version)) is None or is_conda_only(name):
            conda_only.append(text)
        else:
            lines.append(f"{ON_PYPI.get(name, name)}{asked}")
    return CondaFile(pythons, (*lines, *pip), tuple(conda_only), tuple(left_out), _variables(content.get("variables")))


def _divided(dependencies: object) -> tuple[list[str], list[str]]:
    """The conda packages and the lines of the `pip:` list."""
    conda: list[str] = []
    pip: list[str] = []
    for index, item in enumerate(_items(dependencies, "conda_file.dependencies")):
        if isinstance(item, Mapping):
            for key, inside in cast("Mapping[object, object]", item).items():
                if key != "pip":
                    raise ValidationException(
                        f"conda_file.dependencies[{index}].{key}: not a kind of package.",
                        resolution="A list below 'pip:' is the one thing that may be nested.",
                    )
                pip += (str(line).strip() for line in _items(inside, f"conda_file.dependencies[{index}].pip"))
        else:
            conda.append(str(item).strip())
    return conda, [line for line in pip if line]


def _items(value: object, path: str) -> Iterable[object]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ValidationException(f"{path}: a list is expected, found {value!r}.", resolution="Write '- name=version'.")
    return cast("list[object]", value)


def _named(text: str) -> tuple[str, str]:
    """A package's name in small letters, and what is said of its version."""
    found = _SPEC.fullmatch(text)
    if found is None:
        raise ValidationException(
            f"conda_file.dependencies: '{text}' is not a package.", resolution="Write 'name', 'name=version' or 'pip:'."
        )
    name, version = found["name"].lower(), found["version"].strip()
    if bracket := _BRACKET.search(version):
        inside = _BRACKET_VERSION.search(bracket["inside"])
        rest = version[: bracket.start()].strip()
        if inside:
            return name, inside["version"].strip()
        return (name, rest) if "=" in bracket["inside"] else (name + bracket.group(), rest)
    return name, version


def _asked(version: str) -> str | None:
    """What pip calls that condition; None when it has no word for it.

    `=1.2` is any 1.2, `==1.2` and `1.2` are that very one, and so is `=1.2.3=build`.
    """
    if version in {"", "*", "=*"}:
        return ""
    asked: list[str] = []
    for part in version.split(","):
        if compared := _COMPARED.fullmatch(part.strip()):
            asked.append(compared["operator"] + compared["version"])
        elif exact := _EXACT.fullmatch(part.strip()):
            is_any = exact["any"] or (exact["equals"] == "=" and not exact["build"])
            asked.append(f"=={exact['version']}{'.*' if is_any else ''}")
        else:
            return None
    return ",".join(asked)


def _pythons(version: str, text: str) -> tuple[str, ...]:
    """The interpreters to look for: of `3.8.5` any 3.8 will do where that very one is not installed."""
    either = version.replace("|", "|=") if version.startswith("=") else version
    asked = [_asked(part) for part in either.split("|")]
    return tuple(request for one in asked for request in _requests(one, text))


def _requests(asked: str | None, text: str) -> tuple[str, ...]:
    if asked is None:
        raise ValidationException(
            f"conda_file.dependencies: '{text}' is no version of Python.", resolution="Write 'python=3.10'."
        )
    if not asked.startswith("==") or "," in asked:
        return (asked,) if asked else ()
    exact = asked.removeprefix("==").removesuffix(".*")
    patch = _PATCH.fullmatch(exact)
    return (exact, patch[1]) if patch else (exact,)


def _variables(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    return {str(name): str(text) for name, text in cast("Mapping[object, object]", value).items()}
