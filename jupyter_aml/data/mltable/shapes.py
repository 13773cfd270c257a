"""What an MLTable file may say: rules that check a value, name its place, fill in defaults. Nothing is read."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from jupyter_aml.data.mltable.datatypes import Json
from jupyter_aml.exceptions import UserErrorException, did_you_mean

Rule: TypeAlias = Callable[[object, str], Json]


def wrong(place: str, found: object, wanted: str, resolution: str = "") -> UserErrorException:
    """The error for a value that does not fit the format, by its path in the file."""
    return UserErrorException(
        f"Given MLTable does not adhere to the AzureML MLTable schema: {place}: {found!r} is not {wanted}.",
        resolution=resolution,
    )


def text(value: object, place: str) -> Json:
    """A string."""
    if not isinstance(value, str):
        raise wrong(place, value, "a string")
    return value


def flag(value: object, place: str) -> Json:
    """True or false."""
    if not isinstance(value, bool):
        raise wrong(place, value, "true or false")
    return value


def whole(least: int) -> Rule:
    """An integer."""

    def rule(value: object, place: str) -> Json:
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise wrong(place, value, f"an integer of at least {least}")
        return value

    return rule


def share(value: object, place: str) -> Json:
    """A decimal number from 0.0 to 1.0."""
    if not isinstance(value, float) or not 0 <= value <= 1:
        raise wrong(place, value, "a decimal number from 0.0 to 1.0")
    return value


def one_of(choices: Mapping[str, str]) -> Rule:
    """One of the words; what is kept is the word's own name."""

    def rule(value: object, place: str) -> Json:
        if not isinstance(value, str) or value not in choices:
            raise wrong(place, value, "a choice of this field", f"There is: {', '.join(choices)}.")
        return choices[value]

    return rule


def many(rule: Rule) -> Rule:
    """A list of what the rule takes."""

    def every(value: object, place: str) -> Json:
        if not isinstance(value, list):
            raise wrong(place, value, "a list")
        found = cast("list[object]", value)
        return [rule(item, f"{place}[{index}]") for index, item in enumerate(found)]

    return every


def either(wanted: str, rules: Mapping[type, Rule]) -> Rule:
    """The rule for the value's own type; `wanted` names the choice in the error."""

    def rule(value: object, place: str) -> Json:
        if type(value) not in rules:
            raise wrong(place, value, wanted)
        return rules[type(value)](value, place)

    return rule


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a mapping: its rule, and its value when it is left out (None: then the key stays out)."""

    rule: Rule
    default: Json = None
    required: bool = False


def fields(known: Mapping[str, Field], *, open_ended: bool = False) -> Rule:
    """A mapping with these keys; others are wrong, or dropped where the format is `open_ended`."""

    def rule(value: object, place: str) -> Json:
        given = mapping(value, place)
        if not open_ended:
            no_others(given, known, place)
        kept: dict[str, Json] = {}
        for name, one in known.items():
            if name in given:
                kept[name] = one.rule(given[name], f"{place}.{name}")
            elif one.required:
                raise wrong(place, value, f"complete: '{name}' is required")
            elif one.default is not None:
                kept[name] = one.default
        return kept

    return rule


def mapping(value: object, place: str) -> dict[object, object]:
    """The value, which must be a mapping."""
    if not isinstance(value, dict):
        raise wrong(place, value, "a mapping of keys to values")
    return cast("dict[object, object]", value)


def no_others(given: Mapping[object, object], known: Collection[str], place: str) -> None:
    """Refuse keys that are not known."""
    for name in given:
        if name not in known:
            raise UserErrorException(
                f"Given MLTable does not adhere to the AzureML MLTable schema: {place}.{name}: no such key.".replace(
                    ": .", ": "
                ),
                resolution=did_you_mean(str(name), known),
            )
