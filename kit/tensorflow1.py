"""TensorFlow in its 1.x style, imported at its first use and without log messages.

    import kit.tensorflow1 as tf

does what `import tensorflow.compat.v1 as tf` and `tf.disable_v2_behavior()` do, but only when `tf.` is first used:
TensorFlow takes seconds to import, and `--help` and a mistyped flag are answered before that.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

from kit.cli import interrupts

LEAST_MEMORY, LEAST_ADDRESSES = 250 << 20, 2600 << 20  # bytes, to import it and to run a small graph

if TYPE_CHECKING:  # lets editors complete `tf.`
    from tensorflow.compat.v1 import *  # noqa: F403  # pyright: ignore[reportMissingImports]


def __getattr__(name: str) -> Any:
    """Looks up a name in tensorflow.compat.v1 and keeps it here (PEP 562)."""
    value = globals()[name] = getattr(_import(), name)
    return value


def _import() -> ModuleType:
    import logging  # here, like tempfile below: `--help` needs neither

    from kit.cli import memory

    if "tensorflow" not in sys.modules:
        memory.check(LEAST_MEMORY, "TensorFlow", "Close other programs.", LEAST_ADDRESSES)

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # from C++, only fatal errors; others are Python exceptions
    logging.getLogger("tensorflow").setLevel(logging.CRITICAL)  # no deprecation warnings
    with interrupts.deferred(), _without_keras(), _quiet_stderr():
        import tensorflow.compat.v1 as tensorflow1  # pyright: ignore[reportMissingImports]

        logging.getLogger("tensorflow").setLevel(logging.CRITICAL)  # again: at a Python prompt TensorFlow resets it
        tensorflow1.disable_v2_behavior()
    return tensorflow1


@contextlib.contextmanager
def _without_keras() -> Iterator[None]:
    """Keeps TensorFlow from importing Keras 3, which nothing here uses, and Keras 2 (tf_keras), which few runs use.

    Either makes the import half as long again. If this variable asks for Keras 2 and it can't be imported, TensorFlow
    goes on without. Both are reset afterwards: kit.model.keras imports tf_keras itself, and this process may start
    others.
    """
    before = os.environ.get("TF_USE_LEGACY_KERAS")
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    is_hidden = sys.modules.setdefault("tf_keras", None) is None  # pyright: ignore[reportArgumentType]
    try:
        yield
    finally:
        if is_hidden:
            sys.modules.pop("tf_keras", None)
        if before is None:
            del os.environ["TF_USE_LEGACY_KERAS"]
        else:
            os.environ["TF_USE_LEGACY_KERAS"] = before


@contextlib.contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Hides what libraries write to stderr (missing GPUs, instruction sets), unless the block fails.

    TensorFlow's C++ code logs some lines before it reads TF_CPP_MIN_LOG_LEVEL (so still in 2.21), and only redirecting
    the file descriptor catches them: contextlib.redirect_stderr catches Python's output only.
    """
    import tempfile

    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as hidden:
        os.dup2(hidden.fileno(), 2)
        try:
            yield
        except Exception:  # what was hidden may say why; Ctrl-C needs no reason
            hidden.seek(0)
            os.write(stderr, hidden.read())
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
