"""What a download leaves in place of a file: a web page, or a pointer of Git LFS. Told from the first bytes."""

from __future__ import annotations

import re

HEAD = 4096  # bytes that are looked at
DOWNLOAD_AGAIN = "Download the file itself: on GitHub, its page has a button for the raw file."

# (how the file begins, what it is, the way out)
BEGINNINGS: list[tuple[bytes, str, str]] = [
    (rb"version https://git-lfs", "a pointer of Git LFS, which stands for the file", "Get the file: git lfs pull."),
    (rb"(?i:\s*<(!doctype|html|head|body|script)\b)", "a web page", DOWNLOAD_AGAIN),
    (rb"\s*<\?xml\b", "XML", DOWNLOAD_AGAIN),
]


def failed_download(head: bytes) -> tuple[str, str] | None:
    """What a download left in place of the file, and the way out; None if the file isn't one of these.

    Args:
      head: the first bytes of the file, HEAD of them if it has as many.
    """
    text = head.removeprefix(b"\xef\xbb\xbf")
    return next(((what, way_out) for begins, what, way_out in BEGINNINGS if re.match(begins, text)), None)
