"""Keras's initialisers: the first values of variables."""

from __future__ import annotations

import kit.tensorflow1 as tf
from kit.model.seeds import seed_of

# Special cases of VarianceScaling: its scale, mode and distribution.
SCALING = {
    "GlorotUniform": (1.0, "fan_avg", "uniform"),
    "GlorotNormal": (1.0, "fan_avg", "truncated_normal"),
    "HeUniform": (2.0, "fan_in", "uniform"),
    "HeNormal": (2.0, "fan_in", "truncated_normal"),
    "LecunUniform": (1.0, "fan_in", "uniform"),
    "LecunNormal": (1.0, "fan_in", "truncated_normal"),
}


def initializer_of(given: dict, name: str) -> tf.Initializer:
    """TensorFlow's initialiser, for tf.get_variable.

    Args:
      given: {"class_name": ..., "config": {...}} with all options, as kit.model.keras.options.initializer returns it.
      name: the variable's name in the current scope; unless a seed is given, it is made from this name.
    Returns:
      tf.Initializer.
    """
    class_name, config = given["class_name"], dict(given["config"])
    if config.get("seed", 0) is None:
        config["seed"] = seed_of(f"{tf.get_variable_scope().name}/{name}")
    if class_name in SCALING:
        return tf.variance_scaling_initializer(*SCALING[class_name], **config)
    kinds = {
        "Zeros": tf.zeros_initializer,
        "Ones": tf.ones_initializer,
        "Constant": tf.constant_initializer,
        "RandomNormal": tf.random_normal_initializer,
        "TruncatedNormal": tf.truncated_normal_initializer,
        "RandomUniform": tf.random_uniform_initializer,
        "VarianceScaling": tf.variance_scaling_initializer,
        "Orthogonal": tf.orthogonal_initializer,
    }
    return kinds[class_name](**config)
