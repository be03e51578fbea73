"""Puts the rule of kit.data.image_shown into the graph, between the lesson's read_file and its decode_image."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import kit.tensorflow1 as tf
from kit.data.image_shown import plain_content

PLAIN_PNG = r"(?s)\CPNG\r\n\x1a\n\x00\x00\x00\rIHDR\C{8}\x08[\x00\x02]\x00\x00\x00\C{8}IDAT\C*"  # 8 bits, grey or RGB
PNG_HEAD, PNG_REST = 41, 57  # bytes: up to the pixels; all but the pixels, if they are in one chunk
JPEG_START = b"\xff\xd8\xff\xe0\0\x10JFIF\0"  # of a JPEG without EXIF; then tables (DB, C4) at fixed places
# The places follow from the fixed lengths of the tables that libjpeg writes where it doesn't optimise them: JFIF's head
# ends at 20, a table DB has 69 bytes, a frame C0 of 3 colours 19 and of 1 colour 13, tables C4 33 and 183.
PLAIN_JPEGS = (  # {place: bytes} of libjpeg's usual files: a frame (C0) of 3 colours, or of 1; the pixels (DA)
    {
        **{0: JPEG_START, 20: b"\xff\xdb\0C", 89: b"\xff\xdb\0C", 158: b"\xff\xc0\0\x11\x08", 167: b"\x03"},
        **{177: b"\xff\xc4\0\x1f", 210: b"\xff\xc4\0\xb5", 393: b"\xff\xc4\0\x1f", 426: b"\xff\xc4\0\xb5"},
        609: b"\xff\xda",
    },
    {
        **{0: JPEG_START, 20: b"\xff\xdb\0C", 89: b"\xff\xc0\0\x0b\x08", 98: b"\x01"},
        **{102: b"\xff\xc4\0\x1f", 135: b"\xff\xc4\0\xb5", 318: b"\xff\xda"},
    },
)
JPEG_HEAD = 611  # bytes, up to the last of these places


def decoded_as_shown(parse: Callable[[], tuple]) -> tuple:
    """Builds operations that read and decode image files, such that they decode what a viewer shows.

    Args:
      parse: builds them, and returns tensors.
    Returns:
      What `parse` returns. Each of its tf.read_file hands on the content that `shown_content` makes of it.
    """
    before = set(tf.get_default_graph().get_operations())
    tensors = parse()
    # tf.data would rewrite the function's Python, which takes a second
    tf.autograph.experimental.do_not_convert(_redirect)(before)
    return tensors


def _redirect(before: set[tf.Operation]) -> None:
    """Puts shown_content behind each tf.read_file of the default graph, except those `before`."""
    for read in [each for each in tf.get_default_graph().get_operations() if each.type == "ReadFile"]:
        if read not in before:
            content = read.outputs[0]
            decoders = content.consumers()
            shown = shown_content(content, read.inputs[0])
            for decoder in decoders:
                for place in [place for place, tensor in enumerate(decoder.inputs) if tensor is content]:
                    decoder._update_input(place, shown)  # the lesson's lines stay as they are


def shown_content(content: tf.Tensor, path: tf.Tensor) -> tf.Tensor:
    """An image file's content, such that tf.image.decode_image gives what is shown.

    The commonest files are known by their first bytes, and cost next to nothing; Python looks at the others.

    Args:
      content: string [], of the file.
      path: string [], of the file.
    Returns:
      string []: `content`, or a PNG in its place.
    """

    def by_python() -> tf.Tensor:
        shown = tf.numpy_function(_plain_content, [content, path], tf.string, stateful=False)
        return tf.ensure_shape(shown, [])

    def no_png() -> tf.Tensor:
        return tf.cond(_is_plain_jpeg(content), lambda: tf.identity(content), by_python)

    return tf.cond(_is_plain_png(content), lambda: tf.identity(content), no_png)


def _plain_content(content: bytes, path: bytes) -> np.ndarray:
    return np.array(plain_content(content, path.decode("utf-8", "replace")), object)


def _is_plain_png(content: tf.Tensor) -> tf.Tensor:
    """Whether it is a PNG of RGB or grey with nothing but its pixels, in one chunk, as the kit draws them: bool []."""
    head = tf.strings.join([tf.strings.substr(content, 0, PNG_HEAD), PNG_HEAD * "\0"])  # long enough for any file
    length = tf.decode_raw(
        tf.strings.substr(head, PNG_HEAD - 8, 4), tf.int32, little_endian=False
    )  # [1], of the pixels
    is_all = tf.equal(tf.strings.length(content) - PNG_REST, tf.reshape(length, []))
    return tf.logical_and(tf.strings.regex_full_match(head, PLAIN_PNG), is_all)


def _is_plain_jpeg(content: tf.Tensor) -> tf.Tensor:
    """Whether it is a JPEG of RGB or grey without metadata, as most programs write it: bool []."""
    head = tf.strings.join([tf.strings.substr(content, 0, JPEG_HEAD), JPEG_HEAD * "\0"])
    is_one = []  # of PLAIN_JPEGS: bool []
    for layout in PLAIN_JPEGS:
        found = tf.strings.substr(head, list(layout), [len(expected) for expected in layout.values()])  # [places]
        is_one.append(tf.reduce_all(tf.equal(found, list(layout.values()))))
    return tf.logical_or(*is_one)
