"""Answers to this blank."""

from exercises.answers import mistake, variant

MISTAKES = [
    mistake(
        "tf imported again",
        says="your lines import tf again",
        lines=[("x = tf.placeholder", "import tensorflow.compat.v1 as tf\nx = tf.placeholder")],
    ),
    mistake(
        "a graph of one's own",
        says="x and y are in another graph",
        lines="with tf.Graph().as_default():\n    x = tf.placeholder(tf.float32, [])\n    y = 2 * x**2 + 3",
    ),
    mistake("a number instead of a graph", says="x is 4.0, no tensor", lines="x = 4.0\ny = 2 * x**2 + 3"),
    mistake("a constant instead of a placeholder", says="x is a Const", lines="x = tf.constant(4.0)\ny = 2*x**2 + 3"),
    mistake("the square of 2x", says="for x = -1.5, y is 12", lines=[("2 * x**2", "(2 * x) ** 2")]),
    mistake("^ for a power", says="TypeError", lines=[("x**2", "x^2")]),
    mistake(
        "indented too little",
        says="your first line begins with 4 spaces",
        lines=[("x = ", "\b" * 4 + "x = "), ("y = ", "\b" * 4 + "y = ")],
    ),
    mistake("a variable", says="x is a variable", lines="x = tf.Variable(4.0)\ny = 2 * x**2 + 3"),
    mistake(
        "the error left in",
        says="NotImplementedError is still there",
        lines=[("# float32 []", "\nraise NotImplementedError('first_graph.py: blank 0 is still empty')")],
    ),
    mistake("whole numbers", says="x holds int32", lines=[("tf.float32", "tf.int32")]),
]
VARIANTS = [
    variant(
        "operations by name",
        lines="""
        x = tf.placeholder(tf.float32, shape=(), name="number")
        y = tf.add(tf.multiply(2.0, tf.square(x)), 3.0)
    """,
    ),
    variant(
        "any shape may be fed",
        lines="""
        x = tf.placeholder(tf.float32)
        y = 3 + x * x * 2
    """,
    ),
]
