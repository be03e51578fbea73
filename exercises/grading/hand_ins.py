"""Whose work lies at a path: a folder or archive may hold that of one student, or of a class."""

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from exercises.grading.course_systems import Sent, sent_by
from exercises.grading.files import (
    ARCHIVES,
    SCRIPTS,
    SINGLE,
    UNREADABLE,
    Budget,
    Member,
    is_single_file,
    opened,
    with_archives,
    within_bounds,
)
from exercises.grading.found_scripts import by_folder, is_named_like_a_script, was_worked_in
from exercises.surrogates import without_surrogates
from kit.cli.errors import UserError

SUFFIX = rf"(?i)(\.tar)?({'|'.join(map(re.escape, (*SINGLE, *ARCHIVES)))})$"


@dataclass(frozen=True)
class HandIn:
    """What one student handed in."""

    paths: tuple[Path, ...]  # of one folder or archive, or of single scripts
    part: str = ""  # of them: what a course system calls the student, or a folder or archive; "" for all
    sent: Sent | None = None  # as a course system has named it

    @property
    def shown(self) -> str:
        """How it is named to the teacher."""
        path = self.paths[0] if len(self.paths) == 1 else self.paths[0].parent
        is_a_part = self.part or (self.sent and len(self.paths) > 1)
        shown = without_surrogates(str(path))
        return f"{shown}: {self.sent.numbered if self.sent else self.part}" if is_a_part else shown

    @property
    def student(self) -> str:
        """The student's name, by the course system; "" without one."""
        return self.sent.student if self.sent else ""

    @property
    def label(self) -> str:
        """A name of the student, where there is no better one."""
        path = self.paths[0].resolve()
        path = path if len(self.paths) == 1 else path.parent
        return self.student or re.sub(SUFFIX, "", PurePosixPath(self.part or without_surrogates(path.name)).name)


def hand_ins(paths: Sequence[str | Path]) -> list[HandIn]:
    """What the paths of a command stand for: single scripts of one folder and student together are one hand-in.

    Args:
      paths: of folders, archives, scripts.
    """
    found: dict[tuple, HandIn] = {}
    for number, path in enumerate(map(Path, paths)):
        sent = sent_by(path.name)
        if is_single_file(path.name) and path.is_file():
            key: tuple = (path.parent, sent and sent.key)
            before = found.get(key, HandIn((), sent=sent))
            found[key] = replace(before, paths=(*before.paths, path))
        else:
            found.update({(number, each.part): each for each in _parts_of(path)})
    return list(found.values())


def _parts_of(path: Path) -> list[HandIn]:
    """A folder or archive of one student; or those of several, each by itself."""
    try:
        with opened(path, Budget()) as members:
            students, others = _by_course_system(members)
            parts = _several(others, path.is_dir())
            if students and not parts:
                parts = sorted({member.path.parts[0] for member in others if _is_work(member)})
            found = [HandIn((path,), key, sent) for key, sent in sorted(students.items())]
            return found + [HandIn((path,), part) for part in parts] or [HandIn((path,), sent=sent_by(path.name))]
    except (UserError, *UNREADABLE):  # said when it is graded
        return [HandIn((path,), sent=sent_by(path.name))]


def _by_course_system(members: list[Member]) -> tuple[dict[str, Sent], list[Member]]:
    """({key: Sent} of those whose work a course system has named, the files that belong to none of them)."""
    depths = {_depth_of_sender(member) for member in members if _is_work(member)} - {None}
    theirs = [member for member in members if _depth_of_sender(member) in depths]
    students = {sent.key: sent for sent in map(_sent, theirs) if sent}
    if len(students) == 1 and len({_sent(member) for member in theirs if member.is_archive}) > 1:
        return {}, members  # several students have named their archives alike: "net_20261102_1015_jane.zip"
    return students, [member for member in members if _depth_of_sender(member) not in depths]


def _several(members: list[Member], is_folder: bool) -> list[str]:
    """The folders and archives of several students, among all files; none where it is one student's."""
    work = [member for member in members if _is_work(member)]
    depth = 0
    while any(len(member.path.parts) > depth + 1 for member in work) and len(_tops(work, depth)) == 1:
        depth += 1
    if any(len(member.path.parts) == depth + 1 and not member.is_archive for member in work):
        return []  # scripts lie here: it is the folder of one
    tops = _tops(work, depth)
    archives = [member for member in work if member.is_archive and member.path in tops]
    if len(archives) < 2:
        if not is_folder:
            return []  # reading what is in a zip has bounds, which hold for one student
        worked_in = [folder for folder, files in by_folder(work).items() if was_worked_in(files)]
        if len({top for top in tops for folder in worked_in if folder.is_relative_to(top)}) + len(archives) < 2:
            return []
    above = work[0].path.parts[:depth]
    beside = [member for member in members if member.path.parts[:depth] == above and _may_be_handed_in(member, depth)]
    return sorted(map(str, tops | _tops(beside, depth)))


def _may_be_handed_in(member: Member, depth: int) -> bool:
    """Whether a file that is no work, beside the work of others, is what a student has handed in."""
    return len(member.path.parts) > depth + 1 or member.name.lower().endswith((*SCRIPTS, ".ipynb"))


def _tops(members: list[Member], depth: int) -> set[PurePosixPath]:
    """The files and folders at some depth that files lie at or in."""
    return {PurePosixPath(*member.path.parts[: depth + 1]) for member in members}


def _is_work(member: Member) -> bool:
    """Whether a file is a script or an archive, by its name."""
    return member.is_archive or is_named_like_a_script(member.name)


def _depth_of_sender(member: Member) -> int | None:
    """Which part of a path a course system has named; None: no part."""
    return next((depth for depth, part in enumerate(member.path.parts) if sent_by(part)), None)


@contextlib.contextmanager
def members_of(hand_in: HandIn) -> Iterator[list[Member]]:
    """The files of a hand-in, with the names that the student gave them; an archive's where no script is beside it."""
    with contextlib.ExitStack() as stack:
        budget = Budget()
        members = [member for path in hand_in.paths for member in stack.enter_context(opened(path, budget))]
        if hand_in.part and hand_in.student:
            members = [member for member in members if (sent := _sent(member)) and sent.key == hand_in.part]
        elif hand_in.part:
            members = [member for member in members if member.path.is_relative_to(hand_in.part)]
        members = within_bounds([replace(member, path=_without_student(member.path)) for member in members])
        if not any(is_named_like_a_script(member.name) for member in members):
            members = stack.enter_context(with_archives(members, budget))
        yield members


def _sent(member: Member) -> Sent | None:
    return next(filter(None, map(sent_by, member.path.parts)), None)


def _without_student(path: PurePosixPath) -> PurePosixPath:
    parts = [sent.rest if (sent := sent_by(part)) else part for part in path.parts]
    return PurePosixPath(*filter(None, parts))
