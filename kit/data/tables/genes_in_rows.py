"""A table with genes in rows and samples in columns: what of its file is transposed, whatever wrote it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kit.data.tables.layouts import Layout, layout_of
from kit.data.tables.row_names import is_id

GENES = re.compile(r"(?i).*(gene|probe|feature|transcript|protein|symbol|ensembl|entrez|target)s?([\W_].*)?")

Lines = Iterator[tuple[int, list[bytes]]]  # (number in the file from 1, cells)


@dataclass(frozen=True)
class GenesInRows:
    """Such a table. A cell's place in a line of `lines` is the number of a line in the transposed table."""

    path: str  # the file
    flag: str  # the flag that named it
    kind: str  # its format in words; "" for a table like others
    width: int  # cells of a line
    num_skipped: int  # cells of each line of the file that are left out, after the first
    has_samples: bool  # the first line names the samples
    header: str  # whether the first cells name the genes: "yes", "no" or "auto", as in kit.data.tables.headers
    num_annotations: int  # lines at the end that hold no gene, but words for the samples
    more: tuple[str, ...]  # what else is told of the file
    lines: Callable[[], Lines]  # reads the file: the samples' names, the genes, the annotations

    def column_of(self, place: int) -> int:
        """The number of a column in the file, from 1, whose cells are at a place in `lines`, from 0."""
        return place + 1 + (self.num_skipped if place else 0)


def genes_in_rows(path: str, flag: str, header: str, decimal: str) -> GenesInRows:
    """A table that the user says is to be transposed.

    Args:
      path: the file.
      flag: the flag that named it.
      header: "yes": it names samples and genes, in its first line and column; "no": it names neither; or "auto".
      decimal: "point" or "comma", the decimal sign where the file leaves it open; or "auto".
    Raises:
      UserError: as kit.data.tables.layouts.layout_of.
    """
    layout = layout_of(path, header, flag, decimal)
    is_named = header == "auto" and layout.names is not None and _names_genes(layout)
    header = "yes" if is_named else header
    return GenesInRows(
        path=path,
        flag=flag,
        kind="",
        width=layout.num_fields,
        num_skipped=0,
        has_samples=layout.names is not None,
        header=header,
        num_annotations=0,
        more=(),
        lines=lambda: _lines(layout, names_genes=header == "yes"),
    )


def _names_genes(layout: Layout) -> bool:
    """Whether the first column names the genes, told from its own name: none, or one of GENES or for an id."""
    name = layout.name_of(0)
    return layout.has_row_names or is_id(name) or GENES.fullmatch(name) is not None


def _lines(layout: Layout, names_genes: bool) -> Lines:
    if layout.names is not None:
        names = [name.encode() for name in layout.names]
        yield layout.header_line, [b"", *names[1:]] if layout.has_row_names else names
    for number, line in layout.rows():
        cells = layout.texts(number, line)
        numbers = [*map(layout.as_number, cells)]
        yield number, [cells[0], *numbers[1:]] if names_genes else numbers
