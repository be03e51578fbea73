"""Answers to this blank."""

MISTAKES = {
    "classes is the label, without 1 added": ("(labels_ph + 1)", "labels_ph"),
    "there is no loss": ("loss = ", "mean = "),
    "there is no classes": """
        is_shape = tf.cast(masks_ph[..., 0] > 127, tf.int64)
        wanted = is_shape * (labels_ph + 1)[:, None, None]
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=wanted, logits=logits))
    """,
    "for 2 x 4 x 6 pixels, classes is 2 x 4 x 6 x 1 numbers": """
        classes = tf.cast(masks_ph > 127, tf.int64) * (labels_ph + 1)[:, None, None, None]
        loss = tf.losses.sparse_softmax_cross_entropy(classes[..., 0], logits)
    """,
    "classes holds float32": """
        classes = tf.cast(masks_ph[..., 0] > 127, tf.float32) * tf.cast(labels_ph + 1, tf.float32)[:, None, None]
        loss = tf.losses.sparse_softmax_cross_entropy(tf.cast(classes, tf.int64), logits)
    """,
    "classes is the same for every shape": ("is_shape * (labels_ph + 1)[:, None, None]", "is_shape"),
    "classes is 1 at the background": (
        "is_shape * (labels_ph + 1)[:, None, None]",
        "is_shape * labels_ph[:, None, None] + 1",
    ),
    "classes is the shape's where it isn't": ("> 127", "<= 127"),
    "classes is the mask itself": ("masks_ph[:, :, :, 0] > 127", "masks_ph[:, :, :, 0]"),
    "classes is the label's in all pixels": ("> 127", ">= 0"),
    "where the mask is 127 has the class 2": ("> 127", "> 0"),
    "a pixel where the mask is 127 has the class": ("> 127", ">= 127"),
    "loss is 2 x 4 x 6 numbers": ("tf.reduce_mean(losses)", "losses"),
    "loss is 2 numbers": ("tf.reduce_mean(losses)", "tf.reduce_mean(losses, axis=[1, 2])"),
    "the sum over the pixels": ("reduce_mean", "reduce_sum"),
    "the mean over the pixels of the shapes": ("tf.reduce_mean(losses)", "tf.reduce_mean(losses[classes > 0])"),
    "the mean with a minus": ("tf.reduce_mean(losses)", "-tf.reduce_mean(losses)"),
    "and the mean of those": ("tf.reduce_mean(losses)", "tf.reduce_mean(tf.reduce_sum(losses, axis=[1, 2]))"),
    "loss is": ("logits=logits", "logits=tf.nn.softmax(logits)"),
    "your lines give logits another value": """
        classes = tf.cast(masks_ph[..., 0] > 127, tf.int64) * (labels_ph + 1)[:, None, None]
        logits = tf.nn.softmax(logits)
        loss = tf.reduce_mean(-tf.log(tf.gather(logits, classes, axis=3, batch_dims=3)))
    """,
    "for 3 x 6 x 4 pixels": ("masks_ph[:, :, :, 0]", "tf.reshape(masks_ph, [2, 4, 6])"),
}
VARIANTS = {
    "tf.where, and the loss of tf.losses": """
        labels = tf.reshape(labels_ph + 1, [-1, 1, 1])
        classes = tf.where(tf.squeeze(masks_ph, axis=3) >= 128, labels + tf.zeros_like(masks_ph[..., 0], tf.int64),
                           tf.zeros_like(masks_ph[..., 0], tf.int64))
        loss = tf.losses.sparse_softmax_cross_entropy(classes, logits)
    """,
    "one-hot classes": """
        classes = tf.cast(masks_ph[..., 0] > 127, tf.int64) * (labels_ph + 1)[:, None, None]
        one_hot = tf.one_hot(classes, tf.shape(logits)[-1])
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=one_hot, logits=logits))
    """,
    "rounded masks": """
        classes = tf.cast(tf.round(tf.cast(masks_ph[..., 0], tf.float32) / 255), tf.int64)
        classes *= labels_ph[:, tf.newaxis, tf.newaxis] + 1
        rows = tf.reshape(logits, [-1, logits.shape[-1]])
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.reshape(classes, [-1]), logits=rows)
        loss = tf.reduce_mean(losses)
    """,
}
