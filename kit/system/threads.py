"""How many threads of TensorFlow share an operation."""

import os


def use_one_per_operation() -> None:
    """Computes each operation in one thread. Call it before the first session, or server, of the process.

    A sum that several threads share is rounded otherwise on another number of cores. With one thread, the bits are the
    same on all. The micro-batches are computed side by side instead.
    """
    os.environ["TF_NUM_INTRAOP_THREADS"] = "1"  # the first session's pool of threads is that of all (TensorFlow 2.21)
