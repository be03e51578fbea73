"""A session for the rehearsal of a loop: it keeps the errors that it raises, and doesn't run for ever."""

import kit.tensorflow1 as tf

MOST_RUNS = 100  # of a session; a loop that still goes on never ends


class NeverEnding(BaseException):
    """The session was run too often. Not an Exception, so that an `except Exception` doesn't catch it."""


def recording_session(graph, errors):
    """A tf.Session that appends what its runs raise to a list, and raises NeverEnding after MOST_RUNS of them."""

    class Session(tf.Session):
        runs = 0

        def run(self, *arguments, **options):
            self.runs += 1
            if self.runs > MOST_RUNS:
                raise NeverEnding
            try:
                return super().run(*arguments, **options)
            except Exception as error:
                errors.append(error)
                raise

    return Session(graph=graph)
