"""Answers to this blank."""

FETCH = "images, labels = session.run(next_element)"
FETCHES = "[train_op, batch_loss, batch_score, learning_rate, scalars]"
END = "except tf.errors.OutOfRangeError:"
POINT = "train_writer.add_summary(summary, step)"
FED = "feed_dict={images_ph: images, labels_ph: labels, is_training: True}"
STEP_END = FED + ",\n)"

FEEDS = {
    "feed_dict has the text 'images_ph:0'": (
        "images_ph: images, labels_ph: labels",
        '"images_ph:0": images, "labels_ph:0": labels',
    ),
    "the images fed in step 1 aren't a batch": (
        FED,
        "feed_dict={images_ph: images[:500], labels_ph: labels[:500], is_training: True}",
    ),
    "run() got an unexpected keyword argument 'is_training'": (", is_training: True}", "}, is_training=True"),
    "Iterating over a symbolic": {"a": "for images, labels in next_element:\n    pass"},
    "your lines call recorder.add": (STEP_END, STEP_END + "\nstep = recorder.add(loss, score, rate, len(labels))"),
    "_ph is fed an array of shape": ("images_ph: images, labels_ph: labels", "images_ph: labels, labels_ph: images"),
    "labels_ph is not fed": ("labels_ph: labels, ", ""),
    "images_ph is not fed": ("images_ph: images, ", ""),
    "with is_training False": (", is_training: True", ""),
    "feed_dict has a tensor as a value": ("images_ph: images", "images_ph: next_element[0]"),
    "has the text 'images_ph'": ("{images_ph:", "{'images_ph':"),
    "the images fed in step 1": ("ph: images", "ph: images / 255"),
    "aren't a batch as it was fetched": [("ph: labels", "ph: labels[:1]"), ("ph: images", "ph: images[:1]")],
    "the images of the first batch are fed with the labels of the second": (
        FETCH,
        "images = session.run(next_element[0])\n    labels = session.run(next_element[1])",
    ),
    "the first batch is never fed": (FETCH, f"session.run(next_element)\n    {FETCH}"),
    "RuntimeError: Graph is finalized": ("batch_loss,", "tf.reduce_mean(batch_loss),"),
    "Graph is finalized and cannot": ("run(next_element)", "run(iterator.get_next())"),
}
TURNS = {
    "for each batch the session runs 2 times: train_op; then batch_loss and": {
        "a": f"""
        try:
            {FETCH}
        {END}
            break
        feed = {{images_ph: images, labels_ph: labels, is_training: True}}
        session.run(train_op, feed)
        loss, score, rate, summary = session.run([batch_loss, batch_score, learning_rate, scalars], feed)
    """
    },
    "the session runs 5 times: train_op; then batch_loss; then": {
        "a": f"""
        try:
            {FETCH}
        {END}
            break
        feed = {{images_ph: images, labels_ph: labels, is_training: True}}
        session.run(train_op, feed)
        with session.as_default():
            loss, score, rate, summary = (t.eval(feed) for t in (batch_loss, batch_score, learning_rate, scalars))
    """
    },
    "learning_rate; then scalars": [
        ("rate, summary", "rate"),
        (", scalars]", "]"),
        (STEP_END, STEP_END + "\nsummary = session.run(scalars, {images_ph: images, labels_ph: labels})"),
    ],
    "loss is 0.2": (STEP_END, STEP_END + "\nloss = loss / 2"),
    "train_op is never run": [("_, loss", "loss"), ("[train_op, ", "[")],
    "train_op runs twice on the first batch": (
        "_, loss",
        f"session.run(train_op, {FED.replace('feed_dict=', '')})\n_, loss",
    ),
    "trains on the first batch again": ("try:", "session.run(iterator.initializer)\ntry:"),
    "one turn of the loop trains on 3 batches": {
        "a": f"""
        while True:
            try:
                {FETCH}
            {END}
                break
            _, loss, score, rate, summary = session.run({FETCHES}, {FED})
    """
    },
    "one turn of the loop trains on 3": {
        "a": f"""
        try:
            {FETCH}
            _, loss, score, rate, summary = session.run({FETCHES}, {FED})
            continue
        {END}
            break
    """
    },
    "the loop ends after 1 of 3 batches": {
        "a": f"{FETCH}\n_, loss, score, rate, summary = session.run({FETCHES}, {FED})\nbreak"
    },
    "there is no rate": [("rate, summary", "summary"), ("learning_rate, ", "")],
    "loss is what score should be": ("loss, score, rate", "score, loss, rate"),
    "loss is a list of 1": ("batch_loss,", "[batch_loss],"),
    "loss is None": ("_, loss", "loss, _"),
    "the second turn fetches a number": ("_, loss", "_, batch_loss"),
    "the second turn fetches an array": (FETCH, "next_element = images, labels = session.run(next_element)"),
    "names and of values differ": ("_, loss", "loss"),
    "takes its second argument for the feed_dict": (FETCHES, "train_op, batch_loss"),
    "summary is a tensor": [
        ("rate, summary", "rate"),
        (", scalars]", "]"),
        (STEP_END, STEP_END + "\nsummary = scalars"),
    ],
    "loss is 1000": (
        STEP_END,
        STEP_END + "\nloss = session.run(batch_loss, {images_ph: images, labels_ph: labels})",
    ),
}
ENDS = {
    "the loop ends after 0 of 3 batches, at step 1,000,000": (
        "try:",
        "if session.run(global_step) >= 100:\n    break\ntry:",
    ),
    "the loop ends after 0 of 3 batches, at": ("try:", "if recorder.step > 100:\n    break\ntry:"),
    "name 'OutOfRangeError' is not": ("tf.errors.", ""),
    "tf has no attribute 'OutOf": ("tf.errors.", "tf."),
    "can't be decoded, the loop goes on or ends as": (
        "tf.errors.OutOfRangeError",
        "(tf.errors.OutOfRangeError, tf.errors.InvalidArgumentError)",
    ),
    "your lines end the program": ("break", "raise SystemExit"),
    "tf.errors.OutOfRangeError ends the program": {
        "a": f"{FETCH}\n_, loss, score, rate, summary = session.run({FETCHES}, {FED})"
    },
    "after the last batch, tf.errors.OutOfRangeError": ("tf.errors.OutOfRangeError", "StopIteration"),
    "a part of the graph as the step": {"b": "train_writer.add_summary(summary, global_step)"},
    "return leaves the whole function": ("break", "return"),
    "after the last batch, the loop goes on": ("break", "pass"),
    "the last batch, the loop goes": ("break", "continue"),
    "batch, the loop goes on": ("break", "session.run(iterator.initializer)\n    continue"),
    "the loop breaks right after it has trained": (STEP_END, STEP_END + "\nif len(labels) < 2:\n    break"),
    "where an image can't be decoded": (END, "except Exception:"),
    "an image can't be decoded, the loop": (END, "except:"),
    "can't be decoded, the loop goes on or ends": (END, "except tf.errors.OpError:"),
    "an except hides an error: labels_ph is not fed": {
        "a": f"""
        try:
            {FETCH}
            _, loss, score, rate, summary = session.run({FETCHES}, {{images_ph: images, is_training: True}})
        except Exception:
            break
    """
    },
}
POINTS = {
    "points are written for 10, 20, 25": (POINT, f"if step < 1000:\n    {POINT}"),
    "points are written for 10": (POINT, f"{POINT}\ntrain_writer.close()"),
    "'FileWriter' object has no attribute 'as_default'": (POINT, f"with train_writer.as_default():\n    {POINT}"),
    "'FileWriter' object has no attribute 'add_scalar'": (POINT, "train_writer.add_scalar('loss', loss, step)"),
    "points are written for 1, 2, 2": (", step)", ", step // 10)"),
    "points are written for 0, 0, 0, 0": (", step)", ")"),
    "points are written for 11, 21, 26": (", step)", ", step + 1)"),
    "10, 10, 20, 20, 25, 25": (POINT, f"{POINT}\n{POINT}"),
    "add_summary is given a tensor as the summary": ("(summary,", "(scalars,"),
    "given a number": ("(summary, step)", "(step, summary)"),
    "by another FileWriter": ("train_writer.", 'tf.summary.FileWriter(run.events("train")).'),
    "the folder of the validation": ("train_writer.", 'tf.summary.FileWriter(run.events("validation")).'),
    "no point gets into the event file": (POINT, "train_writer.flush()"),
    "the point that is written has loss": (
        "summary, step",
        'tf.Summary(value=[tf.Summary.Value(tag="loss", simple_value=loss)]), step',
    ),
}
MISTAKES = FEEDS | TURNS | ENDS | POINTS
VARIANTS = {
    "a function of the blank's own": {
        "a": """
        def fetched():
            try:
                return session.run(next_element)
            except tf.compat.v1.errors.OutOfRangeError:
                return None

        batch = fetched()
        if batch is None:
            break
        images, labels = batch
        feed = dict(zip([images_ph, labels_ph, is_training], [*batch, True]))
        _, loss, score, rate, summary = session.run([train_op, batch_loss, batch_score, learning_rate, scalars], feed)
        print(f"step {session.run(global_step)}: {loss:.3f}")
    """
    },
    "all in one try, fed by the names in the graph": {
        "a": """
        try:
            batch = session.run(next_element)
            images, labels = batch
            feed = {images_ph.name: images, "labels:0": labels, is_training.name: True}
            results = session.run([train_op, batch_loss, batch_score, learning_rate, scalars], feed_dict=feed)
            loss, score, rate, summary = results[1:]
        except tf.errors.OutOfRangeError as end:
            print(end)
            break
    """,
        "b": "train_writer.add_summary(global_step=step, summary=summary)\ntrain_writer.flush()",
    },
    "names for fetches, a whole event": {
        "a": """
        batch = None
        try:
            batch = session.run({"images": next_element[0], "labels": next_element[1]})
        except tf.errors.OutOfRangeError:
            pass
        if batch is None:
            break
        images, labels = batch["images"], batch["labels"]
        results = session.run(
            {"step": train_op, "loss": batch_loss, "score": batch_score, "rate": learning_rate, "all": scalars},
            feed_dict={labels_ph: labels, images_ph: images, is_training: 1},
        )
        loss, score, rate, summary = (results[name] for name in ("loss", "score", "rate", "all"))
    """,
        "b": "train_writer.add_event(tf.Event(step=step, summary=tf.Summary.FromString(summary)))",
    },
    "an error printed and raised again": {
        "a": """
        try:
            images, labels = session.run(next_element)
        except Exception as error:
            if isinstance(error, tf.errors.OutOfRangeError):
                break
            print("broken:", error)
            raise
        loss, _, rate, score, summary = session.run(
            [batch_loss, train_op, learning_rate, batch_score, scalars],
            {images_ph: images, labels_ph: list(labels), is_training: True},
        )
        loss = float(loss)
    """
    },
}
