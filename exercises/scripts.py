"""The scripts with blanks, found by their marker lines: as they are handed out, and solved.

In the kit the scripts stand solved. A students' copy of it keeps the empty ones in exercises/empty and the solutions,
if it has them at all, sealed: so that nobody reads them by chance.
"""

import base64
import functools
import json
import zlib
from pathlib import Path

from exercises.blanks import empty_lines, numbers
from exercises.markers import Place, places_in, with_lines, without_markers

PACKAGE = Path(__file__).parent
PROJECT = PACKAGE.parent
EMPTY_SCRIPTS = PACKAGE / "empty"
SEALED_SOLUTIONS = PACKAGE / "solutions.sealed"
LABS = "labs"  # the folder of scripts whose blanks are optional


def is_students_copy() -> bool:
    """Whether this copy of the kit is a student's."""
    return EMPTY_SCRIPTS.is_dir()


@functools.cache
def script_names(labs: bool = False) -> tuple[str, ...]:
    """The scripts with blanks, in the order of their first ones: "training.py"; with `labs`, "labs/NAME.py", too.

    A lab whose blank has no folder in exercises/blanks yet is a lab without a blank.
    """
    first_blanks = {}
    top = EMPTY_SCRIPTS if is_students_copy() else PROJECT
    for path in [*top.glob("*.py"), *(top.glob(f"{LABS}/*.py") if labs else ())]:
        name = path.relative_to(top).as_posix()
        places = places_in(name, path.read_text(encoding="utf-8")).values()
        known = [place for place in places if path.parent == top or place.number in numbers(labs=True)]
        if known:
            first_blanks[name] = min((place.number, place.letter) for place in known)
    return tuple(sorted(first_blanks, key=lambda name: first_blanks[name]))


def empty_script(script: str) -> str:
    """The text of a script with nothing in its blanks but their tasks."""
    if is_students_copy():
        return (EMPTY_SCRIPTS / script).read_text(encoding="utf-8")
    text = (PROJECT / script).read_text(encoding="utf-8")
    return with_lines(script, text, {name: empty_lines(place) for name, place in places_in(script, text).items()})


def script_without_blanks(script: str) -> str:
    """The text of a lab where its blank isn't to be filled in: solved, without marker lines."""
    return without_markers(script, (PROJECT / script).read_text(encoding="utf-8"))


def empty_places(labs: bool = False) -> dict[str, Place]:
    """Every place of every script, with only its task: {name: Place}."""
    return _all_places({script: empty_script(script) for script in script_names(labs)})


def solved_places(labs: bool = False) -> dict[str, Place] | None:
    """Every place with its solution: {name: Place}; None where there are no solutions, in a teacher's handout."""
    if not is_students_copy():
        return _all_places(_solved_scripts(labs))
    if not SEALED_SOLUTIONS.exists():
        return None
    return _all_places(json.loads(zlib.decompress(base64.b64decode(SEALED_SOLUTIONS.read_bytes()))))


def sealed_solutions(labs: bool = False) -> bytes | None:
    """The solved scripts as SEALED_SOLUTIONS holds them; None where there are no solutions."""
    if not is_students_copy():
        return base64.encodebytes(zlib.compress(json.dumps(_solved_scripts(labs)).encode()))
    return SEALED_SOLUTIONS.read_bytes() if SEALED_SOLUTIONS.exists() else None


def _solved_scripts(labs: bool) -> dict[str, str]:
    return {script: (PROJECT / script).read_text(encoding="utf-8") for script in script_names(labs)}


def _all_places(texts: dict[str, str]) -> dict[str, Place]:
    return {name: place for script, text in texts.items() for name, place in places_in(script, text).items()}
