"""Evaluates a trained network: on its run's validation data, on other data, or on single images.

python evaluating.py                          the newest run, its best checkpoint, its validation data
python evaluating.py --data other.csv         all the images of another CSV
python evaluating.py --images a.png b.png     what is on these?
"""

import kit.tensorflow1 as tf
import dlho2018
from dlho2018_nns import NETWORKS, build_network
from kit.cli.errors import run_script
from kit.data.parts import VALIDATION
from kit.data.pipeline import in_order
from kit.model.precision import session_config
from kit.runs.checkpoints import checkpoint_to_restore, readable_checkpoint_errors
from kit.runs.evaluation_plan import plan_evaluation
from kit.runs.evaluation_report import EvaluationReport
from kit.runs.export import load_weights
from kit.runs.run_data import open_evaluation_data
from kit.runs.session_errors import readable_evaluation_errors


def main():
    settings, run = plan_evaluation(__doc__, NETWORKS)  # what the flags ask for, and the run that was trained
    data = open_evaluation_data(settings, run, dlho2018)
    with tf.Graph().as_default(), readable_evaluation_errors(data):
        evaluate_run(settings, run, data)


def evaluate_run(settings, run, data):
    """Runs the network over the data, once, with dropout off, and reports how well it did."""
    report = EvaluationReport(settings, run, data)

    # 1 data: in the file's order
    batches = in_order(data, VALIDATION, report.batch_size)  # (iterator, next_element)

    # 2 graph: the one that was trained
    images_ph, labels_ph = data.placeholders()  # uint8 [B, H, W, 3], int64 [B]: as in training.py
    is_training = tf.placeholder_with_default(False, [], "is_training")  # stays False: dropout is off
    logits, head = build_network(run, data.scale(images_ph), data.num_classes, is_training)  # [B, classes]

    # 3 loss
    losses, probabilities = head.per_example(labels_ph, logits), head.probabilities(logits)  # [B], [B, classes]

    # 4 session
    with tf.Session(config=session_config(run.settings)) as session:
        checkpoint = checkpoint_to_restore(run, settings.checkpoint, data.shape)  # its path
        with readable_checkpoint_errors(checkpoint):
            # blank 10a: restore the variables
            saver = tf.train.Saver()
            saver.restore(session, checkpoint)
            # end of blank 10a
        load_weights(session, settings.weights, run)  # --weights: these instead of the checkpoint's

        # 5 loop, in dlho2018.evaluate: fetch a batch, feed it, add up
        with report.progress() as bar:
            placeholders = (images_ph, labels_ph, is_training)
            result = dlho2018.evaluate(session, data, batches, placeholders, (losses, probabilities), bar.advance)
        report.use_network(session, batches, images_ph, logits, probabilities)  # --export, --importance ...

    # 6 report
    report.write(result, checkpoint)


if __name__ == "__main__":
    run_script(main)
