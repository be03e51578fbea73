"""The hands-on: a folder with blanks to fill in, checks, hints, grades.

python -m exercises start my_handson    makes a folder of the scripts with blanks
python -m exercises check my_handson    says what is done and what comes next
"""

import argparse
import difflib
import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from exercises import output
from exercises.arguments import COMMANDS, NUMBER, WITH_BLANK, read_arguments, refuse
from exercises.blanks import GUIDE, LABS_GUIDE, all_blanks, blank, lab_blanks, numbers
from exercises.build_handout import build_folder, build_zip
from exercises.folder import StudentFolder, folders_here
from exercises.markers import Place
from exercises.scripts import is_students_copy, solved_places
from kit.cli import console
from kit.cli.errors import UserError, run_script

NOT_ALL_DONE = 1  # exit status of `check`
NOT_DRAWN = 1  # exit status of `look`


def main(words: Sequence[str] | None = None) -> None:
    functions = (start, check, look, watch, hint, show, diff, reset, status, hand_in, handout, grade)
    arguments = read_arguments(words, __doc__ or "")
    exit_status = {each.__name__: each for each in functions}[arguments.command](arguments)
    if exit_status:
        sys.exit(exit_status)


def check_this_folder(script: str) -> None:
    """What check.py does: checks the folder that it stands in."""
    if sys.argv[1:] and sys.argv[1] in COMMANDS:
        told = console.python("-m", "exercises", *sys.argv[1:])
        run_script(lambda: refuse(f"check.py only checks. For the rest: {told}"))
    run_script(lambda: main(["check", str(Path(script).resolve().parent), *sys.argv[1:]]))


# ----------------------------------------------------------------------------- commands of a student


def start(arguments: argparse.Namespace) -> None:
    build_folder(arguments.folder, arguments.student, with_solutions=True, labs=arguments.labs)
    record = StudentFolder(arguments.folder).record
    console.say(f"{arguments.folder}: the scripts with {len(all_blanks())} blanks, and the guide, {GUIDE}")
    if record.labs:
        blanks = console.counted(len(lab_blanks()), "optional blanks")
        console.say(f"In its labs: {blanks}, and their guide, {LABS_GUIDE}")
    if arguments.student:
        console.say(f"The images that {arguments.student} draws there are drawn from seed {record.seed}.")
    folder = Path(arguments.folder).absolute()
    console.say_next(
        shlex.join(["cd", arguments.folder]), console.python(str(folder / "check.py"), folder=arguments.folder)
    )


def check(arguments: argparse.Namespace) -> int:
    from exercises.runner import Runner

    folder = open_folder(arguments)
    wanted = [blank_number(word, folder) for word in arguments.blank or ()]
    folder.check_can_note()  # before the work, which would be lost
    console.say("Checking; TensorFlow takes a few seconds to start ...")
    places = folder.places()
    output.say_verdicts(Runner().check(folder, wanted or folder.numbers), folder, places)
    output.say_changes(folder.changes_outside())
    output.say_what_is_next(folder, wanted)
    return 0 if all(folder.is_passed(number) for number in wanted or numbers()) else NOT_ALL_DONE


def look(arguments: argparse.Namespace) -> int:
    from exercises import look as looks
    from exercises.runner import Runner

    folder, number = open_folder_and_blank(arguments)
    if not blank(number).has_look:
        raise UserError(f"Blank {number} has no picture: its lab draws what it makes. {blank(number).guide} says how.")
    verdict = Runner().look(folder, number)
    if verdict.picture is None:
        output.say_verdict(verdict, folder, folder.places())
        return NOT_DRAWN
    path = looks.save(verdict.picture, folder.path, number)
    opened = " It opens in a window." if looks.show(path) else ""
    console.say(f"{path}: what your lines of blank {number} make.{opened}")
    return 0


def watch(arguments: argparse.Namespace) -> None:
    from exercises.watch import watch_folder

    watch_folder(open_folder(arguments), arguments.editor)


def hint(arguments: argparse.Namespace) -> None:
    folder, number = open_folder_and_blank(arguments)
    hints = blank(number).hints
    shown = folder.note_hint(number, len(hints))
    output.say_hints(blank(number), hints[:shown], folder.repeated_mistake(number))
    more = f"The same command gives hint {shown + 1} of {len(hints)}." if shown < len(hints) else "These are all hints."
    console.say(f"\n{more}")


def show(arguments: argparse.Namespace) -> None:
    folder, number = open_folder_and_blank(arguments)
    for place in solution_for(folder, number, arguments.give_up):
        console.say(f"{place.script}, blank {place.name}: {place.title}\n")
        console.say(f"{output.dedented(place.lines)}\n")


def diff(arguments: argparse.Namespace) -> None:
    folder, number = open_folder_and_blank(arguments)
    mine = folder.places()
    for place in solution_for(folder, number, arguments.give_up):
        yours = mine[place.name].lines if place.name in mine else ()
        without_comments = [line for line in yours if not line.lstrip().startswith("#")]
        heads = f"{place.script}, blank {place.name}, yours", "the solution"
        lines = list(difflib.unified_diff(without_comments, place.lines, *heads, lineterm=""))
        console.say("\n".join(lines) if lines else f"{heads[0]}: the same as the solution")


def reset(arguments: argparse.Namespace) -> None:
    folder, number = open_folder_and_blank(arguments)
    kept = [str(folder.path / name) for name in folder.reset(number)]
    tasks = blank(number).tasks
    places = f", all of it ({', '.join(tasks)})" if len(tasks) > 1 else ""
    copy = f" What was there is in {', '.join(kept)}: copy from it what you want back." if kept else ""
    console.say(f"Blank {number} is empty again{places}.{copy}")


def status(arguments: argparse.Namespace) -> None:
    output.say_status(open_folder(arguments))


def hand_in(arguments: argparse.Namespace) -> None:
    from exercises.hand_in import missing, name_student, unsolved, write_hand_in

    folder = open_folder(arguments)
    path, names, replaces = write_hand_in(folder, name_student(folder, arguments.student), Path())
    console.say(f"{path}: what you hand in" + (". It replaces the one made before." if replaces else ""))
    console.say(f"In it: {', '.join(names)}")
    if not folder.record.last_check:
        console.say(f"Never checked. To see what is solved: {output.command(folder, 'check')}")
    not_solved = unsolved(folder) if folder.record.last_check else []
    for what, found in (("Missing", missing(folder)), ("Not solved, when last checked", not_solved)):
        if found:
            console.say("\n  ".join([f"{what}:", *found]))


# ----------------------------------------------------------------------------- commands of a teacher


def handout(arguments: argparse.Namespace) -> None:
    check_is_whole_kit("handout")
    build_zip(arguments.file, arguments.with_solutions, arguments.labs)
    solutions = "with" if arguments.with_solutions else "without"
    console.say(f"{arguments.file}: the students' folder and the guide, {solutions} the solutions")


def grade(arguments: argparse.Namespace) -> int:
    check_is_whole_kit("grade")
    from exercises.grading.grade import Options, grade_all  # a students' copy doesn't have it

    options = Options(
        csv_path=arguments.csv,
        json_path=arguments.json,
        seconds=arguments.seconds,
        labs=arguments.labs,
        isolated=arguments.isolated,
        workers=arguments.workers,
        report=arguments.report,
        similar=arguments.similar,
    )
    return grade_all(arguments.files, options)


def check_is_whole_kit(command: str) -> None:
    if is_students_copy():
        raise UserError(f"{command}: a command of the whole kit; this is a students' copy of it.")


# ----------------------------------------------------------------------------- what the commands share


def open_folder(arguments: argparse.Namespace) -> StudentFolder:
    """The student's folder: the one named; else the current one, or the only one in it."""
    path = arguments.folder
    if path is not None:
        if NUMBER.fullmatch(path) and not Path(path).exists():
            command = arguments.command
            takes, words = ("one blank at a time", [path.lstrip("#")]) if command in WITH_BLANK else ("no blank", [])
            way_out = console.python("-m", "exercises", command, *words)
            raise UserError(f"There is no folder '{path}', and {command} takes {takes}: {way_out}")
        return StudentFolder(path)
    candidates = folders_here()
    if len(candidates) != 1:
        names = ", ".join(str(candidate) for candidate in candidates)
        raise UserError(
            f"There are several folders of the hands-on here: {names}. Name one at the end of the command."
            if candidates
            else "There is no folder of the hands-on here.\n  Make one: python -m exercises start my_handson"
        )
    return StudentFolder(candidates[0])


def open_folder_and_blank(arguments: argparse.Namespace) -> tuple[StudentFolder, int]:
    """The student's folder, and the number of the blank that the command is about."""
    folder = open_folder(arguments)
    return folder, blank_number(arguments.number, folder, f"{arguments.command} ")


def solution_for(folder: StudentFolder, number: int, gives_up: bool) -> list[Place]:
    """The places of a blank, solved, for a student who has solved it or gives it up."""
    solved = solved_places(labs=True)
    if solved is None:
        raise UserError("This copy of the kit holds no solutions; ask whoever handed it out.")
    if not folder.is_passed(number) and number not in folder.record.gave_up:
        if not gives_up:
            hint = output.command(folder, "hint", str(number))
            raise UserError(
                f"Blank {number} isn't solved yet, or was changed since it was checked.\n"
                f"  To see the solution all the same, add --give_up, which is recorded. Or take a hint:\n  {hint}"
            )
        folder.note_give_up(number)
    return [place for place in solved.values() if place.number == number]


def blank_number(word: str, folder: StudentFolder, before: str = "--blank ") -> int:
    """The number of a blank, or of the blank that has a place: 2 for "2", "2a" and "#02A".

    Args:
      word: of the command.
      folder: that has the blank.
      before: what stands before the word.
    Raises:
      UserError: there is none.
    """
    place = NUMBER.fullmatch(word)
    number, letter = (int(place[1]), place[2].lower()) if place else (-1, "")
    if any(each.number == number and (not letter or f"{number}{letter}" in each.tasks) for each in folder.blanks):
        return number
    known = f"the blanks have the numbers {folder.numbers[0]} to {folder.numbers[-1]}"
    if number in folder.numbers:
        known = f"blank {number} has the places {', '.join(blank(number).tasks)}"
    elif re.fullmatch(r"\d+(,\d+)+", word):
        between = " " if before.startswith("--") else ", then "
        known = f"one at a time: {between.join(before + each for each in word.split(','))}"
    raise UserError(f"There is no blank '{word}'; {known}.")


if __name__ == "__main__":
    run_script(main)
