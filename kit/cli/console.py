"""What a script prints: lines, tables, progress.

On a terminal, progress is a bar; in a file or pipe, a plain line every few seconds. rich draws bars and tables; it is
imported only when needed, so that `--help` is quick.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

WIDEST_TABLE = 1000  # characters; in a file or pipe, so that nothing is cut off
NO_NUMBER = "-"  # in a table: a cell that is None
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
NAMES_LISTED = 8  # before "and N more"
SECONDS_BETWEEN_LINES = 10  # of progress, in a file or pipe
_SCRIPTS = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # the folder of the scripts


def say(text: str = "") -> None:
    """Prints a line at once, also into a pipe."""
    print(text, flush=True)


def warn(text: str) -> None:
    """Prints a warning: something was wrong, but the script goes on."""
    print(f"warning: {text}", file=sys.stderr, flush=True)


def one_line(name: str) -> str:
    """A file's name as it can be shown and written: line breaks, and bytes that aren't UTF-8, become \\n, \\udce9."""
    return CONTROLS.sub(lambda match: match[0].encode("unicode_escape").decode(), name)


def listed(names: Sequence[str], most: int = NAMES_LISTED) -> str:
    """Names as text: "a, b, c", or "a, b, c and 7 more"; a name with such a comma stands in quotes."""
    text = ", ".join(f"'{name}'" if ", " in name and name[0] != "'" else name for name in names[:most])
    return text + (f" and {len(names) - most:,} more" if len(names) > most else "")


def counted(count: int, what: str) -> str:
    """A count of things: "1 image", "1,200 images".

    Args:
      count: how many.
      what: the things, in the plural with an s.
    """
    return f"{count:,} {what.removesuffix('s') if count == 1 else what}"


def say_next(*commands):
    """Ends a script: the commands to type next, each a line."""
    say("\nNext:")
    for command in commands:
        say(f"  {command}")


def python(script: str, *arguments: str, folder: str = os.curdir) -> str:
    """The command that runs a script with this Python, as short as it works in this shell.

    Args:
      script: its path, or its name if it is one of the kit's; or "-m" or "-c", with a module's name or code as the
        first argument.
      folder: where the command is going to be typed; the current one by default.
    """
    if script not in ("-m", "-c"):
        script = _shortest(os.path.join(_SCRIPTS, script), folder)
    return shlex.join([_command("python", sys.executable, folder), script, *arguments])


def tensorboard(folder: str) -> str:
    """The command that opens TensorBoard on a folder."""
    beside_python = os.path.join(os.path.dirname(sys.executable), "tensorboard")
    return shlex.join([_command("tensorboard", beside_python, os.curdir), "--logdir", folder])


def _command(name: str, path: str, folder: str) -> str:
    """The name where the shell finds `path` by it; else the path as it works in `folder`."""
    found = shutil.which(name)
    is_same = found and os.path.isabs(found) and os.path.samefile(os.path.dirname(found), os.path.dirname(path))
    return name if is_same else _shortest(path, folder)


def _shortest(path: str, folder: str) -> str:
    """The path as seen from a folder, relative where that is shorter."""
    try:
        relative = os.path.relpath(path, os.path.realpath(folder))
    except ValueError:  # on another drive of Windows
        return path
    return min(path, relative, key=len)


def say_table(columns: Sequence[str], rows: Sequence[Sequence[str | int | float | None]]) -> None:
    """Prints a table; columns of numbers are right-aligned.

    Args:
      columns: the headings.
      rows: the rows, each as long as `columns`; None is a number that there isn't.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for i, heading in enumerate(columns):
        is_number = all(isinstance(row[i], (int, float, type(None))) for row in rows)
        table.add_column(heading, justify="right" if is_number else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    width = None if sys.stdout.isatty() else WIDEST_TABLE
    Console(highlight=False, width=width, soft_wrap=width is not None).print(table)


def _cell(value: str | int | float | None) -> str:
    from rich.markup import escape

    if value is None:
        return NO_NUMBER
    if isinstance(value, float):
        return f"{value:.4f}"
    return f"{value:,}" if isinstance(value, int) else escape(value)


@contextlib.contextmanager
def progress(what: str, total: int, unit: str, done: int = 0) -> Iterator[Bar]:
    """Shows the progress of a long job.

    Args:
      what: the job, in a word or two ("drawing").
      total: number of steps.
      unit: what a step is, in the plural ("images").
      done: number of steps already done.
    Yields:
      An object with `advance(count, note)`, and `say(text)` for lines printed meanwhile.
    """
    if sys.stdout.isatty():
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
        from rich.table import Column

        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=10),
            MofNCompleteColumn(table_column=Column(no_wrap=True)),
            TextColumn("{task.fields[note]}", table_column=Column(no_wrap=True, ratio=1)),
            TimeRemainingColumn(),
        )
        with Progress(*columns, transient=True) as rich_progress:
            yield _Bar(rich_progress, rich_progress.add_task(what, total=total, completed=done, note=""))
    else:
        yield _Lines(what, total, unit, done)


class Bar(Protocol):
    """The progress of a job."""

    def advance(self, count: int, note: str = "") -> None: ...

    def say(self, text: str) -> None: ...


class _Bar:
    """Progress on a terminal."""

    def __init__(self, rich_progress: Progress, task: TaskID):
        self._progress, self._task = rich_progress, task

    def advance(self, count: int, note: str = "") -> None:
        self._progress.update(self._task, advance=count, note=note)

    def say(self, text: str) -> None:
        self._progress.console.print(text, markup=False, highlight=False)


class _Lines:
    """Progress in a file or pipe."""

    def __init__(self, what: str, total: int, unit: str, done: int):
        self._what, self._total, self._unit, self._done = what, total, unit, done
        self._said_at = time.monotonic()

    def advance(self, count: int, note: str = "") -> None:
        self._done += count
        if time.monotonic() - self._said_at >= SECONDS_BETWEEN_LINES:
            self._said_at = time.monotonic()
            say(f"{self._what}: {self._done:,} of {self._total:,} {self._unit}{note and '  ' + note}")

    def say(self, text: str) -> None:
        say(text)
