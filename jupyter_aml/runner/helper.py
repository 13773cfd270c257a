"""Programs that a runner needs before the job starts: started, waited for, stopped with the attempt. No shell here."""

import os
from collections.abc import Mapping

from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.runner import ending, process_tree, signals


def run(words: tuple[str, ...], environment: Mapping[str, str], log: int, folder: AttemptFolder) -> int:
    """Run a program to its end, with output and errors in `log`; its exit code, 127 when it is not there.

    Raises StoppedError when the attempt is to end; the program is left to the attempt's own tidying.
    """
    try:
        pid = _start(words, environment, log)
    except OSError as error:
        os.write(log, f"{words[0]}: {error.strerror}\n".encode())
        return 127
    while (status := process_tree.reaped().get(pid)) is None:
        signals.pause(folder)
    return ending.exit_code(status)


def _start(words: tuple[str, ...], environment: Mapping[str, str], log: int) -> int:
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, log, 1),
        (os.POSIX_SPAWN_DUP2, log, 2),
    ]
    return os.posix_spawn(
        words[0], words, environment, file_actions=actions, setpgroup=0, setsigmask=(), setsigdef=signals.ALL
    )
