"""Answers to this blank."""

from exercises.answers import mistake, variant

LOSS_SCALAR = 'tf.summary.scalar("curves/loss", batch_loss)'
SCORE_SCALAR = 'tf.summary.scalar(f"curves/{data.score_name}", batch_score)'
MERGE = "tf.summary.merge_all()"
WRITER = 'tf.summary.FileWriter(run.events("train"), graph)'
START = "session.run(tf.global_variables_initializer())"
START_DATA = "session.run(iterator.initializer, feed_dict=data.arrays)"

SCALARS = [
    mistake(
        "TensorFlow 2's writer",
        says="tf.summary has no attribute 'create_file_writer'",
        a=[(WRITER, 'tf.summary.create_file_writer(run.events("train"))')],
    ),
    mistake(
        "TensorFlow 2's step",
        says="got an unexpected keyword argument 'step'",
        a=[(LOSS_SCALAR, LOSS_SCALAR.replace(")", ", step=0)"))],
    ),
    mistake("the f of the text forgotten", says="only curves/_data.score_name_", a=[('f"curves', '"curves')]),
    mistake(
        "a number for the tensor",
        says="curves/loss shows 0.5, and batch_loss is 0.625",
        a=[(LOSS_SCALAR, LOSS_SCALAR.replace("batch_loss", "0.5"))],
    ),
    mistake(
        "twice the loss",
        says="curves/loss shows 1.25, and",
        a=[(LOSS_SCALAR, LOSS_SCALAR.replace("batch_loss", "2 * batch_loss"))],
    ),
    mistake("rounded", says="curves/learning_rate shows 0.06, and", a=[(", learning_rate)", ", tf.constant(0.06))")]),
    mistake("a function for the merge", says="scalars is a function, not called", a=[(MERGE, MERGE[:-2])]),
    mistake(
        "a histogram",
        says="there is no scalar curves/loss, only curves/accuracy and curves/learning_rate",
        a=[(LOSS_SCALAR, LOSS_SCALAR.replace("scalar", "histogram"))],
    ),
    mistake(
        "other tags",
        says="there is no scalar curves/loss, only curves/accuracy and curves/learning_rate and loss",
        a=[("curves/loss", "loss")],
    ),
    mistake(
        "one scalar missing",
        says="there is no scalar curves/accuracy, only curves/learning_rate and curves/loss",
        a=[(SCORE_SCALAR, "")],
    ),
    mistake(
        "no scalars",
        says="nor any other",
        a=[
            (LOSS_SCALAR, ""),
            (SCORE_SCALAR, ""),
            ('tf.summary.scalar("curves/learning_rate", learning_rate)', ""),
        ],
    ),
    mistake(
        "a tag twice",
        says="only curves/learning_rate and curves/loss and curves/loss_1",
        a=[('f"curves/{data.score_name}"', '"curves/loss"')],
    ),
    mistake("the wrong tensor", says="curves/accuracy shows batch_loss", a=[("batch_score", "batch_loss")]),
    mistake(
        "merged before the scalars",
        says="there was nothing to merge yet",
        a=[(f"scalars = {MERGE}", ""), (LOSS_SCALAR, f"scalars = {MERGE}\n{LOSS_SCALAR}")],
    ),
    mistake(
        "merged between the scalars",
        says="scalars is without curves/accuracy and curves/learning_rate",
        a=[(f"scalars = {MERGE}", ""), (SCORE_SCALAR, f"scalars = {MERGE}\n{SCORE_SCALAR}")],
    ),
    mistake(
        "a list for a merge",
        says="scalars is a list of 1",
        a=[(MERGE, "[tf.summary.scalar('more', batch_loss)]")],
    ),
    mistake("merged under another name", says="there is no scalars", a=[("scalars =", "merged =")]),
]
WRITERS = [
    mistake(
        "a function for the folder",
        says="a function for its folder, not called",
        a=[('run.events("train")', "run.events")],
    ),
    mistake(
        "the name of an old class",
        says="tf.train has no attribute 'SummaryWriter'",
        a=[("tf.summary.FileWriter", "tf.train.SummaryWriter")],
    ),
    mistake(
        "closed by its method",
        says="closed already",
        a=[(f"train_writer = {WRITER}", f"train_writer = {WRITER}\ntrain_writer.close()")],
    ),
    mistake("without the graph", says="the event file holds no graph", a=[(", graph)", ")")]),
    mistake("another graph", says="another graph than this one", a=[(", graph)", ", tf.Graph())")]),
    mistake(
        "the run's folder",
        says='train_writer writes into "runs/rehearsal"',
        a=[('run.events("train")', "str(run.folder)")],
    ),
    mistake(
        "the validation's folder",
        says='writes into "runs/rehearsal/validation"',
        a=[('("train")', '("validation")')],
    ),
    mistake("another folder", says='train_writer writes into "logs"', a=[('run.events("train")', '"logs"')]),
    mistake(
        "the folder for the writer",
        says="train_writer is the text 'runs/rehearsal/train'",
        a=[(WRITER, 'run.events("train")')],
    ),
    mistake(
        "closed at once",
        says="train_writer is closed already",
        a=[(f"train_writer = {WRITER}", f"with {WRITER} as train_writer:\n    pass")],
    ),
]
STARTS = [
    mistake(
        "the initializer called",
        says="'Operation' object is not callable",
        b=[("iterator.initializer", "iterator.initializer()")],
    ),
    mistake("the iterator run", says='has invalid type "Iterator"', b=[("iterator.initializer", "iterator")]),
    mistake(
        "the data set's initializer",
        says="a data set has no attribute 'initializer'",
        b=[("iterator.initializer", "training.initializer")],
    ),
    mistake(
        "a with around it",
        says="Session context managers are not re-entrant",
        b=f"with session:\n    {START}\n    {START_DATA}",
    ),
    mistake(
        "only the local variables",
        says="layer/weights and global_step have no value",
        b=[("global_variables_init", "local_variables_init")],
    ),
    mistake("the function for what it makes", says="has invalid type", b=[("initializer())", "initializer)")]),
    mistake("variables not initialized", says="have no value in the session", b=[(START, "pass")]),
    mistake("initializer not run", says="layer/weights", b=[(START, "tf.global_variables_initializer()")]),
    mistake(
        "only the trainable variables",
        says="global_step has no value",
        b=[("tf.global_variables_initializer()", "tf.variables_initializer(tf.trainable_variables())")],
    ),
    mistake(
        "a session of one's own",
        says="session is a new session",
        b=f"session = tf.Session()\n{START}\n{START_DATA}",
    ),
    mistake("iterator not initialized", says="the iterator has not been started", b=[(START_DATA, "")]),
    mistake(
        "another iterator",
        says="the iterator has not",
        b=[
            (
                "iterator.initializer, feed_dict=data.arrays",
                "tf.data.make_initializable_iterator(training).initializer, data.arrays",
            )
        ],
    ),
    mistake("without data.arrays", says="run without data.arrays", b=[(", feed_dict=data.arrays", "")]),
    mistake(
        "a batch fetched and lost",
        says="the first batch is not the first",
        b=[(START_DATA, f"{START_DATA}\nsession.run(next_element)")],
    ),
]
MISTAKES = SCALARS + WRITERS + STARTS
VARIANTS = [
    variant(
        "a loop over tags, a group",
        a="""
        curves = {"loss": batch_loss, data.score_name: batch_score, "learning_rate": learning_rate}
        for name, tensor in curves.items():
            tf.compat.v1.summary.scalar(f"curves/{name}", tensor)
        scalars = tf.compat.v1.summary.merge_all()
        train_writer = tf.compat.v1.summary.FileWriter(run.events("train"), graph=graph)
        train_writer.flush()
    """,
        b="""
        start = tf.group(tf.global_variables_initializer(), tf.local_variables_initializer())
        with session.as_default():
            start.run()
            session.run(iterator.initializer, feed_dict=dict(data.arrays))
    """,
    ),
    variant(
        "merge, add_graph, keywords; all started at once",
        a="""
        train_writer = tf.summary.FileWriter(logdir=run.events("train"))
        train_writer.add_graph(graph)
        scalars = tf.summary.merge([
            tf.summary.scalar(tag, tensor)
            for tag, tensor in [
                ("curves/loss", batch_loss),
                ("curves/accuracy", batch_score),
                ("curves/learning_rate", learning_rate),
            ]
        ])
    """,
        b="session.run([tf.global_variables_initializer(), iterator.initializer], data.arrays)",
    ),
    variant(
        "tags by a name scope, one curve more; operations that run themselves",
        a="""
        with tf.name_scope("curves/"):
            for name in ("loss", "accuracy"):
                tf.summary.scalar(name, {"loss": batch_loss, "accuracy": batch_accuracy}[name])
            tf.summary.scalar("learning_rate", learning_rate)
        tf.summary.scalar("twice_the_loss", 2 * batch_loss)
        scalars = tf.summary.merge_all()
        train_writer = tf.summary.FileWriter(str(run.folder / "train"), tf.get_default_graph(), flush_secs=10)
    """,
        b="""
        tf.variables_initializer(tf.global_variables()).run()
        iterator.initializer.run(data.arrays, session=session)
    """,
    ),
]
