"""Answers to blank 4: lines, shuffled, in batches, for all epochs."""

from support.answers import mistake, variant

SHUFFLE = "training = training.shuffle(min(records.num_training, records.most_shuffled), seed=settings.seed)\n"
MAP = "training = training.map(parse, num_parallel_calls=tf.data.AUTOTUNE)\n"
BATCH = "training = training.batch(settings.batch_size)\n"
REPEAT = "training = training.repeat(settings.epochs)\n"

MISTAKES = [
    mistake(
        4,
        "a function that has a blank of its own",
        says="your lines call a function whose own blank",
        place_4=[("training.map(parse,", "training.map(lambda line: iterate(training),")],
    ),
    # ---- 4: what an element is
    mistake(
        4,
        "nothing kept",
        says="training is the same as before",
        place_4="training.shuffle(100).map(parse).batch(32).repeat(10)",
    ),
    mistake(4, "another name", says="isn't kept under that name", place_4="dataset = training.shuffle(100).map(parse)"),
    mistake(
        4,
        "an iterator",
        says="training is a",
        place_4=SHUFFLE + MAP + BATCH + "training = tf.data.make_one_shot_iterator(training)",
    ),
    mistake(4, "map forgotten", says="training holds lines of text", place_4=SHUFFLE + BATCH + REPEAT),
    mistake(4, "map after batch", says="parse is given a batch of lines", place_4=SHUFFLE + BATCH + MAP + REPEAT),
    mistake(
        4,
        "parse called",
        says="parse is called with the whole data set",
        place_4=SHUFFLE + "training = training.map(parse(training))",
    ),
    mistake(
        4,
        "map of a lambda after batch",
        says="parse is given a batch",
        place_4=SHUFFLE + BATCH + "training = training.map(lambda lines: parse(lines))",
    ),
    mistake(4, "batch forgotten", says="training holds images one by one", place_4=SHUFFLE + MAP + REPEAT),
    mistake(
        4,
        "batches of batches",
        says="has images of the shape (?, ?, 2, 4, 3)",
        place_4=SHUFFLE + MAP + BATCH + BATCH + REPEAT,
    ),
    mistake(
        4,
        "scaled too early",
        says="the images are float32",
        place_4=SHUFFLE
        + MAP
        + "training = training.map(lambda image, label: (tf.cast(image, tf.float32) / 255.0, label))\n"
        + BATCH
        + REPEAT,
    ),
    mistake(
        4,
        "batches of 32, whatever is set",
        says="holds 32 images where settings.batch_size is 24",
        place_4=[("settings.batch_size", "32")],
    ),
    mistake(
        4,
        "images and labels shuffled apart",
        says="have another image's label",
        place_4=MAP
        + """\
images = training.map(lambda image, label: image).shuffle(records.num_training)
labels = training.map(lambda image, label: label).shuffle(records.num_training)
training = tf.data.Dataset.zip((images, labels))
"""
        + BATCH
        + REPEAT,
    ),
    # ---- 4: shuffled
    mistake(
        4,
        "shuffle missing",
        says="nothing shuffles the images: the order is that of the file",
        place_4=MAP + BATCH + REPEAT,
    ),
    mistake(
        4,
        "shuffle thrown away",
        says="the shuffled data set isn't used",
        place_4=SHUFFLE.replace("training = ", "") + MAP + BATCH + REPEAT,
    ),
    mistake(
        4,
        "a shuffle buffer of 1",
        says="the shuffle buffer has room for 1 of",
        place_4=[("min(records.num_training, records.most_shuffled)", "1")],
    ),
    mistake(
        4,
        "a shuffle buffer of 1,000",
        says="the shuffle buffer has room for 1,000 of",
        place_4=[("min(records.num_training, records.most_shuffled)", "1000")],
    ),
    mistake(
        4,
        "a shuffle buffer of 10,000",
        says="the shuffle buffer has room for 10,000 of",
        place_4=[("min(records.num_training, records.most_shuffled)", "10_000")],
    ),
    mistake(
        4,
        "a shuffle buffer of a batch",
        says="the shuffle buffer has room for 24 of",
        place_4=[("min(records.num_training, records.most_shuffled)", "settings.batch_size")],
    ),
    mistake(
        4,
        "batch before shuffle",
        says="the batches are shuffled, the images in them aren't",
        place_4=MAP + BATCH + SHUFFLE + REPEAT,
    ),
    mistake(
        4,
        "batch before a small shuffle",
        says="images that follow one another",
        place_4=MAP + BATCH + "training = training.shuffle(100)\n" + REPEAT,
    ),
    # ---- 4: epochs
    mistake(
        4,
        "the rest dropped",
        says="4 of the 60 images are left out: all batches hold 8",
        place_4=[("settings.batch_size", "settings.batch_size, drop_remainder=True")],
    ),
    mistake(4, "repeat before shuffle", says="the epochs mix", place_4=REPEAT + SHUFFLE + MAP + BATCH),
    mistake(
        4,
        "repeat before batch",
        says="batch 8 holds the last 4 images of an epoch and 4 of the next",
        place_4=SHUFFLE + MAP + REPEAT + BATCH,
    ),
    mistake(
        4,
        "some left out",
        says="training ends after 48 of the 60 images",
        place_4=SHUFFLE + MAP + "training = training.take(records.num_training * 4 // 5)\n" + BATCH,
    ),
    mistake(4, "repeat missing", says="training ends after 1 epoch", place_4=[(REPEAT.strip(), "")]),
    mistake(
        4,
        "repeat thrown away",
        says="the repeated data set isn't used",
        place_4=[("training = training.repeat", "training.repeat")],
    ),
    mistake(4, "repeat without a count", says="training never ends", place_4=[("repeat(settings.epochs)", "repeat()")]),
    mistake(
        4, "10 epochs, whatever is set", says="after 3 epochs, training goes on", place_4=[("settings.epochs", "10")]
    ),
    mistake(
        4,
        "shuffled, then kept",
        says="has the same order: the images are kept after they were shuffled",
        place_4=SHUFFLE + MAP + "training = training.cache()\n" + BATCH + REPEAT,
    ),
    mistake(
        4,
        "the same order in every epoch",
        says="every epoch has the same order",
        place_4=[("seed=settings.seed", "reshuffle_each_iteration=False")],
    ),
]
VARIANTS = [
    variant(
        4, "map, then shuffle", place_4=MAP + "training = training.shuffle(records.num_training)\n" + BATCH + REPEAT
    ),
    variant(
        4,
        "one chain with a larger buffer",
        place_4="""
        training = (
            training.shuffle(buffer_size=records.most_shuffled)
            .map(lambda line: parse(line))
            .batch(settings.batch_size)
            .repeat(settings.epochs)
            .prefetch(1)
        )
    """,
    ),
    variant(
        4,
        "each line of a batch parsed",
        place_4=SHUFFLE
        + BATCH
        + "training = training.map(lambda lines: tf.map_fn(parse, lines, dtype=(tf.uint8, tf.int64)))\n"
        + REPEAT,
    ),
    variant(
        4,
        "an epoch after another",
        place_4="""
        epoch = training.shuffle(records.num_training).map(parse).batch(settings.batch_size)
        training = tf.data.Dataset.range(settings.epochs).flat_map(lambda number: epoch)
    """,
    ),
    variant(
        4,
        "another seed and a buffer of one more",
        place_4="training = training.shuffle(records.num_training + 1, 7, True)\n"
        + MAP
        + "training = training.batch(batch_size=settings.batch_size, drop_remainder=False)\n"
        + REPEAT,
    ),
]
