"""The errors of Python and TensorFlow that students meet most: what was expected instead, and why."""

LONGEST = 500  # characters of an error's message, in a finding


def explanation_of(error: BaseException, message: str) -> tuple[str, str]:
    """(what was expected, why it matters) for an error with a message."""
    for kind, words, expected, why in _EXPLANATIONS:
        if isinstance(error, kind) and words in message:
            return expected, why
    return "lines that run without an error", "Python or TensorFlow stopped at this line."


def line_of_message(message: str) -> str:
    """The line of an error's message that says what happened."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    is_report = bool(lines) and lines[0] == "in user code:"  # of a data set's function: the error stands at its end
    return lines[-1 if is_report else 0][:LONGEST] if lines else "no message"


# (type of error, words in its message, what was expected, why it matters): the errors that students meet most.
_EXPLANATIONS: list[tuple[type[BaseException], str, str, str]] = [
    (
        NameError,
        "",
        "names that the comment in the blank lists, that are imported above, or that your lines make",
        "Your lines see only these names.",
    ),
    (
        RuntimeError,
        "finalized",
        "nothing added to the graph here: build it once, before the session",
        "The graph is finished. Operations added in the loop would make it grow, and get slower, with every step.",
    ),
    (
        Exception,
        "must feed a value for placeholder",
        "a value for each placeholder that the fetched tensors need, by feed_dict={placeholder: value}",
        "A placeholder has no value of its own: each `run` must feed one.",
    ),
    (
        Exception,
        "uninitialized",
        "the initializer run first: session.run(tf.global_variables_initializer())",
        "A variable has no value until its initializer has run in this session.",
    ),
    (
        TypeError,
        "DataType float32 not in list of allowed values: int8",
        "** for a power, if ^ was meant as one",
        "In Python ^ is bitwise XOR, and works only on whole numbers; ** is a power.",
    ),
    (
        RuntimeError,
        "Session graph is empty",
        "a session on the graph that you built: tf.Session(graph=graph)",
        "Without an argument, a session takes the default graph, which is another graph here.",
    ),
    (
        Exception,
        "as a Python `bool`",
        "a choice within the graph: a data set's filter, tf.where or tf.cond",
        "A tensor is neither true nor false before a session runs it, so Python's `if` can't use it.",
    ),
    (
        Exception,
        "Iterating over a symbolic",
        "one operation on the whole tensor, such as tf.reduce_mean",
        "A tensor has no numbers before a session runs it, so Python can't loop over them.",
    ),
    (
        RuntimeError,
        "__iter__",
        "session.run(next_element), again and again",
        "While the graph is built, a data set or an iterator has no elements that Python's `for` could loop over.",
    ),
    (
        AttributeError,
        "SymbolicTensor",
        "TensorFlow's functions: tf.cast(x, tf.float32), tf.reduce_mean(x), tf.argmax(x, axis=1)",
        "A tensor is not a NumPy array and has none of its methods: it has numbers only in a session.",
    ),
    (
        NotImplementedError,
        "to a numpy array",
        "TensorFlow's functions in place of NumPy's: tf.reduce_mean for np.mean",
        "NumPy computes at once, and a tensor has no numbers before a session runs it.",
    ),
    (
        TypeError,
        "not 'SymbolicTensor'",
        "tf.cast for another type of number",
        "Python's float and int want a number, and a tensor has none before a session runs it.",
    ),
    (
        TypeError,
        'has invalid type "function"',
        "the function called, with parentheses: tf.global_variables_initializer()",
        "A session runs what the function makes, not the function.",
    ),
    (
        OSError,
        "File too large",
        "a few lines of output at most",
        "So much output would fill the disk.",
    ),
    (
        MemoryError,
        "",
        "lines that need less memory",
        "The check gives a blank a few gigabytes.",
    ),
]
