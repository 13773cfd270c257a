"""Claims about the magics of the workspace's nouns, made in a real kernel: values, cells, refusals, secrets, Tab."""

import re
from typing import TYPE_CHECKING

from jupyter_aml.verbs import MAGICS

if TYPE_CHECKING:
    from tests.journeys.magics.conftest import Kernel

URI = "azureml://datastores/workspaceblobstore/paths"
STORE = (
    "name: lake\ntype: azure_blob\naccount_name: a\ncontainer_name: c\ncredentials:\n  account_key: a2V5IG9mIGxha2U="
)


def test_a_list_is_a_value_that_shows_itself(kernel: "Kernel") -> None:
    kernel.run(f"%aml_data create iris --path {URI}/x/ --tags a=b c=d")
    kernel.run(f"%aml_data create iris --path {URI}/y/ --description '<b>bold</b>'")
    seen = kernel.run("%aml_data list iris")
    assert [line.split()[:3] for line in seen.text.splitlines()] == [
        ["Name", "Version", "Type"],
        ["iris", "2", "uri_folder"],
        ["iris", "1", "uri_folder"],
    ]
    assert "<table" in seen.html[-1]
    assert "&lt;b&gt;bold&lt;/b&gt;" in seen.html[-1]
    assert "<b>bold" not in seen.html[-1]
    kernel.run("found = %aml_data list iris")
    assert kernel.value("len(found), found[0].version, [one.tags for one in found][1]") == "2 2 {'a': 'b', 'c': 'd'}"
    assert kernel.value("list(found.to_frame().Version)") == "['2', '1']"


def test_one_thing_is_the_sdks_own_value(kernel: "Kernel") -> None:
    kernel.run(f"%aml_data create iris --path {URI}/x/")
    kernel.run(f"%aml_data create iris --path {URI}/y/")
    for line, version in (("iris", "2"), ("iris:1", "1"), ("iris@latest", "2"), ("iris --version 1", "1")):
        kernel.run(f"one = %aml_data show {line}")
        assert kernel.value("type(one).__name__, one.version") == f"Data {version}"
    seen = kernel.run("one")
    assert seen.text.startswith("Data({'name': 'iris'")
    assert "<dt>name<dd>iris" in seen.html[-1]


def test_what_was_done_and_what_is_missing_are_said_by_name(kernel: "Kernel") -> None:
    kernel.run(f"%aml_data create iris --path {URI}/x/")
    assert kernel.run("%aml_data archive iris:1").text == "Archived iris:1.\n"
    assert kernel.run("%aml_data archive iris").text == "Archived iris.\n"
    assert kernel.run("%aml_data list").text == "No data assets."
    assert kernel.run("%aml_compute list-nodes local-cluster").text == "No nodes."


def test_a_cell_is_a_yaml_and_an_option_wins_over_it(kernel: "Kernel") -> None:
    seen = kernel.run(f"%%aml_datastore create --set description=deep\n{STORE}")
    assert seen.status == "ok", seen.text
    assert "a2V5IG9mIGxha2U=" not in seen.text + "".join(seen.html)
    assert "deep" in kernel.run("%aml_datastore list").text
    kernel.run("import os; os.mkdir('src'); open('src/run.py', 'w').write('print(1)')")
    component = "name: step\ntype: command\ncode: ./src\ncommand: python run.py\nenvironment: azureml:kernel@latest"
    assert kernel.run(f"%%aml_component\n{component}").status == "ok"
    kernel.run("step = %aml_component show step")
    assert kernel.value("step.version, step.command") == "1 python run.py"


REFUSED = [
    ("%aml_data lst", "Did you mean 'list'?"),
    ("%aml_data show", "show needs its name.\n%aml_data show NAME"),
    ("%aml_data show iriss", "Did you mean 'iris'?"),
    ("%aml_data show iris:9", "iris"),
    ("%aml_data show iris@newest", "newest"),
    ("%aml_data show iris --verson 1", "Did you mean '--version'?"),
    ("%aml_data list iris two", "Not expected here: 'two'."),
    ("%aml_data create iris --path ./nowhere", "No such file or directory"),
    ("%aml_data create iris --type uri_flder", "Did you mean 'uri_folder'?"),
    ("%aml_data create a --name b", "Two names were given"),
    ("%%aml_data\nname: iris\npth: x", "Did you mean 'path'?"),
    ("%%aml_data\nname: [", "the cell is not YAML"),
    ("%%aml_data list\nname: x", "takes no cell"),
    ("%%aml_data\n ", "The cell is empty."),
    ("%aml_data share iris", "there are no registries here yet"),
    ("%aml_compute create c --type AmlCompute --max-instances -1", "--max-instances"),
    ("%aml_compute delete local-cluster", "Add --yes if that is meant."),
    ("%aml_compute start local-cluster", "local-cluster"),
    ("%aml_role assign --role Reader", "assign needs the user."),
    ("%aml_role definition crate", "Did you mean 'create'?"),
    ("%aml_environment show nothing", "nothing"),
    ("%aml_workspace delete default", "Add --yes if that is meant."),
    ("%aml_secret show nobody", "There is no secret 'nobody'."),
    ("%%aml_role\n{", "not JSON"),
]


def test_what_cannot_be_is_refused_in_plain_words(kernel: "Kernel") -> None:
    kernel.run(f"%aml_data create iris --path {URI}/x/")
    for cell, said in REFUSED:
        seen = kernel.run(cell)
        assert (seen.status, said in seen.text, "Traceback" in seen.text) == ("error", True, False), (cell, seen.text)
    assert kernel.value("len(__import__('jupyter_aml').MLClient.default().facts.since())") == "1"


def test_a_secret_is_never_echoed(kernel: "Kernel") -> None:
    for line in ("set key hush-hush", "set key --value hush-hush", "set key --content-type note hush-hush"):
        seen = kernel.run(f"%aml_secret {line}")
        assert seen.status == "error"
        assert "hush-hush" not in seen.text + seen.error + "".join(seen.html)
        assert "clear the cell" in seen.text
    assert "nobody is here to type it" in kernel.run("%aml_secret set key").text
    assert kernel.run("%aml_secret set key", answer="hush-hush").text == "Value of key: Kept key.\n"
    shown = kernel.run("%aml_secret show key")
    assert (shown.text, shown.html) == ("'******'", [])
    kernel.run("value = %aml_secret show key")
    assert kernel.value("value == 'hush-hush', len(value)") == "True 9"
    assert "hush-hush" not in kernel.run("%aml_secret").text
    line = "%aml_datastore create lake --account-name a --container-name c --ask account_key"
    seen = kernel.run(line, answer="aHVzaA==")
    assert seen.status == "ok"
    assert "aHVzaA==" not in seen.text + "".join(seen.html)
    stored = "__import__('jupyter_aml').MLClient.default().datastores.get('lake', include_secrets=True).secrets()"
    assert kernel.value(stored) == "{'credentials.account_key': 'aHVzaA=='}"


def test_a_role_is_rehearsed_and_left_again(kernel: "Kernel") -> None:
    kernel.run("%aml_role assign --role Reader --assignee ann")
    assert "is_owner   False" in kernel.run("%aml_role as ann").text
    denied = kernel.run(f"%aml_data create iris --path {URI}/x/")
    assert "(AuthorizationFailed) The client 'ann'" in denied.text
    assert kernel.run("%aml_data").text == "No data assets."
    assert "is_owner   True" in kernel.run("%aml_role as").text
    assert kernel.run(f"%aml_data create iris --path {URI}/x/").status == "ok"


def test_a_workspace_is_made_entered_and_deleted(kernel: "Kernel") -> None:
    assert kernel.run("%aml_workspace create lab --description 'a second one'").status == "ok"
    assert "a second one" in kernel.run("%aml_workspace list").text
    kernel.run("%aml_workspace lab")
    kernel.run(f"%aml_data create iris --path {URI}/x/")
    kernel.run("%aml_workspace default")
    assert kernel.run("%aml_data").text == "No data assets."
    assert kernel.run("%aml_workspace delete lab --yes").text == "Deleted workspace lab.\n"
    assert "lab" not in kernel.run("%aml_workspace list").text


def test_tab_completes_verbs_names_versions_and_labels(kernel: "Kernel") -> None:
    for place in ("x", "y"):
        kernel.run(f"%aml_data create iris --path {URI}/{place}/")
    assert kernel.completions("%aml_data sh") == ["show"]
    assert kernel.completions("%aml_data show ir") == ["iris"]
    assert sorted(kernel.completions("%aml_data show iris:")) == ["iris:1", "iris:2"]
    assert kernel.completions("%aml_data show iris@") == ["iris@latest"]
    assert sorted(kernel.completions("%aml_data show iris --version ")) == ["1", "2"]
    assert kernel.completions("%aml_data show iris --la") == ["--label"]
    assert kernel.completions("%aml_data create x --type uri_fo") == ["uri_folder"]
    assert kernel.completions("%aml_compute stop local-") == ["local-cluster"]
    assert kernel.completions("%aml_role assign --role Rea") == ["Reader"]
    assert set(kernel.completions("%aml_role assi")) == {"assign", "assignments", "assignment"}
    assert kernel.completions("%aml_role assignment cr") == ["create"]
    assert kernel.completions("%aml_workspace def") == ["default"]
    assert kernel.completions("%aml_workspace cre") == ["create"]
    assert kernel.completions("%%aml_datastore create --des") == ["--description"]
    assert "kernel@latest" in kernel.completions("%%aml_job --environment ker")


def test_every_magic_explains_itself_and_its_example_runs(kernel: "Kernel") -> None:
    for name in MAGICS:
        shown = kernel.value(f"get_ipython().find_line_magic('aml_{name}').__doc__")
        assert f"%aml_{name} list" in shown
        example = re.split(r"-{8}\n", shown)[1].strip()
        assert kernel.run(example).status == "ok", example
