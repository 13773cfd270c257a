"""Azure's import names answered, and given back. Each test asks an interpreter of its own: a hook is for life."""

import json
import sys
import textwrap
from pathlib import Path

import pytest

from jupyter_aml.entities.emulation import MARK
from tests.unit.emulation.conftest import ALONE, LOAD, told


def test_nothing_answers_before_it_is_asked_for() -> None:
    assert told("""
        import importlib.util, jupyter_aml.emulation
        print(importlib.util.find_spec("mltable"), importlib.util.find_spec("azureml"))
    """) == "None None"  # fmt: skip


def test_the_names_are_ours_and_win_over_an_installed_package() -> None:
    assert told(LOAD + textwrap.dedent("""
        import azure.identity, mltable, jupyter_aml
        from azure.ai.ml import MLClient, command
        from azure.ai.ml.entities import AmlCompute
        from azureml.core import Run
        from azure.identity import DefaultAzureCredential
        assert MLClient is jupyter_aml.MLClient and command is jupyter_aml.command
        assert AmlCompute.__module__.startswith("jupyter_aml") and Run.__module__.startswith("jupyter_aml")
        print(DefaultAzureCredential().get_token("https://management.azure.com/.default").expires_on > 1)
    """)) == "True"  # fmt: skip


def test_what_we_do_not_answer_of_a_package_still_comes_from_it() -> None:
    """The storage SDK asks the installed `azure.identity` for its asynchronous half, and `azure.core` for all."""
    assert told(LOAD + textwrap.dedent("""
        from azure.identity.aio import DefaultAzureCredential
        import azure.storage.blob, azure.core.pipeline
        print(DefaultAzureCredential.__module__)
    """)).startswith("azure.identity.aio")  # fmt: skip


@pytest.mark.parametrize("first", ["import azure.identity", "import azure.identity.aio"])
def test_a_package_that_was_imported_first_is_refused_and_nothing_has_changed(first: str) -> None:
    answer = told(f"""
        import os, sys
        {first}
        hooks, from_ = list(sys.meta_path), sys.modules["azure.identity"].DefaultAzureCredential
        from jupyter_aml.emulation import emulate
        try:
            emulate()
        except Exception as error:
            print(type(error).__name__, error)
        assert sys.meta_path == hooks and {MARK!r} not in os.environ
        assert sys.modules["azure.identity"].DefaultAzureCredential is from_
    """)
    assert answer.startswith("UserErrorException The emulation must come first: azure.identity")
    assert "Restart the kernel" in answer


def test_unused_it_changes_nothing_else() -> None:
    before = "import sys, json, inspect, pickle, collections\n"
    look = """
        import pydoc
        module = inspect.getmodule(collections.OrderedDict)
        kept = pickle.loads(pickle.dumps(collections.OrderedDict(a=1)))
        print(json.dumps([module.__name__, kept, sorted(n for n in sys.modules if not n.startswith("jupyter_aml"))]))
    """
    plain = json.loads(told(before + "import jupyter_aml\n" + textwrap.dedent(look)))
    ours = json.loads(told(before + LOAD + textwrap.dedent(look)))
    assert ours[:2] == plain[:2]
    assert not {name for name in set(ours[2]) - set(plain[2]) if name.partition(".")[0] not in sys.stdlib_module_names}


def test_pip_shows_what_is_installed_whatever_is_answered(tmp_path: Path) -> None:
    shown = told(LOAD + "import importlib.metadata as m; print(m.version('azure-identity'))")
    assert shown == told("import importlib.metadata as m; print(m.version('azure-identity'))")


def test_inspection_and_pickling_of_what_came_by_azures_names_work() -> None:
    assert told(LOAD + textwrap.dedent("""
        import inspect, pickle, pydoc
        import azure.ai.ml, azure.ai.ml.entities, mltable
        from azure.ai.ml import Input, MLClient, command
        assert "def command" in inspect.getsource(command)
        assert "credential" in inspect.signature(MLClient).parameters
        assert inspect.getmodule(Input).__name__ == "jupyter_aml.entities.input_output"
        assert "workspace" in pydoc.render_doc(MLClient)
        assert "AmlCompute" in dir(azure.ai.ml.entities)
        print(pickle.loads(pickle.dumps(Input(type="uri_file", path="a"))).path)
    """)) == "a"  # fmt: skip


def test_a_mistyped_name_is_refused_as_python_refuses_it_and_told_the_nearest() -> None:
    assert told(LOAD + textwrap.dedent("""
        import azure.ai.ml
        for line in ("from azure.ai.ml import comand", "import azure.ai.ml.foo", "azure.ai.ml.comand"):
            try:
                exec(line)
            except Exception as error:
                print(type(error).__name__, str(error).partition("(")[0])
    """)).splitlines() == [
        "ImportError cannot import name 'comand' from 'azure.ai.ml' ",
        "ModuleNotFoundError No module named 'azure.ai.ml.foo'",
        "AttributeError module 'azure.ai.ml' has no attribute 'comand'. Did you mean 'command'?",
    ]  # fmt: skip


def test_what_is_not_built_imports_and_names_its_feature_when_it_is_used() -> None:
    lines = told(LOAD + textwrap.dedent("""
        from azure.ai.ml import automl, load_online_endpoint
        from azure.ai.ml.constants import BatchDeploymentOutputAction
        from azure.ai.ml.entities import ManagedOnlineEndpoint
        from azureml.datadrift import DataDriftDetector
        for use in (
            lambda: ManagedOnlineEndpoint(name="e"), lambda: automl.classification(), lambda: load_online_endpoint("e"),
            lambda: BatchDeploymentOutputAction.APPEND_ROW, lambda: DataDriftDetector.create_from_datasets(),
        ):
            try:
                use()
            except NotImplementedError as error:
                print(str(error).partition("\\n")[0])
    """)).splitlines()  # fmt: skip
    assert lines == [
        "ManagedOnlineEndpoint: online endpoints are not available locally.",
        "classification: AutoML jobs are not available locally.",
        "load_online_endpoint: online endpoints are not available locally.",
        "BatchDeploymentOutputAction.APPEND_ROW: batch endpoints are not available locally.",
        "DataDriftDetector.create_from_datasets: drift monitors are not available locally.",
    ]


def test_private_modules_that_public_code_imports_are_there_and_name_their_feature() -> None:
    lines = told(LOAD + textwrap.dedent("""
        from azureml._model_management._constants import ACI_WEBSERVICE_TYPE, AKS_WEBSERVICE_TYPE
        from azureml._model_management._constants import MMS_SYNC_TIMEOUT_SECONDS, UNKNOWN_WEBSERVICE_TYPE
        from azureml._model_management._util import _get_mms_url, get_requests_session
        from azureml._restclient.clientbase import ClientBase
        from azure.ai.ml.entities._job.automl.tabular import TabularFeaturizationSettings
        for use in (_get_mms_url, get_requests_session, ClientBase, TabularFeaturizationSettings):
            try:
                use()
            except NotImplementedError as error:
                print(str(error).partition("\\n")[0])
    """)).splitlines()  # fmt: skip
    assert lines == [
        "_get_mms_url: web services are not available locally.",
        "get_requests_session: web services are not available locally.",
        "ClientBase: the REST clients of Azure's services are not available locally.",
        "TabularFeaturizationSettings: AutoML jobs are not available locally.",
    ]


def test_a_class_that_a_private_module_lacks_is_no_module() -> None:
    lines = told(LOAD + textwrap.dedent("""
        try:
            from azure.ai.ml.entities._job.automl import TabularFeaturisation
        except ImportError as error:
            print(error.name, "cannot import" in str(error))
    """)).splitlines()  # fmt: skip
    assert lines == ["azure.ai.ml.entities._job.automl True"]


@pytest.mark.parametrize("order", ["import azure.core.exceptions", "pass"])
def test_azures_own_exceptions_catch_ours(order: str) -> None:
    assert told(f"{order}\n" + LOAD + textwrap.dedent("""
        from azure.core.exceptions import AzureError, HttpResponseError, ResourceNotFoundError
        from jupyter_aml import exceptions
        try:
            raise exceptions.ResourceNotFoundError("no such job", resolution="look")
        except ResourceNotFoundError as error:
            print(error.status_code, error.message, isinstance(error, HttpResponseError))
        print(issubclass(exceptions.ValidationException, AzureError))
    """)).splitlines() == ["404 no such job True", "True"]  # fmt: skip


def test_given_back_the_names_mean_what_is_installed() -> None:
    assert told(LOAD + textwrap.dedent("""
        import os, azure.identity, importlib.util
        ours = azure.identity.DefaultAzureCredential
        stop()
        import azure.identity
        print(azure.identity.DefaultAzureCredential is ours, importlib.util.find_spec("mltable"))
    """)) == "False None"  # fmt: skip


def test_it_can_be_asked_for_from_the_front_door_and_again() -> None:
    assert (
        told("import jupyter_aml; jupyter_aml.emulate(); jupyter_aml.emulate(); import azureml.core; print(1)") == "1"
    )


def test_the_version_is_that_of_the_sdk_whose_names_these_are() -> None:
    assert told(LOAD + textwrap.dedent("""
        import azure.ai.ml, mltable
        from azure.ai.ml._version import VERSION
        print(azure.ai.ml.__version__ == azure.ai.ml.VERSION == VERSION, hasattr(mltable, "__version__"))
    """)) == "True False"  # fmt: skip


def test_what_the_real_package_brings_along_is_there() -> None:
    assert told(LOAD + "import urllib, azure.ai.ml\nprint(callable(urllib.request.urlopen))") == "True"


def test_help_is_given_on_a_module_that_holds_what_is_not_built() -> None:
    assert told(LOAD + textwrap.dedent("""
        import pydoc
        for name in ("azure.ai.ml", "azure.ai.ml.entities", "azure.ai.ml.automl", "azureml.core", "azure.identity"):
            assert "Azure" in pydoc.render_doc(name)
        print("Spark jobs are not available locally" in pydoc.render_doc("azure.ai.ml.entities.SparkJob"))
    """)) == "True"  # fmt: skip


def test_who_only_probes_what_is_not_built_is_told_no() -> None:
    assert told(LOAD + textwrap.dedent("""
        from azure.ai.ml.entities import SparkJob
        print(hasattr(SparkJob, "_to_rest_object"), hasattr(SparkJob, "to_dict"), getattr(SparkJob, "mro_of", None))
    """)) == "False False None"  # fmt: skip


def test_where_nothing_of_azures_is_installed_its_exceptions_are_there_too() -> None:
    assert told(ALONE + LOAD + textwrap.dedent("""
        from azure.core.exceptions import AzureError, HttpResponseError, ResourceExistsError, ResourceNotFoundError
        from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
        from azure.core.credentials import AccessToken, AzureKeyCredential, TokenCredential
        from jupyter_aml import exceptions
        assert ResourceNotFoundError is exceptions.ResourceNotFoundError
        print(issubclass(exceptions.ResourceExistsError, HttpResponseError), issubclass(HttpResponseError, AzureError))
    """)) == "True True"  # fmt: skip


@pytest.mark.parametrize("before", [ALONE, ""])
def test_every_name_that_a_module_lists_is_in_it(before: str) -> None:
    assert told(before + LOAD + textwrap.dedent("""
        from importlib import import_module
        from jupyter_aml.emulation.names import _AZURE
        from jupyter_aml.emulation.cloud import ABSENT
        for name in sorted({*_AZURE, *ABSENT}):
            exec(f"from {name} import *")
            module = import_module(name)
            assert [one for one in dir(module) if not hasattr(module, one)] == []
        print("all")
    """)) == "all"  # fmt: skip


def test_a_version_is_where_the_real_packages_have_one() -> None:
    assert told(LOAD + textwrap.dedent("""
        import azure.identity, azureml.core, mltable
        try:
            mltable.__version__
        except AttributeError as error:
            print(error)
        print(azure.identity.__version__.count("."), azureml.core.__version__ == azureml.core.VERSION)
    """)).splitlines() == ["module 'mltable' has no attribute '__version__'", "2 True"]  # fmt: skip
