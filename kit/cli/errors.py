"""How errors reach the user: a mistake in the input gives one clear message and exit status 2, no traceback."""

import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import cast

WRONG_INPUT = 2  # exit status: the user can fix it
INTERRUPTED = 130  # exit status for Ctrl-C, as in shells: 128 + SIGINT
HEADINGS = ("", "Graph execution error")  # uninformative lines in TensorFlow's errors
OWN_MODULES = ("kit", "exercises", "dlho2018", "dlho2018_nns", "tf_layers")  # a missing one is a bug
IN_PLAIN_WORDS = {  # what TensorFlow says: what it means
    "Read less bytes than requested": "the file ends too early: it was cut off, or is still being written",
    "End of sequence": "the data has ended",
}
EMPTY_BLANK = "is still empty"  # in the NotImplementedError of each blank of the hands-on


class UserError(Exception):
    """A mistake in the user's input. Its text says where, what was found, what was expected, and a way out."""


def tensorflow_reason(error: BaseException) -> str:
    """The cause of a TensorFlow session's error in one line, out of the pages that it prints."""
    lines = [line for line in str(getattr(error, "message", error)).splitlines() if line.strip(" :") not in HEADINGS]
    lines = lines or [type(error).__name__]
    nodes = [number for number, line in enumerate(lines[:-1]) if line.startswith("Node: ")]
    reason = lines[nodes[-1] + 1 if nodes else 0].strip()
    return next((meaning for words, meaning in IN_PLAIN_WORDS.items() if words in reason), reason)


def run_script(main: Callable[[], object]) -> None:
    """Runs `main()` and sets the exit status.

    A UserError is printed as it is, Ctrl-C ends quietly, and any other exception keeps its traceback: it is a bug.
    """
    for stream in (sys.stdout, sys.stderr):
        cast(TextIOWrapper, stream).reconfigure(errors="replace")  # characters that the terminal can't show
    try:
        main()
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(WRONG_INPUT)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] in OWN_MODULES:
            raise
        print(
            f"error: the package '{error.name}' is not installed in {sys.executable}.\n"
            "  Activate the virtualenv, as README.md says: source .venv/bin/activate",
            file=sys.stderr,
        )
        sys.exit(WRONG_INPUT)
    except NotImplementedError as error:
        if EMPTY_BLANK not in str(error):
            raise
        last_line = str(error).splitlines()[-1]  # TensorFlow prints pages if it came from a data set's map
        print(f"error: {last_line.rpartition('NotImplementedError: ')[2].strip()}", file=sys.stderr)
        sys.exit(WRONG_INPUT)
    except MemoryError as error:
        print(
            f"error: there is too little memory: {error or 'Python found none'}.\n"
            "  Close other programs, or use fewer images or rows, or a smaller --batch_size.",
            file=sys.stderr,
        )
        sys.exit(WRONG_INPUT)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # whoever read our output is gone: `... | head`
        sys.stderr.close()
        sys.exit(INTERRUPTED)
