"""Writes a list of images anew, as training.py reads it. Errors print the command (kit/data/csv_causes.py):

python kit/data/csv_repairs.py separators OLD.csv NEW.csv ";"
"""

import csv
import io
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

HEADER = ["image_name", "image_path", "label"]  # as in kit/data/image_lines.py, which isn't found from a command
SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp")


def separators(text: str, delimiter: str) -> str:
    """Commas between the fields, where another character stands now."""
    return _written(csv.reader(io.StringIO(text), delimiter=delimiter))


def columns(text: str) -> str:
    """The three columns in their order; a header names them."""
    rows = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    return _written([HEADER, *([row[name] for name in HEADER] for row in rows)])


def slashes(text: str) -> str:
    """Paths with / instead of \\."""
    return text.replace("\\", "/")


def unicode(text: str, form: Literal["NFC", "NFD"]) -> str:
    """Characters in another Unicode form, such as NFC."""
    return unicodedata.normalize(form, text)


def words(text: str, name: str, path: str, label: str, *known: str) -> str:
    """Numbers as labels, where words stand now; a label that is a number stays.

    Args:
      text: of the list. Lines that name no image are left out.
      name, path, label: numbers of their columns, from 0.
      known: the classes' words in the order of their numbers; those that are found, sorted, if there are none.
    """
    place = int(path)
    rows = [row for row in csv.reader(io.StringIO(text), skipinitialspace=True) if len(row) > max(place, int(label))]
    rows = [row for row in rows if row[place].strip().lower().endswith(SUFFIXES)]
    found = sorted({row[int(label)].strip() for row in rows})
    classes = list(known) or found
    if unknown := [word for word in found if word not in classes and not word.isdecimal()]:
        raise SystemExit(f"The network doesn't know {', '.join(unknown)}.")
    lines = []
    for number, row in enumerate(rows):
        word, own_name = row[int(label)].strip(), row[int(name)]
        if word.isdecimal():
            lines.append([own_name, row[place], word])
        else:  # the name tells the class, and is the image's own: it decides on the split
            lines.append([f"{word}_{number}_{own_name}", row[place], str(classes.index(word))])
    return _written([HEADER, *lines])


REPAIRS: dict[str, Callable[..., str]] = {
    repair.__name__: repair for repair in (separators, columns, slashes, unicode, words)
}


def main(arguments: Sequence[str]) -> None:
    """Repairs a file.

    Args:
      arguments: name of the repair, old file, new file, and what the repair takes.
    """
    if len(arguments) < 3 or arguments[0] not in REPAIRS:
        raise SystemExit(f"{__doc__}\nThe repairs: {', '.join(REPAIRS)}")
    name, old, new, *more = arguments
    with open(old, encoding="utf-8-sig", newline="") as file:
        repaired = REPAIRS[name](file.read(), *more)
    with open(new, "w", encoding="utf-8", newline="") as file:
        file.write(repaired)


def _written(rows: Iterable[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
