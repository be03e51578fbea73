"""The files of a hand-in, whatever holds them: a folder, a zip, a tar, one file; a zip in a zip, too.

What is read is bounded, so a zip bomb costs nothing. Nothing is unpacked: files are read where they are.
"""

import bz2
import contextlib
import functools
import gzip
import io
import lzma
import os
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO

from exercises.surrogates import without_surrogates
from kit.cli.errors import UserError

ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar")
SCRIPTS = (".py", ".py.txt")  # Windows hides the second ending
SINGLE = (*SCRIPTS, ".json")  # handed in by itself
READ = (*SINGLE, *ARCHIVES)  # of a tar
NOT_OWN = {"__MACOSX", "__pycache__", "site-packages", "dist-packages", "node_modules"}  # names of folders
OF_ENVIRONMENT = {"bin", "scripts", "lib", "lib64", "include"}  # folders of a virtual environment, in lower case
MOST_FILES = 5_000  # Python files of a hand-in, virtual environments apart
LARGEST_TEXT = 1 << 20  # bytes of a script or record that is read
LARGEST_ARCHIVE = 64 << 20  # bytes of a zip in a zip
MOST_READ = 256 << 20  # bytes of all files together
MOST_UNPACKED = 4 << 30  # bytes of all tars together, which can only be read from their beginning
LONGEST_HEADER = 1 << 20  # bytes of a tar between two files, which hold their names
A_MEMBER = 512  # bytes of memory, about, for what is known of a file
DEEPEST = 3  # a zip in a zip in a zip
DECLARED = r"\A((?:.*\n)?[ \t\f]*#.*?coding)[:=]"  # an encoding, in the first two lines: it is another one now
AGAIN = "ask for it again"  # what a teacher can do
KINDS = (  # (first bytes, what has them)
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a rar archive"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"<!doctype html", "a web page, perhaps of a login"),
    (b"<html", "a web page, perhaps of a login"),
    (b"version https://git-lfs", "a pointer of Git LFS, without the file itself"),
)
UNREADABLE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, OSError, EOFError, ValueError, RuntimeError)
UNREADABLE += (NotImplementedError, lzma.LZMAError)
COMPRESSED = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\0": lzma.open}  # {first bytes: what unpacks it}


class CannotGrade(UserError):
    """A hand-in that can't be graded: why, and what the teacher can do about it."""

    def __init__(self, why: str, way_out: str = "") -> None:
        """
        Args:
          why: as the student is told it, without a full stop.
          way_out: for the teacher; "" for none.
        """
        super().__init__(f"{why}; {way_out}." if way_out else f"{why}.")
        self.why = why


@dataclass(frozen=True)
class Member:
    """A file of a hand-in."""

    path: PurePosixPath
    read: Callable[[int], bytes]  # (at most so many bytes) -> its content

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def is_archive(self) -> bool:
        return self.path.suffix.lower() in ARCHIVES


class Budget:
    """What may still be unpacked of a hand-in, of the archives in its archives, too."""

    def __init__(self) -> None:
        self._held, self._unpacked = MOST_READ, MOST_UNPACKED

    def hold(self, count: int) -> None:
        """Counts bytes that stay in memory; a UserError if they are too many."""
        self._held -= count
        if self._held < 0:
            raise CannotGrade(f"more than {MOST_READ >> 20} MB in its archives", "unpack it, and name the folder")

    def unpack(self, count: int) -> None:
        """Counts bytes that are passed by; a UserError if they are too many."""
        self._unpacked -= count
        if self._unpacked < 0:
            raise CannotGrade(f"an archive with more than {MOST_UNPACKED >> 30} GB in it")


def is_single_file(name: str) -> bool:
    """Whether a file of this name is handed in as it is, and is no archive."""
    return name.lower().endswith(SINGLE)


@contextlib.contextmanager
def opened(path: Path, budget: Budget) -> Iterator[list[Member]]:
    """The files of a folder, an archive or a file on disk, without those that can't be a student's work.

    Args:
      path: of it.
      budget: of the hand-in.
    Raises:
      UserError: it can't be read; says what it is instead.
    """
    with contextlib.ExitStack() as stack:
        if path.is_dir():
            found = _in_folder(path)
        elif not path.is_file():
            raise CannotGrade("neither a file nor a folder")
        elif is_single_file(path.name):
            found = [Member(PurePosixPath(without_surrogates(path.name)), _reader(functools.partial(path.open, "rb")))]
        else:
            found = _in_archive(stack.enter_context(open(path, "rb")), without_surrogates(path.name), stack, budget)
        yield _students_own(found)


@contextlib.contextmanager
def with_archives(members: list[Member], budget: Budget, depth: int = 1) -> Iterator[list[Member]]:
    """The files of a hand-in, those of the archives in it included; each archive is a folder then.

    Args:
      members: its files.
      budget: of the hand-in.
      depth: how many archives the members lie in.
    """
    with contextlib.ExitStack() as stack:
        found = [member for member in members if not member.is_archive]
        for archive in [member for member in members if member.is_archive]:
            content = archive.read(LARGEST_ARCHIVE + 1)
            if len(content) > LARGEST_ARCHIVE:
                raise CannotGrade(f"{archive.path}: an archive of more than {LARGEST_ARCHIVE >> 20} MB in the hand-in")
            budget.hold(len(content))
            inner = _students_own(_in_archive(io.BytesIO(content), str(archive.path), stack, budget))
            budget.hold(A_MEMBER * len(inner))
            if depth < DEEPEST:
                inner = stack.enter_context(with_archives(inner, budget, depth + 1))
            found += [replace(member, path=archive.path / member.path) for member in inner]
        yield within_bounds(found)


def _in_folder(top: Path) -> list[Member]:
    found = []
    for folder, folders, names in os.walk(top):
        left_out = OF_ENVIRONMENT if "pyvenv.cfg" in names else set()
        folders[:] = sorted(each for each in folders if each.lower() not in left_out)
        for file in (Path(folder, name) for name in sorted(names)):
            if file.is_file() and not file.is_symlink():
                path = PurePosixPath(*map(without_surrogates, file.relative_to(top).parts))
                found.append(Member(path, _reader(functools.partial(file.open, "rb"))))
    return found


def _in_archive(file: IO[bytes], name: str, stack: contextlib.ExitStack, budget: Budget) -> list[Member]:
    head = file.read(600)
    file.seek(0)
    kind = next((kind for first, kind in KINDS if head.lstrip().lower().startswith(first.lower())), None)
    if name.lower().endswith(".ipynb"):
        raise CannotGrade(
            f"{PurePosixPath(name).name} is a notebook, and not a zip that can be read", "ask for the scripts"
        )
    if not head:
        raise CannotGrade(f"{PurePosixPath(name).name} is empty, 0 bytes", AGAIN)
    if kind:
        way_out = "unpack it, and name the folder" if "archive" in kind else "ask for the zip"
        raise CannotGrade(f"{PurePosixPath(name).name} is {kind}, and not a zip that can be read", way_out)
    try:
        if unpack := next((unpack for first, unpack in COMPRESSED.items() if head.startswith(first)), None):
            return _in_tar(stack.enter_context(unpack(file)), budget)
        if head[257:262] == b"ustar":
            return _in_tar(file, budget)
        return _in_zip(stack.enter_context(zipfile.ZipFile(file)))
    except UNREADABLE as error:
        raise CannotGrade(f"not a zip that can be read ({error})", AGAIN) from error


def _in_zip(archive: zipfile.ZipFile) -> list[Member]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if not infos:
        raise CannotGrade("an empty zip: there is no file in it")
    if all(info.flag_bits & 1 for info in infos):
        raise CannotGrade("an encrypted zip: it asks for a password", "ask for one without")
    return [
        Member(path, _reader(lambda info=info: archive.open(info)))
        for info in infos
        if (path := _path(info.filename)).name and not stat.S_ISLNK(info.external_attr >> 16)
    ]


class _Bounded(io.RawIOBase):
    """A stream of which only so much can be read: the names in a tar may have any length."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.left = file, LONGEST_HEADER

    def read(self, size: int = -1, /) -> bytes:
        content = self._file.read(size)
        self.left -= len(content)
        if self.left < 0:
            raise tarfile.ReadError("a file's name is too long")
        return content


def _in_tar(file: IO[bytes], budget: Budget) -> list[Member]:
    """The files of a tar that may matter, read: it can only be read from its beginning."""
    found, is_empty, stream = [], True, _Bounded(file)
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            stream.left = info.size + LONGEST_HEADER
            budget.unpack(info.size)
            budget.hold(A_MEMBER)
            is_empty = is_empty and not info.size
            path = _path(info.name)
            if info.isfile() and path.name:
                is_read = path.name.lower().endswith(READ) and info.size <= LARGEST_ARCHIVE
                budget.hold(info.size if is_read else 0)
                opened_file = archive.extractfile(info) if is_read else None
                content = opened_file.read() if opened_file else b""
                found.append(Member(path, lambda most, content=content: content[:most]))
    if is_empty:
        raise CannotGrade("an empty archive: there is no file in it")
    return found


def _path(name: str) -> PurePosixPath:
    """A name in an archive, whichever way its slashes lean; it leads nowhere else."""
    parts = without_surrogates(name).replace("\\", "/").split("/")
    return PurePosixPath(*(part for part in parts if part not in ("", ".", "..")))


def _reader(open_it: Callable[[], IO[bytes]]) -> Callable[[int], bytes]:
    def read(most: int) -> bytes:
        with open_it() as file:
            return file.read(most)

    return read


def _students_own(members: Iterable[Member]) -> list[Member]:
    """Without what the system, an editor or a virtual environment puts beside a student's work."""
    members = list(members)
    environments = {member.path.parent for member in members if member.name == "pyvenv.cfg"}
    return [
        member
        for member in members
        if not member.name.startswith("._")
        and not any(folder.startswith(".") or folder in NOT_OWN for folder in member.path.parts[:-1])
        and "/exercises/empty/" not in f"/{member.path}"
        and not any(
            folder.parent in environments and folder.name.lower() in OF_ENVIRONMENT for folder in member.path.parents
        )
    ]


def within_bounds(members: list[Member]) -> list[Member]:
    """Members that together give no more than MOST_READ bytes.

    Raises:
      UserError: there are too many of them; or, when one is read, too many bytes.
    """
    if sum(member.name.lower().endswith(SCRIPTS) for member in members) > MOST_FILES:
        raise CannotGrade(f"more than {MOST_FILES:,} Python files are in it", "name the folder that was worked in")
    left = [MOST_READ]

    def bounded(member: Member) -> Member:
        def read(most: int) -> bytes:
            content = member.read(min(most, left[0] + 1))
            left[0] -= len(content)
            if left[0] < 0:
                raise CannotGrade(f"more than {MOST_READ >> 20} MB in the files that matter")
            return content

        return replace(member, read=read)

    return [bounded(member) for member in members]


def text_of(member: Member) -> str | None:
    """A file's text; None where it can't be read or is too long."""
    try:
        content = member.read(LARGEST_TEXT + 1)
    except UNREADABLE:
        return None
    return None if len(content) > LARGEST_TEXT else _text(content)


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
