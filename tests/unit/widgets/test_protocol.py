"""What travels between a view and Python: refused by its place when it is wrong, the same when it comes back."""

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NewType

import pytest

from jupyter_aml.client.run_views import RunViewOperations
from jupyter_aml.entities.run_changes import Cursor
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import ValidationException
from jupyter_aml.widgets.protocol import Answer, answer, questions, read, told

Name = NewType("Name", str)


@dataclass(frozen=True)
class Inner:
    """A record within a record."""

    data: bytes
    value: float


@dataclass(frozen=True)
class Outer:
    """What a question may be answered with."""

    status: JobStatus
    parts: tuple[Inner, ...]
    tags: Mapping[str, int]


@pytest.mark.parametrize(
    ("wanted", "value", "found"),
    [
        (int, 3, 3),
        (float, 3, 3.0),
        (float | None, None, None),
        (float | None, 2.5, 2.5),
        (Name, "owl", "owl"),
        (Literal["step", "time"], "time", "time"),
        (tuple[str, ...], ["a", "b"], ("a", "b")),
        (Cursor, {"log_at": 7, "follow": "é"}, Cursor(log_at=7, follow="é")),
        (int | str, "7", "7"),
    ],
)
def test_what_is_well_said_is_read(wanted: Any, value: Any, found: object) -> None:
    assert read(wanted, value, "it") == found


@pytest.mark.parametrize(
    ("wanted", "value", "said"),
    [
        (int, True, "it: int is wanted, true was given."),
        (int, 1.5, "it: int is wanted, 1.5 was given."),
        (float, "1", 'it: float is wanted, "1" was given.'),
        (str, None, "it: str is wanted, null was given."),
        (Name, 3, "it: str is wanted, 3 was given."),
        (Literal["step", "time"], "tme", "it: one of 'step', 'time' is wanted, \"tme\" was given."),
        (tuple[str, ...], "ab", 'it: a list is wanted, "ab" was given.'),
        (tuple[str, ...], ["a", 1], "it[1]: str is wanted, 1 was given."),
        (Cursor, [], "it: a mapping is wanted, [] was given."),
        (Cursor, {"log_at": "7"}, 'it.log_at: int is wanted, "7" was given.'),
        (Cursor, {"log_a": 7}, "it: unknown 'log_a'. Did you mean 'log_at'?"),
        (str, ["x" * 10_000], f'it: str is wanted, ["{"x" * 78} was given.'),
    ],
)
def test_what_is_not_is_refused_by_its_place(wanted: Any, value: Any, said: str) -> None:
    with pytest.raises(ValidationException) as caught:
        read(wanted, value, "it")
    assert said in str(caught.value)


def test_a_record_is_told_with_its_bytes_beside_it() -> None:
    given = Outer(JobStatus.RUNNING, (Inner(b"one", math.nan), Inner(b"", -math.inf)), {"a": 1})
    buffers = list[bytes]()
    assert told(given, buffers) == {
        "status": "Running",
        "parts": [{"data": {"$buffer": 0}, "value": "NaN"}, {"data": {"$buffer": 1}, "value": "-Infinity"}],
        "tags": {"a": 1},
    }
    assert buffers == [b"one", b""]


def test_what_no_view_can_be_told_is_an_error_of_ours() -> None:
    with pytest.raises(TypeError, match="set cannot be told"):
        told({1}, [])


def test_an_answer_is_packed_into_one_piece() -> None:
    packed = Answer({"x": {"$buffer": 0}, "né": 1}, (b"abc", b"de")).packed()
    (size,) = struct.unpack_from("<I", packed)
    head = json.loads(packed[4 : 4 + size])
    assert head == {"header": {"x": {"$buffer": 0}, "né": 1}, "lengths": [3, 2]}
    assert packed[4 + size :] == b"abcde"


class Answering(RunViewOperations):
    """Answers one question with what it was asked."""

    def __init__(self) -> None:
        """It has no workspace."""

    def points(self, run: str, key: str, first: int, count: int) -> Any:
        return {"asked": [run, key, first, count]}


def test_a_question_is_asked_with_what_was_said() -> None:
    args: Any = {"run": "owl", "key": "loss", "first": 0, "count": 5}
    assert answer(Answering(), "points", args) == Answer({"asked": ["owl", "loss", 0, 5]})


@pytest.mark.parametrize(
    ("question", "args", "said"),
    [
        ("serie", {}, "There is no question 'serie'. Did you mean 'series'?"),
        ("_workspace", {}, "There is no question '_workspace'. There is: "),
        ("points", {"run": "owl", "keys": "x"}, "points: unknown 'keys'. Did you mean 'key'?"),
        ("points", {"run": "owl", "key": "x", "first": 0}, "points: 'count' is missing."),
        ("points", {"run": "owl", "key": "x", "first": "0", "count": 5}, 'first: int is wanted, "0" was given.'),
    ],
)
def test_a_question_that_nobody_may_ask_is_refused(question: str, args: Any, said: str) -> None:
    with pytest.raises(ValidationException) as caught:
        answer(Answering(), question, args)
    assert said in str(caught.value)


def test_every_question_has_types_that_can_travel() -> None:
    for name, question in questions().items():
        assert question.required <= set(question.arguments), name
        assert name.isidentifier()
        assert name[0] != "_"
