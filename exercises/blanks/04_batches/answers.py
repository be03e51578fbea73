"""Answers to this blank."""

from exercises.answers import mistake, variant

SHUFFLE = "training = lines.shuffle(min(data.num_training, data.most_shuffled), seed=settings.seed)\n"
START = "training = lines\n"
MAP = "training = training.map(data.parse, num_parallel_calls=tf.data.AUTOTUNE)\n"
BATCH = "training = training.batch(settings.batch_size)\n"
REPEAT = "training = training.repeat(settings.epochs)\n"

MISTAKES = [
    mistake(
        "a function that has a blank of its own",
        says="your lines call a function that has a blank of its own",
        lines=[("lines.shuffle(", "dlho2018.read_lines(data, 1).shuffle(")],
    ),
    # ---- what an element is
    mistake(
        "nothing kept",
        says="no data set is called training",
        lines="lines.shuffle(100).map(data.parse).batch(32).repeat(10)",
    ),
    mistake("another name", says="isn't kept under that name", lines="dataset = lines.shuffle(100).map(data.parse)"),
    mistake(
        "an iterator",
        says="training is a",
        lines=SHUFFLE + MAP + BATCH + "training = tf.data.make_one_shot_iterator(training)",
    ),
    mistake("map forgotten", says="training holds lines of text", lines=SHUFFLE + BATCH + REPEAT),
    mistake("map after batch", says="data.parse is given a batch of lines", lines=SHUFFLE + BATCH + MAP + REPEAT),
    mistake(
        "parse called",
        says="data.parse is called with the whole data set",
        lines=SHUFFLE + "training = training.map(data.parse(training))",
    ),
    mistake(
        "map of a lambda after batch",
        says="parse is given a batch",
        lines=SHUFFLE + BATCH + "training = training.map(lambda numbers, texts: data.parse(numbers, texts))",
    ),
    mistake(
        "parse of the number",
        says="data.parse is given only the line's number",
        lines=[("data.parse,", "lambda number, line: data.parse(number),")],
    ),
    mistake(
        "parse of the line",
        says="data.parse is given only the line",
        lines=[("data.parse,", "lambda number, line: data.parse(line),")],
    ),
    mistake(
        "the line before its number",
        says="data.parse is given the line before its number",
        lines=[("data.parse,", "lambda number, line: data.parse(line, number),")],
    ),
    mistake(
        "a pair in one argument",
        says="takes 1 positional argument but 2 were given",
        lines=[("data.parse,", "lambda pair: data.parse(*pair),")],
    ),
    mistake("batch forgotten", says="training holds images one by one", lines=SHUFFLE + MAP + REPEAT),
    mistake(
        "batches of batches",
        says="has images of the shape (?, ?, 2, 4, 3)",
        lines=SHUFFLE + MAP + BATCH + BATCH + REPEAT,
    ),
    mistake(
        "scaled too early",
        says="the images are float32",
        lines=SHUFFLE
        + MAP
        + "training = training.map(lambda image, label: (tf.cast(image, tf.float32) / 255.0, label))\n"
        + BATCH
        + REPEAT,
    ),
    mistake(
        "batches of 32, whatever is set",
        says="holds 32 images where settings.batch_size is 24",
        lines=[("settings.batch_size", "32")],
    ),
    mistake(
        "images and labels shuffled apart",
        says="have another image's label",
        lines=START
        + MAP
        + """\
images = training.map(lambda image, label: image).shuffle(data.num_training)
labels = training.map(lambda image, label: label).shuffle(data.num_training)
training = tf.data.Dataset.zip((images, labels))
"""
        + BATCH
        + REPEAT,
    ),
    # ---- shuffled
    mistake(
        "shuffle missing",
        says="nothing shuffles the images: the order is that of the file",
        lines=START + MAP + BATCH + REPEAT,
    ),
    mistake(
        "shuffle thrown away",
        says="the shuffled data set isn't used",
        lines=SHUFFLE.replace("training = ", "") + START + MAP + BATCH + REPEAT,
    ),
    mistake(
        "a shuffle buffer of 1",
        says="the shuffle buffer has room for 1 of",
        lines=[("min(data.num_training, data.most_shuffled)", "1")],
    ),
    mistake(
        "a shuffle buffer of 1,000",
        says="the shuffle buffer has room for 1,000 of",
        lines=[("min(data.num_training, data.most_shuffled)", "1000")],
    ),
    mistake(
        "a shuffle buffer of 10,000",
        says="the shuffle buffer has room for 10,000 of",
        lines=[("min(data.num_training, data.most_shuffled)", "10_000")],
    ),
    mistake(
        "a shuffle buffer of a batch",
        says="the shuffle buffer has room for 24 of",
        lines=[("min(data.num_training, data.most_shuffled)", "settings.batch_size")],
    ),
    mistake(
        "batch before shuffle",
        says="the batches are shuffled, the images in them aren't",
        lines=START + MAP + BATCH + SHUFFLE.replace("lines", "training") + REPEAT,
    ),
    mistake(
        "batch before a small shuffle",
        says="images that follow one another",
        lines=START + MAP + BATCH + "training = training.shuffle(100)\n" + REPEAT,
    ),
    # ---- epochs
    mistake(
        "the rest dropped",
        says="4 of the 60 images are left out: all batches hold 8",
        lines=[("settings.batch_size", "settings.batch_size, drop_remainder=True")],
    ),
    mistake(
        "repeat before shuffle",
        says="the epochs mix",
        lines=START + REPEAT + SHUFFLE.replace("lines", "training") + MAP + BATCH,
    ),
    mistake(
        "repeat before batch",
        says="batch 8 holds the last 4 images of an epoch and 4 of the next",
        lines=SHUFFLE + MAP + REPEAT + BATCH,
    ),
    mistake(
        "some left out",
        says="training ends after 48 of the 60 images",
        lines=SHUFFLE + MAP + "training = training.take(data.num_training * 4 // 5)\n" + BATCH,
    ),
    mistake(
        "a hundred batches",
        says="take keeps only 100, however large",
        lines=[("(settings.epochs)", "(settings.epochs).take(100)")],
    ),
    mistake(
        "three batches of each epoch",
        says="take keeps only 3,",
        lines=[("(settings.batch_size)", "(settings.batch_size).take(3)")],
    ),
    mistake("500 lines", says="take keeps only 500,", lines=[("lines.shuffle", "lines.take(500).shuffle")]),
    mistake("20,000 lines", says="take keeps only 20,000,", lines=[("lines.shuffle", "lines.take(20_000).shuffle")]),
    mistake("a line skipped", says="skip leaves out the first 1,", lines=[("lines.shuffle", "lines.skip(1).shuffle")]),
    mistake("every second line", says="shard keeps one of 2,", lines=[("lines.shuffle", "lines.shard(2, 0).shuffle")]),
    mistake(
        "batches for images",
        says="training ends after 7 epochs",
        lines=[("(settings.epochs)", "(settings.epochs).take(data.num_training)")],
    ),
    mistake(
        "one class",
        says="a filter chooses among the images",
        lines=SHUFFLE + MAP + "training = training.filter(lambda image, label: tf.equal(label, 0))\n" + BATCH + REPEAT,
    ),
    mistake(
        "a shuffle buffer of 20,000",
        says="room for 20,000 images, however many there are",
        lines=[("min(data.num_training, data.most_shuffled)", "20_000")],
    ),
    mistake(
        "labels as int32",
        says="the images are uint8 and the labels int32",
        lines=SHUFFLE
        + MAP
        + "training = training.map(lambda image, label: (image, tf.cast(label, tf.int32)))\n"
        + BATCH
        + REPEAT,
    ),
    mistake(
        "flipped by Python",
        says="the graph calls a function of Python",
        lines=SHUFFLE
        + MAP
        + "training = training.map(lambda i, l: (tf.py_func(lambda x: x[::-1], [i], tf.uint8), l))\n"
        + BATCH
        + REPEAT,
    ),
    mistake(
        "mirrored by chance",
        says="the images have other pixels than before",
        lines=SHUFFLE
        + MAP
        + "training = training.map(lambda i, l: (tf.image.random_flip_left_right(i), l))\n"
        + BATCH
        + REPEAT,
    ),
    mistake(
        "Python's for over the lines",
        says="only supports Python-style iteration",
        lines="training = [data.parse(number, line) for number, line in lines]",
    ),
    mistake("as Keras does it", says="a data set has no attribute 'fit'", lines=SHUFFLE + MAP + "training.fit()"),
    mistake(
        "epochs for a batch",
        says="the first batch holds 2 images",
        lines=[("(settings.batch_size)", "(settings.epochs)")],
    ),
    mistake("a tuple", says="training is a tuple of 1", lines=[("(settings.epochs)", "(settings.epochs),")]),
    mistake("repeat missing", says="training ends after 1 epoch", lines=[(REPEAT.strip(), "")]),
    mistake(
        "repeat thrown away",
        says="the repeated data set isn't used",
        lines=[("training = training.repeat", "training.repeat")],
    ),
    mistake("repeat without a count", says="training never ends", lines=[("repeat(settings.epochs)", "repeat()")]),
    mistake("10 epochs, whatever is set", says="after 9 epochs, training goes on", lines=[("settings.epochs", "10")]),
    mistake(
        "shuffled, then kept",
        says="has the same order: the images are kept after they were shuffled",
        lines=SHUFFLE + MAP + "training = training.cache()\n" + BATCH + REPEAT,
    ),
    mistake(
        "the same order in every epoch",
        says="every epoch has the same order",
        lines=[("seed=settings.seed", "reshuffle_each_iteration=False")],
    ),
]
VARIANTS = [
    variant(
        "parsed and batched in parallel, kept before the shuffle, options",
        lines="""
        def parse(number, line):
            image, label = data.parse(number, line)
            return image, label

        options = tf.data.Options()
        options.deterministic = True
        training = lines.map(parse, num_parallel_calls=4).cache().shuffle(data.num_training, seed=None)
        training = training.batch(settings.batch_size, num_parallel_calls=2).with_options(options)
        training = training.repeat(count=settings.epochs).prefetch(tf.data.AUTOTUNE)
    """,
    ),
    variant(
        "as many as there are",
        lines=SHUFFLE
        + "training = training.take(data.num_training)\n"
        + MAP
        + BATCH
        + "steps = -(-data.num_training // settings.batch_size)\n"
        + "training = training.repeat().take(settings.epochs * steps).take(-1)\n",
    ),
    variant(
        "map, then shuffle", lines=START + MAP + "training = training.shuffle(data.num_training)\n" + BATCH + REPEAT
    ),
    variant(
        "one chain with a larger buffer",
        lines="""
        training = (
            lines.shuffle(buffer_size=data.most_shuffled)
            .map(lambda number, line: data.parse(number, line))
            .batch(settings.batch_size)
            .repeat(settings.epochs)
            .prefetch(1)
        )
    """,
    ),
    variant(
        "each line of a batch parsed",
        lines=SHUFFLE
        + BATCH
        + "kinds = (tf.uint8, tf.int64)\n"
        + "training = training.map(lambda *pairs: tf.map_fn(lambda pair: data.parse(*pair), pairs, kinds))\n"
        + REPEAT,
    ),
    variant(
        "an epoch after another",
        lines="""
        epoch = lines.shuffle(data.num_training).map(data.parse).batch(settings.batch_size)
        training = tf.data.Dataset.range(settings.epochs).flat_map(lambda number: epoch)
    """,
    ),
    variant(
        "another seed and a buffer of one more",
        lines="training = lines.shuffle(data.num_training + 1, 7, True)\n"
        + MAP
        + "training = training.batch(batch_size=settings.batch_size, drop_remainder=False)\n"
        + REPEAT,
    ),
]
