"""Several workers train a run together: the end is that of one process, bit for bit, and whoever is lost is named.

The networks have all that could make a difference: dropout, moving averages, the optimiser's memory, a falling rate.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest
from support.made_tables import run_well, with_table
from support.scripts import PROJECT, copy_project, environment
from support.trained import assert_same, curves, weights
from support.workers import IS_OPEN, Workers, train_together, without_open_ports

import kit.tensorflow1 as tf
from kit.cluster.local import free_addresses

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the workers are forked")
COMMON = ["--batch_size", 16, "--micro_batches", 4, "--seed", 3]
REGULARIZED = ["--network", "cnn_regularized", *COMMON, "--epochs", 3]
TABLE = ["--data", "X.tabular", "--labels", "y.tabular", *COMMON, "--epochs", 6, "--optimizer", "rmsprop"]
TABLE += ["--architecture", "dense 16 elu, batchnormalization, dropout 0.3, dense 1 sigmoid", "--reduce_on_plateau", 2]
KINDS = {"regularized": REGULARIZED, "table": TABLE}
ENDLESS = ["--epochs", 100_000, "--patience", 100_000]
SECONDS_UNTIL_ALL_END = 30  # after a worker is lost


@pytest.fixture(scope="module")
def folder(drawn, tmp_path_factory):
    copy = with_table(shutil.copytree(drawn, tmp_path_factory.mktemp("cluster") / "class"))
    return copy


@pytest.fixture(scope="module")
def alone(folder):
    """Gives the folder of a kind's run in one process, trained when it is first asked for."""

    def run_of(kind):
        run = folder / "runs" / kind
        if not run.exists():
            train_together(folder, 1, *KINDS[kind], "--run", kind)
        return run

    return run_of


def assert_same_run(run, other):
    """Two runs ended with the same bits in all that they leave."""
    assert_same(run, other)
    best, theirs = weights(run, "best"), weights(other, "best")
    assert best.keys() == theirs.keys() and best
    for name, value in best.items():
        assert (value == theirs[name]).all(), name
    for part in ("train", "validation"):
        assert curves(run, part) == curves(other, part)


def files(run):
    """The files of a run, by folder, without what is in their names: those of TensorBoard have the time in them."""
    names = sorted(path.relative_to(run) for path in run.rglob("*") if path.is_file())
    return [str(name.parent if "tfevents" in name.name else name) for name in names]


@pytest.mark.parametrize(
    ("kind", "size"), [pytest.param("regularized", 2, marks=pytest.mark.long), ("table", 4)]
)  # cnn on 2 and 4: test_scale_page.py
def test_the_end_is_that_of_one_process(folder, alone, kind, size):
    before = set(os.listdir(folder / "runs")) if (folder / "runs").exists() else set()
    train_together(folder, size, *KINDS[kind], "--run", f"{kind}_{size}")
    assert set(os.listdir(folder / "runs")) - before == {f"{kind}_{size}"}
    run, other = folder / "runs" / f"{kind}_{size}", alone(kind)
    assert_same_run(run, other)
    assert files(run) == files(other)


@pytest.mark.long
def test_the_launcher_trains_and_evaluating_goes_on_alone(folder, alone):
    command = [sys.executable, "-m", "kit.cluster", "--workers", "2", str(PROJECT / "training.py"), "--run", "launched"]
    env = {**environment(), "PYTHONPATH": str(PROJECT)}
    done = subprocess.run([*command, *map(str, REGULARIZED)], cwd=folder, env=env, capture_output=True, text=True)
    assert (done.returncode, without_open_ports(done.stderr)) == (0, ""), done.stdout
    assert "worker 1 | Worker 1 of 2 computes its share; worker 0 says how the training goes." in done.stdout
    assert done.stdout.count("worker 0 | epoch ") == 3
    run, other = folder / "runs" / "launched", alone("regularized")
    assert_same_run(run, other)
    for name in ("launched", "regularized"):
        run_well("evaluating.py", folder, "--run", name)
    ours, theirs = ((each / "evaluation" / "predictions.csv").read_bytes() for each in (run, other))
    assert ours == theirs


@pytest.mark.long
@pytest.mark.parametrize(("kind", "epochs"), [("regularized", 9), ("table", 16)])
def test_killed_on_four_then_alone_then_ended_on_two(folder, kind, epochs):
    words = [*KINDS[kind], "--epochs", epochs]
    train_together(folder, 1, *words, "--run", f"{kind}_long")
    four = Workers(folder, 4, *words, "--run", f"{kind}_killed")
    four.until("epoch    3")
    four.processes[2].kill()
    assert [status for status, _, _ in four.end(SECONDS_UNTIL_ALL_END)] == [2, 2, -signal.SIGKILL, 2]
    one = Workers(folder, 1, "--resume", "--run", f"{kind}_killed")
    one.until("epoch    6")
    one.kill()
    assert one.end()[0][0] == -signal.SIGKILL
    Workers(folder, 2, "--resume", "--run", f"{kind}_killed").end_well()
    assert_same_run(folder / "runs" / f"{kind}_killed", folder / "runs" / f"{kind}_long")


# ----------------------------------------------------------------------------- a worker that ends


@pytest.mark.parametrize("number", [signal.SIGKILL, pytest.param(signal.SIGSTOP, marks=pytest.mark.long)])
def test_a_worker_that_is_lost_is_named_and_all_end(folder, number):
    workers = Workers(folder, 2, *TABLE, *ENDLESS, "--run", f"lost_{number.name}")
    workers.until("epoch    2")
    workers.processes[1].send_signal(number)
    began = time.monotonic()
    output, errors = workers.processes[0].communicate(timeout=SECONDS_UNTIL_ALL_END)
    print(f"it ended after {time.monotonic() - began:.1f} s")
    workers.kill()
    assert workers.processes[0].returncode == 2, output
    assert IS_OPEN.sub("", errors) == (
        f"error: worker 1 ({workers.addresses[1]}) has ended, hangs, or can't be reached; the others can't go on "
        "without it.\n  Its own output may say why. Go on from the last checkpoint with --resume, on any number of "
        "workers\n  that divides --micro_batches.\n"
    )


def test_ctrl_c_to_one_worker_saves_and_stops_all(folder):
    workers = Workers(folder, 2, *TABLE, *ENDLESS, "--run", "stopped")
    workers.until("epoch    2")
    workers.processes[1].send_signal(signal.SIGINT)
    ended = workers.end()
    assert [(status, errors) for status, _, errors in ended] == [(130, "Stopped.\n")] * 2
    step = int(re.search(r"Saved at step (\d+)", ended[0][1])[1])
    assert weights(folder / "runs" / "stopped")["global_step"] == step
    assert os.listdir(workers.temporary) == []


# ----------------------------------------------------------------------------- workers that don't fit together


def errors_of_two(folder, *arguments, more=(), other_folder=None, **second):
    """The errors of two workers, of which the second is started in another way; both must end with status 2.

    Args:
      folder: the first's working directory.
      arguments: of both.
      more: arguments of the second alone.
      other_folder: the second's, if it is another.
      second: what Workers.start takes.
    Returns:
      ([the first's errors, the second's], their addresses).
    """
    workers = Workers(folder, 0)
    workers.addresses = free_addresses(2)
    workers.processes = [
        workers.start(0, folder, *arguments),
        workers.start(1, other_folder or folder, *arguments, *more, **second),
    ]
    ended = workers.end()
    assert [status for status, _, _ in ended] == [2, 2], ended
    assert os.listdir(workers.temporary) == []
    for _, _, errors in ended:
        assert errors.startswith("error: ") and "\nerror: " not in errors and "Traceback" not in errors
    return [errors for _, _, errors in ended], workers.addresses


OTHERWISE = "  Start all workers with the same files, the same data and the same command.\n"


def assert_difference(errors, addresses, what, there, here):
    """Each names the other: what differs is "there" for worker 0 at worker 1, and the other way round."""
    shown = [what.format(there=there, here=here), what.format(there=here, here=there)]
    for rank, other in ((0, 1), (1, 0)):
        assert errors[rank] == (
            f"error: worker {other} ({addresses[other]}) has other {shown[rank].format(rank=rank)}"
            f".\n{OTHERWISE}".replace("THIS", f"worker {rank} ({addresses[rank]})")
        )


def test_other_flags_are_refused(folder):
    errors, addresses = errors_of_two(folder, *TABLE, "--run", "flags", more=["--seed", 4])
    assert_difference(errors, addresses, "flags than THIS, this one: seed is {there} there, {here} here", 4, 3)
    assert not (folder / "runs" / "flags").exists()


@pytest.mark.long
def test_other_code_is_refused(folder, tmp_path):
    project = copy_project(tmp_path / "copy")
    with open(project / "dlho2018_nns.py", "a") as script:
        script.write("# one line more\n")
    errors, addresses = errors_of_two(folder, *TABLE, "--run", "code", project=project)
    assert_difference(errors, addresses, "code than THIS, this one: dlho2018_nns.py", "", "")


@pytest.mark.long
def test_another_tensorflow_is_refused(folder):
    change = "import kit.tensorflow1 as tf\ntf.__version__ = '2.0.0'"
    errors, addresses = errors_of_two(folder, *TABLE, "--run", "version", change=change)
    assert_difference(
        errors,
        addresses,
        "versions than THIS, this one: TensorFlow is {there} there, {here} here",
        "2.0.0",
        tf.__version__,
    )


@pytest.mark.long
def test_other_data_is_refused(folder, tmp_path):
    for name in ("X.tabular", "y.tabular"):
        lines = (folder / name).read_text().splitlines(keepends=True)
        (tmp_path / name).write_text("".join(lines[:-1]))
    errors, addresses = errors_of_two(folder, *TABLE, "--run", "data", other_folder=tmp_path)
    for rank, other in ((0, 1), (1, 0)):
        names = [f"worker {each} ({addresses[each]})" for each in (other, rank)]
        start = f"error: {names[0]} has other data than {names[1]}, this one: "
        assert errors[rank].startswith(start) and errors[rank].endswith(OTHERWISE)
    assert not (folder / "runs" / "data").exists()


@pytest.mark.long
def test_another_list_of_workers_is_refused(folder):
    """As where two machines were both given 'index' 0, each with its own list."""
    workers = Workers(folder, 0)
    workers.addresses = free_addresses(2)
    first, second = workers.addresses
    workers.processes = [
        workers.start(0, folder, *TABLE),
        workers.start(0, folder, *TABLE, addresses=(second, first)),
    ]
    for status, _, errors in workers.end():
        assert status == 2
        assert errors.startswith("error: TF_CONFIG: worker 1 (") and "was given other workers than this" in errors


def test_a_port_that_is_taken_is_said(folder):
    workers = Workers(folder, 0)
    workers.addresses = free_addresses(2)
    host, _, port = workers.addresses[0].partition(":")
    with socket.create_server((host, int(port))):
        workers.processes = [workers.start(0, folder, *TABLE)]
        ((status, _, errors),) = workers.end()
    assert (status, errors) == (
        2,
        f"error: worker 0 ({workers.addresses[0]}): its port is in use, by another program or by another worker of the "
        "same 'index'.\n  Each worker has its own 'index' in TF_CONFIG, and each address is one worker's.\n",
    )


def test_a_worker_that_never_starts_is_waited_for_and_named(folder):
    workers = Workers(folder, 0)
    workers.addresses = free_addresses(2)
    change = "from kit.cluster import notices\nnotices.SECONDS_TO_START = notices.SECONDS_UNTIL_LOST = 1"
    workers.processes = [workers.start(0, folder, *TABLE, change=change)]
    ((status, _, errors),) = workers.end()
    assert (status, errors) == (
        2,
        f"error: worker 1 ({workers.addresses[1]}) didn't start within 1 seconds.\n  Start it, too, with the same "
        "command; and check its address in TF_CONFIG and that its port can be reached.\n",
    )


@pytest.mark.parametrize(
    ("flags", "error"),
    [
        pytest.param(
            ["--explain_time"],
            "--explain_time times one process; TF_CONFIG names several.\n  Unset TF_CONFIG.\n",
            marks=pytest.mark.long,
        ),
        (["--micro_batches", 1], "--micro_batches 1: 2 workers can't share them evenly.\n"),
    ],
)
def test_what_workers_cannot_do_is_refused(folder, flags, error):
    errors, addresses = errors_of_two(folder, *TABLE, "--run", "cannot", *flags)
    assert errors[0].startswith(f"error: {error}")
    assert errors[1].startswith(f"error: worker 0 ({addresses[0]}) has ended with this error: {error}")
    assert not (folder / "runs" / "cannot").exists()


@pytest.mark.long
def test_worker_0_s_error_is_told_the_others(folder, alone):
    alone("table")
    errors, addresses = errors_of_two(folder, *TABLE, "--run", "table")
    text = "runs/table: a run of this name exists already."
    assert errors[0].startswith(f"error: {text}")
    assert errors[1].startswith(f"error: worker 0 ({addresses[0]}) has ended with this error: {text}")


# ----------------------------------------------------------------------------- folds, and given weights


@pytest.mark.long
def test_folds_from_given_weights(folder, alone):
    alone("table")
    run_well("evaluating.py", folder, "--run", "table", "--write_weights", "given.weights.h5")
    words = [*TABLE, "--folds", 2, "--initial_weights", folder / "given.weights.h5"]
    train_together(folder, 1, *words, "--run", "folds")
    train_together(folder, 2, *words, "--run", "folds_of_two")
    for fold in (1, 2):
        assert_same_run(folder / "runs" / f"folds_of_two_fold_{fold}", folder / "runs" / f"folds_fold_{fold}")
    ours, theirs = (folder / "runs" / name / "scores.tabular" for name in ("folds_of_two", "folds"))
    assert ours.read_bytes() == theirs.read_bytes()
