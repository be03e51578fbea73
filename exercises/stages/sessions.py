"""A session for a rehearsal: it can't run for ever, and it keeps what its stage wants to know of each run."""

from collections.abc import Callable
from typing import Any

import kit.tensorflow1 as tf

MOST_RUNS = 100  # of a session; a loop that still goes on never ends


class NeverEnding(BaseException):
    """The session was run too often. Not an Exception, so that an `except Exception` doesn't catch it."""


def watched_session(
    graph: Any,
    after_run: Callable | None = None,
    on_error: Callable | None = None,
    on_fetches: Callable | None = None,
) -> Any:
    """A tf.Session that raises NeverEnding after MOST_RUNS runs.

    Args:
      graph: tf.Graph.
      after_run: called after each run that ended well, with the session's `run`, whose calls don't count.
      on_error: called with each exception that a run raises.
      on_fetches: called after each run that ended well, with all that it fetched: a list of tensors and operations.
    """

    class Session(tf.Session):
        runs = 0

        def run(self, fetches: Any, *arguments: Any, **options: Any) -> Any:
            self.runs += 1
            if self.runs > MOST_RUNS:
                raise NeverEnding
            try:
                result = super().run(fetches, *arguments, **options)
            except Exception as error:
                if on_error:
                    on_error(error)
                raise
            if on_fetches:
                on_fetches([graph.as_graph_element(each) for each in tf.nest.flatten(fetches)])
            if after_run:
                after_run(super().run)
            return result

    return Session(graph=graph)
