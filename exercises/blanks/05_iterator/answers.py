"""Answers to this blank."""

MISTAKES = {
    "one-shot iterator": ("make_initializable_iterator", "make_one_shot_iterator"),
    "Python's iter, next or for": ("tf.data.make_initializable_iterator(training)", "iter(training)"),
    "there is no iterator": "next_element = tf.data.make_initializable_iterator(training).get_next()",
    "next_element is the iterator": "next_element = tf.data.make_initializable_iterator(training)",
    "iterator is what get_next() gives": "iterator = tf.data.make_initializable_iterator(training).get_next()",
    "iterator has no initializer": """
        iterator = tf.data.Iterator.from_structure(training.output_types, training.output_shapes)
        next_element = iterator.get_next()
    """,
    "get_next itself, not called": ("get_next()", "get_next"),
    "there is no next_element": ("next_element = ", "element = "),
    "get_next is called 2 times": (
        "next_element = iterator.get_next()",
        "next_element = iterator.get_next()[0], iterator.get_next()[1]",
    ),
    "another iterator than the one": (
        "iterator.get_next()",
        "tf.data.make_initializable_iterator(training).get_next()",
    ),
    "next_element is 1 tensor": ("get_next()", "get_next()[0]"),
    "the numbers of one batch": """
        iterator = tf.data.make_initializable_iterator(training)
        with tf.Session() as session:
            session.run(iterator.initializer)
            next_element = session.run(iterator.get_next())
    """,
    "take keeps only 3, however": ("iterator(training)", "iterator(training.take(3))"),
    "take keeps only 100,": ("iterator(training)", "iterator(training.take(100))"),
    "of a batch of 1,200 images, next_element holds 500": (
        "iterator.get_next()",
        "[part[:500] for part in iterator.get_next()]",
    ),
    "the first tensor of next_element has the shape [4], the second [4, 2, 4, 3]": (
        "iterator.get_next()",
        "iterator.get_next()[::-1]",
    ),
    "has the shape [2, 4, 2, 4, 3]": ("iterator(training)", "iterator(training.batch(2))"),
    "has the shape [2, 4, 3]": ("iterator(training)", "iterator(training.unbatch())"),
    "'Iterator' object has no attribute 'next'": ("get_next()", "next()"),
    "tf has no attribute 'make_init": ("tf.data.", "tf."),
    "iterator is a list of 1": "iterator = [training]\nnext_element = iterator[0]",
    "a data set has no attribute 'get_next'": ("iterator.get_next", "training.get_next"),
    "next_element is a dict of 2": ("iterator.get_next()", "dict(zip('il', iterator.get_next()))"),
    "after the data set's last batch, more": ("iterator(training)", "iterator(training.repeat())"),
    "instead of the images [0, 1, 2, 3]": ("iterator(training)", "iterator(training.shuffle(10, seed=1))"),
}
VARIANTS = {
    "a method of the data set": """
        iterator = training.make_initializable_iterator()
        images, labels = iterator.get_next(name="batch")
        next_element = images, labels
    """,
    "an iterator with a name of its own": """
        iterator = tf.data.make_initializable_iterator(training, shared_name="batches")
        next_element = iterator.get_next()
    """,
    "prefetched": """
        iterator = tf.data.make_initializable_iterator(training.prefetch(2))
        next_element = [tf.identity(each) for each in iterator.get_next()]
    """,
}
