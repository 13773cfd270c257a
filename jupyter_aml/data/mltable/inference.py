"""Types of text columns, guessed from the first rows as the real package guesses them. Nothing is converted here."""

from collections.abc import Sequence

from jupyter_aml.data.mltable.convert import FALSE, TRUE, Target, number_of
from jupyter_aml.data.mltable.dates import inferred_formats


def inferred(samples: Sequence[str]) -> Target:
    """The type of a column with these values (nulls left out): booleans first, then numbers, dates, else text."""
    if not samples or any(not text for text in samples):
        return Target("string")
    words = [text.strip() for text in samples]
    if all(word in TRUE or word in FALSE for word in words):
        return Target("boolean")
    numbers = [number_of(word) for word in words]
    if all(number is not None for number in numbers):
        return Target("int" if all(isinstance(number, int) for number in numbers) else "float")
    formats = inferred_formats(samples)
    return Target("string") if formats is None else Target("datetime", formats=formats)
