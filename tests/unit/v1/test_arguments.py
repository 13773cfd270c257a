"""What becomes of SDK v1's arguments that do nothing here."""

import ast
from pathlib import Path

import pytest

from jupyter_aml import v1
from jupyter_aml.exceptions import UnsupportedFieldError
from jupyter_aml.v1.arguments import meaningless, refuse, refuse_others


def test_what_has_no_meaning_changes_nothing() -> None:
    assert meaningless("there is no cloud", location="westeurope", sku=None) is None


@pytest.mark.parametrize("nothing", [None, False, "", [], {}, ()])
def test_what_is_not_given_is_not_refused(nothing: object) -> None:
    refuse("call", "Leave it out.", name=nothing)


@pytest.mark.parametrize("given", ["a", 0, 1, True, [0], {"a": 1}, object()])
def test_what_is_given_is_refused_by_its_name(given: object) -> None:
    with pytest.raises(UnsupportedFieldError, match=r"run\.log: name is not available locally\.\nLeave it out\."):
        refuse("run.log", "Leave it out.", name=given, other=None)


def test_all_that_are_given_are_named_and_none_of_their_values() -> None:
    with pytest.raises(UnsupportedFieldError, match="call: a, b are not available locally") as told:
        refuse("call", "Leave them out.", a="hunter2", b=1)
    assert "hunter2" not in str(told.value)


def test_a_table_is_given_though_it_has_no_truth() -> None:
    import pandas as pd

    with pytest.raises(UnsupportedFieldError):
        refuse("call", "Leave it out.", data=pd.DataFrame({"a": [1]}))


def test_a_keyword_that_nobody_has_is_pythons_own_error() -> None:
    with pytest.raises(TypeError, match=r"get\(\) got an unexpected keyword argument 'vesion'. Did you mean 'version'"):
        refuse_others("get", {"vesion": 1}, "name", "version")
    with pytest.raises(TypeError, match=r"argument 'x'\.$"):
        refuse_others("get", {"x": 1})


def test_azures_private_keywords_pass() -> None:
    refuse_others("get", {"_cloud": "AzureCloud"})


def swallows(function: ast.FunctionDef) -> bool:
    """Whether it takes whatever is given without looking, and goes on."""
    taken = [one.arg for one in (function.args.vararg, function.args.kwarg) if one]
    return any(name.startswith("_") for name in taken) and not isinstance(function.body[-1], ast.Raise)


def test_only_what_is_refused_as_a_whole_takes_whatever_is_given() -> None:
    found = [
        f"{file.name}: {node.name}"
        for file in sorted(Path(v1.__file__).parent.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and swallows(node)
    ]
    assert found == ["arguments.py: meaningless"]
