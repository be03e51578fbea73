"""How course systems name what they have collected: the student stands before a file's name, or in a folder's."""

import re
from dataclasses import dataclass

from exercises.surrogates import without_surrogates

MOODLE, BLACKBOARD, CANVAS = "Moodle", "Blackboard", "Canvas"
DATE = r"20\d\d(?:[01]\d[0-3]\d_\d{4}(?:\d\d)?)?"  # a year; or a day and a time
PATTERNS = {
    # "Jane Doe_12345_assignsubmission_file_" as a folder, or before "training.py"
    MOODLE: re.compile(r"(?P<student>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+_?(?P<rest>.*)"),
    # "hw1_jdoe_attempt_2026-11-02-10-11-12_training.py"
    BLACKBOARD: re.compile(r"(?P<id>.+)_(?P<student>[^_]+)_attempt_[\d-]+_?(?P<rest>.*)"),
    # "doejane_LATE_12345_67890_training-1.py"; no date: "handson_2026_1102_jane.zip", "handson_20261102_1015_jane.zip"
    CANVAS: re.compile(rf"(?P<student>[^_]+)_(?:LATE_)?(?!{DATE}_)(?P<id>\d{{4,}})_\d{{4,}}_(?P<rest>.+)"),
}


@dataclass(frozen=True)
class Sent:
    """A file or folder as a course system names it."""

    student: str
    key: str  # the same for all that a student has sent
    rest: str  # the name that the student gave it; "" for a folder of the course system's own
    system: str  # MOODLE, BLACKBOARD or CANVAS
    number: str  # by which that knows the student; of Blackboard, the assignment's name

    @property
    def numbered(self) -> str:
        """The student's name, and the number that tells it from another student's of this name."""
        return self.student if self.system == BLACKBOARD else f"{self.student}_{self.number}"

    def is_another(self, other: "Sent | None") -> bool:
        """Whether the course system knows the other as another student."""
        if other is None or self.system == BLACKBOARD:
            return False
        return other.system == self.system and other.number != self.number


def sent_by(name: str) -> Sent | None:
    """Whose a file or folder is by its name; None where no course system has named it."""
    for system, pattern in PATTERNS.items():
        if match := pattern.fullmatch(without_surrogates(name)):
            return Sent(match["student"], f"{match['student']}_{match['id']}", match["rest"], system, match["id"])
    return None
