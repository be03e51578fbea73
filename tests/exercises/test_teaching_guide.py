"""docs/teaching.md says of points what the grades are."""

from exercises.blanks import all_blanks
from exercises.findings import Finding, Verdict
from exercises.grading.submission import POINTS, Submission
from exercises.scripts import PROJECT


def test_the_guide_has_the_maximum_that_course_systems_need():
    text = " ".join((PROJECT / "docs" / "teaching.md").read_text(encoding="utf-8").split())
    assert f"maximum there to {POINTS * len(all_blanks())} points, {POINTS} for each blank" in text


def test_points_are_the_share_of_the_parts_before_the_first_that_is_wrong():
    verdict = Verdict(2, ("a", "b", "c", "d"), 1, (), Finding("found", "expected", "why"), "", 0.1)
    submission = Submission("a.zip", "Ada", 0, (), (verdict,), {}, "", (), 1.0, {}, "")
    assert submission.points(2) == POINTS / 4
