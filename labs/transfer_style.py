"""Draws the shapes of images in the style of other pictures: a style is what filters do together, wherever.

python labs/transfer_style.py                       the newest run, its held-out images, four patterns
python labs/transfer_style.py --style photo.jpg     the style of a picture of yours
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # the project's folder, as for the scripts that stand there

import numpy as np

import kit.tensorflow1 as tf
import dlho2018
from dlho2018_nns import NETWORKS, build_network
from kit.cli.errors import run_script
from kit.cli.lab_settings import TransferStyleSettings
from kit.data.pixels import pixels_of
from kit.evaluation.sheets import Row, sheet_png
from kit.labs.lab import Lab
from kit.labs.styles import styles_for
from kit.labs.trained import convolutions, image_of_each_class, learnt_variables, validation_images
from kit.runs.inside_plan import open_run_of_images
from kit.runs.session_errors import readable_evaluation_errors

SCALES = 1, 2, 4, 8  # pixels; a picture that learns is a sum of fine and coarse ones, or it fills with noise
SHOWS = 10  # times that TensorBoard gets the pictures


def main():
    lab = Lab("transfer_style", TransferStyleSettings, __doc__)
    run = open_run_of_images(lab.settings.run, NETWORKS)
    data = validation_images(run, dlho2018)
    with tf.Graph().as_default() as graph, readable_evaluation_errors(data):
        transfer_style(graph, lab, run, data)


def correlations(maps):
    """How much each two of C maps answer at the same places, wherever these are: [B, h, w, C] -> [B, C, C]."""
    # blank 18: the Gram matrix
    places = tf.reshape(maps, [maps.shape[0], -1, maps.shape[3]])  # [B, h * w, C]
    gram = tf.matmul(places, places, transpose_a=True)  # [B, C, C]
    # end of blank 18
    return gram


def distance(values, wanted):
    """The squared distance of each example, as a share of what is wanted: [B, ...], [B, ...] -> [B]."""
    axes = list(range(1, wanted.shape.ndims))
    return tf.reduce_sum(tf.squared_difference(values, wanted), axes) / tf.reduce_sum(tf.square(wanted), axes)


def transfer_style(graph, lab, run, data):
    settings, (height, width, _) = lab.settings, data.shape
    tf.set_random_seed(settings.seed)

    # 1 data: an image of each class, in each style
    images, labels = image_of_each_class(data, dlho2018, settings.seed)  # uint8 [N, H, W, 3], int64 [N]
    names, patterns = styles_for(settings.style, data.shape)  # uint8 [S, H, W, 3]
    count = len(images) * len(patterns)  # B
    contents = data.scale(tf.constant(np.repeat(images, len(patterns), axis=0)))  # float32 [B, H, W, 3]
    styles = data.scale(tf.constant(np.tile(patterns, [len(images), 1, 1, 1])))  # float32 [B, H, W, 3]

    # 2 graph: the network of the run, on pictures that learn
    canvases = [tf.Variable(tf.zeros([count, -(-height // scale), -(-width // scale), 3])) for scale in SCALES]
    enlarged = [tf.image.resize_bilinear(each, [height, width], half_pixel_centers=True) for each in canvases]
    pictures = tf.tanh(tf.add_n(enlarged))  # [B, H, W, 3] in [-1, 1]
    pixels = tf.placeholder_with_default(pictures, pictures.shape)  # to look at contents and styles, these are fed
    earlier = len(tf.global_variables())
    logits, _ = build_network(run, pixels, data.num_classes, is_training=tf.constant(False))  # [B, classes]
    checkpoint, learnt = learnt_variables(run, data, tf.global_variables()[earlier:])
    maps = convolutions(graph, run)  # [B, h, w, C] of each convolution

    # 3 loss: in the style's correlations and the content's last maps. Here the pixels learn, and no weight does
    colours = tf.concat([tf.ones_like(pixels[..., :1]), pixels, tf.square(pixels)], axis=3)  # [B, H, W, 7]
    grams = [correlations(each) for each in [colours, *maps[:-1]]]
    wanted_grams = [tf.placeholder(tf.float32, each.shape) for each in grams]
    wanted_maps = tf.placeholder(tf.float32, maps[-1].shape)
    style = tf.add_n([distance(*pair) for pair in zip(grams, wanted_grams)]) / len(grams)  # [B]
    content = distance(maps[-1], wanted_maps)  # [B]
    rough = tf.image.total_variation(pixels) / (height * width)  # [B]
    loss = tf.reduce_mean(style + settings.content_weight * content + settings.smoothness * rough)  # []
    global_step = tf.train.get_or_create_global_step()
    learning_rate = tf.train.cosine_decay(settings.learning_rate, global_step, settings.steps)
    train_op = tf.train.AdamOptimizer(learning_rate).minimize(loss, global_step, var_list=canvases)

    # 4 session
    tf.summary.scalar("curves/style_distance", tf.reduce_mean(style))
    tf.summary.scalar("curves/content_distance", tf.reduce_mean(content))
    scalars = tf.summary.merge_all()
    shown = tf.summary.image("pictures", pictures, max_outputs=count)
    begin = tf.assign(canvases[0], tf.atanh(0.8 * contents) + tf.random.normal(contents.shape, 0, settings.noise))
    with (
        tf.summary.FileWriter(lab.events("train"), graph) as writer,
        tf.Session(graph=graph) as session,
        lab.progress(settings.steps, 1) as progress,
    ):
        session.run(tf.global_variables_initializer())
        tf.train.Saver(learnt).restore(session, checkpoint)
        seen = dict(zip(wanted_grams, session.run(grams, feed_dict={pixels: session.run(styles)})))
        seen[wanted_maps] = session.run(maps[-1], feed_dict={pixels: session.run(contents)})
        before = session.run(style, feed_dict={**seen, pixels: session.run(contents)})  # [B]
        session.run(begin)

        # 5 loop
        for step in range(settings.steps):
            _, value, summary = session.run([train_op, loss, scalars], feed_dict=seen)
            writer.add_summary(summary, progress.add(value, 1))
            if (step + 1) % max(1, settings.steps // SHOWS) == 0:
                writer.add_summary(session.run(shown), step + 1)
        drawn, after, answers = session.run([pictures, style, tf.argmax(logits, axis=1)], feed_dict=seen)
    report(lab, data, (images, labels), (names, patterns), drawn, 1 - after / before, answers)


def report(lab, data, contents, styles, drawn, nearer, answers):
    """Draws the sheet: the styles above, each content and what became of it below; gives the figures."""
    (images, labels), (names, patterns) = contents, styles
    is_seen = answers == np.repeat(labels, len(patterns))  # [B]
    drawn = pixels_of(drawn)  # [B, H, W, 3]
    rows = [Row("style", [np.full_like(images[0], 255), *patterns])]
    for number, (image, label) in enumerate(zip(images, labels)):
        own = range(number * len(patterns), (number + 1) * len(patterns))
        captions = [f"{nearer[i]:.1%} nearer{'' if is_seen[i] else ', class lost'}" for i in own]
        rows.append(Row(f"class {data.class_names[label]}", [image, *drawn[own]], ["content", *captions]))
    lab.picture("styles", sheet_png("The shapes of one picture in the style of another", rows, 192, ["", *names]))
    lab.end(
        f"The style distance is down by {nearer.mean():.1%}, by {nearer.min():.1%} at least; the network sees the "
        f"class of the content in {is_seen.sum()} of {len(drawn)} pictures.",
        style=nearer.mean(),
        least_style=nearer.min(),
        class_seen=is_seen.mean(),
    )


if __name__ == "__main__":
    run_script(main)
