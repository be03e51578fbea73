"""Watch mode in a terminal: a save is answered with the verdict on what was saved."""

import os
import re
import signal
import sys

import pytest
from support.students import solve
from support.terminal import Terminal

from exercises import watch
from exercises.blanks import all_blanks, numbers
from exercises.build_handout import build_folder
from exercises.findings import Verdict
from exercises.folder import StudentFolder


@pytest.fixture
def folder(tmp_path):
    build_folder(tmp_path / "my_handson")
    return tmp_path / "my_handson"


@pytest.fixture
def terminal(folder):
    watching = Terminal([sys.executable, "-m", "exercises", "watch", str(folder)])
    yield watching
    watching.close()


def test_a_save_is_answered_and_ctrl_c_ends(folder, terminal):
    first = terminal.read_until(r"Next: blank 0,[^\n]*\n[^\n]*\n[^\n]*\n")
    assert len(re.findall(r"(?m)^\x1b\[K +\d+  \S*empty", first)) == len(all_blanks())
    solve(folder, 0)
    told = terminal.read_until(r"Next: blank 1,[^\n]*\n[^\n]*\n[^\n]*\n")
    assert "Saved: checking blank 0 ..." in told
    assert re.search(r"  0  \x1b\[32mdone", told) and f"1 of {len(all_blanks())} done" in told
    script = folder / "first_graph.py"
    script.write_text(script.read_text().replace("2 * x**2 + 3", "2 * x^2 + 3"))
    told = terminal.read_until(r"Next: blank 0,[^\n]*\n[^\n]*\n[^\n]*\n")
    assert re.search(r"  0  \x1b\[31mnot yet", told) and "TypeError" in told and "y = 2 * x^2 + 3" in told
    terminal.process.send_signal(signal.SIGINT)
    assert "Stopped watching." in terminal.read_until("Stopped watching.")
    assert terminal.process.wait(timeout=30) == 0


class AllRight:
    """A Runner that finds every blank solved; counts them."""

    def __init__(self):
        self.checked = []

    def check(self, folder, numbers):
        self.checked.append(numbers)
        return [Verdict(number, ("all",), 1, (), None, "", 0.0) for number in numbers]


def test_it_goes_on_when_all_is_done_and_after_a_file_that_cant_be_read(folder, monkeypatch, capsys):
    script = folder / "first_graph.py"
    text = script.read_text(encoding="utf-8")
    saves = iter(
        [
            lambda: script.write_bytes(f"# \u00e4\n{text}".encode("latin-1")),
            lambda: script.write_text(text.replace("raise", "# mine\n        raise", 1), encoding="utf-8-sig"),
        ]
    )

    def wait_for_a_save(folder, stamps):
        try:
            next(saves)()
        except StopIteration:
            raise KeyboardInterrupt from None

    runner = AllRight()
    monkeypatch.setattr(watch, "Runner", lambda: runner)
    monkeypatch.setattr(watch, "_wait_for_a_save", wait_for_a_save)
    watch.watch_folder(StudentFolder(folder))
    told = capsys.readouterr().out
    assert runner.checked == [numbers(), [0]]
    assert f"All {len(all_blanks())} blanks are done." in told and told.count("Still watching; Ctrl-C ends.") == 2
    assert told.count("first_graph.py: not text in UTF-8") == told.count("Watching goes on: save it again.") == 1
    assert told.endswith("Stopped watching.\n")


@pytest.mark.parametrize("words", [["check"], ["watch"]])
def test_ctrl_c_while_tensorflow_starts(folder, words):
    terminal = Terminal([sys.executable, "-m", "exercises", *words, str(folder)])
    terminal.read_until("TensorFlow takes a few seconds to start ...\n")
    os.killpg(terminal.process.pid, signal.SIGINT)  # as a terminal does: to the process that imports TensorFlow, too
    told = terminal.read_until("Stopped")
    assert terminal.process.wait(timeout=10) == (130 if words == ["check"] else 0)
    assert "Traceback" not in terminal.text + told
    terminal.close()


@pytest.mark.parametrize(
    ("error", "told"), [(KeyboardInterrupt(), "Stopped.\n"), (ValueError("a bug"), "ValueError: a bug\n")]
)
def test_ctrl_c_while_a_command_imports_what_it_needs(capsys, error, told):
    sys.excepthook(type(error), error, None)
    assert capsys.readouterr().err == told
