"""A class that has handed in: each student's way is known, and with it what the grade must be."""

from dataclasses import dataclass
from pathlib import Path

from exercises.answers import Answer
from exercises.blanks import numbers
from exercises.markers import with_lines
from exercises.scripts import empty_script, script_names, solved_places
from kit.data.drawing.students_seed import RECORD_FILE
from support.hand_ins import laid_out, under, zip_of

POINTS = 10
ALL = numbers()
HALF = ALL[::2]
WRONG = "x = 3.0\ny = x"  # in blank 0: no graph
HOSTILE = {  # {name: what stands in blank 0}
    "bomb": "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
    "killer": "import os, signal\nos.kill(-1, signal.SIGKILL)",
    "daemon": "import os, subprocess\nif os.fork() == 0:\n    os.setsid()\n"
    "    subprocess.Popen(['sh', '-c', 'while :; do echo x >> {mark}; sleep 0.1; done'])\n    os._exit(0)",
    "reader": "raise ValueError(open({others!r}).read())",
    "writer": "open({mark!r}, 'w').write('x')",
    "caller": "import socket\nsocket.create_connection(('127.0.0.1', {port}), 2)\nopen({mark!r}, 'w')",
    "filler": "n = 0\nwhile True:\n    n += 1\n    open(f'{{n}}.bin', 'wb').write(bytes(8 << 20))",
    "hoarder": "import os\nfor _ in range(9):\n    if os.fork() == 0:\n        hoard = os.urandom(1 << 20) * 2000\n"
    "while True:\n    pass",
    "looper": "while True:\n    pass",
    "printer": "while True:\n    print('x' * 10**6)",
}


@dataclass(frozen=True)
class Student:
    """A student of the class."""

    name: str
    way: str  # how it was worked
    points: dict[int, float]  # what each blank must get


@dataclass(frozen=True)
class Trap:
    """What hostile students are after.

    Attributes:
      mark: a file that they try to write.
      others: a file that they try to read.
      port: of this machine that they try to call.
    """

    mark: Path
    others: Path
    port: int


def make_class(folder: Path, trap: Trap, count: int = 40) -> list[Student]:
    """Writes what a class has handed in into a folder, zips and folders, in turns of all ways; gives the students."""
    ways = ["solved", "half", *HOSTILE, "wrong", "empty", "tabs", "with a venv", "in a folder", "nothing"]
    students = []
    for number in range(count):
        way = ways[number % len(ways)]
        student = Student(f"{_name(number)}", way, dict.fromkeys(ALL, 0.0) | _points(way))
        _write(folder, student, _texts(way, trap))
        students.append(student)
    return students


def _name(number: int) -> str:
    """A name that no other of the class is a part of: "Abab", "Acac", ..."""
    first, second = divmod(number, 20)
    syllable = "bcdfghjklmnpqrstvwxz"[second] + "aeiou"[first]
    return f"{syllable}{syllable}n".capitalize()


def _points(way: str) -> dict[int, float]:
    if way in ("solved", "tabs", "with a venv", "in a folder"):
        return dict.fromkeys(ALL, POINTS)
    if way == "half":
        return dict.fromkeys(HALF, POINTS)
    return dict.fromkeys(ALL[1:], POINTS) if way in ("wrong", *HOSTILE) else {}


def _texts(way: str, trap: Trap) -> dict[str, str]:
    """{script: what the student has made of it}."""
    solved = {name: place.lines for name, place in (solved_places() or {}).items()}
    if way in ("empty", "nothing"):
        solved = {}
    elif way == "half":
        solved = {name: lines for name, lines in solved.items() if int(name.rstrip("abcdef")) in HALF}
    elif way in HOSTILE or way == "wrong":
        values = {"mark": str(trap.mark), "others": str(trap.others), "port": trap.port}
        solved |= Answer(0, way, HOSTILE.get(way, WRONG).format(**values)).lines()
    return {script: with_lines(script, empty_script(script), solved) for script in script_names()}


def _write(folder: Path, student: Student, texts: dict[str, str]) -> None:
    record = f'{{"student": "{student.name}", "seed": 7}}'
    files = {name: text.encode() for name, text in {**texts, RECORD_FILE: record}.items()}
    if student.way == "tabs":
        files = {name: content.replace(b"    ", b"\t") for name, content in files.items()}
    if student.way == "nothing":
        files = {"essay.txt": b"my essay"}
    if student.way == "with a venv":
        files |= {".venv/pyvenv.cfg": b"", ".venv/lib/python3.11/site-packages/training.py": b"# another's"}
    if student.way == "in a folder":
        laid_out(folder / student.name, files)
    else:
        (folder / f"{student.name}.zip").write_bytes(zip_of(under("my_handson", files)))
