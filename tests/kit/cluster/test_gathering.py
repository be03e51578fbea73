"""The order of gathered rows, which is that of the workers: TensorFlow's own puts worker 10 before worker 2."""

import subprocess
import sys

import pytest
from support.scripts import PROJECT

GATHER = """
import sys
import kit.tensorflow1 as tf
from kit.cluster.gathering import gatherer
from kit.cluster.membership import join

worker = join()
own = tf.constant([[2.0 * worker.rank], [2.0 * worker.rank + 1]])
gathered = gatherer(worker)(own)
config = tf.ConfigProto()
worker.configure(config)
with tf.Session(worker.target, config=config) as session:
    print(session.run(gathered).ravel().astype(int).tolist(), flush=True)
    session.run(gathered)  # none ends before all have printed
"""


@pytest.mark.parametrize("workers", [2, pytest.param(12, marks=pytest.mark.long)])
def test_rows_come_in_the_order_of_the_workers(workers, tmp_path):
    script = tmp_path / "gather.py"
    script.write_text(f"import sys\nsys.path.insert(0, {str(PROJECT)!r})\n{GATHER}", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "kit.cluster", "--workers", str(workers), str(script)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    printed = [line.partition(" | ")[2] for line in done.stdout.splitlines()]
    assert printed == [str(list(range(2 * workers)))] * workers, done.stderr
