"""What students handed in: whose it is, and the scripts with blanks and the record in it, and nothing else.

So nothing else in it matters: not the checks, not the kit, not a zip bomb. Whatever can be read of it is graded; what
had another name or place than it was handed out with is found and told, or told as what was found instead.
"""

import contextlib
import functools
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from exercises.course_systems import Sent, sent_by
from exercises.folder import StudentFolder
from exercises.hand_in_files import UNREADABLE, Member, opened, with_archives, within_bounds
from exercises.markers import places_in
from exercises.scripts import empty_places, empty_script, script_names
from kit.cli.errors import UserError
from kit.data.drawing.students_seed import RECORD_FILE

LARGEST = 1 << 20  # bytes of a script or record that is read
DECLARED = r"\A((?:.*\n)?[ \t\f]*#.*?coding)[:=]"  # an encoding, in the first two lines: it is another one now
SUFFIX = r"(?i)(\.tar)?\.(py|json|zip|tar|tgz|gz|bz2|xz|7z|rar)$"
NAMED = 5  # of the files found instead
COPY = r"(copy of )?{}([ _-]?\(?\d+\)?| ?\(.*\)|[ _-]+(copy|kopie|copie).*)?\.py(\.txt)?"  # names of a copy


class NoScripts(UserError):
    """There is nothing to grade in a hand-in."""


@dataclass(frozen=True)
class HandIn:
    """What one student handed in."""

    paths: tuple[Path, ...]  # of one folder or archive, or of single scripts
    part: str = ""  # of them: what a course system calls the student, or a folder or archive; "" for all
    student: str = ""  # by the course system

    @property
    def shown(self) -> str:
        """How it is named to the teacher."""
        path = self.paths[0] if len(self.paths) == 1 else self.paths[0].parent
        return f"{path}: {self.student or self.part}" if self.part else str(path)

    @property
    def label(self) -> str:
        """A name of the student, where there is no better one."""
        path = self.paths[0].resolve()
        path = path if len(self.paths) == 1 or self.student else path.parent
        sent = sent_by(path.name)
        return self.student or (sent and sent.student) or re.sub(SUFFIX, "", PurePosixPath(self.part or path.name).name)


def hand_ins(paths: Sequence[str | Path]) -> list[HandIn]:
    """What the paths of a command stand for: single scripts of one folder and student together are one hand-in.

    Args:
      paths: of folders, archives, scripts.
    """
    found: dict[tuple, HandIn] = {}
    for number, path in enumerate(map(Path, paths)):
        sent = sent_by(path.name)
        if path.suffix.lower() in (".py", ".json") and path.is_file():
            key: tuple = (path.parent, sent and sent.key)
            before = found.get(key, HandIn((), student=sent.student if sent else ""))
            found[key] = replace(before, paths=(*before.paths, path))
        else:
            found.update({(number, each.part): each for each in _parts_of(path)})
    return list(found.values())


def unpack(hand_in: HandIn | str | Path, folder: Path) -> tuple[tuple[str, ...], bool]:
    """Writes the scripts and the record into a folder.

    Args:
      hand_in: or the path of one.
      folder: to write into.
    Returns:
      (notes, has_record): what is missing or unusual; and whether there is a record of hints.
    Raises:
      UserError: there are no scripts in it, or those of several folders.
    """
    with _members_of(hand_in if isinstance(hand_in, HandIn) else HandIn((Path(hand_in),))) as members:
        return _write(*_chosen(members), folder)


# ----------------------------------------------------------------------------- whose it is


def _parts_of(path: Path) -> list[HandIn]:
    """A folder or archive of one student; or those of several, each by itself."""
    try:
        with opened(path) as members:
            depths = {_depth_of_sender(member) for member in members if _is_work(member)} - {None}
            by_system, others = (
                [each for each in members if (_depth_of_sender(each) in depths) is is_by] for is_by in (True, False)
            )
            students = {sent.key: sent.student for sent in map(_sent, by_system) if sent}
            if len(students) == 1 and len({_sent(member) for member in by_system if member.is_archive}) > 1:
                students, others = (
                    {},
                    members,
                )  # of several students, who named them alike: "net_20261102_1015_jane.zip"
            parts = _several(others, path.is_dir())
            if students and not parts:
                parts = sorted({member.path.parts[0] for member in others if _is_work(member)})
            found = [HandIn((path,), key, student) for key, student in sorted(students.items())]
            return found + [HandIn((path,), part) for part in parts] or [HandIn((path,))]
    except (UserError, *UNREADABLE):  # said when it is graded
        return [HandIn((path,))]


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
        worked_in = [folder for folder, files in _by_folder(work).items() if _was_worked_in(files)]
        if len({top for top in tops for folder in worked_in if folder.is_relative_to(top)}) + len(archives) < 2:
            return []
    above = work[0].path.parts[:depth]
    beside = [member for member in members if member.path.parts[:depth] == above and _may_be_handed_in(member, depth)]
    return sorted(map(str, tops | _tops(beside, depth)))


def _may_be_handed_in(member: Member, depth: int) -> bool:
    """Whether a file that is no work, beside the work of others, is what a student has handed in."""
    return len(member.path.parts) > depth + 1 or member.path.suffix.lower() in (".py", ".ipynb")


def _tops(members: list[Member], depth: int) -> set[PurePosixPath]:
    """The files and folders at some depth that files lie at or in."""
    return {PurePosixPath(*member.path.parts[: depth + 1]) for member in members}


def _is_work(member: Member) -> bool:
    """Whether a file is a script or an archive, by its name."""
    return member.is_archive or _is_named_like_a_script(member.name)


def _depth_of_sender(member: Member) -> int | None:
    """Which part of a path a course system has named; None: no part."""
    return next((depth for depth, part in enumerate(member.path.parts) if sent_by(part)), None)


@contextlib.contextmanager
def _members_of(hand_in: HandIn) -> Iterator[list[Member]]:
    """The files of a hand-in, with the names that the student gave them; an archive's where no script is beside it."""
    with contextlib.ExitStack() as stack:
        members = [member for path in hand_in.paths for member in stack.enter_context(opened(path))]
        if hand_in.student and len(hand_in.paths) == 1:
            members = [member for member in members if (sent := _sent(member)) and sent.key == hand_in.part]
        elif hand_in.part:
            members = [member for member in members if member.path.is_relative_to(hand_in.part)]
        members = within_bounds([replace(member, path=_without_student(member.path)) for member in members])
        if not any(_is_named_like_a_script(member.name) for member in members):
            members = stack.enter_context(with_archives(members))
        yield members


def _sent(member: Member) -> Sent | None:
    return next(filter(None, map(sent_by, member.path.parts)), None)


def _without_student(path: PurePosixPath) -> PurePosixPath:
    parts = [sent.rest if (sent := sent_by(part)) else part for part in path.parts]
    return PurePosixPath(*filter(None, parts))


# ----------------------------------------------------------------------------- which files of it

Files = dict[str, Member]  # {name that was handed out: file}


def _chosen(members: list[Member]) -> tuple[Files, list[str]]:
    """The files of the one folder that was worked in, and notes on it."""
    folders = {folder: files for folder, files in _by_folder(members).items() if files.keys() & set(script_names())}
    if not folders:
        instead = _listed(members)
        raise NoScripts(
            f"none of the scripts is in it: {', '.join(script_names())}."
            + (f" Found instead: {instead}." if instead else "")
        )
    worked_in = {folder for folder, files in folders.items() if _was_worked_in(files)}
    for is_better in (
        lambda files: RECORD_FILE in files,
        _was_worked_in,
        lambda files: files.keys() >= set(script_names()),
    ):
        folders = {folder: files for folder, files in folders.items() if is_better(files)} or folders
    if len(folders) > 1 and any(map(_was_worked_in, folders.values())):
        names = ", ".join(sorted(map(str, folders)))
        raise UserError(
            f"several folders of the hands-on are in it: {names}; hand in one. Several students? Unpack it, and name "
            "the folder."
        )
    folder, files = next(iter(folders.items()))
    others = [f"not graded: {other}, another folder with scripts" for other in sorted(worked_in - {folder})]
    return files, [*_notes(files, members), *others]


def _by_folder(members: list[Member]) -> dict[PurePosixPath, Files]:
    """{folder: its scripts and record}, scripts under another name, too."""
    folders: dict[PurePosixPath, list[Member]] = {}
    for member in members:
        folders.setdefault(member.path.parent, []).append(member)
    return {folder: _files(inside) for folder, inside in folders.items()}


def _files(inside: list[Member]) -> Files:
    """The scripts and the record among the files of a folder."""
    files = {member.name: member for member in inside if member.name in (*script_names(), RECORD_FILE)}
    alike: dict[str, list[Member]] = {}
    for member in inside:
        if member.name.lower().endswith((".py", ".py.txt")) and member.name not in files:
            if script := _script_of(member):
                alike.setdefault(script, []).append(member)
        elif member.name.endswith(RECORD_FILE.lstrip(".")):
            files.setdefault(RECORD_FILE, member)
    for script, copies in alike.items():
        own = [files[script]] if script in files else []
        texts = {_text_of(each): each for each in [*copies, *own]}  # of equal ones, that with the right name
        worked_in = [each for text, each in texts.items() if text not in (None, _empty(script))]
        if own and (own[0] in worked_in or not worked_in):
            continue
        if len(worked_in) == 1 or len(texts) == 1:
            files[script] = (worked_in or list(texts.values()))[0]
    return files


def _script_of(member: Member) -> str | None:
    """Which script a file of another name is: by its name, or by the marker lines in it."""
    for script in script_names():
        if re.fullmatch(COPY.format(re.escape(script.removesuffix(".py"))), member.name, re.IGNORECASE):
            return script
    text = _text_of(member) or ""
    counts = Counter(_scripts_of_places().get(name, "") for name in places_in(member.name, text))
    del counts[""]
    return counts.most_common(1)[0][0] if counts else None


@functools.cache
def _scripts_of_places() -> dict[str, str]:
    return {name: place.script for name, place in empty_places().items()}


_empty = functools.cache(empty_script)  # as it was handed out


def _is_named_like_a_script(name: str) -> bool:
    return any(
        re.fullmatch(COPY.format(re.escape(script[:-3])), _own_name(name), re.IGNORECASE) for script in script_names()
    )


def _own_name(name: str) -> str:
    sent = sent_by(name)
    return sent.rest if sent else name


def _was_worked_in(files: Files) -> bool:
    return any(_text_of(member) not in (None, _empty(name)) for name, member in files.items() if name != RECORD_FILE)


def _notes(files: Files, members: list[Member]) -> list[str]:
    """What is missing, and what is there instead; which files have other names."""
    missing = []
    for script in script_names():
        if script not in files:
            stem = script.removesuffix(".py")
            like = [each for each in members if re.search(rf"(?<![a-z\d]){stem}(?![a-z\d_])", each.name, re.IGNORECASE)]
            instead = _listed(like)
            missing.append(f"{script} (found instead: {instead})" if instead else script)
    notes = [f"missing: {', '.join(missing)}"] if missing else []
    notes += [f"{name} is read from '{each.name}'" for name, each in files.items() if each.name != name]
    return notes


def _listed(members: list[Member]) -> str:
    """The names of a few files, with what is special about them."""
    kinds = {".ipynb": ", a notebook", ".icloud": ", not downloaded from iCloud"}
    names = [f"'{member.path}'{kinds.get(member.path.suffix.lower(), '')}" for member in members[:NAMED]]
    more = [f"{len(members) - NAMED:,} more"] if len(members) > NAMED else []
    return ", ".join(names + more)


# ----------------------------------------------------------------------------- reading and writing


def _write(files: Files, notes: list[str], folder: Path) -> tuple[tuple[str, ...], bool]:
    for name in script_names():
        if name not in files:
            continue
        text = _text_of(files[name])
        if text is None:
            notes.append(f"{name} can't be read, or has more than {LARGEST:,} bytes, and is left out")
        else:
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    has_record = _write_record(files, folder)
    if not has_record:
        notes.append(f"no record of hints and give-ups, {RECORD_FILE}, that can be read")
    return tuple(notes), has_record


def _write_record(files: Files, folder: Path) -> bool:
    path = folder / RECORD_FILE
    try:
        text = _text_of(files[RECORD_FILE]) or ""
        path.write_text(json.dumps(json.loads(text)), encoding="utf-8")
        StudentFolder(folder)
        return True
    except (KeyError, ValueError, RecursionError, UserError):
        path.write_text("{}", encoding="utf-8")
        return False


def _text_of(member: Member) -> str | None:
    """A file's text; None where it can't be read or is too long."""
    try:
        content = member.read(LARGEST + 1)
    except UNREADABLE:
        return None
    return None if len(content) > LARGEST else _text(content)


def _text(content: bytes) -> str:
    """A script's text, whatever the editor made of it: UTF-8 with a mark or without, UTF-16, else Latin letters."""
    with_zeros = {
        b"\xff\xfe": "utf-16",
        b"\xfe\xff": "utf-16",
        content[:1] + b"\0": "utf-16-le",
        b"\0" + content[1:2]: "utf-16-be",
    }
    for encoding in (with_zeros.get(content[:2], "utf-8-sig"), "cp1252"):
        with contextlib.suppress(UnicodeDecodeError):
            text = content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
            return re.sub(DECLARED, r"\1 ", text)
    return content.decode("utf-8", "replace")
