"""Answers to this blank."""

ENUMERATED = "lines = tf.data.TextLineDataset(data.path, data.compression).enumerate()"
FILTER = ".filter(lambda line, is_marked: is_marked)"
MARKED = f"marked = tf.data.Dataset.zip((lines, marks)){FILTER}"
MAP = "marked.map(lambda line, is_marked: line)"

ELEMENTS = {
    "lines still holds the marks": (MAP, "marked"),
    "lines holds lines of text": ("lambda line, is_marked: line)", "lambda line, is_marked: line[1])"),
    "text without their numbers": (".enumerate()", ""),
    "lines holds numbers without their lines": ("lambda line, is_marked: line)", "lambda line, is_marked: line[0])"),
    "an element of lines has 3 values": (
        "lambda line, is_marked: line)",
        "lambda line, is_marked: (*line, is_marked))",
    ),
    "has the line before its number": ("lambda line, is_marked: line)", "lambda line, is_marked: (line[1], line[0]))"),
    "is a pair of int32 and string": (
        "lambda line, is_marked: line)",
        "lambda line, is_marked: (tf.cast(line[0], tf.int32), line[1]))",
    ),
    "numbers of the shape (?,)": (MAP, f"{MAP}.batch(4)"),
    "no data set is called lines": [
        ("lines = tf", "numbered = tf"),
        ("zip((lines", "zip((numbered"),
        ("lines = marked", "wanted = marked"),
    ],
    "takes 1 positional argument but 2 were given": (
        "filter(lambda line, is_marked: is_marked)",
        "filter(lambda pair: pair[1])",
    ),
    "filter gives no bool": ("is_marked: is_marked)", "is_marked: line[0])"),
    "the function in filter gives no bool": ("zip((lines, marks))", "zip((marks, lines))"),
}
HEADERS = {
    "only supports Python-style iteration": "lines = [line for line in tf.data.TextLineDataset(data.path)]",
    "as a Python `bool` is not allowed.": ("is_marked: is_marked)", "is_marked: not not is_marked)"),
    "squares.csv; No such file": ("data.path,", '"squares.csv",'),
    "no line comes out at all": ("is_marked: is_marked)", "is_marked: is_marked == tf.constant(True))"),
    "all 22 lines of the CSV come out": (FILTER, ""),
    "the filtered data set isn't used": (MARKED, f"marked = tf.data.Dataset.zip((lines, marks))\nmarked{FILTER}"),
    "line 12 of the CSV, a header, comes out": f"{ENUMERATED}.skip(1)",
    "line 1 of the CSV, a header, comes out": (
        "is_marked: is_marked)",
        "is_marked: tf.logical_or(is_marked, tf.equal(line[1], 'image_name,image_path,label')))",
    ),
    "off by 1: line 4 of the CSV has number 2": (".enumerate()", ".skip(1).enumerate()"),
    "off by 1: line 3 of the CSV has number 3": ("enumerate()", "enumerate(start=1)"),
    "the marks are off by 1: line 3 of the CSV gets the mark of line 2": (".enumerate()", ".enumerate().skip(1)"),
    "line 2 of the CSV gets the mark of line 3": ("zip((lines, marks))", "zip((lines, marks.skip(1)))"),
}
PARTS = {
    "which belongs to the other part": (
        "is_marked: is_marked)",
        "is_marked: tf.not_equal(line[1], 'image_name,image_path,label'))",
    ),
    "4 of the 8 training lines are missing": (".enumerate()", ".enumerate().take(11)"),
    "4 of the 12 validation lines are missing": (MAP, f"{MAP}.take(data.num_training)"),
    "take keeps only 100, however": (MAP, f"{MAP}.take(100)"),
    "take keeps only 100,000": (".enumerate()", ".take(100_000).enumerate()"),
    "range ends at 1,000,000": """
        numbers = tf.data.Dataset.range(1_000_000)
        triples = tf.data.Dataset.zip((numbers, tf.data.TextLineDataset(data.path), marks))
        lines = triples.filter(lambda number, text, mark: mark).map(lambda number, text, mark: (number, text))
    """,
    "4 of the 8 training lines are missing: line 6": (MAP, f"{MAP}.shard(2, 0)"),
    "nothing in the graph reads the CSV": (
        "TextLineDataset(data.path, data.compression)",
        "Dataset.from_tensor_slices(open(data.path).read().splitlines())",
    ),
    "the graph calls a function of Python": (
        "is_marked: is_marked)",
        "is_marked: tf.py_func(bool, [is_marked], tf.bool))",
    ),
    "among the 8 lines for validation is line 3": ("lines, marks)", "lines, data.marks(1))"),
    "in another order": (MAP, f"{MAP}.shuffle(100, seed=1)"),
    "come more than once": (MAP, f"{MAP}.repeat()"),
    "a line that comes out is 'SQUARE_1,SQUARE_1.PNG,0'": (
        "lambda line, is_marked: line)",
        "lambda line, is_marked: (line[0], tf.strings.upper(line[1])))",
    ),
}
MISTAKES = ELEMENTS | HEADERS | PARTS
VARIANTS = {
    "three zipped, with a range": """
        numbers = tf.data.experimental.Counter()
        triples = tf.data.Dataset.zip((numbers, tf.data.TextLineDataset([data.path]), marks))
        lines = triples.filter(lambda number, text, mark: mark).map(lambda number, text, mark: (number, text))
    """,
    "many lines at once": """
        def wanted_ones(pairs, marks):
            numbers, texts = pairs
            return tf.boolean_mask(numbers, marks), tf.boolean_mask(texts, marks)

        pairs = tf.data.TextLineDataset(data.path).enumerate()
        lines = tf.data.Dataset.zip((pairs, marks)).batch(7).map(wanted_ones).unbatch()
    """,
    "zipped, then enumerated": """
        lines = (
            tf.data.Dataset.zip((tf.data.TextLineDataset(data.path), marks))
            .enumerate()
            .filter(lambda number, marked_line: tf.equal(marked_line[1], True))
            .map(lambda number, marked_line: (number, marked_line[0]))
            .prefetch(1)
        )
    """,
    "every mark looked up by its line's number, which is slow": """
        all_marks = tf.data.experimental.get_single_element(data.marks(part).batch(1_000_000))
        lines = tf.data.TextLineDataset(data.path).enumerate().filter(lambda number, line: all_marks[number])
    """,
    "headers known by their text, a data set per line": """
        lines = tf.data.TextLineDataset(data.path).enumerate()
        pairs = tf.data.Dataset.zip((lines, marks))
        pairs = pairs.filter(lambda line, mark: tf.not_equal(line[1], "image_name,image_path,label"))
        lines = pairs.filter(lambda line, mark: mark).flat_map(lambda line, mark: tf.data.Dataset.from_tensors(line))
    """,
}
