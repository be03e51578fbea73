"""Watch mode on a terminal: its keys, the editor, and a terminal that is left as it was found."""

import os
import signal
import sys
import termios
from pathlib import Path

import pytest
from support.students import solve
from support.terminal import Terminal

from exercises import editors, screen
from exercises.build_handout import build_folder
from exercises.folder import StudentFolder
from exercises.watch_screen import KEYS, screenful
from kit.cli.errors import UserError

EDITOR = """#!{python}
import sys, termios
echo = bool(termios.tcgetattr(0)[3] & termios.ECHO)
with open({notes!r}, "a") as notes:
    print(*sys.argv[1:], echo, file=notes)
print("THE EDITOR", flush=True)
input()
"""
DONE = f"{KEYS}$"  # the end of a screen


def view(number):
    """The pattern of a screen with a blank in view, to its end."""
    return rf"Watching my_handson\n\x1b\[K +{number}  .*(?s:.*?){DONE}"


@pytest.fixture
def folder(tmp_path):
    build_folder(tmp_path / "my_handson")
    return tmp_path / "my_handson"


@pytest.fixture
def vim(tmp_path):
    """An editor that goes by the name of vim, and notes how it was called and whether the terminal echoes."""
    editor = tmp_path / "vim"
    editor.write_text(EDITOR.format(python=sys.executable, notes=str(tmp_path / "notes")), encoding="utf-8")
    editor.chmod(0o755)
    return editor


def test_keys_move_hint_look_and_edit_and_the_terminal_is_as_before(folder, tmp_path, vim):
    solve(folder, 1)
    terminal = Terminal([sys.executable, "-m", "exercises", "watch", str(folder), "--editor", str(vim)])
    try:
        first = terminal.read_until(r"Next: blank 0,(?s:.*)q quit")
        assert first.count("Next:") == 1 and not terminal.is_as_before
        terminal.press("n")
        assert "done" in terminal.read_until(view(1))
        terminal.press("l")
        assert "look/blank_01.png: drawn." in terminal.read_until(r"drawn\.(?s:.*)q quit").replace("\n", "")
        assert (folder / "look" / "blank_01.png").exists()
        terminal.press("\x1b[B")  # the arrow down
        terminal.read_until(view(2))
        terminal.press("h")
        told = terminal.read_until(r"Hint 1:(?s:.*)q quit")
        assert "Hint 2:" not in told and StudentFolder(folder).record.hints == {"2": 1}
        assert "h: hint 2 of 3" in told and "still empty" not in told and "more blanks" not in told
        terminal.press("hhh")  # the second, the third, and back
        terminal.read_until(view(2))
        assert StudentFolder(folder).record.hints == {"2": 3}
        terminal.press("p")
        told = terminal.read_until(view(1))
        assert "Hint" not in told
        terminal.press("pl")
        assert "Nothing to draw: blank 0 is still empty" in terminal.read_until("still empty(?s:.*)q quit")
        terminal.press("e")
        terminal.read_until("THE EDITOR")
        assert terminal.is_as_before
        terminal.press("\n")
        terminal.read_until(view(0))
        line = StudentFolder(folder).places()["0"].first_line
        assert (tmp_path / "notes").read_text(encoding="utf-8") == f"+{line} {folder / 'first_graph.py'} True\n"
        terminal.press("x?q")
        assert "Stopped watching." in terminal.read_until("Stopped watching.")
        assert terminal.process.wait(timeout=30) == 0 and terminal.is_as_before
    finally:
        terminal.close()


@pytest.fixture
def pseudo_terminal(monkeypatch):
    """A terminal as this process's own: its file, and what types into it."""
    master, slave = os.openpty()
    with open(slave, "r+b", buffering=0, closefd=False) as file:
        monkeypatch.setattr(sys, "stdin", file)
        yield slave, lambda keys: os.write(master, keys)
    for each in (master, slave):
        os.close(each)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_ends_it_the_terminal_is_as_before(pseudo_terminal, capsys, error):
    file, _ = pseudo_terminal
    before, handler = termios.tcgetattr(file), signal.getsignal(signal.SIGTERM)
    with pytest.raises(error), screen.Screen() as shown:
        assert not termios.tcgetattr(file)[3] & (termios.ECHO | termios.ICANON)
        assert termios.tcgetattr(file)[3] & termios.ISIG  # Ctrl-C is still one
        shown.show(["one", "two"])
        with pytest.raises(OSError), shown.lent():
            assert termios.tcgetattr(file) == before
            raise OSError("no such editor")
        assert termios.tcgetattr(file) != before
        raise error
    assert termios.tcgetattr(file) == before and signal.getsignal(signal.SIGTERM) == handler
    printed = capsys.readouterr().out
    assert printed.startswith(screen.OPEN) and printed.endswith(screen.CLOSE) and "one\n\x1b[Jtwo" in printed


def test_a_process_that_is_ended_leaves_the_terminal_as_before(pseudo_terminal, capsys):
    file, _ = pseudo_terminal
    before = termios.tcgetattr(file)
    with pytest.raises(SystemExit) as ended, screen.Screen():
        os.kill(os.getpid(), signal.SIGTERM)
    assert ended.value.code == 128 + signal.SIGTERM and termios.tcgetattr(file) == before
    assert capsys.readouterr().out.endswith(screen.CLOSE)


@pytest.mark.parametrize(
    ("typed", "keys"),
    [(b"n", "n"), (b"\x1b[A\x1b[B", "pn"), (b"\x1b[3~q", "q"), (b"\x1bOPh", "h"), (b"\xff", ""), (b"\xc3\xa4", "ä")],
)
def test_keys_come_as_they_are_pressed(pseudo_terminal, capsys, typed, keys):
    _, type_in = pseudo_terminal
    with screen.Screen() as shown:
        type_in(typed)
        assert shown.keys(30) == keys
        assert shown.keys(0) == ""


def test_a_line_is_cut_to_the_window_and_keeps_its_colours():
    assert screen.cut("  0  \x1b[32mdone    \x1b[0mthe graph", 11) == "  0  \x1b[32mdone  \x1b[0m"
    assert screen.cut("short", 11) == "short"


@pytest.mark.parametrize("rows", [10, 16, 24, 40])
def test_a_screenful_fits_and_ends_with_the_keys(rows):
    top, foot = ["Watching", "  4  not yet", *["found"] * 6], ["", "Next", "place", "guide", "", "Saved", "keys"]
    others = [f"{number}" for number in range(12)]
    shown = screenful(top, others, 4, foot, rows)
    assert len(shown) <= rows and shown[-1] == "keys" and shown[:2] == top[:2]
    if rows == 40:
        assert shown == [*top, "", *others, *foot]
    if rows == 16:
        assert "     and 9 more blanks" in shown and {"3", "4", "5"} < set(shown)


PLACE = Path("/home/me/my handson/training.py")


@pytest.mark.parametrize(
    ("editor", "command"),
    [
        (["code"], ["code", "-g", f"{PLACE}:47"]),
        (["code", "-g"], ["code", "-g", f"{PLACE}:47"]),
        (["/opt/pycharm/bin/pycharm.sh"], ["/opt/pycharm/bin/pycharm.sh", "--line", "47", str(PLACE)]),
        (["vim"], ["vim", "+47", str(PLACE)]),
        (["emacs", "-nw"], ["emacs", "-nw", "+47", str(PLACE)]),
        (["subl"], ["subl", f"{PLACE}:47"]),
        (["notepad++.exe"], ["notepad++.exe", "-n47", str(PLACE)]),
        (["ed"], ["ed", str(PLACE)]),
    ],
)
def test_an_editor_is_told_the_line_in_its_own_way(editor, command):
    assert editors.command_at(editor, PLACE, 47) == command


def test_the_editor_is_that_of_the_flag_then_of_the_environment(monkeypatch):
    variables = {"VISUAL": "", "EDITOR": "emacs -nw"}
    assert editors.chosen_editor("code -g", variables) == ["code", "-g"]
    assert editors.chosen_editor(None, variables) == ["emacs", "-nw"]
    assert editors.chosen_editor(None, {**variables, "VISUAL": "code --wait"}) == ["code", "--wait"]
    monkeypatch.setattr(editors.shutil, "which", lambda name: f"/bin/{name}" if name == "nano" else None)
    assert editors.chosen_editor(None, {}) == ["nano"]
    assert editors.has_window(["code"]) and not editors.has_window(["/usr/bin/vim"])
    monkeypatch.setattr(editors.shutil, "which", lambda name: None)
    with pytest.raises(UserError, match="--editor"):
        editors.chosen_editor(None, {})
    with pytest.raises(UserError, match="quote"):
        editors.chosen_editor("'vim", {})
