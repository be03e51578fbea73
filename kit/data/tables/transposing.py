"""Writes the transposed copy of a table that is too large for the memory: a block of lines at a time."""

import os
import tempfile
from array import array
from collections.abc import Iterable, Sequence
from typing import BinaryIO

CELLS_PER_BLOCK = 1 << 18  # in memory at once


def write_transposed(lines: Iterable[Sequence[bytes]], width: int, path: str) -> None:
    """Writes the columns of a table as lines, cells between tabs; a cell with a tab or a quote is quoted.

    Each block of lines becomes a piece of each column, in a temporary file beside `path`; then the pieces of a column
    are joined.

    Args:
      lines: the cells of each line, `width` of them.
      width: how many columns there are.
      path: of the copy.
    Raises:
      OSError: it can't be written.
    """
    with tempfile.TemporaryFile(dir=os.path.dirname(path)) as pieces:
        ends = [array("q", [0])]  # of each block: where its pieces end, after where the first begins
        block: list[Sequence[bytes]] = []
        for cells in lines:
            block.append(cells)
            if len(block) * width >= CELLS_PER_BLOCK:
                ends.append(_write_block(block, ends[-1][-1], pieces))
                block = []
        if block:
            ends.append(_write_block(block, ends[-1][-1], pieces))
        del ends[0]
        with open(path, "wb") as file:
            for column in range(width):
                file.write(b"\t".join(_read_piece(pieces, block_ends, column) for block_ends in ends) + b"\n")


def _write_block(block: Sequence[Sequence[bytes]], begin: int, pieces: BinaryIO) -> array:
    """Writes a block's pieces of all columns; gives where they end, after where the first begins."""
    ends = array("q", [begin])
    for column in zip(*block, strict=True):
        piece = b"\t".join(column)
        if b'"' in piece or piece.count(b"\t") >= len(column):
            piece = b"\t".join(map(_quoted, column))
        ends.append(ends[-1] + pieces.write(piece))
    return ends


def _read_piece(pieces: BinaryIO, ends: array, column: int) -> bytes:
    pieces.seek(ends[column])
    return pieces.read(ends[column + 1] - ends[column])


def _quoted(cell: bytes) -> bytes:
    return b'"%b"' % cell.replace(b'"', b'""') if b'"' in cell or b"\t" in cell else cell
