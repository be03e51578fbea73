"""Answers to blank 8a."""

from support.answers import mistake

START = "session.run(tf.global_variables_initializer())"
START_DATA = "session.run(iterator.initializer, feed_dict=fed_arrays)"

MISTAKES = [
    mistake(8, "variables not initialized", says="have no value in the session", place_8a=[(START, "pass")]),
    mistake(8, "initializer not run", says="layer/weights", place_8a=[(START, "tf.global_variables_initializer()")]),
    mistake(
        8,
        "only the trainable variables",
        says="global_step has no value",
        place_8a=[("tf.global_variables_initializer()", "tf.variables_initializer(tf.trainable_variables())")],
    ),
    mistake(
        8,
        "a session of one's own",
        says="session is a new session",
        place_8a=f"session = tf.Session()\n{START}\n{START_DATA}",
    ),
    mistake(8, "iterator not initialized", says="the iterator has not been started", place_8a=[(START_DATA, "")]),
    mistake(
        8,
        "the other iterator",
        says="the iterator has not",
        place_8a=[("iterator.initializer, feed_dict=fed_arrays", "validation_iterator.initializer")],
    ),
    mistake(8, "without fed_arrays", says="run without fed_arrays", place_8a=[(", feed_dict=fed_arrays", "")]),
    mistake(
        8,
        "a batch fetched and lost",
        says="the first batch is not the first",
        place_8a=[(START_DATA, f"{START_DATA}\n        session.run(next_element)")],
    ),
]
VARIANTS = []  # in loop.py, with those of 8b
