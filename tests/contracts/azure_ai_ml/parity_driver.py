"""Says in JSON what the modules of a real package show: names, and the parameters of what can be called.

Of a class: its constructor's parameters, its methods with theirs, and its constants; of MLClient its groups of
operations, too. Names only. See `driver.py`.
"""

import enum
import importlib
import inspect
import json
import sys
import warnings
from pathlib import Path
from typing import Any

PACKAGES = ("azure.ai.ml", "azure.identity", "mltable")
OF_MAPPINGS = {*dir(dict), "has_key"}


def parameters(called: Any) -> list[str]:
    """The names that a call may say; none for what cannot be asked."""
    try:
        found = inspect.signature(called).parameters.values()
    except (TypeError, ValueError):
        return []
    return [each.name for each in found if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]


def of_class(kind: type) -> dict[str, Any]:
    """What a class shows that is the package's own."""
    said: dict[str, Any] = {}
    if issubclass(kind, enum.Enum):
        return {"constants": sorted(kind.__members__)}
    if kind.__init__ is not object.__init__:
        said["parameters"] = parameters(kind)
    own = {name: base for base in reversed(kind.__mro__) if base.__module__.startswith(PACKAGES) for name in vars(base)}
    public = {name: inspect.getattr_static(kind, name) for name in sorted(own) if not name.startswith("_")}
    constants = [name for name, value in public.items() if isinstance(value, str | int) and name.isupper()]
    methods = {
        name: [each for each in parameters(getattr(kind, name)) if each != "self"]
        for name, value in public.items()
        if callable(getattr(value, "__func__", value)) and name not in OF_MAPPINGS
    }
    return said | {key: value for key, value in (("constants", constants), ("methods", methods)) if value}


def of_client(client: Any) -> dict[str, Any]:
    """The groups of operations by attribute."""
    groups = {name: value.fget for name, value in vars(client).items() if isinstance(value, property) and value.fget}
    operations = importlib.import_module("azure.ai.ml.operations")
    found: dict[str, Any] = {}
    for name, getter in sorted(groups.items()):
        kind = inspect.signature(getter).return_annotation
        kind = getattr(operations, kind, None) if isinstance(kind, str) else kind
        if inspect.isclass(kind) and kind.__module__.startswith("azure.ai.ml.operations"):
            found[name] = of_class(kind).get("methods", {})
    return found


def of_module(name: str) -> dict[str, Any]:
    """Everything that a module shows, by name."""
    module = importlib.import_module(name)
    found: dict[str, Any] = {}
    for each in sorted(module.__all__):
        value = getattr(module, each)
        if inspect.isclass(value):
            found[each] = of_class(value)
        else:
            found[each] = {"parameters": parameters(value)} if callable(value) else {}
        if each == "MLClient":
            found[each]["groups"] = of_client(value)
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    cases, answers = map(Path, sys.argv[1:])
    answers.write_text(json.dumps([of_module(case["module"]) for case in json.loads(cases.read_text())]))
