"""docs/scale.md is true: its commands run one after the other, and the runs that it says are equal are."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.scripts import PROJECT

TEXT = (PROJECT / "docs" / "scale.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(?ms)^```sh\n(.*?)^```$", TEXT)
EQUAL = ("in_parts", "two_workers", "four_workers", "far")
WEIGHTS = """
import sys
import numpy as np
import kit.tensorflow1 as tf
reader = tf.train.load_checkpoint(tf.train.latest_checkpoint(sys.argv[1]))
names = reader.get_variable_to_shape_map()
np.savez(sys.argv[2], **{name.replace("/", "|"): reader.get_tensor(name) for name in names})
"""


def free_ports():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        return first.getsockname()[1], second.getsockname()[1]


def start(commands, folder):
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.Popen(
        ["bash", "-ec", commands],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def on_two_machines(commands):
    """The commands of both machines, here: the page has those of the first, and says what differs on the second."""
    for address, port in zip(("host0:2222", "host1:2222"), free_ports()):
        commands = commands.replace(address, f"127.0.0.1:{port}")
    return [commands, commands.replace('"index": 0', '"index": 1')]


def history_without_seconds(folder):
    return [line.rpartition(",")[0] for line in (folder / "history.csv").read_text(encoding="utf-8").splitlines()]


def best_weights(folder, path):
    subprocess.run([sys.executable, "-c", WEIGHTS, str(folder / "best"), str(path)], cwd=PROJECT, check=True)
    return dict(np.load(path))


@pytest.mark.long
def test_the_commands_run_and_the_runs_are_equal(tmp_path):
    for script in ("training.py", "evaluating.py", "kit"):
        (tmp_path / script).symlink_to(PROJECT / script)
    for shape in ("square", "triangle"):
        flags = ["--shape", shape, "--num_images", "60", "--output_directory", f"{shape}s", "--size", "32"]
        subprocess.run([sys.executable, str(PROJECT / "dataset_creation.py"), *flags], cwd=tmp_path, check=True)
    lines = [(tmp_path / f"{shape}s" / "info.csv").read_text(encoding="utf-8") for shape in ("square", "triangle")]
    (tmp_path / "dataset.csv").write_text("".join(lines), encoding="utf-8")
    assert len(BLOCKS) >= 6
    for block in BLOCKS:
        processes = [start(each, tmp_path) for each in (on_two_machines(block) if "TF_CONFIG" in block else [block])]
        printed = [process.communicate()[0] for process in processes]
        assert [process.returncode for process in processes] == [0] * len(processes), (block, printed)
    runs = [tmp_path / "runs" / name for name in EQUAL]
    histories = [history_without_seconds(run) for run in runs]
    assert len(histories[0]) == 11  # a header and ten epochs
    assert histories == [histories[0]] * len(EQUAL)
    first, *others = (best_weights(run, tmp_path / f"{run.name}.npz") for run in runs)
    assert len(first) > 10
    for other in others:
        assert other.keys() == first.keys()
        assert all(np.array_equal(first[name], other[name]) for name in first)
