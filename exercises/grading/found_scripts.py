"""Which files of a hand-in are the scripts with blanks and the record: by their names, or by what is in them."""

import functools
import re
from collections import Counter
from pathlib import PurePosixPath

from exercises.grading.course_systems import sent_by
from exercises.grading.files import SCRIPTS, CannotGrade, Member, text_of
from exercises.markers import places_in
from exercises.scripts import LABS, empty_places, empty_script, script_names, script_without_blanks
from kit.data.drawing.students_seed import RECORD_FILE

NAMED = 5  # of the files found instead
COPY = r"(copy of )?{}([ _-]?\(?\d+\)?| ?\(.*\)|[ _-]+(copy|kopie|copie).*)?\.py(\.txt)?"  # names of a copy
Files = dict[str, Member]  # {name that was handed out, "training.py" or "labs/NAME.py": file}


class NoScripts(CannotGrade):
    """There is nothing to grade in a hand-in."""


def chosen(members: list[Member], labs: bool = False) -> tuple[Files, list[str]]:
    """The files of the one folder that was worked in, with those of the labs or without, and notes on it."""
    names = script_names(labs)
    folders = {
        folder: {name: file for name, file in files.items() if name in (*names, RECORD_FILE)}
        for folder, files in by_folder(members).items()
        if files.keys() & set(names)
    }
    if not folders:
        instead = _listed(members)
        raise NoScripts(
            f"none of the scripts is in it: {', '.join(names)}" + (f". Found instead: {instead}" if instead else "")
        )
    worked_in = {folder for folder, files in folders.items() if was_worked_in(files)}
    for is_better in (
        lambda files: RECORD_FILE in files,
        was_worked_in,
        lambda files: files.keys() >= set(script_names()),
    ):
        folders = {folder: files for folder, files in folders.items() if is_better(files)} or folders
    if len(folders) > 1 and any(map(was_worked_in, folders.values())):
        names = ", ".join(sorted(map(str, folders)))
        raise CannotGrade(
            f"several folders of the hands-on are in it: {names}; hand in one",
            "several students? Unpack it, and name the folder",
        )
    folder, files = next(iter(folders.items()))
    others = [f"not graded: {other}, another folder with scripts" for other in sorted(worked_in - {folder})]
    return files, [*_notes(files, members), *others]


def by_folder(members: list[Member]) -> dict[PurePosixPath, Files]:
    """{folder: its scripts and record}, scripts under another name, too, and labs in a folder of theirs or without."""
    inside: dict[PurePosixPath, list[Member]] = {}
    for member in members:
        inside.setdefault(member.path.parent, []).append(member)
    folders = {folder: _files(members) for folder, members in inside.items()}
    for folder in [each for each in folders if each.name.lower() == LABS]:
        if not folders[folder].keys() & {*script_names(), RECORD_FILE}:  # or else it is a student's, of this name
            files = folders.pop(folder)
            folders[folder.parent] = {**folders.get(folder.parent, {}), **files}
    return folders


def _files(inside: list[Member]) -> Files:
    """The scripts and the record among the files of a folder."""
    names = {PurePosixPath(name).name: name for name in (*script_names(labs=True), RECORD_FILE)}
    files = {names[member.name]: member for member in inside if member.name in names}
    alike: dict[str, list[Member]] = {}
    for member in inside:
        if member.name.lower().endswith(SCRIPTS) and member.name not in names:
            if script := _script_of(member):
                alike.setdefault(script, []).append(member)
        elif member.name.endswith(RECORD_FILE.lstrip(".")):
            files.setdefault(RECORD_FILE, member)
    for script, copies in alike.items():
        own = [files[script]] if script in files else []
        texts = {text_of(each): each for each in [*copies, *own]}  # of equal ones, that with the right name
        worked_in = [each for text, each in texts.items() if text not in _untouched(script)]
        if own and (own[0] in worked_in or not worked_in):
            continue
        if len(worked_in) == 1 or len(texts) == 1:
            files[script] = (worked_in or list(texts.values()))[0]
    return files


def _script_of(member: Member) -> str | None:
    """Which script a file of another name is: by its name, or by the marker lines in it."""
    for script in script_names(labs=True):
        if _is_copy(member.name, script):
            return script
    text = text_of(member) or ""
    counts = Counter(_scripts_of_places().get(name, "") for name in places_in(member.name, text))
    del counts[""]
    return counts.most_common(1)[0][0] if counts else None


@functools.cache
def _scripts_of_places() -> dict[str, str]:
    return {name: place.script for name, place in empty_places(labs=True).items()}


@functools.cache
def _untouched(script: str) -> tuple[str | None, ...]:
    """What text_of gives for a script that nobody has worked in; a lab's blank may not have been handed out."""
    return None, empty_script(script), script_without_blanks(script)


def was_worked_in(files: Files) -> bool:
    return any(text_of(member) not in _untouched(name) for name, member in files.items() if name != RECORD_FILE)


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
    others = {name: each.name for name, each in files.items() if each.name != PurePosixPath(name).name}
    return notes + [f"{name} is read from '{other}'" for name, other in others.items()]


def _listed(members: list[Member]) -> str:
    """The names of a few files, with what is special about them."""
    kinds = {".ipynb": ", a notebook", ".icloud": ", not downloaded from iCloud"}
    names = [f"'{member.path}'{kinds.get(member.path.suffix.lower(), '')}" for member in members[:NAMED]]
    more = [f"{len(members) - NAMED:,} more"] if len(members) > NAMED else []
    return ", ".join(names + more)


def is_named_like_a_script(name: str) -> bool:
    sent = sent_by(name)
    return any(_is_copy(sent.rest if sent else name, script) for script in script_names(labs=True))


def _is_copy(name: str, script: str) -> bool:
    return bool(re.fullmatch(COPY.format(re.escape(PurePosixPath(script).stem)), name, re.IGNORECASE))
