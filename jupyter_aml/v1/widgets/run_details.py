"""SDK v1's `RunDetails(run).show()`: the run view, of the workspace that the run's experiment is in."""

from jupyter_aml import widgets
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.v1.arguments import meaningless
from jupyter_aml.v1.core.run import Run


class RunDetails(widgets.RunDetails):
    """The run view of a run; live while it runs. UserErrorException for anything that is none, or an offline one."""

    def __init__(self, run_instance: Run) -> None:
        if not isinstance(run_instance, Run):
            raise UserErrorException(
                f"RunDetails: a {type(run_instance).__name__} is no run.",
                resolution="Give what experiment.submit(…) returned.",
            )
        run_instance.get_detailed_status()  # an offline run, of which nothing is kept, says so
        super().__init__(run_instance.id, run_instance.experiment.workspace.client)

    def show(self, render_lib: object = None, widget_settings: object = None) -> None:
        """Display the run and follow it, without holding up the cell.

        `render_lib` and `widget_settings` have no meaning here: there is one way to paint it.
        """
        meaningless("there is one way to paint it", render_lib=render_lib, widget_settings=widget_settings)
        super().show()
