"""Runs cases through an `mltable` module, the real one or ours, and says in JSON what came out.

Run as a program by the real package's own interpreter: `driver.py cases.json results.json`. It imports nothing of ours.
"""

import base64
import importlib
import json
import os
import sys
import tempfile
import warnings
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any

Case = dict[str, Any]
ROOT = "<root>"


def run_all(cases: list[Case], module: Any) -> list[Any]:
    """What each case gives, each in a folder of its own."""
    found = []
    with tempfile.TemporaryDirectory(prefix="mltable") as root:
        for index, case in enumerate(cases):
            folder = Path(root, f"case{index:04d}")
            folder.mkdir()
            found.append(run(case, module, folder.resolve()))
    return found


def run(case: Case, module: Any, folder: Path) -> Any:
    before = Path.cwd()
    for name, content in case.get("files", {}).items():
        write(folder / name, content)
    os.chdir(folder)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = observed(case, module)
    except Exception as error:  # noqa: BLE001 - whatever a package raises is what the case observes
        found = {
            "error": type(error).__name__,
            "ours": [base.__name__ for base in type(error).__mro__],
            "text": str(error),
        }
    finally:
        os.chdir(before)
    return json.loads(json.dumps(found).replace(str(folder), ROOT).replace(str(folder.parent), f"{ROOT}/.."))


def write(path: Path, content: Any) -> None:
    """A file from text, or from {text, encoding}, {bytes}, {parquet}, {folder}."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        content = {"text": content}
    if "parquet" in content:
        path.write_bytes(base64.b64decode(content["parquet"]))
    elif "folder" in content:
        path.mkdir(exist_ok=True)
    elif "link" in content:
        path.symlink_to(content["link"])
    else:
        data = (
            content["text"].encode(content.get("encoding", "utf-8"))
            if "text" in content
            else bytes.fromhex(content["bytes"])
        )
        path.write_bytes(data * content.get("times", 1))


def observed(case: Case, module: Any) -> Any:
    table: Any = module
    for name, *given in case["calls"]:
        arguments = [value(one, module) for one in given]
        keywords = arguments.pop() if arguments and isinstance(given[-1], dict) and given[-1].get("$kw") else {}
        keywords.pop("$kw", None)
        if name.startswith("="):  # "=traits.index_columns" sets
            owner, _, attribute = name[1:].rpartition(".")
            setattr(getattr(table, owner), attribute, arguments[0])
            continue
        found = reduce(getattr, name.split("."), table)
        result = found(*arguments, **keywords) if callable(found) else found
        table = table if name == "metadata.add" else result
        if isinstance(table, tuple):
            table = table[case.get("half", 0)]
    return asked(case.get("ask", "frame"), table, module)


def value(given: Any, module: Any) -> Any:
    """An argument: JSON, or what its first key names: $type, $tuple, $set, $dict, $enum ($kw marks keywords)."""
    if isinstance(given, list):
        return [value(one, module) for one in given]
    if not isinstance(given, dict):
        return given
    mark = next(iter(given), "")
    return SPECIAL[mark](given[mark], module) if mark in SPECIAL else {k: value(v, module) for k, v in given.items()}


SPECIAL: dict[str, Callable[[Any, Any], Any]] = {
    "$type": lambda given, module: getattr(module.DataType, given[0])(*given[1:]),
    "$tuple": lambda given, _module: tuple(given),
    "$set": lambda given, _module: set(given),
    "$dict": lambda given, module: {value(key, module): value(one, module) for key, one in given},
    "$enum": lambda given, module: reduce(getattr, given.split("."), module),
}


def asked(question: str, table: Any, module: Any) -> Any:
    if question == "value":
        return cell(table)
    if question == "yaml":
        import yaml

        return yaml.safe_load(str(table))
    if question == "saved":
        return saved(module)
    return frame(table.to_pandas_dataframe() if hasattr(table, "to_pandas_dataframe") else table)


def saved(module: Any) -> Any:
    """What lies in `out`: its files, its MLTable file, the table that it loads as."""
    import yaml

    out = Path("out")
    written = (out / "MLTable").read_text()
    files = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
    return {"files": files, "yaml": yaml.safe_load(written), "frame": frame(module.load("out").to_pandas_dataframe())}


def frame(data: Any) -> Any:
    return {
        "columns": [cell(name) for name in data.columns],
        "dtypes": [str(kind) for kind in data.dtypes],
        "index": [cell(one) for one in data.index],
        "rows": [[cell(one) for one in row] for row in data.itertuples(index=False, name=None)],
    }


def cell(found: Any) -> Any:
    """A value with its kind."""
    if found is None or isinstance(found, bool):
        return found
    if hasattr(found, "dtype") and hasattr(found, "tolist"):
        listed = found.tolist()
        return ["array", [cell(one) for one in listed]] if isinstance(listed, list) else cell(listed)
    match found:
        case list():
            return ["list", [cell(one) for one in found]]
        case dict():
            return ["dict", {name: cell(one) for name, one in found.items()}]
        case _ if type(found).__name__ == "StreamInfo":
            return ["StreamInfo", found.handler, found.resource_identifier]
        case _:
            return [type(found).__name__, str(found)]


if __name__ == "__main__":
    given, wanted = sys.argv[1:]
    results = run_all(json.loads(Path(given).read_text()), importlib.import_module("mltable"))
    Path(wanted).write_text(json.dumps(results))
