"""Claims about what is printed: `--query`, tables, tabs, and what is said beside it."""

import yaml
from click.shell_completion import ShellComplete

from jupyter_aml.cli.main import aml as front
from tests.journeys.cli.conftest import Aml

ROWS = "[].{name:name, most:max_instances}"


def test_a_query_picks_and_renames(aml: Aml) -> None:
    assert aml("compute", "list", "--query", "[].name").json == ["local-cluster"]
    assert aml("compute", "list", "--query", "length(@)").json == 1
    assert aml("compute", "show", "-n", "local-cluster", "--query", "{n: name}").json == {"n": "local-cluster"}
    assert aml("compute", "show", "-n", "local-cluster", "--query", "nothing").out == "null\n"


def test_a_query_in_every_format(aml: Aml) -> None:
    most = aml("compute", "show", "-n", "local-cluster", "--query", "max_instances").json
    table = aml("compute", "list", "--query", ROWS, "-o", "table").out.splitlines()
    assert [line.split() for line in table] == [["Name", "Most"], ["-" * 13, "----"], ["local-cluster", str(most)]]
    assert aml("compute", "list", "--query", ROWS, "-o", "tsv").out == f"local-cluster\t{most}\n"
    assert aml("compute", "list", "--query", "[].[name, type]", "-o", "table").out.split()[:2] == ["Column1", "Column2"]
    assert aml("compute", "list", "--query", "[].name", "-o", "table").out.split() == [
        "Result",
        "-" * 13,
        "local-cluster",
    ]
    assert yaml.safe_load(aml("compute", "list", "--query", ROWS, "-o", "yaml").out) == [
        {"name": "local-cluster", "most": most}
    ]
    assert aml("compute", "list", "--query", "[?name=='none']", "-o", "table").out == ""


def test_tabs_are_for_scripts(aml: Aml) -> None:
    assert aml("group", "exists", "-n", "none", "-o", "tsv").out == "false\n"
    assert aml("compute", "show", "-n", "local-cluster", "--query", "name", "-o", "tsv").out == "local-cluster\n"


def test_a_bad_query_is_refused_before_anything_is_done(aml: Aml) -> None:
    said = aml("group", "create", "-n", "lab", "--query", "[?")
    assert said.code == 2
    assert "--query" in said.err
    assert aml("group", "list").json == []


def test_a_table_leaves_out_what_nobody_has(aml: Aml) -> None:
    aml("data", "create", "-n", "iris", "--path", "azureml://datastores/workspaceblobstore/paths/x/")
    aml("data", "create", "-n", "iris", "--path", "azureml://datastores/workspaceblobstore/paths/y/")
    assert aml("data", "list", "-o", "table").out.split() == ["Name", "Latest", "----", "------", "iris", "2"]
    titles, _, newest, _ = aml("data", "list", "-n", "iris", "-o", "table").out.splitlines()
    assert titles.split() == ["Name", "Version", "Type", "Created", "Path"]
    assert newest.endswith("azureml://datastores/workspaceblobstore/paths/y/")


def test_a_list_says_when_it_stops(aml: Aml) -> None:
    said = aml("compute", "list-sizes", "-o", "none")
    assert (said.out, said.err) == ("", "")
    said = aml("datastore", "list", "--max-results", "1")
    assert len(said.json) == 1
    assert said.err == "Displaying top 1 results from the list command.\n"


OFFERED = [
    (["data"], "cr", ["create"]),
    (["data", "show", "-n"], "ir", ["iris"]),
    (["data", "show", "-n", "iris", "--version"], "", ["2", "1"]),
    (["compute", "create", "--type"], "AmlC", ["amlcompute"]),
    (["role", "assign", "--role"], "Con", ["Contributor"]),
    (["datastore", "show", "--name"], "workspacef", ["workspacefilestore"]),
]


def test_tab_in_a_shell_offers_names(aml: Aml) -> None:
    for place in ("x", "y"):
        aml("data", "create", "-n", "iris", "--path", f"azureml://datastores/workspaceblobstore/paths/{place}/")
    shell = ShellComplete(front, {}, "aml", "_AML_COMPLETE")
    for typed, begun, offered in OFFERED:
        assert [item.value for item in shell.get_completions(typed, begun)] == offered
