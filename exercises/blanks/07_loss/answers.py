"""Answers to this blank."""

from exercises.answers import mistake, variant

LOSSES = "head.per_example(labels_ph, logits)"
MEAN = "tf.reduce_mean(losses)"
DECAY = " + tf.losses.get_regularization_loss()"
HITS = "tf.cast(is_right, tf.float32)"
ACCURACY = f"tf.reduce_mean({HITS})"
ARGMAX = "tf.argmax(probabilities, axis=1)"
UPDATES = "with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):  # batch norm's moving averages"
STEP = "optimizer.minimize(batch_loss, global_step)"

OBJECTIVE = [
    mistake(
        "== between tensors",
        says="whatever the logits are",
        lines=[
            (
                "tf.equal(tf.argmax(probabilities, axis=1), tf.cast(labels_ph, tf.int64))",
                "tf.argmax(logits, axis=1) == labels_ph",
            )
        ],
    ),
    mistake(
        "a loss of one's own",
        says="a softmax cross-entropy of your own",
        lines=[(LOSSES, "tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels_ph, logits=logits)")],
    ),
    mistake(
        "another loss",
        says="the loss of image 8 is 0.",
        lines=[(LOSSES, "tf.reduce_mean(tf.square(probabilities - tf.one_hot(labels_ph, data.num_classes)), axis=1)")],
    ),
    mistake(
        "one-hot of another depth",
        says="logits_size=[8,5] labels_size=[8,2]",
        lines=[(LOSSES, "tf.nn.softmax_cross_entropy_with_logits(labels=tf.one_hot(labels_ph, 2), logits=logits)")],
    ),
    mistake("a sum by Python", says="Iterating over a symbolic", lines=[(MEAN, "sum(losses) / len(losses)")]),
    mistake("the length by Python", says="not well defined", lines=[(MEAN, "tf.reduce_sum(losses) / len(losses)")]),
    mistake(
        "a loss of half the digits",
        says="batch_loss holds float16",
        lines=[
            (MEAN + DECAY, f"tf.cast({MEAN}{DECAY}, tf.float16)"),
            (STEP, f"optimizer.minimize({MEAN}{DECAY}, global_step)"),
        ],
    ),
    mistake(
        "the labels forgotten", says="per_example() missing 1 required", lines=[(LOSSES, "head.per_example(logits)")]
    ),
    mistake(
        "loss of probabilities",
        says="the loss if probabilities are taken for logits",
        lines=[(LOSSES, "head.per_example(labels_ph, probabilities)")],
    ),
    mistake("logits before labels", says="in this order", lines=[(LOSSES, "head.per_example(logits, labels_ph)")]),
    mistake("one loss for all", says="losses is a single number", lines=[(LOSSES, f"tf.reduce_mean({LOSSES})")]),
    mistake("decay in each loss", says="the weight decay is in it", lines=[(LOSSES, LOSSES + DECAY)]),
    mistake("the sum of the losses", says=", their sum", lines=[(MEAN, "tf.reduce_sum(losses)")]),
    mistake(
        "a fixed batch size",
        says=", their sum divided by settings.batch_size",
        lines=[(MEAN, "tf.reduce_sum(losses) / settings.batch_size")],
    ),
    mistake(
        "images for classes",
        says="with 8 images of 5 classes: ",
        lines=[(LOSSES, "head.per_example(labels_ph, tf.transpose(logits))")],
    ),
    mistake("losses not reduced", says="batch_loss is 8 numbers", lines=[(MEAN, "losses")]),
    mistake("minus loss", says="their mean with a minus", lines=[(MEAN, "-tf.reduce_mean(losses)")]),
    mistake("weight decay left out", says="without the weight decay", lines=[(DECAY, "")]),
    mistake(
        "weight decay shown but not minimized",
        says="moves the weights without it",
        lines=[(STEP, "optimizer.minimize(tf.reduce_mean(losses), global_step)")],
    ),
    mistake(
        "weight decay that a plain network hasn't",
        says="for a network without weight decay or batch norm: ValueError",
        lines=[(DECAY, " + tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))")],
    ),
]
ACCURACIES = [
    mistake("the wrong axis", says="among the images, not among the classes", lines=[("axis=1", "axis=0")]),
    mistake(
        "made from nothing",
        says="batch_accuracy is 1 whatever the logits are",
        lines=[("tf.argmax(probabilities, axis=1)", "labels_ph")],
    ),
    mistake(
        "accuracy of half the digits", says="batch_accuracy holds float16", lines=[(HITS, HITS.replace("32", "16"))]
    ),
    mistake("the least probable", says="with 3 of 5 images right, batch_accuracy is 0", lines=[("argmax", "argmin")]),
    mistake(
        "one of the two largest",
        says="with 3 of 5 images right, batch_accuracy is 0.8",
        lines=[(HITS, "tf.cast(tf.nn.in_top_k(logits, labels_ph, 2), tf.float32)")],
    ),
    mistake("Python's if", says="as a Python `bool` is not allowed.", lines=[(ACCURACY, "1.0 if is_right else 0.0")]),
    mistake("accuracy not a mean", says="batch_accuracy is 5 numbers", lines=[(ACCURACY, HITS)]),
    mistake(
        "accuracy a count",
        says="batch_accuracy is 3: the count of them",
        lines=[(ACCURACY, f"tf.reduce_sum({HITS})")],
    ),
    mistake("accuracy in percent", says="the share in percent", lines=[(ACCURACY, f"100 * {ACCURACY}")]),
    mistake("the share of mistakes", says="that are wrong", lines=[("tf.equal", "tf.not_equal")]),
    mistake(
        "accuracy of whole numbers",
        says="batch_accuracy holds int32",
        lines=[("tf.cast(is_right, tf.float32)", "tf.cast(is_right, tf.int32)")],
    ),
    mistake("logits compared", says="tf.equal compares float32 with int64", lines=[(ARGMAX, "logits")]),
    mistake(
        "the largest logit compared",
        says="tf.argmax is missing, and a score",
        lines=[
            (ARGMAX, "tf.reduce_max(logits, axis=1)"),
            ("tf.cast(labels_ph, tf.int64)", "tf.cast(labels_ph, tf.float32)"),
        ],
    ),
    mistake(
        "one class's probability rounded",
        says="3 of 5 images right, batch_accuracy is 0: tf.argmax",
        lines=[(ARGMAX, "tf.cast(tf.round(probabilities[:, 1]), tf.int64)")],
    ),
    mistake(
        "logits made whole and compared",
        says="batch_accuracy is 0: tf.argmax is missing",
        lines=[(ARGMAX, "tf.cast(logits, tf.int64)")],
    ),
    mistake(
        "the mean of true and false",
        says="true and false",
        lines=[(ACCURACY, f"tf.reduce_mean(tf.equal({ARGMAX}, labels_ph))")],
    ),
    mistake(
        "tf.metrics",
        says="batch_accuracy is a tuple of 2",
        lines=[(ACCURACY, f"tf.metrics.accuracy(labels_ph, {ARGMAX})")],
    ),
    mistake(
        "tf.metrics' value",
        says="it needs a variable without a first value",
        lines=[(ACCURACY, f"tf.metrics.accuracy(labels_ph, {ARGMAX})[1]")],
    ),
]
STEPS = [
    mistake(
        "the accuracy minimized",
        says="no gradient for any weight",
        lines=[(STEP, "optimizer.minimize(batch_accuracy, global_step)")],
    ),
    mistake(
        "global_step not counted",
        says="takes global_step from 0 to 0",
        lines=[(STEP, "optimizer.minimize(batch_loss)")],
    ),
    mistake(
        "global_step counted twice",
        says="takes global_step from 0 to 2",
        lines=[(STEP, f"tf.group({STEP}, tf.assign_add(global_step, 1))")],
    ),
    mistake(
        "only the last layer learns",
        says="leaves layer1/weights and layer1/biases as they were",
        lines=[(STEP, "optimizer.minimize(batch_loss, global_step, var_list=tf.trainable_variables()[-2:])")],
    ),
    mistake(
        "batch norm forgotten",
        says="batch norm's moving average",
        lines=[(UPDATES, "with tf.name_scope('step'):")],
    ),
    mistake(
        "the collection's name for its operations",
        says="tf.control_dependencies is given a text",
        lines=[("tf.get_collection(tf.GraphKeys.UPDATE_OPS)", "tf.GraphKeys.UPDATE_OPS")],
    ),
    mistake(
        "gradients not applied",
        says="train_op moves no weight: it is a list of 4",
        lines=[(STEP, "optimizer.compute_gradients(batch_loss)")],
    ),
    mistake(
        "the loss maximized",
        says="so that the loss grows",
        lines=[(STEP, "optimizer.minimize(-batch_loss, global_step)")],
    ),
    mistake(
        "losses minimized", says="the gradient of a sum", lines=[(STEP, "optimizer.minimize(losses, global_step)")]
    ),
    mistake(
        "only a list of gradients",
        says="moves no weight: it is a list of 4, no",
        lines=[(STEP, "tf.gradients(batch_loss, tf.trainable_variables())")],
    ),
    mistake(
        "twice as far",
        says="moves the weights 2 times as far",
        lines=[(STEP, "optimizer.minimize(2 * batch_loss, global_step)")],
    ),
    mistake(
        "a step by hand",
        says="one that your lines make themselves",
        lines="""
        losses = head.per_example(labels_ph, logits)
        batch_loss = tf.reduce_mean(losses + tf.losses.get_regularization_loss())
        batch_accuracy = 1 - tf.reduce_mean(tf.to_float(tf.not_equal(tf.argmax(logits, -1), labels_ph)))
        variables = tf.trainable_variables()
        gradients = tf.gradients(batch_loss, variables)
        step = [tf.assign_sub(v, learning_rate * gradient) for v, gradient in zip(variables, gradients)]
        train_op = [step, tf.assign_add(global_step, 1), tf.get_collection(tf.GraphKeys.UPDATE_OPS)]
    """,
    ),
    mistake(
        "another learning rate",
        says="train_op is not a step of `optimizer`",
        lines=[(STEP, "tf.train.GradientDescentOptimizer(0.01).minimize(batch_loss, global_step)")],
    ),
    mistake(
        "another optimizer",
        says="not a step of `optimizer`, but",
        lines=[(STEP, "tf.train.AdamOptimizer().minimize(batch_loss, global_step)")],
    ),
    mistake("a function, not called", says="train_op is a function, not called", lines=[(STEP, "optimizer.minimize")]),
]
MISTAKES = OBJECTIVE + ACCURACIES + STEPS
VARIANTS = [
    variant(
        "TensorFlow's total loss",
        lines="""
        losses = head.per_example(labels_ph, logits)
        mean = tf.losses.compute_weighted_loss(losses)
        batch_loss = tf.losses.get_total_loss()
        batch_accuracy = tf.reduce_mean(tf.cast(tf.nn.in_top_k(logits, labels_ph, 1), tf.float32))
        updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
        train_op = tf.group(optimizer.minimize(batch_loss, global_step=global_step), *updates)
    """,
    ),
    variant(
        "gradients by hand",
        lines="""
        losses = head.per_example(labels=labels_ph, logits=logits)
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
        "a list of operations",
        lines="""
        def share(answers):
            return tf.reduce_sum(tf.cast(answers, tf.int32)) / tf.size(labels_ph)

        losses = head.per_example(labels_ph, logits)
        batch_loss = tf.reduce_mean(losses + tf.losses.get_regularization_loss())
        batch_accuracy = 1 - share(tf.not_equal(tf.argmax(logits, -1), labels_ph))
        step = optimizer.minimize(batch_loss, tf.train.get_global_step())
        train_op = [step, tf.get_collection(tf.GraphKeys.UPDATE_OPS)]
    """,
    ),
]
