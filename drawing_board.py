"""Draw with the mouse, a finger or a pen, and see what a trained network makes of it while you draw.

python drawing_board.py                  the newest run, its best checkpoint
python drawing_board.py --run my_run     another run
"""

import kit.tensorflow1 as tf
import dlho2018
from dlho2018_nns import NETWORKS, build_network
from kit.board.plan import plan_board
from kit.board.server import serve
from kit.cli.errors import run_script
from kit.model.explanation import feature_maps, heat_map
from kit.model.precision import session_config
from kit.runs.checkpoints import checkpoint_to_restore, readable_checkpoint_errors


def main():
    settings, board = plan_board(__doc__, NETWORKS)  # the run that was trained, and where drawings are kept
    with tf.Graph().as_default():
        show_network(settings, board)


def show_network(settings, board):
    """Restores a network, then answers what a browser draws, one image at a time."""
    # 1 data: a drawing, brought to the size of the images that the network was trained on
    shape = board.image_shape  # (H, W, 3)
    images_ph = tf.placeholder(tf.uint8, (None, *shape), "images")  # [B, H, W, 3]

    # 2 graph: the one that was trained
    is_training = tf.placeholder_with_default(False, [], "is_training")  # stays False: dropout is off
    images = dlho2018.scale_pixels(images_ph)
    logits, head = build_network(board.run, images, len(board.class_names), is_training)  # [B, classes]

    # 3 what it sees, and what decides
    outputs = {
        "probabilities": head.probabilities(logits),  # [B, classes]
        "maps": feature_maps(tf.get_default_graph()),  # {layer: uint8 [B, maps, h, w]}
        "heat": heat_map(images, logits),  # float32 [B, h, w]
    }

    # 4 session
    with tf.Session(config=session_config(board.run.settings)) as session:
        checkpoint = checkpoint_to_restore(board.run, settings.checkpoint, shape)
        with readable_checkpoint_errors(checkpoint):
            tf.train.Saver().restore(session, checkpoint)

        # 5 loop: the browser sends a drawing, it is fed, the outputs go back
        serve(settings, board, lambda drawing: session.run(outputs, feed_dict={images_ph: [drawing]}))


if __name__ == "__main__":
    run_script(main)
