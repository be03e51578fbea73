"""The students' edition of the kit: the scripts with blanks, and all it takes to check them, without solutions.

It is made from the project's own files. A folder of it can do the same for the next: it keeps the empty scripts.
"""

import base64
import hashlib
import json
import re
import shutil
import zlib
from pathlib import Path

from exercises.blanks import GUIDE, empty_lines
from exercises.source import SCRIPTS, places_in, with_lines
from kit.cli.errors import UserError
from kit.system.files import cannot_write, make_folder, write_json

PACKAGE = Path(__file__).parent
PROJECT = PACKAGE.parent
EMPTY_SCRIPTS = PACKAGE / "empty"  # in a students' edition: the scripts as they were handed out
SEALED_SOLUTIONS = PACKAGE / "solutions.sealed"  # in a students' edition that may show them
STATE_FILE = ".handson.json"
STUDENTS_README = "students_readme.md"
TEACHERS = ("grade.py", "handed_in.py", "handout.py")  # modules that a students' edition goes without
COPIED = ("dataset_creation.py", "tf_layers.py", "requirements.txt", "LICENSE", "kit/**/*.py", "docs/pictures/*.png")
COPIED += (GUIDE, f"exercises/{STUDENTS_README}", "exercises/*.py", "exercises/checks/*.py", "exercises/blanks/*.md")
SEEDS = 1_000_000
CHECK_SCRIPT = '''"""Checks the blanks of this folder: python check.py"""

from exercises.__main__ import check_this_folder

if __name__ == "__main__":
    check_this_folder(__file__)
'''


def is_students():
    """Whether this copy of the kit is a students' edition."""
    return EMPTY_SCRIPTS.is_dir()


def empty_script(script):
    """The text of a script with nothing in its blanks but their tasks."""
    if is_students():
        return (EMPTY_SCRIPTS / script).read_text(encoding="utf-8")
    text = (PROJECT / script).read_text(encoding="utf-8")
    return with_lines(script, text, {name: empty_lines(place) for name, place in places_in(script, text).items()})


def empty_places():
    """Every place of every script, with its task alone: {name: Place}."""
    return {name: place for script in SCRIPTS for name, place in places_in(script, empty_script(script)).items()}


def solved_places():
    """Every place with its solution: {name: Place}; None where there are no solutions, in a teacher's handout."""
    if not is_students():
        texts = _solved_texts()
    elif SEALED_SOLUTIONS.exists():
        texts = json.loads(zlib.decompress(base64.b64decode(SEALED_SOLUTIONS.read_bytes())))
    else:
        return None
    return {name: place for script, text in texts.items() for name, place in places_in(script, text).items()}


def seed_of(student):
    """The seed of a student's own data: from 1, and the same for every way to write the name's case and spaces."""
    name = " ".join(student.casefold().split())
    return 1 + int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") % SEEDS


def make(folder, student=None, with_solutions=False):
    """Makes a students' edition, whole or not at all.

    Args:
      folder: where; it must not exist yet, or be empty.
      student: the name of whom it is for, who then draws data of their own; None for everybody's.
      with_solutions: whether to put the solutions in, sealed: so that nobody reads them by chance.
    Raises:
      UserError: the folder holds something, or can't be written.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder}: holds something already. Give the name of a folder that doesn't exist yet.")
    seed = seed_of(student) if student else 0
    make_folder(folder.parent)
    partial = folder.with_name(f".partial-{folder.name}")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        _fill(partial, seed)
        if with_solutions and (not is_students() or SEALED_SOLUTIONS.exists()):
            (partial / SEALED_SOLUTIONS.relative_to(PROJECT)).write_bytes(_sealed_solutions())
        write_json(partial / STATE_FILE, {"student": student, "seed": seed})
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _sealed_solutions():
    if is_students():
        return SEALED_SOLUTIONS.read_bytes()
    return base64.encodebytes(zlib.compress(json.dumps(_solved_texts()).encode()))


def _solved_texts():
    return {script: (PROJECT / script).read_text(encoding="utf-8") for script in SCRIPTS}


def _fill(folder, seed):
    for pattern in COPIED:
        for path in PROJECT.glob(pattern):
            if path.name not in TEACHERS:
                copy = folder / path.relative_to(PROJECT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
    (folder / "check.py").write_text(CHECK_SCRIPT, encoding="utf-8")
    shutil.copyfile(PACKAGE / STUDENTS_README, folder / "README.md")
    (folder / "exercises" / EMPTY_SCRIPTS.name).mkdir()
    for script in SCRIPTS:
        for place in (folder, folder / "exercises" / EMPTY_SCRIPTS.name):
            (place / script).write_text(empty_script(script), encoding="utf-8", newline="\n")
    settings = folder / "kit" / "cli" / "settings.py"
    own_seed = re.sub(r"(?m)^DRAWING_SEED = \d+", f"DRAWING_SEED = {seed}", settings.read_text(encoding="utf-8"))
    settings.write_text(own_seed, encoding="utf-8", newline="\n")
