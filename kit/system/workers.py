"""Makes many files with several processes. Ctrl-C lets each finish its task; the next start makes the rest.

However the script ends, killed for example, its workers end with it.
"""

import os
import signal
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.interrupts import ignored_by_children

MOST_BY_DEFAULT = 61  # processes; Windows can't wait for more

Item = TypeVar("Item")
Result = TypeVar("Result")


def work_in_parallel(
    work: Callable[[Sequence[Item]], Result], tasks: Sequence[Sequence[Item]], workers: int | None, doing: str
) -> list[Result]:
    """Calls work(task) for each task, and shows the progress.

    Args:
      work: a module's function, or a functools.partial of one: a worker is sent it. An item of a task is an image.
      tasks: short ones, since Ctrl-C waits for those that have begun.
      workers: how many processes; None for one per core, up to MOST_BY_DEFAULT.
      doing: the job, in a word ("drawing").
    Returns:
      What `work` returned, in the order of the tasks.
    Raises:
      UserError: from `work`; or a worker was ended from outside.
    """
    from concurrent.futures import Future, ProcessPoolExecutor, as_completed  # here: --help needs neither
    from concurrent.futures.process import BrokenProcessPool

    began, done = time.monotonic(), 0
    count_of: dict[Future[Result], int] = {}  # images
    workers = min(workers or min(os.cpu_count() or 1, MOST_BY_DEFAULT), len(tasks))
    with ProcessPoolExecutor(workers, initializer=_begin_worker) as pool:
        try:
            with ignored_by_children():  # workers are started here
                for task in tasks:
                    count_of[pool.submit(work, task)] = len(task)
            with console.progress(doing, sum(count_of.values()), "images") as bar:
                for future in as_completed(count_of):
                    future.result()
                    done += count_of[future]
                    bar.advance(count_of[future], f"{done / (time.monotonic() - began):,.0f} images/s")
        except BrokenProcessPool as error:
            raise UserError(
                f"A process that was {doing} was ended from outside; perhaps there is too little memory.\n"
                "  The same command continues. With --workers 1 it takes less memory."
            ) from error
        except BaseException:
            pool.shutdown(cancel_futures=True)  # waits for the tasks that have begun
            console.say("Not all images are there yet; the same command continues.")
            raise
    return [future.result() for future in count_of]


def _begin_worker() -> None:
    """In a worker: Ctrl-C is for the parent, which lets begun tasks finish; but a worker doesn't outlive its parent."""
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Waits for the parent's end, then ends this process; what it was writing is removed by the next start."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
