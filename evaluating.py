"""Evaluates a trained network: on its run's validation images, on another CSV, or on single images.

python evaluating.py                          the newest run, its best checkpoint, its validation images
python evaluating.py --data other.csv         all the images of another CSV
python evaluating.py --images a.png b.png     what is on these?
"""

import kit.tensorflow1 as tf
from dlho2018 import csv_images, evaluate, iterate, parse_line, placeholders, read_image, scale_pixels
from dlho2018_nns import NETWORKS
from kit import checkpoints, console, reports
from kit.errors import UserError, run_script
from kit.explanations import check_logits, design_errors_explained, image_errors_explained
from kit.flags import read_command_line
from kit.images import common_size
from kit.losses import LOSSES
from kit.records import VALIDATION, check_parts, look_over
from kit.runs import open_run
from kit.settings import EvaluatingSettings


def main():
    # 1 settings: most are the run's own
    settings, typed = read_command_line(EvaluatingSettings, __doc__)
    useless = typed & {"data", "batch_size", "skip_bad"} if settings.images else set()
    if useless:
        raise UserError(f"--{min(useless)}: of no use with --images; leave out one of them.")
    run = open_run(settings.run, {"network": NETWORKS, "loss": LOSSES}, settings.checkpoint)
    console.say(f"Run {run.name}, network {run.settings.network}, {settings.checkpoint} checkpoint")
    if settings.images:
        size = common_size(settings.images)
        with tf.Graph().as_default():
            classify(settings.images, size, run, settings.checkpoint)
    else:
        own_data = settings.data is None
        records = look_over(
            run.settings.data if own_data else settings.data,
            validation=run.settings.validation if own_data else 1.0,
            skip_bad=settings.skip_bad or run.settings.skip_bad,
            class_names=run.facts.class_names,
        )
        check_parts(records, [VALIDATION])
        with tf.Graph().as_default(), image_errors_explained(records):
            evaluate_csv(settings, records, run)


def evaluate_csv(settings, records, run):
    """Runs the network over the VALIDATION part of a CSV, and reports how well it did."""

    # 2 data: in the file's order, once
    def parse(line):
        return parse_line(line, records.folder, records.image_size)

    with tf.name_scope("evaluation_data"):
        images = csv_images(records, VALIDATION, parse).batch(settings.batch_size).prefetch(2)
        iterator, next_element = iterate(images)  # images uint8 [B, H, W, 3], labels int64 [B]

    # 3 graph, 4 loss
    inputs, outputs = build(run, records.image_size)

    # 5 session, 6 loop
    with tf.Session() as session:
        checkpoint = restore(session, run, settings.checkpoint, records.image_size)
        with console.progress("evaluating", records.num_validation, "images") as bar:
            outcome = evaluate(
                session,
                iterator,
                next_element,
                placeholders=inputs,
                outputs=outputs,
                after_batch=bar.advance,
            )

    # 7 report, next step
    source = {"run": run.name, "checkpoint": checkpoint, "data": records.csv_path}
    report = reports.write_all(run.evaluation, source, records, outcome)
    reports.say_scores(report)
    console.say_next(console.tensorboard("runs"))


def classify(paths, size, run, kind):
    """Says what the network sees on single images, all of one size (height, width)."""
    (images_ph, _, _), (_, probabilities) = build(run, size)
    path_ph = tf.placeholder(tf.string, [], "path")
    image = read_image(path_ph, size)
    with tf.Session() as session:
        restore(session, run, kind, size)
        rows = []
        for path in paths:
            pixels = session.run(image, feed_dict={path_ph: path})
            (chances,) = session.run(probabilities, feed_dict={images_ph: [pixels]})
            rows.append([path, run.facts.class_names[chances.argmax()], *map(float, chances)])
    console.say_table(["image", "predicted", *run.facts.class_names], rows)


def build(run, image_size):
    """The graph of a run's network: ((images_ph, labels_ph, is_training), (losses [B], probabilities [B, classes]))."""
    images_ph, labels_ph, is_training = placeholders(*image_size)
    num_classes = len(run.facts.class_names)
    with design_errors_explained():
        logits = NETWORKS[run.settings.network](scale_pixels(images_ph), num_classes, is_training)
        check_logits(logits, run.settings.network, num_classes)
    loss = LOSSES[run.settings.loss]
    return (images_ph, labels_ph, is_training), (loss.of_each(labels_ph, logits), loss.probabilities(logits))


def restore(session, run, kind, image_size):
    """Puts the weights of a run's checkpoint, "best" or "newest", into the session; returns its path."""
    checkpoint = checkpoints.find(run, kind)
    checkpoints.check_network(checkpoint, tf.global_variables(), run, image_size)
    with checkpoints.damage_explained(checkpoint):
        # blank 10a: restore the variables
        saver = tf.train.Saver()
        saver.restore(session, checkpoint)
        # end of blank 10a
    return checkpoint


if __name__ == "__main__":
    run_script(main)
