"""The bookkeeping of a training: progress, curves, validation, checkpoints, resuming, stopping early.

Other projects have loggers and session hooks for this (Spinning Up's EpochLogger, tf.train.SessionRunHook). What is
left in training.py is the lesson.
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
from kit.data.pipeline import decode_all, in_order, without_autotune
from kit.data.shares import own_examples
from kit.evaluation.result import EvaluationResult
from kit.model.layer_registry import say_layers
from kit.model.optimizers import falling_rate
from kit.runs import checkpoints, tensorboard
from kit.runs.checkpoints import Savers
from kit.runs.history import Epoch, EpochMeans, History, heading
from kit.runs.results import save_results
from kit.runs.run_folder import Run
from kit.runs.session_errors import check_finite
from kit.runs.team import Team

STEPS_PER_POINT = 10  # of TensorBoard's curves; each epoch's last step is a point, too


class TrainingGraph(NamedTuple):
    """The parts of training.py's graph that the bookkeeping needs."""

    iterator: Any  # of the training batches
    next_element: tuple  # (images [B, ...], labels [B]), the next batch
    placeholders: tuple  # (images_ph, labels_ph, is_training)
    outputs: tuple  # (losses [B], probabilities [B, classes])
    fetches: Sequence  # of a step: train_op, batch_loss, batch_score, learning_rate, scalars
    network_variables: Sequence  # those of the network, and the step counter; none of the optimiser
    writer: Any  # tf.summary.FileWriter of the training curves


class Recorder:
    """The bookkeeping of one run. The methods stand in the order in which training.py calls them."""

    def __init__(self, run: Run, data: Data) -> None:
        """Finds where the run starts, and adds the validation data to the default graph.

        Args:
          run: new or resumed.
          data: that it learns from.
        Raises:
          UserError: its newest checkpoint can't be read.
        """
        self._run, self._settings, self._data = run, run.settings, data
        if run.settings.deterministic:
            tf.compat.v2.config.experimental.enable_op_determinism()
        self._team = Team(run, lambda: self._stop.wanted)
        self._start = checkpoints.start_of(run)
        self._steps_per_epoch = math.ceil(data.num_training / run.settings.batch_size)  # the last batch may be smaller
        checkpoints.check_epochs(run, self._start, self._steps_per_epoch)
        self._step, self._means = self._start.step, EpochMeans(data)
        from kit.runs.data_length import LengthCheck  # here, like others below: `--help` needs none
        from kit.runs.guessing import Guessing

        self._guessing = Guessing(data, run.settings)
        self._length = LengthCheck(data, run.settings, self._steps_per_epoch, self._step)
        self._history = History(run.folder, data.score_name)
        self._validation_writer: Any = None  # begun at the first validation
        self._result: EvaluationResult | None = None  # of the last validation
        self._plateau_factor: Any = None  # a variable, with --reduce_on_plateau
        if data.num_validation:
            with tf.name_scope("validation_data"):
                self._validation_batches = in_order(data, VALIDATION, run.settings.batch_size, self._team.share)

    # ------------------------------------------------------------------------- while the graph is built

    def remaining_batches(self, training: tf.data.Dataset) -> tf.data.Dataset:
        """The batches that are still to come.

        Args:
          training: the lesson's batches of all epochs; --input may replace them by the same batches from elsewhere.
        Returns:
          A tf.data.Dataset. Where the checkpoint can't restore the place in the data, the first batches are skipped.
        """
        training = training_batches(self._data, self._settings, training).skip(self._start.batches_to_skip)
        if self._team.share:
            training = own_examples(training, self._data, self._team.share)
        return without_autotune(training)

    def learning_rate(self, global_step: tf.Tensor) -> tf.Tensor:
        """The learning rate, float32 []: lower from step to step or by --decay, and on a plateau.

        Args:
          global_step: int64 [], how many batches the network has learnt from.
        """
        with tf.name_scope("optimizer"):
            rate = falling_rate(self._settings, global_step, self._steps_per_epoch)
            if self._settings.reduce_on_plateau:
                self._plateau_factor = tf.get_variable("plateau_factor", initializer=1.0, trainable=False)
                rate *= self._plateau_factor
        return rate

    def watch(self, **parts: Any) -> None:
        """Adds to the graph what checkpoints and TensorBoard need, makes the run's folder, and prints what is trained.

        Args:
          parts: the fields of TrainingGraph, by name.
        Raises:
          UserError: the batches can't be fed, the --initial_weights don't fit, there is too little memory, the folder
            can't be made, or the data has changed since the run began.
        """
        from kit.runs.script_errors import check_fed

        self._parts, self._graph = TrainingGraph(**parts), tf.get_default_graph()
        check_fed(self._parts.next_element, self._parts.placeholders, self._data)
        (images_ph, *_), (_, probabilities) = self._parts.placeholders, self._parts.outputs
        self._inspector = tensorboard.NetworkInspector(
            self._graph, images_ph, probabilities, self._data.class_names, self._samples()
        )
        from kit.runs.memory_needs import check_memory

        check_memory(self._graph, self._data, self._settings.batch_size)
        if self._settings.initial_weights and not self._run.is_resumed:
            from kit.runs.initial_weights import check_initial_weights

            given, variables = self._settings.initial_weights, self._parts.network_variables
            check_initial_weights(given, self._run, self._data, variables)
        self._savers = Savers(self._run, self._start, self._parts.network_variables, self._parts.iterator)
        self._team.agree(self._data)
        self._run.begin(self._data)
        self._say_data_and_layers()
        console.say(f"Run {self._run.name}: {self._run.design}, {self._settings.loss}, epochs: {self._settings.epochs}")
        console.say(heading(self._data.score_name))

    def _samples(self) -> tuple:
        """A few examples for TensorBoard's pictures and histograms: arrays (examples [N, ...], labels [N])."""
        data, seed = self._data, self._settings.seed
        part = VALIDATION if data.num_validation else TRAINING

        def lines() -> tf.data.Dataset:
            return data.lesson.read_lines(data, part).shuffle(data.most_shuffled, seed=seed)

        return decode_all(data, lines, min(tensorboard.SAMPLES, data.count(part)), seed)

    def _say_data_and_layers(self) -> None:
        console.say(f"{self._data.source}: {self._run.data_spec}")
        say_layers(self._graph)

    # ------------------------------------------------------------------------- as the session starts

    def __enter__(self) -> Recorder:
        with contextlib.ExitStack() as stack:
            stack.enter_context(self._parts.writer)
            self._bar = stack.enter_context(console.progress("training", self._length.steps, "steps", done=self._step))
            self._stop = stack.enter_context(StopRequest())
            self._open = stack.pop_all()
        return self

    def begin(self, session: tf.Session) -> None:
        """Restores a resumed run's values; from here on, the graph can't be changed.

        Args:
          session: with variables and data started.
        Raises:
          UserError: the checkpoint, the history or the --initial_weights don't fit or can't be read.
        """
        self._session = session
        self._team.begin(session)
        if self._start.checkpoint:
            so_far = self._savers.restore(session, self._start.checkpoint, self._start.restores_data)
            self._means = EpochMeans(self._data, so_far)
            self._history.resume(self._step, self._steps_per_epoch, self._settings.epochs, self._settings.patience)
        elif self._settings.initial_weights:
            from kit.runs.initial_weights import load_initial_weights

            load_initial_weights(session, self._settings.initial_weights, self._run, self._parts.network_variables)
        self._note_start(self._parts.writer)
        self._graph.finalize()
        self._run.write_config()
        self._parts.writer.add_summary(tensorboard.settings_text(self._settings), self._step)
        if self._start.batches_to_skip and not self._start.restores_data:
            self._bar.say(f"Skipping {self._start.batches_to_skip:,} batches that the network has learnt from ...")

    # ------------------------------------------------------------------------- in the loop

    def goes_on(self) -> bool:
        """Whether to train another step: not after Ctrl-C, nor after --patience epochs without a better validation.

        Nor after the last epoch, if the data doesn't end there.
        """
        is_stale = self._history.is_stale(self._settings.patience)
        return not (self._team.stops or is_stale or self._length.are_over(self._step))

    def add(self, loss: float, score: float, learning_rate: float, count: int) -> int:
        """Counts a step and shows the progress.

        Args:
          loss, score: means over its batch.
          learning_rate: of this step.
          count: how many examples are in its batch.
        Returns:
          The step's number; a run's first is 1.
        Raises:
          UserError: the loss is infinite or not a number.
        """
        self._step += 1
        self._rate = learning_rate
        check_finite(loss, self._step, self._run)
        self._means.add(loss, score, count)
        self._bar.advance(1, str(self._means))
        return self._step

    @property
    def wants_point(self) -> bool:
        """Whether this step is a point of TensorBoard's curves."""
        return self._step % STEPS_PER_POINT == 0 or self.epoch_is_over

    @property
    def epoch_is_over(self) -> bool:
        """Whether this step is an epoch's last."""
        return self._step % self._steps_per_epoch == 0

    def end_epoch(self) -> None:
        """Validates, adds a line to history.csv, and writes the newest checkpoint, and the best if this is it.

        Raises:
          UserError: the validation loss is infinite or not a number, or a file can't be written.
        """
        seconds = self._means.seconds  # of training only
        if self._data.num_validation:
            self._result = self._validate()
            check_finite(self._result.loss, self._step, self._run)
            summary = tensorboard.validation_summary(self._result, self._data)
            self._write_validation(summary)
        number = self._step // self._steps_per_epoch
        _, _, examples, _ = self._means.so_far
        self._length.check_epoch(number, examples)
        self._length.check_learnt(self._step, int(self._session.run(tf.train.get_global_step(self._graph))))
        self._team.end_epoch(self._session, self._step, self._parts.network_variables)
        self._history.add(Epoch.of(number, self._step, self._rate, self._means, seconds, self._result))
        self._bar.say(str(self._history.epochs[-1]))
        advice = self._guessing.advice(self._history.epochs[-1], self._result)
        if advice:
            self._bar.say(advice)
        if self._settings.reduce_on_plateau:
            reductions = self._history.reductions(self._settings.reduce_on_plateau)
            self._plateau_factor.load(self._settings.reduce_factor**reductions, self._session)
        self._parts.writer.add_summary(self._inspector.summary(self._session), self._step)
        nothing_yet = EpochMeans(self._data)  # of the epoch to come
        self._savers.save(self._session, self._step, nothing_yet, is_best=self._history.last_is_best)
        self._means = EpochMeans(self._data)  # its time starts now that all is written

    def _validate(self) -> EvaluationResult:
        parts, evaluate = self._parts, self._data.lesson.evaluate
        result = evaluate(self._session, self._data, self._validation_batches, parts.placeholders, parts.outputs)
        from kit.runs.data_length import check_evaluated

        check_evaluated(result, self._data)
        return result

    def _write_validation(self, summary: tf.Summary) -> None:
        """Writes to validation's event file. It is begun only now: TensorBoard gives a colour to an empty one, too."""
        if self._validation_writer is None:
            self._validation_writer = self._open.enter_context(tf.summary.FileWriter(self._run.events("validation")))
            self._note_start(self._validation_writer)
        self._validation_writer.add_summary(summary, self._step)

    def _note_start(self, writer: tf.summary.FileWriter) -> None:
        """Makes TensorBoard drop the steps that a resumed run trains again."""
        writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), self._start.step + 1)

    # ------------------------------------------------------------------------- after the loop

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        with self._open:
            if error is None:
                self._end()
                self._team.finish()
            elif lost := self._team.explain(error):
                raise lost from error
        if error is None:
            self._length.say_done(self._history)
            save_results(self._run, self._data, self._history, self._result)

    def _check_length(self) -> None:
        """Says if the data wasn't as long as the epochs; its place in the newest checkpoint is then that of a fault."""
        if self._step != self._length.steps:
            checkpoints.doubt_place(self._run)
        self._length.check_end(self._step, len(self._history.epochs))

    def _end(self) -> None:
        """Saves a training that Ctrl-C stopped; completes the results of one that has ended."""
        if self._team.stops:
            self._savers.save(self._session, self._step, self._means, is_best=False)
            go_on = console.python("training.py", "--resume", "--run", self._run.name_to_resume)
            console.say(f"Saved at step {self._step}. Continue with: {go_on}")
            self._team.finish()
            raise KeyboardInterrupt  # run_script ends the process, as for any Ctrl-C
        if not self._history.is_stale(self._settings.patience):
            self._check_length()
        if self._data.num_validation and self._result is None:  # resumed after its last epoch
            self._result = self._validate()
        if self._result:
            matrix = tensorboard.confusion_matrix(self._result, self._data.class_names)
            self._write_validation(matrix)
