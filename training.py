"""Trains a network to tell the images of a CSV file apart.

python training.py                                   dataset.csv, the network `cnn`
python training.py --network my_network --epochs 20  your own design
python training.py --resume                          go on with the newest run
"""

import kit.tensorflow1 as tf
from dlho2018 import csv_images, csv_lines, evaluate, iterate, load_into_memory, parse_line, placeholders, scale_pixels
from dlho2018_nns import NETWORKS
from kit import checkpoints, console
from kit.errors import run_script
from kit.explanations import check_finite, check_logits, design_errors_explained, image_errors_explained
from kit.flags import read_command_line
from kit.history import HEADING, Epoch, EpochMeans, History
from kit.interrupts import StopRequest
from kit.layer_list import say_layers
from kit.losses import LOSSES
from kit.optimizers import OPTIMIZERS
from kit.records import TRAINING, VALIDATION, check_batch_size, check_parts, look_over
from kit.runs import begin_or_resume
from kit.settings import TrainingSettings
from kit.summaries import SAMPLES, LookInside, confusion_matrix, of_outcome, settings_text

MOST_SHUFFLED = 100_000  # lines at once, not images: they take little memory
BATCHES_AHEAD = 2  # read while the network computes
STEPS_A_SUMMARY = 10  # of training, from one point of TensorBoard's curves to the next; an epoch's last is one too


def main():
    # 1 settings
    choices = {"network": NETWORKS, "loss": LOSSES, "optimizer": OPTIMIZERS}
    settings, typed = read_command_line(TrainingSettings, __doc__, choices)
    run = begin_or_resume(settings, typed, choices)
    settings = run.settings
    records = look_over(settings.data, settings.validation, settings.skip_bad)
    check_parts(records, [TRAINING, VALIDATION])
    check_batch_size(records, settings.batch_size)
    with tf.Graph().as_default() as graph, image_errors_explained(records):
        history = train(graph, settings, run, records)

    # 7 next step
    best = history.best
    console.say(f"The best: epoch {best.epoch}, with a validation accuracy of {best.validation_accuracy:.4f}")
    console.say_next(console.python("evaluating.py"), console.tensorboard("runs"))


def train(graph, settings, run, records):
    """The lesson: data, graph, loss, session, loop. Returns the History."""
    tf.set_random_seed(settings.seed)
    height, width = records.image_size
    steps_an_epoch = -(-records.num_training // settings.batch_size)  # rounded up: the last batch may be smaller
    start = checkpoints.start_of(run)

    # 2 data: lines -> shuffled -> images -> batches -> epochs
    def parse(line):
        return parse_line(line, records.folder, records.image_size)

    with tf.name_scope("training_data"):
        training = csv_lines(records, TRAINING, streams=-(-records.num_training // MOST_SHUFFLED))  # string []
        fed_arrays = {}  # {placeholder: array}, for the iterator's initializer
        if settings.in_memory:
            images, labels = load_into_memory(training, parse, records.num_training, records.image_size)
            # blank 11: batches of arrays in memory
            images_in_memory = tf.placeholder(images.dtype, images.shape)  # uint8 [N, H, W, 3]
            labels_in_memory = tf.placeholder(labels.dtype, labels.shape)  # int64 [N]
            fed_arrays = {images_in_memory: images, labels_in_memory: labels}  # as constants they'd swell the graph
            training = tf.data.Dataset.from_tensor_slices((images_in_memory, labels_in_memory))
            training = training.shuffle(records.num_training, seed=settings.seed)
            training = training.batch(settings.batch_size)
            training = training.repeat(settings.epochs)
            # end of blank 11
        else:
            # blank 4: shuffle, batch, repeat
            training = training.shuffle(min(records.num_training, MOST_SHUFFLED), seed=settings.seed)
            training = training.map(parse, num_parallel_calls=tf.data.AUTOTUNE)
            training = training.batch(settings.batch_size)
            training = training.repeat(settings.epochs)
            # end of blank 4
        training = training.skip(start.batches_to_skip).prefetch(BATCHES_AHEAD)
        iterator, next_element = iterate(training)  # images uint8 [B, H, W, 3], labels int64 [B]
    with tf.name_scope("validation_data"):
        validation = csv_images(records, VALIDATION, parse).batch(settings.batch_size).prefetch(BATCHES_AHEAD)
        validation_iterator, next_validation_element = iterate(validation)
        samples = csv_lines(records, VALIDATION).shuffle(MOST_SHUFFLED, seed=settings.seed)
        samples = load_into_memory(samples, parse, min(SAMPLES, records.num_validation), records.image_size)

    # 3 graph
    images_ph, labels_ph, is_training = placeholders(height, width)
    global_step = tf.train.get_or_create_global_step()  # how many batches the network has learnt from
    with design_errors_explained():
        network = NETWORKS[settings.network]
        logits = network(scale_pixels(images_ph), records.num_classes, is_training)  # [B, classes]
        check_logits(logits, settings.network, records.num_classes)
    network_variables = tf.global_variables()

    # 4 loss, and the optimiser that makes it small
    loss_of_each = LOSSES[settings.loss].of_each  # (labels int64 [B], logits [B, classes]) -> float32 [B]
    probabilities = LOSSES[settings.loss].probabilities(logits)  # [B, classes]
    first_rate = settings.learning_rate or OPTIMIZERS[settings.optimizer].learning_rate
    with tf.name_scope("optimizer"):
        learning_rate = tf.train.exponential_decay(
            first_rate, global_step, steps_an_epoch, settings.decay, staircase=True
        )
        optimizer = OPTIMIZERS[settings.optimizer].make(learning_rate)
    # blank 7: loss, accuracy and train_op
    with tf.name_scope("objective"):
        losses = loss_of_each(labels_ph, logits)  # [B]
        batch_loss = tf.reduce_mean(losses) + tf.losses.get_regularization_loss()
        batch_accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, axis=1), labels_ph), tf.float32))
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):  # batch norm's moving averages
        train_op = optimizer.minimize(batch_loss, global_step)
    # end of blank 7

    # 5 session, and what TensorBoard will show
    look_inside = LookInside(graph, images_ph, probabilities, records.class_names, samples)
    savers = checkpoints.Savers(run, start, network_variables, iterator)
    history = History(run.folder)
    run.begin(records)
    say_start(run, records, graph)
    # blank 9a: scalar summaries and a FileWriter
    tf.summary.scalar("curves/loss", batch_loss)
    tf.summary.scalar("curves/accuracy", batch_accuracy)
    tf.summary.scalar("curves/learning_rate", learning_rate)
    scalars = tf.summary.merge_all()
    train_writer = tf.summary.FileWriter(run.events("train"), graph)
    # end of blank 9a
    with (
        tf.Session(graph=graph) as session,
        train_writer,
        tf.summary.FileWriter(run.events("validation")) as validation_writer,
        console.progress("training", settings.epochs * steps_an_epoch, "steps", done=start.step) as bar,
        StopRequest() as stop,
    ):
        # blank 8a: start the variables and the data
        session.run(tf.global_variables_initializer())
        session.run(iterator.initializer, feed_dict=fed_arrays)
        # end of blank 8a
        if start.checkpoint:
            savers.restore(session, start)
            history.read(up_to_step=start.step)
            for writer in (train_writer, validation_writer):  # TensorBoard drops what is now trained again
                writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), start.step + 1)
        run.write_config()
        train_writer.add_summary(settings_text(settings), start.step)
        graph.finalize()  # from here on, nothing is added to it

        if start.batches_to_skip and not start.restores_data:
            bar.say(f"Skipping {start.batches_to_skip:,} batches that the network has learnt from ...")

        # 6 loop: fetch a batch, feed it, until there is none
        step, means, outcome = start.step, EpochMeans(), None
        while not (stop.wanted or history.is_stale(settings.patience)):
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
                outcome = evaluate(
                    session,
                    validation_iterator,
                    next_validation_element,
                    placeholders=(images_ph, labels_ph, is_training),
                    outputs=(losses, probabilities),
                )
                check_finite(outcome.loss, step, run)
                history.add(Epoch.of(step // steps_an_epoch, step, rate, means, seconds, outcome))
                bar.say(str(history.epochs[-1]))
                validation_writer.add_summary(of_outcome(outcome, records.class_names), step)
                train_writer.add_summary(look_inside.summary(session), step)
                savers.save(session, step, is_best=history.last_is_best)
                means = EpochMeans()

        if stop.wanted:
            savers.save(session, step, is_best=False)
            console.say(
                f"Saved at step {step}. Go on with: {console.python('training.py', '--resume', '--run', run.name)}"
            )
            raise KeyboardInterrupt
        if outcome:
            validation_writer.add_summary(confusion_matrix(outcome, records.class_names), step)
    return history


def say_start(run, records, graph):
    """Tells what is about to be trained, on what."""
    console.say(
        f"{records.csv_path}: {records.num_training:,} training and {records.num_validation:,} validation images of "
        f"{' x '.join(map(str, records.image_size))}, classes {', '.join(records.class_names)}"
    )
    say_layers(graph)
    console.say(f"Run {run.name}: network {run.settings.network}, epochs: {run.settings.epochs}")
    console.say(HEADING)


if __name__ == "__main__":
    run_script(main)
