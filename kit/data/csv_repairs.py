"""Writes a list of images anew, as training.py reads it. Errors print the command (kit/data/csv_causes.py):

python kit/data/csv_repairs.py separators OLD.csv NEW.csv ";"
"""

import csv
import io
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NoReturn

HEADER = ["image_name", "image_path", "label"]  # as in kit/data/image_lines.py, which isn't found from a command
SUFFIX = re.compile(r"(?i)\.(png|jpe?g|gif|bmp|webp|tiff?|avif|heic|svg)\b")
WRONG_INPUT = 2  # exit status, as in kit/cli/errors.py, which isn't found either


def separators(text: str, delimiter: str) -> str:
    """Commas between the fields, where another character stands now."""
    return _written(csv.reader(io.StringIO(text), delimiter=delimiter))


def columns(text: str) -> str:
    """The three columns in their order; each header names those below it. Lines that are too short stay as they are."""
    places, lines = list(range(len(HEADER))), []
    for row in csv.reader(io.StringIO(text), skipinitialspace=True):
        names = [field.strip().lower() for field in row]
        if set(HEADER) <= set(names):
            places = [names.index(name) for name in HEADER]
        elif any(names):
            lines.append([row[place] for place in places] if len(row) > max(places) else row)
    return _written([HEADER, *lines])


def slashes(text: str) -> str:
    """Paths with / instead of \\."""
    return text.replace("\\", "/")


def unicode(text: str, form: Literal["NFC", "NFD"]) -> str:
    """Characters in another Unicode form, such as NFC."""
    return unicodedata.normalize(form, text)


def places(text: str, name: str, path: str, label: str) -> str:
    """The three columns that are at these places, numbers from 0; lines that name no image are left out."""
    place = int(path)
    rows = [row for row in csv.reader(io.StringIO(text), skipinitialspace=True) if len(row) > max(place, int(label))]
    rows = [row for row in rows if SUFFIX.search(row[place])]
    # the number makes the name the image's own, since it decides on the split; the label says its class
    lines = (
        [f"{row[int(label)]}_{number}_{row[int(name)]}", row[place], row[int(label)]] for number, row in enumerate(rows)
    )
    return _written([HEADER, *lines])


REPAIRS: dict[str, Callable[..., str]] = {
    repair.__name__: repair for repair in (separators, columns, slashes, unicode, places)
}


def main(arguments: Sequence[str]) -> None:
    """Repairs a file.

    Args:
      arguments: name of the repair, old file, new file, and what the repair takes.
    """
    if len(arguments) < 3 or arguments[0] not in REPAIRS:
        raise SystemExit(f"{__doc__}\nThe repairs: {', '.join(REPAIRS)}")
    name, old, new, *more = arguments
    try:
        with open(old, encoding="utf-8-sig", newline="") as file:
            repaired = REPAIRS[name](file.read(), *more)
        if not set(repaired.splitlines()) - {"", ",".join(HEADER)}:
            _fail(f"{old}: no line of it names an image, so {new} is not written.")
        with open(new, "w", encoding="utf-8", newline="") as file:
            file.write(repaired)
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}.")
    except (UnicodeDecodeError, csv.Error) as error:
        _fail(f"{old}: cannot be repaired: {error}.\n  Save it as CSV UTF-8 in a spreadsheet, with commas.")


def _fail(text: str) -> NoReturn:
    print(f"error: {text}", file=sys.stderr)
    sys.exit(WRONG_INPUT)


def _written(rows: Iterable[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
