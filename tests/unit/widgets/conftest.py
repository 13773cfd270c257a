"""Samples to paint. No kernel and no browser starts here."""

import pytest

from jupyter_aml.entities.run_details import RunTabs
from tests.unit.widgets import sample_runs


@pytest.fixture(scope="session")
def large_run(tmp_path_factory: pytest.TempPathFactory) -> RunTabs:
    """50 metrics × 10,000 points, 20 images, 100,000 log lines."""
    return sample_runs.large(tmp_path_factory.mktemp("a b 'c\" ;é"))
