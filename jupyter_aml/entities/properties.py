"""Properties of what a workspace keeps: they are added, and never change. Values only; nothing is written here."""

from collections.abc import Mapping

from jupyter_aml.exceptions import UserErrorException


def stay(known: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    """UserErrorException for a property that is there with another value."""
    for name, text in wanted.items():
        if known.get(name, text) != text:
            raise UserErrorException(
                f"properties.{name}: it is '{known[name]}' and never changes, asked for '{text}'.",
                resolution="Add one by another name, or use a tag, which may change.",
            )
