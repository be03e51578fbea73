"""What a student handed in, a zip or a folder: the scripts with blanks and the record in it, and nothing else.

So nothing else in it matters: not the checks, not the kit, not a zip bomb. Whatever can be read of it is graded.
"""

import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from exercises.folder import StudentFolder
from exercises.scripts import EMPTY_SCRIPTS, empty_script, script_names
from kit.cli.errors import UserError
from kit.data.drawing.students_seed import RECORD_FILE

Files = dict[str, Callable[[], bytes]]  # {file name: a function that reads it}
LARGEST = 1 << 20  # bytes of a script or record that is read


def unpack(path: str | Path, folder: Path) -> tuple[tuple[str, ...], bool]:
    """Writes the scripts and the record into a folder.

    Args:
      path: of a zip, or of a folder.
      folder: to write into.
    Returns:
      (notes, has_record): what is missing or unusual; and whether there is a record of hints.
    Raises:
      UserError: there are no scripts in it, or those of several folders.
    """
    if Path(path).is_dir():
        return _write(_chosen(_in_folder(Path(path))), folder)
    try:
        with zipfile.ZipFile(path) as archive:
            return _write(_chosen(_in_zip(archive)), folder)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
        raise UserError(f"not a zip that can be read ({error}); ask for it again.") from error


def _in_zip(archive: zipfile.ZipFile) -> dict[PurePosixPath, Files]:
    """The files that matter, by their folders."""
    found: dict[PurePosixPath, Files] = {}
    for info in archive.infolist():
        parts = [part for part in info.filename.replace("\\", "/").split("/") if part not in ("", ".")]
        _note(found, parts, lambda info=info: _read(lambda: archive.open(info)))
    return found


def _in_folder(top: Path) -> dict[PurePosixPath, Files]:
    found: dict[PurePosixPath, Files] = {}
    for file in sorted(top.rglob("*")):
        if file.name in (*script_names(), RECORD_FILE) and file.is_file() and not file.is_symlink():
            _note(found, file.relative_to(top).parts, lambda file=file: _read(lambda: file.open("rb")))
    return found


def _note(found: dict[PurePosixPath, Files], parts: Sequence[str], read: Callable[[], bytes]) -> None:
    *folders, name = parts or [""]
    is_empty_copy = folders[-2:] == ["exercises", EMPTY_SCRIPTS.name]
    if name in (*script_names(), RECORD_FILE) and not is_empty_copy and "__MACOSX" not in folders:
        found.setdefault(PurePosixPath(*folders), {})[name] = read


def _read(open_it: Callable) -> bytes:
    with open_it() as file:
        return file.read(LARGEST + 1)


def _chosen(found: dict[PurePosixPath, Files]) -> Files:
    """The files of the one folder that was worked in."""
    folders = {folder: files for folder, files in found.items() if files.keys() & set(script_names())}
    if not folders:
        raise UserError(f"none of the scripts is in it: {', '.join(script_names())}.")
    for is_better in (lambda files: RECORD_FILE in files, _was_worked_in):
        folders = {folder: files for folder, files in folders.items() if is_better(files)} or folders
    if len(folders) > 1 and any(map(_was_worked_in, folders.values())):
        names = ", ".join(sorted(map(str, folders)))
        raise UserError(f"several folders of the hands-on are in it: {names}; hand in one.")
    return next(iter(folders.values()))


def _was_worked_in(files: Files) -> bool:
    return any(_text(read()) != empty_script(name) for name, read in files.items() if name in script_names())


def _write(files: Files, folder: Path) -> tuple[tuple[str, ...], bool]:
    notes = []
    missing = [name for name in script_names() if name not in files]
    if missing:
        notes.append(f"missing: {', '.join(missing)}")
    for name in script_names():
        content = files[name]() if name in files else b""
        if len(content) > LARGEST:
            notes.append(f"{name} has more than {LARGEST:,} bytes and is left out")
        elif name in files:
            (folder / name).write_text(_text(content), encoding="utf-8", newline="\n")
    has_record = _write_record(files, folder)
    if not has_record:
        notes.append(f"no record of hints and give-ups, {RECORD_FILE}, that can be read")
    return tuple(notes), has_record


def _write_record(files: Files, folder: Path) -> bool:
    path = folder / RECORD_FILE
    try:
        path.write_text(json.dumps(json.loads(files[RECORD_FILE]()[:LARGEST].decode("utf-8-sig"))), encoding="utf-8")
        StudentFolder(folder)
        return True
    except (KeyError, ValueError, RecursionError, UserError):
        path.write_text("{}", encoding="utf-8")
        return False


def _text(content: bytes) -> str:
    """A script's text, whatever the editor made of it: UTF-8 with a mark or without, UTF-16, else Latin letters."""
    for encoding in ("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace")
