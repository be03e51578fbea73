"""Submissions that were graded before, in a file beside the table: so that a grading goes on where it has ended."""

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path

from exercises.grading.submission import Submission
from exercises.scripts import PACKAGE
from kit.system.files import read_json, write_json

SUFFIX = ".graded.json"


def kept_path(csv_path: str | None) -> Path | None:
    """Of the file beside a table: "grades.graded.json" beside "grades.csv"; None where there is no table."""
    return Path(csv_path).with_suffix(SUFFIX) if csv_path else None


class Kept:
    """What was graded, by a digest of what was handed in and of how it was graded."""

    def __init__(self, path: Path | None) -> None:
        """
        Args:
          path: of the file, which may not be there yet; None: nothing is kept.
        Raises:
          UserError: the file is not as it was written.
        """
        self._path = path
        self._found: dict[str, dict] = read_json(path, "what was graded before") if path and path.exists() else {}

    @property
    def note(self) -> str:
        """What the teacher must know of it; "" where nothing was graded before."""
        found = (
            f"{self._path}: what was graded before, and has not changed, is not checked again. Remove it to check all."
        )
        return found if self._found else ""

    def find(self, digest: str) -> Submission | None:
        """The Submission of a digest, if there is one."""
        with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):
            return Submission.from_json(self._found[digest])
        return None

    def keep(self, submissions: Iterable[Submission]) -> None:
        """Writes what is final of these, beside what was kept before."""
        if self._path:
            self._found |= {each.digest: each.to_json() for each in submissions if each.is_final}
            write_json(self._path, self._found)


def digest_of_checks(kit: Path, *flags: object) -> str:
    """A digest of how submissions are graded: the checks of a students' copy of the kit, and some flags."""
    return digest_of(*flags, *_contents(kit), *_contents(PACKAGE / "grading"))


def digest_of_folder(folder: Path, *others: object) -> str:
    """A digest of the files of a folder, and of other things."""
    return digest_of(*others, *_contents(folder))


def digest_of(*things: object) -> str:
    """A digest of things, by how they are shown."""
    return hashlib.blake2b("\0".join(map(repr, things)).encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _contents(folder: Path) -> list[tuple[str, bytes]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in files]
