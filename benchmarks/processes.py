"""Scripts and peers as processes, as a user runs them: output, seconds, peak memory."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))  # so that the benchmarks can import kit
PEERS = "benchmarks/peers"


class Finished(NamedTuple):
    """A process that has ended well."""

    output: str
    seconds: float  # from its start to its end
    peak_memory: float  # MiB, on Linux
    cpu_seconds: float  # of all cores


def run(folder, script, *arguments):
    """Runs a script of the project in a folder and waits for its end.

    Args:
      folder: the working directory.
      script: its path from the project's root.
      arguments: of its command line, of any type.
    Returns:
      Finished.
    """
    return finish([sys.executable, PROJECT / script, *arguments], folder)


def finish(command, folder=None):
    """Runs a command and waits for its end: Finished. If it fails, this process ends with its output."""
    command = list(map(str, command))
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=errors, text=True)
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            sys.exit(f"{' '.join(command)}\nfailed:\n{output}{errors.read()}")
    return Finished(output, seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


def ask(folder, peer, *arguments):
    """Runs a script of PEERS and waits for its answer: its figures, a dict."""
    return json.loads(run(folder, f"{PEERS}/{peer}", *arguments).output.splitlines()[-1])


def printed_rate(finished):
    """The images per second that a script has printed: "... 4,000 images in 1.2 s (3,333 images/s)."."""
    return float(re.search(r"images in .* s \(([\d,]+) images/s\)", finished.output)[1].replace(",", ""))
