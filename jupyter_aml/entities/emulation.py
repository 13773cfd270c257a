"""The mark that Azure's import names were asked for. It is read and written elsewhere; nothing is done here."""

from typing import Final

MARK: Final = "JUPYTER_AML_EMULATION"
"""Set to 1 in a kernel's environment once it answers to Azure's import names, and in that of every job it submits."""
OLD_NUMPY: Final = "JUPYTER_AML_OLD_NUMPY"
"""Set to 1 where the names belong to a Python whose NumPy still had `np.float` and its kin."""
SITE: Final = "emulation/site"
"""Where the start-up file of such a job's Python is, below this package."""
