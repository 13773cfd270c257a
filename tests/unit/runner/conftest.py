"""A yard with the subprocess executor, under an awkward name. It makes no claim."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_aml.engine.executors.subprocess import SubprocessExecutor
from tests.contracts.executors.yard import Yard

AWKWARD = "a b 'c\" ;é"


@pytest.fixture
def yard(tmp_path: Path) -> Iterator[Yard]:
    root = tmp_path / AWKWARD
    root.mkdir()
    made = Yard(root, SubprocessExecutor())
    yield made
    made.close()
