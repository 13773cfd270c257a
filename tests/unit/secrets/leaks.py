"""Where a text may leak: in files, in tracebacks that show variables. It makes no claim."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from jupyter_aml.exceptions import MlException


def found_in(folder: Path, text: str) -> list[Path]:
    """Every file below `folder` that holds the text."""
    needle = text.encode()
    return [path for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()]


@contextmanager
def frames_of(package: str) -> Iterator[list[TracebackType]]:
    """The package's own frames of a failure, which must come."""
    frames: list[TracebackType] = []
    try:
        yield frames
    except MlException as error:
        walk = error.__traceback__
        while walk:
            if f"/{package}/" in walk.tb_frame.f_code.co_filename:
                frames.append(walk)
            walk = walk.tb_next
    assert frames, "nothing failed"


def shown_with_variables(frames: list[TracebackType]) -> str:
    """What a traceback shows that shows the variables of every frame."""
    stack = ((frame.tb_frame, frame.tb_lineno) for frame in frames)
    return "".join(traceback.StackSummary.extract(stack, capture_locals=True).format())
