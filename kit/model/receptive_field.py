"""Which pixels of the image a unit of a layer sees: its receptive field.

The operations from the image to the layer are followed: each window widens the field, each stride sets neighbouring
fields further apart. Araujo et al. 2019, https://distill.pub/2019/computing-receptive-fields
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

import kit.tensorflow1 as tf

PADDINGS = ("Pad", "PadV2", "MirrorPad")


class ReceptiveField(NamedTuple):
    """The fields of a layer's units. Each pair is (vertical, horizontal), in pixels."""

    size: tuple[int, int]
    jump: tuple[int, int]  # from one unit's field to the next one's
    start: tuple[int, int]  # of the first unit's field; below 0 where it reaches beyond the image

    def corner(self, row: int, column: int) -> tuple[int, int]:
        """The first pixel, (top, left), that the unit at a place of the layer's maps sees."""
        return self.start[0] + self.jump[0] * row, self.start[1] + self.jump[1] * column


def receptive_field(output: tf.Tensor, images: tf.Tensor) -> ReceptiveField:
    """The receptive field of a layer's units.

    Args:
      output: of the layer, [B, h, w, C]; any other shape sees the whole image.
      images: [B, H, W, 3], H and W known, from which it is computed.
    Returns:
      Its field; the whole image where an operation between them mixes places in another way than windows do.
    """
    height, width = images.shape.as_list()[1:3]
    whole = ReceptiveField((height, width), (0, 0), (0, 0))
    known: dict[object, ReceptiveField | None] = {images.ref(): ReceptiveField((1, 1), (1, 1), (0, 0))}

    def field_of(tensor):
        if tensor.ref() not in known:
            known[tensor.ref()] = _after(tensor, [(each, field_of(each)) for each in tensor.op.inputs], whole)
        return known[tensor.ref()]

    return field_of(output) or whole


def _after(output, inputs, whole):
    """The field after an operation; None if its output isn't made of maps, or doesn't depend on the image.

    Args:
      output: of the operation.
      inputs: of (tensor, its field or None).
      whole: the field of the whole image.
    """
    inputs = [(tensor, field) for tensor, field in inputs if field]
    if output.shape.ndims != 4 or not inputs:
        return None
    tensor, field = max(inputs, key=lambda each: each[1].size)
    sizes, operation = tensor.shape.as_list()[1:3], output.op
    if field == whole:
        return whole
    if operation.type in ("Conv2D", "DepthwiseConv2dNative"):
        kernel = operation.inputs[1].shape.as_list()[:2]
        reach = [(side - 1) * step + 1 for side, step in zip(kernel, operation.get_attr("dilations")[1:3])]
        return _through_window(field, sizes, reach, operation)
    if operation.type in ("MaxPool", "AvgPool"):
        return _through_window(field, sizes, operation.get_attr("ksize")[1:3], operation)
    if operation.type in PADDINGS:
        before = np.asarray(tf.get_static_value(operation.inputs[1]))[1:3, 0].tolist()
        return field._replace(start=_pair(s - p * j for s, p, j in zip(field.start, before, field.jump)))
    return field if output.shape.as_list()[1:3] == sizes else whole


def _through_window(field, sizes, window, operation):
    """The field after a convolution or a pooling over maps of these sizes."""
    strides, padding = operation.get_attr("strides")[1:3], operation.get_attr("padding")
    missing = [max((-(-n // s) - 1) * s + k - n, 0) for n, s, k in zip(sizes, strides, window)]  # pixels, for SAME
    before = [total // 2 if padding == b"SAME" else 0 for total in missing]
    return ReceptiveField(
        size=_pair(size + (k - 1) * j for size, k, j in zip(field.size, window, field.jump)),
        jump=_pair(j * s for j, s in zip(field.jump, strides)),
        start=_pair(start - p * j for start, p, j in zip(field.start, before, field.jump)),
    )


def _pair(numbers):
    first, second = numbers
    return first, second
