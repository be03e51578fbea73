"""Answers to this blank."""

from exercises.answers import mistake, variant

MISTAKES = [
    mistake("a tensor instead of its number", says="value isn't a number but a tensor", lines="value = y"),
    mistake("nothing fed", says="must feed a value for placeholder", lines=[(", feed_dict={x: settings.x}", "")]),
    mistake("the answer typed in", says="with x = -1.5, value is 35", lines="value = 35.0"),
]
VARIANTS = [
    variant(
        "y.eval",
        lines="""
        with tf.Session(graph=graph):
            value = y.eval({x: settings.x})
    """,
    ),
    variant(
        "a session without with",
        lines="""
        session = tf.Session(graph=graph)
        value = float(session.run([y], {"x:0": settings.x})[0])
    """,
    ),
]
