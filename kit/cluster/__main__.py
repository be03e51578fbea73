"""Trains with several workers on this machine: starts the script once for each, and shows what they print.

python -m kit.cluster --workers 2 training.py --micro_batches 4

What stands before the script is for this command, what stands behind it for the script.
"""

import os
import re
import sys
from collections.abc import Sequence

from kit.cli import console
from kit.cli.errors import UserError, run_script
from kit.cli.flags import read_command_line
from kit.cli.settings import ClusterSettings

PROG = "python -m kit.cluster"
SCRIPT = "training.py"  # in any folder


def main() -> None:
    # 1 settings, and the script with its own flags
    words, command = split_at_script(sys.argv[1:])
    settings, _ = read_command_line(ClusterSettings, __doc__, arguments=words, prog=PROG)
    check_script(command)
    check_micro_batches(command, settings.workers)

    # 2 workers
    from kit.cluster.local import run_workers  # here: `--help` needs none

    sys.exit(run_workers(command, settings.workers, settings.pin))


def split_at_script(words: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The words before the script, and those from it on; the script is the first that ends in .py."""
    start = next((index for index, word in enumerate(words) if word.endswith(".py")), len(words))
    return words[:start], words[start:]


def check_script(command: Sequence[str]) -> None:
    if not command:
        raise UserError(
            "The script is missing; expected a name that ends in .py.\n"
            f"  For example: {PROG} --workers 2 training.py --micro_batches 4"
        )
    if not os.path.isfile(command[0]):
        raise UserError(f"{console.one_line(command[0])}: there is no such script.\n  Check the name and the folder.")
    if os.path.basename(command[0]) != SCRIPT:
        raise UserError(
            f"{console.one_line(command[0])}: only {SCRIPT} shares its work among workers; each of them would run all "
            f"of this script.\n  Start it without {PROG}."
        )


def check_micro_batches(command: Sequence[str], workers: int) -> None:
    """Checks that the workers can share the micro-batches evenly, where the script is told how many there are."""
    text = " ".join(command[1:])
    counts = re.findall(r"(?:^|\s)--micro[_-]batches[ =](\d+)(?=\s|$)", text)  # argparse, too, takes the last
    if counts and int(counts[-1]) % workers:
        raise UserError(
            f"--micro_batches is {counts[-1]}, which {console.counted(workers, 'workers')} can't share evenly.\n"
            f"  Use a multiple of --workers: --micro_batches {workers} or {2 * workers}, for example."
        )


if __name__ == "__main__":
    run_script(main)
