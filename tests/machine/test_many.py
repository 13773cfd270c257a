"""The long life of one machine, in short: `python -m tests.machine.many` is the same with 100,000 events."""

import pytest

from tests.machine.many import live


@pytest.mark.parametrize("seed", [6, 7, 8])  # a low-priority cluster, an instance, a dedicated cluster
def test_a_long_random_life_breaks_no_law_and_leaves_no_job(seed: int) -> None:
    counts = live(events=5_000, seed=seed)
    assert counts["jobs"] == counts["Completed"] + counts["Failed"] + counts["Canceled"]
    assert min(counts.values()) > 50
