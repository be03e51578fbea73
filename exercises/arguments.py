"""The command line of `python -m exercises`: its commands, their flags, and what is said where one is wrong."""

import argparse
import difflib
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from exercises.blanks import numbers
from exercises.overtime import SECONDS
from exercises.surrogates import has_surrogates
from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.flags import Parser

COMMANDS = ("start", "check", "look", "watch", "hint", "show", "diff", "reset", "status", "hand_in", "handout", "grade")
WITH_BLANK = ("look", "hint", "show", "diff", "reset")  # those that take the number of a blank
REPORT = "graded"  # the folder of what `grade` writes
LONGEST_CHECK = 3600  # seconds
MOST_WORKERS = 256
NUMBER = re.compile(r"#?(\d{1,9})([a-z]?)", re.IGNORECASE)  # of a blank, or of a place of one


def read_arguments(words: Sequence[str] | None = None, description: str = "") -> argparse.Namespace:
    """The command line: an argparse.Namespace whose `command` is one of COMMANDS.

    Args:
      words: of the command line; None: those of this process.
      description: the first lines of --help.
    Raises:
      UserError: a command, a flag or a value is wrong.
    """
    parser = _Parser(
        prog="python -m exercises", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, text: str, has_number: bool = False, has_folder: bool = True) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text.capitalize() + ".")
        added.set_defaults(command=name)
        if has_number:
            added.add_argument("number", metavar="BLANK", help="its number")
        if has_folder:
            added.add_argument("folder", nargs="?", help="the student's folder (the current one, or the one in it)")
        return added

    added = command("start", "make a folder of the scripts with blanks", has_folder=False)
    added.add_argument("folder", help="its name; it must not exist yet")
    added.add_argument("--student", metavar="NAME", help="whose folder it is: the images drawn there are their own")
    added.add_argument("--labs", action="store_true", help="with a blank in each lab, too; these are optional")
    added = command("check", "say what is done and what comes next")
    added.add_argument("--blank", action="append", metavar="BLANK", help="only this one")
    command("look", "draw what your lines in a blank make", has_number=True)
    added = command("watch", "check again on every save; on a terminal, with keys for hint, look and editor")
    added.add_argument("--editor", metavar="COMMAND", help="that opens a blank on the key e (else $VISUAL or $EDITOR)")
    command("hint", "give a hint, a clearer one each time", has_number=True)
    for name, text in (("show", "show the solution of a blank"), ("diff", "show your lines beside the solution")):
        added = command(name, f"{text}, once it is solved", has_number=True)
        added.add_argument("--give_up", action="store_true", help="even if it isn't solved; this is recorded")
    command("reset", "empty a blank", has_number=True)
    command("status", "say how far you are, without checking")
    added = command("hand_in", "zip what you hand in: the scripts and the record")
    added.add_argument("--student", metavar="NAME", help="your name, where the record has none or another")
    added = command("handout", "zip the students' folder and the guide, for a class", has_folder=False)
    added.add_argument("file", help="the zip to write")
    added.add_argument("--with_solutions", action="store_true", help="sealed, so that `show` and `diff` work")
    added.add_argument("--labs", action="store_true", help="with the optional blanks of the labs")
    added = command("grade", "check what students hand in", has_folder=False)
    added.add_argument("files", nargs="+", help="zips of students' folders, or the folders")
    added.add_argument("--csv", metavar="FILE", help="a table with a line per student")
    added.add_argument("--json", metavar="FILE", help="Gradescope's results.json; with several students, one for each")
    added.add_argument("--report", metavar="FOLDER", default=REPORT, help="for class.html and feedback (%(default)s)")
    added.add_argument("--similar", action="store_true", help="also tell whose answers are alike: a hint to look")
    added.add_argument("--labs", action="store_true", help="check the labs' blanks, too; their points stand apart")
    added.add_argument(
        "--seconds",
        type=_seconds,
        metavar="N",
        default=SECONDS,
        help="that a blank's check may take (%(default)s)",
    )
    added.add_argument("--isolated", action="store_true", help="each submission in a sandbox (Linux; needs bubblewrap)")
    added.add_argument(
        "--workers", type=_workers, metavar="N", help="submissions that are checked at once, isolated (one per core)"
    )
    arguments = parser.parse_args(_in_order(sys.argv[1:] if words is None else words))
    for word in filter(None, map(vars(arguments).get, ("student", "folder", "file", "csv", "json", "report"))):
        if has_surrogates(word):  # what was handed in may have such a name
            raise UserError(
                f"{console.one_line(word)}: this name isn't UTF-8.\n  Type it in UTF-8, or rename the folder."
            )
    return arguments


def _seconds(word: str) -> int:
    return _whole_number("--seconds", word, LONGEST_CHECK)


def _workers(word: str) -> int:
    return _whole_number("--workers", word, MOST_WORKERS)


def _whole_number(flag: str, word: str, most: int) -> int:
    if not re.fullmatch(r"\d{1,9}", word) or not 1 <= int(word) <= most:
        raise UserError(f"{flag} is '{word}'; expected a whole number from 1 to {most}.")
    return int(word)


def _in_order(words: Sequence[str]) -> list[str]:
    """The words of a command as argparse wants them: flags, the number of the blank, the folder."""
    command, others = list(words[:1]), list(words[1:])
    if command == ["check"]:  # 4 or 10b, without its flag
        for i, word in reversed(list(enumerate(others))):
            if NUMBER.fullmatch(word.split(",")[0]) and others[i - 1 : i] != ["--blank"] and not Path(word).exists():
                others.insert(i, "--blank")
    if command and command[0] in WITH_BLANK:
        others.sort(key=lambda word: 0 if word == "--give_up" else 1 if NUMBER.fullmatch(word) else 2)
    return command + others


class _Parser(Parser):
    """The kit's parser, in plainer words."""

    def error(self, message: str) -> NoReturn:
        if message.startswith("unrecognized arguments") and (of_command := self._of_command()):
            of_command.error(message)  # which knows its flags
        if message.endswith("required: BLANK"):
            refuse(f"Which blank? Add its number: {self.prog} {numbers()[1]}")
        if message.endswith("required: COMMAND"):
            refuse(f"What is to be done? The commands are {', '.join(COMMANDS)}.\n  {self.prog} --help explains them.")
        if missing := re.search(r"required: (.*)", message):
            refuse(f"Something is missing: {missing[1]}.\n  {' '.join(self.format_usage().split())}")
        if flag := re.fullmatch(r"argument (--\w+): expected one argument", message):
            refuse(f"{flag[1]} needs a value after it.\n  {' '.join(self.format_usage().split())}")
        if command := re.search(r"argument COMMAND: invalid choice: '(.*?)'", message):
            close = difflib.get_close_matches(command[1].lower(), COMMANDS, n=1)
            meant = f"Did you mean {close[0]}?" if close else f"The commands are {', '.join(COMMANDS)}."
            refuse(f"There is no command '{command[1]}'. {meant}\n  {self.prog} --help explains them.")
        super().error(message)

    def _of_command(self) -> argparse.ArgumentParser | None:
        """The parser of the command that was typed; None in that parser itself."""
        parsers = [each.choices for each in self._actions if isinstance(each.choices, dict)]
        return parsers[0].get(self._words[0]) if parsers and self._words else None


def refuse(message: str) -> NoReturn:
    raise UserError(message)
