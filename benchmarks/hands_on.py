"""Does the hands-on answer quickly? Seconds for all checks of a solved folder, and for each check in watch mode.

  python benchmarks/hands_on.py

All checks: `python check.py` as a process, TensorFlow's import included. In watch mode: from a save to the verdict,
in a `python -m exercises watch` that has been running; each blank is emptied and solved again, --rounds times.
"""

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from exercises.blanks import all_blanks
from exercises.build_handout import build_folder
from exercises.markers import places_in, with_lines
from exercises.scripts import PROJECT, empty_places, empty_script, script_names, solved_places


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "my_handson"
        build_folder(folder)
        for script in script_names():
            (folder / script).write_bytes((PROJECT / script).read_bytes())
        print_seconds(f"all {len(all_blanks())} checks", [seconds_of_all(folder) for _ in range(rounds)])
        for number, seconds in seconds_in_watch_mode(folder, rounds).items():
            print_seconds(f"blank {number} in watch mode", seconds)


def print_seconds(what, seconds):
    print(f"{what}: {statistics.median(seconds):.2f} s (from {min(seconds):.2f} to {max(seconds):.2f})", flush=True)


def seconds_of_all(folder):
    began = time.monotonic()
    subprocess.run([sys.executable, "check.py"], cwd=folder, check=True, capture_output=True)
    return time.monotonic() - began


def seconds_in_watch_mode(folder, rounds):
    """{number of a blank: seconds from a save that solves it to its verdict, one a round}."""
    for script in script_names():
        (folder / script).write_text(empty_script(script))
    words = [sys.executable, "-m", "exercises", "watch", str(folder)]
    watching = subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    try:
        read_until(watching, "Next: ")
        seconds = {}
        for blank in all_blanks():
            seconds[blank.number] = [seconds_of_save(watching, folder, blank.number) for _ in range(rounds)]
        return seconds
    finally:
        watching.kill()


def seconds_of_save(watching, folder, number):
    save(folder, number, solved_places())
    began = time.monotonic()
    read_until(watching, rf"^ *{number}  done")
    took = time.monotonic() - began
    read_until(watching, "Next: ")
    save(folder, number, empty_places())  # so that the watching goes on: it ends when all is done
    read_until(watching, "Next: ")
    return took


def save(folder, number, places):
    """Writes the lines of some places into a blank."""
    lines = {name: place.lines for name, place in places.items() if place.number == number}
    for script in {places[name].script for name in lines}:
        text = (folder / script).read_text()
        assert lines.keys() & places_in(script, text).keys()
        (folder / script).write_text(with_lines(script, text, lines))


def read_until(process, pattern):
    for line in process.stdout:
        if re.search(pattern, line):
            return
    raise RuntimeError(f"watching ended before it printed {pattern}")


if __name__ == "__main__":
    main()
