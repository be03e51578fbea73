"""The weights that a new run starts from (--initial_weights): another run's, or those in a file of Keras.

To go on learning from other data with weights that have learnt from much data is called fine-tuning (Yosinski et al.
2014, https://arxiv.org/abs/1411.1792).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.data.interface import Data
from kit.model.layer_registry import scope_of, weights_of
from kit.runs import export
from kit.runs.checkpoint_files import newest, readable_checkpoint_errors
from kit.runs.run_folder import CHECKPOINTS, Run, open_run

OF_KERAS = (".h5", ".hdf5", ".keras", ".h5mlm")  # how names of its files end


def initial_classes(run: Run) -> Sequence[str] | None:
    """The classes that the weights know from which a run starts, or has started; None of a file of Keras.

    Raises:
      UserError: there is no such run.
    """
    given = run.settings.initial_weights
    if not given or _is_of_keras(given):
        return None
    return (run if run.is_resumed else _opened_run(given)).data_spec.class_names  # the other run may be gone by now


def check_initial_weights(given: str, run: Run, data: Data, variables: Sequence[tf.Variable]) -> None:
    """Checks that a new run can start from the weights, and says which they are and what they were learnt for.

    Args:
      given: a run's name, or one of Keras's files.
      run: new.
      data: that it learns from.
      variables: the network's, in the order of its layers.
    Raises:
      UserError: there is no such run or file, or the weights are another network's.
    """
    if _is_of_keras(given):
        if not Path(given).is_file():
            raise UserError(
                f"--initial_weights {given}: there is no such file.\n  Give a path relative to the current folder."
            )
        export.check_weights(given, run)
        return
    path, other_classes = _checkpoint_of(given)
    shapes = _opened(path).get_variable_to_shape_map()
    weights = _weights_among(variables)
    unlike = sorted({scope_of(variable) for variable in weights if not _fits(variable, shapes)})
    if not set(unlike) <= {scope_of(weights[-1])}:
        raise UserError(
            f"--initial_weights {given}: these weights don't fit the network: {console.listed(unlike)} "
            f"differ{'s' * (len(unlike) == 1)} in name or shape.\n"
            "  Train with that run's --network or --architecture, on examples of its size."
        )
    console.say(f"Starting from the weights in {path}")
    if unlike:
        console.say(f"{unlike[0]} starts at random: {given} has other classes")
    elif (other_classes or None) != (data.class_names or None):
        known, here = ((console.listed(names or []) or "values") for names in (other_classes, data.class_names))
        console.warn(f"{given} has learnt {known}; these outputs now stand for {here}, in this order.")


def load_initial_weights(session: tf.Session, given: str, run: Run, variables: Sequence[tf.Variable]) -> None:
    """Loads weights that `check_initial_weights` has checked; a last layer for other classes keeps its random start.

    Args:
      session: a tf.Session with the variables started.
      given: a run's name, or one of Keras's files.
      run: new.
      variables: the network's.
    """
    if _is_of_keras(given):
        export.load_weights(session, given, run)
        return
    saved = _opened(_checkpoint_of(given)[0])
    shapes = saved.get_variable_to_shape_map()
    for variable in _weights_among(variables):
        if _fits(variable, shapes):
            variable.load(saved.get_tensor(variable.op.name), session)


def _is_of_keras(given: str) -> bool:
    return given.endswith(OF_KERAS) or Path(given).is_file()


def _checkpoint_of(name: str) -> tuple[str, Sequence[str] | None]:
    """The best checkpoint of the run of this name, and the run's classes; a UserError if there is none."""
    other = _opened_run(name)
    path = newest(str(other.folder / CHECKPOINTS["best"]))
    if path is None:
        raise UserError(f"--initial_weights {name}: {other.folder} has no best checkpoint. Name another run.")
    return path, other.data_spec.class_names


def _opened_run(name: str) -> Run:
    try:
        return open_run(name, {})
    except UserError as error:
        raise UserError(f"--initial_weights {name}: {error}") from error


def _opened(path: str) -> tf.train.CheckpointReader:
    with readable_checkpoint_errors(path):
        return tf.train.load_checkpoint(path)


def _weights_among(variables: Sequence[tf.Variable]) -> list[tf.Variable]:
    """Those of layers, and moving averages; not the scaling of a table's columns, which is that of the new rows."""
    weights = {variable.op.name for variable in weights_of(tf.get_default_graph())}
    return [each for each in variables if each.op.name in weights or "/moving_" in each.op.name]


def _fits(variable: tf.Variable, shapes: dict) -> bool:
    return shapes.get(variable.op.name) == variable.shape.as_list()
