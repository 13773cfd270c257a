"""Claims about a magic's line: what it means, and what is refused with which help."""

import pytest

from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.magics import options
from jupyter_aml.magics.parser import parse


def test_an_option_and_its_value_may_be_joined_by_an_equals_sign() -> None:
    assert parse("--compute=local", options.JOB).one("--compute") == "local"
    assert parse("--compute local", options.JOB).one("--compute") == "local"


def test_words_are_split_like_a_shell_splits_them() -> None:
    line = parse("""--display-name "two words" --tag 'a=b c'""", options.JOB)
    assert line.one("--display-name") == "two words"
    assert line.pairs("--tag") == {"a": "b c"}


def test_repeatable_options_add_up() -> None:
    line = parse("--input a=1 --input b=x=y --output o --output p", options.JOB)
    assert line.pairs("--input") == {"a": "1", "b": "x=y"}
    assert line.values["--output"] == ("o", "p")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("--comptue x", "Did you mean '--compute'?"),
        ("--compute", "--compute needs a value"),
        ("--compute --wait", "--compute needs a value"),
        ("--input rate", "k=v is expected, found 'rate'"),
        ("--name a --name b", "given twice: 'a' and 'b'"),
        ("--wait=yes", "--wait takes no value"),
        ("stray", "Not expected here: 'stray'"),
        ("--name 'open", "cannot be split"),
    ],
)
def test_a_mistake_is_refused_with_the_way_out(text: str, said: str) -> None:
    with pytest.raises(UserErrorException) as caught:
        parse(text, options.JOB)
    assert said in str(caught.value)


def test_a_number_must_be_one() -> None:
    with pytest.raises(UserErrorException, match="--timeout: a number is expected, found 'soon'"):
        parse("--timeout soon", options.JOB).number("--timeout")
