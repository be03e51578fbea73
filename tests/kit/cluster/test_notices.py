"""What workers tell each other: questions that get no answer, and a worker that was there and is gone."""

import threading
from types import SimpleNamespace

import pytest

from kit.cli.errors import UserError
from kit.cluster import notices
from kit.cluster.notices import Notices, Unreachable, _within
from kit.cluster.tf_config import Cluster


def test_an_answer_comes_from_another_thread():
    assert _within(60, threading.current_thread) is not threading.current_thread()
    with pytest.raises(ZeroDivisionError):
        _within(60, lambda: 1 / 0)


def test_who_never_answers_is_given_up():
    never = threading.Event()
    with pytest.raises(Unreachable):
        _within(0.01, never.wait)
    never.set()


def test_a_pulse_of_who_never_answers_is_given_up(monkeypatch):
    """Also where the session begins only then: on a server that was cut off this takes minutes."""
    never = threading.Event()
    cut_off = SimpleNamespace(run=lambda fetches: never.wait(1) or True)
    monkeypatch.setattr(Notices, "_session", lambda *_: cut_off)
    assert not Notices(Cluster(("a:1", "b:2"), 0)).pulse(1, 0.01)()
    never.set()


class Scripted(Notices):
    """Its workers answer what is in a list: a text, None, or not at all."""

    def __init__(self, *answers):
        super().__init__(Cluster(("a:1", "b:2"), 0))
        self._answers = list(answers)

    def read(self, rank, name, seconds=0):
        answer = self._answers.pop(0) if self._answers else Unreachable
        if answer is Unreachable:
            raise Unreachable
        return answer


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(notices, "SECONDS_BETWEEN_LOOKS", 0)
    monkeypatch.setattr(notices, "SECONDS_UNTIL_LOST", 0)


def test_a_text_is_waited_for(impatient):
    assert Scripted(Unreachable, None, b"text").wait_for(1, "name") == b"text"


def test_who_has_answered_once_is_lost_soon_also_at_the_next_question(impatient):
    said = Scripted(b"first")
    assert said.wait_for(1, "first") == b"first"
    with pytest.raises(UserError, match=r"worker 1 \(b:2\) has ended, hangs, or can't be reached"):
        said.wait_for(1, "second")  # SECONDS_TO_START is for those that have never answered


def test_who_never_answered_is_said_not_to_have_started(impatient, monkeypatch):
    monkeypatch.setattr(notices, "SECONDS_TO_START", 0)
    with pytest.raises(UserError, match=r"worker 1 \(b:2\) didn't start within 0 seconds"):
        Scripted().wait_for(1, "first")
