"""The numbers the code is held to (lengths, suppressions, mocks), counted from the source itself."""

import ast
import io
import re
import statistics
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "jupyter_aml").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
MEDIAN_FUNCTION = 6
P90_FUNCTION = 25
SUPPRESSIONS_PER_LINE = 5 / 1000
MOCKS_PER_TEST = 1 / 150

SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore|pyright:\s*(ignore|basic))")
MOCKS = {"Mock", "MagicMock", "AsyncMock", "mocker", "patch"}
EMPTY_NAMES = ("utils", "helpers", "common", "misc")


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a file and the lines of its body, less its docstring."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node.end_lineno - _first_line(node) + 1


def _first_line(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return body[0].lineno


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def comments(path: Path) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def mocks(path: Path) -> list[str]:
    """Each place where a test replaces the real thing, by a mock or by monkeypatch.setattr."""
    called = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return [f"{path}:{func.lineno}" for func in called if _replaces(ast.unparse(func))]


def _replaces(called: str) -> bool:
    return called.endswith("monkeypatch.setattr") or not MOCKS.isdisjoint(called.split("."))


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    assert [path for path in [*SOURCES, *TESTS] if lines(path) > LONGEST_FILE] == []


def test_no_function_is_longer_than_a_screen() -> None:
    every = [found for path in SOURCES for found in functions(path)]
    assert [name for name, length in every if length > LONGEST_FUNCTION] == []


def test_functions_are_short() -> None:
    lengths = sorted(length for path in SOURCES for _, length in functions(path))
    assert statistics.median(lengths) <= MEDIAN_FUNCTION
    assert lengths[len(lengths) * 9 // 10] <= P90_FUNCTION


def test_every_module_says_which_room_it_is() -> None:
    assert [path for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_no_room_is_named_after_nothing() -> None:
    assert [path for path in SOURCES if path.stem in EMPTY_NAMES or path.parent.name in EMPTY_NAMES] == []


def test_checks_are_rarely_switched_off() -> None:
    found = [f"{path}: {text}" for path in SOURCES for text in comments(path) if SUPPRESSION.search(text)]
    assert len(found) <= SUPPRESSIONS_PER_LINE * sum(map(lines, SOURCES)), "\n".join(found)


def test_tests_use_the_real_thing() -> None:
    files = [path for path in TESTS if path != Path(__file__)]
    tests = sum(name.rpartition(" ")[2].startswith("test_") for path in files for name, _ in functions(path))
    found = [place for path in files for place in mocks(path)]
    assert len(found) <= MOCKS_PER_TEST * tests, "\n".join(found)
