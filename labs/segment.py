"""Segments images: a class for each pixel. The network is fully convolutional, and takes images of any size.

python labs/segment.py                           on dataset.csv and truth.csv, of images drawn with --truth
python labs/segment.py --other_data large.csv --other_truth large_truth.csv      tries it on images of another size
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # the project's folder, as for the scripts that stand there

import numpy as np

import kit.tensorflow1 as tf
import dlho2018
from kit.cli.errors import run_script
from kit.cli.lab_settings import SegmentSettings
from kit.data.parts import TRAINING, VALIDATION
from kit.labs.data import open_sets, readable_lab_errors
from kit.labs.lab import Lab
from kit.labs.segments import segments_sheet, shared_area
from tf_layers import j_batch_norm_layer, j_conv_layer, j_deconv_layer, j_max_pool_layer, j_upsample_layer

SHRINKS = 16  # how many times smaller the image is at the bottom of the network


def main():
    lab = Lab("segment", SegmentSettings, __doc__)
    pairs = open_sets(lab, SHRINKS, dlho2018)  # (images, their truth): of --data, and of --other_data
    with tf.Graph().as_default() as graph, readable_lab_errors(*pairs[0], *pairs[-1]):
        segment(graph, lab, pairs)


def u_net(images, num_classes, is_training):
    """Down, to see what a shape is, and up again, to say where: Ronneberger et al. 2015, arxiv.org/abs/1505.04597

    Args:
      images: float32 [B, H, W, 3]; H and W are multiples of SHRINKS.
      num_classes, is_training: K; bool [].
    Returns:
      float32 [B, H, W, K], the logits of each pixel.
    """

    def conv(x, filters, name, **options):
        return j_batch_norm_layer(j_conv_layer(x, filters, name, **options), is_training, f"{name}_norm")

    down1 = conv(images, 8, "down1", kernel_size=5, strides=2)  # [B, H/2, W/2, 8]
    down2 = j_max_pool_layer(conv(down1, 16, "down2"), "pool2")  # [B, H/4, W/4, 16]
    down3 = j_max_pool_layer(conv(down2, 32, "down3"), "pool3")  # [B, H/8, W/8, 32]
    down4 = j_max_pool_layer(conv(down3, 64, "down4"), "pool4")  # [B, H/16, W/16, 64]
    x = bottom = conv(down4, 64, "bottom")
    for skipped, filters, name in ((down3, 32, "3"), (down2, 16, "2"), (down1, 8, "1"), (images, 8, "0")):
        x = j_deconv_layer(x, filters, f"up{name}")  # H and W doubled
        x = conv(tf.concat([x, skipped], axis=3), filters, f"joined{name}")  # with what was seen on the way down
    fine = j_conv_layer(x, num_classes, "fine", kernel_size=1, activation="linear")  # [B, H, W, K]
    rough = j_conv_layer(bottom, num_classes, "rough", kernel_size=1, activation="linear")  # [B, H/16, W/16, K]
    return fine + j_upsample_layer(rough, "enlarged", SHRINKS, "bilinear")  # a short way for the slopes to the bottom


def segment(graph, lab, pairs):
    settings, (data, truth) = lab.settings, pairs[0]
    tf.set_random_seed(settings.seed)

    # 1 data: the line of each image and the line of its truth, zipped
    def examples(data, truth, part, shuffled):
        lines = tf.data.Dataset.zip((dlho2018.read_lines(data, part), dlho2018.read_lines(truth, part)))
        lines = lines.shuffle(shuffled, settings.seed) if shuffled else lines
        triples = lines.map(lambda line, facts: (*data.parse(*line), truth.mask(truth.parse(*facts))), tf.data.AUTOTUNE)
        return triples.batch(settings.batch_size)  # (uint8 [B, H, W, 3], int64 [B], uint8 [B, H, W, 1])

    def resized(images, labels, masks):  # each batch has another size, or it would learn shapes of few sizes
        factor = tf.random.uniform([], 0.75, 1.5, seed=settings.seed)
        sizes = SHRINKS * tf.cast(tf.round(factor * np.array(data.image_size) / SHRINKS), tf.int32)
        images, masks = (tf.image.resize_bilinear(each, sizes, half_pixel_centers=True) for each in (images, masks))
        return tf.cast(images, tf.uint8), labels, tf.cast(masks, tf.uint8)

    training = examples(data, truth, TRAINING, min(data.num_training, data.most_shuffled)).map(resized)
    iterator = tf.data.make_initializable_iterator(training.repeat(settings.epochs).prefetch(2))
    next_element = iterator.get_next()
    held_out = [tf.data.make_initializable_iterator(examples(*pair, VALIDATION, shuffled=0)) for pair in pairs]
    next_held_out = [each.get_next() for each in held_out]

    # 2 graph: height and width stay open
    images_ph = tf.placeholder(data.dtype, [None, None, None, 3], "images")  # uint8 [B, H, W, 3]
    labels_ph = tf.placeholder(data.label_dtype, [None], "labels")  # int64 [B]
    masks_ph = tf.placeholder(tf.uint8, [None, None, None, 1], "masks")  # uint8 [B, H, W, 1], 255 where the shape is
    is_training = tf.placeholder_with_default(False, [], "is_training")
    global_step = tf.train.get_or_create_global_step()
    logits = u_net(data.scale(images_ph), data.num_classes + 1, is_training)  # [B, H, W, K]; 0 is the background
    found = tf.argmax(logits, axis=3)  # int64 [B, H, W]

    # 3 loss: the classes' cross-entropy, at each pixel
    # blank 14: the class of each pixel, and the loss
    is_shape = tf.cast(masks_ph[:, :, :, 0] > 127, tf.int64)  # [B, H, W], 1 where the shape is
    classes = is_shape * (labels_ph + 1)[:, None, None]  # [B, H, W]
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=classes, logits=logits)  # [B, H, W]
    loss = tf.reduce_mean(losses)
    # end of blank 14
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
        session.run([each.initializer for each in (iterator, *held_out)])

        # 5 loop
        while True:
            try:
                images, labels, masks = session.run(next_element)
            except tf.errors.OutOfRangeError:
                break
            feed = {images_ph: images, labels_ph: labels, masks_ph: masks, is_training: True}
            _, value, summary = session.run([train_op, loss, scalars], feed_dict=feed)
            writer.add_summary(summary, progress.add(value, len(images)))

        # 6 the images that it hasn't seen, and those of another size
        results = []  # (images, classes, found) of each set
        for next_of_set in next_held_out:
            batches = []
            while True:
                try:
                    images, labels, masks = session.run(next_of_set)
                except tf.errors.OutOfRangeError:
                    break
                feed = {images_ph: images, labels_ph: labels, masks_ph: masks}
                batches.append((images, *session.run([classes, found], feed_dict=feed)))
            results.append([np.concatenate(arrays) for arrays in zip(*batches)])
    report(lab, data.num_classes, results)


def report(lab, num_classes, results):
    """Draws the classes of some images' pixels, and gives the intersection over union of each set of images."""
    figures, words = {}, []
    for name, (images, classes, found) in zip(("segmented", "other_size"), results):
        figures[name] = np.nanmean(shared_area(classes, found, num_classes))
        words.append(f"{figures[name]:.3f} over {len(images):,} images of {images.shape[2]} x {images.shape[1]}")
        lab.picture(name, segments_sheet(images, classes, found, num_classes))
    lab.end(f"Intersection over union: {', '.join(words)}.", **figures)


if __name__ == "__main__":
    run_script(main)
