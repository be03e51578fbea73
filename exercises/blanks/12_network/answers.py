"""Answers to this blank."""

FLATTEN = 'x = j_flatten_layer(x, "flatten")'
LOGITS = "logits = j_logits(x, num_classes)"

SHAPES = {
    "there is no logits": (LOGITS, "x = j_logits(x, num_classes)"),
    "logits is a list of 1": (LOGITS, "logits = [x]"),
    "with num_classes = 5, logits is float32 [None, 2]": (LOGITS, "logits = j_logits(x, 2)"),
    "logits is float32 [None, 64]": (LOGITS, "logits = x"),
    "logits is float32 [None, 16, 16, 5]": """
        logits = j_conv_layer(images, num_classes, "logits", strides=2, activation="linear")
    """,
    "logits is float64 [None, 5]": (
        LOGITS,
        f"{LOGITS}\nimport kit.tensorflow1 as tf\nlogits = tf.cast(logits, tf.float64)",
    ),
    "Input to reshape is a tensor with 9216 values": """
        import kit.tensorflow1 as tf
        logits = j_logits(tf.reshape(images, [-1, 64 * 64 * 3]), num_classes)
    """,
    "logits is int64 [None]": (LOGITS, f"{LOGITS}\nimport kit.tensorflow1 as tf\nlogits = tf.argmax(logits, axis=1)"),
    "for 3 images, logits has 12 rows": """
        import kit.tensorflow1 as tf
        x = j_conv_layer(images, 4, "conv1")
        logits = j_logits(tf.reshape(x, [-1, 16 * 16 * 4]), num_classes)
    """,
}
LAYERS = {
    "layer 'conv2': got a name that another layer of this graph has": ('"conv3"', '"conv2"'),
    "layer 'fc1': got [?, 2, 2, 32]": (FLATTEN, ""),
    "layer 'fc1': got [?, 32, 32, 3]": f'x = j_fc_layer(images, 64, "fc1")\n{LOGITS}',
    "layer 'conv5': got [?, 128]": (FLATTEN, f'{FLATTEN}\nx = j_conv_layer(x, 16, "conv5")'),
    "layer 'pool6': got [?, 1, 1, 32]": (
        FLATTEN,
        f'x = j_max_pool_layer(x, "pool5")\nx = j_max_pool_layer(x, "pool6")\n{FLATTEN}',
    ),
    "layer 'dropout1': got is_training=True": ("is_training", "True"),
    "layer '16': got 16 as its name": f'x = j_conv_layer(images, "conv1", 16)\n{LOGITS}',
    "missing 1 required positional argument": (', "conv2"', ""),
    "name 'tf' is not defined": (FLATTEN, "x = tf.relu(x)"),
    "million of them in fc1/weights": f"""
        x = j_conv_layer(images, 64, "conv1")
        x = j_flatten_layer(x, "flatten")
        x = j_fc_layer(x, 4096, "fc1")
        {LOGITS}
    """,
}
SCORES = {
    "logits come out of softmax": (LOGITS, 'logits = j_fc_layer(x, num_classes, "logits", activation="softmax")'),
    "logits come out of relu": (LOGITS, 'logits = j_fc_layer(x, num_classes, "logits")'),
    "logits don't depend on the images": """
        import kit.tensorflow1 as tf
        x = tf.ones([tf.shape(images)[0], 64])
        logits = j_logits(x, num_classes)
    """,
    "logits have no slope": (
        LOGITS,
        f"{LOGITS}\nimport kit.tensorflow1 as tf\nlogits = tf.one_hot(tf.argmax(logits, axis=1), num_classes) - 0.5",
    ),
    "the network has no weights": """
        import kit.tensorflow1 as tf
        logits = tf.reduce_mean(images, axis=[1, 2, 3])[:, None] * tf.ones([1, num_classes])
    """,
}
LEARNING = {
    "your network, without a convolution, has an accuracy of 0.": """
        x = j_flatten_layer(images, "flatten")
        x = j_fc_layer(x, 100, "fc1")
        x = j_fc_layer(x, 32, "fc2")
        logits = j_logits(x, num_classes)
    """,
    "your network is simple_fc, layer by layer": """
        hidden = j_flatten_layer(images)
        for number, units in enumerate((128, 32, 64)):
            hidden = j_fc_layer(hidden, units, f"dense{number}")
        logits = j_logits(hidden, num_classes)
    """,
    "your network is cnn, layer by layer": "logits = cnn(images, num_classes, is_training)",
    "your network is cnn_regularized, layer by layer": """
        return NETWORKS["cnn_regularized"](images, num_classes, is_training)
    """,
    "nothing uses what comes out of conv2": ('x = j_conv_layer(x, 32, "conv2")', 'y = j_conv_layer(x, 32, "conv2")'),
    "nothing uses what comes out of conv1 and conv2": """
        x = j_conv_layer(images, 16, "conv1")
        x = j_conv_layer(images, 16, "conv2")
        x = j_flatten_layer(images, "flatten")
        logits = j_logits(x, num_classes)
    """,
    "after 5 epochs on 450 images your network has an accuracy of 0.": """
        x = j_conv_layer(images, 8, "conv1", kernel_size=1)
        x = j_global_avg_pool_layer(x, "mean")
        logits = j_logits(x, num_classes)
    """,
    "after 5 epochs all images get the same scores": """
        import kit.tensorflow1 as tf
        x = j_conv_layer(images, 4, "conv1")
        x = j_global_avg_pool_layer(tf.nn.relu(x - 100), "mean")
        logits = j_logits(x, num_classes)
    """,
    "after 5 epochs its loss is no longer a number": """
        import kit.tensorflow1 as tf
        x = j_conv_layer(images, 4, "conv1")
        x = tf.sqrt(j_global_avg_pool_layer(x, "mean") - 5)
        logits = j_logits(x, num_classes)
    """,
    "the network takes 3,375 million multiplications per image": """
        x = j_conv_layer(images, 256, "conv1", kernel_size=5)
        x = j_conv_layer(x, 256, "conv2", kernel_size=5)
        x = j_conv_layer(x, 256, "conv3", kernel_size=5)
        x = j_global_avg_pool_layer(x, "mean")
        logits = j_logits(x, num_classes)
    """,
    "it takes so much arithmetic that it had": """
        x = j_conv_layer(images, 512, "conv1", kernel_size=1)
        x = j_conv_layer(x, 48, "conv2", kernel_size=1)
        x = j_global_avg_pool_layer(x, "mean")
        logits = j_logits(x, num_classes)
    """,
}
MISTAKES = SHAPES | LAYERS | SCORES | LEARNING
VARIANTS = {
    "returned": (LOGITS, "return j_logits(x, num_classes)"),
    "many filters, so fewer steps": """
        def block(x, filters, name):
            return j_max_pool_layer(j_conv_layer(x, filters, name), f"{name}_pool")

        x = block(block(block(images, 32, "a"), 64, "b"), 128, "c")
        x = j_fc_layer(j_flatten_layer(x), 128, "fc")
        logits = j_logits(x, num_classes)
    """,
    "batch normalisation and the mean of each channel": """
        x = images
        for block, filters in enumerate((8, 16, 32), start=1):
            x = j_conv_layer(x, filters, f"conv{block}", l2=1e-4)
            x = j_max_pool_layer(x, f"pool{block}")
            x = j_batch_norm_layer(x, is_training, f"norm{block}")
        x = j_global_avg_pool_layer(x, "mean")
        logits = j_fc_layer(x, num_classes, "scores", activation="linear")
    """,
    "one convolution": """
        x = j_max_pool_layer(j_conv_layer(images, 8, "conv"), "pool")
        logits = j_logits(j_flatten_layer(x), num_classes)
    """,
    "TensorFlow's own operations": """
        import kit.tensorflow1 as tf
        kernel = tf.get_variable("kernel", [5, 5, 3, 16], initializer=tf.random_normal_initializer(stddev=0.1))
        x = tf.nn.elu(tf.nn.conv2d(images, kernel, strides=2, padding="SAME"))
        x = tf.nn.elu(j_conv_layer(x, 32, "conv2", strides=2, activation="linear"))
        x = tf.reshape(x, [-1, x.shape[1] * x.shape[2] * x.shape[3]])
        weights = tf.Variable(tf.random_normal([int(x.shape[1]), num_classes], stddev=0.02))
        logits = tf.identity(tf.matmul(x, weights), "logits")
    """,
    "tanh and averages": """
        from tf_layers import j_avg_pool_layer
        x = j_conv_layer(images, 6, "conv1", kernel_size=5, padding="VALID", activation="tanh")
        x = j_avg_pool_layer(x, "pool1")
        x = j_conv_layer(x, 16, "conv2", kernel_size=5, padding="VALID", activation="tanh")
        x = j_avg_pool_layer(x, "pool2")
        x = j_flatten_layer(x, "flatten")
        x = j_fc_layer(x, 120, "fc1", activation="tanh")
        x = j_fc_layer(x, 84, "fc2", activation="tanh")
        logits = j_logits(x, num_classes)
    """,
}
