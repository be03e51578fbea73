"""Answers to this blank."""

LOSSES = "head.per_example(labels_ph, logits)"
MEAN = "tf.reduce_mean(losses)"
DECAY = " + tf.losses.get_regularization_loss()"
HITS = "tf.cast(is_right, tf.float32)"
ACCURACY = f"tf.reduce_mean({HITS})"
ARGMAX = "tf.argmax(probabilities, axis=1)"
UPDATES = "with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):  # batch norm's moving averages"
STEP = "optimizer.minimize(batch_loss, global_step)"

OBJECTIVE = {
    "whatever the probabilities are": (
        "tf.equal(tf.argmax(probabilities, axis=1), tf.cast(labels_ph, tf.int64))",
        "tf.argmax(logits, axis=1) == labels_ph",
    ),
    "a softmax cross-entropy of your own": (
        LOSSES,
        "tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels_ph, logits=logits)",
    ),
    "the loss of image 8 is 0.": (
        LOSSES,
        "tf.reduce_mean(tf.square(probabilities - tf.one_hot(labels_ph, data.num_classes)), axis=1)",
    ),
    "logits_size=[8,5] labels_size=[8,2]": (
        LOSSES,
        "tf.nn.softmax_cross_entropy_with_logits(labels=tf.one_hot(labels_ph, 2), logits=logits)",
    ),
    "Iterating over a symbolic": (MEAN, "sum(losses) / len(losses)"),
    "not well defined": (MEAN, "tf.reduce_sum(losses) / len(losses)"),
    "batch_loss holds float16": [
        (MEAN + DECAY, f"tf.cast({MEAN}{DECAY}, tf.float16)"),
        (STEP, f"optimizer.minimize({MEAN}{DECAY}, global_step)"),
    ],
    "per_example() missing 1 required": (LOSSES, "head.per_example(logits)"),
    "the loss if probabilities are taken for logits": (LOSSES, "head.per_example(labels_ph, probabilities)"),
    "in this order": (LOSSES, "head.per_example(logits, labels_ph)"),
    "losses is a single number": (LOSSES, f"tf.reduce_mean({LOSSES})"),
    "the weight decay is in it": (LOSSES, LOSSES + DECAY),
    ", their sum": (MEAN, "tf.reduce_sum(losses)"),
    ", their sum divided by settings.batch_size": (MEAN, "tf.reduce_sum(losses) / settings.batch_size"),
    "with 8 images of 5 classes: ": (LOSSES, "head.per_example(labels_ph, tf.transpose(logits))"),
    "batch_loss is 8 numbers": (MEAN, "losses"),
    "their mean with a minus": (MEAN, "-tf.reduce_mean(losses)"),
    "without the weight decay": (DECAY, ""),
    "moves the weights without it": (STEP, "optimizer.minimize(tf.reduce_mean(losses), global_step)"),
    "for a network without weight decay or batch norm: ValueError": (
        DECAY,
        " + tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))",
    ),
}
ACCURACIES = {
    "among the images, not among the classes": ("axis=1", "axis=0"),
    "batch_accuracy is 1 whatever the probabilities are": ("tf.argmax(probabilities, axis=1)", "labels_ph"),
    "batch_accuracy holds float16": (HITS, HITS.replace("32", "16")),
    "with 3 of 5 images right, batch_accuracy is 0": ("argmax", "argmin"),
    "with 3 of 5 images right, batch_accuracy is 0.8": (
        HITS,
        "tf.cast(tf.nn.in_top_k(logits, labels_ph, 2), tf.float32)",
    ),
    "as a Python `bool` is not allowed.": (ACCURACY, "1.0 if is_right else 0.0"),
    "batch_accuracy is 5 numbers": (ACCURACY, HITS),
    "batch_accuracy is 3: the count of them": (ACCURACY, f"tf.reduce_sum({HITS})"),
    "the share in percent": (ACCURACY, f"100 * {ACCURACY}"),
    "that are wrong": ("tf.equal", "tf.not_equal"),
    "batch_accuracy holds int32": ("tf.cast(is_right, tf.float32)", "tf.cast(is_right, tf.int32)"),
    "tf.equal compares float32 with int64": (ARGMAX, "logits"),
    "tf.argmax is missing, and a score": [
        (ARGMAX, "tf.reduce_max(logits, axis=1)"),
        ("tf.cast(labels_ph, tf.int64)", "tf.cast(labels_ph, tf.float32)"),
    ],
    "3 of 5 images right, batch_accuracy is 0: tf.argmax": (ARGMAX, "tf.cast(tf.round(probabilities[:, 1]), tf.int64)"),
    "batch_accuracy is 0: tf.argmax is missing": (ARGMAX, "tf.cast(logits, tf.int64)"),
    "true and false": (ACCURACY, f"tf.reduce_mean(tf.equal({ARGMAX}, labels_ph))"),
    "batch_accuracy is a tuple of 2": (ACCURACY, f"tf.metrics.accuracy(labels_ph, {ARGMAX})"),
    "it needs a variable without a first value": (ACCURACY, f"tf.metrics.accuracy(labels_ph, {ARGMAX})[1]"),
}
STEPS = {
    "no gradient for any weight": (STEP, "optimizer.minimize(batch_accuracy, global_step)"),
    "takes global_step from 0 to 0": (STEP, "optimizer.minimize(batch_loss)"),
    "takes global_step from 0 to 2": (STEP, f"tf.group({STEP}, tf.assign_add(global_step, 1))"),
    "leaves layer1/weights and layer1/biases as they were": (
        STEP,
        "optimizer.minimize(batch_loss, global_step, var_list=tf.trainable_variables()[-2:])",
    ),
    "batch norm's moving average": (UPDATES, "with tf.name_scope('step'):"),
    "tf.control_dependencies is given a text": (
        "tf.get_collection(tf.GraphKeys.UPDATE_OPS)",
        "tf.GraphKeys.UPDATE_OPS",
    ),
    "train_op moves no weight: it is a list of 4": (STEP, "optimizer.compute_gradients(batch_loss)"),
    "so that the loss grows": (STEP, "optimizer.minimize(-batch_loss, global_step)"),
    "the gradient of a sum": (STEP, "optimizer.minimize(losses, global_step)"),
    "moves no weight: it is a list of 4, no": (STEP, "tf.gradients(batch_loss, tf.trainable_variables())"),
    "moves the weights 2 times as far": (STEP, "optimizer.minimize(2 * batch_loss, global_step)"),
    "one that your lines make themselves": """
        losses = head.per_example(labels_ph, logits)
        batch_loss = tf.reduce_mean(losses + tf.losses.get_regularization_loss())
        batch_accuracy = 1 - tf.reduce_mean(tf.to_float(tf.not_equal(tf.argmax(logits, -1), labels_ph)))
        variables = tf.trainable_variables()
        gradients = tf.gradients(batch_loss, variables)
        step = [tf.assign_sub(v, learning_rate * gradient) for v, gradient in zip(variables, gradients)]
        train_op = [step, tf.assign_add(global_step, 1), tf.get_collection(tf.GraphKeys.UPDATE_OPS)]
    """,
    "train_op is not a step of `optimizer`": (
        STEP,
        "tf.train.GradientDescentOptimizer(0.01).minimize(batch_loss, global_step)",
    ),
    "not a step of `optimizer`, but": (STEP, "tf.train.AdamOptimizer().minimize(batch_loss, global_step)"),
    "train_op is a function, not called": (STEP, "optimizer.minimize"),
}
MISTAKES = OBJECTIVE | ACCURACIES | STEPS
VARIANTS = {
    "TensorFlow's total loss": """
        losses = head.per_example(labels_ph, logits)
        mean = tf.losses.compute_weighted_loss(losses)
        batch_loss = tf.losses.get_total_loss()
        batch_accuracy = tf.reduce_mean(tf.cast(tf.nn.in_top_k(logits, labels_ph, 1), tf.float32))
        updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
        train_op = tf.group(optimizer.minimize(batch_loss, global_step=global_step), *updates)
    """,
    "gradients by hand": """
        losses = head.per_example(labels=labels_ph, logits=logits)
        decay = sum(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))
        batch_loss = tf.add(tf.reduce_sum(losses) / tf.cast(tf.size(losses), tf.float32), decay)
        correct = tf.equal(tf.argmax(probabilities, 1, output_type=tf.int32), tf.cast(labels_ph, tf.int32))
        batch_accuracy = tf.count_nonzero(correct, dtype=tf.float32) / tf.cast(tf.shape(logits)[0], tf.float32)
        gradients_and_variables = optimizer.compute_gradients(batch_loss)
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            train_op = optimizer.apply_gradients(gradients_and_variables, global_step)
    """,
    "a list of operations": """
        def share(answers):
            return tf.reduce_sum(tf.cast(answers, tf.int32)) / tf.size(labels_ph)

        losses = head.per_example(labels_ph, logits)
        batch_loss = tf.reduce_mean(losses + tf.losses.get_regularization_loss())
        batch_accuracy = 1 - share(tf.not_equal(tf.argmax(logits, -1), labels_ph))
        step = optimizer.minimize(batch_loss, tf.train.get_global_step())
        train_op = [step, tf.get_collection(tf.GraphKeys.UPDATE_OPS)]
    """,
}
