"""The bookkeeping of a training: progress, curves, validation, checkpoints, resuming, stopping early.

It plays the part that loggers and session hooks play elsewhere (Spinning Up's EpochLogger, tf.train.SessionRunHook),
so that what is left in training.py is the lesson.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.interrupts import StopRequest
from kit.data.inputs import training_batches
from kit.data.interface import Data
from kit.data.parts import TRAINING, VALIDATION
from kit.data.pipeline import decode_all, without_autotune
from kit.evaluation.result import EvaluationResult
from kit.model.layer_registry import say_layers
from kit.model.optimizers import first_rate
from kit.model.precision import session_config
from kit.runs import checkpoints, export, tensorboard
from kit.runs.checkpoints import Savers
from kit.runs.history import Epoch, EpochMeans, History, heading
from kit.runs.results import save_results
from kit.runs.run_folder import Run
from kit.runs.session_errors import check_finite

BATCHES_AHEAD = 2  # read while the network computes
STEPS_PER_POINT = 10  # of TensorBoard's curves; an epoch's last step is one, too


class TrainingGraph(NamedTuple):
    """The parts of training.py's graph that the bookkeeping needs."""

    iterator: Any  # of the training batches
    next_element: tuple  # (images [B, ...], labels [B]): what fetching gives
    placeholders: tuple  # (images_ph, labels_ph, is_training)
    outputs: tuple  # (losses [B], probabilities [B, classes])
    fetches: Sequence  # what a step runs: train_op, batch_loss, batch_score, learning_rate, scalars
    network_variables: Sequence  # those that make up the network
    writer: Any  # tf.summary.FileWriter of the training curves


class Recorder:
    """Keeps the books of one run. Its methods stand here in the order in which training.py calls them."""

    def __init__(self, run: Run, data: Data) -> None:
        """Adds the validation data to the default graph, which is empty yet."""
        self._run, self._settings, self._data = run, run.settings, data
        export.check_initial_weights(run)
        self._start = checkpoints.start_of(run)
        self._steps_per_epoch = math.ceil(data.num_training / run.settings.batch_size)  # the last batch may be smaller
        self._step, self._means = self._start.step, EpochMeans(data)
        self._result: EvaluationResult | None = None
        self._history = History(run.folder, data.score_name)
        self._plateau_factor = None
        if data.num_validation:
            with tf.name_scope("validation_data"):
                self._validation = data.lesson.in_order(data, VALIDATION, run.settings.batch_size)

    # ------------------------------------------------------------------------- while the graph is built

    def resume(self, training: tf.data.Dataset) -> tf.data.Dataset:
        """The batches from where the run was stopped, the next ones read ahead.

        Args:
          training: the batches of all epochs, decoded from the file's lines; --input may bring them another way.
        """
        training = training_batches(self._data, self._settings, training)
        return without_autotune(training.skip(self._start.batches_to_skip).prefetch(BATCHES_AHEAD))

    def learning_rate(self, global_step: tf.Tensor) -> tf.Tensor:
        """The learning rate, float32 []: it falls by --decay with each epoch, and where validation stands still."""
        with tf.name_scope("optimizer"):
            rate = tf.train.exponential_decay(
                first_rate(self._settings), global_step, self._steps_per_epoch, self._settings.decay, staircase=True
            )
            if self._settings.reduce_on_plateau:
                self._plateau_factor = tf.get_variable("plateau_factor", initializer=1.0, trainable=False)
                rate *= self._plateau_factor
        return rate

    @property
    def session_config(self) -> tf.ConfigProto:
        """How the session computes: --precision."""
        return session_config(self._settings)

    def watch(self, **parts: Any) -> None:
        """Adds what validation, checkpoints and TensorBoard need to the graph; says what is about to be trained.

        Args:
          parts: those of TrainingGraph, by name.
        """
        self._parts, self._graph = TrainingGraph(**parts), tf.get_default_graph()
        data = self._data
        self._inspector = tensorboard.NetworkInspector(
            self._graph, self._parts.placeholders[0], self._parts.outputs[1], data.class_names, self._samples()
        )
        self._savers = Savers(self._run, self._start, self._parts.network_variables, self._parts.iterator)
        self._run.begin(data)
        self._say_start()

    def _samples(self) -> tuple:
        """A few examples to look at after each epoch: arrays (examples, labels)."""
        data, seed = self._data, self._settings.seed
        part = VALIDATION if data.num_validation else TRAINING

        def lines() -> tf.data.Dataset:
            return data.lesson.read_lines(data, part).shuffle(data.most_shuffled, seed=seed)

        return decode_all(data, lines, min(tensorboard.SAMPLES, data.count(part)), seed)

    def _say_start(self) -> None:
        console.say(f"{self._data.path}: {self._run.data_spec}")
        say_layers(self._graph)
        console.say(f"Run {self._run.name}: {self._run.design}, {self._settings.loss}, epochs: {self._settings.epochs}")
        console.say(heading(self._data.score_name))

    # ------------------------------------------------------------------------- around the session

    def __enter__(self) -> Recorder:
        total = self._settings.epochs * self._steps_per_epoch
        with contextlib.ExitStack() as stack:
            stack.enter_context(self._parts.writer)
            self._validation_writer = stack.enter_context(tf.summary.FileWriter(self._run.events("validation")))
            self._bar = stack.enter_context(console.progress("training", total, "steps", done=self._step))
            self._stop = stack.enter_context(StopRequest())
            self._open = stack.pop_all()
        return self

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        with self._open:
            if error is None:
                self._end()
        if error is None:
            save_results(self._run, self._data, self._history, self._result)

    def begin(self, session: tf.Session) -> None:
        """Takes up the values of a resumed run; from here on, nothing is added to the graph."""
        self._session = session
        if self._start.checkpoint:
            so_far = self._savers.restore(session, self._start.checkpoint, self._start.restores_data)
            self._means = EpochMeans(self._data, so_far)
            self._history.read(up_to_step=self._step)
        elif self._settings.initial_weights:
            export.load_weights(session, self._settings.initial_weights, self._run)
        for writer in (self._parts.writer, self._validation_writer):  # TensorBoard drops what is trained again
            writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), self._step + 1)
        self._graph.finalize()
        self._run.write_config()
        self._parts.writer.add_summary(tensorboard.settings_text(self._settings), self._step)
        if self._start.batches_to_skip and not self._start.restores_data:
            self._bar.say(f"Skipping {self._start.batches_to_skip:,} batches that the network has learnt from ...")

    # ------------------------------------------------------------------------- in the loop

    def goes_on(self) -> bool:
        """False once Ctrl-C was pressed, or validation got no better for --patience epochs."""
        return not (self._stop.wanted or self._history.is_stale(self._settings.patience))

    def add(self, loss: float, score: float, learning_rate: float, count: int) -> int:
        """Notes a step.

        Args:
          loss, score: means over the batch.
          learning_rate: that it was made with.
          count: how many examples it has.
        Returns:
          The step's number, from 1 in the first epoch.
        Raises:
          UserError: the loss is no finite number.
        """
        self._step += 1
        self._rate = learning_rate
        check_finite(loss, self._step, self._run)
        self._means.add(loss, score, count)
        self._bar.advance(1, str(self._means))
        return self._step

    @property
    def epoch_is_over(self) -> bool:
        """Whether the last step was an epoch's last."""
        return self._step % self._steps_per_epoch == 0

    @property
    def wants_point(self) -> bool:
        """Whether the last step is to be a point of TensorBoard's curves."""
        return self._step % STEPS_PER_POINT == 0 or self.epoch_is_over

    def end_epoch(self) -> None:
        """Validates, adds a line to history.csv, and saves: the newest checkpoint, and the best if this is it."""
        seconds = self._means.seconds
        if self._data.num_validation:
            self._result = self._validate()
            check_finite(self._result.loss, self._step, self._run)
            summary = tensorboard.validation_summary(self._result, self._data)
            self._validation_writer.add_summary(summary, self._step)
        number = self._step // self._steps_per_epoch
        self._history.add(Epoch.of(number, self._step, self._rate, self._means, seconds, self._result))
        self._bar.say(str(self._history.epochs[-1]))
        if self._plateau_factor is not None and self._settings.reduce_on_plateau:
            reductions = self._history.reductions(self._settings.reduce_on_plateau)
            self._plateau_factor.load(self._settings.reduce_factor**reductions, self._session)
        self._parts.writer.add_summary(self._inspector.summary(self._session), self._step)
        self._savers.save(self._session, self._step, EpochMeans(self._data), is_best=self._history.last_is_best)
        self._means = EpochMeans(self._data)

    def _validate(self) -> EvaluationResult:
        parts, evaluate = self._parts, self._data.lesson.evaluate
        return evaluate(self._session, self._data, self._validation, parts.placeholders, parts.outputs)

    # ------------------------------------------------------------------------- after the loop

    def _end(self) -> None:
        """Saves a training that was stopped; or tells and keeps the results of one that has ended."""
        if self._stop.wanted:
            self._savers.save(self._session, self._step, self._means, is_best=False)
            go_on = console.python("training.py", "--resume", "--run", self._run.name)
            console.say(f"Saved at step {self._step}. Go on with: {go_on}")
            raise KeyboardInterrupt
        if self._data.num_validation and self._result is None:  # stopped after the last epoch, before its results
            self._result = self._validate()
        if self._result:
            matrix = tensorboard.confusion_matrix(self._result, self._data.class_names)
            self._validation_writer.add_summary(matrix, self._step)
