"""Cursors travel as short texts, and come back as they were."""

import pytest

from jupyter_aml.entities.run_changes import Cursor
from jupyter_aml.exceptions import ValidationException

SEEN = Cursor("9f1c", "user_logs/std_log.txt|1|2", 1_234_567, 987, "user_logs/std_log_process_3.txt")


@pytest.mark.parametrize("cursor", [Cursor(), Cursor(log_at=7), SEEN])
def test_a_cursor_comes_back_as_it_was(cursor: Cursor) -> None:
    assert Cursor.of_json(cursor.to_json()) == cursor


def test_a_cursor_is_short() -> None:
    assert Cursor().to_json() == "{}"
    assert len(SEEN.to_json()) < 200


def test_no_text_is_the_first_cursor() -> None:
    assert Cursor.of_json("") == Cursor()


@pytest.mark.parametrize(
    "text", ["[]", "x", '{"log_at": "7"}', '{"log_at": true}', '{"other": 1}', "null", '{"log": 1}', '{"log_at": -1}']
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValidationException, match=r"cursor: .* is none"):
        Cursor.of_json(text)
