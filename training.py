"""Trains a network on the images of a CSV file.

python training.py                                   dataset.csv, the network `cnn`
python training.py --network my_network --epochs 20  your own design
python training.py --resume                          continue the newest run
"""

import kit.tensorflow1 as tf
import dlho2018
from dlho2018_nns import NETWORKS, build_network
from kit.cli.errors import run_script
from kit.data.parts import TRAINING
from kit.data.pipeline import BATCHES_AHEAD
from kit.model.optimizers import make_optimizer
from kit.model.precision import session_config
from kit.profiling.recorders import open_recorder
from kit.runs.plan import TrainingPlan
from kit.runs.run_data import open_training_data
from kit.runs.session_errors import readable_training_errors


def main():
    plan = TrainingPlan(__doc__, NETWORKS)  # what the flags ask for: a new run, or one that is resumed
    for run in plan.runs:
        data = open_training_data(run, dlho2018)  # whose parse_line, read_lines, evaluate, ... kit calls
        with tf.Graph().as_default() as graph, readable_training_errors(data, run):
            train(graph, run, data)
    plan.finish()


def train(graph, run, data):
    """The lesson: data, graph, loss, session, loop.

    Args:
      graph: a tf.Graph, empty and the default one.
      run: kit.runs.run_folder.Run, the settings and the folder.
      data: kit.data.image_data.ImageData, or what has its methods.
    """
    settings = run.settings
    recorder = open_recorder(run, data)  # the bookkeeping: progress, validation, checkpoints, a falling learning rate
    tf.set_random_seed(settings.seed)

    # 1 data: lines -> shuffled, again in each epoch -> images -> batches -> epochs
    with tf.name_scope("training_data"):
        lines = dlho2018.read_lines(data, TRAINING, data.places)  # (number int64 [], line string [])
        # blank 4: shuffle, parse, batch, repeat
        training = lines.shuffle(min(data.num_training, data.most_shuffled), seed=settings.seed)
        training = training.map(data.parse, num_parallel_calls=tf.data.AUTOTUNE)  # (uint8 [H, W, 3], int64 [])
        training = training.batch(settings.batch_size)  # (uint8 [B, H, W, 3], int64 [B])
        training = training.repeat(settings.epochs)
        # end of blank 4
        training = recorder.remaining_batches(training)  # all, unless the run is resumed; --input: from elsewhere
        training = training.prefetch(BATCHES_AHEAD)  # the next batches are prepared while the network computes
        # blank 5: an iterator and its next element
        iterator = tf.data.make_initializable_iterator(training)
        next_element = iterator.get_next()  # images uint8 [B, H, W, 3], labels int64 [B]
        # end of blank 5

    # 2 graph: placeholders -> pixels around 0 -> network -> logits
    # blank 6a: placeholders for a batch of any size
    images_ph = tf.placeholder(data.dtype, [None, *data.shape], data.unit)  # uint8 [B, H, W, 3]
    labels_ph = tf.placeholder(data.label_dtype, [None], "labels")  # int64 [B]
    # end of blank 6a
    is_training = tf.placeholder_with_default(False, [], "is_training")  # for dropout and batch normalisation
    global_step = tf.train.get_or_create_global_step()  # how many batches the network has learnt from
    inputs = data.scale(images_ph)  # float32 [B, H, W, 3] in [-1, 1]
    logits, head = build_network(run, inputs, data.num_classes, is_training)  # [B, classes]; head knows the loss
    probabilities = head.probabilities(logits)  # [B, classes]
    network_variables = tf.global_variables()  # taken now: the optimiser adds variables of its own

    # 3 loss, and the optimiser that minimises it
    learning_rate = recorder.learning_rate(global_step)  # float32 []
    optimizer = make_optimizer(settings, learning_rate)  # tf.train.AdamOptimizer, unless --optimizer names another
    with tf.name_scope("objective"):  # a box in TensorBoard's graph
        # blank 7: loss, accuracy and train_op
        losses = head.per_example(labels_ph, logits)  # [B]; tf.nn.sparse_softmax_cross_entropy_with_logits, or --loss
        batch_loss = tf.reduce_mean(losses) + tf.losses.get_regularization_loss()  # []
        is_right = tf.equal(tf.argmax(probabilities, axis=1), tf.cast(labels_ph, tf.int64))  # [B]
        batch_accuracy = tf.reduce_mean(tf.cast(is_right, tf.float32))  # []
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):  # batch norm's moving averages
            train_op = optimizer.minimize(batch_loss, global_step)
        # end of blank 7
    batch_score = data.batch_score(batch_accuracy, labels_ph, probabilities)  # []; for images, the accuracy

    # 4 session, and what TensorBoard will show
    # blank 8a: scalar summaries and a FileWriter
    tf.summary.scalar("curves/loss", batch_loss)
    tf.summary.scalar(f"curves/{data.score_name}", batch_score)
    tf.summary.scalar("curves/learning_rate", learning_rate)
    scalars = tf.summary.merge_all()
    train_writer = tf.summary.FileWriter(run.events("train"), graph)
    # end of blank 8a
    recorder.watch(  # adds checkpoints and TensorBoard's pictures to the graph, and makes the run's folder
        iterator=iterator,
        next_element=next_element,
        placeholders=(images_ph, labels_ph, is_training),
        outputs=(losses, probabilities),
        fetches=[train_op, batch_loss, batch_score, learning_rate, scalars],
        network_variables=network_variables,
        writer=train_writer,
    )
    with tf.Session(run.target, graph=graph, config=session_config(settings)) as session, recorder:
        # blank 8b: start the variables and the data
        session.run(tf.global_variables_initializer())
        session.run(iterator.initializer, feed_dict=data.arrays)  # {}, unless --input memory
        # end of blank 8b
        recorder.begin(session)  # restores a resumed run, and finalizes the graph

        # 5 loop: fetch a batch, feed it, until there is none
        while recorder.goes_on():
            # blank 9a: one turn: fetch a batch, or break; feed it
            try:
                images, labels = session.run(next_element)
            except tf.errors.OutOfRangeError:
                break
            _, loss, score, rate, summary = session.run(
                [train_op, batch_loss, batch_score, learning_rate, scalars],
                feed_dict={images_ph: images, labels_ph: labels, is_training: True},
            )
            # end of blank 9a
            step = recorder.add(loss, score, rate, len(labels))
            if recorder.wants_point:
                # blank 9b: a point of the curves
                train_writer.add_summary(summary, step)
                # end of blank 9b
            if recorder.epoch_is_over:
                recorder.end_epoch()  # validate, add a line to history.csv, save; save the best on validation, too


if __name__ == "__main__":
    run_script(main)
