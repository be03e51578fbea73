"""A file of spans of time that ui.perfetto.dev and chrome://tracing draw in rows.

Its format is the Trace Event Format, https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.system.files import write_text


@dataclass(frozen=True)
class Span:
    """Something that took time."""

    name: str
    began: float  # seconds, on a clock that all spans of a trace share
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.began


def write_trace(path: str | Path, groups: Mapping[str, Sequence[Sequence[Span]]]) -> None:
    """Writes a trace.

    Args:
      path: of the .json file.
      groups: {name: rows}, each row a list of Span. In a row, spans may contain others, as calls do, but not overlap
        otherwise: see `side_by_side`.
    Raises:
      UserError: the file can't be written.
    """
    start = min(span.began for rows in groups.values() for row in rows for span in row)
    names, spans = [], []
    for process, (name, rows) in enumerate(groups.items(), 1):
        names.append({"ph": "M", "name": "process_name", "pid": process, "args": {"name": name}})
        for thread, row in enumerate(rows, 1):
            spans += [{**_complete_event(span, start), "pid": process, "tid": thread} for span in row]
    spans.sort(key=lambda event: (event["ts"], -event["dur"]))  # a span comes before those that it contains
    events = ",\n".join(json.dumps(event) for event in names + spans)
    write_text(path, f'{{"displayTimeUnit": "ms", "traceEvents": [\n{events}\n]}}\n')


def side_by_side(spans: Iterable[Span]) -> list[list[Span]]:
    """Distributes spans over as few rows as possible, so that none overlap: a list of rows, each a list of Span."""
    rows: list[list[Span]] = []
    for span in sorted(spans, key=lambda span: span.began):
        row = next((row for row in rows if row[-1].ended <= span.began), None)
        if row is None:
            rows.append([span])
        else:
            row.append(span)
    return rows


def _complete_event(span, start):
    """A span in the trace's format, in microseconds from `start`."""
    began, ended = (round((moment - start) * 1e6, 3) for moment in (span.began, span.ended))
    return {"ph": "X", "name": span.name, "ts": began, "dur": round(ended - began, 3)}
