"""Evaluates a trained network: on its run's validation data, on another CSV or table, or on single images.

python evaluating.py                          the newest run, its best checkpoint, its validation data
python evaluating.py --data other.csv         all the images of another CSV
python evaluating.py --images a.png b.png     what is on these?
python evaluating.py --data X_test.tabular --labels y_test.tabular    a table; without --labels it is predicted
"""

import time

import kit.tensorflow1 as tf
from dlho2018 import (
    csv_lines,
    evaluate,
    iterate,
    parser_of,
    placeholders,
    placeholders_of,
    read_image,
    scale_pixels,
    scaled,
)
from dlho2018_nns import NETWORKS, build_network
from kit.cli import console
from kit.cli.errors import UserError, run_script
from kit.cli.flags import read_command_line
from kit.cli.settings import EvaluatingSettings
from kit.data.image_csv import VALIDATION
from kit.data.image_files import common_size
from kit.data.sources import check_is_of_images, look_over_for_evaluation
from kit.evaluation import export as exchange
from kit.evaluation import report_files as reports
from kit.model.losses import ALIASES, LOSSES, loss_head
from kit.model.precision import session_config
from kit.runs import checkpoints
from kit.runs.explanations import event_errors_explained, image_errors_explained
from kit.runs.run_folder import open_run

MOST_AT_ONCE = 256  # examples, in a batch
PIXELS_AT_ONCE = MOST_AT_ONCE * 128 * 128
OF_NO_USE_WITH_IMAGES = {"data", "labels", "label_column", "batch_size", "skip_bad"}


def main():
    # 1 settings: most are the run's own
    settings, typed = read_command_line(EvaluatingSettings, __doc__)
    useless = typed & OF_NO_USE_WITH_IMAGES if settings.images else set()
    if useless:
        raise UserError(f"--{min(useless)}: of no use with --images; leave out one of them.")
    run = open_run(settings.run, {"network": NETWORKS, "loss": [*LOSSES, *ALIASES]}, settings.checkpoint)
    console.say(f"Run {run.name}, {run.design}, {settings.weights or f'{settings.checkpoint} checkpoint'}")
    exchange.check_wanted(settings, run)
    if settings.images:
        check_is_of_images(run)
        size = common_size(settings.images)
        with tf.Graph().as_default():
            classify(settings, size, run)
    else:
        records = look_over_for_evaluation(settings, run)
        with tf.Graph().as_default(), image_errors_explained(records), event_errors_explained():
            evaluate_records(settings, records, run)


def evaluate_records(settings, records, run):
    """Runs the network over the VALIDATION part of a CSV or a table, and reports how well it did."""
    # 2 data: in the file's order, once
    with tf.name_scope("evaluation_data"):
        batch_size = settings.batch_size or batch_size_for(records.input_shape)
        examples = csv_lines(records, VALIDATION).map(parser_of(records), num_parallel_calls=tf.data.AUTOTUNE)
        examples = examples.batch(batch_size).prefetch(2)
        iterator, next_element = iterate(examples)  # images uint8 [B, H, W, 3], labels int64 [B]

    # 3 graph, 4 loss
    inputs = placeholders_of(records)
    outputs = build(run, scaled(inputs[0], records), inputs[1:])

    # 5 session, 6 loop
    with tf.Session(config=session_config(run.settings)) as session:
        checkpoint = restore(session, run, settings, records.input_shape)
        began = time.monotonic()
        with console.progress("evaluating", records.num_validation, records.unit) as bar:
            outcome = evaluate(
                session,
                iterator,
                next_element,
                placeholders=inputs,
                outputs=outputs,
                after_batch=bar.advance,
            )
        say_rate(records, time.monotonic() - began)
        hand_over(session, settings, run, inputs[0], outputs[1])

    # 7 report, next step
    source = {"run": run.name, "checkpoint": settings.weights or checkpoint, "data": records.csv_path}
    if records.has_labels:
        report = reports.write_all(run.evaluation, source, records, outcome, run.epochs())
        reports.say_scores(report)
        with tf.summary.FileWriter(run.events("evaluation")) as writer:
            writer.add_summary(reports.pictures_summary(run.evaluation))
    else:
        reports.write_predictions_only(run.evaluation, source, records, outcome.probabilities)
    console.say_next(console.tensorboard("runs"))


def batch_size_for(input_shape):
    """How many examples of a shape, [H, W, 3] or [columns], are quick to evaluate at once, and fit in the memory."""
    if len(input_shape) == 1:
        return MOST_AT_ONCE
    height, width, _ = input_shape
    return min(MOST_AT_ONCE, max(1, PIXELS_AT_ONCE // (height * width)))


def say_rate(records, seconds):
    """Tells how fast it went."""
    rate = records.num_validation / max(seconds, 1e-3)
    console.say(
        f"Evaluated {records.num_validation:,} {records.unit} in {seconds:.1f} s ({rate:,.0f} {records.unit}/s)."
    )


def classify(settings, size, run):
    """Says what the network sees on single images, all of one size (height, width)."""
    images_ph, labels_ph, is_training = placeholders(*size)
    _, probabilities = build(run, scale_pixels(images_ph), (labels_ph, is_training))
    path_ph = tf.placeholder(tf.string, [], "path")
    image = read_image(path_ph, size)
    with tf.Session(config=session_config(run.settings)) as session:
        restore(session, run, settings, (*size, 3))
        rows = []
        for path in settings.images:
            pixels = session.run(image, feed_dict={path_ph: path})
            (chances,) = session.run(probabilities, feed_dict={images_ph: [pixels]})
            rows.append([path, run.facts.class_names[chances.argmax()], *map(float, chances)])
        hand_over(session, settings, run, images_ph, probabilities)
    console.say_table(["image", "predicted", *run.facts.class_names], rows)


def build(run, inputs, labels_and_mode):
    """The graph of a run's network on its inputs: (losses [B], probabilities [B, classes])."""
    labels_ph, is_training = labels_and_mode
    num_classes = len(run.facts.class_names)
    logits, head = build_network(run, inputs, num_classes, is_training)  # [B, classes]
    goal = loss_head(run.settings.loss, *head, num_classes=num_classes)
    return goal.per_example(labels_ph, logits), goal.probabilities(logits)


def restore(session, run, settings, input_shape):
    """Puts the weights of a run's checkpoint, and of --weights, into the session; returns the checkpoint's path."""
    checkpoint = checkpoints.find(run, settings.checkpoint)
    checkpoints.check_network(checkpoint, tf.global_variables(), run, input_shape)
    with checkpoints.damage_explained(checkpoint):
        # blank 10a: restore the variables
        saver = tf.train.Saver()
        saver.restore(session, checkpoint)
        # end of blank 10a
    if settings.weights:
        exchange.load_weights(session, settings.weights, run)
    return checkpoint


def hand_over(session, settings, run, inputs, probabilities):
    """Writes what other programs are to have: --write_weights, --export."""
    if settings.write_weights:
        exchange.write_weights(session, settings.write_weights, run)
        console.say(f"{settings.write_weights}: the weights, for Keras")
    if settings.export:
        outputs = {"values": probabilities}  # [B, 1]
        if run.facts.class_names:
            predicted = tf.gather(tf.constant(run.facts.class_names), tf.argmax(probabilities, axis=1))  # string [B]
            outputs = {"probabilities": probabilities, "predicted": predicted}  # [B, classes]
        exchange.export(session, settings.export, {inputs.op.name: inputs}, outputs)
        console.say(f"{settings.export}: the network as a SavedModel")


if __name__ == "__main__":
    run_script(main)
