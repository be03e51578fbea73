"""A delimited text file: its lines, as TensorFlow counts them, and the cells of a line."""

import os
import re
from contextlib import contextmanager

from kit.cli.errors import UserError
from kit.data.tables.gzipped import GZIP_MARK, open_gzip

DELIMITERS = {"\t": "tabs", ",": "commas", ";": "semicolons"}
LONGEST_LINE = 1 << 26  # bytes
BLANK = b" \t,;"  # what a line without any value is made of
UTF8_MARK = b"\xef\xbb\xbf"
QUOTED = re.compile(rb'"[^"]*(?:""[^"]*)*"')
CONTROLS = {  # which no text holds within a line
    b"\0": "bytes that are 0, as in UTF-16; save the file as UTF-8",
    b"\r": "a carriage return within the line; save the file with line ends of Unix or Windows",
    **dict.fromkeys(
        (b"\x1c", b"\x1d", b"\x1e", b"\x1f"), "a control character in the line; save the file as plain text"
    ),
}
OTHER_FORMATS = {  # by the first bytes
    b"PK\x03\x04": "a zip file or an Excel workbook; save the table as text, tab-separated or CSV",
    b"\xd0\xcf\x11\xe0": "an Excel workbook; save the table as text, tab-separated or CSV",
    b"BZh": "packed by bzip2; unpack it, or pack it by gzip",
    b"\xfd7zXZ": "packed by xz; unpack it, or pack it by gzip",
    b"\x89HDF": "an HDF5 file; save the table as text, tab-separated or CSV",
    b"\xff\xfe": "text in UTF-16; save it as UTF-8",
    b"\xfe\xff": "text in UTF-16; save it as UTF-8",
}


class LineProblem(Exception):
    """What is wrong with one line."""


def compression_of(path, flag):
    """How a file is packed, by its content.

    Args:
      path: the file.
      flag: the flag that named it, for errors.
    Returns:
      "" or "GZIP", as tf.data.TextLineDataset calls it.
    Raises:
      UserError: it can't be read, or is no text.
    """
    if os.path.isdir(path):
        raise UserError(f"{path}: a folder. Name the file of a table with {flag}.")
    if os.path.exists(path) and not os.path.isfile(path):
        raise UserError(f"{path}: not a plain file.\n  Write the table to a file first: it is read more than once.")
    with _readable(path, flag), open(path, "rb") as file:
        start = file.read(8)
    for mark, what in OTHER_FORMATS.items():
        if start.startswith(mark):
            raise UserError(f"{path}: {what}.")
    return "GZIP" if start.startswith(GZIP_MARK) else ""


def numbered_lines(path, compression, flag):
    """The lines of a file as bytes, without their ends and a UTF-8 mark: an iterator of (number from 1, line).

    They are numbered as tf.data.TextLineDataset gives them: a line ends in \\n or \\r\\n.
    """
    with _readable(path, flag), open(path, "rb", buffering=1 << 20) as packed:
        file = open_gzip(path, packed) if compression else packed
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE:
                raise UserError(f"{path}:{number}: a line of more than {LONGEST_LINE:,} bytes; is this a table?")
            if number == 1 and line.startswith(UTF8_MARK):
                line = line[len(UTF8_MARK) :]
            yield number, line.rstrip(b"\r\n")


def is_blank(line):
    """Whether a line holds no value at all: b"", or delimiters alone, as a spreadsheet writes an empty row."""
    return not line.strip(BLANK)


def check_text(line):
    """Checks that a line is text.

    Raises:
      LineProblem: it isn't UTF-8, or its end is an old Macintosh's.
    """
    try:
        line.decode("utf-8")
    except ValueError:
        raise LineProblem("not text in UTF-8; save the file as UTF-8") from None
    for control, what in CONTROLS.items():
        if control in line:
            raise LineProblem(what)


def has_control(line):
    """Whether a line holds a character that no text does."""
    return any(control in line for control in CONTROLS)


def cells_of(line, delimiter):
    """The cells of a line: bytes -> a list of bytes, those in quotes without them.

    Raises:
      LineProblem: quotes don't stand around whole cells.
    """
    if b'"' not in line:
        return line.split(delimiter.encode())
    if line.count(b'"') % 2:
        raise LineProblem(
            "a quote is opened and not closed; a cell with a line end in it can't be read, nor a quote alone: "
            'write it twice, in quotes: "5"" long"'
        )
    quoted = iter(QUOTED.findall(line))
    cells = QUOTED.sub(b'"', line).split(delimiter.encode())  # a quote now stands for each part in quotes
    for i, cell in enumerate(cells):
        if b'"' in cell:
            if cell.strip(b" ") != b'"':
                raise LineProblem(f'a stray quote; quotes stand around a whole cell: "a{delimiter} b"')
            cells[i] = _unquoted(next(quoted))
    return cells


def _unquoted(text):
    text = text[1:-1]
    if text.strip() != text.strip(b" "):
        raise LineProblem("a tab, or the like, at the end of a cell in quotes")
    return text.replace(b'""', b'"')


@contextmanager
def _readable(path, flag):
    try:
        yield
    except FileNotFoundError:
        raise UserError(
            f"{path}: no such file.\n  Paths are relative to the current folder; {flag} names it."
        ) from None
    except OSError as error:
        raise UserError(f"{path}: cannot read: {error.strerror}.") from None
