"""Answers to blanks 0 and 1."""

from support.answers import mistake, variant

MISTAKES = [
    mistake(
        0,
        "tf imported again",
        says="your lines import tf once more",
        place_0=[("x = tf.placeholder", "import tensorflow.compat.v1 as tf\n        x = tf.placeholder")],
    ),
    mistake(
        0,
        "a graph of one's own",
        says="x and y are in another graph",
        place_0="with tf.Graph().as_default():\n    x = tf.placeholder(tf.float32, [])\n    y = 2 * x**2 + 3",
    ),
    mistake(0, "a number instead of a graph", says="x is 4.0, no tensor", place_0="x = 4.0\ny = 2 * x**2 + 3"),
    mistake(
        0, "a constant instead of a placeholder", says="x is a Const", place_0="x = tf.constant(4.0)\ny = 2*x**2 + 3"
    ),
    mistake(0, "the square of 2x", says="for x = -1.5, y is 12", place_0=[("2 * x**2", "(2 * x) ** 2")]),
    mistake(0, "^ for a power", says="TypeError", place_0=[("x**2", "x^2")]),
    mistake(
        0,
        "indented too little",
        says="your first line begins with 4 spaces",
        place_0=[("        x = ", "    x = "), ("        y = ", "    y = ")],
    ),
    mistake(0, "a variable", says="x is a variable", place_0="x = tf.Variable(4.0)\ny = 2 * x**2 + 3"),
    mistake(
        0,
        "the error left in",
        says="NotImplementedError is still there",
        place_0=[("# float32 []", "\n        raise NotImplementedError('first_graph.py: blank 0 is still empty')")],
    ),
    mistake(0, "whole numbers", says="x holds int32", place_0=[("tf.float32", "tf.int32")]),
    mistake(1, "a tensor instead of its number", says="value isn't a number but a tensor", place_1="value = y"),
    mistake(1, "nothing fed", says="must feed a value for placeholder", place_1=[(", feed_dict={x: settings.x}", "")]),
    mistake(1, "the answer typed in", says="with x = -1.5, value is 35", place_1="value = 35.0"),
]
VARIANTS = [
    variant(
        0,
        "operations by name",
        place_0="""
        x = tf.placeholder(tf.float32, shape=(), name="number")
        y = tf.add(tf.multiply(2.0, tf.square(x)), 3.0)
    """,
    ),
    variant(
        0,
        "any shape may be fed",
        place_0="""
        x = tf.placeholder(tf.float32)
        y = 3 + x * x * 2
    """,
    ),
    variant(
        1,
        "y.eval",
        place_1="""
        with tf.Session(graph=graph):
            value = y.eval({x: settings.x})
    """,
    ),
    variant(
        1,
        "a session without with",
        place_1="""
        session = tf.Session(graph=graph)
        value = float(session.run([y], {"x:0": settings.x})[0])
    """,
    ),
]
