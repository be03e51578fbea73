"""Keras's initialisers: what the variables of a network start from."""

import kit.tensorflow1 as tf
from kit.model.seeds import seed_of

# Where the spread follows the kernel's size: scale, mode and distribution of the general one.
SCALING = {
    "GlorotUniform": (1.0, "fan_avg", "uniform"),
    "GlorotNormal": (1.0, "fan_avg", "truncated_normal"),
    "HeUniform": (2.0, "fan_in", "uniform"),
    "HeNormal": (2.0, "fan_in", "truncated_normal"),
    "LecunUniform": (1.0, "fan_in", "uniform"),
    "LecunNormal": (1.0, "fan_in", "truncated_normal"),
}


def initializer_of(given, name):
    """TensorFlow's initializer, for tf.get_variable.

    Args:
      given: {"class_name": ..., "config": {...}}, complete, as kit.model.keras.options.initializer returns it.
      name: the variable's, in the scope that we are in; its seed comes from it unless one is given.
    Returns:
      A tf.Initializer.
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
