"""What a notebook imports from beside it."""

import os

CALLS = 3
greeting = os.environ.get("GREETING", "nothing said")


def doubled(number: float) -> float:
    return 2 * number
