"""Scripts and kernels that need not import the slow libraries: each is a fork of a process that has. It makes no claim.

`warm.py serve SOCKET` imports and waits; `warm.py kernel SOCKET CONNECTION_FILE` is what a kernelspec starts. Both
ends are this file, so that the kernel's door loads nothing but the standard library.
"""

import json
import os
import signal
import socket
import sys
import threading
from pathlib import Path

SLOW = (
    "ipykernel.kernelapp", "ipywidgets", "matplotlib.pyplot", "mlflow.sklearn", "nbformat", "pandas", "scipy.stats",
    "sklearn.compose", "sklearn.linear_model", "sklearn.model_selection", "sklearn.pipeline", "sklearn.tree",
    "jupyter_aml.tracking.mlflow_store",
)  # fmt: skip
LONGEST_REQUEST = 1 << 20


def ask(path: str, words: list[str], *, cwd: str, out: int, err: int) -> socket.socket:
    """Start `words` in a fork of the server at `path`, with this process's environment; the line to it."""
    line = socket.socket(socket.AF_UNIX)
    line.connect(path)
    request = json.dumps({"words": words, "cwd": cwd, "env": dict(os.environ)}).encode()
    socket.send_fds(line, [len(request).to_bytes(4, "big")], [out, err])
    line.sendall(request)
    return line


def ended(line: socket.socket) -> int:
    """Wait for the end of what was asked for; its exit code."""
    with line:
        said = line.recv(1)
        while line.recv(1):
            pass
    return said[0] if said else -1


def serve(path: str) -> None:
    """Import, then fork for each who asks, until this process is told to end."""
    for module in SLOW:
        __import__(module)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path + ".new")
        listener.listen(8)
        Path(path + ".new").rename(path)
        while True:
            line = listener.accept()[0]
            if os.fork() == 0:
                break
            line.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    sys.exit(_answered(line))


def _answered(line: socket.socket) -> int:
    length, fds, _, _ = socket.recv_fds(line, 4, 2)
    request = json.loads(line.recv(int.from_bytes(length, "big"), socket.MSG_WAITALL))
    for target, fd in enumerate(fds, 1):
        os.dup2(fd, target)
        os.close(fd)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    threading.Thread(target=_end_with, args=(line,), daemon=True).start()
    code = _run(request["words"])
    line.sendall(bytes([code]))
    return code


def _end_with(line: socket.socket) -> None:
    """Nobody waits any more: nothing is left to do."""
    line.recv(1)
    os._exit(1)


def _run(words: list[str]) -> int:
    """What `python *words` does, to its exit code."""
    import runpy

    sys.argv = words
    sys.path[0] = "" if words[0] == "-m" else str(Path(words[0]).parent)
    try:
        if words[0] == "-m":
            sys.argv = words[1:]
            runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(words[0], run_name="__main__")
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(bool(error.code))
    except BaseException as error:  # noqa: BLE001 - the edge of a process: as Python ends it
        sys.excepthook(type(error), error, error.__traceback__)
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", path]:
            serve(path)
        case ["kernel", path, connection, *options]:
            words = ["-m", "ipykernel_launcher", "-f", connection, "--log-level=ERROR", *options]
            sys.exit(ended(ask(path, words, cwd=str(Path.cwd()), out=1, err=2)))
        case _:
            sys.exit(f"not known: {sys.argv[1:]}")
