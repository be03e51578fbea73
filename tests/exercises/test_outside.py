"""What a student changes outside the blanks: an error is told, any other change is noted, layout isn't."""

import pytest
from support.students import folder_with

from exercises.answers import Answer
from exercises.markers import lines_of
from exercises.outside import changes, in_short
from exercises.runner import Runner
from exercises.scripts import empty_script, script_names

SCRIPT = "first_graph.py"
SEED = "    tf.set_random_seed(settings.seed)"


@pytest.fixture(scope="module")
def runner():
    return Runner()


def changed(script, *edits):
    text = empty_script(script)
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ([(SEED, "    tf.set_random_seed(5)")], [("tf.set_random_seed(5)", SEED.strip())]),
        ([(SEED, f"{SEED}\n    steps = 0")], [("steps = 0", None)]),
        ([(f"{SEED}\n", "")], [(None, SEED.strip())]),
        ([(SEED, f"    if True:\n    {SEED}")], [("if True:", SEED.strip())]),
        ([(SEED, "    tf.set_random_seed(")], [("tf.set_random_seed(", SEED.strip())]),  # Python can't read it
        ([(SEED, f"{SEED})\n    # a comment")], [(f"{SEED.strip()})", SEED.strip())]),
        ([(SEED, f'{SEED}"""')], [(f'{SEED.strip()}"""', SEED.strip())]),
        ([(SEED, f"{SEED}  # always the same\n\n    # a comment\n")], []),
        ([(SEED, "    tf.set_random_seed(\n        settings.seed,\n    )")], []),
        ([(SEED, "    tf.set_random_seed( settings.seed )")], []),
        *[([("\ndef train(", f"\n{line}\ndef train(")], []) for line in ("\x0c", "# a\u2028b", "# a\x0bb", "# a\x85b")],
        ([(SEED, f"    # a\u2028b\n{SEED}\n    steps = 0")], [("steps = 0", None)]),
        ([('    raise NotImplementedError("training.py: blank 6a', '    x = (\n    raise NotImplementedError("')], []),
    ],
)
def test_changes(edits, told):
    text = changed("training.py", *edits)
    found = changes("training.py", text, empty_script("training.py"))
    assert [((each.now or [None])[0], (each.before or [None])[0]) for each in found] == told
    for each in found:
        assert not each.now or lines_of(text)[each.number - 1].strip() == each.now[0]
    assert in_short(found) == (f"training.py:{found[0].number}" if found else "")


@pytest.mark.parametrize("script", script_names())
def test_tabs_for_spaces_and_spaces_at_the_end_are_layout(script):
    text = empty_script(script)
    indented = "\n".join("\t" * ((len(line) - len(line.lstrip())) // 4) + line.lstrip() for line in text.splitlines())
    assert indented != text and changes(script, indented, text) == []
    for end in ("  \n", "\t\n", "\r\n"):
        assert changes(script, end.join([*text.splitlines(), ""]), text) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    make_folder(FOLDER)", "    make_folder(FOLDER", "SyntaxError"),
        ("    make_folder(FOLDER)", "  make_folder(FOLDER)", "IndentationError"),
        ('FOLDER = "graphs"', "FOLDER = run / graphs", "NameError: name 'run' is not defined"),
        pytest.param(
            "from kit.system.files import make_folder",
            "from kit.system.files import make",
            "ImportError",
            marks=pytest.mark.long,
        ),
        pytest.param(
            "import kit.tensorflow1 as tf",
            "import kit.tensorflow1 as tf\nraise SystemExit",
            "SystemExit",
            marks=pytest.mark.long,
        ),
    ],
)
def test_an_error_outside_the_blanks_is_told(runner, tmp_path, old, new, told):
    folder = folder_with(tmp_path, Answer(0))
    text = folder.texts()[SCRIPT]
    assert text.count(old) == 1
    folder.texts()[SCRIPT] = text.replace(old, new)
    (verdict,) = runner.check(folder, [0])
    assert not verdict.solved and verdict.passed == 0
    assert verdict.finding.found.startswith(f"outside the blanks, {SCRIPT} has an error: {told}")
    assert verdict.finding.line[2].partition("  #")[0] == new.splitlines()[-1].strip()


def test_a_module_of_the_students_own_is_no_error(runner, tmp_path):
    folder = folder_with(tmp_path, Answer(0))
    folder.texts()[SCRIPT] = folder.texts()[SCRIPT].replace("import kit", "import my_own_helpers\nimport kit", 1)
    (verdict,) = runner.check(folder, [0])
    assert verdict.solved
