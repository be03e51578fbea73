"""GCT files, of GenePattern and others: genes in rows, samples in columns, and how many there are of both.

    #1.2                                  #1.3
    genes    samples                      genes  samples  columns  rows       columns that describe the genes, and
    Name     Description  s1   s2         id     columns  s1   s2             rows that describe the samples, such as
    BRCA1    a gene       5.1  7.0        kind   na       ALL  AML            this one
                                          BRCA1  a gene   5.1  7.0

https://software.broadinstitute.org/cancer/software/gsea/wiki/index.php/Data_formats
https://clue.io/connectopedia/gct_format
"""

import re
from dataclasses import dataclass
from itertools import islice

from kit.cli.console import counted
from kit.data.tables.delimited import checked_cells, is_blank, line_error, numbered_lines
from kit.data.tables.genes_in_rows import GenesInRows, Lines

NUMBERS_OF = {b"#1.2": 2, b"#1.3": 4}  # how many numbers the second line has
_NUMBER = re.compile(rb"[0-9]{1,9}")


@dataclass(frozen=True)
class _Sizes:
    version: str
    genes: int
    samples: int
    gene_columns: int  # between the genes' names and the first sample
    sample_rows: int  # between the samples' names and the first gene


def gct_in(path: str, compression: str, flag: str) -> GenesInRows | None:
    """The table of a GCT file; None if the file isn't one.

    Args:
      path: the file.
      compression: as kit.data.tables.delimited.compression_of gives it.
      flag: the flag that named the file.
    """
    sizes = _sizes(path, compression, flag)
    if not sizes:
        return None
    return GenesInRows(
        path=path,
        flag=flag,
        kind=f"GCT {sizes.version}",
        width=1 + sizes.samples,
        num_skipped=sizes.gene_columns,
        has_samples=True,
        header="yes",
        num_annotations=sizes.sample_rows,
        more=(f"{counted(sizes.gene_columns, 'columns')} of descriptions left out",) if sizes.gene_columns else (),
        lines=lambda: _lines(path, compression, flag, sizes),
    )


def _sizes(path: str, compression: str, flag: str) -> _Sizes | None:
    first = [line.rstrip(b"\t ") for _, line in islice(numbered_lines(path, compression, flag), 2)]
    numbers = first[1].split() if len(first) == 2 else []
    if not numbers or len(numbers) != NUMBERS_OF.get(first[0]) or not all(map(_NUMBER.fullmatch, numbers)):
        return None
    genes, samples, columns, rows = [*map(int, numbers), 1, 0][:4]
    return _Sizes(first[0].decode()[1:], genes, samples, columns, rows)


def _lines(path: str, compression: str, flag: str, sizes: _Sizes) -> Lines:
    annotations, num_lines, start = [], 0, 1 + sizes.gene_columns
    for number, line in islice(numbered_lines(path, compression, flag), 2, None):
        if is_blank(line):
            continue
        cells = checked_cells(path, number, line, "\t")
        expected = start + sizes.samples
        if len(cells) < expected or any(cell.strip() for cell in cells[expected:]):
            what = f"{counted(len(cells), 'cells')}, expected {expected:,} between tabs: {start:,} and one for each of "
            raise line_error(path, number, f"{what}the {counted(sizes.samples, 'samples')} of line 2", "Fix the line.")
        num_lines += 1
        cells = [cells[0].strip(), *cells[start:expected]]
        if num_lines == 1:
            cells[0] = b""
        if 1 < num_lines <= 1 + sizes.sample_rows:
            annotations.append((number, cells))
        else:
            yield number, cells
    found = max(0, num_lines - 1 - sizes.sample_rows)
    if found != sizes.genes:
        problem = f"{sizes.genes:,} genes, but there are {found:,} below"
        raise line_error(path, 2, problem, "Is the file whole? Copy or download it again, or correct the number.")
    yield from annotations
