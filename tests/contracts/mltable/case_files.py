"""The cases, from their YAML files: groups have a shape (`kind`) and what they share; here cases are spelled out."""

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

Case = dict[str, Any]
FOLDER = Path(__file__).parent / "cases"


def every_case() -> list[Case]:
    """All cases, each complete: name, files, calls, and what is asked."""
    found: list[Case] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for group in yaml.safe_load(path.read_text()):
            found += [_named(path, group, _KINDS[group["kind"]](group, one)) for one in group["cases"]]
    return [case | {"name": f"{index:03d} {case['name']}"} for index, case in enumerate(found)]


def _named(path: Path, group: Case, case: Case) -> Case:
    files = {name: _file(content) for name, content in (group.get("files", {}) | case.get("files", {})).items()}
    shared = {key: group[key] for key in ("ask", "only", "then") if key in group}
    named = shared | case | {"files": files, "name": f"{path.stem}: {group.get('about', '')} {case['name']}"}
    named["calls"] = [*named["calls"], *named.pop("then", [])]
    return named


def _file(content: Any) -> Any:
    if isinstance(content, dict) and isinstance(content.get("parquet"), dict):
        return {"parquet": base64.b64encode(_parquet(content)).decode()}
    if isinstance(content, dict) and "repeat" in content:
        return "".join(line * count for line, count in content["repeat"])
    return content


def _parquet(content: Case) -> bytes:
    """Parquet from {column: [type, values]}; written by pandas (with its index) when `index` is there."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {name: pa.array(values, _type(kind)) for name, (kind, values) in content["parquet"].items()}
    table = pa.table(columns)
    if "index" in content:
        frame = table.to_pandas()
        frame.index = content["index"]
        table = pa.Table.from_pandas(frame)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, row_group_size=content.get("group", 1000))
    return buffer.getvalue()


def _type(kind: str) -> Any:
    import pyarrow as pa

    special = {
        "decimal": pa.decimal128(10, 2),
        "list": pa.list_(pa.int64()),
        "struct": pa.struct([("a", pa.int64())]),
        "paris": pa.timestamp("us", tz="Europe/Paris"),
        "s": pa.timestamp("s"),
        "ms": pa.timestamp("ms"),
        "us": pa.timestamp("us"),
        "ns": pa.timestamp("ns"),
        "time": pa.time64("us"),
    }
    return special[kind] if kind in special else getattr(pa, kind)()


def _column(group: Case, one: Any) -> Case:
    """One column of values in a delimited file, or {values, args}."""
    case = one if isinstance(one, dict) else {"values": one}
    text = "z,k\n" + "".join(f"{value},x\n" for value in case["values"])
    return _text(group, case | {"text": text, "name": str(case["values"])[:60]})


def _text(group: Case, one: Any) -> Case:
    """Delimited files and the arguments they are read with."""
    case = one if isinstance(one, dict) else {"text": one}
    files = case.get("files") or {"a.csv": case["text"]}
    arguments = group.get("args", {}) | case.get("args", {})
    reader = group.get("reader", "from_delimited_files")
    pattern = [{"pattern": "./*.csv"}] if len(files) > 1 else [{"file": "a.csv"}]
    calls = [[reader, pattern, {"$kw": True, **arguments}], *case.get("then", [])]
    name = case.get("name") or repr(case.get("text"))[:60]
    return {"name": f"{name} {case.get('args', '')}", "files": files, "calls": calls, "then": group.get("then", [])}


def _filter(group: Case, one: str) -> Case:
    case = _text(group, {"text": group["text"], "name": repr(one)})
    return case | {"calls": [*case["calls"], ["filter", one]]}


def _table(group: Case, one: Any) -> Case:
    """A folder with an MLTable file; the steps, when given, follow the group's file."""
    case = one if isinstance(one, dict) else {"table": one}
    text = case.get("table", group.get("table", "")) + case.get("steps", "")
    files = {"MLTable": text, **case.get("files", {})}
    calls = [["load", "."], *case.get("then", group.get("then", []))]
    kept = {key: case[key] for key in ("ask", "only", "says", "half", "unordered") if key in case}
    return {"name": case.get("name") or text[-60:], "calls": calls, "then": [], **kept, "files": files}


def _calls(_group: Case, one: Case) -> Case:
    return {"name": one.get("name") or str(one["calls"])[:80], **one}


_KINDS: dict[str, Callable[[Case, Any], Case]] = {
    "column": _column,
    "text": _text,
    "filter": _filter,
    "table": _table,
    "calls": _calls,
}
