"""Claims about the switch of submits that wait. Nothing is submitted."""

import os

import pytest

from jupyter_aml.client import waiting
from jupyter_aml.client.poller import LROPoller


@pytest.mark.parametrize(("said", "on"), [("1", True), ("On", True), (" true ", True), ("0", False), ("", False)])
def test_the_environment_is_the_switch(monkeypatch: pytest.MonkeyPatch, said: str, on: bool) -> None:
    monkeypatch.setenv(waiting.VARIABLE, said)
    assert waiting.is_on() is on


def test_it_is_off_until_somebody_says_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(waiting.VARIABLE, raising=False)
    assert not waiting.is_on()


def test_at_once_holds_for_its_block_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(waiting.VARIABLE, "0")
    waiting.switch(on=True)
    assert os.environ[waiting.VARIABLE] == "1"
    with waiting.at_once():
        assert not waiting.is_on()
    assert waiting.is_on()


def test_a_poller_is_waited_for_only_where_submits_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([None, None, *["there"] * 9])
    monkeypatch.setenv(waiting.VARIABLE, "0")
    poller: LROPoller[str] = waiting.begun(lambda: next(looks))
    assert not poller.done()
    waiting.switch(on=True)
    assert waiting.begun(lambda: next(looks)).done()
