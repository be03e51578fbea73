"""Marker lines are found as Python sees them: comments, however they are indented and spaced, and nothing else."""

import ast
import re

import pytest
from support.students import folder_with

from exercises.answers import Answer
from exercises.blanks import numbers
from exercises.build_handout import build_folder
from exercises.folder import StudentFolder
from exercises.markers import lines_of, missing_markers, places_in, with_lines
from exercises.runner import Runner
from exercises.scripts import PROJECT, empty_places, empty_script, script_names
from exercises.student_blank import StudentBlank

SCRIPT = "def f():\n    # blank 4: batches\n    a = 1\n    # end of blank 4\n    return a\n"
FOUND = [  # (title, SCRIPT changed, the lines of blank 4)
    ("as handed out", SCRIPT, ["    a = 1"]),
    ("tabs", SCRIPT.replace("    ", "\t"), ["\ta = 1"]),
    ("Windows' line ends", SCRIPT.replace("\n", "\r\n"), ["    a = 1"]),
    ("an old Mac's line ends", SCRIPT.replace("\n", "\r"), ["    a = 1"]),
    ("no line end at the end", SCRIPT.rstrip(), ["    a = 1"]),
    ("trailing spaces", SCRIPT.replace("4\n", "4 \t\n").replace("batches", "batches  "), ["    a = 1"]),
    ("capitals", SCRIPT.replace("# blank", "# Blank").replace("# end", "# END"), ["    a = 1"]),
    ("other spacing", SCRIPT.replace("# blank 4:", "#  blank  4 :").replace("# end", "#end"), ["    a = 1"]),
    ("its own name in a comment", SCRIPT.replace("a =", "# blank 4: b\n    a ="), ["    # blank 4: b", "    a = 1"]),
    ("another's in a comment", SCRIPT.replace("a =", "# blank 5: b\n    a ="), ["    # blank 5: b", "    a = 1"]),
    ("a form feed", SCRIPT.replace("def", "x = '\f\x1c\u2028'\ndef"), ["    a = 1"]),
    ("quotes that don't end", SCRIPT.replace("1", "'1"), ["    a = '1"]),
    ("three quotes that don't end", SCRIPT.replace("1", '"""1'), ['    a = """1']),
    ("markers in a string before", f'"""\n{SCRIPT}"""\n' + SCRIPT.replace("1", "2"), ["    a = 2"]),
    ("markers in a string after", SCRIPT.replace("1", "2") + f"'''\n{SCRIPT}'''\n", ["    a = 2"]),
    ("the whole twice", SCRIPT + SCRIPT.replace("1", "2"), ["    a = 2"]),  # Python, too, takes the later function
    ("in a string only", f'x = """\n{SCRIPT}"""\n', None),
    ("behind code", SCRIPT.replace("    # blank", "    b = 2  # blank"), None),
    ("no end", SCRIPT.replace("# end of blank 4", ""), None),
    ("no beginning", SCRIPT.replace("# blank 4", "# about 4"), None),
    ("the end first", "# end of blank 4\n# blank 4: batches\n", None),
    ("around another", SCRIPT.replace("a = 1", "# blank 5: b\n    # end of blank 5"), None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "lines"), [each[1:] for each in FOUND], ids=[each[0] for each in FOUND])
def test_what_lies_between_marker_lines(text, lines):
    place = places_in("training.py", text).get("4")
    assert (place and list(place.lines)) == lines
    if place:
        where = slice(place.first_line - 1, place.first_line - 1 + len(place.lines))
        assert re.split("\r\n|\r|\n", text)[where] == lines  # its numbers are those of an editor
        assert place.name == "4" and place.title == "batches"


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        (SCRIPT, ()),
        (SCRIPT.replace("\t", "    "), ()),
        (SCRIPT.replace("# end of blank 4", ""), ("# end of blank 4",)),
        (SCRIPT.replace("# blank 4", "# about 4"), ("# blank 4: ...",)),
        ("", ("# blank 4: ...", "# end of blank 4")),
    ],
)
def test_the_marker_line_that_is_gone_is_named(text, gone):
    assert missing_markers(text, "4") == gone


def test_the_finding_on_a_marker_that_is_gone_says_how_to_put_it_back_without_losing_a_line():
    texts = {script: empty_script(script) for script in script_names()}
    script = empty_places()["4"].script
    changed = {**texts, script: texts[script].replace("# end of blank 4", "# the end")}
    with pytest.raises(Exception, match=r"has no line '# end of blank 4'$") as raised:
        StudentBlank(4, ".", changed, texts, 0).place("")
    assert "your lines stay as they are" in raised.value.why and "reset" not in raised.value.why


def tabbed(text):
    """A script as an editor leaves it that indents by tabs."""
    return re.sub("(?m)^( {4})+", lambda spaces: "\t" * (len(spaces[0]) // 4), text)


@pytest.mark.parametrize("script", script_names())
def test_what_is_put_into_a_script_of_tabs_is_indented_by_tabs(script):
    solved = (PROJECT / script).read_text(encoding="utf-8")
    lines = {name: place.lines for name, place in places_in(script, solved).items()}
    changed = with_lines(script, tabbed(empty_script(script)), lines)
    assert ast.dump(ast.parse(changed)) == ast.dump(ast.parse(tabbed(solved)))
    assert places_in(script, changed).keys() == lines.keys()


def test_reset_keeps_the_other_blanks_of_a_script_of_tabs(tmp_path):
    """With a marker line gone, the script is made again around them."""
    build_folder(tmp_path / "mine")
    path = tmp_path / "mine" / "training.py"
    solved = (PROJECT / "training.py").read_text(encoding="utf-8")
    path.write_text(tabbed(solved).replace("# end of blank 4", "# the end"), encoding="utf-8")
    (kept,) = StudentFolder(tmp_path / "mine").reset(4)
    text = path.read_text(encoding="utf-8")
    ast.parse(text)
    places, before = places_in("training.py", text), places_in("training.py", solved)
    assert {name for name in before if places[name].lines != before[name].lines} == {"4"}
    assert "# the end" in (tmp_path / "mine" / kept).read_text(encoding="utf-8")


def test_solved_blanks_of_tabs_pass(tmp_path, monkeypatch):
    """As a student's editor changes them: in several places, in a loop, in a function that returns."""
    folder = folder_with(tmp_path, *map(Answer, numbers()))
    texts = {script: tabbed(text) for script, text in folder.texts().items()}
    assert all("\n\t" in text for text in texts.values())
    monkeypatch.setattr(folder, "texts", lambda: texts)
    assert [(verdict.number, verdict.solved) for verdict in Runner().check(folder, [0, 4, 10])] == [
        (0, True),
        (4, True),
        (10, True),
    ]


def test_lines_are_pythons():
    assert lines_of("a\r\nb\rc\fd\x1ce\u2028\n\n") == ["a", "b", "c\fd\x1ce\u2028", ""]
