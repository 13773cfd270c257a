"""The style card, held: ruff with every rule, its formatter, and pyright. What they say is what you read on failure."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def say(*words: str) -> tuple[int, str]:
    """Exit code and text of a tool installed beside this interpreter, run at the root."""
    program = Path(sys.executable).with_name(words[0])
    done = subprocess.run([program, *words[1:]], capture_output=True, text=True, check=False, cwd=ROOT)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("words", [("ruff", "check", "--output-format=concise"), ("ruff", "format", "--check")])
def test_ruff_has_nothing_to_say(words: tuple[str, ...]) -> None:
    code, text = say(*words)
    assert code == 0, text


@pytest.mark.timeout(600)
def test_pyright_has_nothing_to_say() -> None:
    code, text = say("pyright", "--pythonpath", sys.executable)
    assert code == 0, text


def test_every_ignored_rule_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    ignored = text.partition("\nignore = [\n")[2].partition("\n]")[0].splitlines()
    assert len(ignored) <= 30
    assert [line for line in ignored if "#" not in line] == []
