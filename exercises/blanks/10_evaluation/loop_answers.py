"""Mistakes in the evaluation's loop."""

from exercises.answers import mistake

FETCH = "images, batch_labels = session.run(next_element)"
END = "except tf.errors.OutOfRangeError:"
FEED = "feed = {images_ph: images, labels_ph: batch_labels, is_training: False}"
RUN = "batch_losses, batch_probabilities = session.run(outputs, feed_dict=feed)"

FEEDING = [
    mistake("a text as a key", says="feed_dict has the text 'images' as", b=[("{images_ph:", "{'images':")]),
    mistake(
        "500 images at most",
        says="the images fed in turn 1 aren't a batch as",
        b=[("images_ph: images, labels_ph: batch_labels", "images_ph: images[:500], labels_ph: batch_labels[:500]")],
    ),
    mistake(
        "labels as one-hot",
        says="labels_ph is fed an array of shape",
        b=[("labels_ph: batch_labels", "labels_ph: np.eye(2)[batch_labels]")],
    ),
    mistake("dropout on", says="is_training True", b=[("False", "True")]),
    mistake(
        "next_element run twice",
        says="turn 1 feeds the images of the first batch with the labels of the second",
        b=[
            (
                FETCH,
                "images = session.run(next_element)[0]\n    batch_labels = session.run(next_element)[1]",
            )
        ],
    ),
    mistake(
        "a batch fetched and lost",
        says="the first batch is never evaluated: turn 1 feeds the second",
        b=[(FETCH, f"session.run(next_element)\n    {FETCH}")],
    ),
    mistake(
        "images and labels swapped",
        says="_ph is fed an array of shape",
        b=[("images_ph: images, labels_ph: batch_labels", "images_ph: batch_labels, labels_ph: images")],
    ),
    mistake("labels not fed", says="labels_ph is not fed", b=[(" labels_ph: batch_labels,", "")]),
    mistake("nothing fed", says="_ph is not fed", b=[(", feed_dict=feed", "")]),
    mistake(
        "tensors fed",
        says="a tensor as a value",
        b=[("images_ph: images", "images_ph: next_element[0]")],
    ),
    mistake(
        "placeholders overwritten",
        says="an array is a key of feed_dict",
        b=[("images, batch", "images_ph, batch"), ("images_ph: images", "images_ph: images_ph")],
    ),
    mistake(
        "pixels scaled",
        says="the images fed in turn 1 aren't a batch as it was fetched",
        b=[("images_ph: images", "images_ph: images / 255")],
    ),
    mistake(
        "get_next in the loop",
        says="RuntimeError: Graph is finalized",
        b=[("next_element", "iterator.get_next()")],
    ),
    mistake(
        "new operations in the loop",
        says="finalized",
        b=[("session.run(outputs,", "session.run([outputs[0], tf.identity(outputs[1])],")],
    ),
    mistake(
        "the iterator begun again in each turn",
        says="a batch comes again: turn 2 feeds the first",
        b=[("try:", "session.run(iterator.initializer)\ntry:")],
    ),
    mistake("nothing computed", says="computes nothing of a batch", b=[(RUN, "")]),
    mistake(
        "a loop in the loop",
        says="turn 1 of the loop goes through 3 batches",
        b=f"""
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
        "an error hidden",
        says="an except hides an error: labels_ph is not fed",
        b=f"""
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
        "the network's answers for the labels",
        says="batch_labels is another array than",
        b=[(RUN, f"{RUN}\nbatch_labels = batch_probabilities.argmax(axis=1)")],
    ),
    mistake(
        "softmax once more",
        says="batch_probabilities is another array",
        b=[(RUN, f"{RUN}\nbatch_probabilities = np.exp(batch_probabilities)")],
    ),
    mistake(
        "outputs in another order",
        says="batch_losses is what batch_probabilities should be",
        b=[("batch_losses, batch_probabilities", "batch_probabilities, batch_losses")],
    ),
    mistake(
        "labels by another name",
        says="there is no batch_labels",
        b=[("images, batch_labels", "images, labels"), ("labels_ph: batch_labels", "labels_ph: labels")],
    ),
    mistake(
        "losses by another name",
        says="there is no batch_losses",
        b=[("batch_losses, batch_probabilities", "losses, probabilities")],
    ),
    mistake(
        "appended in the blank",
        says="the blank changes losses",
        b=[(RUN, f"{RUN}\nlosses.append(batch_losses)")],
    ),
    mistake(
        "the loss of a batch as a number",
        says="batch_losses is an array of a single number",
        b=[(RUN, f"{RUN}\nbatch_losses = np.array(batch_losses.mean())")],
    ),
    mistake(
        "outputs overwritten",
        says="the second turn fetches an array",
        b=[(RUN, f"batch_losses, batch_probabilities = outputs = {RUN.split(' = ')[1]}")],
    ),
]
ENDS = [
    mistake(
        "a hundred batches",
        says="the loop ends after 0 of 3 batches, where a million",
        b=[("try:", "if len(losses) >= 100:\n    break\ntry:")],
    ),
    mistake(
        "the end not caught",
        says="raises tf.errors.OutOfRangeError, and nothing catches it",
        b=f"{FETCH}\n{FEED}\n{RUN}",
    ),
    mistake(
        "another error caught",
        says="after the last batch, session.run raises",
        b=[("tf.errors.OutOfRangeError", "StopIteration")],
    ),
    mistake("the end passed over", says="after the last batch, the loop goes on", b=[("break", "pass")]),
    mistake("the end continued", says="last batch, the loop goes on", b=[("break", "continue")]),
    mistake(
        "a break after the first batch",
        says="the loop ends after 1 of 3 batches",
        b=[(RUN, f"{RUN}\nbreak")],
    ),
    mistake(
        "break at a small batch",
        says="have kept the last batch",
        b=[(RUN, f"{RUN}\nif len(images) < 3:\n    break")],
    ),
    mistake("every error caught", says="where an image can't be decoded", b=[(END, "except Exception:")]),
]
MISTAKES = FEEDING + TURNS + ENDS
