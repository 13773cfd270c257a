"""A submitted job as text that makes it again. Values only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunCode:
    """The same job in four forms, each of which runs as it stands; '' where a form cannot say all of it.

    `yaml`: for `load_job` and Azure's own tools, which ask for an environment: this Python is called `kernel` there.
    `python`: SDK v2. `cli`: lines for a shell, which write the YAML and submit it. `magic`: a notebook's cell.
    """

    yaml: str
    python: str
    cli: str
    magic: str
