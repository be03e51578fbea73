"""Answers to this blank."""

MISTAKES = {
    "value isn't a number but a tensor": "value = y",
    "must feed a value for placeholder": (", feed_dict={x: settings.x}", ""),
    "value is 7.5, but no session has run y": "value = 2 * settings.x**2 + 3",
    "but no session has run y": (
        "session.run(y, feed_dict={x: settings.x})",
        "2 * session.run(x, {x: settings.x}) ** 2 + 3",
    ),
    "no session has run": ("feed_dict={x: settings.x}", "feed_dict={y: 2 * settings.x**2 + 3}"),
    "Argument `target` must be a string": ("graph=graph", "graph"),
    "The Session graph is empty": ("graph=graph", ""),
    "Attempted to use a closed Session": ("    value", "    pass\nvalue"),
    "feed_dict has the text 'x' as a key": ("{x:", "{'x':"),
    "feed_dict has the text 'Placeholder:0' as a key": ("{x:", "{'Placeholder:0':"),
    "run() got an unexpected keyword": ("feed_dict={x: settings.x}", "x=settings.x"),
    "feed_dict is a list": ("{x: settings.x}", "[x, settings.x]"),
    "a tensor is not callable": ("session.run(y, feed_dict={x: settings.x})", "y(4.0)"),
    "Can not convert a float": ("with", "x = settings.x\nwith"),
    "has no attribute 'numpy'": "value = y.numpy()",
    "value is a list of 1": ("run(y", "run([y]"),
    "with x = -1.5, value is 7": [("session.run(", "int(session.run("), ("x})", "x}))")],
    "value isn't a number but missing": [("value = session.run(", "print(session.run("), ("x})", "x}))")],
    "with x = -1.5, value is 35": "value = 35.0",
}
VARIANTS = {
    "the default session, eval, a feed built before": """
        feed = {x: settings.x}
        session = tf.compat.v1.Session(graph=graph)
        with session.as_default():
            session.run(tf.global_variables_initializer()) if tf.global_variables() else None
            value = y.eval(feed_dict=feed)
        session.close()
    """,
    "a function, two fetches, the tensor's own name": """
        def computed(number):
            with tf.Session(graph=graph) as session:
                return session.run([x, y], {x.name: number})

        _, value = computed(settings.x)
        print(f"{value:.3f}")
    """,
    "y.eval": """
        with tf.Session(graph=graph):
            value = y.eval({x: settings.x})
    """,
    "a session without with": """
        session = tf.Session(graph=graph)
        value = float(session.run([y], {"x:0": settings.x})[0])
    """,
}
