"""Fine-tunes a trained network on a few new images: is it worth more than to begin from scratch?

python labs/fine_tune.py --data drawn/info.csv      the newest run, and what the drawing board has kept
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # the project's folder, as for the scripts that stand there

import numpy as np

import kit.tensorflow1 as tf
import dlho2018
from dlho2018_nns import NETWORKS, build_network
from kit.cli import console
from kit.cli.errors import run_script
from kit.cli.lab_settings import FineTuneSettings
from kit.data.parts import TRAINING, VALIDATION
from kit.data.pipeline import in_order, without_autotune
from kit.evaluation.plots import ranges_png
from kit.labs.data import readable_lab_errors
from kit.labs.lab import Lab
from kit.labs.trained import last_layers, learnt_variables, new_images, numbers_of_labels
from kit.model.layer_registry import scope_of
from kit.runs.inside_plan import open_run_of_images
from kit.runs.session_errors import check_finite

BATCH = 64  # images at once, where nothing is learnt
WAYS = FROZEN, FINE_TUNED, FROM_SCRATCH = "frozen", "fine-tuned", "from scratch"


def main():
    lab = Lab("fine_tune", FineTuneSettings, __doc__)
    run = open_run_of_images(lab.settings.run, NETWORKS)
    data = new_images(lab.settings, run, dlho2018)
    with tf.Graph().as_default() as graph, readable_lab_errors(data):
        fine_tune(graph, lab, run, data)


def fine_tune(graph, lab, run, data):
    settings, counts = lab.settings, numbers_of_labels(lab, data)
    tf.set_random_seed(settings.seed)

    # 1 data: a few of the training images, in each draw others
    count_ph, draw_ph = tf.placeholder(tf.int64, [], "count"), tf.placeholder(tf.int64, [], "draw")
    lines = dlho2018.read_lines(data, TRAINING)  # (number int64 [], line string [])
    few = lines.shuffle(data.num_training, draw_ph, reshuffle_each_iteration=False).take(count_ph)
    examples = few.map(data.parse).cache().shuffle(max(counts), settings.seed)  # (uint8 [H, W, 3], int64 [])
    batches = examples.repeat().batch(settings.batch_size).take(settings.steps)
    iterator = tf.data.make_initializable_iterator(without_autotune(batches))
    next_element = iterator.get_next()
    held_out = in_order(data, VALIDATION, BATCH)

    # 2 graph: the run's network; its last layer has an output for each of the new classes
    images_ph, labels_ph = data.placeholders()  # uint8 [B, H, W, 3], int64 [B]
    is_training = tf.placeholder_with_default(False, [], "is_training")
    logits, head = build_network(run, data.scale(images_ph), data.num_classes, is_training)  # [B, classes]
    checkpoint, learnt = learnt_variables(run, data, tf.global_variables())  # the last layer's if it fits

    # 3 loss, and what it may change
    losses = head.per_example(labels_ph, logits)  # [B]
    loss = tf.reduce_mean(losses) + tf.losses.get_regularization_loss()  # []
    global_step = tf.train.get_or_create_global_step()
    learning_rate = tf.train.cosine_decay(settings.learning_rate, global_step, settings.steps)
    optimizer = tf.train.AdamOptimizer(learning_rate)
    may_learn = last_layers(tf.trainable_variables(), settings.layers)  # names: fc1, logits
    # blank 17: freeze all but the last layers
    last = [variable for variable in tf.trainable_variables() if scope_of(variable) in may_learn]
    train_last = optimizer.minimize(loss, global_step, var_list=last)
    # end of blank 17
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):  # batch norm's moving averages
        train_all = optimizer.minimize(loss, global_step)

    # 4 session
    initialize, saver = tf.global_variables_initializer(), tf.train.Saver(learnt)
    placeholders, outputs = (images_ph, labels_ph, is_training), (losses, head.probabilities(logits))
    tries = [(count, draw, way) for count in counts for draw in range(settings.repeats) for way in WAYS]
    accuracy = {way: {count: [] for count in counts} for way in WAYS}
    with tf.Session(graph=graph) as session, console.progress("training", len(tries), "networks") as progress:
        for count, draw, way in tries:
            session.run(initialize)
            if way != FROM_SCRATCH:
                saver.restore(session, checkpoint)
            session.run(iterator.initializer, feed_dict={count_ph: count, draw_ph: settings.seed + draw})

            # 5 loop
            while True:
                try:
                    images, labels = session.run(next_element)
                except tf.errors.OutOfRangeError:
                    break
                feed = {images_ph: images, labels_ph: labels, is_training: way != FROZEN}
                session.run(train_last if way == FROZEN else train_all, feed_dict=feed)
            result = dlho2018.evaluate(session, data, held_out, placeholders, outputs)
            check_finite(result.loss, settings.steps, run=None)
            accuracy[way][count].append(result.score)
            progress.advance(1)
            progress.say(f"{count} labels, draw {draw + 1}, {way}: accuracy {result.score:.3f}")
    report(lab, data, accuracy)


def report(lab, data, accuracy):
    """Draws the curves of {way: {number of labels: accuracies}}, and gives the means."""
    means = {(way, count): np.mean(scores) for way in WAYS for count, scores in accuracy[way].items()}
    folders = {way: way.replace(" ", "_").replace("-", "_") for way in WAYS}
    for way in WAYS:
        with tf.summary.FileWriter(lab.events(folders[way])) as writer:
            for count in accuracy[way]:
                value = tf.Summary.Value(tag="curves/accuracy_over_labels", simple_value=means[way, count])
                writer.add_summary(tf.Summary(value=[value]), count)
    lab.picture("accuracy", ranges_png(accuracy, "images with a label", "accuracy on held-out images"))
    counts = accuracy[FROZEN]
    console.say_table(["labels", *WAYS], [[count, *(f"{means[way, count]:.3f}" for way in WAYS)] for count in counts])
    gains = [f"{means[FINE_TUNED, count] - means[FROM_SCRATCH, count]:.3f} with {count} labels" for count in counts]
    lab.end(
        f"Fine-tuned above from scratch by {', '.join(gains)}: accuracy on {data.num_validation:,} held-out images, "
        f"mean of {lab.settings.repeats}.",
        **{f"{folders[way]}_{count}": mean for (way, count), mean in means.items()},
    )


if __name__ == "__main__":
    run_script(main)
