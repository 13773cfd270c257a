"""Where a job's outputs go: folders that exist before it starts (§7.3). Nothing is moved afterwards."""

from collections.abc import Mapping
from pathlib import Path

from jupyter_aml.entities.launch import OutputSpec


def make(outputs: Mapping[str, OutputSpec]) -> dict[str, str]:
    """Make every output's folder (of a file: the folder it will stand in); the path by name."""
    for output in outputs.values():
        path = Path(output.path)
        folder = path.parent if output.type == "uri_file" else path
        folder.mkdir(parents=True, exist_ok=True)
    return {name: output.path for name, output in outputs.items()}
