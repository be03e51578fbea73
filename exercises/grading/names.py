"""Whose work it is: the names in the record, of the file and of folders; where they differ, and who handed in twice."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from exercises.grading.files import ARCHIVES
from exercises.grading.hand_ins import SUFFIX, HandIn
from exercises.grading.submission import Submission

RECORD, COURSE_SYSTEM, FILE = "the record", "the course system", "the file's name"
ARCHIVE, FOLDER = "the archive in it", "the folder in it"
TWICE = "handed in twice"  # begins a note
SHORT = r"[a-z]{1,4}\d*"  # a folder's name that may be anything: "x", "src", "net2"
SAY_NOTHING = {  # words in the names of files and folders that are nobody's
    "abgabe", "answers", "assignment", "backup", "class", "code", "copy", "deep", "desktop", "dl", "dlho",
    "documents", "downloads", "ex", "exercise", "exercises", "final", "folder", "hand", "handed", "handin", "hands",
    "handson", "hausaufgabe", "homework", "hw", "in", "kit", "lab", "labs", "late", "learning", "main", "ml", "my",
    "new", "nn", "nns", "on", "project", "py", "python", "script", "scripts", "solution", "solutions", "src",
    "submission", "submissions", "task", "tensorflow", "test", "tf", "the", "training", "ubung", "uebung", "v",
    "week", "work", "zip",
}  # fmt: skip


def names_of(hand_in: HandIn, inside: PurePosixPath, student: str | None) -> dict[str, str]:
    """{where it stands: a name} of a student.

    Args:
      hand_in: where the work is.
      inside: the folder in it that was worked in.
      student: by the record.
    """
    archives = [part for part in inside.parts if part.lower().endswith(ARCHIVES)]
    folders = [part for part in inside.parts if part not in archives]
    found = {
        RECORD: student,
        COURSE_SYSTEM: hand_in.student,
        FILE: "" if hand_in.student else hand_in.label,
        ARCHIVE: re.sub(SUFFIX, "", archives[-1]) if archives else "",
        FOLDER: folders[-1] if folders else "",
    }
    return {where: name for where, name in found.items() if name}


def disagreement(names: Mapping[str, str]) -> str:
    """A note on names that can't be one student's: "names differ: 'Ada' (the record), 'bob' (the file's name)"."""
    said: dict[str, list[str]] = {}  # {name: where it stands}
    for where, name in names.items():
        if words_of(name) and not (where == FOLDER and re.fullmatch(SHORT, name)):
            said.setdefault(name, []).append(where)
    if all(_is_same(one, other) for one in said for other in said):
        return ""
    return "names differ: " + ", ".join(f"'{name}' ({', '.join(where)})" for name, where in said.items())


def told_of_others(submissions: Sequence[Submission]) -> list[Submission]:
    """The same, with a note on each whose name another has, too: both are graded, and the teacher decides."""
    whose = [_known_by(each) for each in submissions]
    told = []
    for number, each in enumerate(submissions):
        others = [
            other.file
            for i, other in enumerate(submissions)
            if i != number and whose[i] & whose[number] and not (each.sent and each.sent.is_another(other.sent))
        ]
        note = [f"{TWICE}: also {', '.join(others)}"] if others else []
        told.append(replace(each, notes=(*each.notes, *note)))
    return told


def _known_by(submission: Submission) -> set[tuple[str, ...]]:
    """The names by which a submission may be somebody's: not those of folders."""
    names = [name for where, name in submission.names.items() if where not in (ARCHIVE, FOLDER)]
    return {tuple(sorted(words)) for words in map(words_of, names) if words}


def words_of(name: str) -> list[str]:
    """The words of a name, without accents, case, and what says nothing."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    return [word for word in re.findall(r"[^\W\d_]+", plain.casefold()) if word not in SAY_NOTHING]


def _is_same(one: str, other: str) -> bool:
    """Whether two names may be one student's: "Ada Lovelace" and "lovelaceada", "hw1_ada" or "alovelace"."""
    first, second = words_of(one), words_of(other)
    pairs = ((first, "".join(second)), (second, "".join(first)))
    return any(len(word) > 1 and word in letters for words, letters in pairs for word in words) or first == second
