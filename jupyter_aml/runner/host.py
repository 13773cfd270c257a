"""A process that is the runner of one attempt after another. Forking for each would cost as much as the rest of it."""

import gc
import os
import socket
from pathlib import Path
from typing import Final, NoReturn

from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.runner import attempt, signals

DONE: Final = b"done"
_LONGEST: Final = 1 << 16
_CHANNEL: Final = 3


def serve(channel: int) -> NoReturn:
    """Right after a fork: be a runner until the other end of `channel` closes; a running attempt is finished first.

    A message is the path of an attempt's folder, with the attempt's lease; the answer to each is `DONE`.
    """
    try:
        # The parent's objects stay untouched: collecting one would close a descriptor whose number is ours now.
        gc.freeze()
        _serve(socket.socket(fileno=_alone_with(channel)))
    except BaseException:  # noqa: BLE001  the edge of a process: what cannot be in an outcome goes to its parent's log
        import traceback

        os.write(2, traceback.format_exc().encode(errors="replace"))
    finally:
        os._exit(0)


def _serve(channel: socket.socket) -> None:
    patience = os.nice(0)
    while os.nice(0) == patience:  # a process cannot become less nice again
        signals.listen()
        try:
            text, leases, _, _ = socket.recv_fds(channel, _LONGEST, 1)
        except ConnectionResetError:
            return  # the supervisor was killed
        if not text:
            return
        attempt.run(AttemptFolder(Path(os.fsdecode(text))), lease=leases[0])
        os.close(leases[0])
        os.chdir("/")
        try:
            channel.send(DONE)
        except OSError:
            return  # nobody is there any more


def _alone_with(channel: int) -> int:
    """Let go of everything that the fork brought along but the channel and the standard three; its new number.

    The numbers stay taken: a library of the parent's that closes its own in our children must find them open.
    """
    if channel != _CHANNEL:
        os.dup2(channel, _CHANNEL, inheritable=False)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in [int(entry.name) for entry in Path("/dev/fd").iterdir()]:
        if descriptor > _CHANNEL and descriptor != null and _is_open(descriptor):
            os.dup2(null, descriptor, inheritable=False)
    return _CHANNEL


def _is_open(descriptor: int) -> bool:
    """Whether it is still there: the one that listed them is not."""
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
