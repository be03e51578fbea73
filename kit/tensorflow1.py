"""TensorFlow in its 1.x style, imported at its first use and without its chatter.

    import kit.tensorflow1 as tf

stands for `import tensorflow.compat.v1 as tf` followed by `tf.disable_v2_behavior()`. TensorFlow takes
seconds to import; this way `--help` and a mistyped flag are answered before that.
"""

import contextlib
import logging
import os
import sys
import tempfile
from typing import TYPE_CHECKING

from kit.cli import interrupts

if TYPE_CHECKING:  # for editors, which complete `tf.` from it
    from tensorflow.compat.v1 import *  # noqa: F403


def __getattr__(name):
    """Looks a name up in tensorflow.compat.v1 and keeps it here (PEP 562)."""
    value = globals()[name] = getattr(_import(), name)
    return value


def _import():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # errors that end the process only; ours are Python's
    logging.getLogger("tensorflow").setLevel(logging.CRITICAL)  # no notes on deprecation; errors come as exceptions
    with interrupts.held_back(), _without_keras(), _standard_error_held_back():
        import tensorflow.compat.v1 as tensorflow1

        logging.getLogger("tensorflow").setLevel(logging.CRITICAL)  # at a Python prompt TensorFlow has set it back
        tensorflow1.disable_v2_behavior()
    return tensorflow1


@contextlib.contextmanager
def _without_keras():
    """Keeps TensorFlow from importing Keras 3, which nothing here uses and which takes half as long again.

    TensorFlow imports `tf.keras` with itself, unless this variable asks for Keras 2: that one it imports at
    its first use. The variable is set back, for the processes that this one may start.
    """
    before = os.environ.get("TF_USE_LEGACY_KERAS")
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["TF_USE_LEGACY_KERAS"]
        else:
            os.environ["TF_USE_LEGACY_KERAS"] = before


@contextlib.contextmanager
def _standard_error_held_back():
    """Keeps what libraries write to file descriptor 2 (missing GPUs, instruction sets) until it matters.

    TensorFlow's C++ side logs a few lines before it reads TF_CPP_MIN_LOG_LEVEL, so they are caught at
    the descriptor. If the block fails, they are written after all: they may say why. Ctrl-C needs no reason.
    """
    sys.stderr.flush()
    screen = os.dup(2)
    with tempfile.TemporaryFile() as held_back:
        os.dup2(held_back.fileno(), 2)
        try:
            yield
        except Exception:
            held_back.seek(0)
            os.write(screen, held_back.read())
            raise
        finally:
            os.dup2(screen, 2)
            os.close(screen)
