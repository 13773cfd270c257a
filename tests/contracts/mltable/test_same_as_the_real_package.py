"""Cell by cell, dtype by dtype, error by error: our MLTable beside the real package, over the cases in cases/."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent

pytestmark = pytest.mark.timeout(1800)  # the first test installs the real package


def _module(path: Path) -> Any:
    """A file beside the tests, as a module (tests are no package)."""
    name = f"mltable_contract_{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec
        assert spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


driver = _module(HERE / "driver.py")
CASES = _module(HERE / "case_files.py").every_case()
oracle = _module(HERE.parents[1] / "oracles" / "mltable_package.py")


@cache
def real() -> dict[str, Any]:
    """What the real package gives for every case."""
    return dict(zip((case["name"] for case in CASES), oracle.answers(HERE / "driver.py", CASES), strict=True))


@cache
def ours() -> dict[str, Any]:
    import jupyter_aml.data.mltable as module

    return dict(zip((case["name"] for case in CASES), driver.run_all(CASES, module), strict=True))


def test_there_are_cases_enough_and_each_has_its_own_name() -> None:
    assert len(CASES) >= 80
    assert len({case["name"] for case in CASES}) == len(CASES)


def _error(found: Any) -> bool:
    return isinstance(found, dict) and "error" in found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_ours_equals_the_real_package(case: dict[str, Any]) -> None:
    expected, found = real()[case["name"]], ours()[case["name"]]
    if _error(expected):
        assert _error(found), f"the real package refuses: {expected['text'][:500]}"
        assert "MlException" in found["ours"], found["text"]
        for text in (expected["text"], found["text"]):
            assert case.get("says", "").lower() in text.lower()
        return
    if case.get("unordered"):
        expected, found = ({**one, "rows": sorted(map(str, one["rows"]))} for one in (expected, found))
    assert found == expected
