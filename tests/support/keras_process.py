"""Keras in a process of its own: an answer from elsewhere. (It can't run beside `disable_v2_behavior`.)"""

import functools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from support import warm

IMPORTS = """
import numpy as np
import keras
import tensorflow as tf
"""
BEFORE = """
with np.load("given.npz") as file:
    given = dict(file)
answers = {}
"""
AFTER = """
np.savez("answers.npz", **answers)
"""


def keras_answers(code, folder=None, **given):
    """Runs lines of Python beside Keras 3.

    Args:
      code: lines that read `given[name]` and fill the dict `answers` with arrays; np, keras and tf are imported.
      folder: the working directory, for files that are read or written; a temporary one by default.
      given: NumPy arrays, or what becomes one.
    Returns:
      {name: array}: what the code put into `answers`.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(folder or temporary)
        np.savez(folder / "given.npz", **given)
        command = [sys.executable, "-c", IMPORTS + BEFORE + code + AFTER]
        process = (
            server().start(command, folder, environment())
            if warm.HAS_FORK
            else subprocess.Popen(
                command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        )
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, f"Keras's process failed:\n{errors}"
        with np.load(folder / "answers.npz") as file:
            return dict(file)


@functools.cache
def server():
    """The process that has imported Keras and forks for each question."""
    return warm.Server(IMPORTS, environment())


def environment():
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": ""}
    quiet.pop("TF_USE_LEGACY_KERAS", None)
    return quiet
