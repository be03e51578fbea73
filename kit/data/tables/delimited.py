"""A delimited text file: its lines, as TensorFlow counts them, and the cells of a line."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from kit.cli.errors import UserError
from kit.data.failed_downloads import HEAD, failed_download
from kit.data.tables.gzipped import GZIP_MARK, open_gzip

RECORDS = "TFRecord"  # in place of a compression: the lines are in a folder of TFRecord files
DELIMITERS = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "vertical bars", " ": "spaces"}
LONGEST_LINE = 1 << 26  # bytes
BLANK = b" \t,;|\x1a"  # the characters of a line without values; the last, Ctrl-Z, ended a file in DOS
UTF8_MARK = b"\xef\xbb\xbf"
QUOTED = re.compile(rb'"[^"]*(?:""[^"]*)*"')
CONTROLS = {  # characters that plain text never has within a line
    b"\0": "zero bytes, as in UTF-16; save the file as UTF-8",
    b"\x1a": "a Ctrl-Z, with which DOS ended its files; delete the character",
    b"\r": "a carriage return within the line; save the file with Unix or Windows line ends",
    **dict.fromkeys(
        (b"\x1c", b"\x1d", b"\x1e", b"\x1f"), "a control character in the line; save the file as plain text"
    ),
}
MARK_WITHIN = "a byte order mark within the file, as when files are joined; delete the character"
OTHER_FORMATS = {  # by the first bytes
    b"PK\x03\x04": "a zip file or an Excel workbook; save the table as text, tab-separated or CSV",
    b"\xd0\xcf\x11\xe0": "an Excel workbook; save the table as text, tab-separated or CSV",
    b"BZh": "compressed with bzip2; decompress it, or use gzip",
    b"\xfd7zXZ": "compressed with xz; decompress it, or use gzip",
    b"\x89HDF": "an HDF5 file; save the table as text, tab-separated or CSV",
    b"\x93NUMPY": "a NumPy array; save it as text: numpy.savetxt",
    b"\xff\xfe": "text in UTF-16; save it as UTF-8",
    b"\xfe\xff": "text in UTF-16; save it as UTF-8",
}


class LineProblem(Exception):
    """What is wrong with one line; whoever knows the file and the line's number turns it into a UserError.

    Args:
      problem: what is wrong.
      encoding: in which Python could read the file, if that may help.
    """

    def __init__(self, problem: str, encoding: str = ""):
        super().__init__(problem)
        self._encoding = encoding

    def in_file(self, path: str, number: int) -> UserError:
        """The UserError; for a file that isn't compressed, with the command that converts it, if there is one."""
        is_convertible = self._encoding and compression_of(path, "--data") == ""
        ways_out = [_conversion(path, self._encoding)] if is_convertible else []
        return line_error(path, number, str(self), *ways_out)


def compression_of(path: str, flag: str) -> str:
    """How a file is compressed, told from its first bytes.

    Args:
      path: the file.
      flag: the flag that named it, for errors.
    Returns:
      "" or "GZIP", as tf.data.TextLineDataset calls it; or RECORDS.
    Raises:
      UserError: the file can't be read, or isn't text.
    """
    if os.path.isdir(path):
        from kit.data.tfrecord.folder import is_of_table  # here, like others: `--help` needs none

        if flag == "--data" and is_of_table(path):
            return RECORDS
        raise UserError(f"{path}: a folder. {flag} expects a file.")
    if os.path.exists(path) and not os.path.isfile(path):
        raise UserError(f"{path}: not a regular file.\n  Save the table to a file first: it is read more than once.")
    with _readable(path, flag), open(path, "rb") as file:
        start = file.read(HEAD)
    if found := failed_download(start):
        what, way_out = found
        raise UserError(f"{path}: this is {what}, expected a table.\n  {way_out}")
    for mark, what in OTHER_FORMATS.items():
        if start.startswith(mark):
            command = f"\n  {_conversion(path, 'utf-16')}" if "UTF-16" in what else ""
            raise UserError(f"{path}: {what}.{command}")
    return "GZIP" if start.startswith(GZIP_MARK) else ""


def numbered_lines(path: str, compression: str, flag: str) -> Iterator[tuple[int, bytes]]:
    """The lines of a file: an iterator of (number from 1, line without its line end; UTF-8 mark removed).

    Lines are counted as tf.data.TextLineDataset does: each ends in \\n or \\r\\n.
    """
    if compression == RECORDS:
        from kit.data.tfrecord.table_lines import lines_of

        yield from lines_of(path)
        return
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


def is_blank(line: bytes) -> bool:
    """Whether a line has no values: b"", or only delimiters, as a spreadsheet writes an empty row."""
    return not line.strip(BLANK)


def check_text(line: bytes) -> None:
    """Checks that a line is text.

    Raises:
      LineProblem: it isn't UTF-8, or has a control character, such as the line end of an old Macintosh.
    """
    if not line.isascii():
        try:
            line.decode("utf-8")
        except ValueError:
            raise LineProblem("not text in UTF-8; save the file as UTF-8", "latin-1") from None
        if UTF8_MARK in line:
            raise LineProblem(MARK_WITHIN)
    for control, what in CONTROLS.items():
        if control in line:
            raise LineProblem(what, "utf-8" if control == b"\r" else "")


def has_control(line: bytes) -> bool:
    """Whether a line holds a character that plain text never has."""
    for control in CONTROLS:  # noqa: SIM110 (any() of a generator is slower)
        if control in line:
            return True
    return False


def split_line(line: bytes, delimiter: str) -> list[bytes]:
    """The parts between delimiters. Spaces, and tabs among them, count as one delimiter, and not at the ends."""
    return line.split() if delimiter == " " else line.split(delimiter.encode())


def cells_of(line: bytes, delimiter: str) -> list[bytes]:
    """The cells of a line; quotes around a cell are removed.

    Args:
      line: as it stands in the file.
      delimiter: one of DELIMITERS.
    Raises:
      LineProblem: quotes don't enclose whole cells.
    """
    if b'"' not in line:
        return split_line(line, delimiter)
    if line.count(b'"') % 2:
        raise LineProblem(
            "a quote isn't closed; cells with a line break can't be read, and a quote within a cell is written "
            'twice: "5"" long"'
        )
    quoted = iter(QUOTED.findall(line))
    cells = split_line(QUOTED.sub(b'"', line), delimiter)  # one quote now stands for each quoted part
    for i, cell in enumerate(cells):
        if b'"' in cell:
            if cell.strip(b" ") != b'"':
                raise LineProblem(f'a stray quote; quotes enclose a whole cell: "a{delimiter} b"')
            cells[i] = _unquoted(next(quoted))
    return cells


def checked_cells(path: str, number: int, line: bytes, delimiter: str) -> list[bytes]:
    """The cells of a line of a file, by its number from 1; a UserError if it isn't text or its quotes are wrong."""
    try:
        check_text(line)
        return cells_of(line, delimiter)
    except LineProblem as problem:
        raise problem.in_file(path, number) from None


def _unquoted(text: bytes) -> bytes:
    text = text[1:-1]
    if text.strip() != text.strip(b" "):
        raise LineProblem("a tab or similar at the start or end of a quoted cell")
    return text.replace(b'""', b'"')


@contextmanager
def _readable(path: str, flag: str) -> Iterator[None]:
    """Turns an OSError into a UserError."""
    try:
        yield
    except FileNotFoundError:
        raise UserError(f"{path}: no such file.\n  Give {flag} a path relative to the current folder.") from None
    except OSError as error:
        raise UserError(f"{path}: cannot read: {error.strerror}.") from None


def _conversion(path: str, encoding: str) -> str:
    """A command that writes a file again, as UTF-8 and with this system's line ends."""
    new = os.path.join(os.path.dirname(path), f"utf8_{os.path.basename(path)}")
    command = f"open({new!r}, 'w', encoding='utf-8').write(open({path!r}, encoding='{encoding}').read())"
    return f'If it is in {encoding.upper()}, this writes {new}: python -c "{command}"'


def line_error(path: str, number: int, problem: str, *ways_out: str) -> UserError:
    """The UserError for a line of a file: the problem, then the ways out, each on a line."""
    return error_at(f"{path}:{number}", problem, *ways_out)


def error_at(place: str, problem: str, *ways_out: str) -> UserError:
    """The same for a place in a file: of a line, a cell, a column."""
    return UserError("\n  ".join([f"{place}: {problem}.", *ways_out]))
