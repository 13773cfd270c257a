"""The front end's style card, held: its types, ESLint, and a protocol that is Python's own. No browser starts here."""

import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_aml.widgets.typescript import written

SOURCES = Path(__file__).parents[2] / "labextension"
TOOLS = Path(sys.executable).parent


@pytest.fixture(scope="module")
def modules() -> Path:
    """The tools of the front end, fetched where they are missing."""
    found = SOURCES / "node_modules"
    if not (found / "eslint").is_dir():
        say(TOOLS / "jlpm", "install", "--immutable")
    return found


def say(*words: Path | str) -> None:
    """Run a tool; what it says is what you read on failure."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=SOURCES)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_protocol_is_what_python_says() -> None:
    assert (SOURCES / "src/protocol.ts").read_text(encoding="utf-8") == written(), (
        "python -m jupyter_aml.widgets.typescript labextension/src/protocol.ts"
    )


@pytest.mark.timeout(600)
def test_the_compiler_has_nothing_to_say(modules: Path) -> None:
    say(TOOLS / "node", modules / "typescript/bin/tsc", "--noEmit")


@pytest.mark.timeout(600)
def test_eslint_has_nothing_to_say(modules: Path) -> None:
    say(TOOLS / "node", modules / "eslint/bin/eslint.js", "src")


def test_every_rule_that_is_bent_has_its_reason() -> None:
    bent = [
        (path.name, line)
        for path in SOURCES.glob("src/**/*.ts*")
        for line in path.read_text(encoding="utf-8").splitlines()
        if ("eslint-disable" in line and " -- " not in line) or "@ts-" in line
    ]
    assert bent == []
