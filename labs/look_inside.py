"""Looks inside a trained network: what excites each filter, and which part of an image decides.

python labs/look_inside.py                  the newest run, its best checkpoint, its validation images
python labs/look_inside.py --run my_run     another run
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # the project's folder, as for the scripts that stand there

import numpy as np

import kit.tensorflow1 as tf
import dlho2018
from dlho2018_nns import NETWORKS, build_network
from kit.cli.errors import run_script
from kit.data.parts import VALIDATION
from kit.evaluation.occlusion import cover_side, covered, occlusion_map
from kit.model.explanation import feature_maps, heat_map, last_convolution, lead_of, likeliest
from kit.model.filters import filters_of, last_hidden
from kit.model.precision import session_config
from kit.runs.checkpoints import checkpoint_to_restore, readable_checkpoint_errors
from kit.runs.inside_plan import plan_look, shown_of
from kit.runs.inside_report import MOST_FILTERS, InsideReport
from kit.runs.run_data import open_evaluation_data
from kit.runs.session_errors import readable_evaluation_errors

BATCH = 64  # images at once
STEPS, STEADY = 40, 8  # of gradient ascent; in the last ones nothing is shifted
STEP_SIZE = 0.04  # how much a pixel value, -1 to 1, changes in a step, on average


def main():
    settings, run = plan_look(__doc__, NETWORKS)  # what the flags ask for, and the run that was trained
    data = open_evaluation_data(settings, run, dlho2018)
    with tf.Graph().as_default() as graph, readable_evaluation_errors(data):
        look_inside(graph, settings, run, data)


def look_inside(graph, settings, run, data):
    """The network stays as it is: what is fed to it changes."""
    # 1 data: validation images; of many, some
    lines = shown_of(dlho2018.read_lines(data, VALIDATION), data)  # (number int64 [], line string [])
    images = lines.map(data.parse).batch(BATCH)  # (uint8 [B, H, W, 3], int64 [B])
    iterator = tf.data.make_initializable_iterator(images)
    next_element = iterator.get_next()

    # 2 graph: the network that was trained, on images that may be shifted by some pixels
    images_ph, _ = data.placeholders()  # uint8 [B, H, W, 3]
    pixels = data.scale(images_ph)  # float32 [B, H, W, 3]; a picture that learns is fed here
    shift = tf.placeholder_with_default([0, 0], [2], "shift")  # down and to the right
    is_training = tf.placeholder_with_default(False, [], "is_training")
    shifted = tf.roll(pixels, shift, axis=[1, 2])
    logits, head = build_network(run, shifted, data.num_classes, is_training)  # [B, classes]
    filters = filters_of(graph, shifted)
    outputs = {
        "probabilities": head.probabilities(logits),  # [B, classes]
        "hidden": last_hidden(graph).output,  # [B, D]
        "answers": {each.name: (each.strongest, each.place) for each in filters},
    }

    # 3 loss: what is to grow instead, and by what. Here the pixels learn, and no weight does
    uphill = {}
    for each in filters:  # picture i shall excite filter i
        excitement = tf.reduce_sum(tf.linalg.diag_part(each.middle))  # [], of the unit in the middle of each map
        slope = tf.gradients(excitement, pixels)[0]  # [F, H, W, 3]
        for _ in range(each.blurs):  # or what excites most is noise
            slope = tf.nn.avg_pool2d(slope, 3, strides=1, padding="SAME")
        length = STEP_SIZE * each.num_inputs**0.5
        uphill[each.name] = tf.clip_by_value(pixels + length * tf.math.l2_normalize(slope, axis=[1, 2, 3]), -1.0, 1.0)
    lead = lead_of(logits, likeliest(logits)[0])  # [B], of the class that it sees in the first image
    by_place = [False, True] if last_convolution(graph) is not None else [True]
    looks = {
        "maps": feature_maps(graph),  # {layer: uint8 [B, maps, h, w]}
        "heats": [heat_map(pixels, logits, each) for each in by_place],  # float32 [B, h, w]: Grad-CAM, place by place
    }

    # 4 session
    report = InsideReport(run, data, filters)
    with tf.Session(config=session_config(run.settings)) as session:
        checkpoint = checkpoint_to_restore(run, settings.checkpoint, data.shape)
        with readable_checkpoint_errors(checkpoint):
            tf.train.Saver().restore(session, checkpoint)

        # 5 loop: over the images: how strongly each filter answers, and where
        session.run(iterator.initializer)
        while True:
            try:
                images, labels = session.run(next_element)
            except tf.errors.OutOfRangeError:
                break
            report.add(images, labels, session.run(outputs, feed_dict={images_ph: images}))

        # and over steps uphill: from noise to the picture that excites a filter most (Erhan et al. 2009)
        for each in filters:
            random = np.random.default_rng(0)
            pictures = random.normal(0, 0.02, [min(each.count, MOST_FILTERS), *data.shape])
            reach = max(each.field.jump) // 4 if each.is_convolution else 2
            for number in range(STEPS):  # small shifts, too, wear the noise away
                moved = random.integers(-reach, reach + 1, 2) if number < STEPS - STEADY else [0, 0]
                pictures = session.run(uphill[each.name], feed_dict={pixels: pictures, shift: moved})
            report.add_filters(each, pictures, np.diag(session.run(each.middle, feed_dict={pixels: pictures})))

        # and over single images: what the network sees, and what it can't do without
        for number in report.chosen():
            image = report.seen("images")[number]
            seen = session.run(looks, feed_dict={images_ph: [image]})
            side = cover_side(image)
            copies, corners = covered(image, side)
            feeds = [[image, *copies[start : start + BATCH]] for start in range(0, len(copies), BATCH)]
            leads = [session.run(lead, feed_dict={images_ph: each}) for each in feeds]
            falls = np.concatenate([each[0] - each[1:] for each in leads])  # [P]
            heats = [heat[0] for heat in seen["heats"]] + [occlusion_map(falls, corners, side, image.shape[:2])]
            report.add_single(number, {name: maps[0] for name, maps in seen["maps"].items()}, heats)

    # 6 report
    report.write(checkpoint)


if __name__ == "__main__":
    run_script(main)
