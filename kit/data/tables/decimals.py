"""Decimal points or decimal commas: which of the two a file's numbers have. The other sign may group thousands."""

import re
from collections.abc import Iterable

from kit.data.tables.cells import text_of

OTHER_SIGN = {".": ",", ",": "."}
SIGN_OF_FLAG = {"auto": "", "point": ".", "comma": ","}
POINT_AMONG_COMMAS = b" (a decimal point)"
WAYS_OUT = ("If the {0}s are decimal signs: --decimal {0}", "If they only group thousands: --decimal {1}")
_WORDS = {".": "point", ",": "comma"}


def _patterns(pattern: bytes) -> dict[str, re.Pattern[bytes]]:
    """{sign: the pattern, with the sign for S and the other one for O}."""
    return {
        sign: re.compile(b" *[-+]?" + pattern.replace(b"S", sign.encode()).replace(b"O", other.encode()) + b" *")
        for sign, other in OTHER_SIGN.items()
    }


_DECIMAL = _patterns(rb"[0-9]*[S][0-9]+(?:[eE][-+]?[0-9]+)?")  # 1,5
_GROUPED = _patterns(rb"[1-9][0-9]{0,2}(?:[S][0-9]{3}){1,4}(?:[O][0-9]*)?")  # 1,351 or 1,351,200.5
_OPEN = _patterns(rb"[1-9][0-9]{0,2}[S][0-9]{3}")  # 1,351: either
_WHOLE = re.compile(rb" *[-+]?[0-9]+ *")


class Doubt(Exception):
    """A file's numbers can be read in two ways; `number` is a line that shows it."""

    def __init__(self, number: int, problem: str, *ways_out: str):
        self.number, self.problem, self.ways_out = number, problem, ways_out


def with_point(cell: bytes, decimal: str) -> bytes:
    """A cell, with a decimal point and no signs between thousands if it is a number.

    Args:
      cell: without quotes.
      decimal: a file's, as decimal_of returns it.
    Returns:
      The cell; with POINT_AMONG_COMMAS if it has a decimal point and the file has decimal commas: no number there.
    """
    if decimal == "." and b"," in cell and _GROUPED[","].fullmatch(cell):
        return cell.replace(b",", b"")
    if decimal == ",":
        if _DECIMAL[","].fullmatch(cell) or _GROUPED["."].fullmatch(cell):
            return cell.replace(b".", b"").replace(b",", b".")
        if b"." in cell and _DECIMAL["."].fullmatch(cell):
            return cell + POINT_AMONG_COMMAS
    return cell


def decimal_of(rows: Iterable[tuple[int, list[bytes]]], delimiter: str, wanted: str, has_commas: bool) -> str:
    """How a file's numbers are written, told from some of its rows.

    Args:
      rows: (line number, cells without quotes) of each.
      delimiter: between the cells.
      wanted: "auto", "point" or "comma": the sign where the file leaves it open.
      has_commas: whether any cell has a comma.
    Returns:
      "": with decimal points, as Python writes them. ".": the same, and commas may group thousands. ",": with decimal
      commas, and points may group thousands.
    Raises:
      Doubt: both readings are possible, and `wanted` is "auto".
    """
    found = _Signs()
    for number, field, cell in ((number, field, cell) for number, cells in rows for field, cell in enumerate(cells)):
        found.look_at(number, field, cell)
        if not has_commas and found.sure["."]:
            break
    sign = SIGN_OF_FLAG[wanted]
    if found.sure["."] and found.sure[","]:
        if not sign:
            raise found.mixture()
    elif found.sure["."] or found.sure[","]:
        sign = "," if found.sure[","] else "."
        return "" if sign == "." and wanted != "point" and not found.groups_by_comma else sign
    elif not sign:
        found.check_thousands(delimiter)
    return sign


class _Signs:
    """The commas and points in some cells."""

    def __init__(self):
        self.sure: dict[str, tuple[int, bytes] | None] = {".": None, ",": None}  # sign: a number that shows it
        self.groups_by_comma = False
        self._open: dict[str, dict[int, tuple[int, bytes]]] = {".": {}, ",": {}}  # sign: {field: a number}
        self._wholes: dict[int, bytes] = {}  # field: the longest whole number
        self._last_field = 0

    def look_at(self, number: int, field: int, cell: bytes) -> None:
        self._last_field = max(self._last_field, field)
        if b"." not in cell and b"," not in cell:
            if len(cell) > len(self._wholes.get(field, b"")) and _WHOLE.fullmatch(cell):
                self._wholes[field] = cell.strip(b" +-")
            return
        for sign, other in OTHER_SIGN.items():
            if sign.encode() not in cell:
                continue
            if _OPEN[sign].fullmatch(cell):
                self._open[sign].setdefault(field, (number, cell))
                self.groups_by_comma |= sign == ","
            elif _GROUPED[sign].fullmatch(cell):
                self.sure[other] = self.sure[other] or (number, cell)
                self.groups_by_comma |= sign == ","
            elif _DECIMAL[sign].fullmatch(cell):
                self.sure[sign] = self.sure[sign] or (number, cell)

    def mixture(self) -> Doubt:
        assert self.sure["."] and self.sure[","]
        (other, point), (number, comma) = self.sure["."], self.sure[","]
        return Doubt(
            number,
            f"{text_of(comma)} has a decimal comma, but {text_of(point)} in line {other} a decimal point",
            "Write all numbers with the same sign. If one of these columns is left out, name the other's sign: "
            "--decimal comma or --decimal point",
        )

    def check_thousands(self, delimiter: str) -> None:
        """Raises Doubt for 1,351; and 1.351, between semicolons or in a column with 887 or the like."""
        for sign in (",", "."):
            for field, (number, cell) in self._open[sign].items():
                beside = self._wholes.get(field, b"").decode()
                has_small = 0 < len(beside) <= 3 and (not self._last_field or delimiter not in ", ")
                if sign == "," or has_small or delimiter == ";":
                    whole = cell.strip().replace(sign.encode(), b"").decode()
                    beside = f"; the same column has {beside}" if has_small and sign == "." else ""
                    raise Doubt(
                        number,
                        f"{text_of(cell)} may be {cell.strip().replace(b',', b'.').decode()} or {whole}{beside}",
                        *(way.format(_WORDS[sign], _WORDS[OTHER_SIGN[sign]]) for way in WAYS_OUT),
                    )
