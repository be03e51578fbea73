"""Answers to this blank."""

from exercises.answers import mistake, variant

MISTAKES = [
    mistake(
        "a one-shot iterator",
        says="one-shot iterator",
        lines=[("make_initializable_iterator", "make_one_shot_iterator")],
    ),
    mistake(
        "Python's iter",
        says="Python's iter, next or for",
        lines=[("tf.data.make_initializable_iterator(training)", "iter(training)")],
    ),
    mistake(
        "only next_element",
        says="there is no iterator",
        lines="next_element = tf.data.make_initializable_iterator(training).get_next()",
    ),
    mistake(
        "the iterator as next_element",
        says="next_element is the iterator",
        lines="next_element = tf.data.make_initializable_iterator(training)",
    ),
    mistake(
        "the element as iterator",
        says="iterator is what get_next() gives",
        lines="iterator = tf.data.make_initializable_iterator(training).get_next()",
    ),
    mistake(
        "an iterator without its data",
        says="iterator has no initializer",
        lines="""
        iterator = tf.data.Iterator.from_structure(training.output_types, training.output_shapes)
        next_element = iterator.get_next()
    """,
    ),
    mistake("get_next without a call", says="get_next itself, not called", lines=[("get_next()", "get_next")]),
    mistake("no next_element", says="there is no next_element", lines=[("next_element = ", "element = ")]),
    mistake(
        "get_next called twice",
        says="get_next is called 2 times",
        lines=[("next_element = iterator.get_next()", "next_element = iterator.get_next()[0], iterator.get_next()[1]")],
    ),
    mistake(
        "two iterators",
        says="another iterator than the one",
        lines=[("iterator.get_next()", "tf.data.make_initializable_iterator(training).get_next()")],
    ),
    mistake("only images", says="next_element is 1 tensor", lines=[("get_next()", "get_next()[0]")]),
    mistake(
        "computed once",
        says="the numbers of one batch",
        lines="""
        iterator = tf.data.make_initializable_iterator(training)
        with tf.Session() as session:
            session.run(iterator.initializer)
            next_element = session.run(iterator.get_next())
    """,
    ),
    mistake(
        "three batches", says="take keeps only 3, however", lines=[("iterator(training)", "iterator(training.take(3))")]
    ),
    mistake(
        "a hundred batches", says="take keeps only 100,", lines=[("iterator(training)", "iterator(training.take(100))")]
    ),
    mistake(
        "a part of each batch",
        says="of a batch of 1,200 images, next_element holds 500",
        lines=[("iterator.get_next()", "[part[:500] for part in iterator.get_next()]")],
    ),
    mistake(
        "labels before images",
        says="the first tensor of next_element has the shape [4], the second [4, 2, 4, 3]",
        lines=[("iterator.get_next()", "iterator.get_next()[::-1]")],
    ),
    mistake(
        "batches of batches",
        says="has the shape [2, 4, 2, 4, 3]",
        lines=[("iterator(training)", "iterator(training.batch(2))")],
    ),
    mistake(
        "images one by one",
        says="has the shape [2, 4, 3]",
        lines=[("iterator(training)", "iterator(training.unbatch())")],
    ),
    mistake("a method of lists", says="'Iterator' object has no attribute 'next'", lines=[("get_next()", "next()")]),
    mistake("a module forgotten", says="tf has no attribute 'make_init", lines=[("tf.data.", "tf.")]),
    mistake(
        "a list for an iterator",
        says="iterator is a list of 1",
        lines="iterator = [training]\nnext_element = iterator[0]",
    ),
    mistake(
        "the data set's element",
        says="a data set has no attribute 'get_next'",
        lines=[("iterator.get_next", "training.get_next")],
    ),
    mistake(
        "a dict",
        says="next_element is a dict of 2",
        lines=[("iterator.get_next()", "dict(zip('il', iterator.get_next()))")],
    ),
    mistake(
        "repeated without end",
        says="after the data set's last batch, more",
        lines=[("iterator(training)", "iterator(training.repeat())")],
    ),
    mistake(
        "shuffled again",
        says="instead of the images [0, 1, 2, 3]",
        lines=[("iterator(training)", "iterator(training.shuffle(10, seed=1))")],
    ),
]
VARIANTS = [
    variant(
        "a method of the data set",
        lines="""
        iterator = training.make_initializable_iterator()
        images, labels = iterator.get_next(name="batch")
        next_element = images, labels
    """,
    ),
    variant(
        "an iterator with a name of its own",
        lines="""
        iterator = tf.data.make_initializable_iterator(training, shared_name="batches")
        next_element = iterator.get_next()
    """,
    ),
    variant(
        "prefetched",
        lines="""
        iterator = tf.data.make_initializable_iterator(training.prefetch(2))
        next_element = [tf.identity(each) for each in iterator.get_next()]
    """,
    ),
]
