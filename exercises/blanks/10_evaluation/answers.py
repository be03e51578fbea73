"""Answers to this blank; the mistakes in its loop are in loop_answers.py."""

from exercises.answers import mistake, variant

from . import loop_answers

SAVER = "saver = tf.train.Saver()"
RESTORE = "saver.restore(session, checkpoint)"
INITIALIZE = "session.run(tf.global_variables_initializer())"
END = "except tf.errors.OutOfRangeError:"
RUN = "batch_losses, batch_probabilities = session.run(outputs, feed_dict=feed)"
LOSS = "np.concatenate(losses).mean()"
ACCURACY = "np.mean(probabilities.argmax(axis=1) == labels)"

RESTORING = [
    mistake(
        "the newest checkpoint",
        says="another checkpoint is restored than",
        a=[("restore(session, checkpoint)", "restore(session, tf.train.latest_checkpoint(str(run.folder / 'best')))")],
    ),
    mistake("one of its files", says="not found in checkpoint", a=[("checkpoint)", 'checkpoint + ".index")')]),
    mistake(
        "a folder for the path",
        says="Can't load save_path when it is None",
        a=[("checkpoint)", "tf.train.latest_checkpoint(checkpoint))")],
    ),
    mistake(
        "the path before the session",
        says="Expected binary or unicode string",
        a=[("session, checkpoint", "checkpoint, session")],
    ),
    mistake(
        "a graph that isn't there",
        says="File does not exist",
        a=[("Saver()", 'import_meta_graph(checkpoint + ".meta")')],
    ),
    mistake(
        "a Saver for nothing",
        says="the Saver is given no variables",
        a=[("Saver()", 'Saver(tf.get_collection("weights"))')],
    ),
    mistake(
        "a with around it",
        says="not re-entrant",
        a=f"with session:\n    tf.train.Saver().{RESTORE.removeprefix('saver.')}",
    ),
    mistake(
        "initialized after the restore",
        says="were restored, and then initialized",
        a=[(RESTORE, f"{RESTORE}\n{INITIALIZE}")],
    ),
    mistake(
        "initialized instead",
        says="initialized, and nothing is restored",
        a=[(RESTORE, INITIALIZE)],
    ),
    mistake(
        "a Saver for the trainable variables",
        says="norm1/moving_mean, norm1/moving_variance and global_step have no value",
        a=[("Saver()", "Saver(tf.trainable_variables())")],
    ),
    mistake(
        "initialized, and a Saver for the trainable variables",
        says="global_step have another value than in the checkpoint",
        a=f"{INITIALIZE}\ntf.train.Saver(tf.trainable_variables()).restore(session, checkpoint)",
    ),
    mistake(
        "a Saver for one variable",
        says="conv1/biases, fc1/weights",
        a=[("Saver()", "Saver(tf.global_variables()[:1])")],
    ),
    mistake("only a Saver", says="no variable has a value in the session", a=[(RESTORE, "")]),
    mistake(
        "saved instead",
        says="read before it has a value",
        a=[("restore", "save")],
    ),
    mistake(
        "restored into another session",
        says="session is a new session",
        a=f"with tf.Session() as session:\n    tf.train.Saver().{RESTORE.removeprefix('saver.')}",
    ),
    mistake("another path", says="there is no checkpoint 'best'", a=[("checkpoint)", "settings.checkpoint)")]),
    mistake("Saver without tf", says="name 'Saver' is not defined", a=[("tf.train.Saver()", "Saver()")]),
]
SUMS = [
    mistake("500 images", says="for 3,000 batches with 6,000 images, loss is 1", c=[("(losses)", "(losses)[:500]")]),
    mistake("a hundred batches", says="with 6,000 images, loss", c=[("(losses)", "(losses[:100])")]),
    mistake(
        "500 answers",
        says="with 6,000 images, accuracy is 1",
        c=[(ACCURACY, ACCURACY.replace("labels", "labels[:500]").replace("probabilities", "probabilities[:500]"))],
    ),
    mistake(
        "half the digits",
        says="loss is 0.52734",
        c=[("np.concatenate(losses)", "np.concatenate(losses).astype(np.float16)")],
    ),
    mistake("rounded", says="accuracy is 0.64", c=[(ACCURACY, f"round(float({ACCURACY}), 2)")]),
    mistake(
        "a sum of arrays", says="NumPy can't add up arrays of other lengths", c=[(LOSS, "sum(losses) / len(losses)")]
    ),
    mistake(
        "a division of whole numbers",
        says="accuracy is 0",
        c=[(ACCURACY, f"{ACCURACY.replace('mean', 'sum')} // len(labels)")],
    ),
    mistake("which are wrong", says="accuracy is 0.3636, the share", c=[("==", "!=")]),
    mistake(
        "the class with a probability above a half",
        says="(11,3)",
        c=[("probabilities.argmax(axis=1)", "(probabilities > 0.5)")],
    ),
    mistake(
        "labels overwritten",
        says="your lines give labels another value",
        c=[
            (
                "accuracy = np.mean(probabilities.argmax(axis=1) == labels)",
                "labels = probabilities.argmax(axis=1) == labels\naccuracy = np.mean(labels)",
            )
        ],
    ),
    mistake(
        "the mean of the batches' means",
        says="loss is 0.5667, the mean of the batches' means",
        c=[(LOSS, "np.mean([batch.mean() for batch in losses])")],
    ),
    mistake("the loss as a sum", says="loss is 5.8, the sum of all", c=[("(losses).mean", "(losses).sum")]),
    mistake(
        "a sum over the number of batches",
        says="over the number of batches",
        c=[(LOSS, "sum(batch.sum() for batch in losses) / len(losses)")],
    ),
    mistake(
        "the last batch's loss",
        says="loss is 1, that of the last batch only",
        c=[(LOSS, "batch_losses.mean()")],
    ),
    mistake("all losses", says="loss is an array of 11 numbers", c=[(".mean()", "")]),
    mistake(
        "the mean of a list of arrays",
        says="they are 4, 4 and 3 numbers",
        c=[(LOSS, "np.mean(losses)")],
    ),
    mistake(
        "the accuracy as a count",
        says="accuracy is 7, how many",
        c=[("np.mean(", "np.sum(")],
    ),
    mistake("per cent", says="accuracy is 63.64, in per cent", c=[("np.mean(", "100 * np.mean(")]),
    mistake(
        "argmax over the images",
        says="3 numbers are compared with the 11 labels",
        c=[("axis=1", "axis=0")],
    ),
    mistake(
        "labels joined again",
        says="can't join single numbers",
        c=[("== labels", "== np.concatenate(labels)")],
    ),
    mistake("argmax of all", says="as if class 0 were predicted", c=[("axis=1", "")]),
    mistake(
        "the mean of the batches' accuracies",
        says="accuracy is 0.6111, the mean of the batches'",
        c=f"""
        loss = {LOSS}
        ends = np.cumsum([len(batch) for batch in losses])[:-1]
        is_right = np.split(probabilities.argmax(axis=1) == labels, ends)
        accuracy = np.mean([batch.mean() for batch in is_right])
    """,
    ),
    mistake(
        "the last batch's accuracy",
        says="accuracy is 0.3333, that of",
        c=[("probabilities.argmax(axis=1) == labels", "batch_probabilities.argmax(axis=1) == batch_labels")],
    ),
    mistake(
        "the largest probability",
        says="the mean of the largest probabilities",
        c=[(ACCURACY, "probabilities.max(axis=1).mean()")],
    ),
    mistake(
        "which are right",
        says="accuracy is an array of 11 numbers",
        c=[(ACCURACY, "probabilities.argmax(axis=1) == labels")],
    ),
    mistake("no accuracy", says="accuracy is missing", c=[("accuracy = ", "")]),
    mistake(
        "tensors for numbers",
        says="Graph is finalized and",
        c=[(LOSS, "tf.reduce_mean(np.concatenate(losses))")],
    ),
]
MISTAKES = RESTORING + loop_answers.MISTAKES + SUMS
VARIANTS = [
    variant(
        "global_variables, is_training left out, sums",
        a="tf.train.Saver(tf.global_variables()).restore(session, checkpoint)",
        b=f"""
        try:
            batch = session.run(next_element)
            {RUN.replace("feed_dict=feed", "dict(zip((images_ph, labels_ph), batch))")}
        {END}
            break
        _, batch_labels = batch
    """,
        c="""
        right = 0
        for chances, label in zip(probabilities, labels):
            right += int(np.argmax(chances) == label)
        accuracy = right / len(labels)
        loss = sum(float(batch.sum()) for batch in losses) / len(labels)
    """,
    ),
    variant(
        "initialized before, two runs, np.average",
        a=f"{INITIALIZE}\nrestorer = tf.train.Saver(max_to_keep=1)\nrestorer.restore(session, checkpoint)",
        b="""
        batch = None
        try:
            batch = session.run({"images": next_element[0], "labels": next_element[1]})
        except tf.errors.OutOfRangeError:
            pass
        if batch is None:
            break
        batch_labels = batch["labels"]
        feed = {"images:0": batch["images"], "labels:0": list(batch_labels), "is_training:0": 0}
        batch_losses = outputs[0].eval(feed, session=session)
        batch_probabilities = session.run(outputs[1], feed)
    """,
        c="""
        sizes = [len(batch) for batch in losses]
        loss = np.average([batch.mean() for batch in losses], weights=sizes)
        predicted = np.argmax(probabilities, -1)
        accuracy = np.count_nonzero(np.equal(predicted, labels)) / predicted.size
    """,
    ),
    variant(
        "a dict of variables, an error raised again",
        a="""
        saver = tf.train.Saver({variable.op.name: variable for variable in tf.global_variables()})
        saver.restore(sess=session, save_path=checkpoint)
    """,
        b="""
        try:
            images, batch_labels = session.run(next_element)
        except Exception as error:
            if isinstance(error, tf.errors.OutOfRangeError):
                break
            raise
        batch_losses, batch_probabilities = session.run(
            list(outputs), {labels_ph: batch_labels, images_ph: images, is_training: np.bool_(False)}
        )
    """,
        c="""
        loss = np.hstack(losses).mean(dtype=float)
        accuracy = (labels == probabilities.argmax(1)).astype(float).mean()
    """,
    ),
    variant(
        "values read from the file",
        a="""
        reader = tf.train.load_checkpoint(checkpoint)
        for variable in tf.global_variables():
            variable.load(reader.get_tensor(variable.op.name), session)
    """,
    ),
]
