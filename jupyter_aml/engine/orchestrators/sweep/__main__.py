"""`python -m jupyter_aml.engine.orchestrators.sweep WORKSPACE_FOLDER`, started by the runner as the sweep's process."""

import sys

from jupyter_aml.engine.orchestrators.program import be
from jupyter_aml.engine.orchestrators.sweep.controller import Controller

sys.exit(be(Controller, *sys.argv[1:]))
