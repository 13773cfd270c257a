"""The long life of one machine, in short: `python -m tests.machine.many` is the same with 100,000 events."""

from tests.machine.many import live


def test_a_long_random_life_breaks_no_law_and_leaves_no_job() -> None:
    counts = live(events=5_000, seed=7)
    assert counts["jobs"] == counts["Completed"] + counts["Failed"] + counts["Canceled"]
    assert min(counts.values()) > 50
