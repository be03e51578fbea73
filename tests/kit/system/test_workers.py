"""Work for several processes: what came of it, and what is said if it ends early. Tasks are lists of numbers to sum."""

import contextlib
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pytest

from kit.cli.errors import UserError
from kit.system import workers
from kit.system.workers import work_in_parallel

TASKS = [[number, 1] for number in range(5)]


def test_results_come_in_the_order_of_the_tasks():
    assert work_in_parallel(sum, TASKS, 2, "adding") == [1, 2, 3, 4, 5]


def test_ctrl_c_while_tasks_are_handed_out_cancels_those_that_have_not_begun(monkeypatch, capsys):
    @contextlib.contextmanager
    def interrupted():
        yield
        raise KeyboardInterrupt

    cancelled, shutdown = [], ProcessPoolExecutor.shutdown

    def noted(pool, wait=True, *, cancel_futures=False):
        cancelled.append(cancel_futures)
        shutdown(pool, wait, cancel_futures=cancel_futures)

    monkeypatch.setattr(workers, "ignored_by_children", interrupted)
    monkeypatch.setattr(ProcessPoolExecutor, "shutdown", noted)
    with pytest.raises(KeyboardInterrupt):
        work_in_parallel(sum, TASKS, 1, "adding")
    assert cancelled[0] is True
    assert "the same command continues" in "".join(capsys.readouterr())


def test_a_worker_that_is_killed_while_tasks_are_handed_out_is_told(monkeypatch):
    def broken(*_):
        raise BrokenProcessPool

    monkeypatch.setattr(ProcessPoolExecutor, "submit", broken)
    with pytest.raises(UserError, match="A process that was adding was ended from outside"):
        work_in_parallel(sum, TASKS, 1, "adding")


def test_many_cores_do_not_start_more_processes_than_windows_can_wait_for(monkeypatch):
    class Started(Exception):
        pass

    def start(count, **_):
        raise Started(count)

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", start)
    monkeypatch.setattr(os, "cpu_count", lambda: 128)
    with pytest.raises(Started, match=r"^61$"):
        work_in_parallel(sum, [[1]] * 100, None, "adding")
