"""A yard whose warm worker holds what the risk matrix needs. It makes no claim."""

import sys
from collections.abc import Iterator

import pytest

from jupyter_aml.engine.executors.subprocess import SubprocessExecutor
from jupyter_aml.entities.launch import WarmPlan
from jupyter_aml.tracking import plugin, schema
from tests.contracts.executors.yard import Yard
from tests.journeys.warm.scripts import PROGRAMS

AWKWARD = "a b 'c\" ;é"
MODULES = tuple(sorted({module for program in PROGRAMS.values() for module in program.modules}))


@pytest.fixture(scope="session")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    """Attempts may go warm at once: the worker has learnt everything, and waits for the last test of the session."""
    assert sys.platform == "linux"
    root = tmp_path_factory.mktemp("warm") / AWKWARD
    root.mkdir()
    database = root / "mlflow.db"
    schema.ensure(database, root / "mlartifacts")
    made = Yard(root, SubprocessExecutor(idle_seconds=7200), tracking_uri=plugin.uri(database))
    warm_up(made, MODULES)
    yield made
    made.close()


def warm_up(yard: Yard, modules: tuple[str, ...]) -> None:
    """Turn until a job of these modules starts warm; a job of no work asks each time."""
    while not yard.run("python main.py", {"main.py": ""}, warm=WarmPlan(modules))[1].warm:
        yard.turn(0.1)
