"""A mistake that two checks in a row have found is what the next hint begins with."""

import json
import re

import pytest
from support.students import command_here

from exercises import output, repeated_mistake
from exercises.blanks import FOLDER, all_blanks, blank
from exercises.findings import Empty, Finding, Verdict
from exercises.folder import StudentFolder
from exercises.repeated_mistake import RepeatedMistake, hint_for
from kit.data.drawing.students_seed import RECORD_FILE

LINE = ("training.py", 47, "training = lines")


def checked(folder, found, number=4, solved=False, lines_are_new=True, kind=Finding):
    """A check of a blank that came to this."""
    if lines_are_new:
        path = folder / "training.py"
        path.write_text(re.sub(rf"(\n +# end of blank {number}\n)", r"\n    tried = 1\1", path.read_text()))
    finding = None if solved else kind(found, "tf.data.Dataset.zip((a, b))", "why", LINE)
    parts = blank(number).parts
    verdict = Verdict(number, parts, len(parts) if solved else 0, (), finding, "", 1.0)
    StudentFolder(folder).note_verdict(verdict, StudentFolder(folder).places())


def hint(folder, number=4):
    return " ".join(command_here(folder, "hint", number).stdout.split())


def test_the_second_time_a_hint_begins_with_the_mistake(folder):
    checked(folder, "training ends after 1 epoch")
    assert "checks found the same" not in hint(folder)
    checked(folder, "training ends after 2 epochs of '7'")
    assert "checks found the same" not in hint(folder)  # of other words: another mistake
    checked(folder, "training ends after 3 epochs of 'x'")
    told = hint(folder)
    assert "The last 2 checks found the same: your line training.py:47: training = lines found training ends" in told
    assert blank(4).mistakes["training ends after"].split()[0] in told
    assert told.index("checks found the same") < told.index("Hint 1:")


def test_a_check_of_the_same_lines_is_not_counted(folder):
    """As when `watch` is started again."""
    for _ in range(3):
        checked(folder, "the same", lines_are_new=False)
    assert "checks found the same" not in hint(folder)
    assert " 4 not yet " in " ".join(command_here(folder, "status").stdout.replace(blank(4).title, "").split())


@pytest.mark.parametrize("between", ["another mistake", "solved", "reset"])
def test_the_count_begins_again(folder, between):
    checked(folder, "the same")
    if between == "reset":
        command_here(folder, "reset", 4)
    else:
        checked(folder, "another", solved=between == "solved")
    checked(folder, "the same")
    assert "checks found the same" not in hint(folder)


def test_other_blanks_and_empty_ones_do_not_count(folder):
    for _ in range(2):
        checked(folder, "the same", number=5)
        checked(folder, "blank 4 is still empty", kind=Empty)
    assert StudentFolder(folder).record.failed.keys() == {"5"}
    assert "checks found the same" in hint(folder, 5) and "checks found the same" not in hint(folder, 4)


def test_without_a_text_of_its_own_a_hint_says_where_to_look(folder):
    mistake = RepeatedMistake("what no task.md knows", "tf.data.Dataset.zip((a, b)), by head.per_example", "s.py:1: a")
    told = hint_for(blank(4), mistake)
    assert "tf.data.Dataset.zip and head.per_example" in told and blank(4).guide in told
    assert hint_for(blank(4), RepeatedMistake("unknown", "a number", "")) == f"{blank(4).guide} explains it."


def test_each_blank_of_the_lesson_has_a_hint_for_a_mistake_that_its_check_finds():
    for each in all_blanks():
        checks = [*(FOLDER / each.folder).glob("*.py"), *(FOLDER.parent / "stages").glob("*.py")]
        texts = [path.read_text(encoding="utf-8") for path in checks if "answers" not in path.name]
        said = [*each.module("answers").MISTAKES, *texts]
        assert each.mistakes
        for words in each.mistakes:
            assert any(words in text for text in said), f"{each.number}: '{words}'"


@pytest.mark.parametrize("kept", [3, {}, {"found": "f"}, {"times": 0}, {"times": "2"}, {"found": 1}, {"more": 1}])
def test_a_damaged_record_is_refused(folder, kept):
    whole = RepeatedMistake("f", "e", "w", 2).as_record()
    record = json.loads((folder / RECORD_FILE).read_text())
    record["failed"] = {"4": {**whole, **kept} if kept and isinstance(kept, dict) and "found" not in kept else kept}
    (folder / RECORD_FILE).write_text(json.dumps(record))
    result = command_here(folder, "status")
    assert result.returncode == 2 and "'failed' is not as the kit writes it" in result.stderr
    assert repeated_mistake.from_record(whole) == RepeatedMistake("f", "e", "w", 2)


def test_a_hint_holds_nothing_that_a_terminal_obeys(capsys):
    output.say_hints(blank(4), [], RepeatedMistake("\x1b[2J", "\x07", "\x1b[1m", 2))
    assert capsys.readouterr().out.replace("\n", "").isprintable()
