"""`pip` and its kin as a cell of the shell's finds them: answers for Azure ML's packages, else it is the real one.

`python -P -m jupyter_aml.emulation.installer PROGRAM WORD …`; a PROGRAM without a folder is one that is not there.
"""

import os
import subprocess
import sys
from typing import Final

from jupyter_aml.emulation import shim
from jupyter_aml.emulation.pip import answers, asked_of
from jupyter_aml.emulation.requirements import clean

_NOT_FOUND: Final = 127
"""A shell's own exit code for a program that is not there."""


def run(words: list[str]) -> int:
    """Carry out one line of an installer's, words as the shell read them; its exit code."""
    size, asked = asked_of(words)
    if asked is None or not asked.changed:
        return _real(words)
    sys.stdout.writelines(f"{said}\n" for said in answers(asked))
    sys.stdout.flush()
    left = [*words[:size], asked.verb, *asked.words]
    try:
        return _real(left, waits=bool(asked.temporary)) if asked.left else 0
    finally:
        clean(asked.temporary)


def _real(words: list[str], *, waits: bool = False) -> int:
    """The real one's exit code, where something is to be done at its end; else this process is the real one."""
    if os.sep not in words[0]:
        sys.stderr.write(f"{words[0]}: command not found\n")
        return _NOT_FOUND
    shim.out_of_installers()
    if not waits:
        os.execv(words[0], words)  # noqa: S606 - no shell stands between it and its signals
    return subprocess.run(words, check=False).returncode


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
