"""Answers to blank 9."""

from support.answers import mistake, variant

LOSS_SCALAR = 'tf.summary.scalar("curves/loss", batch_loss)'
ACCURACY_SCALAR = 'tf.summary.scalar(f"curves/{records.score_name}", batch_accuracy)'
MERGE = "tf.summary.merge_all()"
WRITER = 'tf.summary.FileWriter(run.events("train"), graph)'
POINT = "train_writer.add_summary(summary, step)"


SCALARS = [
    mistake(
        9,
        "other tags",
        says="there is no scalar curves/loss, only curves/accuracy and curves/learning_rate and loss",
        place_9a=[("curves/loss", "loss")],
    ),
    mistake(
        9,
        "one scalar missing",
        says="there is no scalar curves/accuracy, only curves/learning_rate and curves/loss",
        place_9a=[(ACCURACY_SCALAR, "")],
    ),
    mistake(
        9,
        "no scalars",
        says="nor any other",
        place_9a=[
            (LOSS_SCALAR, ""),
            (ACCURACY_SCALAR, ""),
            ('tf.summary.scalar("curves/learning_rate", learning_rate)', ""),
        ],
    ),
    mistake(
        9,
        "a tag twice",
        says="only curves/learning_rate and curves/loss and curves/loss_1",
        place_9a=[('f"curves/{records.score_name}"', '"curves/loss"')],
    ),
    mistake(
        9, "the wrong tensor", says="curves/accuracy shows batch_loss", place_9a=[("batch_accuracy", "batch_loss")]
    ),
    mistake(
        9,
        "merged before the scalars",
        says="there was nothing to merge yet",
        place_9a=[(f"scalars = {MERGE}", ""), (LOSS_SCALAR, f"scalars = {MERGE}\n    {LOSS_SCALAR}")],
    ),
    mistake(
        9,
        "merged between the scalars",
        says="scalars is without curves/accuracy and curves/learning_rate",
        place_9a=[(f"scalars = {MERGE}", ""), (ACCURACY_SCALAR, f"scalars = {MERGE}\n    {ACCURACY_SCALAR}")],
    ),
    mistake(
        9,
        "a list for a merge",
        says="scalars is a list of 1",
        place_9a=[(MERGE, "[tf.summary.scalar('more', batch_loss)]")],
    ),
    mistake(9, "merged under another name", says="there is no scalars", place_9a=[("scalars =", "merged =")]),
]
WRITERS = [
    mistake(9, "without the graph", says="the event file holds no graph", place_9a=[(", graph)", ")")]),
    mistake(9, "another graph", says="another graph than this one", place_9a=[(", graph)", ", tf.Graph())")]),
    mistake(
        9,
        "the run's folder",
        says='train_writer writes into "runs/rehearsal"',
        place_9a=[('run.events("train")', "str(run.folder)")],
    ),
    mistake(
        9,
        "the validation's folder",
        says='writes into "runs/rehearsal/validation"',
        place_9a=[('("train")', '("validation")')],
    ),
    mistake(9, "another folder", says='train_writer writes into "logs"', place_9a=[('run.events("train")', '"logs"')]),
    mistake(9, "the folder for the writer", says="train_writer is a str", place_9a=[(WRITER, 'run.events("train")')]),
    mistake(
        9,
        "closed at once",
        says="train_writer is closed already",
        place_9a=[(f"train_writer = {WRITER}", f"with {WRITER} as train_writer:\n        pass")],
    ),
]
POINTS = [
    mistake(
        9, "without a step", says="at steps 10, 20, 25, points are written for 0, 0, 0", place_9b=[(", step)", ")")]
    ),
    mistake(9, "the next step", says="points are written for 11, 21, 26", place_9b=[(", step)", ", step + 1)")]),
    mistake(9, "written twice", says="10, 10, 20, 20, 25, 25", place_9b=[(POINT, f"{POINT}\n                {POINT}")]),
    mistake(
        9,
        "the tensor for its bytes",
        says="add_summary is given a tensor as the summary",
        place_9b=[("(summary,", "(scalars,")],
    ),
    mistake(9, "step before summary", says="given a number", place_9b=[("(summary, step)", "(step, summary)")]),
    mistake(
        9,
        "a new writer for every point",
        says="by another FileWriter",
        place_9b=[("train_writer.", 'tf.summary.FileWriter(run.events("train")).')],
    ),
    mistake(
        9,
        "the writer of the validation",
        says="the folder of the validation",
        place_9b=[("train_writer", "validation_writer")],
    ),
    mistake(9, "nothing written", says="no point gets into the event file", place_9b=[(POINT, "train_writer.flush()")]),
    mistake(
        9,
        "a summary of one's own",
        says="the point that is written has loss",
        place_9b=[("summary, step", 'tf.Summary(value=[tf.Summary.Value(tag="loss", simple_value=loss)]), step')],
    ),
]
MISTAKES = SCALARS + WRITERS + POINTS
VARIANTS = [
    variant(
        9,
        "merge, add_graph, keywords",
        place_9a="""
        train_writer = tf.summary.FileWriter(logdir=run.events("train"))
        train_writer.add_graph(graph)
        scalars = tf.summary.merge([
            tf.summary.scalar(tag, tensor)
            for tag, tensor in [
                ("curves/loss", batch_loss),
                ("curves/accuracy", batch_accuracy),
                ("curves/learning_rate", learning_rate),
            ]
        ])
    """,
        place_9b="train_writer.add_summary(global_step=step, summary=summary)\ntrain_writer.flush()",
    ),
    variant(
        9,
        "tags by a name scope, one curve more, a whole event",
        place_9a="""
        with tf.name_scope("curves/"):
            for name in ("loss", "accuracy"):
                tf.summary.scalar(name, {"loss": batch_loss, "accuracy": batch_accuracy}[name])
            tf.summary.scalar("learning_rate", learning_rate)
        tf.summary.scalar("twice_the_loss", 2 * batch_loss)
        scalars = tf.summary.merge_all()
        train_writer = tf.summary.FileWriter(str(run.folder / "train"), tf.get_default_graph(), flush_secs=10)
    """,
        place_9b="train_writer.add_event(tf.Event(step=step, summary=tf.Summary.FromString(summary)))",
    ),
]
