"""TensorFlow's import: silent if it succeeds, and not silent if it fails."""

import os
import subprocess
import sys

import pytest
from support.scripts import PROJECT, environment

from kit import tensorflow1


def test_importing_tensorflow_and_running_a_session_prints_nothing():
    code = "import kit.tensorflow1 as tf; tf.Session().run(tf.constant(1)); print(tf.executing_eagerly())"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=environment(), capture_output=True, text=True
    )
    assert (result.stdout, result.stderr, result.returncode) == ("False\n", "", 0)


def test_what_libraries_write_is_hidden(capfd):
    with tensorflow1._quiet_stderr():
        os.write(2, b"no GPU\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_a_failure_shows_what_was_hidden(capfd):
    with pytest.raises(ImportError), tensorflow1._quiet_stderr():
        os.write(2, b"libfoo.so is missing\n")
        raise ImportError
    assert capfd.readouterr().err == "libfoo.so is missing\n"
