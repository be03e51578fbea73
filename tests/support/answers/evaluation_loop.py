"""Answers to 10b, the evaluation's loop: mistakes. Other right ways are in evaluation.py."""

from support.answers import mistake

FETCH = "images, batch_labels = session.run(next_element)"
END = "except tf.errors.OutOfRangeError:"
FEED = "feed = {images_ph: images, labels_ph: batch_labels, is_training: False}"
RUN = "batch_losses, batch_probabilities = session.run(outputs, feed_dict=feed)"

FEEDING = [
    mistake(10, "dropout on", says="is_training True", place_10b=[("False", "True")]),
    mistake(
        10,
        "next_element run twice",
        says="turn 1 feeds the images of the first batch with the labels of the second",
        place_10b=[
            (
                FETCH,
                "images = session.run(next_element)[0]\n            batch_labels = session.run(next_element)[1]",
            )
        ],
    ),
    mistake(
        10,
        "a batch fetched and lost",
        says="the first batch is never evaluated: turn 1 feeds the second",
        place_10b=[(FETCH, f"session.run(next_element)\n            {FETCH}")],
    ),
    mistake(
        10,
        "images and labels swapped",
        says="_ph is fed an array of shape",
        place_10b=[("images_ph: images, labels_ph: batch_labels", "images_ph: batch_labels, labels_ph: images")],
    ),
    mistake(10, "labels not fed", says="labels_ph is not fed", place_10b=[(" labels_ph: batch_labels,", "")]),
    mistake(10, "nothing fed", says="_ph is not fed", place_10b=[(", feed_dict=feed", "")]),
    mistake(
        10,
        "tensors fed",
        says="a tensor as a value",
        place_10b=[("images_ph: images", "images_ph: next_element[0]")],
    ),
    mistake(
        10,
        "placeholders overwritten",
        says="an array is a key of feed_dict",
        place_10b=[("images, batch", "images_ph, batch"), ("images_ph: images", "images_ph: images_ph")],
    ),
    mistake(
        10,
        "pixels scaled",
        says="the images fed in turn 1 aren't",
        place_10b=[("images_ph: images", "images_ph: images / 255")],
    ),
    mistake(
        10,
        "get_next in the loop",
        says="RuntimeError: Graph is finalized",
        place_10b=[("next_element", "iterator.get_next()")],
    ),
    mistake(
        10,
        "new operations in the loop",
        says="finalized",
        place_10b=[("session.run(outputs,", "session.run([outputs[0], tf.identity(outputs[1])],")],
    ),
    mistake(
        10,
        "the iterator begun again in each turn",
        says="a batch comes again: turn 2 feeds the first",
        place_10b=[("try:", "session.run(iterator.initializer)\n        try:")],
    ),
    mistake(10, "nothing computed", says="computes nothing of a batch", place_10b=[(RUN, "")]),
    mistake(
        10,
        "a loop in the loop",
        says="turn 1 of the loop goes through 3 batches",
        place_10b=f"""
        while True:
            try:
                {FETCH}
            {END}
                break
            {FEED}
            {RUN}
    """,
    ),
    mistake(
        10,
        "an error hidden",
        says="an except hides an error: labels_ph is not fed",
        place_10b=f"""
        try:
            {FETCH}
            batch_losses, batch_probabilities = session.run(outputs, feed_dict={{images_ph: images}})
        except Exception:
            break
    """,
    ),
]
TURNS = [
    mistake(
        10,
        "outputs in another order",
        says="batch_losses is what batch_probabilities should be",
        place_10b=[("batch_losses, batch_probabilities", "batch_probabilities, batch_losses")],
    ),
    mistake(
        10,
        "labels by another name",
        says="there is no batch_labels",
        place_10b=[("images, batch_labels", "images, labels"), ("labels_ph: batch_labels", "labels_ph: labels")],
    ),
    mistake(
        10,
        "losses by another name",
        says="there is no batch_losses",
        place_10b=[("batch_losses, batch_probabilities", "losses, probabilities")],
    ),
    mistake(
        10,
        "appended in the blank",
        says="the blank changes losses",
        place_10b=[(RUN, f"{RUN}\n        losses.append(batch_losses)")],
    ),
    mistake(
        10,
        "the loss of a batch as a number",
        says="batch_losses is an array of a single number",
        place_10b=[(RUN, f"{RUN}\n        batch_losses = np.array(batch_losses.mean())")],
    ),
    mistake(
        10,
        "outputs overwritten",
        says="the second turn fetches an array",
        place_10b=[(RUN, f"batch_losses, batch_probabilities = outputs = {RUN.split(' = ')[1]}")],
    ),
]
ENDS = [
    mistake(
        10,
        "the end not caught",
        says="raises tf.errors.OutOfRangeError, and nothing catches it",
        place_10b=f"{FETCH}\n{FEED}\n{RUN}",
    ),
    mistake(
        10,
        "another error caught",
        says="after the last batch, session.run raises",
        place_10b=[("tf.errors.OutOfRangeError", "StopIteration")],
    ),
    mistake(10, "the end passed over", says="after the last batch, the loop goes on", place_10b=[("break", "pass")]),
    mistake(10, "the end continued", says="last batch, the loop goes on", place_10b=[("break", "continue")]),
    mistake(
        10,
        "a break after the first batch",
        says="the loop ends after 1 of 3 batches",
        place_10b=[(RUN, f"{RUN}\n        break")],
    ),
    mistake(
        10,
        "break at a small batch",
        says="have kept the last batch",
        place_10b=[(RUN, f"{RUN}\n        if len(images) < 3:\n            break")],
    ),
    mistake(10, "every error caught", says="where an image can't be decoded", place_10b=[(END, "except Exception:")]),
]
MISTAKES = FEEDING + TURNS + ENDS
VARIANTS = []
