"""The transposed copy: the same cells as NumPy's, in blocks that needn't fit the memory."""

import errno
import os
import tracemalloc

import numpy as np
import pytest

from kit.cli.errors import UserError
from kit.data.tables import transposing
from kit.data.tables.copies import write_copy
from kit.data.tables.delimited import cells_of


@pytest.mark.parametrize("cells_per_block", [1, 7, 30, 1000])
def test_as_numpy(tmp_path, monkeypatch, cells_per_block):
    monkeypatch.setattr(transposing, "CELLS_PER_BLOCK", cells_per_block)
    cells = np.random.default_rng(0).integers(0, 1000, [13, 5]).astype(bytes)
    cells[3, 2], cells[8, 0], cells[12, 4], cells[0, 1] = b'a "b"', b"c\td", b"", b'"'
    transposing.write_transposed(cells.tolist(), 5, str(tmp_path / "copy"))
    lines = (tmp_path / "copy").read_bytes().splitlines()
    assert [cells_of(line, "\t") for line in lines] == cells.T.tolist()


def test_memory_is_that_of_a_block(tmp_path):
    def lines():
        for number in range(20_000):
            yield [b"%d.%04d" % (number % 97, number)] * 200

    tracemalloc.start()
    try:
        transposing.write_transposed(lines(), 200, str(tmp_path / "copy"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "copy").stat().st_size > 25_000_000
    assert peak < 25_000_000


def test_a_full_disk_is_told():
    def write(path):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(UserError, match=r"genes\.gct: its copy .* can't be written .*: No space left.*\n.*TMPDIR"):
        write_copy("genes.gct", write)
