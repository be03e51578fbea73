"""The zip that a teacher hands out: a students' edition of the kit."""

import tempfile
import zipfile
from pathlib import Path

from exercises import edition
from kit.cli.errors import UserError
from kit.system.files import write_whole


def write(path, with_solutions=False):
    """Writes the zip; what is in it lies in one folder of the zip's name.

    Args:
      path: of the zip.
      with_solutions: whether `show` and `diff` are to work.
    Raises:
      UserError: the name doesn't end in .zip, or the file can't be written.
    """
    path = Path(path)
    if path.suffix != ".zip":
        raise UserError(f"{path}: expected a name that ends in .zip.")
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder) / path.stem
        edition.make(top, with_solutions=with_solutions)
        with write_whole(path) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(top.rglob("*")):
                if file.is_file():
                    archive.write(file, file.relative_to(folder))
