"""Answers to this blank."""

CONV = 'tf.nn.conv2d(maps, weights[None, None], strides=1, padding="SAME")'
POOL = 'tf.nn.avg_pool2d(scores, WINDOW, strides=1, padding="SAME")'
MISTAKES = {
    "the biases are missing": (f"{CONV} + biases", CONV),
    "Shape must be rank 4 but is rank 2": (CONV, "tf.matmul(tf.reduce_mean(maps, axis=[1, 2]), weights)"),
    "scores is 2 x 3 x 4 x 3 numbers": ("[None, None], strides=1", "[None, None], strides=2"),
    "scores differ from maps times weights plus biases": (f"{CONV} + biases", f"tf.nn.relu({CONV} + biases)"),
    "scores differ from": (f"{CONV} + biases", f"{CONV} - biases"),
    "by up to": (f"{CONV} + biases", f"tf.nn.softmax({CONV} + biases)"),
    "ValueError": ("weights[None, None]", "weights"),
    "name 'scores' is not defined": ("scores =", "score ="),
    "windows is 2 x 2 x 2 x 3 numbers": (
        'WINDOW, strides=1, padding="SAME"',
        'WINDOW, strides=WINDOW, padding="VALID"',
    ),
    "windows is 2 x 4 x 5 x 3 numbers": ('WINDOW, strides=1, padding="SAME"', 'WINDOW, strides=1, padding="VALID"'),
    "it is the largest of them": ("avg_pool2d", "max_pool2d"),
    "it is the place's own score": (POOL, "scores"),
    "it is their sum": (POOL, f"{POOL} * WINDOW**2"),
    "windows isn't the mean of 3 x 3 places": ("scores, WINDOW,", "scores, WINDOW + 2,"),
    "there is no windows": ("windows =", "window ="),
}
VARIANTS = {
    "a product at each place": """
        scores = tf.tensordot(maps, weights, axes=1) + biases
        windows = tf.nn.avg_pool2d(scores, ksize=WINDOW, strides=1, padding="SAME")
    """,
    "a matmul of all places": """
        places = tf.reshape(maps, [-1, weights.shape[0]])
        shape = tf.concat([tf.shape(maps)[:3], [weights.shape[1]]], axis=0)
        scores = tf.reshape(tf.nn.bias_add(tf.matmul(places, weights), biases), shape)
        windows = tf.nn.pool(scores, [WINDOW, WINDOW], "AVG", "SAME")
    """,
}
