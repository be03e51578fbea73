"""What tf.data is told of how to run a data set."""

import kit.tensorflow1 as tf


def untuned(dataset):
    """A data set without the thread that would tune it while it runs; AUTOTUNE is then one call for each core.

    The thread sleeps, each time longer, up to a minute, and hears neither that an iterator is started anew nor that
    its session ends: both would wait until it wakes (TensorFlow 2.21).
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)
