"""Answers to this blank."""

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

MISTAKES = {
    "the images are decoded already": ARRAYS
    + SLICES
    + SHUFFLE
    + "training = training.map(data.parse)\n"
    + BATCH
    + REPEAT,
    "the graph calls a function of Python": """
        kinds, shapes = (tf.uint8, tf.int64), (images.shape[1:], ())
        training = tf.data.Dataset.from_generator(lambda: zip(images, labels), kinds, shapes)
        training = training.shuffle(data.num_training).batch(settings.batch_size).repeat(settings.epochs)
        fed_arrays = {}
    """,
    "cut at 500, however": "images, labels = images[:500], labels[:500]\n" + ARRAYS + SLICES + SHUFFLE + BATCH + REPEAT,
    "cut at 50,000, however": "images, labels = images[:50_000], labels[:50_000]\n"
    + ARRAYS
    + SLICES
    + SHUFFLE
    + BATCH
    + REPEAT,
    "take keeps only 100,": ("(settings.epochs)", "(settings.epochs).take(100)"),
    "the labels int32": ("labels.dtype", "tf.int32"),
    "every epoch has the same order": "order = np.random.permutation(len(images))\n"
    "images, labels = images[order], labels[order]\n" + ARRAYS + SLICES + BATCH + REPEAT,
    "no data set is called training": ARRAYS,
    "all images at once": ("from_tensor_slices", "from_tensors"),
    "there is no fed_arrays": ("fed_arrays = {images", "fed = {images"),
    "fed_arrays is empty": ARRAYS + "fed_arrays = {}\n" + SLICES,
    "fed_arrays lacks the placeholder 'Placeholder_1'": (", labels_in_memory: labels}", "}"),
    "fed_arrays can't be fed": (
        "images_in_memory: images, labels_in_memory: labels",
        "images_in_memory: labels, labels_in_memory: images",
    ),
    "fed_arrays is a list of 2": ARRAYS + "fed_arrays = [images, labels]\n" + SLICES,
    "the images are float32": ("images.dtype", "tf.float32"),
    "has 1 value": ARRAYS
    + "training = tf.data.Dataset.from_tensor_slices(images_in_memory)\n"
    + SHUFFLE
    + BATCH
    + REPEAT,
    "training holds images one by one": (BATCH.strip(), ""),
    "have another image's label": ARRAYS + APART.format(parts="(images_in_memory, labels_in_memory)") + BATCH + REPEAT,
    "nothing shuffles the images": ARRAYS + SLICES + BATCH + REPEAT,
    "the shuffle buffer has room for 1,000 of": ("min(data.num_training, data.most_shuffled)", "1000"),
    "the batches are shuffled": ARRAYS + SLICES + BATCH + SHUFFLE + REPEAT,
    "the epochs mix": ARRAYS + SLICES + REPEAT + SHUFFLE + BATCH,
    "images of an epoch and 4 of the next": ARRAYS + SLICES + SHUFFLE + REPEAT + BATCH,
    "all batches hold 8": ("settings.batch_size", "settings.batch_size, True"),
    "training ends after 1 epoch": (REPEAT.strip(), ""),
    "the array images is in the graph": "training = tf.data.Dataset.from_tensor_slices((images, labels))\n"
    + SHUFFLE
    + BATCH
    + REPEAT,
    "the array labels is in the graph": [("labels_in_memory))", "labels))"), (", labels_in_memory: labels}", "}")],
    "the graph takes": """
        training = tf.data.Dataset.range(data.num_training).shuffle(data.num_training)
        training = training.map(lambda number: (tf.gather(images, number), tf.gather(labels, number)))
        training = training.batch(settings.batch_size).repeat(settings.epochs)
    """,
}
VARIANTS = {
    "the image's shape as data has it": (
        "tf.placeholder(images.dtype, images.shape)",
        "tf.placeholder(data.dtype, [None, *data.shape])",
    ),
    "placeholders of any length": """
        pixels = tf.placeholder(tf.uint8, [None, *images.shape[1:]], "pixels")
        classes = tf.placeholder(tf.int64, [None], "classes")
        fed_arrays = {}
        fed_arrays[pixels] = images
        fed_arrays[classes] = labels
        training = tf.data.Dataset.from_tensor_slices((pixels, classes)).shuffle(len(images))
        training = training.batch(settings.batch_size).repeat(settings.epochs)
    """,
    "numbers shuffled, images looked up": """
        pixels = tf.placeholder(images.dtype, images.shape)
        classes = tf.placeholder(labels.dtype, labels.shape)
        fed_arrays = dict([(pixels, images), (classes, labels)])
        training = tf.data.Dataset.range(data.num_training).shuffle(data.num_training)
        training = training.batch(settings.batch_size).repeat(settings.epochs)
        training = training.map(lambda numbers: (tf.gather(pixels, numbers), tf.gather(classes, numbers)))
    """,
    "two data sets zipped, then shuffled": ARRAYS
    + "slices = tuple(map(tf.data.Dataset.from_tensor_slices, (images_in_memory, labels_in_memory)))\n"
    + "training = tf.data.Dataset.zip(slices)\n"
    + SHUFFLE
    + BATCH
    + REPEAT,
    "whole, then taken apart": ARRAYS
    + "training = tf.data.Dataset.from_tensors((images_in_memory, labels_in_memory)).unbatch()\n"
    + SHUFFLE
    + BATCH
    + REPEAT,
}
