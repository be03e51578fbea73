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
from kit.runs import export
from kit.runs.checkpoint_files import readable_checkpoint_errors
from kit.runs.checkpoints import find
from kit.runs.run_folder import Run, open_run


def check_initial_weights(given: str, run: Run) -> None:
    """Checks the --initial_weights of a new run, and says which they are.

    Args:
      given: a run's name, or one of Keras's files.
      run: new.
    Raises:
      UserError: there is no such run or file, or Keras's weights don't fit the run's architecture.
    """
    if not _is_of_keras(given):
        console.say(f"Starting from the weights in {_checkpoint_of(given)}")
        return
    if not Path(given).is_file():
        raise UserError(f"--initial_weights {given}: there is no such file.")
    export.check_weights(given, run)


def load_initial_weights(session: tf.Session, given: str, run: Run, variables: Sequence[tf.Variable]) -> None:
    """Loads the --initial_weights of a run.

    Where another run had other classes, its last layer doesn't fit; this layer keeps its random start, which is said.

    Args:
      session: a tf.Session with the variables started.
      given: a run's name, or one of Keras's files.
      run: new.
      variables: the network's, in the order of its layers.
    Raises:
      UserError: the weights can't be read, or are another network's.
    """
    if _is_of_keras(given):
        export.load_weights(session, given, run)
        return
    path = _checkpoint_of(given)
    with readable_checkpoint_errors(path):
        saved = tf.train.load_checkpoint(path)
    shapes = saved.get_variable_to_shape_map()
    weights = [variable for variable in variables if "global_step" not in variable.op.name]
    fitting = [variable for variable in weights if shapes.get(variable.op.name) == variable.shape.as_list()]
    unlike = sorted({variable.op.name.rpartition("/")[0] for variable in weights if variable not in fitting})
    last_layer = weights[-1].op.name.rpartition("/")[0]
    if not set(unlike) <= {last_layer}:
        raise UserError(
            f"--initial_weights {given}: that run has another network: {console.listed(unlike)} differ in name or "
            "shape.\n  Train with its --network or --architecture, on examples of its size."
        )
    for variable in fitting:
        variable.load(saved.get_tensor(variable.op.name), session)
    if unlike:
        console.say(f"{last_layer} starts at random: {given} has other classes")


def _is_of_keras(given: str) -> bool:
    return given.endswith(export.WEIGHTS_SUFFIX)


def _checkpoint_of(name: str) -> str:
    """The path of the best checkpoint of the run of this name; a UserError if there is no such run or checkpoint."""
    try:
        return find(open_run(name, {}), "best")
    except UserError as error:
        raise UserError(f"--initial_weights {name}: {error}") from error
