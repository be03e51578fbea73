"""What was found out about a network beside its scores: files for the evaluation's folder, and what is said of them."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterable, Sequence

from kit.cli import console


@dataclasses.dataclass
class Findings:
    """Files, a part of report.json, and what is printed."""

    files: dict[str, bytes] = dataclasses.field(default_factory=dict)  # {name: content}
    report: dict = dataclasses.field(default_factory=dict)
    _told: list[tuple] = dataclasses.field(default_factory=list)

    def tell(self, line: str, columns: Sequence[str] = (), rows: Sequence[Sequence] = ()) -> None:
        """Keeps a line, and a table below it if it has columns, to be printed after the scores."""
        self._told.append((line, columns, rows))

    def add(self, other: Findings) -> None:
        """Takes over all of another."""
        self.files |= other.files
        self.report |= other.report
        self._told += other._told

    def say(self) -> None:
        """Prints what was kept."""
        for line, columns, rows in self._told:
            console.say(line)
            if columns:
                console.say_table(columns, rows)


def tabular(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table with tabs, as UTF-8; floats have six significant digits."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(header)
    writer.writerows([f"{cell:.6g}" if isinstance(cell, float) else cell for cell in row] for row in rows)
    return text.getvalue().encode()
