"""The hands-on: blanks cut out of the scripts, checks of what a student writes into them, hints, grades.

The scripts at the top of the project are the one source: solved, with a pair of marker lines around each blank.
"""

import kit  # noqa: F401, first: it looks for files that hide modules

# isort: split
import sys
from types import TracebackType


def _end_quietly(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Ctrl-C while a command still imports what it needs leaves no traceback; later, run_script sees to it."""
    if issubclass(kind, KeyboardInterrupt):
        print("Stopped.", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


sys.excepthook = _end_quietly
