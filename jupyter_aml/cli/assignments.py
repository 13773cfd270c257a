"""`--set a.b=c`, as words become values. Nothing is looked up here."""

import json
from collections.abc import Iterable

from jupyter_aml.exceptions import UserErrorException


def assigned(words: Iterable[str]) -> list[dict[str, object]]:
    """One `{dotted key: value}` a word; a value that reads as JSON is that, any other is text."""
    return [_assignment(word) for word in words]


def _assignment(word: str) -> dict[str, object]:
    key, equals, text = word.partition("=")
    if not key or not equals:
        message = f"--set {word}: not KEY=VALUE."
        raise UserErrorException(message, resolution="Write it as --set limits.timeout=60.")
    return {key: _value(text)}


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
