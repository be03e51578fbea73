"""Answers to this blank; the mistakes in its loop are in loop_answers.py."""

from . import loop_answers

SAVER = "saver = tf.train.Saver()"
RESTORE = "saver.restore(session, checkpoint)"
INITIALIZE = "session.run(tf.global_variables_initializer())"
END = "except tf.errors.OutOfRangeError:"
RUN = "batch_losses, batch_probabilities = session.run(outputs, feed_dict=feed)"
LOSS = "np.concatenate(losses).mean()"
ACCURACY = "np.mean(probabilities.argmax(axis=1) == labels)"

RESTORING = {
    "another checkpoint is restored than": (
        "restore(session, checkpoint)",
        "restore(session, tf.train.latest_checkpoint(str(run.folder / 'best')))",
    ),
    "not found in checkpoint": ("checkpoint)", 'checkpoint + ".index")'),
    "Can't load save_path when it is None": ("checkpoint)", "tf.train.latest_checkpoint(checkpoint))"),
    "Expected binary or unicode string": ("session, checkpoint", "checkpoint, session"),
    "File does not exist": ("Saver()", 'import_meta_graph(checkpoint + ".meta")'),
    "the Saver is given no variables": ("Saver()", 'Saver(tf.get_collection("weights"))'),
    "not re-entrant": {"a": f"with session:\n    tf.train.Saver().{RESTORE.removeprefix('saver.')}"},
    "were restored, and then initialized": (RESTORE, f"{RESTORE}\n{INITIALIZE}"),
    "initialized, and nothing is restored": (RESTORE, INITIALIZE),
    "norm1/moving_mean, norm1/moving_variance and global_step have no value": (
        "Saver()",
        "Saver(tf.trainable_variables())",
    ),
    "global_step have another value than in the checkpoint": {
        "a": f"{INITIALIZE}\ntf.train.Saver(tf.trainable_variables()).restore(session, checkpoint)"
    },
    "conv1/biases, fc1/weights": ("Saver()", "Saver(tf.global_variables()[:1])"),
    "no variable has a value in the session": (RESTORE, ""),
    "read before it has a value": ("restore", "save"),
    "session is a new session": {
        "a": f"with tf.Session() as session:\n    tf.train.Saver().{RESTORE.removeprefix('saver.')}"
    },
    "there is no checkpoint 'best'": ("checkpoint)", "settings.checkpoint)"),
    "name 'Saver' is not defined": ("tf.train.Saver()", "Saver()"),
}
SUMS = {
    "for 3,000 batches with 6,000 images, loss is 1": ("(losses)", "(losses)[:500]"),
    "with 6,000 images, loss": ("(losses)", "(losses[:100])"),
    "with 6,000 images, accuracy is 1": (
        ACCURACY,
        ACCURACY.replace("labels", "labels[:500]").replace("probabilities", "probabilities[:500]"),
    ),
    "loss is 0.52734": ("np.concatenate(losses)", "np.concatenate(losses).astype(np.float16)"),
    "accuracy is 0.64": (ACCURACY, f"round(float({ACCURACY}), 2)"),
    "NumPy can't add up arrays of other lengths": (LOSS, "sum(losses) / len(losses)"),
    "accuracy is 0": (ACCURACY, f"{ACCURACY.replace('mean', 'sum')} // len(labels)"),
    "accuracy is 0.3636, the share": ("==", "!="),
    "(11,3)": ("probabilities.argmax(axis=1)", "(probabilities > 0.5)"),
    "your lines give labels another value": (
        "accuracy = np.mean(probabilities.argmax(axis=1) == labels)",
        "labels = probabilities.argmax(axis=1) == labels\naccuracy = np.mean(labels)",
    ),
    "loss is 0.5667, the mean of the batches' means": (LOSS, "np.mean([batch.mean() for batch in losses])"),
    "loss is 5.8, the sum of all": ("(losses).mean", "(losses).sum"),
    "over the number of batches": (LOSS, "sum(batch.sum() for batch in losses) / len(losses)"),
    "loss is 1, that of the last batch only": (LOSS, "batch_losses.mean()"),
    "loss is an array of 11 numbers": (".mean()", ""),
    "they are 4, 4 and 3 numbers": (LOSS, "np.mean(losses)"),
    "accuracy is 7, how many": ("np.mean(", "np.sum("),
    "accuracy is 63.64, in per cent": ("np.mean(", "100 * np.mean("),
    "3 numbers are compared with the 11 labels": ("axis=1", "axis=0"),
    "can't join single numbers": ("== labels", "== np.concatenate(labels)"),
    "as if class 0 were predicted": ("axis=1", ""),
    "accuracy is 0.6111, the mean of the batches'": {
        "c": f"""
        loss = {LOSS}
        ends = np.cumsum([len(batch) for batch in losses])[:-1]
        is_right = np.split(probabilities.argmax(axis=1) == labels, ends)
        accuracy = np.mean([batch.mean() for batch in is_right])
    """
    },
    "accuracy is 0.3333, that of": (
        "probabilities.argmax(axis=1) == labels",
        "batch_probabilities.argmax(axis=1) == batch_labels",
    ),
    "the mean of the largest probabilities": (ACCURACY, "probabilities.max(axis=1).mean()"),
    "accuracy is an array of 11 numbers": (ACCURACY, "probabilities.argmax(axis=1) == labels"),
    "accuracy is missing": ("accuracy = ", ""),
    "Graph is finalized and": (LOSS, "tf.reduce_mean(np.concatenate(losses))"),
}
MISTAKES = RESTORING | loop_answers.MISTAKES | SUMS
VARIANTS = {
    "global_variables, is_training left out, sums": {
        "a": "tf.train.Saver(tf.global_variables()).restore(session, checkpoint)",
        "b": f"""
        try:
            batch = session.run(next_element)
            {RUN.replace("feed_dict=feed", "dict(zip((images_ph, labels_ph), batch))")}
        {END}
            break
        _, batch_labels = batch
    """,
        "c": """
        right = 0
        for chances, label in zip(probabilities, labels):
            right += int(np.argmax(chances) == label)
        accuracy = right / len(labels)
        loss = sum(float(batch.sum()) for batch in losses) / len(labels)
    """,
    },
    "initialized before, two runs, np.average": {
        "a": f"{INITIALIZE}\nrestorer = tf.train.Saver(max_to_keep=1)\nrestorer.restore(session, checkpoint)",
        "b": """
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
        "c": """
        sizes = [len(batch) for batch in losses]
        loss = np.average([batch.mean() for batch in losses], weights=sizes)
        predicted = np.argmax(probabilities, -1)
        accuracy = np.count_nonzero(np.equal(predicted, labels)) / predicted.size
    """,
    },
    "a dict of variables, an error raised again": {
        "a": """
        saver = tf.train.Saver({variable.op.name: variable for variable in tf.global_variables()})
        saver.restore(sess=session, save_path=checkpoint)
    """,
        "b": """
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
        "c": """
        loss = np.hstack(losses).mean(dtype=float)
        accuracy = (labels == probabilities.argmax(1)).astype(float).mean()
    """,
    },
    "values read from the file": {
        "a": """
        reader = tf.train.load_checkpoint(checkpoint)
        for variable in tf.global_variables():
            variable.load(reader.get_tensor(variable.op.name), session)
    """
    },
}
