"""How long does a class take to grade, each submission in a sandbox, and is every grade right?

  python benchmarks/grading.py --students 40

Of each 18 students, ten try to get out of the sandbox or to bring it down; the others have solved all, half or nothing,
in every form in which it is handed in (tests/support/classes.py). The right grade of each is known.
"""

import argparse
import csv
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from processes import PROJECT

sys.path.insert(0, str(PROJECT / "tests"))
from support.classes import HOSTILE, Trap, make_class  # isort: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--seconds", type=int, default=20, help="that the check of a blank may take")
    parser.add_argument("--workers", type=int, help="submissions at once; one for each core")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        top = Path(folder)
        (top / "class").mkdir()
        (top / "others.py").write_text("a secret of others")
        trap = Trap(top / "mark", top / "others.py", server.getsockname()[1])
        students = make_class(top / "class", trap, arguments.students)
        began = time.monotonic()
        grade(top, arguments)
        minutes = (time.monotonic() - began) / 60
        text = (top / "grades.csv").read_text(encoding="utf-8-sig")
        rows = {row["student"]: row for row in csv.DictReader(text.splitlines(keepends=True))}
        wrong = [student for student in students if grades_of(rows[student.name]) != student.points]
        hostile = sum(student.way in HOSTILE for student in students)
        server.settimeout(0.1)
        got_out = [trap.mark.exists(), trap.others.read_text() in text, was_called(server)]
    print(f"{len(students)} students, {hostile} of them hostile: {minutes:.1f} minutes")
    print(f"wrong grades: {len(wrong)} {[(student.name, student.way) for student in wrong]}")
    print(f"written outside, read from others, called: {got_out}")


def grade(top, arguments):
    """Grades the class, isolated; its lines are shown."""
    words = ["--isolated", "--csv", top / "grades.csv", "--seconds", arguments.seconds]
    words += ["--workers", arguments.workers] if arguments.workers else []
    command = [sys.executable, "-m", "exercises", "grade", top / "class", *words, "--report", top / "graded"]
    subprocess.run(list(map(str, command)), cwd=PROJECT, check=False)


def grades_of(row):
    """{blank: points} of a line of the table; `missing` and `unread` count as 0."""
    return {
        int(name.removeprefix("blank ")): float(value.replace("missing", "0").replace("unread", "0"))
        for name, value in row.items()
        if name.startswith("blank ")
    }


def was_called(server):
    """Whether somebody has connected."""
    try:
        server.accept()
        return True
    except TimeoutError:
        return False


if __name__ == "__main__":
    main()
