"""Answers to this blank."""

PLACES = "[maps.shape[0], -1, maps.shape[3]]"
PRODUCT = "tf.matmul(places, places, transpose_a=True)"
MISTAKES = {
    "one for each two places: the sum is over the maps": (PRODUCT, "tf.matmul(places, places, transpose_b=True)"),
    "all pictures of the batch are in one": (PLACES, "[-1, maps.shape[3]]"),
    "each map with itself alone": (PRODUCT, "tf.reduce_sum(places * places, axis=1)"),
    "numbers of several maps are mixed": [
        (PLACES, "[maps.shape[0], maps.shape[3], -1]"),
        (PRODUCT, "tf.matmul(places, places, transpose_b=True)"),
    ],
    "the products of the maps' means": (
        PRODUCT,
        "tf.reduce_mean(places, 1)[:, :, None] * tf.reduce_mean(places, 1)[:, None, :]",
    ),
    "the products of the maps less their means": (
        PRODUCT,
        "tf.matmul(places - tf.reduce_mean(places, 1, keepdims=True), places, transpose_a=True)",
    ),
    "the squares of what it should be": (PRODUCT, f"tf.square({PRODUCT})"),
    "with a minus": (PRODUCT, f"-{PRODUCT}"),
    "no multiple of the sum": (PRODUCT, f"tf.sqrt({PRODUCT})"),
    "must be equal": (PRODUCT, "tf.matmul(places, places)"),
    "for maps [2, 3, 4, 5], gram is 2 x 12 x 5 numbers": (PRODUCT, "places"),
    "for maps [2, 3, 4, 5], gram is a single number": (PRODUCT, f"tf.reduce_sum({PRODUCT})"),
    "gram holds float64": (PRODUCT, f"tf.cast({PRODUCT}, tf.float64)"),
    "there is no gram": ("gram =", "matrix ="),
    "gram is a function, not called": (PRODUCT, "tf.matmul"),
    "Cannot reshape a tensor with 36 elements": (PLACES, "[2, 12, 5]"),
}
VARIANTS = {
    "the mean over places": """
        batch, height, width, channels = maps.shape.as_list()
        rows = tf.reshape(maps, [batch, height * width, channels])
        gram = tf.matmul(tf.transpose(rows, [0, 2, 1]), rows) / (height * width)
    """,
    "by indices": """
        gram = tf.einsum("bhwi,bhwj->bij", maps, maps)
    """,
    "products, added up": """
        products = maps[..., :, None] * maps[..., None, :]  # [B, h, w, C, C]
        gram = tf.reduce_sum(products, axis=[1, 2])
    """,
}
