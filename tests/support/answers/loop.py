"""Answers to blank 8b."""

from support.answers import mistake, variant

FETCH = "images, labels = session.run(next_element)"
FETCHES = "[train_op, batch_loss, batch_accuracy, learning_rate, scalars]"
END = "except tf.errors.OutOfRangeError:"
FED = "feed_dict={images_ph: images, labels_ph: labels, is_training: True}"
STEP_END = FED + ",\n                )"

FEEDS = [
    mistake(
        8,
        "the step counted twice",
        says="your lines give step another value",
        place_8b=[("session.run(next_element)", "session.run(next_element)\n                    step += 1")],
    ),
    mistake(
        8,
        "images and labels swapped",
        says="_ph is fed an array of shape",
        place_8b=[("images_ph: images, labels_ph: labels", "images_ph: labels, labels_ph: images")],
    ),
    mistake(8, "labels not fed", says="labels_ph is not fed", place_8b=[("labels_ph: labels, ", "")]),
    mistake(8, "images not fed", says="images_ph is not fed", place_8b=[("images_ph: images, ", "")]),
    mistake(8, "is_training not fed", says="with is_training False", place_8b=[(", is_training: True", "")]),
    mistake(
        8,
        "tensors fed",
        says="feed_dict has a tensor as a value",
        place_8b=[("images_ph: images", "images_ph: next_element[0]")],
    ),
    mistake(8, "texts as keys", says="has the text 'images_ph'", place_8b=[("{images_ph:", "{'images_ph':")]),
    mistake(
        8,
        "pixels scaled twice",
        says="the images fed in step 1",
        place_8b=[("ph: images", "ph: images / 255")],
    ),
    mistake(
        8,
        "a part of the batch",
        says="aren't a batch as it was fetched",
        place_8b=[("ph: labels", "ph: labels[:1]"), ("ph: images", "ph: images[:1]")],
    ),
    mistake(
        8,
        "two runs for one batch",
        says="the images of the first batch are fed with the labels of the second",
        place_8b=[
            (FETCH, "images = session.run(next_element[0])\n                    labels = session.run(next_element[1])")
        ],
    ),
    mistake(
        8,
        "fetched again",
        says="the first batch is never fed",
        place_8b=[(FETCH, f"session.run(next_element)\n                    {FETCH}")],
    ),
    mistake(
        8,
        "new operations in the loop",
        says="RuntimeError: Graph is finalized",
        place_8b=[("batch_loss,", "tf.reduce_mean(batch_loss),")],
    ),
    mistake(
        8,
        "get_next in the loop",
        says="Graph is finalized and cannot",
        place_8b=[("run(next_element)", "run(iterator.get_next())")],
    ),
]
TURNS = [
    mistake(
        8,
        "train_op not run",
        says="train_op is never run",
        place_8b=[("_, loss", "loss"), ("[train_op, ", "[")],
    ),
    mistake(
        8,
        "train_op run twice",
        says="train_op runs twice on the first batch",
        place_8b=[("_, loss", f"session.run(train_op, {FED.replace('feed_dict=', '')})\n                _, loss")],
    ),
    mistake(
        8,
        "iterator initialized in the loop",
        says="trains on the first batch again",
        place_8b=[("try:", "session.run(iterator.initializer)\n                try:")],
    ),
    mistake(
        8,
        "a loop in the loop",
        says="one turn of the loop trains on 3 batches",
        place_8b=f"""
        while True:
            try:
                {FETCH}
            {END}
                break
            _, loss, accuracy, rate, summary = session.run({FETCHES}, {FED})
    """,
    ),
    mistake(
        8,
        "on to the next turn",
        says="one turn of the loop trains on 3",
        place_8b=f"""
        try:
            {FETCH}
            _, loss, accuracy, rate, summary = session.run({FETCHES}, {FED})
            continue
        {END}
            break
    """,
    ),
    mistake(
        8,
        "one step only",
        says="the loop ends after 1 of 3 batches",
        place_8b=f"{FETCH}\n_, loss, accuracy, rate, summary = session.run({FETCHES}, {FED})\nbreak",
    ),
    mistake(
        8,
        "learning rate not fetched",
        says="there is no rate",
        place_8b=[("rate, summary", "summary"), ("learning_rate, ", "")],
    ),
    mistake(
        8,
        "names in another order",
        says="loss is what accuracy should be",
        place_8b=[("loss, accuracy, rate", "accuracy, loss, rate")],
    ),
    mistake(8, "loss in a list", says="loss is a list of 1", place_8b=[("batch_loss,", "[batch_loss],")]),
    mistake(8, "the step's result for the loss", says="loss is None", place_8b=[("_, loss", "loss, _")]),
    mistake(
        8,
        "a tensor's name for its value",
        says="the second turn fetches a number",
        place_8b=[("_, loss", "_, batch_loss")],
    ),
    mistake(
        8,
        "next_element's name for its value",
        says="the second turn fetches an array",
        place_8b=[(FETCH, "next_element = images, labels = session.run(next_element)")],
    ),
    mistake(8, "no name for train_op", says="names and of values differ", place_8b=[("_, loss", "loss")]),
    mistake(
        8,
        "fetches without a list",
        says="takes what comes second for the feed_dict",
        place_8b=[(FETCHES, "train_op, batch_loss")],
    ),
    mistake(
        8,
        "the tensor for its value",
        says="summary is a tensor",
        place_8b=[
            ("rate, summary", "rate"),
            (", scalars]", "]"),
            (STEP_END, STEP_END + "\n                summary = scalars"),
        ],
    ),
    mistake(
        8,
        "the loss of evaluation",
        says="loss is 1000",
        place_8b=[
            (
                STEP_END,
                STEP_END + "\n                loss = session.run(batch_loss, {images_ph: images, labels_ph: labels})",
            ),
        ],
    ),
]
ENDS = [
    mistake(
        8,
        "end of the data not caught",
        says="tf.errors.OutOfRangeError ends the program",
        place_8b=f"{FETCH}\n_, loss, accuracy, rate, summary = session.run({FETCHES}, {FED})",
    ),
    mistake(
        8,
        "another error caught",
        says="after the last batch, tf.errors.OutOfRangeError",
        place_8b=[("tf.errors.OutOfRangeError", "StopIteration")],
    ),
    mistake(8, "the end passed over", says="after the last batch, the loop goes on", place_8b=[("break", "pass")]),
    mistake(8, "the end continued", says="the last batch, the loop goes", place_8b=[("break", "continue")]),
    mistake(
        8,
        "data begun again at the end",
        says="batch, the loop goes on",
        place_8b=[("break", "session.run(iterator.initializer)\n                    continue")],
    ),
    mistake(
        8,
        "break at a small batch",
        says="the loop breaks right after it has trained",
        place_8b=[(STEP_END, STEP_END + "\n                if len(labels) < 2:\n                    break")],
    ),
    mistake(8, "every error caught", says="where an image can't be decoded", place_8b=[(END, "except Exception:")]),
    mistake(8, "every error caught, bare", says="an image can't be decoded, the loop", place_8b=[(END, "except:")]),
    mistake(
        8,
        "every error of TensorFlow caught",
        says="can't be decoded, the loop goes on or ends",
        place_8b=[(END, "except tf.errors.OpError:")],
    ),
    mistake(
        8,
        "an error hidden",
        says="an except hides an error: labels_ph is not fed",
        place_8b=f"""
        try:
            {FETCH}
            _, loss, accuracy, rate, summary = session.run({FETCHES}, {{images_ph: images, is_training: True}})
        except Exception:
            break
    """,
    ),
]
MISTAKES = FEEDS + TURNS + ENDS
VARIANTS = [
    variant(
        8,
        "all in one try, the step in two runs",
        place_8a="session.run([tf.global_variables_initializer(), iterator.initializer], fed_arrays)",
        place_8b="""
        try:
            batch = session.run(next_element)
            images, labels = batch
            feed = {images_ph.name: images, labels_ph.name: labels, is_training.name: True}
            session.run(train_op, feed)
            loss, accuracy, rate, summary = session.run((batch_loss, batch_accuracy, learning_rate, scalars), feed)
        except tf.errors.OutOfRangeError as end:
            print(end)
            break
    """,
    ),
    variant(
        8,
        "operations that run themselves, names for fetches",
        place_8a="""
        tf.variables_initializer(tf.global_variables()).run()
        iterator.initializer.run(fed_arrays, session=session)
    """,
        place_8b="""
        batch = None
        try:
            batch = session.run({"images": next_element[0], "labels": next_element[1]})
        except tf.errors.OutOfRangeError:
            pass
        if batch is None:
            break
        images, labels = batch["images"], batch["labels"]
        results = session.run(
            {"step": train_op, "loss": batch_loss, "accuracy": batch_accuracy, "rate": learning_rate, "all": scalars},
            feed_dict={labels_ph: labels, images_ph: images, is_training: 1},
        )
        loss, accuracy, rate, summary = (results[name] for name in ("loss", "accuracy", "rate", "all"))
    """,
    ),
    variant(
        8,
        "an error told and raised again",
        place_8b="""
        try:
            images, labels = session.run(next_element)
        except Exception as error:
            if isinstance(error, tf.errors.OutOfRangeError):
                break
            print("broken:", error)
            raise
        loss, _, rate, accuracy, summary = session.run(
            [batch_loss, train_op, learning_rate, batch_accuracy, scalars],
            {images_ph: images, labels_ph: list(labels), is_training: True},
        )
        loss = float(loss)
    """,
    ),
]
