"""FASTA files: records of a line >NAME and what else is said, and the lines of the sequence below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kit.cli.errors import UserError
from kit.data.sequences.alphabets import NO_LETTER
from kit.data.tables.cells import text_of
from kit.data.tables.delimited import RECORDS, LineProblem, check_text, compression_of, line_error, numbered_lines

SUFFIXES = re.compile(r"(?i).*\.(fa|fas|fasta|fna|ffn|faa|frn|mpfa)(\.gz|\.bgz)?")
LONGEST = 100_000  # letters
_FACT = re.compile(r"(?:^|(?<=[\s|;]))(\w+)=\s*(.*?)(?=[|;]|\s+\w+=|\s*$)")


@dataclass(frozen=True)
class Record:
    """A sequence of a FASTA file."""

    line: int  # of its name, from 1
    name: str  # the first word
    facts: dict[str, str]  # what else the line says as key=value
    sequence: bytes


def is_fasta(path: str) -> bool:
    """Whether a file is a FASTA file, by its name."""
    return SUFFIXES.fullmatch(path) is not None


def records_of(path: str, flag: str) -> Iterator[Record]:
    """The records of a file, in order.

    Args:
      path: the file, plain or gzip.
      flag: the flag that named it.
    Raises:
      UserError: it can't be read, has no records, or a record is wrong.
    """
    compression = compression_of(path, flag)
    if compression == RECORDS:
        raise UserError(f"{path}: a folder. {flag} expects a file.")
    header, parts, length = None, [], 0
    for number, line in numbered_lines(path, compression, flag):
        line = line.strip()
        if not line or line.startswith(b";"):
            continue
        if line.startswith(b">"):
            if header:
                yield _record(path, *header, parts)
            header, parts, length = (number, line), [], 0
            continue
        if header is None:
            problem = f"{text_of(line)}, expected a line >NAME above a sequence"
            raise line_error(path, number, problem, "A FASTA file has such a line for each of its sequences.")
        wrong = NO_LETTER.search(line)
        if wrong:
            raise line_error(path, number, f"{text_of(wrong[0])} within a sequence, expected letters", "Fix the line.")
        parts.append(line)
        length += len(line)
        if length > LONGEST:
            problem = f"a sequence of more than {LONGEST:,} letters"
            raise line_error(path, header[0], problem, "Cut it into pieces of which each has a label.")
    if header is None:
        raise UserError(f"{path}: no sequences. {flag} expects a FASTA file: lines >NAME, each above a sequence.")
    yield _record(path, *header, parts)


def _record(path: str, number: int, line: bytes, parts: list[bytes]) -> Record:
    try:
        check_text(line)
    except LineProblem as problem:
        raise problem.in_file(path, number) from None
    text = line[1:].decode().strip()
    if not text:
        raise line_error(path, number, "a sequence without a name", "Write one behind the >.")
    if not parts:
        raise line_error(path, number, f"no sequence below {text_of(line)}", "Add it, or remove the line.")
    facts = {key: value.strip().strip('"') for key, value in _FACT.findall(text)}
    return Record(number, text.split()[0], facts, b"".join(parts))
