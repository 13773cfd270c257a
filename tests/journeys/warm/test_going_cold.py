"""What a warm worker must not run starts cold, says why, and runs all the same."""

import pytest

from jupyter_aml.entities.launch import InputSpec, WarmPlan
from tests.contracts.executors.yard import Yard

MAIN = "import numpy, sys; print(numpy.__name__, sys.argv[1:])"
NUMPY = WarmPlan(("numpy",))


def test_the_rules_own_answer_is_warm_for_a_plain_program(yard: Yard) -> None:
    attempt, outcome = yard.run_warm("python main.py 1", {"main.py": MAIN})
    assert (outcome.warm, outcome.exit_code, attempt.log()) == (True, 0, "numpy ['1']\n")
    assert "started    warm" in attempt.story


@pytest.mark.parametrize(
    ("command", "files", "variables", "reason"),
    [
        ("python main.py | cat", {"main.py": MAIN}, {}, "needs a shell"),
        ("python main.py", {"main.py": MAIN}, {"OMP_NUM_THREADS": "1"}, "OMP_NUM_THREADS"),
        ("python main.py", {"main.py": MAIN}, {"JUPYTER_AML_WARM": "0"}, "the job asks for it"),
        ("python main.py", {"main.py": MAIN, "numpy.py": ""}, {}, "hides the library 'numpy'"),
        ("python main.py", {"main.py": f"try: import torch\nexcept ImportError: pass\n{MAIN}"}, {}, "torch"),
    ],
)
def test_what_the_rule_sends_cold_runs_cold(
    yard: Yard, command: str, files: dict[str, str], variables: dict[str, str], reason: str
) -> None:
    attempt, outcome = yard.run_warm(command, files, environment_variables=variables)
    assert (outcome.warm, outcome.exit_code) == (False, 0), outcome.error
    assert reason in outcome.cold_because
    assert reason in attempt.story
    assert attempt.log() == ("numpy []\n")


def test_a_value_that_needs_a_shell_is_noticed_in_the_last_moment(yard: Yard) -> None:
    inputs = {"x": InputSpec("string", "$((1 + 2)) *.py")}
    attempt, outcome = yard.run_warm("python main.py ${{inputs.x}}", {"main.py": MAIN}, inputs=inputs)
    assert (outcome.warm, outcome.cold_because) == (False, "its command needs a shell")
    assert attempt.log() == "numpy ['3', 'main.py']\n"


def test_a_path_with_spaces_and_quotes_stays_warm(yard: Yard) -> None:
    inputs = {"x": InputSpec("uri_folder", str(yard.root))}
    attempt, outcome = yard.run_warm("python main.py ${{inputs.x}}", {"main.py": MAIN}, inputs=inputs)
    assert outcome.warm
    assert attempt.log() == f"numpy {[str(yard.root)]}\n"


@pytest.mark.parametrize("name", ["mlflow.py", "json/__init__.py", "jupyter_aml.py"])
def test_a_file_that_hides_any_held_module_is_noticed_in_the_last_moment(yard: Yard, name: str) -> None:
    attempt, outcome = yard.run("python main.py", {"main.py": MAIN, name: ""}, warm=NUMPY)
    assert not outcome.warm
    assert "hides a module that the warm worker holds" in outcome.cold_because
    assert attempt.log() == "numpy []\n"


def test_a_folder_of_data_named_like_a_module_hides_nothing(yard: Yard) -> None:
    assert yard.run("python main.py", {"main.py": MAIN, "pandas/rows.csv": ""}, warm=NUMPY)[1].warm


def test_a_script_that_a_signal_ended_is_cold_from_then_on(yard: Yard) -> None:
    crash = {"main.py": "import numpy, os; os.abort()"}
    first = yard.run("python main.py", crash, warm=NUMPY)[1]
    second = yard.run("python main.py", crash, warm=NUMPY)[1]
    assert (first.warm, first.exit_code) == (True, 134)
    assert (second.warm, second.exit_code) == (False, 134)
    assert second.cold_because == "its last warm run was ended by a signal"
    assert yard.run("python main.py", {"main.py": MAIN}, warm=NUMPY)[1].warm
