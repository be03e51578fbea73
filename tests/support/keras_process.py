"""Keras in a process of its own: an answer from elsewhere. (It can't run beside `disable_v2_behavior`.)"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

BEFORE = """
import numpy as np
import keras
import tensorflow as tf
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
        quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": ""}
        quiet.pop("TF_USE_LEGACY_KERAS", None)
        command = [sys.executable, "-c", BEFORE + code + AFTER]
        done = subprocess.run(command, cwd=folder, env=quiet, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"Keras's process failed:\n{done.stderr}"
        with np.load(folder / "answers.npz") as file:
            return dict(file)
