"""Answers to this blank."""

from exercises.answers import mistake, variant

SHUFFLE = "training = training.shuffle(min(data.num_training, data.most_shuffled), seed=settings.seed)\n"
BATCH = "training = training.batch(settings.batch_size)\n"
REPEAT = "training = training.repeat(settings.epochs)\n"
ARRAYS = """\
images_in_memory = tf.placeholder(images.dtype, images.shape)
labels_in_memory = tf.placeholder(labels.dtype, labels.shape)
fed_arrays = {images_in_memory: images, labels_in_memory: labels}
"""
SLICES = "training = tf.data.Dataset.from_tensor_slices((images_in_memory, labels_in_memory))\n"
APART = """\
parts = [tf.data.Dataset.from_tensor_slices(part).shuffle(data.num_training) for part in {parts}]
training = tf.data.Dataset.zip(tuple(parts))
"""

MISTAKES = [
    mistake(
        "parsed again",
        says="the images are decoded already",
        lines=ARRAYS + SLICES + SHUFFLE + "training = training.map(data.parse)\n" + BATCH + REPEAT,
    ),
    mistake(
        "a generator of Python's",
        says="the graph calls a function of Python",
        lines="""
        kinds, shapes = (tf.uint8, tf.int64), (images.shape[1:], ())
        training = tf.data.Dataset.from_generator(lambda: zip(images, labels), kinds, shapes)
        training = training.shuffle(data.num_training).batch(settings.batch_size).repeat(settings.epochs)
        fed_arrays = {}
    """,
    ),
    mistake(
        "500 images",
        says="cut at 500, however",
        lines="images, labels = images[:500], labels[:500]\n" + ARRAYS + SLICES + SHUFFLE + BATCH + REPEAT,
    ),
    mistake(
        "50,000 images",
        says="cut at 50,000, however",
        lines="images, labels = images[:50_000], labels[:50_000]\n" + ARRAYS + SLICES + SHUFFLE + BATCH + REPEAT,
    ),
    mistake(
        "a hundred batches", says="take keeps only 100,", lines=[("(settings.epochs)", "(settings.epochs).take(100)")]
    ),
    mistake("labels as int32", says="the labels int32", lines=[("labels.dtype", "tf.int32")]),
    mistake(
        "shuffled once, by NumPy",
        says="every epoch has the same order",
        lines="order = np.random.permutation(len(images))\nimages, labels = images[order], labels[order]\n"
        + ARRAYS
        + SLICES
        + BATCH
        + REPEAT,
    ),
    mistake("no data set made", says="no data set is called training", lines=ARRAYS),
    mistake("all in one element", says="all images at once", lines=[("from_tensor_slices", "from_tensors")]),
    mistake("nothing fed", says="there is no fed_arrays", lines=[("fed_arrays = {images", "fed = {images")]),
    mistake("an empty dict", says="fed_arrays is empty", lines=ARRAYS + "fed_arrays = {}\n" + SLICES),
    mistake(
        "only images fed",
        says="fed_arrays lacks the placeholder 'Placeholder_1'",
        lines=[(", labels_in_memory: labels}", "}")],
    ),
    mistake(
        "fed the wrong way round",
        says="fed_arrays can't be fed",
        lines=[
            ("images_in_memory: images, labels_in_memory: labels", "images_in_memory: labels, labels_in_memory: images")
        ],
    ),
    mistake(
        "a list to feed",
        says="fed_arrays is a list of 2",
        lines=ARRAYS + "fed_arrays = [images, labels]\n" + SLICES,
    ),
    mistake("floats in memory", says="the images are float32", lines=[("images.dtype", "tf.float32")]),
    mistake(
        "labels forgotten",
        says="has 1 value",
        lines=ARRAYS + "training = tf.data.Dataset.from_tensor_slices(images_in_memory)\n" + SHUFFLE + BATCH + REPEAT,
    ),
    mistake("batch forgotten", says="training holds images one by one", lines=[(BATCH.strip(), "")]),
    mistake(
        "shuffled apart",
        says="have another image's label",
        lines=ARRAYS + APART.format(parts="(images_in_memory, labels_in_memory)") + BATCH + REPEAT,
    ),
    mistake("shuffle missing", says="nothing shuffles the images", lines=ARRAYS + SLICES + BATCH + REPEAT),
    mistake(
        "a shuffle buffer of 1,000",
        says="the shuffle buffer has room for 1,000 of",
        lines=[("min(data.num_training, data.most_shuffled)", "1000")],
    ),
    mistake(
        "batch before shuffle",
        says="the batches are shuffled",
        lines=ARRAYS + SLICES + BATCH + SHUFFLE + REPEAT,
    ),
    mistake("repeat before shuffle", says="the epochs mix", lines=ARRAYS + SLICES + REPEAT + SHUFFLE + BATCH),
    mistake(
        "repeat before batch",
        says="images of an epoch and 4 of the next",
        lines=ARRAYS + SLICES + SHUFFLE + REPEAT + BATCH,
    ),
    mistake(
        "the rest dropped",
        says="all batches hold 8",
        lines=[("settings.batch_size", "settings.batch_size, True")],
    ),
    mistake("repeat missing", says="training ends after 1 epoch", lines=[(REPEAT.strip(), "")]),
    mistake(
        "arrays as constants",
        says="the array images is in the graph, as a constant of 264,000 bytes",
        lines="training = tf.data.Dataset.from_tensor_slices((images, labels))\n" + SHUFFLE + BATCH + REPEAT,
    ),
    mistake(
        "labels as a constant",
        says="the array labels is in the graph",
        lines=[("labels_in_memory))", "labels))"), (", labels_in_memory: labels}", "}")],
    ),
    mistake(
        "constants in a function",
        says="the graph takes",
        lines="""
        training = tf.data.Dataset.range(data.num_training).shuffle(data.num_training)
        training = training.map(lambda number: (tf.gather(images, number), tf.gather(labels, number)))
        training = training.batch(settings.batch_size).repeat(settings.epochs)
    """,
    ),
]
VARIANTS = [
    variant(
        "the image's shape as data has it",
        lines=[("tf.placeholder(images.dtype, images.shape)", "tf.placeholder(data.dtype, [None, *data.shape])")],
    ),
    variant(
        "placeholders of any length",
        lines="""
        pixels = tf.placeholder(tf.uint8, [None, *images.shape[1:]], "pixels")
        classes = tf.placeholder(tf.int64, [None], "classes")
        fed_arrays = {}
        fed_arrays[pixels] = images
        fed_arrays[classes] = labels
        training = tf.data.Dataset.from_tensor_slices((pixels, classes)).shuffle(len(images))
        training = training.batch(settings.batch_size).repeat(settings.epochs)
    """,
    ),
    variant(
        "numbers shuffled, images looked up",
        lines="""
        pixels = tf.placeholder(images.dtype, images.shape)
        classes = tf.placeholder(labels.dtype, labels.shape)
        fed_arrays = dict([(pixels, images), (classes, labels)])
        training = tf.data.Dataset.range(data.num_training).shuffle(data.num_training)
        training = training.batch(settings.batch_size).repeat(settings.epochs)
        training = training.map(lambda numbers: (tf.gather(pixels, numbers), tf.gather(classes, numbers)))
    """,
    ),
    variant(
        "two data sets zipped, then shuffled",
        lines=ARRAYS
        + "slices = tuple(map(tf.data.Dataset.from_tensor_slices, (images_in_memory, labels_in_memory)))\n"
        + "training = tf.data.Dataset.zip(slices)\n"
        + SHUFFLE
        + BATCH
        + REPEAT,
    ),
    variant(
        "whole, then taken apart",
        lines=ARRAYS
        + "training = tf.data.Dataset.from_tensors((images_in_memory, labels_in_memory)).unbatch()\n"
        + SHUFFLE
        + BATCH
        + REPEAT,
    ),
]
