"""Networks on tables, built as training.py builds them, with weights drawn by chance."""

import contextlib
from types import SimpleNamespace

import numpy as np

import kit.tensorflow1 as tf
from dlho2018_nns import build_network
from kit.data.tables.standardization import Scaling, scale_columns
from kit.model.keras import architectures


@contextlib.contextmanager
def network_of(architecture, rows, num_classes, loss):
    """Yields a session with a network for rows, scaled to mean 0 and deviation 1.

    Args:
      architecture: in short form; None for `simple_fc`.
      rows: float32 [N, columns].
      num_classes: 0 for values.
      loss: its name.
    Yields:
      A namespace: session, inputs (placeholder), logits, probabilities.
    """
    columns = rows.shape[1]
    read = architectures.with_input_shape(architectures.read(architecture), (columns,)) if architecture else None
    run = SimpleNamespace(architecture=read, class_weights=(), settings=SimpleNamespace(network="simple_fc", loss=loss))
    scaling = Scaling(*(values(rows, axis=0) for values in (np.nanmean, np.nanstd, np.nanmean)))
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(3)
        inputs = tf.placeholder(tf.float32, [None, columns])
        is_training = tf.placeholder_with_default(False, [])
        logits, head = build_network(run, scale_columns(inputs, scaling), num_classes, is_training)
        probabilities = head.probabilities(logits)
        session.run(tf.global_variables_initializer())
        for number, variable in enumerate(tf.trainable_variables()):  # biases, too: they begin at 0
            value = session.run(variable)
            variable.load(value + np.random.default_rng(number).normal(0, 0.05, value.shape), session)
        yield SimpleNamespace(session=session, inputs=inputs, logits=logits, probabilities=probabilities)
