"""Answers to this blank."""

IMAGES_PH = "[None, *data.shape]"
LABELS_PH = 'tf.placeholder(data.label_dtype, [None], "labels")'
SCALED = "tf.cast(images, tf.float32) / 127.5 - 1.0"

PLACEHOLDERS = {
    "in dark images": {
        "b": """
            x = tf.cast(images, tf.float32)
            scaled = 2 * (x - tf.reduce_min(x)) / (tf.reduce_max(x) - tf.reduce_min(x)) - 1
        """
    },
    "images_ph is in another graph than the script's": {
        "a": """
        with tf.Graph().as_default():
            images_ph = tf.placeholder(data.dtype, [None, *data.shape])
            labels_ph = tf.placeholder(data.label_dtype, [None])
    """
    },
    "images_ph has the shape [None, 128, 128, 3]": ("*data.shape", "128, 128, 3"),
    "images_ph has the shape [None, 72]": ("*data.shape", "data.shape[0] * data.shape[1] * 3"),
    "labels_ph has the shape [None, 2]": ("[None], ", "[None, data.num_classes], "),
    "labels_ph has the shape None": ("[None], ", "None, "),
    "Dimension -1 must be >= 0": ("[None, *", "[-1, *"),
    "always just 32 images": ("[None, *data.shape", "[32, *data.shape"),
    "images_ph takes float32, 4 bytes": ("data.dtype", "tf.float32"),
    "the colours are missing": (IMAGES_PH, "[None, *data.shape[:2]]"),
    "the colours come first": (IMAGES_PH, "[None, 3, *data.shape[:2]]"),
    "that is a single image": (IMAGES_PH, "data.shape"),
    "images_ph has the shape [None, 4, 6, 1]": ("*data.shape]", "*data.shape[:2], 1]"),
    "images_ph has the shape None": (IMAGES_PH, "None"),
    "the wrong way round": (IMAGES_PH, "[None, data.shape[1], data.shape[0], 3]"),
    "images_ph is a Const": (
        "tf.placeholder(data.dtype, [None, *data.shape], data.unit)",
        "tf.zeros([8, *data.shape])",
    ),
    "labels_ph is a variable": (LABELS_PH, "tf.Variable([0, 1], dtype=tf.int64)"),
    "there is no labels_ph": ("labels_ph =", "labels ="),
    "labels_ph takes float32": ("data.label_dtype", "tf.float32"),
    "labels_ph takes int32": ("data.label_dtype", "tf.int32"),
    "the shape [None, 1]": ("[None],", "[None, 1],"),
    "labels_ph has the shape []": ("[None],", "[],"),
    "labels_ph has the shape [32]": ("[None],", "[32],"),
}
SCALING = {
    "scaled holds float16": ("tf.float32", "tf.float16"),
    "a pixel of 208 becomes 0.6309": (SCALED, "tf.cast(tf.cast(images, tf.float16) / 127.5 - 1.0, tf.float32)"),
    "the 256 shades of a pixel become only 3": (" / 127.5", " // 127.5"),
    "become only 4 different numbers": (SCALED, "tf.clip_by_value(tf.cast(images, tf.float32) - 127.5, -1, 1)"),
    "there is no scaled": ("scaled =", "images ="),
    "a tensor has no attribute 'astype'": ("tf.cast(images, tf.float32)", "images.astype(float)"),
    "scaled goes from -0.762 to 0.762": (SCALED, f"tf.tanh({SCALED})"),
    "images is still uint8": {"b": "scaled = images / 127.5 - 1.0"},
    "scaled goes from 0 to 255": (" / 127.5 - 1.0", ""),
    "scaled goes from 0 to 1": ("127.5 - 1.0", "255.0"),
    "scaled goes from 0 to 2": (" - 1.0", ""),
    "scaled goes from -0.5 to 0.5": ("127.5 - 1.0", "255.0 - 0.5"),
    "scaled goes from -1 to 0.992": ("127.5", "128"),
    "a pixel of 127 becomes 1, but one of 128 becomes -1": {
        "b": "scaled = tf.cast(images - 128, tf.float32) / 127.5 - 1.0"
    },
    "every pixel becomes 0": {"b": "scaled = tf.zeros([2, 16, 16, 3])"},
    "only 3 different numbers": {"b": "scaled = tf.cast(images // 127, tf.float32) - 1.0"},
    "scaled holds uint8": {"b": "scaled = images // 127 - 1"},
    "scaled holds float64": ("tf.float32", "tf.float64"),
    "bright is dark": (SCALED, f"-({SCALED})"),
    "in one place and": {"b": "scaled = tf.map_fn(tf.image.per_image_standardization, tf.cast(images, tf.float32))"},
    "scaled has shape [2, 16, 16]": (SCALED, f"tf.reduce_mean({SCALED}, axis=3)"),
}
MISTAKES = PLACEHOLDERS | SCALING
VARIANTS = {
    "both from a list; a function of the blank's own": {
        "a": """
        kinds = {"x": (data.dtype, (None, *data.shape)), "y": (data.label_dtype, (None,))}
        images_ph, labels_ph = (tf.compat.v1.placeholder(*kind, name=f"{name}_ph") for name, kind in kinds.items())
    """,
        "b": """
        def around_0(pixels):
            return (tf.cast(pixels, dtype="float32") / 255 - 0.5) / 0.5

        scaled = around_0(images)
    """,
    },
    "keywords and tuples": {
        "a": """
        height, width, _ = data.shape
        size = (None, height, width, 3)
        images_ph = tf.placeholder(dtype="uint8", shape=size)
        labels_ph = tf.placeholder(shape=(None,), dtype=tf.int64)
    """,
        "b": "scaled = 2 * (tf.to_float(images) / 255 - 0.5)",
    },
    "minus before the division": {
        "b": """
        pixels = tf.cast(images, tf.float32)
        scaled = tf.subtract(pixels, 127.5) / 127.5
    """
    },
    "convert_image_dtype": {
        "b": """
        zero_to_one = tf.image.convert_image_dtype(images, tf.float32)
        scaled = zero_to_one * 2 - 1
    """
    },
}
