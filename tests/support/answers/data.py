"""Answers to blanks 2 and 3: from a line of the CSV to an image, and the images of one part."""

from support.answers import mistake, variant

DEFAULTS = '[[""], [""], tf.constant([0], tf.int64)]'
ENUMERATED = "tf.data.TextLineDataset(records.csv_path).enumerate()"
DECODER = "tf.image.decode_image(tf.read_file(path), channels=3, expand_animations=False)"

MISTAKES = [
    mistake(
        2,
        "Python in the graph",
        says="the graph calls a function of Python",
        place_2a="""
            def split(line):
                _, path, label = line.split(b",")
                return path, np.int64(label)
            path, label = tf.py_func(split, [line], [tf.string, tf.int64])
            path.set_shape([])
            label.set_shape([])
        """,
    ),
    # ---- 2a: the line
    mistake(
        2, "the name taken for the path", says="path is 'square_0', the image's name", place_2a=[("_, path", "path, _")]
    ),
    mistake(2, "the path as a number", says="path holds int64", place_2a=[("_, path, label", "_, label, path")]),
    mistake(2, "Python's split", says="no attribute 'split'", place_2a='_, path, label = line.split(",")'),
    mistake(2, "a text as a list", says="taken apart like a list", place_2a="path = line[1]\nlabel = line[2]"),
    mistake(2, "a batch of one line", says="path has the shape (1,)", place_2a=[("(line,", "([line],")]),
    mistake(
        2,
        "two fields expected",
        says="Expect 2 fields but have 3",
        place_2a='path, label = tf.decode_csv(line, [[""], [0]])',
    ),
    mistake(2, "no label", says="there is no label", place_2a=[("path, label", "path, number")]),
    mistake(2, "labels as strings", says="label holds string", place_2a=[(DEFAULTS, '[[""], [""], [""]]')]),
    mistake(2, "labels as floats", says="label holds float32", place_2a=[(DEFAULTS, '[[""], [""], [0.0]]')]),
    mistake(
        2,
        "labels as bytes",
        says="star_7.png,300', label is 44",
        place_2a="""
        fields = tf.string_split([line], ",").values
        path, label = fields[1], tf.cast(tf.strings.to_number(fields[2], tf.int32), tf.uint8)
    """,
    ),
    # ---- 2b: the image
    mistake(2, "read_file forgotten", says="nothing reads the file", place_2b=[("tf.read_file(path)", "path")]),
    mistake(2, "not decoded", says="image is text", place_2b="image = tf.read_file(path)"),
    mistake(
        2,
        "Python's open",
        says="TypeError: expected str, bytes",
        place_2b='image = tf.image.decode_png(open(path, "rb").read())',
    ),
    mistake(
        2,
        "pixels as floats",
        says="image holds float32",
        place_2b=[(f"image = {DECODER}", f"image = tf.cast({DECODER}, tf.float32)")],
    ),
    mistake(
        2,
        "grey images",
        says="of a colour file of 5 x 7 pixels, image has the shape [5, 7, 1]",
        place_2b=[("channels=3", "channels=1")],
    ),
    mistake(
        2,
        "pixels halved",
        says="of a colour file, the pixel in row",
        place_2b=[(f"image = {DECODER}", f"image = {DECODER} // 2")],
    ),
    mistake(
        2,
        "channels left to the file",
        says="of a grey file of 4 x 6 pixels, image has the shape [4, 6, 1]",
        place_2b=[("channels=3, ", "")],
    ),
    # ---- 3: the images of a part
    mistake(
        3,
        "map forgotten",
        says="pairs of a number and a line",
        place_3=[("lines.map(lambda number, line: parse(line), num_parallel_calls=tf.data.AUTOTUNE)", "lines")],
    ),
    mistake(
        3,
        "lines alone",
        says="images holds lines of text",
        place_3=[("lambda number, line: parse(line)", "lambda number, line: line")],
    ),
    mistake(
        3,
        "numbers kept",
        says="a line's number and an image",
        place_3=[("line: parse(line)", "line: (number, parse(line))")],
    ),
    mistake(
        3,
        "parse of both",
        says="parse is given the line's number and the line",
        place_3=[("lambda number, line: parse(line)", "parse")],
    ),
    mistake(
        3,
        "parse of the number",
        says="parse is given the line's number in place of the line",
        place_3=[("number, line: parse(line)", "number, line: parse(number)")],
    ),
    mistake(
        3,
        "enumerate forgotten",
        says="is_wanted is given one value",
        place_3=[(".enumerate()", ""), ("number, line: parse", "line: parse")],
    ),
    mistake(
        3,
        "batches made",
        says="of the shape (?, 2, 4, 3)",
        place_3=[("tf.data.AUTOTUNE)", "tf.data.AUTOTUNE).batch(4)")],
    ),
    mistake(3, "no name", says="no data set is called images", place_3=[("images = lines", "training = lines")]),
    mistake(
        3,
        "== between tensors",
        says="no image comes out at all",
        place_3=[("filter(is_wanted)", "filter(lambda number, line: part_of_line[number] == part)")],
    ),
    mistake(
        3,
        "no filter at all",
        says="all 22 lines of the CSV come out",
        place_3=[("lines = lines.filter(is_wanted)", "")],
    ),
    mistake(
        3,
        "one header skipped",
        says="line 12 of the CSV, a header, comes out",
        place_3="""
        lines = tf.data.TextLineDataset(records.csv_path).skip(1)
        images = lines.map(parse)
    """,
    ),
    mistake(
        3,
        "headers kept",
        says="line 1 of the CSV, a header, comes out",
        place_3=[("filter(is_wanted)", "filter(lambda number, line: tf.not_equal(part_of_line[number], 3 - part))")],
    ),
    mistake(
        3,
        "skip before enumerate",
        says="off by 1: line 2 of the CSV has number 0",
        place_3=[(".enumerate()", ".skip(1).enumerate()")],
    ),
    mistake(
        3,
        "parsed, then filtered",
        says="parse is given a header line",
        place_3="""
        lines = tf.data.TextLineDataset(records.csv_path).map(parse).enumerate()
        images = lines.filter(is_wanted).map(lambda number, pair: pair)
    """,
    ),
    mistake(
        3,
        "the filter thrown away",
        says="the filtered data set isn't used",
        place_3=[("lines = lines.filter", "lines.filter")],
    ),
    mistake(
        3,
        "a pair in one argument",
        says="takes 1 positional argument but 2 were given",
        place_3=[("number, line: parse(line)", "pair: parse(pair[1])")],
    ),
    mistake(
        3,
        "counted from 1",
        says="off by 1: line 2 of the CSV has number 2",
        place_3=[("enumerate()", "enumerate(start=1)")],
    ),
    mistake(
        3,
        "the other part as well",
        says="which belongs to the other part",
        place_3=[("filter(is_wanted)", "filter(lambda number, line: part_of_line[number] > 0)")],
    ),
    mistake(
        3,
        "only the first file",
        says="5 of the 10 training images are missing",
        place_3=[(".enumerate()", ".enumerate().take(11)")],
    ),
    mistake(
        3,
        "shuffled",
        says="in another order",
        place_3=[("tf.data.AUTOTUNE)", "tf.data.AUTOTUNE).shuffle(100, seed=1)")],
    ),
    mistake(3, "repeated", says="come more than once", place_3=[("tf.data.AUTOTUNE)", "tf.data.AUTOTUNE).repeat()")]),
]
VARIANTS = [
    variant(
        2,
        "split at the commas",
        place_2a="""
        fields = tf.string_split([line], delimiter=",").values
        path = fields[1]
        label = tf.strings.to_number(fields[2], tf.int32)
    """,
        place_2b="""
        contents = tf.io.read_file(path)
        image = tf.io.decode_png(contents, channels=3)
    """,
    ),
    variant(
        2,
        "types as defaults",
        place_2a="""
        columns = tf.io.decode_csv(line, [tf.constant([], each) for each in (tf.string, tf.string, tf.int64)])
        path = tf.strings.strip(columns[1])
        label = columns[2]
    """,
        place_2b="image = tf.image.decode_image(tf.io.read_file(path), 3)",
    ),
    variant(
        2,
        "a text turned into a number",
        place_2a="""
        name, path, label = tf.decode_csv(line, record_defaults=[[""], [""], [""]])
        label = tf.cast(tf.string_to_number(label), tf.int64)
    """,
        place_2b="""
        image = tf.image.decode_jpeg(tf.read_file(path), channels=3)
        image.set_shape([*image_size, 3])
    """,
    ),
    variant(
        3,
        "zip with range",
        place_3="""
        numbers = tf.data.Dataset.range(len(records.parts))
        lines = tf.data.Dataset.zip((numbers, tf.data.TextLineDataset([records.csv_path])))
        images = lines.filter(lambda i, text: tf.equal(part_of_line[i], part)).map(lambda i, text: parse(text))
    """,
    ),
    variant(
        3,
        "many lines at once",
        place_3="""
        def wanted_ones(numbers, texts):
            return tf.boolean_mask(texts, tf.equal(tf.gather(part_of_line, numbers), part))

        batches = tf.data.TextLineDataset(records.csv_path).enumerate().batch(7)
        images = batches.map(wanted_ones).unbatch().map(parse)
    """,
    ),
    variant(
        3,
        "one chain",
        place_3="""
        images = (
            tf.data.TextLineDataset(records.csv_path)
            .enumerate()
            .filter(is_wanted)
            .map(lambda _, line: line)
            .map(parse, 2)
            .prefetch(1)
        )
    """,
    ),
    variant(
        3,
        "headers known by their text",
        place_3="""
        lines = tf.data.TextLineDataset(records.csv_path).enumerate()
        lines = lines.filter(lambda number, line: tf.not_equal(line, "image_name,image_path,label"))
        lines = lines.filter(is_wanted)
        images = lines.flat_map(lambda number, line: tf.data.Dataset.from_tensors(parse(line)))
    """,
    ),
]
