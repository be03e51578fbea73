"""Each line that a process prints gets its label; its bytes stay as they are."""

import errno
import io
import os

import pytest

from kit.cluster.labelled_output import LabelledOutput


def labelled(*pieces):
    """What is shown of output that comes in these pieces."""
    shown, (reading, writing) = io.BytesIO(), os.pipe()
    output = LabelledOutput(os.fdopen(reading, "rb"), "worker 0 | ", shown)
    with os.fdopen(writing, "wb", buffering=0) as pipe:
        for piece in pieces:
            pipe.write(piece)
    output.join()
    assert output.error is None
    return shown.getvalue()


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        ([], b""),
        ([b"a\n", b"b\n"], b"worker 0 | a\nworker 0 | b\n"),
        ([b"no end"], b"worker 0 | no end\n"),
        ([b"in pi", b"eces\n"], b"worker 0 | in pieces\n"),
        ([b"\n", b"\n"], b"worker 0 | \nworker 0 | \n"),
        ([b"\xff\xe9\x85 \xe2\x80\xa8\x0b\x00\n"], b"worker 0 | \xff\xe9\x85 \xe2\x80\xa8\x0b\x00\n"),
        ([b"10 %\r", b"20 %\r", b"\n"], b"worker 0 | 10 %\nworker 0 | 20 %\n"),
        ([b"a\r\nb\r\n"], b"worker 0 | a\nworker 0 | b\n"),
    ],
)
def test_lines(pieces, shown):
    assert labelled(*pieces) == shown


def test_a_very_long_line_is_one_line():
    line = b"0123456789" * 1_000_000
    assert labelled(line, line, b"\nnext\n") == b"worker 0 | " + line + line + b"\nworker 0 | next\n"


def test_lines_of_several_processes_are_not_mixed():
    shown, count = io.BytesIO(), 2000
    pipes = [os.pipe() for _ in range(3)]
    outputs = [LabelledOutput(os.fdopen(pipe[0], "rb"), f"worker {i} | ", shown) for i, pipe in enumerate(pipes)]
    writers = [os.fdopen(pipe[1], "wb", buffering=0) for pipe in pipes]
    for number in range(count):
        for writer in writers:
            writer.write(b"line %d\n" % number)
    for writer in writers:
        writer.close()
    for output in outputs:
        output.join()
    lines = shown.getvalue().decode().splitlines()
    for i in range(3):
        own = [line for line in lines if line.startswith(f"worker {i} | ")]
        assert own == [f"worker {i} | line {number}" for number in range(count)]
    assert len(lines) == 3 * count


def test_a_stream_that_takes_no_more_is_noted_and_the_process_hears_of_it():
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    reading, writing = os.pipe()
    output = LabelledOutput(os.fdopen(reading, "rb"), "worker 0 | ", Full())
    os.write(writing, b"a line\n")
    output.join()
    assert output.error.errno == errno.ENOSPC
    with pytest.raises(BrokenPipeError):
        os.write(writing, b"another\n")
    os.close(writing)
