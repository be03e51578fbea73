"""What `grade` writes for a teacher: class.html, feedback, tables for course systems, whose answers are alike."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from support import browser

from exercises.answers import Answer, mistakes, variants
from exercises.blanks import all_blanks, blank
from exercises.findings import Empty, Finding, Verdict
from exercises.folder import StudentFolder
from exercises.grading.class_facts import EMPTY, SOLVED, STOPPED, facts_of
from exercises.grading.class_page import class_page
from exercises.grading.class_report import write_report
from exercises.grading.course_systems import sent_by
from exercises.grading.course_tables import course_tables
from exercises.grading.feedback import as_markdown
from exercises.grading.similar import alike
from exercises.grading.submission import MISSING, UNREAD, Submission, as_gradescope
from exercises.markers import Place
from kit.cli.errors import UserError
from kit.data.drawing.students_seed import RECORD_FILE

NOW = datetime(2026, 11, 2, 14, 30)
LINE = ("training.py", 33, "training = lines.batch(<b>)")
EMPTY_FINDING = Empty("blank 4 is still empty", "lines", "why")
OWN_WAY = """
    # as in my notes
    how_many = data.num_training if data.num_training < data.most_shuffled else data.most_shuffled
    mixed = lines.shuffle(how_many, settings.seed)
    pictures = mixed.map(lambda nr, row: data.parse(nr, row), num_parallel_calls=2)
    training = pictures.batch(settings.batch_size, drop_remainder=False).repeat(settings.epochs).prefetch(1)
"""


def graded(student, findings=(), **more):
    """A student's work: all blanks solved but those of `findings`, {number: Finding after one part}."""
    findings = dict(findings)
    verdicts = []
    for each in all_blanks():
        finding = findings.get(each.number)
        passed = len(each.parts) if finding is None else 0 if finding is EMPTY_FINDING else 1
        verdicts.append(Verdict(each.number, each.parts, passed, (), finding, "", 0.1))
    first = Submission(f"{student}.zip", student, 0, (), tuple(verdicts), {}, "", (), 1.0, {}, "")
    return replace(first, **more)


def stopped(found):
    return Finding(found, "batches of images", "why", LINE)


@pytest.fixture
def class_of_five():
    return [
        graded("Ada", minutes={4: 10.0}, hints_by_blank={4: 2}, hints=2),
        graded("Bo", {4: stopped("the first batch holds 2 images"), 12: EMPTY_FINDING}, gave_up=(3,), hints=0),
        graded("Cy", {4: stopped("the first batch holds -17.5 images")}, minutes={5: 3.0}),
        graded("<Di>", {4: stopped("training never ends")}, notes=("worth a look: <script>",)),
        Submission("eve.zip", "Eve", None, (), (), {4: "no marker lines"}, "an encrypted zip", (), 0.0, {}, ""),
    ]


def test_json_keeps_all(class_of_five):
    sent = sent_by("Jane Doe_12345_assignsubmission_file_")
    for each in [*class_of_five, graded("Jane", sent=sent, answers={4: ("a = 1", "b")})]:
        again = Submission.from_json(json.loads(json.dumps(each.to_json())))
        assert repr(again) == repr(each) and [again.reason(4), again.grade(4)] == [each.reason(4), each.grade(4)]


def test_what_a_class_made_of_a_blank(class_of_five):
    facts = facts_of(blank(4), class_of_five)
    assert facts.states == {SOLVED: 1, STOPPED: 3, MISSING: 1}
    assert [(message.found, message.count) for message in facts.messages] == [
        ("the first batch holds 2 images", 2),
        ("training never ends", 1),
    ]
    assert (facts.hints, facts.minutes) == (2, 10.0)
    assert facts_of(blank(12), class_of_five).states == {SOLVED: 3, EMPTY: 1, UNREAD: 1}
    assert facts_of(blank(0), class_of_five).minutes is None


class Cells(HTMLParser):
    """The cells of all tables: [[text of a cell, ...] of a row, ...]."""

    def __init__(self, text):
        super().__init__()
        self.rows, self._is_in_cell = [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self._is_in_cell = True

    def handle_endtag(self, tag):
        self._is_in_cell = self._is_in_cell and tag not in ("td", "th")

    def handle_data(self, text):
        if self._is_in_cell:
            self.rows[-1][-1] += text


def test_the_page_has_each_student_and_each_blank(class_of_five):
    page = class_page(class_of_five, False, None, NOW)
    rows = {row[0]: row[1:] for row in Cells(page).rows}
    assert rows["Ada"][:15] == ["130", *["10"] * 13, "2"] and rows["Ada"][16] == "10"
    share = f"{10 / len(blank(4).parts):.1f}".removesuffix(".0")
    assert rows["Bo"][5] == share and rows["Bo"][13] == "-" and rows["Bo"][15] == "3"
    assert rows["Eve"][:6] == ["0", *["?"] * 4, "gone"] and rows["Eve"][-1] == "an encrypted zip"
    of_blank_4 = rows[f"4 {blank(4).title}"]
    assert of_blank_4[:6] == ["1", "3", "0", "1", "2", "10"]
    assert "2 x the first batch holds 2 images" in of_blank_4[6]
    assert (rows["13"][0], rows["12"][0], rows["11"][0], rows["0"][0]) == ("1", "2", "1", "1")
    assert "Graded on 2026-11-02 at 14:30." in page and "Alike" not in page
    assert "<Di>" not in page and "&lt;Di&gt;" in page and "(<b>)" not in page and "look: <script>" not in page


def test_what_a_student_gets_back_has_no_notes_for_the_teacher_and_says_a_reason_once(class_of_five):
    _, *sections = class_page(class_of_five, False, None, NOW).split('<section class="student">')
    assert [re.findall(r"student-(\d)", section) for section in sections] == [[str(i)] for i in range(5)]
    assert "still empty: blank 12" in sections[1] and "the first batch holds 2 images" in sections[1]
    assert "training never ends" in sections[3] and "worth a look" not in sections[3]
    assert sections[4].count("could not be graded") == 1 and "<dt>" not in sections[4]


def test_the_page_loads_nothing(class_of_five):
    page = class_page(class_of_five, False, [], NOW)
    assert "default-src 'none'" in page and not re.search(r"(src|href)=\"(?!#)", page)
    assert "hint to look, and no proof" in page and "<p>None.</p>" in page


@pytest.mark.skipif(bool(browser.missing_programs()), reason="no Chromium")
def test_a_click_sorts_the_table(class_of_five, tmp_path):
    path = tmp_path / "class.html"
    path.write_text(class_page(class_of_five, False, None, NOW), encoding="utf-8")
    names = "return [...document.querySelectorAll('tbody')[0].rows].map(row => row.cells[0].textContent)"
    with browser.chromium() as driver:
        driver.get(path.as_uri())
        assert driver.execute_script(names) == ["Ada", "Bo", "Cy", "<Di>", "Eve"]
        points = driver.find_elements("css selector", "th button")[1]
        points.click()
        assert driver.execute_script(names)[0] == "Eve" and driver.execute_script(names)[-1] == "Ada"
        head = driver.find_element("css selector", "th[aria-sort]")
        assert head.get_attribute("aria-sort") == "ascending" and head.text.startswith("points")
        points.click()
        assert driver.execute_script(names)[0] == "Ada" and driver.execute_script(names)[-1] == "Eve"


@pytest.mark.skipif(bool(browser.missing_programs()), reason="no Chromium")
def test_long_notes_stay_within_the_page(class_of_five, tmp_path):
    long = f"handed in twice: also /home/{'teacher_' * 30}/Max.zip"
    classes = [replace(each, notes=(long,), hints=22, gave_up=(1, 2, 3)) for each in class_of_five]
    path = tmp_path / "class.html"
    path.write_text(class_page(classes, False, None, NOW), encoding="utf-8")
    widths = (
        "const tables = [...document.querySelectorAll('.wide')];"
        "return [document.documentElement.scrollWidth - innerWidth, ...tables.map(t => t.scrollWidth - t.clientWidth)]"
    )
    with browser.chromium() as driver:
        driver.set_window_size(1300, 1000)
        driver.get(path.as_uri())
        assert max(driver.execute_script(widths)) <= 0  # neither the page nor a table has to be scrolled
        driver.set_window_size(500, 1000)
        assert driver.execute_script(widths)[0] <= 0


def test_feedback_tells_each_blank(class_of_five):
    text = as_markdown(class_of_five[1], labs=False)
    assert text.startswith("# Bo\n\n11 of 13 blanks solved, ")
    assert f"## Blank 4, {blank(4).title}: " in text and "    training.py:33: training = lines.batch(<b>)\n" in text
    assert "found: the first batch holds 2 images\n" in text and "`python -m exercises hint 4`" in text
    assert "\n- still empty: blank 12\n" in text and "hint 12" not in text
    assert "# \\<Di\\>\n" in as_markdown(class_of_five[3], labs=False)


def test_feedback_holds_nothing_for_the_teacher():
    told = ("missing: evaluating.py", "changed outside the blanks: training.py:3")
    notes = (*told, "names differ: 'A' (the record)", "handed in twice: also /home/t/Max.zip")
    empty = graded("Ada", {each.number: EMPTY_FINDING for each in all_blanks()}, notes=notes, notes_for_student=told)
    missing = replace(empty, missing={10: "there is no evaluating.py", 11: "there is no evaluating.py"})
    assert as_markdown(missing, labs=False).splitlines() == [
        *("# Ada", "", "0 of 13 blanks solved, 0 of 130 points."),
        *("", "- missing: evaluating.py", "", "- changed outside the blanks: training.py:3", ""),
        "- still empty: blanks 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12",
        "- there is no evaluating.py: blanks 10, 11",
    ]
    assert (
        "Max.zip" not in json.dumps(as_gradescope(empty)) and "missing: evaluating.py" in as_gradescope(empty)["output"]
    )


def test_feedback_says_once_why_nothing_could_be_graded(class_of_five):
    problem = {"problem": "'a; b.zip' is empty; ask for it again.", "problem_for_student": "'a; b.zip' is empty"}
    told = as_markdown(replace(class_of_five[4], **problem), labs=False)
    assert "points.\n\nIt could not be graded: 'a; b.zip' is empty.\nHand in again, " in told and "ask" not in told
    problem = "cannot be graded: PermissionError: [Errno 13] Permission denied: '/home/t/eve.zip'"
    told = as_markdown(replace(class_of_five[4], problem=problem), labs=False)
    assert told.endswith("points.\n\nIt could not be graded. Ask your teacher.\n")


def test_course_systems_get_their_own_columns():
    names = ["Jane Doe_12345_assignsubmission_file_", "doejane_LATE_777_8888_net.zip", "doejane_7777_8888_net.zip"]
    sent = [sent_by(name) for name in names]
    assert sent[1] is None  # a number of three digits is none of Canvas's
    classes = [graded("Jane", {4: stopped("=1+1")}, sent=sent[0]), graded("Jo", sent=sent[2]), graded("Al")]
    tables = {name: list(csv.reader(io.StringIO(text))) for name, text in course_tables(classes).items()}
    points = f"{classes[0].total(all_blanks()):g}"
    assert tables.keys() == {"moodle.csv", "canvas.csv"}
    (moodle,) = csv.DictReader(io.StringIO(course_tables(classes)["moodle.csv"]))
    assert (moodle["Identifier"], moodle["Full name"]) == ("Participant 12345", "Jane Doe")
    assert (moodle["Grade"], moodle["Maximum Grade"], moodle["Last modified (grade)"]) == (points, "130", "-")
    assert tables["canvas.csv"] == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Hands-on"],
        ["    Points Possible", "", "", "", "", "130"],
        ["doejane", "7777", "", "", "", "130"],
    ]
    assert course_tables(classes[2:]) == {}


def with_answer(student, text, number=4):
    return graded(student, answers={number: (text,)})


def test_answers_are_alike_beyond_what_the_blank_forces():
    renamed = OWN_WAY.replace("mixed", "a").replace("pictures", "b").replace("how_many", "c").replace("row", "r")
    classes = [with_answer(name, text) for name, text in [("Ada", OWN_WAY), ("Bo", renamed), ("Cy", "x = 1")]]
    for other in [Answer(4), *variants(blank(4)), *mistakes(blank(4))]:
        (lines,) = other.lines().values()
        classes += [with_answer(f"{other.title} {number}", "\n".join(lines)) for number in (1, 2)]
    (pair,) = alike(classes)
    assert pair.students == ("Ada", "Bo") and pair.share == 1 and pair.blanks == (4,)
    assert str(pair).startswith("Ada and Bo: ") and str(pair).endswith("100% of what is their own; blank 4")


def test_what_many_have_written_is_nobodys_own():
    assert alike([with_answer(name, OWN_WAY) for name in ("Ada", "Bo", "Cy")]) == []  # they had it from one page


def test_answers_that_python_can_not_read_are_compared_as_far_as_they_go():
    broken = OWN_WAY + "    training = (\n"
    assert [pair.students for pair in alike([with_answer("Ada", broken), with_answer("Bo", broken)])] == [("Ada", "Bo")]


def test_a_report_replaces_its_own_files_and_touches_no_others(class_of_five, tmp_path):
    folder, names = tmp_path / "graded", ["a", "b", "c", "d", "e"]
    two = [*class_of_five[:1], replace(class_of_five[1], student="Ada")]
    write_report(folder, two, names[:2], False, None)
    first = (folder / "class.html").read_text(encoding="utf-8")
    others = ["grades.csv", "feedback/my_notes.md", "own/mine.txt"]
    for other in others:
        (folder / other).parent.mkdir(exist_ok=True)
        (folder / other).write_text("mine")
    (folder / "feedback" / "Ada.md").write_text("of an earlier report")
    assert write_report(folder, class_of_five, names, False, None) == ["class.html", "feedback"]
    pages = sorted(path.name for path in (folder / "feedback").iterdir())
    earlier = ["Ada, a.md", "Ada, b.md"]
    assert pages == [*earlier, "Ada.md", "Bo.md", "Cy.md", "Eve.md", "_Di_.md", "my_notes.md"]
    assert all((folder / other).read_text() == "mine" for other in others)
    assert (folder / "feedback" / "Ada.md").read_text(encoding="utf-8").startswith("# Ada\n")
    page = (folder / "class.html").read_text(encoding="utf-8")
    assert page != first and "5 students" in page
    assert not list(folder.rglob(".partial*")) and [path.name for path in tmp_path.iterdir()] == ["graded"]


def test_the_time_goes_to_the_blanks_that_were_worked_on(tmp_path, monkeypatch):
    (tmp_path / RECORD_FILE).write_text("{}")
    folder = StudentFolder(tmp_path)
    places = {name: Place(name, "", "training.py", 1, "", (f"{name} = 0",)) for name in ("4", "5", "6")}
    clock = iter(1e9 + seconds for seconds in (0, 120, 180, 1390, 1450))
    monkeypatch.setattr("exercises.folder.time", SimpleNamespace(time=lambda: next(clock)))
    folder.note_work(places)  # the first check: nobody knows since when
    changed = {**places, "5": Place("5", "", "training.py", 1, "", ("another = 1",))}
    folder.note_work(changed)
    folder.note_work(changed)  # nothing was changed: the first blank that isn't solved
    folder.note_work(
        {**changed, "6": Place("6", "", "training.py", 1, "", ("more = 1",))}
    )  # after 20 minutes and 20 s: a pause
    folder.note_work(places)
    assert folder.record.minutes == {"5": 2.5, "0": 1.0, "6": 0.5}
    folder.save()
    assert StudentFolder(tmp_path).record.minutes == folder.record.minutes


@pytest.mark.parametrize(
    "content",
    [
        '{"minutes": {"4": "x"}}',
        '{"minutes": {"4": -1}}',
        '{"last_check": 1e999}',
        f'{{"minutes": {{"4": 1{"0" * 400}}}}}',
    ],
)
def test_a_time_that_is_none_is_refused(tmp_path, content):
    (tmp_path / RECORD_FILE).write_text(content)
    with pytest.raises(UserError, match="a time is no number from 0"):
        StudentFolder(tmp_path)
