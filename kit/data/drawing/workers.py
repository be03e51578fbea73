"""Draws many images with several processes. Ctrl-C lets each finish its image; the next start draws the rest.

However the script ends, killed for example, its workers end with it.
"""

import os
import signal
import time
from collections.abc import Sequence

from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.settings import DrawingSettings
from kit.data.drawing.folder import image_name, path_of
from kit.system.files import write_whole

IMAGES_PER_TASK, PIXELS_PER_TASK = 50, 50 * 128 * 128  # a worker draws at most so many before it reports


def draw_images(settings: DrawingSettings, indices: Sequence[int]) -> float:
    """Draws the images with these indices; each file is written completely or not at all.

    Returns:
      The seconds it took.
    Raises:
      UserError: an image can't be written, or a worker was ended from outside.
    """
    from concurrent.futures import ProcessPoolExecutor, as_completed  # here: --help needs neither
    from concurrent.futures.process import BrokenProcessPool

    per_task = max(1, min(IMAGES_PER_TASK, PIXELS_PER_TASK // settings.size**2))
    tasks = [indices[start : start + per_task] for start in range(0, len(indices), per_task)]
    workers = min(settings.workers or os.cpu_count() or 1, len(tasks))
    began, done = time.monotonic(), 0
    with ProcessPoolExecutor(workers, initializer=_begin_worker) as pool:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # workers are started here, and inherit this
        results = [pool.submit(_draw_task, settings, task) for task in tasks]
        signal.signal(signal.SIGINT, before)
        try:
            with console.progress("drawing", len(indices), "images") as bar:
                for result in as_completed(results):
                    done += result.result()
                    bar.advance(result.result(), f"{done / (time.monotonic() - began):,.0f} images/s")
        except BrokenProcessPool as error:
            raise UserError(
                "A process that draws was ended from outside; perhaps there is too little memory.\n"
                "  The same command continues. With --workers 1 it takes less memory."
            ) from error
        except BaseException:
            pool.shutdown(cancel_futures=True)  # waits for the tasks that have begun
            console.say("Not all images are drawn yet; the same command continues.")
            raise
    return time.monotonic() - began


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


def _draw_task(settings: DrawingSettings, indices: Sequence[int]) -> int:
    """In a worker: draws a few images to their files; returns how many."""
    from kit.data.drawing import png  # here, so that --help needs no NumPy and Pillow
    from kit.data.drawing.draw import draw

    for index in indices:
        image = draw(settings.shape, index, settings.size, settings.seed, settings.style)
        with write_whole(path_of(settings, image_name(settings, index))) as partial, open(partial, "wb") as file:
            file.write(png.encode(image))
    return len(indices)
