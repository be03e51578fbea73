"""Builds a students' copy of the kit: the scripts with blanks, and all it takes to check them.

It is made from the files of this copy of the kit. A student's copy can make the next: it keeps the empty scripts.
"""

import hashlib
import shutil
import tempfile
import zipfile
from pathlib import Path

from exercises.blanks import GUIDE, LABS_GUIDE, lab_blanks
from exercises.scripts import (
    EMPTY_SCRIPTS,
    LABS,
    PACKAGE,
    PROJECT,
    SEALED_SOLUTIONS,
    empty_script,
    is_students_copy,
    script_names,
    script_without_blanks,
)
from exercises.scripts import sealed_solutions as solutions
from kit.cli.errors import UserError
from kit.data.drawing.students_seed import RECORD_FILE
from kit.system.files import cannot_write, check_writable, make_folder, write_json, write_whole

STUDENTS_README = "students_readme.md"
LEFT_OUT = "exercises/**/*answers.py"  # for tests and for grading, which compares with them
MODULES = ("dataset_creation.py", "tf_layers.py", "drawing_board.py")  # beside the scripts with blanks
COPIED = (
    *MODULES,
    "requirements.txt",
    "LICENSE",
    ".devcontainer/devcontainer.json",
    "kit/**/*.py",
    "kit/board/page/*",
    "kit/evaluation/*.html",
    GUIDE,
    "docs/pictures/*.png",
)
COPIED += (f"{LABS}/*.py", LABS_GUIDE, "docs/pictures/labs/*.png")
COPIED += (f"exercises/{STUDENTS_README}", "exercises/*.py", "exercises/stages/*.py")
COPIED += ("exercises/blanks/*.py", "exercises/blanks/*/*.py", "exercises/blanks/*/task.md")
SEEDS = 1_000_000
CHECK_SCRIPT = '''"""Checks the blanks of this folder: python check.py"""

from exercises.__main__ import check_this_folder

if __name__ == "__main__":
    check_this_folder(__file__)
'''


def seed_of(student: str) -> int:
    """The seed of a student's own data: from 1, and the same for every way to write the name's case and spaces."""
    name = " ".join(student.casefold().split())
    return 1 + int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") % SEEDS


def build_folder(
    folder: str | Path, student: str | None = None, with_solutions: bool = False, labs: bool = False
) -> None:
    """Makes a students' copy of the kit, whole or not at all.

    Args:
      folder: where; it must not exist yet, or be empty and not the current one.
      student: whom it is for: a student with a name draws data of their own. None for everybody's.
      with_solutions: put the solutions in, sealed.
      labs: with the blanks of the labs; a students' copy makes copies like itself.
    Raises:
      UserError: the folder holds something, is the current one, or can't be written; there are no such blanks.
    """
    if labs and not lab_blanks():
        raise UserError("--labs: the labs have no blanks in this copy of the kit. Leave it out.")
    labs = labs or (is_students_copy() and bool(lab_blanks()))
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder}: a file has this name. Give the name of a folder that doesn't exist yet.")
    if folder.resolve() == Path.cwd():
        raise UserError(f"{folder}: the folder that you are in. Give the name of a folder that doesn't exist yet.")
    if folder.exists() and any(folder.iterdir()):
        raise UserError(f"{folder}: holds something already. Give the name of a folder that doesn't exist yet.")
    make_folder(folder.parent)
    partial = folder.with_name(f".partial-{folder.name}")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        _fill(partial, labs)
        sealed = solutions(labs) if with_solutions else None
        if sealed:
            (partial / SEALED_SOLUTIONS.relative_to(PROJECT)).write_bytes(sealed)
        record = {"student": student, "seed": seed_of(student) if student else 0, "labs": labs}
        write_json(partial / RECORD_FILE, record)
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def build_zip(path: str | Path, with_solutions: bool = False, labs: bool = False) -> None:
    """Zips a students' copy of the kit, for a class; what is in the zip lies in one folder of the zip's name.

    Args:
      path: of the zip.
      with_solutions: put the solutions in, sealed, so that `show` and `diff` work.
      labs: with the blanks of the labs.
    Raises:
      UserError: the name doesn't end in .zip, there is such a file, or it can't be written; there are no such blanks.
    """
    path = Path(path)
    if path.suffix != ".zip":
        raise UserError(f"{path}: expected a name that ends in .zip, like class.zip.")
    check_writable(path)
    if path.exists():
        raise UserError(f"{path}: there is such a file already. Remove it, or give another name.")
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder) / path.stem
        build_folder(top, with_solutions=with_solutions, labs=labs)
        with write_whole(path) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(top.rglob("*")):
                if file.is_file():
                    archive.write(file, file.relative_to(folder))


def _fill(folder: Path, labs: bool) -> None:
    left_out = {*PROJECT.glob(LEFT_OUT)}
    if not labs:
        left_out |= {path for each in lab_blanks() for path in PACKAGE.glob(f"blanks/{each.folder}/*")}
    for path in {path for pattern in COPIED for path in PROJECT.glob(pattern)} - left_out:
        copy = folder / path.relative_to(PROJECT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    (folder / "check.py").write_text(CHECK_SCRIPT, encoding="utf-8")
    shutil.copyfile(PACKAGE / STUDENTS_README, folder / "README.md")
    empty_scripts = folder / EMPTY_SCRIPTS.relative_to(PROJECT)
    for path in () if is_students_copy() else PROJECT.glob(f"{LABS}/*.py"):
        script = path.relative_to(PROJECT).as_posix()
        (folder / script).write_text(script_without_blanks(script), encoding="utf-8", newline="\n")
    for script in script_names(labs):
        for place in (folder, empty_scripts):
            (place / script).parent.mkdir(parents=True, exist_ok=True)
            (place / script).write_text(empty_script(script), encoding="utf-8", newline="\n")
