"""What a user reads while a script works: lines, tables, progress.

On a terminal, progress is a bar; where the output goes to a file or another program, it is a plain line
now and then. rich draws both; it is imported only when something is drawn, so that `--help` is quick.
"""

import contextlib
import os
import shlex
import shutil
import sys
import time

WIDEST_TABLE = 1000  # columns, where the output isn't a terminal: nothing is cut off
NAMES_LISTED = 8  # in a sentence
SECONDS_BETWEEN_LINES = 10  # of progress, where the output isn't a terminal


def say(text=""):
    """Prints a line, at once, also into a pipe."""
    print(text, flush=True)


def warn(text):
    """Prints a warning: something was wrong, and the work goes on."""
    print(f"warning: {text}", file=sys.stderr, flush=True)


def listed(names, most=NAMES_LISTED):
    """Names as a sentence has them: "a, b, c", or "a, b, c and 7 more"."""
    text = ", ".join(names[:most])
    return text + (f" and {len(names) - most:,} more" if len(names) > most else "")


def say_next(*commands):
    """Ends a script: the commands to type next, each a line."""
    say("\nNext:")
    for command in commands:
        say(f"  {command}")


def python(script, *arguments):
    """The command that runs a script with this Python, as short as it works in this shell."""
    return shlex.join([_command("python", sys.executable), script, *arguments])


def tensorboard(folder):
    """The command that opens TensorBoard on a folder."""
    beside_python = os.path.join(os.path.dirname(sys.executable), "tensorboard")
    return f"{_command('tensorboard', beside_python)} --logdir {folder}"


def _command(name, path):
    """The name where the shell finds `path` by it; else the path, relative where that is shorter."""
    found = shutil.which(name)
    if found and os.path.samefile(os.path.dirname(found), os.path.dirname(path)):
        return name
    return min(path, os.path.relpath(path), key=len)


def say_table(columns, rows):
    """Prints a table.

    Args:
      columns: the headings. Columns of numbers are set to the right.
      rows: a list of rows, each a list of str, int or float as long as `columns`.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for i, heading in enumerate(columns):
        is_number = all(isinstance(row[i], (int, float)) for row in rows)
        table.add_column(heading, justify="right" if is_number else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    width = None if sys.stdout.isatty() else WIDEST_TABLE
    Console(highlight=False, width=width, soft_wrap=width is not None).print(table)


def _cell(value):
    from rich.markup import escape

    if isinstance(value, float):
        return f"{value:.4f}"
    return f"{value:,}" if isinstance(value, int) else escape(value)


@contextlib.contextmanager
def progress(what, total, unit, done=0):
    """Shows how far a long job has come.

    Args:
      what: the job, in a word or two ("drawing").
      total: how many steps it has.
      unit: what a step is, in the plural ("images").
      done: how many steps were done before.
    Yields:
      A _Bar or _Lines: call its `advance(count, note)`; print lines through its `say`.
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


class _Bar:
    def __init__(self, rich_progress, task):
        self._progress, self._task = rich_progress, task

    def advance(self, count, note=""):
        self._progress.update(self._task, advance=count, note=note)

    def say(self, text):
        self._progress.console.print(text, markup=False, highlight=False)


class _Lines:
    def __init__(self, what, total, unit, done):
        self._what, self._total, self._unit, self._done = what, total, unit, done
        self._said_at = time.monotonic()

    def advance(self, count, note=""):
        self._done += count
        if time.monotonic() - self._said_at >= SECONDS_BETWEEN_LINES:
            self._said_at = time.monotonic()
            say(f"{self._what}: {self._done:,} of {self._total:,} {self._unit}{note and '  ' + note}")

    def say(self, text):
        say(text)
