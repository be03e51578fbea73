"""Answers to this blank."""

MISTAKES = {
    "your lines import tf again": ("x = tf.placeholder", "import tensorflow.compat.v1 as tf\nx = tf.placeholder"),
    "x and y are in another graph": """
        with tf.Graph().as_default():
            x = tf.placeholder(tf.float32, [])
            y = 2 * x**2 + 3
    """,
    "x is 4.0, no tensor": "x = 4.0\ny = 2 * x**2 + 3",
    "x is a Const": "x = tf.constant(4.0)\ny = 2*x**2 + 3",
    "for x = -1.5, y is 12": ("2 * x**2", "(2 * x) ** 2"),
    "TypeError": ("x**2", "x^2"),
    "your first line begins with 4 spaces": [("x = ", "\b" * 4 + "x = "), ("y = ", "\b" * 4 + "y = ")],
    "x is a variable": "x = tf.Variable(4.0)\ny = 2 * x**2 + 3",
    "NotImplementedError is still there": (
        "# float32 []",
        "\nraise NotImplementedError('first_graph.py: blank 0 is still empty')",
    ),
    "x holds int32": ("tf.float32", "tf.int32"),
    "x holds float16": ("tf.float32", "tf.float16"),
    "x holds float32 of shape (1,)": ("[],", "[1],"),
    "y is a function, not called, no tensor": 'x = tf.placeholder(tf.float32, [], "x")\ny = lambda x: 2 * x**2 + 3',
    "y is 35.0, no tensor": ("x**2", "settings.x**2"),
    "tf has no attribute 'Placeholder'": ("tf.placeholder", "tf.Placeholder"),
    "Expected DataType for": ("tf.float32, ", ""),
    "not a tensor": ("x**2", "__import__('math').pow(x, 2)"),
}
VARIANTS = {
    "operations by name": """
        x = tf.placeholder(tf.float32, shape=(), name="number")
        y = tf.add(tf.multiply(2.0, tf.square(x)), 3.0)
    """,
    "a function of the blank's own, in a scope, in double precision": """
        def formula(number):
            return tf.add(2 * tf.pow(number, 2), 3, name="y")

        with graph.as_default(), tf.name_scope("formula"):
            x = tf.compat.v1.placeholder(tf.float64, [])
            y = formula(x)
        print(f"{x.name} leads to {y.name}")
    """,
    "any shape may be fed": """
        x = tf.placeholder(tf.float32)
        y = 3 + x * x * 2
    """,
}
