"""What time it is, as a value that is passed in; only the supervisor looks, and writes it into facts."""

import time
from collections.abc import Callable
from typing import TypeAlias

Clock: TypeAlias = Callable[[], float]
"""Seconds since the epoch, UTC."""

system_clock: Clock = time.time
