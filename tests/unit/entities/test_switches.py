"""Switches among the environment variables: every one is read the same way, and what says neither is told."""

import pytest

from jupyter_aml.entities.switches import is_on, is_on_or_told
from jupyter_aml.exceptions import ValidationException


@pytest.mark.parametrize("word", ["1", "true", "yes", "y", "on", "ON", " True "])
def test_the_usual_words_switch_it_on(word: str) -> None:
    assert is_on("IT", {"IT": word})
    assert is_on_or_told("IT", {"IT": word})


@pytest.mark.parametrize("word", ["0", "false", "no", "n", "off", "Off", "", "  "])
def test_the_usual_words_and_nothing_switch_it_off_even_what_is_else_on(word: str) -> None:
    assert not is_on("IT", {"IT": word}, unset=True)
    assert not is_on_or_told("IT", {"IT": word}, unset=True)


def test_what_is_not_set_is_what_it_is_else() -> None:
    assert is_on("IT", {}, unset=True)
    assert not is_on("IT", {})


def test_a_word_that_says_neither_is_refused_by_its_path_with_the_words_that_do() -> None:
    with pytest.raises(ValidationException) as caught:
        is_on("IT", {"IT": "maybe"}, within="environment_variables.")
    assert str(caught.value) == (
        "environment_variables.IT: on or off, found 'maybe'.\n"
        "On is 1, true, yes, y or on; off is 0, false, no, n, off or nothing."
    )


def test_where_something_starts_it_is_told_once_and_counts_as_off(capsys: pytest.CaptureFixture[str]) -> None:
    assert not any(is_on_or_told("OF_A_START", {"OF_A_START": "maybe"}, unset=True) for _ in range(3))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("The environment variable OF_A_START: on or off, found 'maybe'; it counts as off. On is 1, ")
