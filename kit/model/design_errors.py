"""Errors in a network of dlho2018_nns.py, told with the line of the design."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterator
from typing import Any

import kit.tensorflow1 as tf
from kit.cli.errors import UserError

DESIGNS = "dlho2018_nns.py"


@contextlib.contextmanager
def design_errors_explained() -> Iterator[None]:
    """Around the call of a network: an error in its code names the line of the design.

    Raises:
      UserError: whatever went wrong in the design.
    """
    try:
        yield
    except Exception as error:
        places = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(DESIGNS)]
        if not places and isinstance(error, TypeError):
            raise UserError(f"{DESIGNS}: {error}.\n  A network takes (images, num_classes, is_training).") from error
        if not places:
            raise
        place = places[-1]
        raise UserError(f"{DESIGNS}:{place.lineno}, in {place.name}: {error}\n    {place.line}") from error


def check_logits(logits: Any, network: str, num_classes: int) -> None:
    """Checks what a network returned.

    Raises:
      UserError: it isn't a score for each class.
    """
    if not isinstance(logits, tf.Tensor):
        raise UserError(
            f"{DESIGNS}, {network}: returned {logits!r}, expected logits. End it with: return j_logits(...)"
        )
    if logits.shape.ndims != 2 or logits.shape[1].value != num_classes:
        raise UserError(
            f"{DESIGNS}, {network}: returned a tensor of shape {logits.shape}, expected [B, {num_classes}]: "
            "a score for each class.\n  End it with: return j_logits(x, num_classes)"
        )
