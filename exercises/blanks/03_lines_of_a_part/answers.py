"""Answers to this blank."""

from exercises.answers import mistake, variant

ENUMERATED = "lines = tf.data.TextLineDataset(data.path, data.compression).enumerate()"
FILTER = ".filter(lambda line, is_marked: is_marked)"
MARKED = f"marked = tf.data.Dataset.zip((lines, marks)){FILTER}"
MAP = "marked.map(lambda line, is_marked: line)"

ELEMENTS = [
    mistake("map forgotten", says="lines still holds the marks", lines=[(MAP, "marked")]),
    mistake(
        "lines without numbers",
        says="lines holds lines of text",
        lines=[("lambda line, is_marked: line)", "lambda line, is_marked: line[1])")],
    ),
    mistake("enumerate forgotten", says="text without their numbers", lines=[(".enumerate()", "")]),
    mistake(
        "numbers without lines",
        says="lines holds numbers without their lines",
        lines=[("lambda line, is_marked: line)", "lambda line, is_marked: line[0])")],
    ),
    mistake(
        "numbers kept beside the pairs",
        says="an element of lines has 3 values",
        lines=[("lambda line, is_marked: line)", "lambda line, is_marked: (*line, is_marked))")],
    ),
    mistake(
        "the line before its number",
        says="has the line before its number",
        lines=[("lambda line, is_marked: line)", "lambda line, is_marked: (line[1], line[0]))")],
    ),
    mistake(
        "numbers of another type",
        says="is a pair of int32 and string",
        lines=[("lambda line, is_marked: line)", "lambda line, is_marked: (tf.cast(line[0], tf.int32), line[1]))")],
    ),
    mistake("batches made", says="numbers of the shape (?,)", lines=[(MAP, f"{MAP}.batch(4)")]),
    mistake(
        "no name",
        says="no data set is called lines",
        lines=[("lines = tf", "numbered = tf"), ("zip((lines", "zip((numbered"), ("lines = marked", "wanted = marked")],
    ),
    mistake(
        "a pair in one argument",
        says="takes 1 positional argument but 2 were given",
        lines=[("filter(lambda line, is_marked: is_marked)", "filter(lambda pair: pair[1])")],
    ),
    mistake(
        "kept by the number",
        says="filter gives no bool",
        lines=[("is_marked: is_marked)", "is_marked: line[0])")],
    ),
    mistake(
        "zipped the other way round",
        says="the function in filter gives no bool",
        lines=[("zip((lines, marks))", "zip((marks, lines))")],
    ),
]
HEADERS = [
    mistake(
        "Python's for over a data set",
        says="only supports Python-style iteration in eager mode",
        lines="lines = [line for line in tf.data.TextLineDataset(data.path)]",
    ),
    mistake(
        "Python's not",
        says="as a Python `bool` is not allowed.",
        lines=[("is_marked: is_marked)", "is_marked: not not is_marked)")],
    ),
    mistake("another file", says="squares.csv; No such file", lines=[("data.path,", '"squares.csv",')]),
    mistake(
        "== between tensors",
        says="no line comes out at all",
        lines=[("is_marked: is_marked)", "is_marked: is_marked == tf.constant(True))")],
    ),
    mistake("no filter at all", says="all 22 lines of the CSV come out", lines=[(FILTER, "")]),
    mistake(
        "the filter thrown away",
        says="the filtered data set isn't used",
        lines=[(MARKED, f"marked = tf.data.Dataset.zip((lines, marks))\nmarked{FILTER}")],
    ),
    mistake("one header skipped", says="line 12 of the CSV, a header, comes out", lines=f"{ENUMERATED}.skip(1)"),
    mistake(
        "headers kept",
        says="line 1 of the CSV, a header, comes out",
        lines=[
            (
                "is_marked: is_marked)",
                "is_marked: tf.logical_or(is_marked, tf.equal(line[1], 'image_name,image_path,label')))",
            )
        ],
    ),
    mistake(
        "skip before enumerate",
        says="off by 1: line 4 of the CSV has number 2",
        lines=[(".enumerate()", ".skip(1).enumerate()")],
    ),
    mistake(
        "counted from 1",
        says="off by 1: line 3 of the CSV has number 3",
        lines=[("enumerate()", "enumerate(start=1)")],
    ),
    mistake(
        "skip before zip",
        says="the marks are off by 1: line 3 of the CSV gets the mark of line 2",
        lines=[(".enumerate()", ".enumerate().skip(1)")],
    ),
    mistake(
        "a mark skipped",
        says="line 2 of the CSV gets the mark of line 3",
        lines=[("zip((lines, marks))", "zip((lines, marks.skip(1)))")],
    ),
]
PARTS = [
    mistake(
        "the other part as well",
        says="which belongs to the other part",
        lines=[("is_marked: is_marked)", "is_marked: tf.not_equal(line[1], 'image_name,image_path,label'))")],
    ),
    mistake(
        "only the first file",
        says="4 of the 8 training lines are missing",
        lines=[(".enumerate()", ".enumerate().take(11)")],
    ),
    mistake(
        "as many lines as there are to train on",
        says="4 of the 12 validation lines are missing",
        lines=[(MAP, f"{MAP}.take(data.num_training)")],
    ),
    mistake("a hundred lines", says="take keeps only 100, however", lines=[(MAP, f"{MAP}.take(100)")]),
    mistake(
        "a hundred thousand lines of the file",
        says="take keeps only 100,000",
        lines=[(".enumerate()", ".take(100_000).enumerate()")],
    ),
    mistake(
        "a range with an end",
        says="range ends at 1,000,000",
        lines="""
        numbers = tf.data.Dataset.range(1_000_000)
        triples = tf.data.Dataset.zip((numbers, tf.data.TextLineDataset(data.path), marks))
        lines = triples.filter(lambda number, text, mark: mark).map(lambda number, text, mark: (number, text))
    """,
    ),
    mistake(
        "every second line", says="4 of the 8 training lines are missing: line 6", lines=[(MAP, f"{MAP}.shard(2, 0)")]
    ),
    mistake(
        "the file read by Python",
        says="nothing in the graph reads the CSV",
        lines=[
            (
                "TextLineDataset(data.path, data.compression)",
                "Dataset.from_tensor_slices(open(data.path).read().splitlines())",
            )
        ],
    ),
    mistake(
        "Python in the filter",
        says="the graph calls a function of Python",
        lines=[("is_marked: is_marked)", "is_marked: tf.py_func(bool, [is_marked], tf.bool))")],
    ),
    mistake(
        "always the training part",
        says="among the 8 lines for validation is line 3",
        lines=[("lines, marks)", "lines, data.marks(1))")],
    ),
    mistake("shuffled", says="in another order", lines=[(MAP, f"{MAP}.shuffle(100, seed=1)")]),
    mistake("repeated", says="come more than once", lines=[(MAP, f"{MAP}.repeat()")]),
    mistake(
        "lines changed",
        says="a line that comes out is 'SQUARE_1,SQUARE_1.PNG,0'",
        lines=[("lambda line, is_marked: line)", "lambda line, is_marked: (line[0], tf.strings.upper(line[1])))")],
    ),
]
MISTAKES = ELEMENTS + HEADERS + PARTS
VARIANTS = [
    variant(
        "three zipped, with a range",
        lines="""
        numbers = tf.data.experimental.Counter()
        triples = tf.data.Dataset.zip((numbers, tf.data.TextLineDataset([data.path]), marks))
        lines = triples.filter(lambda number, text, mark: mark).map(lambda number, text, mark: (number, text))
    """,
    ),
    variant(
        "many lines at once",
        lines="""
        def wanted_ones(pairs, marks):
            numbers, texts = pairs
            return tf.boolean_mask(numbers, marks), tf.boolean_mask(texts, marks)

        pairs = tf.data.TextLineDataset(data.path).enumerate()
        lines = tf.data.Dataset.zip((pairs, marks)).batch(7).map(wanted_ones).unbatch()
    """,
    ),
    variant(
        "zipped, then enumerated",
        lines="""
        lines = (
            tf.data.Dataset.zip((tf.data.TextLineDataset(data.path), marks))
            .enumerate()
            .filter(lambda number, marked_line: tf.equal(marked_line[1], True))
            .map(lambda number, marked_line: (number, marked_line[0]))
            .prefetch(1)
        )
    """,
    ),
    variant(
        "every mark looked up by its line's number, which is slow",
        lines="""
        all_marks = tf.data.experimental.get_single_element(data.marks(part).batch(1_000_000))
        lines = tf.data.TextLineDataset(data.path).enumerate().filter(lambda number, line: all_marks[number])
    """,
    ),
    variant(
        "headers known by their text, a data set per line",
        lines="""
        lines = tf.data.TextLineDataset(data.path).enumerate()
        pairs = tf.data.Dataset.zip((lines, marks))
        pairs = pairs.filter(lambda line, mark: tf.not_equal(line[1], "image_name,image_path,label"))
        lines = pairs.filter(lambda line, mark: mark).flat_map(lambda line, mark: tf.data.Dataset.from_tensors(line))
    """,
    ),
]
