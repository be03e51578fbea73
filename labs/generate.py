"""Generates images: facts become an image by transposed convolutions, and chance becomes facts.

python labs/generate.py       on dataset.csv and truth.csv; the newest run says what it sees, or that of --run
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # the project's folder, as for the scripts that stand there

import numpy as np

import kit.tensorflow1 as tf
import dlho2018
from dlho2018_nns import NETWORKS, build_network
from kit.cli.errors import run_script
from kit.cli.lab_settings import GenerateSettings
from kit.data.parts import TRAINING, VALIDATION
from kit.data.pixels import pixels_of
from kit.labs.data import open_images_and_truth, readable_lab_errors
from kit.labs.generated import ASKED, CELL, FACTS, PLACE, HeldOut, ask, check_side, facts_of, report
from kit.labs.judge import open_judge, what_is_seen
from kit.labs.lab import Lab
from tf_layers import j_conv_layer, j_deconv_layer, j_fc_layer

CODE = 12  # numbers of a code
SPREAD = 0.3  # how far a fact may be off


def main():
    lab = Lab("generate", GenerateSettings, __doc__)
    data, truth = open_images_and_truth(lab.settings, lab.settings.truth, dlho2018)
    check_side(data)
    run = open_judge(lab.settings.run, NETWORKS, data)
    with tf.Graph().as_default() as graph, readable_lab_errors(data, truth):
        held_out, images = generate(graph, lab, data, truth)
        seen = [what_is_seen(run, data, each[:ASKED], build_network) for each in images]
        report(lab, data.class_names, held_out, images, seen)


def image_of(facts, classes, side):
    """A deconvolution network (Dosovitskiy et al., 2015, https://arxiv.org/abs/1411.5928): facts become an image.

    It begins with a vector for each cell of 16 x 16 pixels: the facts, and the way from the shape to the cell. So
    nothing must be learnt again at each place. Gives (logits, image), float32 [B, H, W, 1] and [B, H, W, 3].
    """
    middles = ((np.arange(CELL / 2, side, CELL) / side - 0.5) * PLACE).astype(np.float32)  # of the cells
    ways = np.stack(np.meshgrid(middles, middles), axis=-1) - facts[:, None, None, :2]  # [B, 4, 4, 2]
    known = tf.concat([facts, classes], axis=1)[:, None, None]  # [B, 1, 1, FACTS + K]
    x = tf.concat([ways, tf.tile(known, [1, *ways.shape[1:3], 1])], axis=3)  # [B, 4, 4, 2 + FACTS + K]
    x = j_conv_layer(x, 128, "cells1", kernel_size=1)  # [B, 4, 4, 128]
    x = j_conv_layer(x, 128, "cells2", kernel_size=1)
    # blank 16: up to the image's size
    x = j_deconv_layer(x, 48, "deconv1")  # [B, 8, 8, 48]
    x = j_deconv_layer(x, 24, "deconv2")  # [B, 16, 16, 24]
    x = j_deconv_layer(x, 12, "deconv3")  # [B, 32, 32, 12]
    logits = j_deconv_layer(x, 1, "deconv4", activation="linear")  # [B, 64, 64, 1]
    # end of blank 16
    share = tf.sigmoid(logits)  # of each pixel that the shape covers
    shape, background = tf.split(facts[:, None, None, -6:], 2, axis=3)  # their colours, [B, 1, 1, 3] each
    return logits, share * shape + (1 - share) * background


def autoencoder(facts, classes):
    """A variational autoencoder (Kingma and Welling, 2014, https://arxiv.org/abs/1312.6114): facts -> code -> facts.

    Gives (code, facts, divergence), float32 [B, CODE], [B, FACTS], [B]: the last says how far codes are from N(0, 1).
    """
    x = j_fc_layer(tf.concat([facts, classes], axis=1), 128, "code1")  # [B, 128]
    x = j_fc_layer(x, 128, "code2")
    mean, log_variance = tf.split(j_fc_layer(x, 2 * CODE, "code3", activation="linear"), 2, axis=1)  # [B, CODE] each
    code = mean + tf.exp(log_variance / 2) * tf.random.normal(tf.shape(mean))
    x = j_fc_layer(tf.concat([code, classes], axis=1), 128, "facts1")  # [B, 128]
    x = j_fc_layer(x, 128, "facts2")
    place, turn, rest = tf.split(j_fc_layer(x, FACTS, "facts3", activation="linear"), [3, 2, 7], axis=1)
    facts = tf.concat([place, tf.math.l2_normalize(turn, axis=1), rest], axis=1)  # cosine and sine lie on a circle
    return code, facts, tf.reduce_sum(mean**2 + tf.exp(log_variance) - log_variance - 1, axis=1) / 2


def generate(graph, lab, data, truth):
    settings, side = lab.settings, data.shape[0]
    tf.set_random_seed(settings.seed)

    # 1 data: images, labels, masks, and the facts that can be asked for
    def example(line, line_of_truth):
        (image, label), true = data.parse(*line), truth.parse(*line_of_truth)
        mask = tf.cast(truth.mask(true), tf.float32) / 255  # [H, W, 1], 1 where the shape is
        return image, label, mask, facts_of(data.scale(image), mask, true)

    def examples(part, count, batch_size):
        lines = tf.data.Dataset.zip((dlho2018.read_lines(data, part), dlho2018.read_lines(truth, part)))
        lines = lines.shuffle(min(count, data.most_shuffled), settings.seed)
        return lines.map(example, tf.data.AUTOTUNE).batch(batch_size)

    training = examples(TRAINING, data.num_training, settings.batch_size).repeat(settings.epochs).prefetch(2)
    iterator = tf.data.make_initializable_iterator(training)
    next_element = iterator.get_next()  # uint8 [B, H, W, 3], int64 [B], float32 [B, H, W, 1], float32 [B, FACTS]
    held_out = tf.data.make_initializable_iterator(examples(VALIDATION, data.num_validation, ASKED))
    next_held_out = held_out.get_next()

    # 2 graph: facts -> an image; facts -> a code -> facts
    labels_ph = tf.placeholder(data.label_dtype, [None], "labels")  # int64 [B]
    masks_ph = tf.placeholder(tf.float32, [None, side, side, 1], "masks")
    facts_ph = tf.placeholder(tf.float32, [None, FACTS], "facts")
    global_step = tf.train.get_or_create_global_step()
    classes = tf.one_hot(labels_ph, data.num_classes)  # [B, K]
    logits, image = image_of(facts_ph, classes, side)  # [B, H, W, 1], [B, H, W, 3]
    code, facts_again, divergence = autoencoder(facts_ph, classes)  # [B, CODE], [B, FACTS], [B]

    # 3 loss: how unlikely the mask, the facts and the code are, in nats
    of_mask = tf.nn.sigmoid_cross_entropy_with_logits(labels=masks_ph, logits=logits)  # [B, H, W, 1]
    of_facts = tf.squared_difference(facts_again, facts_ph) / (2 * SPREAD**2)  # [B, FACTS]
    loss = tf.reduce_mean(tf.reduce_sum(of_mask, axis=[1, 2, 3]) + tf.reduce_sum(of_facts, axis=1) + divergence)
    steps = settings.epochs * -(-data.num_training // settings.batch_size)
    learning_rate = tf.train.cosine_decay(settings.learning_rate, global_step, steps)
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

        # 5 loop
        while True:
            try:
                _, labels, masks, facts = session.run(next_element)
            except tf.errors.OutOfRangeError:
                break
            feed = {labels_ph: labels, masks_ph: masks, facts_ph: facts}
            _, value, summary = session.run([train_op, loss, scalars], feed_dict=feed)
            writer.add_summary(summary, progress.add(value, len(labels)))

        # 6 images that it hasn't seen, made again; those that we ask for, by their facts and by codes
        images, labels, masks, facts = session.run(next_held_out)
        again, again_logits = session.run([image, logits], feed_dict={labels_ph: labels, facts_ph: facts})
        wishes = ask(facts, data.num_classes, CODE, settings.seed)
        sampled = session.run(facts_again, feed_dict={code: wishes.codes, classes: wishes.classes})
        feeds = [{facts_ph: each, classes: wishes.classes} for each in (wishes.facts, sampled)]
        made = [pixels_of(session.run(image, feed_dict=feed)) for feed in feeds]
    return HeldOut(images, pixels_of(again), masks, again_logits), made


if __name__ == "__main__":
    run_script(main)
