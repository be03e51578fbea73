"""Answers to this blank."""

HANDLES = "handles = [each.string_handle() for each in iterators]\n"
PLACEHOLDER = 'handle_ph = tf.placeholder(tf.string, [], "handle")\n'
ITERATOR = "tf.data.Iterator.from_string_handle(handle_ph, types, shapes)"

MISTAKES = {
    "handles is a list of 2, the first an iterator": ("[each.string_handle() for each in iterators]", "iterators"),
    "next_images doesn't depend on handle_ph": (ITERATOR, "iterators[0]"),
    "there is no handles": ("handles = ", "names = "),
    "the first a function, not called": ("string_handle()", "string_handle"),
    "handles is a tensor": ("[each.string_handle() for each in iterators]", "iterators[0].string_handle()"),
    "of the iterators of held_out and training": ("in iterators]", "in iterators[::-1]]"),
    "of the iterators of training and training": (
        "[each.string_handle() for each in iterators]",
        "[iterators[0].string_handle()] * 2",
    ),
    "handles are tensors of uint8, uint8": ("string_handle()", "get_next()"),
    "handle_ph is no placeholder": ('tf.placeholder(tf.string, [], "handle")', "handles[0]"),
    "handle_ph is of int32": [
        ("tf.string, []", "tf.int32, []"),
        ("handle(handle_ph", "handle(tf.as_string(handle_ph)"),
    ],
    "there is no handle_ph": [("handle_ph = ", "fed = "), ("handle(handle_ph", "handle(fed")],
    "handle_ph has the shape (2,)": [("tf.string, []", "tf.string, [2]"), ("handle(handle_ph", "handle(handle_ph[0]")],
    "next_images is the iterator": (".get_next()", ""),
    "uint8 of the shape <unknown>": ("handle_ph, types, shapes", "handle_ph, types"),
    "TensorFlow stops at next_images: ": ("handle(handle_ph", 'handle("handle of " + handle_ph'),
    "the images [8, 9] come": HANDLES
    + PLACEHOLDER
    + """\
both = [each.get_next() for each in iterators]
next_images = tf.where(tf.equal(handle_ph, handles[0]), *both)
""",
}
VARIANTS = {
    "the two handles by name, and the types of held_out": """
        training_iterator, held_out_iterator = iterators
        handles = (training_iterator.string_handle(), held_out_iterator.string_handle())
        handle_ph = tf.placeholder(tf.string, shape=())
        iterator = tf.data.Iterator.from_string_handle(
            handle_ph, held_out.output_types, held_out.output_shapes
        )
        next_images = iterator.get_next()
    """,
    "cond": """
        handles = [each.string_handle() for each in iterators]
        handle_ph = tf.placeholder(tf.string, [])
        is_training = tf.equal(handle_ph, handles[0])
        next_images = tf.cond(is_training, lambda: iterators[0].get_next(), lambda: iterators[1].get_next())
    """,
}
