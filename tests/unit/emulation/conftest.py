"""A fresh interpreter for the import names. It makes no claim."""

import os
import subprocess
import sys
import textwrap

LOAD = "from jupyter_aml.emulation import emulate, stop\nemulate()\n"

ALONE = """
import importlib.machinery, sys
real = importlib.machinery.PathFinder.find_spec
def without(name, path=None, target=None):
    return None if name.partition(".")[0] == "azure" else real(name, path, target)
importlib.machinery.PathFinder.find_spec = without
"""
"""Nothing of Azure's is installed, as after a plain `pip install`."""


def told(code: str, **variables: str) -> str:
    """What a fresh interpreter prints that runs this; its errors are this test's."""
    program = textwrap.dedent(code)
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env={**os.environ, **variables}
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()
