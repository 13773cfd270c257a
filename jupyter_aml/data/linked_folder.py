"""A folder of links to files and folders elsewhere, until Python ends. What they lead to is not touched."""

import atexit
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path


def linked(places: Iterable[Path], prefix: str) -> Path:
    """A new folder in which each place stands under its own name, no two of which may be the same."""
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}-"))
    atexit.register(shutil.rmtree, str(folder), ignore_errors=True)
    for place in places:
        (folder / place.name).symlink_to(place.absolute(), target_is_directory=place.is_dir())
    return folder
