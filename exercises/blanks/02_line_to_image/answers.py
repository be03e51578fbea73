"""Answers to this blank."""

DEFAULTS = '[[""], [""], tf.constant([0], tf.int64)]'
DECODER = "tf.image.decode_image(tf.read_file(path), channels=3, expand_animations=False)"

MISTAKES = {
    "the graph calls a function of Python": {
        "a": """
            def split(line):
                _, path, label = line.split(b",")
                return path, np.int64(label)
            path, label = tf.py_func(split, [line], [tf.string, tf.int64])
            path.set_shape([])
            label.set_shape([])
        """
    },
    # ---- a: the line
    "path is 'square_0', the image's name": ("_, path", "path, _"),
    "path holds int64": ("_, path, label", "_, label, path"),
    "no attribute 'split'": {"a": '_, path, label = line.split(",")'},
    "taken apart like a list": {"a": "path = line[1]\nlabel = line[2]"},
    "path has the shape (1,)": ("(line,", "([line],"),
    "Expect 2 fields but have 3": {"a": 'path, label = tf.decode_csv(line, [[""], [0]])'},
    "there is no label": ("path, label", "path, number"),
    "label holds string": (DEFAULTS, '[[""], [""], [""]]'),
    "label holds float32": (DEFAULTS, '[[""], [""], [0.0]]'),
    "label holds uint8": {
        "a": """
        fields = tf.string_split([line], ",").values
        path, label = fields[1], tf.cast(tf.strings.to_number(fields[2], tf.int32), tf.uint8)
    """
    },
    "label holds int32": ("tf.constant([0], tf.int64)", "[0]"),
    "a sparse tensor is not subscriptable": {
        "a": 'fields = tf.strings.split([line], ",")\npath, label = fields[1], fields[2]'
    },
    "star_7.png,300', label is 0": [
        ("label = tf", "_ = tf"),
        ("int64)])", "int64)])\nlabel = tf.strings.to_number(tf.strings.substr(line, -1, 1), tf.int64)"),
    ],
    "Expect 3 fields but have 1": ("int64)]", "int64)], field_delim=';'"),
    # ---- b: the image
    "the same colour file is read 5 times, and its pixels differ": (
        DECODER,
        f"tf.image.random_flip_left_right({DECODER})",
    ),
    "the pixel in row 0, column 0 is [127": (DECODER, f"{DECODER}[:, :, ::-1]"),
    "squares/0.png; No such file": ("tf.read_file(path)", "tf.read_file('squares/0.png')"),
    "nothing reads the file": ("tf.read_file(path)", "path"),
    "image is text": {"b": "image = tf.read_file(path)"},
    "TypeError: expected str, bytes": {"b": 'image = tf.image.decode_png(open(path, "rb").read())'},
    "image holds float32": (f"image = {DECODER}", f"image = tf.cast({DECODER}, tf.float32)"),
    "for a colour file of 5 x 7 pixels, image has the shape [5, 7, 1]": ("channels=3", "channels=1"),
    "for a colour file, the pixel in row": (f"image = {DECODER}", f"image = {DECODER} // 2"),
    "for a grey file of 4 x 6 pixels, image has the shape [4, 6, 1]": ("channels=3, ", ""),
}
VARIANTS = {
    "a plain 0, then cast; a function of the blank's own": {
        "a": """
        _, path, label = tf.io.decode_csv(line, [[""], [""], [0]])
        label = tf.cast(label, tf.int64)
    """,
        "b": """
        def read(name):
            return tf.io.decode_image(tf.io.read_file(name), channels=3)

        image = read(path)
    """,
    },
    "only two fields; grey turned into colours": {
        "a": "path, label = tf.decode_csv(line, [[''], tf.constant([0], tf.int64)], select_cols=[1, 2])",
        "b": """
        image = tf.image.decode_png(tf.read_file(path))
        is_grey = tf.equal(tf.shape(image)[2], 1)
        image = tf.cond(is_grey, lambda: tf.image.grayscale_to_rgb(image), lambda: image)
    """,
    },
    "split at the commas": {
        "a": """
        fields = tf.string_split([line], delimiter=",").values
        path = fields[1]
        label = tf.strings.to_number(fields[2], tf.int64)
    """,
        "b": """
        contents = tf.io.read_file(path)
        image = tf.io.decode_png(contents, channels=3)
    """,
    },
    "types as defaults": {
        "a": """
        columns = tf.io.decode_csv(line, [tf.constant([], each) for each in (tf.string, tf.string, tf.int64)])
        path = tf.strings.strip(columns[1])
        label = columns[2]
    """,
        "b": "image = tf.image.decode_image(tf.io.read_file(path), 3)",
    },
    "a text turned into a number": {
        "a": """
        name, path, label = tf.decode_csv(line, record_defaults=[[""], [""], [""]])
        label = tf.cast(tf.string_to_number(label), tf.int64)
    """,
        "b": """
        image = tf.image.decode_jpeg(tf.read_file(path), channels=3)
        image.set_shape([*image_size, 3])
    """,
    },
}
