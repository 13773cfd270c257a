"""Claims about things as plain mappings and cells of a table."""

from jupyter_aml.entities import AzureBlobDatastore
from jupyter_aml.entities.compute import Usage, UsageName
from jupyter_aml.entities.role import BUILT_IN
from jupyter_aml.verbs.value import at, cells, filled, plain, plain_one, short

KEY = "a2V5IG9mIHRoZSBsYWtl"


def test_a_secret_never_comes_along() -> None:
    store = AzureBlobDatastore.of(
        {"name": "lake", "account_name": "a", "container_name": "c", "credentials": {"account_key": KEY}}
    )
    assert KEY not in str(plain(store))
    assert at(plain_one(store), "credentials.type") == "account_key"


def test_dataclasses_and_roles_are_mappings_to_the_bottom() -> None:
    usage = Usage("id", UsageName("cores"), 1, 2)
    assert at(plain_one(usage), "name.value") == "cores"
    assert plain_one(BUILT_IN[2])["Actions"] == ["*/read"]


def test_text_and_numbers_stay_what_they_are() -> None:
    assert plain("x") == "x"
    assert plain(True) is True
    assert plain([{"a": 1}]) == [{"a": 1}]


def test_a_container_shows_only_what_is_its_own() -> None:
    columns = (("Name", "name"), ("Version", "version"), ("Latest", "latest_version"), ("Type", "type"))
    container = {"name": "iris", "version": None, "latest_version": "3", "type": "uri_folder"}
    assert cells(container, columns) == ["iris", "", "3", ""]
    assert cells({**container, "latest_version": None}, columns) == ["iris", "", "", ""]  # every version is archived
    assert cells({**container, "version": "3"}, columns) == ["iris", "3", "3", "uri_folder"]


def test_columns_that_hold_nothing_are_left_out_but_the_first() -> None:
    assert filled(["A", "B", "C"], [["", "", "c"], ["", "", ""]]) == (["A", "C"], [["", "c"], ["", ""]])
    assert filled(["A", "B"], []) == (["A", "B"], [])


def test_people_read_short_uris_and_whole_seconds() -> None:
    scope = "subscriptions/s/resourcegroups/g/workspaces/w"
    assert short(f"azureml://{scope}/datastores/d/paths/x/") == "azureml://datastores/d/paths/x/"
    assert short("2026-11-25T19:37:48.350773Z") == "2026-11-25 19:37:48"
    assert short("2026-11-25") == "2026-11-25"
