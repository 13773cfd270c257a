"""Data of a job that is elsewhere: brought before it starts, sent when it is over, by a program beside. Moves nothing.

The runner stays light: what speaks with storage is a process of the whole library (`Launch.transfer`).
"""

import json
import os
from pathlib import Path
from typing import Final, cast

from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.launch import Launch
from jupyter_aml.exceptions import JobException
from jupyter_aml.runner import helper, start, variables

LOG: Final = "system_logs/data_capability/data-capability.log"


def fetch(launch: Launch, folder: AttemptFolder) -> dict[str, str]:
    """The paths of the remote inputs by name, once they are here.

    Raises JobException with the reason when one cannot be brought, StoppedError when the attempt is to end.
    """
    if not any(spec.remote for spec in launch.inputs.values()):
        return {}
    _run(launch, folder, "fetch")
    return cast("dict[str, str]", json.loads(folder.fetched.read_text()))


def send(launch: Launch, folder: AttemptFolder) -> None:
    """Bring the outputs to their storage. Raises as `fetch` does."""
    if any(spec.is_sent for spec in launch.outputs.values()) and folder.outputs.is_dir():
        _run(launch, folder, "send")


def _run(launch: Launch, folder: AttemptFolder, act: str) -> None:
    log_path = Path(launch.artifacts, LOG)
    log_path.parent.mkdir(parents=True, exist_ok=True)
    log = start.open_log(str(log_path))
    words = (*launch.transfer, act, str(folder.root))
    try:
        code = helper.run(words, _environment(launch), log, folder)
    finally:
        os.close(log)
    if code:
        said = (
            folder.transfer_error.read_text()
            if folder.transfer_error.exists()
            else f"The transfer ended with status code {code}; see {LOG}."
        )
        raise JobException(said)


def _environment(launch: Launch) -> dict[str, str]:
    """That of a job, so that it finds the same home; it acts for who submitted the job."""
    who = launch.workspace.get("principal")
    common = variables.of_interpreter(launch.transfer[0])
    return {**common, **({"JUPYTER_AML_USER": who} if who else {})}
