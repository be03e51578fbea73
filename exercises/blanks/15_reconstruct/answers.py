"""Answers to this blank."""

MISTAKES = {
    "mended is compared with the spoilt images": ("images_ph", "spoilt_ph"),
    "there is no loss": ("loss = ", "mean = "),
    "loss is 5 x 4 x 6 x 3 numbers": "loss = tf.squared_difference(mended, data.scale(images_ph))",
    "loss is 5 numbers": "loss = tf.reduce_mean(tf.squared_difference(mended, data.scale(images_ph)), axis=[1, 2, 3])",
    "it has no mended in it": ("mended", "data.scale(spoilt_ph)"),
    "pixels go from 0 to 255": ("data.scale(images_ph)", "tf.cast(images_ph, tf.float32)"),
    "pixels go from 0 to 1,": ("data.scale(images_ph)", "tf.cast(images_ph, tf.float32) / 255"),
    "the sum, not the mean": ("reduce_mean", "reduce_sum"),
    "half of the mean": "loss = tf.reduce_mean(tf.squared_difference(mended, data.scale(images_ph))) / 2",
    "its root": "loss = tf.sqrt(tf.reduce_mean(tf.squared_difference(mended, data.scale(images_ph))))",
    "cancel out": "loss = tf.reduce_mean(mended - data.scale(images_ph))",
    "the mean of the absolute differences": "loss = tf.reduce_mean(tf.abs(mended - data.scale(images_ph)))",
    "no weight of the network changes loss": ("(mended", "(tf.stop_gradient(mended)"),
    "your lines give mended another value": """
        mended = tf.clip_by_value(mended, -1, 1)
        loss = tf.reduce_mean(tf.squared_difference(mended, data.scale(images_ph)))
    """,
}
VARIANTS = {
    "tf.losses": "loss = tf.losses.mean_squared_error(data.scale(images_ph), mended)",
    "each image's, and their mean": """
        wanted = tf.cast(images_ph, tf.float32) / 127.5 - 1
        losses = tf.reduce_mean(tf.square(wanted - mended), axis=[1, 2, 3])
        loss = tf.reduce_mean(losses)
    """,
}
