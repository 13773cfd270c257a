"""Clusters: made, scaled, deleted; what cannot be is refused before it is stored (§5.2)."""

import pytest

from jupyter_aml import command
from jupyter_aml.entities import AmlCompute
from jupyter_aml.exceptions import MlException, ResourceNotFoundError, UserErrorException, ValidationException
from jupyter_aml.operations import computes, jobs
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import facts
from tests.unit.operations.conftest import stored


def _cluster(**fields: object) -> AmlCompute:
    return AmlCompute.of({"name": "cpu-cluster", **fields})


def test_azures_own_keywords_make_a_cluster(workspace: Workspace) -> None:
    draft = AmlCompute(
        name="aml-cluster", type="amlcompute", size="STANDARD_DS11_V2", min_instances=0, max_instances=1,
        idle_time_before_scale_down=120, tier="Dedicated",
    )  # fmt: skip
    made = computes.create_or_update(workspace, draft)
    assert (made.min_nodes, made.max_nodes, made.idle_seconds, made.low_priority) == (0, 1, 120, False)
    assert made.spec["tier"] == "Dedicated"
    assert [fact.kind for fact in facts.story(workspace.database, "aml-cluster")] == ["compute.wished"]


def test_creating_again_changes_the_scaling(workspace: Workspace) -> None:
    computes.create_or_update(workspace, _cluster(max_instances=1))
    again = computes.create_or_update(workspace, _cluster(max_instances=3, idle_time_before_scale_down=None))
    assert (again.max_nodes, again.idle_seconds) == (3, 1800)


@pytest.mark.parametrize(
    ("fields", "kind", "words"),
    [
        ({"name": "a"}, ValidationException, "2 to 24"),
        ({"name": "1cluster"}, ValidationException, "a letter first"),
        ({"name": "my cluster"}, ValidationException, "'my-cluster'"),
        ({"min_instances": 3, "max_instances": 2}, ValidationException, "do not fit together"),
        ({"min_instances": -1}, ValidationException, "do not fit together"),
        ({"max_instances": 0}, ValidationException, "do not fit together"),
        ({"idle_time_before_scale_down": -5}, ValidationException, "in seconds; found -5"),
        ({"tier": "cheap"}, ValidationException, "'cheap' is not a tier"),
        ({"size": "STANDARD_NC6"}, UserErrorException, "size: compute 'cpu-cluster' is standard_ds3_v2"),
        ({"tier": "low_priority"}, UserErrorException, "tier: compute 'cpu-cluster' is dedicated"),
        ({"name": "serverless"}, UserErrorException, "part of every workspace"),
        ({"name": "Local"}, UserErrorException, "part of every workspace"),
    ],
)
def test_what_cannot_be_a_cluster_is_refused_and_nothing_is_stored(
    workspace: Workspace, fields: dict[str, object], kind: type[MlException], words: str
) -> None:
    computes.create_or_update(workspace, _cluster())
    before = stored(workspace)
    with pytest.raises(kind, match=words):
        computes.create_or_update(workspace, _cluster(**fields))
    assert stored(workspace) == before


def test_a_cluster_with_unfinished_jobs_stays(workspace: Workspace) -> None:
    computes.create_or_update(workspace, _cluster())
    jobs.submit(workspace, command(command="echo", name="mine", compute="cpu-cluster"))
    with pytest.raises(UserErrorException, match="1 unfinished jobs, the first is 'mine'"):
        computes.delete(workspace, "cpu-cluster")


def test_a_deleted_cluster_is_gone_and_its_name_is_free(workspace: Workspace) -> None:
    computes.create_or_update(workspace, _cluster())
    computes.delete(workspace, "cpu-cluster")
    with pytest.raises(ResourceNotFoundError):
        computes.get(workspace, "cpu-cluster")
    assert computes.create_or_update(workspace, _cluster(size="OTHER")).spec["size"] == "OTHER"


@pytest.mark.parametrize("name", ["serverless", "local"])
def test_the_two_that_are_everyones_cannot_be_deleted(workspace: Workspace, name: str) -> None:
    with pytest.raises(UserErrorException, match="part of every workspace"):
        computes.delete(workspace, name)


def test_sizes_are_this_machine_under_each_name_in_use(workspace: Workspace) -> None:
    computes.create_or_update(workspace, _cluster(size="STANDARD_NC6"))
    sizes = {size.name: size for size in computes.sizes(workspace)}
    assert set(sizes) == {"STANDARD_DS3_V2", "STANDARD_NC6"}
    assert sizes["STANDARD_NC6"].v_cp_us > 0
    assert sizes["STANDARD_NC6"].gpus == 0
