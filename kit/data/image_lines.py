"""The lines of a CSV of images, image_name,image_path,label: read, taken apart, and what is wrong with one."""

from __future__ import annotations

import contextlib
import csv
import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kit.cli.errors import UserError

if TYPE_CHECKING:
    from kit.data.image_data import ImageData

HEADER = ["image_name", "image_path", "label"]
FIELD = r'(?:"(?:[^"]|"")*"|[^",]*)'
QUOTED_LINE = rf"{FIELD}(?:,{FIELD})*"
LONGEST_LINE = 1 << 16  # bytes
CTRL_Z = "\x1a"  # the end of a text file in MS-DOS; Windows's `copy` still writes it
TABLE_HINT = "  If it is a table of numbers, say where its labels are: --labels FILE, or --label_column NAME."


class LineProblem(Exception):
    """What is wrong with a line: a sentence without a full stop; then, on a line of its own, a way out, if any."""


def fields_of(line: bytes) -> list[str]:
    """The fields of a line, as str; [] for a blank or header line.

    Args:
      line: in UTF-8.
    Raises:
      LineProblem: it isn't UTF-8, or its quotes are wrong.
    """
    try:
        text = line.decode("utf-8").lstrip("\ufeff").rstrip("\r\n")
        if "\0" in text:
            raise ValueError
    except ValueError:
        how = "a spreadsheet calls it CSV UTF-8"
        if b"\0" in line:
            how = "PowerShell's `>` writes UTF-16: join files with `copy /b`"
        raise LineProblem(f"not text in UTF-8; save the file as UTF-8 ({how})") from None
    has_ctrl_z = CTRL_Z in text
    text = text.replace(CTRL_Z, "")
    if '"' not in text:
        fields = text.split(",")
    elif re.fullmatch(QUOTED_LINE, text):
        fields = next(csv.reader([text], strict=True))
    else:
        raise LineProblem('a stray quote; quotes go around a whole field: "a, b.png"')
    stripped = [field.strip().lower() for field in fields]
    if stripped == HEADER or not any(stripped):
        return []
    if has_ctrl_z:
        raise LineProblem(
            "holds a Ctrl-Z (byte 26), as `copy` writes it in Windows\n"
            "  Join the files again with `copy /b`, or remove that byte in an editor."
        )
    return fields


def numbered_lines(csv_path: str) -> Iterator[tuple[int, bytes]]:
    """The lines of a file, as (number from 1, bytes), split as by tf.data.TextLineDataset."""
    if os.path.isdir(csv_path):
        raise UserError(f"{csv_path}: a folder. Name a CSV file, such as {os.path.join(csv_path, 'info.csv')}.")
    if os.path.exists(csv_path) and not os.path.isfile(csv_path):
        raise UserError(
            f"{csv_path}: not a regular file.\n  Write the lines to a file first: it is read more than once."
        )
    try:
        with open(csv_path, "rb") as file:
            number = 0
            while line := file.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE:
                    raise UserError(
                        f"{csv_path}:{number}: a line of more than {LONGEST_LINE:,} bytes; is this a CSV of images?\n"
                        f"{TABLE_HINT}"
                    )
                yield number, line
    except FileNotFoundError:
        raise UserError(
            f"{csv_path}: no such file.\n  Draw images with dataset_creation.py and join their CSV files, "
            "`cat squares/info.csv triangles/info.csv > dataset.csv`; or name another file with --data."
        ) from None
    except OSError as error:
        raise UserError(f"{csv_path}: cannot read: {error.strerror}.") from None


def images_of(data: ImageData, part: int) -> Iterator[tuple[int, str, str, int]]:
    """The images of one part, in the file's order.

    Args:
      data: whose CSV is read.
      part: TRAINING or VALIDATION.
    Yields:
      (number of the line, from 1; name; path; label).
    Raises:
      UserError: a line is no longer what it was.
    """
    for number, line in numbered_lines(data.path):
        if data.split_of_line[number - 1 : number] == bytes([part]):
            try:
                name, path, label = fields_of(line)
                yield number, name, data.located(path), data.number_of(label)
            except (LineProblem, ValueError):
                raise UserError(
                    f"{data.path}:{number}: this line has changed since the file was checked.\n"
                    "  Leave the file as it is while it is read, and start again."
                ) from None


def locate(folder: str, path: str) -> str:
    """An image's path: a relative one goes out from `folder`."""
    return path if os.path.isabs(path) else folder + path


def check_is_no_list_of_images(path: str) -> None:
    """Checks that a file that is given as a table isn't a CSV of images; otherwise a UserError."""
    with contextlib.suppress(OSError, LineProblem), open(path, "rb") as file:  # the table's reader will report these
        first_line = file.readline(LONGEST_LINE)
        if first_line.strip() and not fields_of(first_line):
            raise UserError(
                f"{path}: a CSV of images, {','.join(HEADER)}. --labels and --label_column are only for tables of "
                "numbers: leave them out."
            )


def line_error(csv_path: str, number: int, problem: str, others: int, can_skip: bool = True) -> UserError:
    """The error for a wrong line, with a way out; others: how many more there are."""
    way_out = "  Fix the line"
    if "label" not in problem:
        way_out += " or its image (dataset_creation.py draws a deleted image again)"
    if "\n" in problem:  # it has its own way out
        way_out = "  Or skip bad lines with --skip_bad." * can_skip
    else:
        way_out += ", or skip bad lines with --skip_bad." if can_skip else "."
    if others:
        way_out = f"  Problems in other lines: {others:,}.\n{way_out}"
    return csv_error(csv_path, number, problem, way_out)


def csv_error(csv_path: str, number: int, problem: str, way_out: str) -> UserError:
    """The error for a wrong line whose way out is known."""
    sentence, newline, own_way_out = problem.partition("\n")
    return UserError(f"{csv_path}:{number}: {sentence}.{newline}{own_way_out}\n{way_out}".rstrip())
