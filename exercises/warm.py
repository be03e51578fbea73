"""What every check needs, imported once: the process that forks for the checks preloads this module."""

import kit.tensorflow1 as tf
from exercises.catalogue import CHECKS

__all__ = ["CHECKS"]

tf.Graph  # noqa: B018, the first use of a name imports TensorFlow
