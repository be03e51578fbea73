"""Answers to this blank."""

SHUFFLE = "training = lines.shuffle(min(data.num_training, data.most_shuffled), seed=settings.seed)\n"
START = "training = lines\n"
MAP = "training = training.map(data.parse, num_parallel_calls=tf.data.AUTOTUNE)\n"
BATCH = "training = training.batch(settings.batch_size)\n"
REPEAT = "training = training.repeat(settings.epochs)\n"

MISTAKES = {
    "your lines call a function that has a blank of its own": (
        "lines.shuffle(",
        "dlho2018.read_lines(data, 1).shuffle(",
    ),
    # ---- what an element is
    "no data set is called training": "lines.shuffle(100).map(data.parse).batch(32).repeat(10)",
    "isn't kept under that name": "dataset = lines.shuffle(100).map(data.parse)",
    "training is a": SHUFFLE + MAP + BATCH + "training = tf.data.make_one_shot_iterator(training)",
    "training holds lines of text": SHUFFLE + BATCH + REPEAT,
    "data.parse is given a batch of lines": SHUFFLE + BATCH + MAP + REPEAT,
    "data.parse is called with the whole data set": SHUFFLE + "training = training.map(data.parse(training))",
    "parse is given a batch": SHUFFLE
    + BATCH
    + "training = training.map(lambda numbers, texts: data.parse(numbers, texts))",
    "data.parse is given only the line's number": ("data.parse,", "lambda number, line: data.parse(number),"),
    "data.parse is given only the line": ("data.parse,", "lambda number, line: data.parse(line),"),
    "data.parse is given the line before its number": ("data.parse,", "lambda number, line: data.parse(line, number),"),
    "takes 1 positional argument but 2 were given": ("data.parse,", "lambda pair: data.parse(*pair),"),
    "training holds images one by one": SHUFFLE + MAP + REPEAT,
    "has images of the shape (?, ?, 2, 4, 3)": SHUFFLE + MAP + BATCH + BATCH + REPEAT,
    "the images are float32": SHUFFLE
    + MAP
    + "training = training.map(lambda image, label: (tf.cast(image, tf.float32) / 255.0, label))\n"
    + BATCH
    + REPEAT,
    "holds 32 images where settings.batch_size is 24": ("settings.batch_size", "32"),
    "have another image's label": START
    + MAP
    + """\
images = training.map(lambda image, label: image).shuffle(data.num_training)
labels = training.map(lambda image, label: label).shuffle(data.num_training)
training = tf.data.Dataset.zip((images, labels))
"""
    + BATCH
    + REPEAT,
    # ---- shuffled
    "nothing shuffles the images: the order is that of the file": START + MAP + BATCH + REPEAT,
    "the shuffled data set isn't used": SHUFFLE.replace("training = ", "") + START + MAP + BATCH + REPEAT,
    "the shuffle buffer has room for 1 of": ("min(data.num_training, data.most_shuffled)", "1"),
    "the shuffle buffer has room for 1,000 of": ("min(data.num_training, data.most_shuffled)", "1000"),
    "the shuffle buffer has room for 10,000 of": ("min(data.num_training, data.most_shuffled)", "10_000"),
    "the shuffle buffer has room for 24 of": ("min(data.num_training, data.most_shuffled)", "settings.batch_size"),
    "the batches are shuffled, the images in them aren't": START
    + MAP
    + BATCH
    + SHUFFLE.replace("lines", "training")
    + REPEAT,
    "images that follow one another": START + MAP + BATCH + "training = training.shuffle(100)\n" + REPEAT,
    # ---- epochs
    "4 of the 60 images are left out: all batches hold 8": (
        "settings.batch_size",
        "settings.batch_size, drop_remainder=True",
    ),
    "the epochs mix": START + REPEAT + SHUFFLE.replace("lines", "training") + MAP + BATCH,
    "batch 8 holds the last 4 images of an epoch and 4 of the next": SHUFFLE + MAP + REPEAT + BATCH,
    "training ends after 48 of the 60 images": SHUFFLE
    + MAP
    + "training = training.take(data.num_training * 4 // 5)\n"
    + BATCH,
    "take keeps only 100, however large": ("(settings.epochs)", "(settings.epochs).take(100)"),
    "take keeps only 3,": ("(settings.batch_size)", "(settings.batch_size).take(3)"),
    "take keeps only 500,": ("lines.shuffle", "lines.take(500).shuffle"),
    "take keeps only 20,000,": ("lines.shuffle", "lines.take(20_000).shuffle"),
    "skip leaves out the first 1,": ("lines.shuffle", "lines.skip(1).shuffle"),
    "shard keeps one of 2,": ("lines.shuffle", "lines.shard(2, 0).shuffle"),
    "training ends after 7 epochs": ("(settings.epochs)", "(settings.epochs).take(data.num_training)"),
    "a filter chooses among the images": SHUFFLE
    + MAP
    + "training = training.filter(lambda image, label: tf.equal(label, 0))\n"
    + BATCH
    + REPEAT,
    "room for 20,000 images, however many there are": ("min(data.num_training, data.most_shuffled)", "20_000"),
    "the images are uint8 and the labels int32": SHUFFLE
    + MAP
    + "training = training.map(lambda image, label: (image, tf.cast(label, tf.int32)))\n"
    + BATCH
    + REPEAT,
    "the graph calls a function of Python": SHUFFLE
    + MAP
    + "training = training.map(lambda i, l: (tf.py_func(lambda x: x[::-1], [i], tf.uint8), l))\n"
    + BATCH
    + REPEAT,
    "the images have other pixels than before": SHUFFLE
    + MAP
    + "training = training.map(lambda i, l: (tf.image.random_flip_left_right(i), l))\n"
    + BATCH
    + REPEAT,
    "only supports Python-style iteration": "training = [data.parse(number, line) for number, line in lines]",
    "a data set has no attribute 'fit'": SHUFFLE + MAP + "training.fit()",
    "the first batch holds 2 images": ("(settings.batch_size)", "(settings.epochs)"),
    "training is a tuple of 1": ("(settings.epochs)", "(settings.epochs),"),
    "training ends after 1 epoch": (REPEAT.strip(), ""),
    "the repeated data set isn't used": ("training = training.repeat", "training.repeat"),
    "training never ends": ("repeat(settings.epochs)", "repeat()"),
    "after 9 epochs, training goes on": ("settings.epochs", "10"),
    "has the same order: the images are kept after they were shuffled": SHUFFLE
    + MAP
    + "training = training.cache()\n"
    + BATCH
    + REPEAT,
    "another seed in each run": ("settings.seed", "__import__('random').randrange(10**6)"),
    "every epoch has the same order": ("seed=settings.seed", "reshuffle_each_iteration=False"),
}
VARIANTS = {
    "parsed and batched in parallel, kept before the shuffle, options": """
        def parse(number, line):
            image, label = data.parse(number, line)
            return image, label

        options = tf.data.Options()
        options.deterministic = True
        training = lines.map(parse, num_parallel_calls=4).cache().shuffle(data.num_training, seed=None)
        training = training.batch(settings.batch_size, num_parallel_calls=2).with_options(options)
        training = training.repeat(count=settings.epochs).prefetch(tf.data.AUTOTUNE)
    """,
    "as many as there are": SHUFFLE
    + "training = training.take(data.num_training)\n"
    + MAP
    + BATCH
    + "steps = -(-data.num_training // settings.batch_size)\n"
    + "training = training.repeat().take(settings.epochs * steps).take(-1)\n",
    "map, then shuffle": START + MAP + "training = training.shuffle(data.num_training)\n" + BATCH + REPEAT,
    "one chain with a larger buffer": """
        training = (
            lines.shuffle(buffer_size=data.most_shuffled)
            .map(lambda number, line: data.parse(number, line))
            .batch(settings.batch_size)
            .repeat(settings.epochs)
            .prefetch(1)
        )
    """,
    "each line of a batch parsed": SHUFFLE
    + BATCH
    + "kinds = (tf.uint8, tf.int64)\n"
    + "training = training.map(lambda *pairs: tf.map_fn(lambda pair: data.parse(*pair), pairs, kinds))\n"
    + REPEAT,
    "an epoch after another": """
        epoch = lines.shuffle(data.num_training).map(data.parse).batch(settings.batch_size)
        training = tf.data.Dataset.range(settings.epochs).flat_map(lambda number: epoch)
    """,
    "another seed and a buffer of one more": "training = lines.shuffle(data.num_training + 1, 7, True)\n"
    + MAP
    + "training = training.batch(batch_size=settings.batch_size, drop_remainder=False)\n"
    + REPEAT,
}
