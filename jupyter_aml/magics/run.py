"""`%aml_run`, `%aml_compare`: the run view of a job, and of several side by side. Parses, reads, shows."""

import sys
from typing import TYPE_CHECKING, Final

from IPython.core.magic import Magics, line_magic, magics_class

from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.magics import job, options, pipeline, sweep
from jupyter_aml.magics.outcry import plain
from jupyter_aml.magics.parser import parse
from jupyter_aml.magics.session import SESSION

if TYPE_CHECKING:
    from jupyter_aml.entities.job import Job
    from jupyter_aml.widgets.compared import Compared

MOST: Final = 100
"""Jobs that may be named at once."""


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

    @line_magic
    @plain
    def aml_compare(self, line: str) -> "Compared | None":
        """Set two or more jobs side by side: params, metrics, tags, inputs, environment and code.

        %aml_compare NAME NAME …           What differs; a switch shows the rest.
        %aml_compare NAME NAME … --all     Everything from the start.
        %aml_compare NAME NAME … --text    As text.

        What it gives is a value: `found = %aml_compare NAME NAME`, with its rows in `found.found`. In Python:
        `jupyter_aml.compare(job, job)`.

        Examples
        --------
        %aml_compare calm_oak brave_fig
        %aml_compare calm_oak brave_fig --text
        """
        from jupyter_aml.widgets.compared import compare

        asked = parse(line, options.COMPARE, most_words=MOST)
        if len(asked.words) < 2:  # noqa: PLR2004 - one has nobody beside it
            message = f"%aml_compare needs two jobs or more, found {len(asked.words)}."
            raise UserErrorException(message, resolution="%aml_compare NAME NAME …   %aml_jobs lists them.")
        found = compare(*asked.words, ml_client=SESSION.client, show_all="--all" in asked.flags)
        if "--text" not in asked.flags:
            return found
        sys.stdout.write(f"{found}\n")
        return None

    def _last(self) -> "Job":
        """What was submitted last in this notebook, by whichever magic."""
        names = self.shell.user_ns if self.shell else {}
        found: list[Job] = [names[last] for last in (job.LAST, sweep.LAST, pipeline.LAST) if last in names]
        if not found:
            raise UserErrorException("%aml_run needs a job's name.", resolution="%aml_jobs lists them.")
        return max(found, key=lambda one: str(one.creation_context and one.creation_context.created_at))
