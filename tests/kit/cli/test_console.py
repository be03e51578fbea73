"""What a user reads while a script works, where the output isn't a terminal; in one, see the tests of watch."""

import os
import sys

import pytest

from kit.cli import console


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), ""),
        (("a", "b"), "a, b"),
        (("a, b", "c", "'d, e'"), "'a, b', c, 'd, e'"),
        (tuple("abcdefgh"), "a, b, c, d, e, f, g, h"),
        ("ab" * 600, "2,792"),
    ],
)
def test_names_as_a_sentence_has_them(names, said):
    text = console.listed(names)
    if len(names) > console.NAMES_LISTED:
        assert text.endswith(f" and {len(names) - console.NAMES_LISTED:,} more")
        assert text.count(",") == console.NAMES_LISTED - 1 + f"{len(names) - 8:,}".count(",")
    else:
        assert text == said


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Größe 1.png", None), ("a\u202fb", None), ("a\nb\u2028", r"a\nb\u2028"), ("\x1b[31m\udce9", r"\x1b[31m\udce9")],
)
def test_a_name_stays_in_its_line(name, shown):
    assert console.one_line(name) == (shown or name)
    assert console.one_line(name).encode("utf-8") and len(console.one_line(name).splitlines()) == 1


def test_a_table_is_set_in_columns_and_nothing_is_cut_off(capsys):
    console.say_table(["name", "share", "count"], [["[bold]x", 0.5, 1234567], ["y" * 200, 0.123456, 2]])
    heading, _, first, second = capsys.readouterr().out.splitlines()
    assert first.split() == ["[bold]x", "0.5000", "1,234,567"]
    assert second.split() == ["y" * 200, "0.1235", "2"]
    assert heading.rstrip().endswith("count") and len(first.rstrip()) == len(second.rstrip())  # numbers: to the right


def test_warnings_go_to_stderr(capsys):
    console.warn("small")
    assert capsys.readouterr() == ("", "warning: small\n")


def test_progress_is_a_line_now_and_then(capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(console.time, "monotonic", lambda: now[0])
    with console.progress("drawing", 3000, "images", done=1000) as bar:
        bar.advance(10)
        now[0] = console.SECONDS_BETWEEN_LINES
        bar.advance(10, "square")
        bar.advance(10)
        bar.say("halfway")
    assert capsys.readouterr().out == "drawing: 1,020 of 3,000 images  square\nhalfway\n"


@pytest.mark.parametrize("is_found", [True, False])
def test_python_by_the_name_that_the_shell_finds(monkeypatch, tmp_path, is_found):
    beside = os.path.dirname(sys.executable)
    monkeypatch.setenv("PATH", beside if is_found else str(tmp_path))
    command = console.python("training.py", "--run", "my run")
    assert command.endswith(" training.py --run 'my run'")
    assert command.startswith("python ") == is_found
    (tensorboard, *words) = console.tensorboard("runs").split()
    assert words == ["--logdir", "runs"] and os.path.basename(tensorboard) == "tensorboard"
    assert (tensorboard == "tensorboard") == is_found


@pytest.mark.parametrize(
    ("count", "what", "expected"), [(1, "images", "1 image"), (0, "lines", "0 lines"), (1200, "images", "1,200 images")]
)
def test_counts(count, what, expected):
    assert console.counted(count, what) == expected
