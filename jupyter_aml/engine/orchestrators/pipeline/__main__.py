"""`python -m jupyter_aml.engine.orchestrators.pipeline WORKSPACE_FOLDER`, started by the runner as its process."""

import sys

from jupyter_aml.engine.orchestrators.pipeline.controller import Controller
from jupyter_aml.engine.orchestrators.program import be

sys.exit(be(Controller, *sys.argv[1:]))
