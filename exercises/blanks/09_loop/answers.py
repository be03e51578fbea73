"""Answers to this blank."""

from exercises.answers import mistake, variant

FETCH = "images, labels = session.run(next_element)"
FETCHES = "[train_op, batch_loss, batch_score, learning_rate, scalars]"
END = "except tf.errors.OutOfRangeError:"
POINT = "train_writer.add_summary(summary, step)"
FED = "feed_dict={images_ph: images, labels_ph: labels, is_training: True}"
STEP_END = FED + ",\n)"

FEEDS = [
    mistake(
        "names that the graph hasn't",
        says="feed_dict has the text 'images_ph:0'",
        a=[("images_ph: images, labels_ph: labels", '"images_ph:0": images, "labels_ph:0": labels')],
    ),
    mistake(
        "500 images at most",
        says="the images fed in step 1 aren't a batch",
        a=[(FED, "feed_dict={images_ph: images[:500], labels_ph: labels[:500], is_training: True}")],
    ),
    mistake(
        "no dict",
        says="run() got an unexpected keyword argument 'is_training'",
        a=[(", is_training: True}", "}, is_training=True")],
    ),
    mistake(
        "Python's for over tensors",
        says="Iterating over a symbolic",
        a="for images, labels in next_element:\n    pass",
    ),
    mistake(
        "the step counted twice",
        says="your lines call recorder.add",
        a=[(STEP_END, STEP_END + "\nstep = recorder.add(loss, score, rate, len(labels))")],
    ),
    mistake(
        "images and labels swapped",
        says="_ph is fed an array of shape",
        a=[("images_ph: images, labels_ph: labels", "images_ph: labels, labels_ph: images")],
    ),
    mistake("labels not fed", says="labels_ph is not fed", a=[("labels_ph: labels, ", "")]),
    mistake("images not fed", says="images_ph is not fed", a=[("images_ph: images, ", "")]),
    mistake("is_training not fed", says="with is_training False", a=[(", is_training: True", "")]),
    mistake(
        "tensors fed",
        says="feed_dict has a tensor as a value",
        a=[("images_ph: images", "images_ph: next_element[0]")],
    ),
    mistake("texts as keys", says="has the text 'images_ph'", a=[("{images_ph:", "{'images_ph':")]),
    mistake(
        "pixels scaled twice",
        says="the images fed in step 1",
        a=[("ph: images", "ph: images / 255")],
    ),
    mistake(
        "a part of the batch",
        says="aren't a batch as it was fetched",
        a=[("ph: labels", "ph: labels[:1]"), ("ph: images", "ph: images[:1]")],
    ),
    mistake(
        "two runs for one batch",
        says="the images of the first batch are fed with the labels of the second",
        a=[(FETCH, "images = session.run(next_element[0])\n    labels = session.run(next_element[1])")],
    ),
    mistake(
        "fetched again",
        says="the first batch is never fed",
        a=[(FETCH, f"session.run(next_element)\n    {FETCH}")],
    ),
    mistake(
        "new operations in the loop",
        says="RuntimeError: Graph is finalized",
        a=[("batch_loss,", "tf.reduce_mean(batch_loss),")],
    ),
    mistake(
        "get_next in the loop",
        says="Graph is finalized and cannot",
        a=[("run(next_element)", "run(iterator.get_next())")],
    ),
]
TURNS = [
    mistake(
        "two runs where one is asked for",
        says="for each batch the session runs 2 times: train_op; then batch_loss and",
        a=f"""
        try:
            {FETCH}
        {END}
            break
        feed = {{images_ph: images, labels_ph: labels, is_training: True}}
        session.run(train_op, feed)
        loss, score, rate, summary = session.run([batch_loss, batch_score, learning_rate, scalars], feed)
    """,
    ),
    mistake(
        "a run for each",
        says="the session runs 5 times: train_op; then batch_loss; then",
        a=f"""
        try:
            {FETCH}
        {END}
            break
        feed = {{images_ph: images, labels_ph: labels, is_training: True}}
        session.run(train_op, feed)
        with session.as_default():
            loss, score, rate, summary = (t.eval(feed) for t in (batch_loss, batch_score, learning_rate, scalars))
    """,
    ),
    mistake(
        "a summary of its own run",
        says="learning_rate; then scalars",
        a=[
            ("rate, summary", "rate"),
            (", scalars]", "]"),
            (STEP_END, STEP_END + "\nsummary = session.run(scalars, {images_ph: images, labels_ph: labels})"),
        ],
    ),
    mistake(
        "half the loss",
        says="loss is 0.2",
        a=[(STEP_END, STEP_END + "\nloss = loss / 2")],
    ),
    mistake(
        "train_op not run",
        says="train_op is never run",
        a=[("_, loss", "loss"), ("[train_op, ", "[")],
    ),
    mistake(
        "train_op run twice",
        says="train_op runs twice on the first batch",
        a=[("_, loss", f"session.run(train_op, {FED.replace('feed_dict=', '')})\n_, loss")],
    ),
    mistake(
        "iterator initialized in the loop",
        says="trains on the first batch again",
        a=[("try:", "session.run(iterator.initializer)\ntry:")],
    ),
    mistake(
        "a loop in the loop",
        says="one turn of the loop trains on 3 batches",
        a=f"""
        while True:
            try:
                {FETCH}
            {END}
                break
            _, loss, score, rate, summary = session.run({FETCHES}, {FED})
    """,
    ),
    mistake(
        "on to the next turn",
        says="one turn of the loop trains on 3",
        a=f"""
        try:
            {FETCH}
            _, loss, score, rate, summary = session.run({FETCHES}, {FED})
            continue
        {END}
            break
    """,
    ),
    mistake(
        "one step only",
        says="the loop ends after 1 of 3 batches",
        a=f"{FETCH}\n_, loss, score, rate, summary = session.run({FETCHES}, {FED})\nbreak",
    ),
    mistake(
        "learning rate not fetched",
        says="there is no rate",
        a=[("rate, summary", "summary"), ("learning_rate, ", "")],
    ),
    mistake(
        "names in another order",
        says="loss is what score should be",
        a=[("loss, score, rate", "score, loss, rate")],
    ),
    mistake("loss in a list", says="loss is a list of 1", a=[("batch_loss,", "[batch_loss],")]),
    mistake("the step's result for the loss", says="loss is None", a=[("_, loss", "loss, _")]),
    mistake(
        "a tensor's name for its value",
        says="the second turn fetches a number",
        a=[("_, loss", "_, batch_loss")],
    ),
    mistake(
        "next_element's name for its value",
        says="the second turn fetches an array",
        a=[(FETCH, "next_element = images, labels = session.run(next_element)")],
    ),
    mistake("no name for train_op", says="names and of values differ", a=[("_, loss", "loss")]),
    mistake(
        "fetches without a list",
        says="takes its second argument for the feed_dict",
        a=[(FETCHES, "train_op, batch_loss")],
    ),
    mistake(
        "the tensor for its value",
        says="summary is a tensor",
        a=[
            ("rate, summary", "rate"),
            (", scalars]", "]"),
            (STEP_END, STEP_END + "\nsummary = scalars"),
        ],
    ),
    mistake(
        "the loss of evaluation",
        says="loss is 1000",
        a=[
            (
                STEP_END,
                STEP_END + "\nloss = session.run(batch_loss, {images_ph: images, labels_ph: labels})",
            ),
        ],
    ),
]
ENDS = [
    mistake(
        "after a hundred steps",
        says="the loop ends after 0 of 3 batches, at step 1,000,000",
        a=[("try:", "if session.run(global_step) >= 100:\n    break\ntry:")],
    ),
    mistake(
        "after a hundred steps of the recorder's",
        says="the loop ends after 0 of 3 batches, at",
        a=[("try:", "if recorder.step > 100:\n    break\ntry:")],
    ),
    mistake("a name without its module", says="name 'OutOfRangeError' is not", a=[("tf.errors.", "")]),
    mistake("a name of the wrong module", says="tf has no attribute 'OutOf", a=[("tf.errors.", "tf.")]),
    mistake(
        "two kinds of errors caught",
        says="can't be decoded, the loop goes on or ends as",
        a=[("tf.errors.OutOfRangeError", "(tf.errors.OutOfRangeError, tf.errors.InvalidArgumentError)")],
    ),
    mistake("the program ended", says="your lines end the program", a=[("break", "raise SystemExit")]),
    mistake(
        "end of the data not caught",
        says="tf.errors.OutOfRangeError ends the program",
        a=f"{FETCH}\n_, loss, score, rate, summary = session.run({FETCHES}, {FED})",
    ),
    mistake(
        "another error caught",
        says="after the last batch, tf.errors.OutOfRangeError",
        a=[("tf.errors.OutOfRangeError", "StopIteration")],
    ),
    mistake(
        "the variable as the step",
        says="a part of the graph as the step",
        b="train_writer.add_summary(summary, global_step)",
    ),
    mistake("the function left", says="return leaves the whole function", a=[("break", "return")]),
    mistake("the end passed over", says="after the last batch, the loop goes on", a=[("break", "pass")]),
    mistake("the end continued", says="the last batch, the loop goes", a=[("break", "continue")]),
    mistake(
        "data begun again at the end",
        says="batch, the loop goes on",
        a=[("break", "session.run(iterator.initializer)\n    continue")],
    ),
    mistake(
        "break at a small batch",
        says="the loop breaks right after it has trained",
        a=[(STEP_END, STEP_END + "\nif len(labels) < 2:\n    break")],
    ),
    mistake("every error caught", says="where an image can't be decoded", a=[(END, "except Exception:")]),
    mistake("every error caught, bare", says="an image can't be decoded, the loop", a=[(END, "except:")]),
    mistake(
        "every error of TensorFlow caught",
        says="can't be decoded, the loop goes on or ends",
        a=[(END, "except tf.errors.OpError:")],
    ),
    mistake(
        "an error hidden",
        says="an except hides an error: labels_ph is not fed",
        a=f"""
        try:
            {FETCH}
            _, loss, score, rate, summary = session.run({FETCHES}, {{images_ph: images, is_training: True}})
        except Exception:
            break
    """,
    ),
]
POINTS = [
    mistake(
        "the first thousand", says="points are written for 10, 20, 25", b=[(POINT, f"if step < 1000:\n    {POINT}")]
    ),
    mistake("closed after each", says="points are written for 10", b=[(POINT, f"{POINT}\ntrain_writer.close()")]),
    mistake(
        "TensorFlow 2's",
        says="'FileWriter' object has no attribute 'as_default'",
        b=[(POINT, f"with train_writer.as_default():\n    {POINT}")],
    ),
    mistake(
        "PyTorch's",
        says="'FileWriter' object has no attribute 'add_scalar'",
        b=[(POINT, "train_writer.add_scalar('loss', loss, step)")],
    ),
    mistake("tens", says="points are written for 1, 2, 2", b=[(", step)", ", step // 10)")]),
    mistake("without a step", says="points are written for 0, 0, 0, 0", b=[(", step)", ")")]),
    mistake("the next step", says="points are written for 11, 21, 26", b=[(", step)", ", step + 1)")]),
    mistake("written twice", says="10, 10, 20, 20, 25, 25", b=[(POINT, f"{POINT}\n{POINT}")]),
    mistake(
        "the tensor for its bytes",
        says="add_summary is given a tensor as the summary",
        b=[("(summary,", "(scalars,")],
    ),
    mistake("step before summary", says="given a number", b=[("(summary, step)", "(step, summary)")]),
    mistake(
        "a new writer for every point",
        says="by another FileWriter",
        b=[("train_writer.", 'tf.summary.FileWriter(run.events("train")).')],
    ),
    mistake(
        "the writer of the validation",
        says="the folder of the validation",
        b=[("train_writer.", 'tf.summary.FileWriter(run.events("validation")).')],
    ),
    mistake("nothing written", says="no point gets into the event file", b=[(POINT, "train_writer.flush()")]),
    mistake(
        "a summary of one's own",
        says="the point that is written has loss",
        b=[("summary, step", 'tf.Summary(value=[tf.Summary.Value(tag="loss", simple_value=loss)]), step')],
    ),
]
MISTAKES = FEEDS + TURNS + ENDS + POINTS
VARIANTS = [
    variant(
        "a function of the blank's own",
        a="""
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
    """,
    ),
    variant(
        "all in one try, fed by the names in the graph",
        a="""
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
        b="train_writer.add_summary(global_step=step, summary=summary)\ntrain_writer.flush()",
    ),
    variant(
        "names for fetches, a whole event",
        a="""
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
        b="train_writer.add_event(tf.Event(step=step, summary=tf.Summary.FromString(summary)))",
    ),
    variant(
        "an error printed and raised again",
        a="""
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
    """,
    ),
]
