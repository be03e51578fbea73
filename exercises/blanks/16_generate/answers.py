"""Answers to this blank."""

LAST = 'logits = j_deconv_layer(x, 1, "deconv4", activation="linear")'
UPSAMPLED = "from tf_layers import j_upsample_layer"

MISTAKES = {
    "logits are never < 0": (', activation="linear"', ""),
    "all layers are linear": """
        for number, filters in enumerate((48, 24, 12, 1)):
            x = j_deconv_layer(x, filters, f"deconv{number}", activation="linear")
        logits = x
    """,
    "there is no logits": (LAST, LAST.replace("logits", "x")),
    "for x of [2, 4, 4, 128], logits has the shape [2, 32, 32, 1]": ('x = j_deconv_layer(x, 24, "deconv2")', ""),
    "logits has the shape [2, 64, 64, 3]": ("(x, 1,", "(x, 3,"),
    "logits has the shape [2, 128, 128, 1]": ('24, "deconv2"', '24, "deconv2", strides=4'),
    "logits has the shape [2, 94, 94, 1]": """
        for number, filters in enumerate((48, 24, 12)):
            x = j_deconv_layer(x, filters, f"deconv{number}", padding="VALID")
        logits = j_deconv_layer(x, 1, "last", padding="VALID", activation="linear")
    """,
    "logits has the shape [2, 1, 1, 1]": """
        for number, filters in enumerate((48, 24, 12)):
            x = j_conv_layer(x, filters, f"deconv{number}", strides=2)
        logits = j_conv_layer(x, 1, "last", activation="linear")
    """,
    "logits lie between 0 and 1: a sigmoid": ('"linear"', '"sigmoid"'),
    "as after a tanh": ('"linear"', '"tanh"'),
    "got a name that another layer of this graph has": ('"deconv3"', '"deconv2"'),
    "there are no weights": "logits = tf.image.resize_bilinear(x[..., :1], [side, side])",
    "for x of [4, 6, 6, 128], logits has the shape [9, 64, 64, 1]": """
        x = j_fc_layer(tf.reshape(x, [-1, 4 * 4 * 128]), 64 * 64, "fc2", activation="linear")
        logits = tf.reshape(x, [-1, 64, 64, 1])
    """,
    "the same vector gives one picture in one cell, and another": """
        x = j_fc_layer(tf.reshape(x, [-1, side * side // 2]), 16, "fc2")
        logits = tf.reshape(j_fc_layer(x, side * side, "fc3", activation="linear"), [-1, side, side, 1])
    """,
    "pixels of a cell get only 1 different number": f"""
        {UPSAMPLED}
        x = j_conv_layer(x, 16, "narrow", kernel_size=1)
        logits = j_conv_layer(j_upsample_layer(x, "larger", 16), 1, "last", kernel_size=1, activation="linear")
    """,
    "logits holds float16": (LAST, f"{LAST}\nlogits = tf.cast(logits, tf.float16)"),
    "logits doesn't depend on x": ('(x, 48, "deconv1")', '(tf.ones_like(x), 48, "deconv1")'),
}
VARIANTS = {
    "a loop": """
        for number, filters in enumerate((64, 32, 16)):
            x = j_deconv_layer(x, filters, f"up{number}", activation="elu")
        logits = j_deconv_layer(x, 1, "last", activation="linear")
    """,
    "two large steps": """
        x = j_deconv_layer(x, 24, "deconv1", kernel_size=8, strides=4)
        logits = j_deconv_layer(x, 1, "deconv2", kernel_size=8, strides=4, activation="linear")
    """,
    "enlarged first, then convolutions": f"""
        {UPSAMPLED}
        for number, filters in enumerate((32, 16, 8, 8)):
            x = j_conv_layer(j_upsample_layer(x, f"larger{{number}}"), filters, f"up{{number}}")
        logits = j_conv_layer(x, 1, "last", activation="linear")
    """,
    "TensorFlow's own": """
        x = j_deconv_layer(x, 8, "deconv1", kernel_size=8, strides=8)
        kernel = tf.get_variable("kernel", [4, 4, 1, 8], initializer=tf.random_normal_initializer(stddev=0.3))
        logits = tf.nn.conv2d_transpose(x, kernel, [tf.shape(x)[0], side, side, 1], strides=2)
    """,
}
