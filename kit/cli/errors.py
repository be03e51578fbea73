"""What a user hears when something given was wrong: one clear error, exit status 2, no traceback."""

import sys

WRONG_INPUT = 2  # exit status: the user can mend it
INTERRUPTED = 130  # exit status: Ctrl-C, as shells count it (128 + SIGINT)
HEADINGS = ("", "Graph execution error")  # lines of TensorFlow's that tell nothing
EMPTY_BLANK = "is still empty"  # in the NotImplementedError that stands in each blank of the hands-on


class UserError(Exception):
    """A mistake in what the user gave. Its text says where, what was found, what was expected, the way out."""


def tensorflow_reason(error):
    """What went wrong, in one line: out of the pages that an error of TensorFlow's session prints."""
    lines = [line for line in str(getattr(error, "message", error)).splitlines() if line.strip(" :") not in HEADINGS]
    lines = lines or [type(error).__name__]
    nodes = [number for number, line in enumerate(lines[:-1]) if line.startswith("Node: ")]
    return lines[nodes[-1] + 1 if nodes else 0].strip()


def run_script(main):
    """Calls `main()` and ends the process with its outcome.

    A UserError is printed as it stands; Ctrl-C ends quietly; anything else is a fault of the kit
    and keeps its traceback.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a name that the terminal can't show is no reason to stop
    try:
        main()
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(WRONG_INPUT)
    except NotImplementedError as error:
        if EMPTY_BLANK not in str(error):
            raise
        last_line = str(error).splitlines()[-1]  # of pages, where a data set's map met it
        print(f"error: {last_line.rpartition('NotImplementedError: ')[2].strip()}", file=sys.stderr)
        sys.exit(WRONG_INPUT)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # the reader of our output has gone: `... | head`
        sys.stderr.close()
        sys.exit(INTERRUPTED)
