"""The import hooks: who else looks for modules finds them as ever; start-up files of others run."""

import os
import subprocess
import sys
import textwrap
import venv
from pathlib import Path

import pytest

import jupyter_aml
from jupyter_aml.entities.emulation import MARK, SITE
from tests.unit.emulation.conftest import ALONE, LOAD, told


def test_given_back_the_import_system_is_what_it_was() -> None:
    assert told("import sys\nbefore = list(sys.meta_path)\n" + LOAD + textwrap.dedent("""
        stop()
        print(sys.meta_path == before)
    """), JUPYTER_AML_OLD_NUMPY="1") == "True"  # fmt: skip


def test_a_module_that_somebody_only_looked_for_is_joined_when_it_is_imported() -> None:
    code = """
        import importlib.util, jupyter_aml
        jupyter_aml.emulate()
        assert importlib.util.find_spec("azure.core.exceptions") and importlib.util.find_spec("numpy")
        import azure.core.exceptions, numpy
        from jupyter_aml.exceptions import ResourceNotFoundError
        print(issubclass(ResourceNotFoundError, azure.core.exceptions.ResourceNotFoundError), numpy.float is float)
    """
    assert told(code, JUPYTER_AML_OLD_NUMPY="1").split() == ["True", "True"]


def test_a_start_up_file_of_somebody_elses_that_fails_takes_the_names_from_no_job(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("raise RuntimeError('theirs')\n")
    site = Path(jupyter_aml.__file__).parent / SITE
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), str(tmp_path)])}
    code = "import azure.ai.ml; print(azure.ai.ml.MLClient.__module__)"
    ran = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("jupyter_aml.")
    assert "theirs" in ran.stderr


def test_an_azure_package_that_is_installed_later_is_found(tmp_path: Path) -> None:
    for name in ("azure/vaults", "azure/core"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "__init__.py").write_text("from azure.core.exceptions import AzureError\nREAL = True\n")
    (tmp_path / "azure" / "core" / "exceptions.py").write_text(
        "class AzureError(Exception): ...\nclass HttpResponseError(AzureError): ...\n"
        "class ResourceExistsError(HttpResponseError): ...\nclass ResourceNotFoundError(HttpResponseError): ...\n"
    )
    assert told(ALONE + LOAD + textwrap.dedent(f"""
        import azure.ai.ml, azure.core.exceptions
        from jupyter_aml.exceptions import MlException, ValidationException
        try:
            import azure.vaults
        except ModuleNotFoundError as error:
            print(error)
        importlib.machinery.PathFinder.find_spec = real
        sys.path.insert(0, {str(tmp_path)!r})
        import azure.vaults, azure.ai.ml
        print(azure.vaults.REAL, azure.core.REAL, azure.ai.ml.MLClient.__module__)
        print(issubclass(ValidationException, azure.vaults.AzureError))
    """)).splitlines() == [
        "No module named 'azure.vaults'", "True True jupyter_aml.client", "True",
    ]  # fmt: skip


def test_a_module_that_was_joined_keeps_its_own_loader_and_can_be_copied_and_loaded_again() -> None:
    assert told("""
        import copy, importlib, jupyter_aml
        jupyter_aml.emulate()
        looked = copy.deepcopy(importlib.util.find_spec("azure.core.exceptions")).name
        import azure.core.exceptions as azures, numpy
        for module in (azures, numpy):
            assert module.__spec__.loader is module.__loader__
            assert type(module.__loader__).__name__ == "SourceFileLoader"
        again = importlib.reload(azures)
        from jupyter_aml.exceptions import ResourceNotFoundError
        print(looked, issubclass(ResourceNotFoundError, again.ResourceNotFoundError), numpy.float is float)
    """, JUPYTER_AML_OLD_NUMPY="1") == "azure.core.exceptions True True"  # fmt: skip


def test_a_list_of_hooks_that_somebody_replaced_is_the_one_that_counts() -> None:
    assert told(LOAD + textwrap.dedent("""
        import sys
        class Old:
            "A finder of the time before find_spec."
        sys.meta_path = [*sys.meta_path, Old()]
        import azure.identity
        stop()
        print([hook for hook in sys.meta_path if type(hook).__module__.startswith("jupyter_aml")])
    """)) == "[]"  # fmt: skip


def test_many_threads_may_import_while_the_names_come_and_go() -> None:
    assert told("""
        import sys, threading
        sys.setswitchinterval(1e-6)
        from jupyter_aml.emulation import emulate, stop
        wrong, over = [], threading.Event()

        def imported():
            number = 0
            while not over.is_set():
                number += 1
                sys.modules[f"made_{number}"] = sys
                try:
                    import azure.core.pipeline
                    __import__("azure.nothing")
                except ModuleNotFoundError:
                    pass
                except BaseException as error:
                    wrong.append(repr(error))
                    return

        threads = [threading.Thread(target=imported) for _ in range(3)]
        [thread.start() for thread in threads]
        try:
            for _ in range(60):
                emulate()
                stop()
        finally:
            over.set()
            [thread.join() for thread in threads]
        print(wrong)
    """) == "[]"  # fmt: skip


def started(code: str, *options: str, beside: Path, package: bool = True) -> subprocess.CompletedProcess[str]:
    """A Python as a job starts it; without our `package` it is one that the job brought along."""
    site = Path(jupyter_aml.__file__).parent / SITE
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), str(beside)])}
    python = sys.executable if package else str(beside / "python" / "bin" / "python")
    return subprocess.run([python, *options, "-c", code], env=variables, capture_output=True, text=True, check=False)


def test_a_start_up_file_of_somebody_elses_is_the_module_that_others_find(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nSAID = 7\nassert sys.modules[__name__].SAID == 7\n")
    ran = started("import sitecustomize, mltable; print(sitecustomize.SAID, mltable.load.__module__)", beside=tmp_path)
    assert (ran.stdout, ran.stderr) == ("7 jupyter_aml.mltable\n", "")


@pytest.mark.parametrize(("word", "told"), [("0", 0), ("off", 0), ("maybe", 1)])
def test_a_python_that_is_started_with_the_names_switched_off_starts_without_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str, told: int
) -> None:
    monkeypatch.setenv(MARK, word)
    ran = started("import importlib.util as u; print(u.find_spec('mltable'))", beside=tmp_path)
    assert (ran.returncode, ran.stdout) == (0, "None\n")
    assert (
        ran.stderr.count(f"{MARK}: on or off, found 'maybe'; it counts as off.") == told == len(ran.stderr.splitlines())
    )


def test_a_python_without_us_says_so_only_to_who_asks_for_the_names(tmp_path: Path) -> None:
    venv.create(tmp_path / "python")
    assert started("print(1)", beside=tmp_path, package=False).stderr == ""
    asked = started("import json\nimport azureml.core", beside=tmp_path, package=False).stderr
    assert asked.startswith("Azure's import names are not answered in this job's Python: No module named 'jupyter_aml'")
    assert "ModuleNotFoundError: No module named 'azureml'" in asked
    probed = "try:\n    import azure\nexcept ImportError:\n    import mltable"
    assert started(probed, beside=tmp_path, package=False).stderr.count("are not answered") == 1
