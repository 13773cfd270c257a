"""Computes as slots, with a real supervisor: gangs wait, sizes hold, idle nodes leave by themselves."""

from jupyter_aml.entities.compute import AmlCompute
from tests.journeys.engine.conftest import Site, until

WAIT = 'until [ -e "$SCRATCH/go" ]; do sleep 0.01; done'


def cluster(site: Site, **fields: object) -> None:
    site.ml.begin_create_or_update(AmlCompute.of({"name": "gang", "max_instances": 2, **fields})).result()


def nodes(site: Site) -> list[tuple[object, object]]:
    """(idle, running), as it changed."""
    found = [fact.body for fact in site.ml.facts.story("gang") if fact.kind == "compute.nodes"]
    return [(body["idle"], body["running"]) for body in found]


def test_a_gang_waits_for_all_its_nodes_and_those_behind_it_wait_too(site: Site) -> None:
    cluster(site)
    first = site.submit(WAIT, compute="gang")
    gang = site.submit('echo gang >> "$SCRATCH/order"', compute="gang", instance_count=2)
    last = site.submit('echo last >> "$SCRATCH/order"', compute="gang")
    site.until_status(first, "Running")
    site.until_status(last, "Queued")
    assert site.get(gang).status == "Queued"
    (site.scratch / "go").touch()
    assert site.until_finished(last).status == "Completed"
    assert site.until_finished(gang).status == "Completed"
    assert set(site.lines("order")[:-1]) == {"gang"}
    assert site.lines("order")[-1] == "last"
    assert (0, 2) in nodes(site)


def test_never_more_jobs_at_once_than_nodes(site: Site) -> None:
    cluster(site)
    line = 'mkdir "$SCRATCH/$AZUREML_RUN_ID"; ls "$SCRATCH" | wc -l; sleep 0.02; rmdir "$SCRATCH/$AZUREML_RUN_ID"'
    names = [site.submit(line, compute="gang") for _ in range(12)]
    seen = {site.until_finished(name).status: site.ml.workspace.folder.artifacts(name) for name in names}
    assert set(seen) == {"Completed"}
    counts = [int((site.folder.artifacts(name) / "user_logs/std_log.txt").read_text()) for name in names]
    assert max(counts) <= 2


def test_an_idle_cluster_scales_down_by_itself_and_says_so(site: Site) -> None:
    cluster(site, idle_time_before_scale_down=1)
    name = site.submit(WAIT, compute="gang")
    site.until_status(name, "Running")
    assert _now(site).current_node_count == 1
    (site.scratch / "go").touch()
    site.until_finished(name)
    until(lambda: nodes(site)[-1] == (0, 0), lambda: nodes(site))
    assert nodes(site) == [(0, 1), (1, 0), (0, 0)]
    assert _now(site).current_node_count == 0


def _now(site: Site) -> AmlCompute:
    found = site.ml.compute.get("gang")
    assert isinstance(found, AmlCompute)
    return found
