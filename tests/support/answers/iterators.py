"""Answers to blank 5: an iterator and its next element."""

from support.answers import mistake, variant

MISTAKES = [
    mistake(
        5,
        "a one-shot iterator",
        says="one-shot iterator",
        place_5=[("make_initializable_iterator", "make_one_shot_iterator")],
    ),
    mistake(
        5,
        "Python's iter",
        says="Python's iter, next or for",
        place_5=[("tf.data.make_initializable_iterator(dataset)", "iter(dataset)")],
    ),
    mistake(
        5,
        "only next_element",
        says="there is no iterator",
        place_5="next_element = tf.data.make_initializable_iterator(dataset).get_next()",
    ),
    mistake(
        5,
        "the iterator as next_element",
        says="next_element is the iterator",
        place_5="next_element = tf.data.make_initializable_iterator(dataset)",
    ),
    mistake(
        5,
        "the element as iterator",
        says="iterator is what get_next() gives",
        place_5="iterator = tf.data.make_initializable_iterator(dataset).get_next()",
    ),
    mistake(
        5,
        "an iterator without its data",
        says="iterator has no initializer",
        place_5="""
        iterator = tf.data.Iterator.from_structure(dataset.output_types, dataset.output_shapes)
        next_element = iterator.get_next()
    """,
    ),
    mistake(5, "get_next without a call", says="get_next itself, not called", place_5=[("get_next()", "get_next")]),
    mistake(5, "no next_element", says="there is no next_element", place_5=[("next_element = ", "element = ")]),
    mistake(
        5,
        "get_next called twice",
        says="get_next is called 2 times",
        place_5=[
            ("next_element = iterator.get_next()", "next_element = iterator.get_next()[0], iterator.get_next()[1]")
        ],
    ),
    mistake(
        5,
        "two iterators",
        says="another iterator than the one",
        place_5=[("iterator.get_next()", "tf.data.make_initializable_iterator(dataset).get_next()")],
    ),
    mistake(5, "images alone", says="next_element is 1 tensor", place_5=[("get_next()", "get_next()[0]")]),
    mistake(
        5,
        "computed once",
        says="the numbers of one batch",
        place_5="""
        iterator = tf.data.make_initializable_iterator(dataset)
        with tf.Session() as session:
            session.run(iterator.initializer)
            next_element = session.run(iterator.get_next())
    """,
    ),
    mistake(
        5,
        "repeated without end",
        says="after the data set's last batch",
        place_5=[("iterator(dataset)", "iterator(dataset.repeat())")],
    ),
    mistake(
        5,
        "one iterator for all data",
        says="in place of the images [0, 1, 2, 3] of the data set come the images [1, 2, 3, 4]",
        place_5=[("iterator(dataset)", 'iterator(dataset, shared_name="batches")')],
    ),
    mistake(
        5,
        "shuffled once more",
        says="in place of the images [0, 1, 2, 3]",
        place_5=[("iterator(dataset)", "iterator(dataset.shuffle(10, seed=1))")],
    ),
]
VARIANTS = [
    variant(
        5,
        "a method of the data set",
        place_5="""
        iterator = dataset.make_initializable_iterator()
        images, labels = iterator.get_next(name="batch")
        next_element = images, labels
    """,
    ),
    variant(
        5,
        "prefetched",
        place_5="""
        iterator = tf.data.make_initializable_iterator(dataset.prefetch(2))
        next_element = [tf.identity(each) for each in iterator.get_next()]
    """,
    ),
]
