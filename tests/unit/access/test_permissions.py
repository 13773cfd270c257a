"""Which role permits which action: the table of §2.2 and §2.3, cell by cell, and Azure's matching."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aml.entities.role import BUILT_IN, Role, role_from_json, whole, within

COLUMNS = {
    "O": "Owner",
    "C": "Contributor",
    "R": "Reader",
    "D": "AzureML Data Scientist",
    "P": "AzureML Compute Operator",
    "S": "Azure Machine Learning Workspace Connection Secrets Reader",
}
TABLE = """
    read                                                O C R D . .
    write                                               O C . . . .
    delete                                              O C . . . .
    listKeys/action                                     O C . . . .
    jobs/read                                           O C R D . .
    jobs/write                                          O C . D . .
    jobs/delete                                         O C . D . .
    jobs/cancel/action                                  O C . D . .
    experiments/runs/submit/action                      O C . D . .
    metadata/codes/versions/write                       O C . D . .
    metadata/artifacts/write                            O C . D . .
    computes/read                                       O C R D P .
    computes/write                                      O C . . P .
    computes/delete                                     O C . . P .
    computes/start/action                               O C . D P .
    computes/stop/action                                O C . D P .
    computes/restart/action                             O C . D P .
    computes/listNodes/action                           O C . D P .
    computes/listKeys/action                            O C . . P .
    computes/applicationaccess/action                   O C . D P .
    computes/updateIdleShutdownSetting/action           O C . D P .
    notebooks/vm/write                                  O C . D P .
    data/read                                           O C R D . .
    data/write                                          O C . D . .
    data/versions/read                                  O C R D . .
    data/versions/write                                 O C . D . .
    datasets/registered/write                           O C . D . .
    models/read                                         O C R D . .
    models/versions/write                               O C . D . .
    environments/versions/write                         O C . D . .
    environments/build/action                           O C . D . .
    environments/readSecrets/action                     O C . D . .
    components/versions/read                            O C R D . .
    components/versions/write                           O C . D . .
    datastores/read                                     O C R D . .
    datastores/write                                    O C . D . .
    datastores/delete                                   O C . D . .
    datastores/listsecrets/action                       O C . D . .
    connections/read                                    O C R D . .
    connections/listsecrets/action                      O C . D . S
    metadata/secrets/read                               O C R D . S
    metadata/secrets/write                              O C . D . .
    schedules/write                                     O C . D . .
    schedules/delete                                    O C . D . .
    onlineEndpoints/read                                O C R D . .
    onlineEndpoints/write                               O C . D . .
    onlineEndpoints/deployments/delete                  O C . D . .
    onlineEndpoints/listKeys/action                     O C . D . .
    onlineEndpoints/score/action                        O C . D . .
    batchEndpoints/jobs/write                           O C . D . .
    hubs/write                                          O C . . . .
    featurestores/delete                                O C . . . .
    Microsoft.Authorization/roleAssignments/read        O C R . . .
    Microsoft.Authorization/roleAssignments/write       O . . . . .
    Microsoft.Authorization/roleAssignments/delete      O . . . . .
    Microsoft.Authorization/roleDefinitions/write       O . . . . .
    Microsoft.Authorization/elevateAccess/action        O . . . . .
    Microsoft.Resources/subscriptions/resourceGroups/read   O C R . . .
    Microsoft.Resources/subscriptions/resourceGroups/write  O C . . . .
    Microsoft.Storage/storageAccounts/listKeys/action   O C . . . .
"""
ROLES = {role.name: role for role in BUILT_IN}


def cells() -> list[tuple[str, str, bool]]:
    """(role, action, whether it may) for each cell of the table."""
    rows = [line.split() for line in TABLE.splitlines() if line.strip()]
    letters = list(COLUMNS)
    return [
        (COLUMNS[letter], action, marks[place] == letter)
        for action, *marks in rows
        for place, letter in enumerate(letters)
    ]


def role(actions: list[str], not_actions: list[str] | None = None) -> Role:
    fields = {
        "Name": "mine",
        "Actions": actions,
        "NotActions": not_actions or [],
        "AssignableScopes": ["/subscriptions/1"],
    }
    return role_from_json(fields)


@pytest.mark.parametrize(("name", "action", "may"), cells())
def test_a_built_in_role_permits_what_the_table_says(name: str, action: str, may: bool) -> None:
    assert ROLES[name].permits(whole(action)) is may


def test_the_table_is_no_small_one() -> None:
    assert len(cells()) >= 120


def test_registries_are_another_provider_path_than_workspaces() -> None:
    user = ROLES["AzureML Registry User"]
    assert user.permits("Microsoft.MachineLearningServices/registries/assets/read")
    assert not user.permits(whole("models/read"))


def test_case_does_not_matter() -> None:
    assert role(["microsoft.machinelearningservices/WORKSPACES/jobs/Write"]).permits(whole("JOBS/write"))


def test_a_star_takes_any_run_of_characters_slashes_too() -> None:
    assert role([whole("data/*")]).permits(whole("data/versions/write"))
    assert role([whole("*/write")]).permits(whole("a/b/c/write"))
    assert role([whole("compute*/read")]).permits(whole("computes/read"))
    assert not role([whole("data/*")]).permits(whole("datastores/read"))


def test_a_star_between_slashes_may_be_nothing() -> None:
    assert role([whole("computes/*/write")]).permits(whole("computes/write"))
    assert role([whole("*/read")]).permits(whole("read"))


def test_a_pattern_matches_the_whole_action_and_nothing_else_in_it_is_special() -> None:
    assert not role([whole("jobs/read")]).permits(whole("jobs/read/action"))
    assert not role(["Microsoft.X/a.c/read"]).permits("Microsoft.X/abc/read")
    assert not role([whole("jobs/read")]).permits(f"{whole('jobs/read')}\n")


def test_what_a_role_excepts_it_does_not_permit() -> None:
    mine = role(["*"], [whole("*/delete"), "Microsoft.Authorization/*"])
    assert mine.permits(whole("jobs/write"))
    assert not mine.permits(whole("jobs/delete"))
    assert not mine.permits(whole("delete"))
    assert not mine.permits("Microsoft.Authorization/roleAssignments/write")


@pytest.mark.parametrize(
    ("scope", "above", "is_within"),
    [
        ("/subscriptions/1/resourceGroups/r", "/subscriptions/1", True),
        ("/subscriptions/1", "/subscriptions/1/", True),
        ("/Subscriptions/ONE/resourcegroups/R", "/subscriptions/one/resourceGroups/r", True),
        ("/subscriptions/1", "/", True),
        ("/subscriptions/10", "/subscriptions/1", False),
        ("/subscriptions/1", "/subscriptions/1/resourceGroups/r", False),
    ],
)
def test_a_scope_reaches_what_lies_below_it(scope: str, above: str, is_within: bool) -> None:
    assert within(scope, above) is is_within


PARTS = st.lists(st.sampled_from(["a", "B", "ab", "*", "a*", "*b", "x.y"]), min_size=1, max_size=5).map("/".join)
ACTIONS = st.lists(st.sampled_from(["a", "b", "ab", "aab", "xzy", "x.y"]), min_size=1, max_size=5).map("/".join)


def matches(pattern: str, action: str) -> bool:
    """The rule of §2.1 once more, a character at a time."""
    if not pattern:
        return not action
    if pattern.startswith("/*/") and matches(pattern[2:], action):
        return True
    if pattern[0] == "*":
        return any(matches(pattern[1:], action[place:]) for place in range(len(action) + 1))
    return action[:1].lower() == pattern[0].lower() and matches(pattern[1:], action[1:])


def patterns(parts: Iterable[str]) -> list[str]:
    return [f"Microsoft.X/{part}" for part in parts]


@given(st.lists(PARTS, min_size=1, max_size=3), st.lists(PARTS, max_size=3), ACTIONS)
def test_a_role_permits_what_one_pattern_grants_and_none_excepts(
    granted: list[str], excepted: list[str], action: str
) -> None:
    one = role(patterns(granted), patterns(excepted))
    said, barred = (any(matches(f"/{part}", f"/{action}") for part in parts) for parts in (granted, excepted))
    assert one.permits(f"Microsoft.X/{action}") is (said and not barred)
