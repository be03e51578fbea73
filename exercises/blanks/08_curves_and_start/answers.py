"""Answers to this blank."""

LOSS_SCALAR = 'tf.summary.scalar("curves/loss", batch_loss)'
SCORE_SCALAR = 'tf.summary.scalar(f"curves/{data.score_name}", batch_score)'
MERGE = "tf.summary.merge_all()"
WRITER = 'tf.summary.FileWriter(run.events("train"), graph)'
START = "session.run(tf.global_variables_initializer())"
START_DATA = "session.run(iterator.initializer, feed_dict=data.arrays)"

SCALARS = {
    "tf.summary has no attribute 'create_file_writer'": (WRITER, 'tf.summary.create_file_writer(run.events("train"))'),
    "got an unexpected keyword argument 'step'": (LOSS_SCALAR, LOSS_SCALAR.replace(")", ", step=0)")),
    "only curves/_data.score_name_": ('f"curves', '"curves'),
    "curves/loss shows 0.5, and batch_loss is 0.625": (LOSS_SCALAR, LOSS_SCALAR.replace("batch_loss", "0.5")),
    "curves/loss shows 1.25, and": (LOSS_SCALAR, LOSS_SCALAR.replace("batch_loss", "2 * batch_loss")),
    "curves/learning_rate shows 0.06, and": (", learning_rate)", ", tf.constant(0.06))"),
    "scalars is a function, not called": (MERGE, MERGE[:-2]),
    "there is no scalar curves/loss, only curves/accuracy and curves/learning_rate": (
        LOSS_SCALAR,
        LOSS_SCALAR.replace("scalar", "histogram"),
    ),
    "there is no scalar curves/loss, only curves/accuracy and curves/learning_rate and loss": ("curves/loss", "loss"),
    "there is no scalar curves/learning_rate, only curves/accuracy and curves/loss and learning_rate": (
        '"curves/learning_rate"',
        '"learning_rate"',
    ),
    "there is no scalar curves/accuracy, only curves/learning_rate and curves/loss": (SCORE_SCALAR, ""),
    "nor any other": [
        (LOSS_SCALAR, ""),
        (SCORE_SCALAR, ""),
        ('tf.summary.scalar("curves/learning_rate", learning_rate)', ""),
    ],
    "only curves/learning_rate and curves/loss and curves/loss_1": ('f"curves/{data.score_name}"', '"curves/loss"'),
    "curves/accuracy shows batch_loss": ("batch_score", "batch_loss"),
    "there was nothing to merge yet": [(f"scalars = {MERGE}", ""), (LOSS_SCALAR, f"scalars = {MERGE}\n{LOSS_SCALAR}")],
    "scalars is without curves/accuracy and curves/learning_rate": [
        (f"scalars = {MERGE}", ""),
        (SCORE_SCALAR, f"scalars = {MERGE}\n{SCORE_SCALAR}"),
    ],
    "scalars is a list of 1": (MERGE, "[tf.summary.scalar('more', batch_loss)]"),
    "there is no scalars": ("scalars =", "merged ="),
    "there are two scalars curves/loss; the second is called curves/loss_1": (
        LOSS_SCALAR,
        f"{LOSS_SCALAR}\n{LOSS_SCALAR}",
    ),
}
WRITERS = {
    "2 FileWriters are opened on the same folder": (f"train_writer = {WRITER}", f"train_writer = {WRITER}\n{WRITER}"),
    "a function for its folder, not called": ('run.events("train")', "run.events"),
    "tf.train has no attribute 'SummaryWriter'": ("tf.summary.FileWriter", "tf.train.SummaryWriter"),
    "closed already": (f"train_writer = {WRITER}", f"train_writer = {WRITER}\ntrain_writer.close()"),
    "the event file holds no graph": (", graph)", ")"),
    "another graph than this one": (", graph)", ", tf.Graph())"),
    'train_writer writes into "runs/rehearsal"': ('run.events("train")', "str(run.folder)"),
    'writes into "runs/rehearsal/validation"': ('("train")', '("validation")'),
    'train_writer writes into "logs"': ('run.events("train")', '"logs"'),
    "train_writer is the text 'runs/rehearsal/train'": (WRITER, 'run.events("train")'),
    "train_writer is closed already": (f"train_writer = {WRITER}", f"with {WRITER} as train_writer:\n    pass"),
}
STARTS = {
    "'Operation' object is not callable": ("iterator.initializer", "iterator.initializer()"),
    'has invalid type "Iterator"': ("iterator.initializer", "iterator"),
    "a data set has no attribute 'initializer'": ("iterator.initializer", "training.initializer"),
    "Session context managers are not re-entrant": {"b": f"with session:\n    {START}\n    {START_DATA}"},
    "layer/weights and global_step have no value": ("global_variables_init", "local_variables_init"),
    "has invalid type": ("initializer())", "initializer)"),
    "have no value in the session": (START, "pass"),
    "layer/weights": (START, "tf.global_variables_initializer()"),
    "global_step has no value": (
        "tf.global_variables_initializer()",
        "tf.variables_initializer(tf.trainable_variables())",
    ),
    "session is a new session": {"b": f"session = tf.Session()\n{START}\n{START_DATA}"},
    "the iterator has not been started": (START_DATA, ""),
    "the iterator has not": (
        "iterator.initializer, feed_dict=data.arrays",
        "tf.data.make_initializable_iterator(training).initializer, data.arrays",
    ),
    "run without data.arrays": (", feed_dict=data.arrays", ""),
    "the first batch is not the first": (START_DATA, f"{START_DATA}\nsession.run(next_element)"),
}
MISTAKES = SCALARS | WRITERS | STARTS
VARIANTS = {
    "a loop over tags, a group": {
        "a": """
        curves = {"loss": batch_loss, data.score_name: batch_score, "learning_rate": learning_rate}
        for name, tensor in curves.items():
            tf.compat.v1.summary.scalar(f"curves/{name}", tensor)
        scalars = tf.compat.v1.summary.merge_all()
        train_writer = tf.compat.v1.summary.FileWriter(run.events("train"), graph=graph)
        train_writer.flush()
    """,
        "b": """
        start = tf.group(tf.global_variables_initializer(), tf.local_variables_initializer())
        with session.as_default():
            start.run()
            session.run(iterator.initializer, feed_dict=dict(data.arrays))
    """,
    },
    "merge, add_graph, keywords; all started at once": {
        "a": """
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
        "b": "session.run([tf.global_variables_initializer(), iterator.initializer], data.arrays)",
    },
    "tags by a name scope, one curve more; operations that run themselves": {
        "a": """
        with tf.name_scope("curves/"):
            for name in ("loss", "accuracy"):
                tf.summary.scalar(name, {"loss": batch_loss, "accuracy": batch_accuracy}[name])
            tf.summary.scalar("learning_rate", learning_rate)
        tf.summary.scalar("twice_the_loss", 2 * batch_loss)
        scalars = tf.summary.merge_all()
        train_writer = tf.summary.FileWriter(str(run.folder / "train"), tf.get_default_graph(), flush_secs=10)
    """,
        "b": """
        tf.variables_initializer(tf.global_variables()).run()
        iterator.initializer.run(data.arrays, session=session)
    """,
    },
}
