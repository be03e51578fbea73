"""Answers to this blank."""

from exercises.answers import mistake, variant

MISTAKES = [
    mistake("a tensor instead of its number", says="value isn't a number but a tensor", lines="value = y"),
    mistake("nothing fed", says="must feed a value for placeholder", lines=[(", feed_dict={x: settings.x}", "")]),
    mistake(
        "Python's arithmetic", says="value is 7.5, but no session has run y", lines="value = 2 * settings.x**2 + 3"
    ),
    mistake(
        "Python's arithmetic in a session",
        says="but no session has run y",
        lines=[("session.run(y, feed_dict={x: settings.x})", "2 * session.run(x, {x: settings.x}) ** 2 + 3")],
    ),
    mistake(
        "the answer fed for y",
        says="no session has run",
        lines=[("feed_dict={x: settings.x}", "feed_dict={y: 2 * settings.x**2 + 3}")],
    ),
    mistake("the graph as the machine", says="Argument `target` must be a string", lines=[("graph=graph", "graph")]),
    mistake("no graph", says="The Session graph is empty", lines=[("graph=graph", "")]),
    mistake(
        "run after the with",
        says="Attempted to use a closed Session",
        lines=[("    value", "    pass\nvalue")],
    ),
    mistake("a text as the key", says="feed_dict has the text 'x' as a key", lines=[("{x:", "{'x':")]),
    mistake(
        "a name that the graph hasn't",
        says="feed_dict has the text 'Placeholder:0' as a key",
        lines=[("{x:", "{'Placeholder:0':")],
    ),
    mistake(
        "x by its name", says="run() got an unexpected keyword", lines=[("feed_dict={x: settings.x}", "x=settings.x")]
    ),
    mistake("a list to feed", says="feed_dict is a list", lines=[("{x: settings.x}", "[x, settings.x]")]),
    mistake(
        "y called", says="a tensor is not callable", lines=[("session.run(y, feed_dict={x: settings.x})", "y(4.0)")]
    ),
    mistake("a number by the tensor's name", says="Can not convert a float", lines=[("with", "x = settings.x\nwith")]),
    mistake("eager", says="has no attribute 'numpy'", lines="value = y.numpy()"),
    mistake("a list with the number", says="value is a list of 1", lines=[("run(y", "run([y]")]),
    mistake(
        "a whole number",
        says="with x = -1.5, value is 7",
        lines=[("session.run(", "int(session.run("), ("x})", "x}))")],
    ),
    mistake(
        "printed only",
        says="value isn't a number but missing",
        lines=[("value = session.run(", "print(session.run("), ("x})", "x}))")],
    ),
    mistake("the answer typed in", says="with x = -1.5, value is 35", lines="value = 35.0"),
]
VARIANTS = [
    variant(
        "the default session, eval, a feed built before",
        lines="""
        feed = {x: settings.x}
        session = tf.compat.v1.Session(graph=graph)
        with session.as_default():
            session.run(tf.global_variables_initializer()) if tf.global_variables() else None
            value = y.eval(feed_dict=feed)
        session.close()
    """,
    ),
    variant(
        "a function, two fetches, the tensor's own name",
        lines="""
        def computed(number):
            with tf.Session(graph=graph) as session:
                return session.run([x, y], {x.name: number})

        _, value = computed(settings.x)
        print(f"{value:.3f}")
    """,
    ),
    variant(
        "y.eval",
        lines="""
        with tf.Session(graph=graph):
            value = y.eval({x: settings.x})
    """,
    ),
    variant(
        "a session without with",
        lines="""
        session = tf.Session(graph=graph)
        value = float(session.run([y], {"x:0": settings.x})[0])
    """,
    ),
]
