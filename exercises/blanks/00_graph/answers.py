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
    mistake("half a float", says="x holds float16", lines=[("tf.float32", "tf.float16")]),
    mistake("a list of one", says="x holds float32 of shape (1,)", lines=[("[],", "[1],")]),
    mistake(
        "a function of Python's",
        says="y is a function, not called, no tensor",
        lines='x = tf.placeholder(tf.float32, [], "x")\ny = lambda x: 2 * x**2 + 3',
    ),
    mistake("the user's number in the graph", says="y is 35.0, no tensor", lines=[("x**2", "settings.x**2")]),
    mistake("a capital", says="tf has no attribute 'Placeholder'", lines=[("tf.placeholder", "tf.Placeholder")]),
    mistake("the type forgotten", says="Expected DataType for", lines=[("tf.float32, ", "")]),
    mistake("Python's math", says="not a tensor", lines=[("x**2", "__import__('math').pow(x, 2)")]),
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
        "a function of the blank's own, in a scope, in double precision",
        lines="""
        def formula(number):
            return tf.add(2 * tf.pow(number, 2), 3, name="y")

        with graph.as_default(), tf.name_scope("formula"):
            x = tf.compat.v1.placeholder(tf.float64, [])
            y = formula(x)
        print(f"{x.name} leads to {y.name}")
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
