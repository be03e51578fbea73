"""What a forked script does, says and ends with is what it does in a Python of its own."""

import os
import signal
import subprocess

import pytest

from support import warm
from support.scripts import copy_project, environment

STARTS = pytest.mark.parametrize("cold", [False, True], ids=["forked", "cold"])


def test_a_forked_process_is_used():
    assert isinstance(warm.start("-c", "/", "pass"), warm.Forked) == warm.HAS_FORK
    assert isinstance(warm.start("-c", "/", "pass", env={**environment(), "PYTHONHASHSEED": "1"}), subprocess.Popen)


@STARTS
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("print('Würfel 図')", 0),
        ("import sys; print('no', file=sys.stderr); sys.exit(2)", 2),
        ("import sys; sys.exit('a text')", 1),
        ("1 / 0", 1),
        ("raise KeyboardInterrupt", -signal.SIGINT),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("import atexit; atexit.register(print, 'the end')", 0),
        ("import threading, time; threading.Thread(target=lambda: (time.sleep(0.1), print('later'))).start()", 0),
        ("import sys; print(sys.path[0] == '', sys.argv, sys.stdout.isatty(), sys.stdin.read())", 0),
        ("import os; print(os.getcwd(), os.environ['MINE'], 'TF_CPP_MIN_LOG_LEVEL' in os.environ)", 0),
        ("import os; open('/dev/fd/3')", 1),
    ],
)
def test_what_is_said_and_the_exit_status(tmp_path, code, status, cold):
    result = warm.run("-c", tmp_path, code, "a", "b c", env={**environment(), "MINE": "x"}, cold=cold)
    expected = warm.run("-c", tmp_path, code, "a", "b c", env={**environment(), "MINE": "x"}, cold=True)
    assert result.returncode == status
    assert result.stdout == expected.stdout
    assert result.stderr.splitlines()[-1:] == expected.stderr.splitlines()[-1:]  # a traceback has more frames


@STARTS
def test_a_module_is_run(tmp_path, cold):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "told.py").write_text("import sys\nprint(__name__, sys.argv[1:], sys.path[0])")
    result = warm.run("-m", tmp_path, "mine.told", "a", "-b", cold=cold)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"__main__ ['a', '-b'] {tmp_path}\n"


@STARTS
def test_a_copy_of_the_project_runs_its_own_modules(tmp_path, cold):
    project = copy_project(tmp_path / "kit")
    (project / "kit" / "tensorflow1.py").write_text("raise SystemExit('the copy')")
    result = warm.run("training.py", tmp_path, "--help", project=project, cold=cold)
    assert (result.returncode, result.stderr) == (1, "the copy\n")


@STARTS
def test_what_takes_too_long_is_killed(tmp_path, cold):
    with pytest.raises(subprocess.TimeoutExpired):
        warm.run("-c", tmp_path, "import time; time.sleep(60)", timeout=0.2, cold=cold)


@STARTS
def test_lines_come_as_they_are_printed_and_signals_arrive(tmp_path, cold):
    code = "import time\nwhile True:\n    print('line', flush=True)\n    time.sleep(0.01)"
    process = warm.start("-c", tmp_path, code, cold=cold)
    assert next(process.stdout) == "line\n" and process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.01)
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGTERM


@STARTS
def test_a_group_of_its_own_gets_its_signals_alone(tmp_path, cold):
    code = "import os, time\nif os.fork(): print('begun', flush=True)\ntime.sleep(60)"
    process = warm.start("-c", tmp_path, code, own_group=True, cold=cold)
    assert next(process.stdout) == "begun\n"
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate(timeout=10)  # the pipes are closed once the child is gone, too
    assert process.returncode == -signal.SIGTERM


def test_random_numbers_differ(tmp_path):
    code = "import random, numpy, os; print(random.random(), numpy.random.rand())"
    said = {number for _ in range(2) for number in warm.run("-c", tmp_path, code).stdout.split()}
    assert len(said) == 4
