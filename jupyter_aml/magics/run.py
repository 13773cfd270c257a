"""`%aml_run`, `%aml_compare`: the run view of a job, and of several side by side. Parses, reads, shows."""

import sys
from typing import TYPE_CHECKING

from IPython.core.magic import Magics, line_magic, magics_class

from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.magics import job, options, pipeline, sweep
from jupyter_aml.magics.outcry import plain
from jupyter_aml.magics.parser import parse
from jupyter_aml.magics.session import SESSION

if TYPE_CHECKING:
    from jupyter_aml.entities.job import Job


@magics_class
class RunMagics(Magics):
    """Magics that show runs."""

    @line_magic
    @plain
    def aml_run(self, line: str) -> None:
        """Open the run view of a job: metrics, images, child runs, outputs, logs and code, live while it runs.

        %aml_run [NAME]           NAME: the last one submitted.
        %aml_run [NAME] --text    As text, once.

        Examples
        --------
        %aml_run
        %aml_run --text
        """
        from jupyter_aml.widgets.run_details import RunDetails

        asked = parse(line, options.RUN, most_words=1)
        view = RunDetails(asked.words[0], SESSION.client) if asked.words else RunDetails(self._last())
        if "--text" in asked.flags:
            sys.stdout.write(f"{view}\n")
        else:
            view.show()

    def _last(self) -> "Job":
        """What was submitted last in this notebook, by whichever magic."""
        names = self.shell.user_ns if self.shell else {}
        found: list[Job] = [names[last] for last in (job.LAST, sweep.LAST, pipeline.LAST) if last in names]
        if not found:
            raise UserErrorException("%aml_run needs a job's name.", resolution="%aml_jobs lists them.")
        return max(found, key=lambda one: str(one.creation_context and one.creation_context.created_at))
