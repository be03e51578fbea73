"""Answers to blank 7."""

from support.answers import mistake, variant

LOSSES = "loss_of_each(labels_ph, logits)"
MEAN = "tf.reduce_mean(losses)"
DECAY = " + tf.losses.get_regularization_loss()"
HITS = "tf.cast(is_right, tf.float32)"
ACCURACY = f"tf.reduce_mean({HITS})"
ARGMAX = "tf.argmax(probabilities, axis=1)"
UPDATES = "with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):  # batch norm's moving averages"
STEP = "optimizer.minimize(batch_loss, global_step)"

OBJECTIVE = [
    mistake(
        7,
        "== between tensors",
        says="whatever the logits are",
        place_7=[
            (
                "tf.equal(tf.argmax(probabilities, axis=1), tf.cast(labels_ph, tf.int64))",
                "tf.argmax(logits, axis=1) == labels_ph",
            )
        ],
    ),
    mistake(
        7,
        "loss of probabilities",
        says="the loss if probabilities are taken for logits",
        place_7=[(LOSSES, "loss_of_each(labels_ph, probabilities)")],
    ),
    mistake(7, "logits before labels", says="in this order", place_7=[(LOSSES, "loss_of_each(logits, labels_ph)")]),
    mistake(7, "one loss for all", says="losses is a single number", place_7=[(LOSSES, f"tf.reduce_mean({LOSSES})")]),
    mistake(7, "decay in each loss", says="the weight decay is in it", place_7=[(LOSSES, LOSSES + DECAY)]),
    mistake(7, "the sum of the losses", says=", their sum", place_7=[(MEAN, "tf.reduce_sum(losses)")]),
    mistake(
        7,
        "a fixed batch size",
        says=", their sum divided by settings.batch_size",
        place_7=[(MEAN, "tf.reduce_sum(losses) / settings.batch_size")],
    ),
    mistake(
        7,
        "images for classes",
        says="with 8 images of 5 classes: ",
        place_7=[(LOSSES, "loss_of_each(labels_ph, tf.transpose(logits))")],
    ),
    mistake(7, "losses not reduced", says="batch_loss is 8 numbers", place_7=[(MEAN, "losses")]),
    mistake(7, "minus loss", says="their mean with a minus", place_7=[(MEAN, "-tf.reduce_mean(losses)")]),
    mistake(7, "weight decay left out", says="without the weight decay", place_7=[(DECAY, "")]),
    mistake(
        7,
        "weight decay shown but not minimized",
        says="moves the weights without it",
        place_7=[(STEP, "optimizer.minimize(tf.reduce_mean(losses), global_step)")],
    ),
    mistake(
        7,
        "weight decay that a plain network hasn't",
        says="for a network without weight decay or batch norm: ValueError",
        place_7=[(DECAY, " + tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))")],
    ),
]
ACCURACIES = [
    mistake(7, "the wrong axis", says="among the images, not among the classes", place_7=[("axis=1", "axis=0")]),
    mistake(7, "accuracy not a mean", says="batch_accuracy is 5 numbers", place_7=[(ACCURACY, HITS)]),
    mistake(
        7,
        "accuracy a count",
        says="batch_accuracy is 3: the count of them",
        place_7=[(ACCURACY, f"tf.reduce_sum({HITS})")],
    ),
    mistake(7, "accuracy in percent", says="the share in percent", place_7=[(ACCURACY, f"100 * {ACCURACY}")]),
    mistake(7, "the share of mistakes", says="that are wrong", place_7=[("tf.equal", "tf.not_equal")]),
    mistake(
        7,
        "accuracy of whole numbers",
        says="batch_accuracy holds int32",
        place_7=[("tf.cast(is_right, tf.float32)", "tf.cast(is_right, tf.int32)")],
    ),
    mistake(7, "logits compared", says="tf.equal is to compare float32 with int64", place_7=[(ARGMAX, "logits")]),
    mistake(
        7,
        "the largest logit compared",
        says="a score hardly ever equals a label",
        place_7=[
            (ARGMAX, "tf.reduce_max(logits, axis=1)"),
            ("tf.cast(labels_ph, tf.int64)", "tf.cast(labels_ph, tf.float32)"),
        ],
    ),
    mistake(
        7,
        "logits made whole and compared",
        says="batch_accuracy is 0: a score",
        place_7=[(ARGMAX, "tf.cast(logits, tf.int64)")],
    ),
    mistake(
        7,
        "the mean of true and false",
        says="true and false",
        place_7=[(ACCURACY, f"tf.reduce_mean(tf.equal({ARGMAX}, labels_ph))")],
    ),
    mistake(
        7,
        "tf.metrics",
        says="batch_accuracy is a tuple of 2",
        place_7=[(ACCURACY, f"tf.metrics.accuracy(labels_ph, {ARGMAX})")],
    ),
    mistake(
        7,
        "tf.metrics' value",
        says="it needs a variable without a first value",
        place_7=[(ACCURACY, f"tf.metrics.accuracy(labels_ph, {ARGMAX})[1]")],
    ),
]
STEPS = [
    mistake(
        7,
        "the accuracy minimized",
        says="no gradient for any weight",
        place_7=[(STEP, "optimizer.minimize(batch_accuracy, global_step)")],
    ),
    mistake(
        7,
        "global_step not counted",
        says="takes global_step from 0 to 0",
        place_7=[(STEP, "optimizer.minimize(batch_loss)")],
    ),
    mistake(
        7,
        "global_step counted twice",
        says="takes global_step from 0 to 2",
        place_7=[(STEP, f"tf.group({STEP}, tf.assign_add(global_step, 1))")],
    ),
    mistake(
        7,
        "only the last layer learns",
        says="leaves layer1/weights and layer1/biases as they were",
        place_7=[(STEP, "optimizer.minimize(batch_loss, global_step, var_list=tf.trainable_variables()[-2:])")],
    ),
    mistake(
        7,
        "batch norm forgotten",
        says="batch norm's moving average",
        place_7=[(UPDATES, "with tf.name_scope('step'):")],
    ),
    mistake(
        7,
        "the collection's name for its operations",
        says="tf.control_dependencies is given a text",
        place_7=[("tf.get_collection(tf.GraphKeys.UPDATE_OPS)", "tf.GraphKeys.UPDATE_OPS")],
    ),
    mistake(
        7,
        "gradients not applied",
        says="train_op moves no weight: it is a list of 4",
        place_7=[(STEP, "optimizer.compute_gradients(batch_loss)")],
    ),
    mistake(
        7,
        "the loss maximized",
        says="so that the loss grows",
        place_7=[(STEP, "optimizer.minimize(-batch_loss, global_step)")],
    ),
    mistake(
        7, "losses minimized", says="the gradient of a sum", place_7=[(STEP, "optimizer.minimize(losses, global_step)")]
    ),
    mistake(
        7,
        "another learning rate",
        says="0.02 times as far",
        place_7=[(STEP, "tf.train.GradientDescentOptimizer(0.01).minimize(batch_loss, global_step)")],
    ),
    mistake(
        7,
        "another optimizer",
        says="not along the gradient",
        place_7=[(STEP, "tf.train.AdamOptimizer().minimize(batch_loss, global_step)")],
    ),
    mistake(7, "a function, not called", says="train_op is a method", place_7=[(STEP, "optimizer.minimize")]),
]
MISTAKES = OBJECTIVE + ACCURACIES + STEPS
VARIANTS = [
    variant(
        7,
        "TensorFlow's own losses",
        place_7="""
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels_ph, logits=logits)
        mean = tf.losses.sparse_softmax_cross_entropy(labels_ph, logits)
        batch_loss = tf.losses.get_total_loss()
        batch_accuracy = tf.reduce_mean(tf.cast(tf.nn.in_top_k(logits, labels_ph, 1), tf.float32))
        updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
        train_op = tf.group(optimizer.minimize(batch_loss, global_step=global_step), *updates)
    """,
    ),
    variant(
        7,
        "gradients by hand",
        place_7="""
        losses = loss_of_each(labels=labels_ph, logits=logits)
        decay = sum(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))
        batch_loss = tf.add(tf.reduce_sum(losses) / tf.cast(tf.size(losses), tf.float32), decay)
        correct = tf.equal(tf.argmax(probabilities, 1, output_type=tf.int32), tf.cast(labels_ph, tf.int32))
        batch_accuracy = tf.count_nonzero(correct, dtype=tf.float32) / tf.cast(tf.shape(logits)[0], tf.float32)
        gradients_and_variables = optimizer.compute_gradients(batch_loss)
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            train_op = optimizer.apply_gradients(gradients_and_variables, global_step)
    """,
    ),
    variant(
        7,
        "a list of operations",
        place_7="""
        losses = tf.nn.softmax_cross_entropy_with_logits(labels=tf.one_hot(labels_ph, logits.shape[1]), logits=logits)
        batch_loss = tf.reduce_mean(losses + tf.losses.get_regularization_loss())
        batch_accuracy = 1 - tf.reduce_mean(tf.to_float(tf.not_equal(tf.argmax(logits, -1), labels_ph)))
        variables = tf.trainable_variables()
        gradients = tf.gradients(batch_loss, variables)
        with tf.control_dependencies(gradients):
            step = [tf.assign_sub(v, learning_rate * gradient) for v, gradient in zip(variables, gradients)]
        train_op = [step, tf.assign_add(global_step, 1), tf.get_collection(tf.GraphKeys.UPDATE_OPS)]
    """,
    ),
]
