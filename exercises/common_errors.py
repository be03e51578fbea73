"""The errors of Python and TensorFlow that students meet most: what was expected instead, and why."""

import builtins
import difflib
import re
import sys
from types import ModuleType

LONGEST = 300  # characters of an error's message, in a finding
MODULES = (
    "",
    "data.",
    "errors.",
    "image.",
    "io.",
    "losses.",
    "math.",
    "nn.",
    "strings.",
    "summary.",
    "train.",
)  # of tf
TENSOR = "TensorFlow's functions: tf.cast(x, tf.float32), tf.reduce_mean(x), tf.argmax(x, axis=1)"

# Names inside TensorFlow and in the checks, and what a student calls these things.
_PLAIN_WORDS = [
    (r"module '(?:tensorflow\.compat\.v1|tensorflow\._api\.v2\.compat\.v1)(?:\.(\w+))?'", r"tf.\1"),
    (r"\btf\. has", "tf has"),
    (r"'?\bSymbolicTensor\b'? object", "a tensor"),
    (r"'?\bSymbolicTensor\b'?", "a tensor"),
    (r"'?\bDatasetV\dAdapter\b'? object", "a data set"),
    (r"'?\b(?:types\.)?_?SimpleNamespace\b'? object", "this object"),
    (r"'?\bSparseTensor\b'? object", "a sparse tensor"),
    (r"<exercises\.[^>]*>|<tensorflow\.python\.[^>]*>|<function (\w+) at 0x\w+>", r"\1"),
    (r"'types\.SimpleNamespace'", "another object"),
    (r"Cannot interpret feed_dict key as Tensor: The name '(.*?)'.*", r"feed_dict has the text '\1' as a key"),
    (r"FlattenDictItems: .* instead of '(\w+)'\.", r"feed_dict is a \1"),
    (r"\bBaseSession\.run\(\)", "session.run()"),
    (r"\b(?:Head|StageRun|Recorder|Parser)\.(\w+)\(\)", r"\1()"),
    (r"'(?:Head|StageRun|Recorder)' object", "this object"),
    (r"\. You can attempt the following.*", "."),
    (r"\. This error may indicate.*", "."),
    (r" at 0x[0-9a-f]+", ""),
]


def explanation_of(error: BaseException, message: str) -> tuple[str, str]:
    """(what was expected, why it matters) for an error with a message."""
    for kinds, words, expected, why in _EXPLANATION.findall(_EXPLANATIONS):
        is_kind = any(isinstance(error, getattr(builtins, kind)) for kind in kinds.split("|"))
        if is_kind and re.search(words, message):
            return expected, why
    if isinstance(error, AssertionError):
        return "what your assert says, or no assert", "The check has small data of its own, unlike the script's."
    if isinstance(error, AttributeError):
        return _right_name(error), "There is nothing of that name."
    return "lines that run without an error", "Python or TensorFlow stopped at this line."


def line_of_message(message: str) -> str:
    """The line of an error's message that says what happened, in a student's words."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    is_report = bool(lines) and lines[0] == "in user code:"  # of a data set's function: the error stands at its end
    line = lines[-1 if is_report else 0] if lines else "no message"
    for pattern, words in _PLAIN_WORDS:
        line = re.sub(pattern, lambda match, words=words: match.expand(words), line)
    return line[:LONGEST]


def _right_name(error: AttributeError) -> str:
    """What a name that there isn't was probably meant to be."""
    name, owner = error.name or "", error.obj
    if isinstance(owner, ModuleType) and "tensorflow" in owner.__name__:
        tensorflow = sys.modules["tensorflow.compat.v1"]  # an error of its own has come out of it
        for module in MODULES:
            for known in dir(getattr(tensorflow, module[:-1]) if module else tensorflow):
                if known.lower().replace("_", "") == name.lower().replace("_", ""):
                    return f"tf.{module}{known}"
    near = difflib.get_close_matches(name, [each for each in dir(owner) if not each.startswith("_")], n=1, cutoff=0.75)
    return (
        f"{near[0]}, if that is what was meant" if near else "a name that is there; the second hint of the blank helps"
    )


# The errors that students meet most: type of error: pattern in its message, what was expected, why it matters.
_EXPLANATION = re.compile(r"(?m)^(\w[\w|]*): ?(.*)\n    (.*)\n    (.*)$")
_EXPLANATIONS = r"""
NameError:
    names that the comment in the blank lists, that are imported above, or that your lines make
    Your lines see only these names.
# ---- the session
TypeError: `target` must be a string
    tf.Session(graph=graph), with the argument's name
    The first argument of tf.Session is the machine to compute on; the graph must be given by its name.
RuntimeError: closed Session
    the run inside the `with`, indented
    At the end of its `with` a session is closed, and its values are gone.
RuntimeError: not re-entrant
    session.run(...), without another `with`
    The script has opened the session already, and closes it at the end.
TypeError: does not support the context manager
    the class called: with tf.Session(graph=graph) as session
    Without parentheses it is the class, and not a session.
RuntimeError: Session graph is empty
    a session on the graph that you built: tf.Session(graph=graph)
    Without an argument, a session takes the default graph, which is another graph here.
RuntimeError: finalized
    nothing added to the graph here: build it once, before the session
    The graph is finished. Operations added in the loop would make it grow, and get slower, with every step.
Exception: No default session|Cannot evaluate tensor using `eval|Cannot execute operation using `run
    session.run(tensor), or tensor.eval(session=session)
    eval and run without a session need one that is open as the default one.
# ---- what is fetched and fed
Exception: must feed a value for placeholder
    a value for each placeholder that the fetched tensors need, by feed_dict={placeholder: value}
    A placeholder has no value of its own: each `run` must feed one.
TypeError: feed_dict key as Tensor: The name
    the placeholder itself as the key, without quotes: feed_dict={placeholder: value}
    A text is looked up among the names in the graph, which are not those of Python.
TypeError: feed_dict key as Tensor
    the placeholder as the key, and what is fed as its value: feed_dict={placeholder: value}
    The key says where it goes, so it must be a tensor of the graph; a name that was given a number is none.
TypeError: FlattenDictItems|unhashable type: '(list|dict|numpy)
    a dict: feed_dict={placeholder: value}
    A dict says which value goes into which placeholder.
TypeError: run\(\) got an unexpected keyword
    feed_dict={placeholder: value}
    session.run takes all that is fed in one dict.
TypeError: run\(\) missing 1 required
    session.run(...), where session is what tf.Session(graph=graph) gives
    run needs a session: it belongs to the one that was opened.
TypeError: has invalid type "(function|method)"
    the function called, with parentheses: tf.global_variables_initializer()
    A session runs what the function makes, not the function.
TypeError: has invalid type "Iterator"
    iterator.initializer to start it, or next_element to fetch a batch
    A session runs tensors and operations; an iterator has one of each kind.
TypeError|ValueError: Argument `fetch` =
    tensors and operations of this graph: session.run(y), and several in a list
    A session computes what the graph holds; a text is looked up among the names in the graph.
Exception: uninitialized
    the initializer run first: session.run(tf.global_variables_initializer())
    A variable has no value until its initializer has run in this session.
# ---- Python where the graph has to compute
TypeError: DataType float32 not in list of allowed values: int8
    ** for a power, if ^ was meant as one
    In Python ^ is bitwise XOR, and works only on whole numbers; ** is a power.
Exception: as a Python `bool`
    a choice within the graph: a data set's filter, tf.where or tf.cond
    A tensor is neither true nor false before a session runs it, so Python's `if` can't use it.
Exception: Iterating over a symbolic|len is not well defined for a symbolic|__len__
    one operation on the whole tensor: tf.reduce_mean(losses), not sum(losses) / len(losses)
    A tensor has no numbers before a session runs it, so Python can't loop over them or count them.
Exception: Python-style iteration|only supports `len`|only supported in eager|__iter__|not an iterator
    methods of the data set (map, filter, batch), or an iterator's get_next() and session.run
    While the graph is built, a data set has no elements that Python's `for`, `next` or `len` could work on.
NotImplementedError: to a numpy array
    TensorFlow's functions in place of NumPy's: tf.reduce_mean for np.mean
    NumPy computes at once, and a tensor has no numbers before a session runs it.
TypeError: not '?SymbolicTensor|SymbolicTensor'? object cannot be interpreted
    TensorFlow's functions: tf.cast for another type of number, tf.pow for a power
    Python's float, int and math want a number, and a tensor has none before a session runs it.
TypeError: 'SparseTensor' object is not subscriptable
    tf.string_split([line], ',').values, whose elements are the fields
    In TensorFlow 1 a split text is a sparse tensor; its `values` are the pieces.
TypeError: 'SymbolicTensor' object is not callable|'Operation' object is not callable
    session.run(it), without parentheses behind it
    A tensor or an operation is no function: a session runs it.
TypeError: is not callable
    one of its methods, named after a point, as in head.per_example(labels_ph, logits); or no parentheses
    Only functions and methods can be called.
TypeError: (float|int)\(\) argument must be
    a single number or an array there, such as settings.x, and not the object that holds it
    Only numbers can be fed, or turned into others.
AttributeError: SymbolicTensor
    TensorFlow's functions: tf.cast(x, tf.float32), tf.reduce_mean(x), tf.argmax(x, axis=1)
    A tensor is no NumPy array: it has numbers only in a session.
# ---- names of TensorFlow 2
AttributeError: summary' has no attribute|FileWriter' object has no attribute
    TensorFlow 1's: tf.summary.FileWriter(folder, graph), tf.summary.scalar(tag, tensor), writer.add_summary
    create_file_writer, as_default and the like are TensorFlow 2's; with a graph and a session they don't work.
TypeError: scalar\(\) got an unexpected keyword argument 'step'|^scalar\(\) takes
    tf.summary.scalar(tag, tensor); the step is given later, to writer.add_summary(summary, step)
    A step in tf.summary.scalar is TensorFlow 2's. Here a summary is a part of the graph, run at any step.
# ---- types, shapes, files
Exception: has type \w+ that does not match|Tensor conversion requested dtype|not in list of allowed values
    numbers of one type, by tf.cast(tensor, tf.float32)
    TensorFlow doesn't turn whole numbers into fractions, or texts into numbers, on its own.
TypeError: Invalid input to `zip`
    a tuple of data sets: tf.data.Dataset.zip((a, b))
    zip takes its data sets in a pair of parentheses of their own.
TypeError: Expected DataType for argument 'dtype'
    the type first, then the shape: tf.placeholder(tf.float32, [])
    A placeholder must know what kind of numbers it takes.
TypeError: positional argument
    as many arguments as it takes
    The guide and the hints show the call; a function gets what stands in its parentheses.
Exception: No such file or directory
    a path that the script gives, none that is typed in
    Everybody's files lie elsewhere.
Exception: fields but have|is not a valid int|passed to 'record_defaults'
    a default for each field of image_name,image_path,label, of the field's type
    tf.decode_csv takes the types of the fields, and how many there are, from record_defaults.
Exception: Invalid reduction dimension|Expected dimension in the range|axis .* is out of bounds
    an axis that the tensor has: 0 goes through the images of [B], 1 through the classes of [B, classes]
    The shapes stand in the comments; an axis counts from 0.
Exception: converting shape to a TensorShape|can only concatenate list
    a list of whole numbers, with None for any size: [None, *data.shape]
    data.shape is (H, W, 3); the star puts its numbers into the list.
ValueError: could not be broadcast
    arrays of one shape, or all batches joined first, by np.concatenate
    NumPy adds and compares number by number, so there must be as many on both sides.
TypeError: Expected binary or unicode string|expected string or bytes-like object
    a text there, such as a name or a path: the arguments in the right order
    The hints show the call and the order of its arguments.
ImportError:
    the modules that the script imports already
    Keras and tf.layers aren't a part of the lesson, and don't work with it.
OSError: File too large
    a few lines of output at most
    So much output would fill the disk.
MemoryError:
    lines that need less memory
    The check gives a blank a few gigabytes.
"""
