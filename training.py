"""Trains a network: on the images of a CSV file, or on the rows of a table.

python training.py                                   dataset.csv, the network `cnn`
python training.py --network my_network --epochs 20  your own design
python training.py --data X.tabular --labels y.tabular --architecture "dense 16 elu, dense 1 sigmoid"
python training.py --resume                          go on with the newest run
python training.py --explain_time                    where does a step's time go?
"""

import kit.tensorflow1 as tf
from dlho2018 import (
    csv_lines,
    decode,
    evaluate,
    examples_of,
    iterate,
    load_into_memory,
    look_up,
    parser_of,
    placeholders_of,
    scaled,
    wired_placeholders,
)
from dlho2018_nns import NETWORKS, build_network
from kit.cli import console
from kit.cli.errors import run_script
from kit.cli.flags import read_command_line
from kit.cli.interrupts import StopRequest
from kit.cli.settings import TrainingSettings
from kit.data.decoded_cache import cached_examples
from kit.data.image_csv import TRAINING, VALIDATION
from kit.data.sources import look_over_for_training
from kit.evaluation.export import check_initial_weights, load_weights
from kit.model.architecture_network import write_architecture
from kit.model.defaults import fill_defaults
from kit.model.layer_registry import say_layers
from kit.model.losses import ALIASES, LOSSES, loss_head
from kit.model.optimizers import OPTIMIZERS, first_rate, make_optimizer
from kit.model.precision import session_config
from kit.profiling.explain_time import explain_time
from kit.profiling.step_times import Loop
from kit.runs import checkpoints
from kit.runs.explanations import check_finite, training_errors_explained
from kit.runs.history import Epoch, EpochMeans, History, heading
from kit.runs.results import keep_mean_scores, keep_results
from kit.runs.run_folder import begin_or_resume
from kit.runs.tensorboard import SAMPLES, LookInside, confusion_matrix, of_outcome, settings_text

BATCHES_AHEAD = 2  # read while the network computes
STEPS_A_SUMMARY = 10  # of training, from one point of TensorBoard's curves to the next; an epoch's last is one too


def main():
    # 1 settings
    choices = {"network": NETWORKS, "loss": [*LOSSES, *ALIASES], "optimizer": OPTIMIZERS}
    settings, typed = read_command_line(TrainingSettings, __doc__, choices)
    settings = fill_defaults(settings, typed)
    if settings.write_architecture:
        write_architecture(settings)
        return
    runs = begin_or_resume(settings, typed, choices)  # one; or with --folds one for each
    for run in runs:
        records = look_over_for_training(run)
        check_initial_weights(run)
        with tf.Graph().as_default() as graph, training_errors_explained(records, run):
            history, outcome = train(graph, run.settings, run, records)
        if settings.explain_time:
            console.say_next(console.python("training.py"), console.tensorboard("runs"))
            return
        keep_results(run, records, history, outcome)

    # 7 next step
    if len(runs) > 1:
        keep_mean_scores(runs)
    other_data = [] if records.num_validation else ["--data", "..."]  # nothing was held back to evaluate
    one_fold = ["--run", run.name] if len(runs) > 1 else []
    console.say_next(console.python("evaluating.py", *one_fold, *other_data), console.tensorboard("runs"))


def train(graph, settings, run, records):
    """The lesson: data, graph, loss, session, loop. Returns the History and the last Outcome, if there is one."""
    tf.set_random_seed(settings.seed)
    if settings.deterministic:
        tf.compat.v2.config.experimental.enable_op_determinism()
    steps_an_epoch = -(-records.num_training // settings.batch_size)  # rounded up: the last batch may be smaller
    start = checkpoints.start_of(run)

    # 2 data: lines -> shuffled -> images, or a table's rows -> batches -> epochs
    parse = parser_of(records)  # a line -> (image uint8 [H, W, 3], label); or (row float32 [columns], label)
    with tf.name_scope("training_data"):
        training = csv_lines(records, TRAINING, streams=-(-records.num_training // records.most_shuffled))  # string []
        fed_arrays = {}  # {placeholder: array}, for the iterator's initializer
        if settings.input == "memory":
            images, labels = load_into_memory(training, parse, records.num_training)
            # blank 11: batches of arrays in memory
            images_in_memory = tf.placeholder(images.dtype, images.shape)  # uint8 [N, H, W, 3]
            labels_in_memory = tf.placeholder(labels.dtype, labels.shape)  # int64 [N]
            fed_arrays = {images_in_memory: images, labels_in_memory: labels}  # as constants they'd swell the graph
            training = tf.data.Dataset.from_tensor_slices((images_in_memory, labels_in_memory))
            training = training.shuffle(min(records.num_training, records.most_shuffled), seed=settings.seed)
            training = training.batch(settings.batch_size)
            training = training.repeat(settings.epochs)
            # end of blank 11
        elif settings.input == "cached":
            examples = cached_examples(records, decode(training, parse, records.num_training))  # on disk
            training = tf.data.Dataset.range(records.num_training)
            training = training.shuffle(min(records.num_training, records.most_shuffled), seed=settings.seed)
            training = training.batch(settings.batch_size)
            training = training.map(lambda numbers: look_up(numbers, examples))
            training = training.repeat(settings.epochs)
        else:
            # blank 4: shuffle, batch, repeat
            training = training.shuffle(min(records.num_training, records.most_shuffled), seed=settings.seed)
            training = training.map(parse, num_parallel_calls=tf.data.AUTOTUNE)
            training = training.batch(settings.batch_size)
            training = training.repeat(settings.epochs)
            # end of blank 4
        training = training.skip(start.batches_to_skip).prefetch(BATCHES_AHEAD)
        iterator, next_element = iterate(training)  # images uint8 [B, H, W, 3], labels int64 [B]
    with tf.name_scope("validation_data"):
        validation = examples_of(records, VALIDATION, parse).batch(settings.batch_size).prefetch(BATCHES_AHEAD)
        validation_iterator, next_validation_element = iterate(validation)
        samples = csv_lines(records, VALIDATION if records.num_validation else TRAINING)
        samples = samples.shuffle(records.most_shuffled, seed=settings.seed)
        samples = load_into_memory(samples, parse, min(SAMPLES, records.num_validation or records.num_training))

    # 3 graph
    is_direct = settings.input == "direct"  # nothing is fed: the graph takes its next batch itself
    images_ph, labels_ph, is_training = wired_placeholders(next_element) if is_direct else placeholders_of(records)
    global_step = tf.train.get_or_create_global_step()  # how many batches the network has learnt from
    inputs = scaled(images_ph, records)  # [B, H, W, 3] in [-1, 1]; or [B, columns]
    logits, head = build_network(run, inputs, records.num_classes, is_training)  # [B, classes]
    network_variables = tf.global_variables()

    # 4 loss, and the optimiser that makes it small
    goal = loss_head(settings.loss, *head, num_classes=records.num_classes)
    loss_of_each = goal.per_example  # (labels int64 [B], logits [B, classes]) -> float32 [B]
    probabilities = goal.probabilities(logits)  # [B, classes]
    with tf.name_scope("optimizer"):
        learning_rate = tf.train.exponential_decay(
            first_rate(settings), global_step, steps_an_epoch, settings.decay, staircase=True
        )
        if settings.reduce_on_plateau:
            plateau_factor = tf.get_variable("plateau_factor", initializer=1.0, trainable=False)
            learning_rate *= plateau_factor
        optimizer = make_optimizer(settings, learning_rate)
    # blank 7: loss, accuracy and train_op
    with tf.name_scope("objective"):
        losses = loss_of_each(labels_ph, logits)  # [B]
        batch_loss = tf.reduce_mean(losses) + tf.losses.get_regularization_loss()
        is_right = tf.equal(tf.argmax(probabilities, axis=1), tf.cast(labels_ph, tf.int64))  # [B]
        batch_accuracy = tf.reduce_mean(tf.cast(is_right, tf.float32))
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):  # batch norm's moving averages
        train_op = optimizer.minimize(batch_loss, global_step)
    # end of blank 7
    if records.is_regression:  # values, not classes: R2, which is 0 for who knows their mean alone
        batch_accuracy = 1.0 - tf.reduce_mean(tf.square(labels_ph - probabilities[:, 0])) / records.label_variance

    # 5 session, and what TensorBoard will show
    look_inside = LookInside(graph, images_ph, probabilities, records.class_names, samples)
    savers = checkpoints.Savers(run, start, network_variables, iterator)
    history = History(run.folder, records.score_name)
    run.begin(records)
    say_start(run, records, graph)
    # blank 9a: scalar summaries and a FileWriter
    tf.summary.scalar("curves/loss", batch_loss)
    tf.summary.scalar(f"curves/{records.score_name}", batch_accuracy)
    tf.summary.scalar("curves/learning_rate", learning_rate)
    scalars = tf.summary.merge_all()
    train_writer = tf.summary.FileWriter(run.events("train"), graph)
    # end of blank 9a
    with (
        tf.Session(graph=graph, config=session_config(settings)) as session,
        train_writer,
        tf.summary.FileWriter(run.events("validation")) as validation_writer,
        console.progress("training", settings.epochs * steps_an_epoch, "steps", done=start.step) as bar,
        StopRequest() as stop,
    ):
        # blank 8a: start the variables and the data
        session.run(tf.global_variables_initializer())
        session.run(iterator.initializer, feed_dict=fed_arrays)
        # end of blank 8a
        step, means, outcome = start.step, EpochMeans(records), None
        if start.checkpoint:
            means = EpochMeans(records, savers.restore(session, start))
            history.read(up_to_step=start.step)
        elif settings.initial_weights:
            load_weights(session, settings.initial_weights, run)
        for writer in (train_writer, validation_writer):  # TensorBoard drops what is now trained again
            writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), start.step + 1)
        graph.finalize()  # from here on, nothing is added to it
        if settings.explain_time:
            fetches = [train_op, batch_loss, batch_accuracy, learning_rate, scalars]
            loop = Loop(session, None if is_direct else next_element, (images_ph, labels_ph, is_training), fetches)
            explain_time(loop, run, records, lambda: csv_lines(records, TRAINING), parse, train_writer)
            return history, None
        run.write_config()
        train_writer.add_summary(settings_text(settings), start.step)

        if start.batches_to_skip and not start.restores_data:
            bar.say(f"Skipping {start.batches_to_skip:,} batches that the network has learnt from ...")

        def validate():
            return evaluate(
                session,
                validation_iterator,
                next_validation_element,
                placeholders=(images_ph, labels_ph, is_training),
                outputs=(losses, probabilities),
            )

        # 6 loop: fetch a batch, feed it, until there is none
        while not (stop.wanted or history.is_stale(settings.patience)):
            if is_direct:
                try:
                    labels, _, loss, accuracy, rate, summary = session.run(
                        [labels_ph, train_op, batch_loss, batch_accuracy, learning_rate, scalars], {is_training: True}
                    )
                except tf.errors.OutOfRangeError:
                    break
            else:
                # blank 8b: fetch a batch, feed it, until there is none
                try:
                    images, labels = session.run(next_element)
                except tf.errors.OutOfRangeError:
                    break
                _, loss, accuracy, rate, summary = session.run(
                    [train_op, batch_loss, batch_accuracy, learning_rate, scalars],
                    feed_dict={images_ph: images, labels_ph: labels, is_training: True},
                )
                # end of blank 8b
            step += 1
            check_finite(loss, step, run)
            means.add(loss, accuracy, len(labels))
            bar.advance(1, str(means))
            if step % STEPS_A_SUMMARY == 0 or step % steps_an_epoch == 0:
                # blank 9b: a point of the curves
                train_writer.add_summary(summary, step)
                # end of blank 9b

            if step % steps_an_epoch == 0:  # an epoch is over: validate, write down, save
                seconds = means.seconds
                if records.num_validation:
                    outcome = validate()
                    check_finite(outcome.loss, step, run)
                    validation_writer.add_summary(of_outcome(outcome, records), step)
                history.add(Epoch.of(step // steps_an_epoch, step, rate, means, seconds, outcome))
                bar.say(str(history.epochs[-1]))
                if settings.reduce_on_plateau:
                    reductions = history.reductions(settings.reduce_on_plateau)
                    plateau_factor.load(settings.reduce_factor**reductions, session)
                train_writer.add_summary(look_inside.summary(session), step)
                savers.save(session, step, EpochMeans(records), is_best=history.last_is_best)
                means = EpochMeans(records)

        if stop.wanted:
            savers.save(session, step, means, is_best=False)
            console.say(
                f"Saved at step {step}. Go on with: {console.python('training.py', '--resume', '--run', run.name)}"
            )
            raise KeyboardInterrupt
        if records.num_validation and outcome is None:  # stopped after the last epoch, before its results
            outcome = validate()
        if outcome:
            validation_writer.add_summary(confusion_matrix(outcome, records.class_names), step)
    return history, outcome


def say_start(run, records, graph):
    """Tells what is about to be trained, on what."""
    console.say(f"{records.csv_path}: {run.facts}")
    say_layers(graph)
    if run.settings.explain_time:
        return
    console.say(f"Run {run.name}: {run.design}, {run.settings.loss}, epochs: {run.settings.epochs}")
    console.say(heading(records.score_name))


if __name__ == "__main__":
    run_script(main)
