"""Answers to blank 11: batches of arrays in memory."""

from support.answers import mistake, variant
from support.answers.batches import BATCH, REPEAT, SHUFFLE

ARRAYS = """\
images_in_memory = tf.placeholder(images.dtype, images.shape)
labels_in_memory = tf.placeholder(labels.dtype, labels.shape)
fed_arrays = {images_in_memory: images, labels_in_memory: labels}
"""
SLICES = "training = tf.data.Dataset.from_tensor_slices((images_in_memory, labels_in_memory))\n"
APART = """\
parts = [tf.data.Dataset.from_tensor_slices(part).shuffle(records.num_training) for part in {parts}]
training = tf.data.Dataset.zip(tuple(parts))
"""

MISTAKES = [
    mistake(11, "no data set made", says="training is the same as before", place_11=ARRAYS),
    mistake(11, "all in one element", says="all images at once", place_11=[("from_tensor_slices", "from_tensors")]),
    mistake(11, "nothing fed", says="fed_arrays is empty", place_11=[("fed_arrays = {images", "fed = {images")]),
    mistake(
        11,
        "only images fed",
        says="fed_arrays lacks the placeholder 'Placeholder_1'",
        place_11=[(", labels_in_memory: labels}", "}")],
    ),
    mistake(
        11,
        "fed the wrong way round",
        says="fed_arrays can't be fed",
        place_11=[
            ("images_in_memory: images, labels_in_memory: labels", "images_in_memory: labels, labels_in_memory: images")
        ],
    ),
    mistake(
        11,
        "a list to feed",
        says="fed_arrays is a list of 2",
        place_11=ARRAYS + "fed_arrays = [images, labels]\n" + SLICES,
    ),
    mistake(11, "floats in memory", says="the images are float32", place_11=[("images.dtype", "tf.float32")]),
    mistake(
        11,
        "labels forgotten",
        says="has 1 value",
        place_11=ARRAYS
        + "training = tf.data.Dataset.from_tensor_slices(images_in_memory)\n"
        + SHUFFLE
        + BATCH
        + REPEAT,
    ),
    mistake(11, "batch forgotten", says="training holds images one by one", place_11=[(BATCH.strip(), "")]),
    mistake(
        11,
        "shuffled apart",
        says="have another image's label",
        place_11=ARRAYS + APART.format(parts="(images_in_memory, labels_in_memory)") + BATCH + REPEAT,
    ),
    mistake(11, "shuffle missing", says="nothing shuffles the images", place_11=ARRAYS + SLICES + BATCH + REPEAT),
    mistake(
        11,
        "a shuffle buffer of 1,000",
        says="the shuffle buffer has room for 1,000 of",
        place_11=[("min(records.num_training, records.most_shuffled)", "1000")],
    ),
    mistake(
        11,
        "batch before shuffle",
        says="the batches are shuffled",
        place_11=ARRAYS + SLICES + BATCH + SHUFFLE + REPEAT,
    ),
    mistake(11, "repeat before shuffle", says="the epochs mix", place_11=ARRAYS + SLICES + REPEAT + SHUFFLE + BATCH),
    mistake(
        11,
        "repeat before batch",
        says="images of an epoch and 4 of the next",
        place_11=ARRAYS + SLICES + SHUFFLE + REPEAT + BATCH,
    ),
    mistake(
        11,
        "the rest dropped",
        says="all batches hold 8",
        place_11=[("settings.batch_size", "settings.batch_size, True")],
    ),
    mistake(11, "repeat missing", says="training ends after 1 epoch", place_11=[(REPEAT.strip(), "")]),
    mistake(
        11,
        "arrays as constants",
        says="the array images is in the graph, as a constant of 264,000 bytes",
        place_11="training = tf.data.Dataset.from_tensor_slices((images, labels))\n" + SHUFFLE + BATCH + REPEAT,
    ),
    mistake(
        11,
        "labels as a constant",
        says="the array labels is in the graph",
        place_11=[("labels_in_memory))", "labels))"), (", labels_in_memory: labels}", "}")],
    ),
    mistake(
        11,
        "constants in a function",
        says="the graph takes",
        place_11="""
        training = tf.data.Dataset.range(records.num_training).shuffle(records.num_training)
        training = training.map(lambda number: (tf.gather(images, number), tf.gather(labels, number)))
        training = training.batch(settings.batch_size).repeat(settings.epochs)
    """,
    ),
]
VARIANTS = [
    variant(
        11,
        "the image's size by its names",
        place_11=[("tf.placeholder(images.dtype, images.shape)", "tf.placeholder(tf.uint8, [None, height, width, 3])")],
    ),
    variant(
        11,
        "placeholders of any length",
        place_11="""
        pixels = tf.placeholder(tf.uint8, [None, *images.shape[1:]], "pixels")
        classes = tf.placeholder(tf.int64, [None], "classes")
        fed_arrays[pixels] = images
        fed_arrays[classes] = labels
        training = tf.data.Dataset.from_tensor_slices((pixels, classes)).shuffle(len(images))
        training = training.batch(settings.batch_size).repeat(settings.epochs)
    """,
    ),
    variant(
        11,
        "numbers shuffled, images looked up",
        place_11="""
        pixels = tf.placeholder(images.dtype, images.shape)
        classes = tf.placeholder(labels.dtype, labels.shape)
        fed_arrays.update({pixels: images, classes: labels})
        training = tf.data.Dataset.range(records.num_training).shuffle(records.num_training)
        training = training.batch(settings.batch_size).repeat(settings.epochs)
        training = training.map(lambda numbers: (tf.gather(pixels, numbers), tf.gather(classes, numbers)))
    """,
    ),
    variant(
        11,
        "two data sets zipped, then shuffled",
        place_11=ARRAYS
        + "slices = tuple(map(tf.data.Dataset.from_tensor_slices, (images_in_memory, labels_in_memory)))\n"
        + "training = tf.data.Dataset.zip(slices)\n"
        + SHUFFLE
        + BATCH
        + REPEAT,
    ),
    variant(
        11,
        "whole, then taken apart",
        place_11=ARRAYS
        + "training = tf.data.Dataset.from_tensors((images_in_memory, labels_in_memory)).unbatch()\n"
        + SHUFFLE
        + BATCH
        + REPEAT,
    ),
]
