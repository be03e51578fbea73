"""Answers to blank 10: other right ways, and mistakes in 10a and 10c. Those in 10b are in evaluation_loop.py."""

from support.answers import mistake, variant

SAVER = "saver = tf.train.Saver()"
RESTORE = "saver.restore(session, checkpoint)"
INITIALIZE = "session.run(tf.global_variables_initializer())"
END = "except tf.errors.OutOfRangeError:"
RUN = "batch_losses, batch_probabilities = session.run(outputs, feed_dict=feed)"
LOSS = "np.concatenate(losses).mean()"
ACCURACY = "np.mean(probabilities.argmax(axis=1) == labels)"

RESTORING = [
    mistake(
        10,
        "initialized after the restore",
        says="were restored, and then initialized",
        place_10a=[(RESTORE, f"{RESTORE}\n        {INITIALIZE}")],
    ),
    mistake(
        10,
        "initialized instead",
        says="initialized, and nothing is restored",
        place_10a=[(RESTORE, INITIALIZE)],
    ),
    mistake(
        10,
        "a Saver for the trainable variables",
        says="norm1/moving_mean, norm1/moving_variance and global_step have no value",
        place_10a=[("Saver()", "Saver(tf.trainable_variables())")],
    ),
    mistake(
        10,
        "initialized, and a Saver for the trainable variables",
        says="global_step have another value than in the checkpoint",
        place_10a=f"{INITIALIZE}\ntf.train.Saver(tf.trainable_variables()).restore(session, checkpoint)",
    ),
    mistake(
        10,
        "a Saver for one variable",
        says="conv1/biases, fc1/weights",
        place_10a=[("Saver()", "Saver(tf.global_variables()[:1])")],
    ),
    mistake(10, "a Saver alone", says="no variable has a value in the session", place_10a=[(RESTORE, "")]),
    mistake(
        10,
        "saved instead",
        says="read before it has a value",
        place_10a=[("restore", "save")],
    ),
    mistake(
        10,
        "restored into another session",
        says="session is a new session",
        place_10a=f"with tf.Session() as session:\n    tf.train.Saver().{RESTORE.removeprefix('saver.')}",
    ),
    mistake(
        10, "another path", says="there is no checkpoint 'best'", place_10a=[("checkpoint)", "settings.checkpoint)")]
    ),
    mistake(10, "Saver without tf", says="name 'Saver' is not defined", place_10a=[("tf.train.Saver()", "Saver()")]),
]
SUMS = [
    mistake(
        10,
        "labels overwritten",
        says="your lines give labels another value",
        place_10c=[
            (
                "accuracy = np.mean(probabilities.argmax(axis=1) == labels)",
                "labels = probabilities.argmax(axis=1) == labels\n    accuracy = np.mean(labels)",
            )
        ],
    ),
    mistake(
        10,
        "the mean of the batches' means",
        says="loss is 0.5667, the mean of the batches' means",
        place_10c=[(LOSS, "np.mean([batch.mean() for batch in losses])")],
    ),
    mistake(10, "the loss as a sum", says="loss is 5.8, the sum of all", place_10c=[("(losses).mean", "(losses).sum")]),
    mistake(
        10,
        "a sum over the number of batches",
        says="over the number of batches",
        place_10c=[(LOSS, "sum(batch.sum() for batch in losses) / len(losses)")],
    ),
    mistake(
        10,
        "the last batch's loss",
        says="loss is 1, that of the last batch alone",
        place_10c=[(LOSS, "batch_losses.mean()")],
    ),
    mistake(10, "all losses", says="loss is an array of 11 numbers", place_10c=[(".mean()", "")]),
    mistake(
        10,
        "the mean of a list of arrays",
        says="and they are 4, 4 and 3 numbers",
        place_10c=[(LOSS, "np.mean(losses)")],
    ),
    mistake(
        10,
        "the accuracy as a count",
        says="accuracy is 7, how many",
        place_10c=[("np.mean(", "np.sum(")],
    ),
    mistake(10, "per cent", says="accuracy is 63.64, in per cent", place_10c=[("np.mean(", "100 * np.mean(")]),
    mistake(
        10,
        "argmax over the images",
        says="3 numbers are compared with the 11 labels",
        place_10c=[("axis=1", "axis=0")],
    ),
    mistake(
        10,
        "labels joined again",
        says="is to join single numbers",
        place_10c=[("== labels", "== np.concatenate(labels)")],
    ),
    mistake(10, "argmax of all", says="as if class 0 were predicted", place_10c=[("axis=1", "")]),
    mistake(
        10,
        "the mean of the batches' accuracies",
        says="accuracy is 0.6111, the mean of the batches'",
        place_10c=f"""
        loss = {LOSS}
        ends = np.cumsum([len(batch) for batch in losses])[:-1]
        is_right = np.split(probabilities.argmax(axis=1) == labels, ends)
        accuracy = np.mean([batch.mean() for batch in is_right])
    """,
    ),
    mistake(
        10,
        "the last batch's accuracy",
        says="accuracy is 0.3333, that of",
        place_10c=[("probabilities.argmax(axis=1) == labels", "batch_probabilities.argmax(axis=1) == batch_labels")],
    ),
    mistake(
        10,
        "the largest probability",
        says="the mean of the largest probabilities",
        place_10c=[(ACCURACY, "probabilities.max(axis=1).mean()")],
    ),
    mistake(
        10,
        "which are right",
        says="accuracy is an array of 11 numbers",
        place_10c=[(ACCURACY, "probabilities.argmax(axis=1) == labels")],
    ),
    mistake(10, "no accuracy", says="accuracy is missing", place_10c=[("accuracy = ", "")]),
    mistake(
        10,
        "tensors for numbers",
        says="Graph is finalized and",
        place_10c=[(LOSS, "tf.reduce_mean(np.concatenate(losses))")],
    ),
]
MISTAKES = RESTORING + SUMS
VARIANTS = [
    variant(
        10,
        "global_variables, is_training left out, sums",
        place_10a="tf.train.Saver(tf.global_variables()).restore(session, checkpoint)",
        place_10b=f"""
        try:
            batch = session.run(next_element)
            {RUN.replace("feed_dict=feed", "dict(zip((images_ph, labels_ph), batch))")}
        {END}
            break
        _, batch_labels = batch
    """,
        place_10c="""
        right = 0
        for chances, label in zip(probabilities, labels):
            right += int(np.argmax(chances) == label)
        accuracy = right / len(labels)
        loss = sum(float(batch.sum()) for batch in losses) / len(labels)
    """,
    ),
    variant(
        10,
        "initialized before, two runs, np.average",
        place_10a=f"{INITIALIZE}\nrestorer = tf.train.Saver(max_to_keep=1)\nrestorer.restore(session, checkpoint)",
        place_10b="""
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
        place_10c="""
        sizes = [len(batch) for batch in losses]
        loss = np.average([batch.mean() for batch in losses], weights=sizes)
        predicted = np.argmax(probabilities, -1)
        accuracy = np.count_nonzero(np.equal(predicted, labels)) / predicted.size
    """,
    ),
    variant(
        10,
        "a dict of variables, an error raised again",
        place_10a="""
        saver = tf.train.Saver({variable.op.name: variable for variable in tf.global_variables()})
        saver.restore(sess=session, save_path=checkpoints.find(run, settings.checkpoint))
    """,
        place_10b="""
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
        place_10c="""
        loss = np.hstack(losses).mean(dtype=float)
        accuracy = (labels == probabilities.argmax(1)).astype(float).mean()
    """,
    ),
    variant(
        10,
        "values read from the file",
        place_10a="""
        reader = tf.train.load_checkpoint(checkpoint)
        for variable in tf.global_variables():
            variable.load(reader.get_tensor(variable.op.name), session)
    """,
    ),
]
