"""Traces in the format that Chrome and Perfetto draw."""

import json

from kit.profiling.chrome_trace import Span, side_by_side, write_trace


def test_trace_of_made_spans(tmp_path):
    calls = [Span("fetch", 10.0, 10.001), Span("step", 10.0, 10.005)]
    write_trace(tmp_path / "trace.json", {"loop": [calls], "operations": [[Span("a", 10.002, 10.003)]]})
    names, *spans = json.loads((tmp_path / "trace.json").read_text())["traceEvents"][1:]
    assert names == {"ph": "M", "name": "process_name", "pid": 2, "args": {"name": "operations"}}
    assert spans == [
        {"ph": "X", "name": "step", "ts": 0.0, "dur": 5000.0, "pid": 1, "tid": 1},
        {"ph": "X", "name": "fetch", "ts": 0.0, "dur": 1000.0, "pid": 1, "tid": 1},
        {"ph": "X", "name": "a", "ts": 2000.0, "dur": 1000.0, "pid": 2, "tid": 1},
    ]


def test_side_by_side():
    first, beside, after, within = Span("first", 0, 3), Span("beside", 2, 5), Span("after", 3, 4), Span("within", 3, 4)
    assert side_by_side([beside, after, first, within]) == [[first, after], [beside], [within]]
