"""The time zones that SDK v1's schedules may name, spelled as it spells them. Values only."""

import re
from enum import StrEnum
from typing import Final, cast

from jupyter_aml.entities.time_zones import WINDOWS

_ODD: Final = re.compile(r"[^A-Za-z0-9]")

TimeZone: Final = cast("type[StrEnum]", StrEnum("TimeZone", {_ODD.sub("", name): name for name in WINDOWS}))
"""`TimeZone.PacificStandardTime` is 'Pacific Standard Time'."""
