"""Series matrix files of the Gene Expression Omnibus (GEO): lines on the series and its samples, then a table.

!Series_title               "..."
!Sample_title               "patient 1"     "patient 2"
!Sample_characteristics_ch1 "tissue: blood" "tissue: bone"
!series_matrix_table_begin
"ID_REF"                    "GSM1"          "GSM2"
"1007_s_at"                 5.1             7.0
!series_matrix_table_end

https://www.ncbi.nlm.nih.gov/geo/info/soft.html
"""

from itertools import islice, repeat

from kit.cli.console import counted, listed
from kit.cli.errors import UserError
from kit.data.tables.delimited import (
    LineProblem,
    cells_of,
    check_text,
    checked_cells,
    is_blank,
    line_error,
    numbered_lines,
)
from kit.data.tables.genes_in_rows import GenesInRows, Lines

STARTS = (b"!series_", b"!sample_")  # of the first line
SAMPLE = b"!Sample_"
CHARACTERISTICS = "characteristics_ch"  # the samples' own facts: "tissue: blood"
BEGIN, END = b"!series_matrix_table_begin", b"!series_matrix_table_end"
NAMES_SHOWN = 8


def series_matrix_in(path: str, compression: str, flag: str) -> GenesInRows | None:
    """The table of a series matrix file; None if the file isn't one.

    What is known of the samples, and differs between them, follows the genes as annotations: a line per fact.

    Args:
      path: the file.
      compression: as kit.data.tables.delimited.compression_of gives it.
      flag: the flag that named the file.
    Raises:
      UserError: it is cut off, or has no table.
    """
    lines = numbered_lines(path, compression, flag)
    first = next((line for _, line in islice(lines, 100) if not is_blank(line)), b"")
    if not first.lower().startswith(STARTS):
        return None
    start, samples, facts = _above_table(path, compression, flag)
    annotations = [(number, [name.encode(), *words]) for name, (number, words) in facts.items() if len({*words}) > 1]
    names = listed([f"'{cells[0].decode()}'" for _, cells in annotations], NAMES_SHOWN)
    return GenesInRows(
        path=path,
        flag=flag,
        kind="series matrix",
        width=1 + len(samples),
        num_skipped=0,
        has_samples=True,
        header="yes",
        num_annotations=len(annotations),
        more=(f"said of the samples: {names}",) if annotations else (),
        lines=lambda: _lines(path, compression, flag, start, len(samples), annotations),
    )


Facts = dict[str, tuple[int, list[bytes]]]  # {name: (line number, a word for each sample)}


def _above_table(path: str, compression: str, flag: str) -> tuple[int, list[bytes], Facts]:
    """(the number of the line with the samples' names, these names, what is known of the samples)."""
    number, told, begin = 0, [], 0
    for number, line in numbered_lines(path, compression, flag):
        if begin and not is_blank(line):
            samples = checked_cells(path, number, line, "\t")[1:]
            while samples and not samples[-1].strip():
                del samples[-1]
            facts: Facts = {}
            for line_number, name, words in told:
                if len(words) >= len(samples):
                    _add(facts, line_number, name, words[: len(samples)])
            return number, samples, facts
        if line.lower().startswith(BEGIN):
            begin = number
        elif line.startswith(SAMPLE):
            try:
                check_text(line)
                name, *words = cells_of(line, "\t")
            except LineProblem:
                continue  # a stray quote in a description; the line isn't needed
            told.append((number, name[len(SAMPLE) :].decode(), [word.strip() for word in words]))
    raise line_error(
        path, number, f"the file ends, but has no table: no line {BEGIN.decode()} with samples below it", _AGAIN
    )


def _add(facts: Facts, number: int, name: str, words: list[bytes]) -> None:
    """Adds what a line says of each sample; of "tissue: blood", the fact is called tissue."""
    pairs = zip(repeat(name), words)
    if name.startswith(CHARACTERISTICS):
        parts = (word.decode().partition(":") for word in words)
        pairs = (
            (fact.strip() if colon else name, (rest if colon else fact).strip().encode()) for fact, colon, rest in parts
        )
    for place, (fact, word) in enumerate(pairs):
        if not word:
            continue
        free = (
            other for other in (fact, *(f"{fact} {i}" for i in range(2, 1000))) if not _is_taken(facts, other, place)
        )
        values = facts.setdefault(next(free), (number, [b""] * len(words)))[1]
        values[place] = word


def _is_taken(facts: Facts, name: str, place: int) -> bool:
    return name in facts and facts[name][1][place] != b""


_AGAIN = "Is the file whole? Download it again."


def _lines(
    path: str, compression: str, flag: str, start: int, num_samples: int, annotations: list[tuple[int, list[bytes]]]
) -> Lines:
    """The lines of the table, from line `start` on: the samples' names, the genes, the annotations."""
    number, num_genes = start, 0
    for number, line in islice(numbered_lines(path, compression, flag), start - 1, None):
        if line.lower().startswith(END):
            break
        if is_blank(line):
            continue
        cells = checked_cells(path, number, line, "\t")
        if len(cells) <= num_samples or any(cell.strip() for cell in cells[num_samples + 1 :]):
            what = f"{counted(len(cells), 'cells')}, expected {num_samples + 1:,} between tabs, as in line {start}"
            raise line_error(path, number, what, _AGAIN)
        cells = cells[: num_samples + 1]
        if number == start:
            cells[0] = b""
        num_genes += number > start
        yield number, cells
    else:
        raise line_error(path, number, f"the table ends without {END.decode()}", _AGAIN)
    if not num_genes:
        raise UserError(
            f"{path}:{start}: a table without rows: GEO has the numbers of this series in other files.\n"
            "  Take them from the page of the series, Supplementary file; --transpose if genes are in rows."
        )
    yield from annotations
