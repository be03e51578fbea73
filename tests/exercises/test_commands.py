"""The hands-on as a student uses it: check, hint, show, diff, reset, status."""

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from support.scripts import PROJECT, environment
from support.students import command_here, solve

from exercises import output
from exercises.__main__ import blank_number, main
from exercises.arguments import COMMANDS, read_arguments
from exercises.blanks import all_blanks, lab_blanks
from exercises.build_handout import build_folder
from exercises.findings import Finding, Verdict
from exercises.folder import StudentFolder
from kit.cli.errors import UserError
from kit.data.drawing.students_seed import RECORD_FILE


def test_check_tells_what_is_done_and_what_is_next(folder):
    solve(folder, 0)
    script = folder / "first_graph.py"
    script.write_text(script.read_text().replace("2 * x**2 + 3", "2 * x**2 + 4"))
    solve(folder, 1)
    result = subprocess.run(
        [sys.executable, "check.py"], cwd=folder, capture_output=True, text=True, env=environment(), timeout=120
    )
    assert (result.returncode, result.stderr) == (1, "")
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["1", "done", "run", "it", "in", "a", "session"] in lines
    assert "for x = -1.5, y is 8.5" in result.stdout and "y = 2 * x**2 + 4" in result.stdout
    assert f"1 of {len(all_blanks())} done. Next: blank 0" in result.stdout
    assert len(re.findall(r"(?m)^ +\d+  empty ", result.stdout)) == len(all_blanks()) - 2
    assert "\x1b" not in result.stdout


def test_check_of_one_blank_and_its_exit_status(folder):
    solve(folder, 1)
    assert command_here(folder, "check", "--blank", 1).returncode == 0
    assert command_here(folder, "check", "--blank", 0).returncode == 1


def test_after_a_blank_of_the_labs_the_next_is_of_the_labs(tmp_path, capsys):
    build_folder(tmp_path / "my_handson", with_solutions=True, labs=True)
    student = StudentFolder(tmp_path / "my_handson")
    first_of_labs = lab_blanks()[0].number
    for checked, following in (((), 0), ((3,), 0), ((first_of_labs,), first_of_labs), ((0, first_of_labs), 0)):
        output.say_what_is_next(student, checked)
        assert f". Next: blank {following}, " in capsys.readouterr().out


def test_hints_come_one_by_one_and_are_counted(folder):
    told = [command_here(folder, "hint", 4).stdout for _ in range(4)]
    hints = all_blanks()[4].hints
    for number, text in enumerate(told):
        flat = " ".join(text.split())
        shown = [" ".join(hint.split()) in flat for hint in hints]
        assert shown == [index <= number for index in range(3)]
    assert StudentFolder(folder).record.hints == {"4": 3}


def test_show_and_diff_wait_until_the_blank_is_solved_or_given_up(folder):
    for word in ("show", "diff"):
        result = command_here(folder, word, 1)
        assert result.returncode == 2 and "isn't solved yet" in result.stderr and result.stdout == ""
    solve(folder, 1)
    command_here(folder, "check", "--blank", 1)
    assert "session.run(y, feed_dict={x: settings.x})" in command_here(folder, "show", 1).stdout
    assert "the same as the solution" in command_here(folder, "diff", 1).stdout
    assert StudentFolder(folder).record.gave_up == []
    result = command_here(folder, "diff", 0, "--give_up")
    assert "-        raise NotImplementedError" in result.stdout and "+        y = 2 * x**2 + 3" in result.stdout
    assert StudentFolder(folder).record.gave_up == [0]
    assert "given up" in command_here(folder, "status").stdout


def test_a_solved_blank_that_is_changed_is_not_solved_any_more(folder):
    solve(folder, 1)
    command_here(folder, "check", "--blank", 1)
    script = folder / "first_graph.py"
    script.write_text(script.read_text().replace("{x: settings.x}", "{x: 4.0}"))
    (row,) = [
        line.split() for line in command_here(folder, "status").stdout.splitlines() if "run it in a session" in line
    ]
    assert row == ["1", "run", "it", "in", "a", "session", "changed", "0"]
    assert command_here(folder, "show", 1).returncode == 2


def test_reset_empties_one_blank_and_keeps_what_was_there(folder):
    solve(folder, 0, 1)
    before = (folder / "first_graph.py").read_text()
    result = command_here(folder, "reset", 0)
    assert result.returncode == 0 and str(folder / "first_graph.py.before_reset") in result.stdout
    assert (folder / "first_graph.py.before_reset").read_text() == before
    again = command_here(folder, "reset", 1)
    assert "first_graph.py.before_reset_2" in again.stdout
    assert (folder / "first_graph.py.before_reset").read_text() == before  # nothing that was kept is lost
    solve(folder, 1)
    places = StudentFolder(folder).places()
    assert "NotImplementedError" in places["0"].text and "session.run(y" in places["1"].text
    assert "Blank 10 is empty again, all of it (10a, 10b, 10c)." in command_here(folder, "reset", "10b").stdout


@pytest.mark.parametrize("damage", ["a marker line deleted", "the script deleted"])
def test_reset_mends_a_script(folder, damage):
    solve(folder, 0, 1)
    script = folder / "first_graph.py"
    if damage == "the script deleted":
        script.unlink()
    else:
        script.write_text(script.read_text().replace("# end of blank 0\n", "\n"))
    result = command_here(folder, "check", "--blank", 0)
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert command_here(folder, "reset", 0).returncode == 0
    places = StudentFolder(folder).places()
    assert "NotImplementedError" in places["0"].text
    assert ("session.run(y" in places["1"].text) == (damage != "the script deleted")


def test_a_wrong_command_gets_one_clear_error(tmp_path):
    (tmp_path / RECORD_FILE).write_text("{}")
    words = [sys.executable, "-m", "exercises", "hint", "14"]
    env = {**environment(), "PYTHONPATH": str(PROJECT)}
    result = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, env=env, timeout=60)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "error: There is no blank '14'; the blanks have the numbers 0 to 12.\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "What is to be done? The commands are start, check,"),
        ("hnit 4", "There is no command 'hnit'. Did you mean hint?"),
        ("4", "There is no command '4'. The commands are start, check,"),
        ("hint", "Which blank? Add its number: python -m exercises hint 1"),
        ("hint 2z mine", "There is no blank '2z'; blank 2 has the places 2a, 2b."),
        ("hint #2z mine", "There is no blank '#2z'; blank 2 has the places 2a, 2b."),
        (f"hint {'9' * 5000} mine", "There is no blank '999"),
        ("hint two mine", "There is no blank 'two'; the blanks have the numbers 0 to 12."),
        ("reset -1 mine", "There is no blank '-1'"),
        ("check --blank 4,5 mine", "There is no blank '4,5'; one at a time: --blank 4 --blank 5."),
        ("check 4,5 mine", "There is no blank '4,5'; one at a time: --blank 4 --blank 5."),
        ("hint 4,5 mine", "There is no blank '4,5'; one at a time: hint 4, then hint 5."),
        ("hint 4 5", "There is no folder '5', and hint takes one blank at a time: "),
        ("check training.py", "training.py: a file; expected the folder that it lies in, '.'."),
        ("check --blank", "--blank needs a value after it."),
        ("watch 4", "There is no folder '4', and watch takes no blank: "),
        ("check nowhere", "nowhere: no such folder."),
        ("check .", ".: not a folder of the hands-on, it has no .handson.json"),
        ("check", "There is no folder of the hands-on here"),
        ("start", "Something is missing: folder."),
        ("start new --student", "--student needs a value after it."),
        ("grade nothing.zip", "nothing.zip: no such file"),
        (f"grade . --seconds {'9' * 5000}", "expected a whole number from 1 to 3600."),
        ("grade . --seconds 0", "--seconds is '0'; expected a whole number from 1 to 3600."),
        ("handout class.tar", "ends in .zip"),
        ("handout .zip", "ends in .zip, like class.zip"),
    ],
)
def test_what_a_wrong_command_is_told(tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "training.py").touch()
    if "mine" in words:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / RECORD_FILE).write_text("{}")
    with pytest.raises(UserError, match=re.escape(told)) as raised:
        main(words.split())
    assert "argument" not in str(raised.value) and "invalid" not in str(raised.value)


@pytest.mark.parametrize(
    ("words", "number", "where"),
    [
        ("hint 2a", [2], None),
        ("hint #2a", [2], None),
        ("hint 02A", [2], None),
        ("hint #4", [4], None),
        ("hint mine 4", [4], "mine"),
        ("diff 10b mine --give_up", [10], "mine"),
        ("check --blank 10b", [10], None),
        ("check 4 10b mine", [4, 10], "mine"),
    ],
)
def test_a_blank_may_be_named_by_a_place_of_it(words, number, where):
    arguments = read_arguments(words.split())
    named = arguments.blank if words.startswith("check") else [arguments.number]
    folder = SimpleNamespace(blanks=all_blanks())
    assert ([blank_number(word, folder) for word in named], arguments.folder) == (number, where)


def test_the_list_of_commands_is_complete(capsys):
    with pytest.raises(SystemExit):
        read_arguments(["--help"])
    assert re.findall(r"(?m)^    (\w+)  ", capsys.readouterr().out) == list(COMMANDS)


def test_a_printed_command_works_where_it_is_printed(folder, tmp_path, monkeypatch):
    (tmp_path / "exercises").symlink_to(folder / "exercises")
    for where, shown in ((folder, "hint 4"), (tmp_path, "hint 4"), (tmp_path.parent, f"cd {folder} && ")):
        monkeypatch.chdir(where)
        assert shown in output.command(StudentFolder(folder), "hint", "4")
    monkeypatch.chdir(tmp_path)
    build_folder(tmp_path / "another")
    assert output.command(StudentFolder(folder), "hint", "4").endswith(f"hint 4 {folder}")


def test_check_notes_what_was_changed_outside_the_blanks(folder, capsys):
    script = folder / "training.py"
    text = script.read_text(encoding="utf-8")
    script.write_text(text.replace("tf.set_random_seed(settings.seed)", "tf.set_random_seed(5)"), encoding="utf-8-sig")
    output.say_changes(StudentFolder(folder).changes_outside())
    number = text.splitlines().index("    tf.set_random_seed(settings.seed)") + 1
    assert capsys.readouterr().out.split("\n")[1:4] == [
        "Note: outside the blanks, this isn't as it was handed out. Did you mean to change it?",
        f"  training.py:{number}: tf.set_random_seed(5)",
        f"  {'was':>14}: tf.set_random_seed(settings.seed)",
    ]


def test_a_remark_is_told_with_the_verdict_and_in_the_table(folder, capsys):
    verdict = Verdict(4, ("all",), 1, ("no limit to shuffle: with more lines",), None, "", 1.0)
    student = StudentFolder(folder)
    output.say_verdict(verdict, student, {})
    student.note_verdict(verdict, student.places())
    output.say_status(student)
    told = capsys.readouterr().out
    assert "remark   no limit to shuffle: with more lines" in told
    assert re.search(r"(?m)4 .* done +0 +no limit to shuffle *$", told)


def test_a_finding_holds_nothing_that_a_terminal_obeys(folder, capsys):
    finding = Finding("value is '\x1b[2J'", "a\x07 number", "why\x00", ("first_graph.py", 3, "x\x1b[1m"))
    output.say_verdict(
        Verdict(1, ("all",), 0, (), finding, "\x1b]0;title\x07" + "y" * 10_000, 1.0), StudentFolder(folder), {}
    )
    told = capsys.readouterr().out
    assert told.replace("\n", "").isprintable() and len(told) < 3000 and "[2J" in told


def test_a_damaged_record_gets_one_clear_error(folder):
    for content in ("not json", '{"hints": 3}', '{"hint": {}}', '{"labs": 1}'):
        (folder / RECORD_FILE).write_text(content)
        result = command_here(folder, "status")
        assert result.returncode == 2 and RECORD_FILE in result.stderr
        assert "Traceback" not in result.stderr
