"""Claims about the magics of jobs, made in a real kernel against real jobs."""

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.magics.conftest import Kernel


def test_a_cell_becomes_a_job_with_the_variables_it_uses(kernel: "Kernel") -> None:
    kernel.run("base = 40\ndef plus(a): return a + base\nunused = object()")
    seen = kernel.run("%%aml_job --experiment cells --input more=2 --wait\nprint('made', plus(more))\nplus(more) * 2")
    assert seen.status == "ok", seen.error + seen.text
    assert "Taken along: " in seen.text
    assert all(name in seen.text for name in ("plus (function", "base (int"))
    assert "unused" not in seen.text
    log = kernel.run("%aml_job stream").text
    assert "made 42\n84\n" in log
    assert kernel.value("_aml_job.experiment_name") == "cells"


def test_the_view_ends_as_a_page_that_shows_the_end(kernel: "Kernel") -> None:
    seen = kernel.run("%%aml_job --wait\nprint('seen at the end')")
    assert "Completed" in seen.html[-1]
    assert "seen at the end" in seen.html[-1]
    assert "<script" not in seen.html[-1]


def test_a_shell_command_runs_in_a_copy_of_the_folder(kernel: "Kernel") -> None:
    kernel.run("%%writefile train.py\nimport sys; print('trained with', sys.argv[1:])")
    seen = kernel.run("%%aml_job --code . --input rate=0.5 --wait\npython train.py --rate ${{inputs.rate}}")
    assert seen.status == "ok", seen.text
    assert "trained with ['--rate', '0.5']" in kernel.run("%aml_job stream").text


def test_a_failing_cell_is_named_by_cell_and_line(kernel: "Kernel") -> None:
    seen = kernel.run("%%aml_job --wait\n\nx = 1\nx / 0")
    assert seen.status == "error"
    assert f"In [{seen.number}]>" in seen.text
    assert "line 4" in seen.text
    assert "ZeroDivisionError" in seen.text


REFUSED = [
    ("%%aml_job --comptue x\n1", "Did you mean '--compute'?"),
    ("%%aml_job --compute lokal-cluster\n1", "Did you mean 'local-cluster'?"),
    ("%%aml_job --environment kernal@latest\n1", "Did you mean 'kernel'?"),
    ("%%aml_job --code nowhere\nls", "code: No such file or directory: nowhere"),
    ("%%aml_job --code .\n ", "The cell is empty"),
    ("%%aml_job --code empty\nls", "is empty"),
    ("%%aml_job --name a/b\n1", "'a/b' is not a valid job name"),
    ("%%aml_job --code here\necho ${{inputs.rat}}", "Inputs to job does not contain 'rat'"),
    ("%%aml_job --wait --no-wait\n1", "exclude each other"),
    ("%%aml_job\ny = 1\nx = (", "SyntaxError"),
    ("%%aml_job\nprint(undefined_name)", "undefined_name"),
    ("%%aml_job\n%timeit 1", "line 2"),
    ("%%aml_job\n!ls", "line 2"),
    ("%%aml_job\nprint(lock)", "lock"),
    ("%%aml_job\nprint(len(big))", "100"),
    ("%aml_job strem x", "Did you mean 'stream'?"),
    ("%aml_job show no_such_job", "Not found job"),
    ("%aml_jobs --status Runing", "Did you mean 'Running'?"),
    ("%aml_jobs --max -3", "at least 1 is expected, found -3"),
    ("%aml_workspace a", "'a' is not a valid workspace name"),
]


def test_bad_input_is_refused_in_plain_words_before_anything_is_stored(kernel: "Kernel") -> None:
    kernel.run(
        "import os, threading\nlock = threading.Lock()\nbig = bytearray(101 << 20)\n"
        "os.mkdir('empty'); os.mkdir('here'); open('here/a', 'w').close()"
    )
    for cell, said in REFUSED:
        seen = kernel.run(cell)
        assert (seen.status, said in seen.text, "Traceback" in seen.text) == ("error", True, False), (cell, seen.text)
    assert kernel.run("%aml_jobs").text.strip() == "No jobs."
    assert kernel.value("len(__import__('jupyter_aml').MLClient.default().facts.since())") == "0"


def test_tab_completes_options_names_and_verbs(kernel: "Kernel") -> None:
    kernel.run("%%aml_job --experiment tabs --name tab_job --wait\n1")
    kernel.run("import os; os.mkdir('source')")
    assert "--compute" in kernel.completions("%%aml_job --com")
    assert kernel.completions("%%aml_job --compute local-") == ["local-cluster"]
    assert "kernel@latest" in kernel.completions("%%aml_job --environment ker")
    assert kernel.completions("%aml_jobs --experiment ta") == ["tabs"]
    assert kernel.completions("%aml_jobs --status Comp") == ["Completed"]
    assert kernel.completions("%aml_job str") == ["stream"]
    assert "tab_job" in kernel.completions("%aml_job show ")
    assert kernel.completions("%%aml_job --code so") == ["source/"]
    assert "import" in kernel.completions("%%aml_job\nimpor")


@pytest.mark.parametrize("magic", ["aml_job", "aml_jobs", "aml_sweep", "aml_workspace"])
def test_the_examples_of_the_help_run(kernel: "Kernel", magic: str) -> None:
    kernel.run("%%aml_job --wait\n1")
    shown = kernel.value(f"get_ipython().find_line_magic('{magic}').__doc__")
    assert "{options}" not in shown
    examples = re.split(r"\n\s*\n", shown.split("--------\n", 1)[1].strip())
    for example in examples:
        lines = "\n".join(line.removeprefix("        ") for line in example.splitlines()).strip()
        seen = kernel.run(lines)
        assert seen.status == "ok", f"{lines}\n{seen.text}{seen.error}"


def test_another_workspace_is_another_history(kernel: "Kernel") -> None:
    kernel.run("%%aml_job --wait\n1")
    assert "playground" in kernel.run("%aml_workspace playground").text
    assert kernel.run("%aml_jobs").text.strip() == "No jobs."
    assert kernel.value("__import__('jupyter_aml').MLClient.default().workspace_name") == "playground"
    assert "playground" in kernel.value("__import__('os').environ['MLFLOW_TRACKING_URI']")


def test_mlflow_logs_to_the_workspace_with_no_set_up(kernel: "Kernel") -> None:
    kernel.run(
        "%%aml_job --name logs_here --wait\nimport mlflow\nmlflow.log_metric('loss', 0.5)\nmlflow.log_param('c', 1)"
    )
    assert kernel.value("__import__('mlflow').get_run('logs_here').data.metrics") == "{'loss': 0.5}"


def test_download_puts_the_files_here(kernel: "Kernel") -> None:
    kernel.run(
        "%%aml_job --output model --wait\nopen('outputs/a.txt','w').write('a')\nopen(model + '/m','w').write('m')"
    )
    assert "Downloaded to" in kernel.run("%aml_job download --all").text
    assert kernel.value("open('artifacts/outputs/a.txt').read()") == "a"
    assert kernel.value("open('named-outputs/model/m').read()") == "m"


def test_the_workspace_stays_the_same_when_the_folder_changes(kernel: "Kernel") -> None:
    kernel.run(
        "import os; os.makedirs('proj'); open('proj/config.json', 'w').write("
        '\'{"subscription_id": "s", "resource_group": "g", "workspace_name": "projws"}\')'
    )
    kernel.run("%cd proj")
    assert kernel.value("__import__('jupyter_aml').MLClient.default().workspace_name") == "default"
    assert "projws" in kernel.run("%aml_workspace --path .").text
    assert kernel.value("__import__('jupyter_aml').MLClient.default().workspace_name") == "projws"


def test_a_file_name_that_is_taken_as_text_is_said(kernel: "Kernel") -> None:
    kernel.run("open('data.csv', 'w').write('1,2')")
    seen = kernel.run("%%aml_job --input data=data.csv --wait\nprint(repr(data))")
    assert "For the file's data: --input data=./data.csv" in seen.text
