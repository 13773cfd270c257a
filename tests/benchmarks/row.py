"""One line of the table that `make bench` writes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A yard-stick: ours beside a peer measured in the same run, both in `unit`, and the bar the ratio is held to."""

    name: str
    ours: float
    peer: float
    unit: str
    ratio: float
    bar: str
    holds: bool
