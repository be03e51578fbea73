"""The order of gathered rows, which is that of the workers: TensorFlow's own puts worker 10 before worker 2."""

import pytest
from support import warm
from support.scripts import PROJECT, environment

from kit.cluster.local import free_addresses
from kit.cluster.tf_config import NAME, Cluster, tf_config

GATHER = """
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
    addresses = free_addresses(workers)
    env = {**environment(), "PYTHONPATH": str(PROJECT)}
    configs = [tf_config(Cluster(addresses, rank)) for rank in range(workers)]
    processes = [warm.start("-c", tmp_path, GATHER, env={**env, NAME: config}) for config in configs]
    try:
        ended = [process.communicate(timeout=warm.SECONDS) for process in processes]
    finally:
        for process in processes:
            process.kill()
    assert [output for output, _ in ended] == [f"{list(range(2 * workers))}\n"] * workers, ended
