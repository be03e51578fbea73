"""What is really wrong with a line of a CSV of images, where the first error would blame something else."""

from __future__ import annotations

import contextlib
import csv
import os
import re
import unicodedata
from collections.abc import Sequence

from kit.cli import console
from kit.data.csv_repairs import SUFFIX
from kit.data.image_lines import HEADER

DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars", " ": "spaces"}
NAME = re.compile(r"\s*[^\W\d][^\d/\\]*\d{0,2}\s*")  # of a column, such as label, label1 or image.label
MOST_COLUMNS = 5  # of a list of images with other columns; a table has more


def cause(line: bytes, csv_path: str, folders: Sequence[str], has_images: bool) -> str | None:
    """What is wrong with a line that can't be read.

    Args:
      line: of the file.
      csv_path: of the file.
      folders: that its paths may be relative to, each with a separator at its end.
      has_images: whether other lines are good, so that the file is no table of numbers.
    Returns:
      A sentence without a full stop; then, on a line of its own, a way out. None if no better cause is known.
    """
    with contextlib.suppress(UnicodeDecodeError, csv.Error):
        text = line.decode("utf-8").strip("\ufeff\r\n")
        with_commas = _fields(text, ",")
        for delimiter, name in DELIMITERS.items() if len(with_commas) < 3 else ():
            fields = _fields(text, delimiter)
            if _is_header(fields) or (len(fields) == 3 and SUFFIX.search(fields[1]) and not SUFFIX.search(fields[2])):
                return f"separated by {name}, expected commas\n{_fix(csv_path, 'separators', delimiter)}"
        if set(HEADER) <= {field.strip().lower() for field in with_commas}:
            return f"the columns are {text}, expected {','.join(HEADER)}\n{_fix(csv_path, 'columns')}"
        columns = None if has_images else _columns_of_images(with_commas)
        if columns:
            problem = f"{len(with_commas)} fields, expected {len(HEADER)}: {','.join(HEADER)}"
            return f"{problem}\n{_fix(csv_path, 'places', *map(str, columns))}"
        if len(with_commas) == 3:
            header = _cause_of_header(with_commas) if has_images else None
            return header or _cause_in_path(with_commas[1], csv_path, folders)
    return None


def _columns_of_images(fields):
    """The columns of name, path and label, where they aren't the usual ones; or None."""
    paths = [number for number, field in enumerate(fields[:-1]) if SUFFIX.search(field)]
    if not paths or len(fields) == len(HEADER) or len(fields) > MOST_COLUMNS or SUFFIX.search(fields[-1]):
        return None
    return paths[0], paths[-1], len(fields) - 1


def _cause_of_header(fields):
    """For a first line such as file,path,class."""
    if all(NAME.fullmatch(field) and not SUFFIX.search(field) for field in fields):
        return (
            f"a header of other names, {','.join(fields)}, expected {','.join(HEADER)}\n"
            "  Write these names into the line, or remove it."
        )
    return None


def _cause_in_path(path, csv_path, folders):
    """For a path of no file, where one is written only a little differently."""
    there = next((found for folder in folders if (found := _written_otherwise(folder, path))), None)
    if there is None:
        return None
    problem = f"image '{path}' does not exist, but '{there}' does"
    if "\\" in path:
        return f"{problem}: \\ separates folders only on Windows\n{_fix(csv_path, 'slashes')}"
    for form in ("NFC", "NFD"):
        if unicodedata.normalize(form, path) == there:
            return (
                f"{problem}: they look alike, but their accents are stored in different Unicode forms\n"
                f"{_fix(csv_path, 'unicode', form)}"
            )
    if path.strip() == there:
        return f"{problem}: there is a space too many\n  Leave out the spaces before and after the commas."
    return f"{problem}: capitals count\n  Write the path as the file is named."


def _written_otherwise(folder, path):
    """The path of a file that differs from `path` only in separators, spaces, capitals, or Unicode forms; or None."""
    found = ""
    for part in path.replace("\\", "/").strip().split("/"):
        step = found + part
        if part and not os.path.exists(os.path.join(folder, step)):
            with contextlib.suppress(OSError, ValueError):  # no such folder; a null byte in its name
                names = os.listdir(os.path.join(folder, found) or os.curdir)
                step = next((found + name for name in names if _spelling(name) == _spelling(part)), step)
        found = step + "/"
    found = found[:-1]
    return found if found != path and os.path.isfile(os.path.join(folder, found)) else None


def _spelling(name):
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _fields(text, delimiter):
    return next(csv.reader([text], delimiter=delimiter), [])


def _is_header(fields):
    return [field.strip().lower() for field in fields] == HEADER


def _fix(csv_path, repair, *arguments):
    new = f"{os.path.splitext(csv_path)[0]}_fixed.csv"
    command = console.python("kit/data/csv_repairs.py", repair, csv_path, new, *arguments)
    return f"  Write it anew, then use --data {new}:\n    {command}"
