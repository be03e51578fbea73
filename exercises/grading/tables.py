"""Where the grades of a class are written: the table, and Gradescope's results for each student."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from exercises.file_names import in_file_name, unused
from exercises.grading.hand_ins import HandIn
from exercises.grading.submission import Submission, as_csv, as_gradescope
from kit.system.files import write_json, write_text


class Tables:
    """The files that a grading writes.

    Attributes:
      labels: a name for each hand-in, where its record has none.
      json_paths: of Gradescope's results, one for each hand-in; None where they aren't wanted.
      paths: of all files.
    """

    def __init__(
        self, found: Sequence[HandIn], csv_path: str | None, json_path: str | None, kept: Path | None, labs: bool
    ) -> None:
        """
        Args:
          found: what was handed in.
          csv_path: of the table to write, or None.
          json_path: of Gradescope's results, or None; with several hand-ins, one for each beside it.
          kept: of the file that is written beside the table.
          labs: tell the blanks of the labs, too.
        """
        self._csv_path, self._labs = csv_path, labs
        self.labels = labels_of(found)
        self.json_paths = [_json_path(json_path, label, len(found)) if json_path else None for label in self.labels]
        self.paths = [Path(path) for path in (csv_path, kept, *self.json_paths) if path]

    def write_one(self, number: int, submission: Submission) -> None:
        """Writes what is of one student, by its number in `found`."""
        if path := self.json_paths[number]:
            write_json(path, as_gradescope(submission, self._labs))

    def write_class(self, submissions: Sequence[Submission]) -> None:
        """Writes the table."""
        if self._csv_path:
            write_text(self._csv_path, as_csv(submissions, self._labs))


def labels_of(found: Sequence[HandIn]) -> list[str]:
    """A name for each; with the course system's number, its folder's name or a number, where others have the same."""
    counts = Counter(each.label for each in found)
    labels = [each.label if counts[each.label] == 1 else _longer_label(each) for each in found]
    numbered: list[str] = []
    for label in labels:
        numbered.append(unused(label, numbered.__contains__, "{}-{}"))
    return numbered


def _longer_label(hand_in: HandIn) -> str:
    return hand_in.sent.numbered if hand_in.sent else f"{hand_in.paths[0].resolve().parent.name}-{hand_in.label}"


def _json_path(json_path: str, label: str, count: int) -> Path:
    path = Path(json_path)
    return path if count == 1 else path.with_name(f"{path.stem}-{in_file_name(label)}{path.suffix}")
