"""What the key of a pipeline's step may be. A rule; nothing is renamed here."""

import re
from typing import Final

LEGAL: Final = re.compile(r"[a-z_][a-z0-9_]*")
"""Azure's own."""
