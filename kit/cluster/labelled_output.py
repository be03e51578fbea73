"""What several processes print at once, line by line: "worker 0 | epoch 1 ..."."""

import io
import threading
from typing import IO, BinaryIO

_writing = threading.Lock()  # of one line at a time, be it to stdout or stderr: both may be one terminal


def write_line(stream: BinaryIO, line: bytes) -> None:
    """Writes a line at once, and whole."""
    with _writing:
        stream.write(line + b"\n")
        stream.flush()


class LabelledOutput(threading.Thread):
    """Copies what a process prints to a stream of this one; each line gets a label.

    A line ends with \\n, \\r\\n or a lone \\r, by which a progress bar returns to the line's start. Its bytes stay as
    they are, whatever their encoding. Where the stream takes no more (`... | head`), `error` says why, and the process
    gets an error of its own with its next line.
    """

    def __init__(self, pipe: IO[bytes], label: str, stream: BinaryIO):
        """Starts copying.

        Args:
          pipe: what the process prints.
          label: what each line starts with.
          stream: where the lines go, such as sys.stdout.buffer.
        """
        super().__init__(daemon=True)
        self.error: OSError | None = None
        self._pipe, self._label, self._stream = pipe, label.encode(), stream
        self.start()

    def run(self) -> None:
        with self._pipe, io.TextIOWrapper(self._pipe, encoding="latin-1") as lines:  # in latin-1 any byte is a letter
            try:
                for line in lines:
                    write_line(self._stream, self._label + line.removesuffix("\n").encode("latin-1"))
            except OSError as error:
                self.error = error
