"""A program with a window of its own, which outlives this one and prints nothing here."""

import subprocess
from collections.abc import Sequence


def start(words: Sequence[str]) -> None:
    """Starts it.

    Raises:
      OSError: it can't be started.
    """
    nowhere = subprocess.DEVNULL
    subprocess.Popen(words, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)
