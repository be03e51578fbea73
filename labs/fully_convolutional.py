"""Trains on small images, and finds shapes in large ones: without flatten, a network takes images of any size.

python labs/fully_convolutional.py                on dataset.csv and truth.csv, of images drawn with --truth
python labs/fully_convolutional.py --largest 1    trained on one size only: what does it make of larger shapes?
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # the project's folder, as for the scripts that stand there

import numpy as np

import kit.tensorflow1 as tf
import dlho2018
from dlho2018_nns import NETWORKS
from kit.cli.errors import run_script
from kit.cli.lab_settings import FullyConvolutionalSettings
from kit.data.parts import TRAINING, VALIDATION
from kit.labs.data import open_images_and_truth, readable_lab_errors
from kit.labs.found import drawn_images, drawn_scenes, empty_part, matched, peaks, scenes_png, shapes_of
from kit.labs.lab import Lab
from kit.model.layer_registry import layers_of

LARGER = (1.5, 2.0)  # the sizes that it is tried on: times the training images' side
IMAGES, SCENES, SHOWN = 400, 20, 3  # that are drawn for each of these sizes; large images; in the picture
WINDOW = 3  # places, height and width
LEAD = 2.0  # of a class in a window over the others, from which on it is a find
BATCH = 50  # images at once, where nothing is learnt


def main():
    lab = Lab("fully_convolutional", FullyConvolutionalSettings, __doc__)
    data, truth = open_images_and_truth(lab.settings, lab.settings.truth, dlho2018)
    with tf.Graph().as_default() as graph, readable_lab_errors(data):
        any_size(graph, lab, data, truth, shapes_of(data))


def any_size(graph, lab, data, truth, shapes):
    settings, side, nothing = lab.settings, data.shape[0], data.num_classes  # nothing is a class of its own
    tf.set_random_seed(settings.seed)
    random = np.random.default_rng(settings.seed)

    # 1 data: images, labels, and of each image a part without its shape
    def example(line, line_of_truth):
        image, label = data.parse(*line)
        return image, label, empty_part(image, truth.parse(*line_of_truth))

    training = tf.data.Dataset.zip((dlho2018.read_lines(data, TRAINING), dlho2018.read_lines(truth, TRAINING)))
    training = training.shuffle(min(data.num_training, data.most_shuffled), settings.seed)
    training = training.map(example, tf.data.AUTOTUNE).batch(settings.batch_size).repeat(settings.epochs).prefetch(2)
    iterator = tf.data.make_initializable_iterator(training)
    next_element = iterator.get_next()
    held_out = tf.data.make_initializable_iterator(dlho2018.read_lines(data, VALIDATION).map(data.parse).batch(BATCH))
    next_held_out = held_out.get_next()

    # 2 graph: height and width stay open
    images_ph = tf.placeholder(tf.uint8, [None, None, None, 3], "images")  # [B, H, W, 3]
    labels_ph = tf.placeholder(tf.int64, [None], "labels")  # [B]
    zoom_ph = tf.placeholder_with_default(1.0, [], "zoom")
    is_training = tf.placeholder_with_default(False, [], "is_training")
    size = tf.cast(tf.round(zoom_ph * tf.cast(tf.shape(images_ph)[1:3], tf.float32)), tf.int32)
    pixels = tf.image.resize_bilinear(data.scale(images_ph), size)  # float32 [B, zoom * H, zoom * W, 3]
    pixels.set_shape([None, None, None, 3])
    global_step = tf.train.get_or_create_global_step()
    logits = NETWORKS["fully_convolutional"](pixels, nothing + 1, is_training)  # [B, classes + 1]
    predicted = tf.argmax(logits[:, :nothing], axis=1)  # [B]

    # the last layer again, at each place: its logits are the mean over all places, here over those of a window
    (maps,) = [layer.output for layer in layers_of(graph) if layer.name == "conv5"]  # [B, H/8, W/8, 32]
    with tf.variable_scope("logits", reuse=True):
        weights, biases = tf.get_variable("weights"), tf.get_variable("biases")  # [32, classes], [classes]
    # blank 19: scores of each place, and of each window
    scores = tf.nn.conv2d(maps, weights[None, None], strides=1, padding="SAME") + biases  # [B, H/8, W/8, classes]
    windows = tf.nn.avg_pool2d(scores, WINDOW, strides=1, padding="SAME")  # [B, H/8, W/8, classes]
    # end of blank 19

    # 3 loss
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels_ph, logits=logits)  # [B]
    loss = tf.reduce_mean(losses)
    steps = settings.epochs * -(-data.num_training // settings.batch_size)
    learning_rate = tf.train.cosine_decay(settings.learning_rate, global_step, steps)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):  # batch norm's moving averages
        train_op = tf.train.AdamOptimizer(learning_rate).minimize(loss, global_step)

    # 4 session
    scalars = tf.summary.scalar("curves/loss", loss)
    with (
        tf.summary.FileWriter(lab.events("train"), graph) as writer,
        tf.Session(graph=graph) as session,
        lab.progress(data.num_training, settings.epochs) as progress,
    ):
        session.run(tf.global_variables_initializer())
        session.run([iterator.initializer, held_out.initializer])

        # 5 loop: each batch is enlarged, by another factor each time
        while True:
            try:
                images, labels, empty = session.run(next_element)
            except tf.errors.OutOfRangeError:
                break
            feed = {
                images_ph: np.concatenate([images, empty]),
                labels_ph: [*labels, *[nothing] * len(empty)],
                zoom_ph: random.uniform(1, settings.largest),
                is_training: True,
            }
            _, value, summary = session.run([train_op, loss, scalars], feed_dict=feed)
            writer.add_summary(summary, progress.add(value, len(images)))

        # 6 images of three sizes that it hasn't seen
        right = []
        while True:
            try:
                images, labels = session.run(next_held_out)
            except tf.errors.OutOfRangeError:
                break
            right.append(session.run(predicted, feed_dict={images_ph: images}) == labels)
        accuracies = {side: np.concatenate(right).mean()}
        for larger in LARGER:
            size = round(larger * side)
            images, labels = drawn_images(shapes, IMAGES, size, settings.seed)
            seen = [session.run(predicted, {images_ph: images[i : i + BATCH]}) for i in range(0, len(images), BATCH)]
            accuracies[size] = np.mean(np.concatenate(seen) == labels)

        # and large images with several shapes: where does a class lead?
        size = 4 * side
        scenes, placed = drawn_scenes(shapes, SCENES, size, side, settings.seed)
        of_windows = np.concatenate([session.run(windows, feed_dict={images_ph: [scene]}) for scene in scenes])
    found = [peaks(each, side, size, LEAD) for each in of_windows]
    hits = sum(matched(each, true, shapes) for each, true in zip(found, placed))
    lab.picture("found", scenes_png(scenes[:SHOWN], of_windows[:SHOWN], found[:SHOWN], shapes))
    total, finds = sum(map(len, placed)), sum(map(len, found))
    told = ", ".join(f"{accuracy:.3f} on {size} x {size}" for size, accuracy in accuracies.items())
    lab.end(
        f"Accuracy {told} pixels. In {SCENES} large images, {hits} of {total} shapes were found; {finds - hits} of "
        f"{finds} finds are wrong.",
        **{f"accuracy_{size}": accuracy for size, accuracy in accuracies.items()},
        found=hits / total,
        wrong=(finds - hits) / max(finds, 1),
    )


if __name__ == "__main__":
    run_script(main)
