"""Azure's import names (`azure.ai.ml`, `azureml.core`, `mltable` …) for notebooks written for the cloud.

Only where somebody asks for them: `%load_ext jupyter_aml.emulation`, `jupyter_aml.emulate()`, the kernel
"Azure ML (local)", or a job that was submitted from one of those. Installing this package changes nothing.
Names are looked up here and defined elsewhere.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from jupyter_aml.emulation import azure_core, old_numpy
from jupyter_aml.emulation.finder import FINDER, Facade
from jupyter_aml.emulation.names import is_answered
from jupyter_aml.entities.emulation import MARK
from jupyter_aml.exceptions import UserErrorException

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["emulate", "load_ipython_extension", "stop", "unload_ipython_extension"]


def emulate() -> None:
    """From here on `import azure.ai.ml` and its kin mean this package, in this process and in the jobs it submits.

    They win over installed packages of those names. Raises UserErrorException when one of those is imported already:
    what was taken from it would go on being the cloud's. Nothing has changed then.
    """
    if FINDER in sys.meta_path:
        return
    _refuse_mixture()
    sys.meta_path.insert(0, FINDER)
    azure_core.join()
    old_numpy.install()
    os.environ[MARK] = "1"


def stop() -> None:
    """The names mean again what is installed. What was imported meanwhile stays what it is."""
    if FINDER in sys.meta_path:
        sys.meta_path.remove(FINDER)
    azure_core.part()
    old_numpy.uninstall()
    for name in [name for name, module in list(sys.modules.items()) if isinstance(module, Facade)]:
        sys.modules.pop(name, None)
    os.environ.pop(MARK, None)
    import_module("jupyter_aml.emulation.shim").off_path()


def load_ipython_extension(ip: InteractiveShell) -> None:
    """`%load_ext jupyter_aml.emulation`: the names, the magics, `az`, and an answer to `%pip install azure-ai-ml`."""
    emulate()
    import_module("jupyter_aml").load_ipython_extension(ip)
    import_module("jupyter_aml.emulation.shim").on_path()
    import_module("jupyter_aml.emulation.pip").register(ip)
    import_module("jupyter_aml.emulation.shell_cells").register(ip)


def unload_ipython_extension(ip: InteractiveShell) -> None:
    """`%unload_ext jupyter_aml.emulation`: the names mean again what is installed; the magics stay."""
    import_module("jupyter_aml.emulation.shell_cells").unregister(ip)
    import_module("jupyter_aml.emulation.pip").unregister(ip)
    stop()


def _refuse_mixture() -> None:
    found = sorted(name for name in list(sys.modules) if is_answered(name))
    if found:
        raise UserErrorException(
            f"The emulation must come first: {found[0]} is imported already, from an installed package.",
            resolution="Restart the kernel and run %load_ext jupyter_aml.emulation before any import from Azure, "
            'or choose the kernel "Azure ML (local)".',
        )
