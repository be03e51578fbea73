"""Workers that are killed or frozen at random moments, each time followed by --resume on another number of workers.

CLUSTER_LOSSES=10,5 in the environment does it 10 and 5 times.
"""

import os
import random
import signal
import subprocess
import time

import pytest
from support.made_tables import with_table
from support.trained import assert_same
from support.workers import Workers, train_together

KILLS, FREEZES = map(int, os.environ.get("CLUSTER_LOSSES", "2,1").split(","))
SIZES = (1, 2, 4)
SECONDS_TO_START = 8.0  # about
SECONDS_TO_END = 60  # for the others: 30, on a machine that does nothing else
IMPATIENT = "from kit.cluster import notices\nnotices.SECONDS_TO_START = 20"  # some are lost before they have started
TABLE = ["--data", "X.tabular", "--labels", "y.tabular", "--batch_size", 16, "--micro_batches", 4, "--epochs", 100]
TABLE += ["--architecture", "dense 16 elu, batchnormalization, dropout 0.3, dense 1 sigmoid", "--deterministic"]


def lose_a_worker(workers, number, moments):
    """Sends a random worker a signal at a random moment: as they start, or as they train and write checkpoints.

    Returns:
      (in words what happened, the statuses of the others); None if they had come to their end before.
    """
    lost = moments.randrange(len(workers.processes))
    if moments.random() < 0.4:
        seconds, when = moments.uniform(0, SECONDS_TO_START), "after the start"
    else:
        if not workers.prints("epoch "):
            return None
        seconds, when = moments.uniform(0, 2), "after the first epoch"
    time.sleep(seconds)
    if any(process.poll() is not None for process in workers.processes):
        return None
    workers.processes[lost].send_signal(number)
    others = [process for process in workers.processes if process is not workers.processes[lost]]
    began = time.monotonic()
    for process in others:
        try:
            process.communicate(timeout=SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it hangs: {number.name} to {lost}, {seconds:.2f} s {when}") from None
    words = f"{number.name} to {lost} of {len(workers.processes)}, {seconds:.2f} s {when}"
    return f"{words}: ended after {time.monotonic() - began:.1f} s", [process.returncode for process in others]


@pytest.mark.long
def test_whoever_is_lost_the_others_end_and_the_run_comes_to_the_same_end(tmp_path):
    with_table(tmp_path)
    train_together(tmp_path, 1, *TABLE, "--run", "undisturbed")
    seed = random.SystemRandom().randrange(10**6)
    print("seed of the moments:", seed)
    moments, size, number_of_run = random.Random(seed), 4, 1
    signals = [signal.SIGKILL] * KILLS + [signal.SIGSTOP] * FREEZES
    moments.shuffle(signals)
    while signals:
        name = f"disturbed_{number_of_run}"
        has_begun = (tmp_path / "runs" / name / "config.json").exists()
        words = ["--resume", "--run", name] if has_begun else [*TABLE, "--run", name]
        if signals[0] == signal.SIGSTOP and size == 1:
            size = 2
        workers = Workers(tmp_path, size, *words, change=IMPATIENT)
        happened = lose_a_worker(workers, signals[0], moments)
        if happened:
            workers.kill()
            print(happened[0], flush=True)
            assert set(happened[1]) <= {0, 2}, workers.end()
            signals.pop(0)
        else:
            ended = workers.end()
            assert {status for status, _, _ in ended} == {0}, ended
        if not happened or moments.random() < 0.25:
            train_together(tmp_path, 1, "--resume", "--run", name)
            assert_same(tmp_path / "runs" / name, tmp_path / "runs" / "undisturbed")
            number_of_run += 1
        size = moments.choice([other for other in SIZES if other != size])
