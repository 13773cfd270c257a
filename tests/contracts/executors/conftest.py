"""Every executor there is, each in a yard under an awkward name. It makes no claim; a new executor is one line here."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jupyter_aml.engine.executors.base import Executor
from jupyter_aml.engine.executors.subprocess import SubprocessExecutor
from tests.contracts.executors.yard import Yard

EXECUTORS: dict[str, Callable[[], Executor]] = {"subprocess": SubprocessExecutor}
AWKWARD = "a b 'c\" ;é"


@pytest.fixture(params=sorted(EXECUTORS))
def make_executor(request: pytest.FixtureRequest) -> Callable[[], Executor]:
    return EXECUTORS[request.param]


@pytest.fixture
def yard(tmp_path: Path, make_executor: Callable[[], Executor]) -> Iterator[Yard]:
    root = tmp_path / AWKWARD
    root.mkdir()
    made = Yard(root, make_executor())
    yield made
    made.close()
