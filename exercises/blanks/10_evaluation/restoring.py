"""Restoring a checkpoint: a graph, a checkpoint of it, and an empty session."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from exercises.findings import Finding
from exercises.stages.sessions import watched_session
from exercises.stages.stand_ins import StageRun, image_data
from exercises.student_lines import StudentLines
from kit.cli.settings import EvaluatingSettings

STEP, NEWER = 12, 40  # that the checkpoint was written at, and another one later
INITIAL = -1  # what the initializer gives every variable
WEIGHTS = {"conv1/weights": [3, 3, 1, 2], "conv1/biases": [2], "fc1/weights": [4, 2], "fc1/biases": [2]}
NOT_TRAINED = {"norm1/moving_mean": [2], "norm1/moving_variance": [2]}  # a network's, though no optimizer moves them
OPTIMIZERS = {"optimizer/conv1/weights/Adam": [3, 3, 1, 2]}  # in the checkpoint, but not in a graph that evaluates
WHY = "Without the trained values the network would only guess."


def check_restored(lines: StudentLines) -> None:
    """Runs the student's lines: afterwards, the session that they were given holds the checkpoint's values.

    Raises:
      Finding: it doesn't.
    """
    state, is_own_session = restore(lines)
    check_state(lines, state, is_own_session)


def restore(lines: StudentLines) -> tuple["State", bool]:
    """Runs the student's lines: what the variables then hold, and whether the session is still the one given."""
    run = StageRun("cnn-1")
    saved = {
        name: np.random.default_rng(number).standard_normal(shape).astype(np.float32)
        for number, (name, shape) in enumerate({**WEIGHTS, **NOT_TRAINED, **OPTIMIZERS}.items())
    }
    checkpoint = write_checkpoint(run, {**saved, "global_step": np.int64(STEP)})
    write_checkpoint(run, {**{name: value + 1 for name, value in saved.items()}, "global_step": np.int64(NEWER)}, NEWER)
    with tf.Graph().as_default() as graph:
        add_variables({**WEIGHTS, **NOT_TRAINED})
        state = State({**saved, "global_step": STEP})
        names = {"run": run, "settings": EvaluatingSettings(), "data": image_data(), "checkpoint": checkpoint}
        with watched_session(graph, after_run=state.look) as session:
            try:
                names = lines.run({**names, "session": session})
            except Finding as finding:
                raise explain(finding, checkpoint) from None
            session.run([])  # which looks
            return state, names["session"] is session


def write_checkpoint(run: StageRun, values: dict[str, Any], step: int = STEP) -> str:
    """Writes values, {name: array}, as the variables of a run's checkpoint of a step; returns its path."""
    folder = run.folder / "best"
    folder.mkdir(parents=True, exist_ok=True)
    with tf.Graph().as_default() as graph:
        for name, value in values.items():
            tf.get_variable(name, initializer=tf.constant(value))
        saver, initializer = tf.train.Saver(), tf.global_variables_initializer()
        with tf.Session(graph=graph) as session:
            session.run(initializer)
            return saver.save(session, str(folder / "model"), step, write_meta_graph=False)


def add_variables(shapes: dict[str, list[int]]) -> None:
    """Adds variables to the graph, {name: shape}, as layers and a step counter do."""
    for name, shape in shapes.items():
        initializer = tf.constant_initializer(INITIAL)
        tf.get_variable(name, shape, initializer=initializer, trainable=name not in NOT_TRAINED)
    tf.train.get_or_create_global_step()


class State:
    """Which variables of the graph hold what.

    Attributes:
      empty: names of the variables without a value.
      different: names of those with another value than the checkpoint's.
      is_newer: whether they hold those of another, newer checkpoint.
      was_restored: whether all have held the checkpoint's values once.
    """

    def __init__(self, saved: dict[str, Any]) -> None:
        self._saved, self._variables = saved, {variable.op.name: variable for variable in tf.global_variables()}
        self._has_value = {name: tf.is_variable_initialized(each) for name, each in self._variables.items()}
        self.empty: list[str] = []
        self.different: list[str] = []
        self.was_restored = self.is_newer = False

    @property
    def names(self) -> list[str]:
        return list(self._variables)

    def look(self, run: Callable) -> None:
        """Looks at the variables' values; run is that of a session."""
        has_value = run(self._has_value)
        self.empty = [name for name, value in has_value.items() if not value]
        values = run({name: variable for name, variable in self._variables.items() if has_value[name]})
        self.different = [name for name, value in values.items() if not np.array_equal(value, self._saved[name])]
        self.is_newer = values.get("global_step") == NEWER
        self.was_restored = self.was_restored or not (self.empty or self.different)


def check_state(lines: StudentLines, state: State, is_own_session: bool) -> None:
    """The variables hold the checkpoint's values."""
    wrong = state.empty + state.different
    if not wrong:
        return
    if not is_own_session:
        raise Finding(
            "session is a new session of yours",
            "the checkpoint's values in the session that is open already",
            "Each session has values of its own, and the evaluation goes on with the one that was open before.",
            lines.line_with("Session", "session ="),
        )
    if state.was_restored:
        raise Finding(
            "the variables were restored, and then initialized: the checkpoint's values are gone",
            "no initializer after the restore; none is needed at all",
            "The initializer gives every variable the value that training began with, in place of what it held.",
            lines.line_with("initializer", "initialize", "run"),
        )
    if state.is_newer:
        raise Finding(
            "another checkpoint is restored than the one that `checkpoint` names",
            "the path that `checkpoint` holds, as it is",
            "--checkpoint chooses it; without the flag it is the best one, and the newest is often worse.",
            lines.line_with("latest", "restore"),
        )
    if len(wrong) < len(state.names):
        held = "no value in the session" if state.empty else "another value than in the checkpoint"
        names = " and ".join(filter(None, [", ".join(wrong[:-1]), wrong[-1]]))
        raise Finding(
            f"{names} {'has' if len(wrong) == 1 else 'have'} {held}",
            "the checkpoint's value in every variable of the graph: a Saver for all of them",
            "Batch norm's averages are part of a network, too, though no optimizer moves them.",
            lines.line_with("Saver", "restore"),
        )
    if state.different:
        raise Finding(
            "the variables are initialized, and nothing is restored",
            "the checkpoint's values, by the restore of a tf.train.Saver",
            WHY,
            lines.line_with("initializer", "initialize", "Saver"),
        )
    raise Finding(
        "no variable has a value in the session",
        "the checkpoint's values, put there by a tf.train.Saver's restore",
        "A Saver does nothing by itself; its method restore reads the file and fills the session. " + WHY,
        lines.line_with("Saver", "restore"),
    )


def explain(finding: Finding, checkpoint: str) -> Finding:
    """The Finding of an error in the student's lines, in this blank's own terms where it is a classic one."""
    error = finding.__cause__
    if isinstance(error, tf.errors.FailedPreconditionError):
        return Finding(
            f"a variable is read before it has a value: {finding.found.partition(': ')[2]}",
            "restore, which puts values into the variables; save reads them and writes a file",
            "A new session is empty: its variables get their values from the checkpoint.",
            finding.line,
        )
    if "No variables to save" in str(error):
        return Finding(
            "the Saver is given no variables",
            "tf.train.Saver(), which is for all variables of the graph",
            "Every variable needs its value from the checkpoint.",
            finding.line,
        )
    if re.search(r"save_path when it is None|not found in checkpoint|\.meta|File format not supported", str(error)):
        return Finding(
            finding.found,
            "tf.train.Saver().restore(session, checkpoint), with the path as it is",
            "The files of a checkpoint hold values only, and a Saver reads them by the path's common beginning.",
            finding.line,
        )
    if isinstance(error, ValueError) and "not a valid checkpoint" in str(error):
        return Finding(
            f"there is no checkpoint '{str(error).rpartition(': ')[2]}'",
            "the path that `checkpoint` holds, as it is",
            f"A checkpoint is several files whose names have the same beginning; here its path is {checkpoint}.",
            finding.line,
        )
    return finding
