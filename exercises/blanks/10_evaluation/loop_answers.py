"""Mistakes in the evaluation's loop."""

FETCH = "images, batch_labels = session.run(next_element)"
END = "except tf.errors.OutOfRangeError:"
FEED = "feed = {images_ph: images, labels_ph: batch_labels, is_training: False}"
RUN = "batch_losses, batch_probabilities = session.run(outputs, feed_dict=feed)"

FEEDING = {
    "feed_dict has the text 'images' as": ("{images_ph:", "{'images':"),
    "the images fed in turn 1 aren't a batch as": (
        "images_ph: images, labels_ph: batch_labels",
        "images_ph: images[:500], labels_ph: batch_labels[:500]",
    ),
    "labels_ph is fed an array of shape": ("labels_ph: batch_labels", "labels_ph: np.eye(2)[batch_labels]"),
    "is_training True": ("False", "True"),
    "turn 1 feeds the images of the first batch with the labels of the second": (
        FETCH,
        "images = session.run(next_element)[0]\n    batch_labels = session.run(next_element)[1]",
    ),
    "the first batch is never evaluated: turn 1 feeds the second": (FETCH, f"session.run(next_element)\n    {FETCH}"),
    "_ph is fed an array of shape": (
        "images_ph: images, labels_ph: batch_labels",
        "images_ph: batch_labels, labels_ph: images",
    ),
    "labels_ph is not fed": (" labels_ph: batch_labels,", ""),
    "_ph is not fed": (", feed_dict=feed", ""),
    "a tensor as a value": ("images_ph: images", "images_ph: next_element[0]"),
    "an array is a key of feed_dict": [
        ("images, batch", "images_ph, batch"),
        ("images_ph: images", "images_ph: images_ph"),
    ],
    "the images fed in turn 1 aren't a batch as it was fetched": ("images_ph: images", "images_ph: images / 255"),
    "RuntimeError: Graph is finalized": ("next_element", "iterator.get_next()"),
    "finalized": ("session.run(outputs,", "session.run([outputs[0], tf.identity(outputs[1])],"),
    "a batch comes again: turn 2 feeds the first": ("try:", "session.run(iterator.initializer)\ntry:"),
    "computes nothing of a batch": (RUN, ""),
    "turn 1 of the loop goes through 3 batches": {
        "b": f"""
        while True:
            try:
                {FETCH}
            {END}
                break
            {FEED}
            {RUN}
    """
    },
    "an except hides an error: labels_ph is not fed": {
        "b": f"""
        try:
            {FETCH}
            batch_losses, batch_probabilities = session.run(outputs, feed_dict={{images_ph: images}})
        except Exception:
            break
    """
    },
}
TURNS = {
    "batch_labels is another array than": (RUN, f"{RUN}\nbatch_labels = batch_probabilities.argmax(axis=1)"),
    "batch_probabilities is another array": (RUN, f"{RUN}\nbatch_probabilities = np.exp(batch_probabilities)"),
    "batch_losses is what batch_probabilities should be": (
        "batch_losses, batch_probabilities",
        "batch_probabilities, batch_losses",
    ),
    "there is no batch_labels": [
        ("images, batch_labels", "images, labels"),
        ("labels_ph: batch_labels", "labels_ph: labels"),
    ],
    "there is no batch_losses": ("batch_losses, batch_probabilities", "losses, probabilities"),
    "the blank changes losses": (RUN, f"{RUN}\nlosses.append(batch_losses)"),
    "batch_losses is an array of a single number": (RUN, f"{RUN}\nbatch_losses = np.array(batch_losses.mean())"),
    "the second turn fetches an array": (RUN, f"batch_losses, batch_probabilities = outputs = {RUN.split(' = ')[1]}"),
}
ENDS = {
    "the loop ends after 0 of 3 batches, where a million": ("try:", "if len(losses) >= 100:\n    break\ntry:"),
    "raises tf.errors.OutOfRangeError, and nothing catches it": {"b": f"{FETCH}\n{FEED}\n{RUN}"},
    "after the last batch, session.run raises": ("tf.errors.OutOfRangeError", "StopIteration"),
    "after the last batch, the loop goes on": ("break", "pass"),
    "last batch, the loop goes on": ("break", "continue"),
    "the loop ends after 1 of 3 batches": (RUN, f"{RUN}\nbreak"),
    "have kept the last batch": (RUN, f"{RUN}\nif len(images) < 3:\n    break"),
    "where an image can't be decoded": (END, "except Exception:"),
}
MISTAKES = FEEDING | TURNS | ENDS
