"""--explain_time: where a step's time goes, against times made by hand and times slept away."""

import itertools
import json
import shutil
import time
from types import SimpleNamespace

import numpy as np
import pytest
from support.trained import train

import kit.tensorflow1 as tf
from kit.cli.settings import INPUTS
from kit.model.layer_registry import Layer, register_layer
from kit.profiling import operation_times
from kit.profiling.chrome_trace import Span
from kit.profiling.explain_time import Preparation, chart, explain_time, verdict, write_steps
from kit.profiling.operation_times import Operation, seconds_covered, shares_of_layers
from kit.profiling.step_times import (
    TIMED_STEPS,
    Loop,
    Step,
    StepTimes,
    seconds_to_gather,
    seconds_to_parse,
    timed_steps,
)

NAP = 0.02  # seconds, far more than what else the small graphs here do
TIMES = StepTimes(
    fetch=0.0012,
    feed=0.0008,
    compute=0.0176,
    other=0.0004,
    waiting=0.0,
    layers={"conv1": 0.8, "fc1": 0.196, "Adam": 0.004},
)
DECODE = Preparation("on a single thread", {"read": 0.0011, "decode": 0.0021})
GATHER = Preparation("while nothing computes", {"gather": 0.002})


# ----------------------------------------------------------------------------- small trainings


def slept(value):
    """The same tensor, NAP seconds later."""

    def nap(array):
        time.sleep(NAP)
        return array

    later = tf.py_func(nap, [value], value.dtype)
    later.set_shape(value.shape)
    return later


def examples(count=1000, late=tf.identity):
    """A data set of made batches: (float32 [2, 3], int64 [2])."""
    return tf.data.Dataset.range(count).map(lambda i: (late(tf.fill([2, 3], tf.cast(i, tf.float32))), tf.fill([2], i)))


def training(dataset, layer=tf.identity, is_direct=False):
    """A Loop over a data set, with one layer, "slow"; its session is open."""
    iterator = tf.data.make_initializable_iterator(dataset)
    images, labels = next_element = iterator.get_next()
    images_ph = tf.placeholder_with_default(images, images.shape)
    labels_ph = tf.placeholder_with_default(labels, labels.shape)
    is_training = tf.placeholder_with_default(False, [])
    weight = tf.get_variable("weight", initializer=1.0)
    with tf.name_scope("slow"):
        output = layer(images_ph * weight)
    register_layer(Layer("slow", "made", output))
    loss = tf.reduce_mean(output) + tf.cast(tf.reduce_sum(labels_ph), tf.float32)
    with tf.control_dependencies([loss]):
        fetches = [tf.assign_add(weight, 1e-3), loss]
    session = tf.Session()
    session.run([tf.global_variables_initializer(), iterator.initializer])
    return Loop(session, None if is_direct else next_element, (images_ph, labels_ph, is_training), fetches)


def times_of(loop):
    return StepTimes.of(timed_steps(loop), loop.session.graph)


def parts_of(times):
    return [times.fetch, times.feed, times.compute, times.other]


def test_a_layer_that_sleeps_is_computing(graph):
    times = times_of(training(examples(), layer=slept))
    assert times.compute > 0.9 * NAP and times.compute > 0.5 * times.step
    assert next(iter(times.layers)) == "slow"


@pytest.mark.parametrize("is_direct", [False, True])
def test_data_that_sleep_are_fetched_and_waited_for(graph, is_direct):
    times = times_of(training(examples(late=slept), is_direct=is_direct))
    assert times.fetch > 0.5 * times.step and times.waiting > 0.5 * times.step
    assert times.waiting <= times.fetch


@pytest.mark.parametrize("is_direct", [False, True])
def test_parts_make_up_the_step_and_layers_the_computing(graph, is_direct):
    times = times_of(training(examples(), is_direct=is_direct))
    assert min(parts_of(times)) >= 0 and sum(parts_of(times)) == pytest.approx(times.step)
    assert sum(times.layers.values()) == pytest.approx(1)


def test_the_steps_are_training(graph):
    loop = training(examples())
    steps = timed_steps(loop)
    weight = loop.session.run(tf.global_variables()[0])
    assert weight == pytest.approx(1 + 1e-3 * (10 + len(steps)), abs=1e-5)  # and ten to warm up
    assert len(steps) == TIMED_STEPS and sum(step.is_traced for step in steps) == 10


# ----------------------------------------------------------------------------- steps made by hand, in milliseconds


@pytest.fixture
def by_hand(graph, monkeypatch):
    """TensorFlow's clock as Python's, and a graph with an iterator: the name of its IteratorGetNext."""
    monkeypatch.setattr(operation_times, "_nanoseconds_ahead", lambda: 0)
    return tf.data.make_initializable_iterator(examples()).get_next()[0].op.name


def trace_of(operations):
    """A tf.RunMetadata of {node: (began, ended)}."""
    trace = tf.RunMetadata()
    device = trace.step_stats.dev_stats.add(device="CPU:0")
    for name, (began, ended) in operations.items():
        device.node_stats.add(
            node_name=name, all_start_nanos=int(began * 1e6), all_end_rel_nanos=int((ended - began) * 1e6)
        )
    return trace


def step_of(fetched, ended, fetch=None, run=None):
    traces = [None if operations is None else trace_of(operations) for operations in (fetch, run)]
    return Step(0.0, fetched / 1e3, ended / 1e3, *traces)


# From 3 to 11 operations run, but for a gap of 1.
RUN = {"conv1/Conv2D": (3, 7), "gradients/conv1/Conv2D_grad/Filter": (5, 9), "fc1/MatMul": (10, 11)}


@pytest.mark.parametrize(
    "plain_ended, traced_ended, feed, compute, other",
    [
        (12, 12, 1, 7, 2),  # as long as each other
        (12, 15, 1, 7, 2),  # tracing added 3 at the end
        (9, 12, 7 / 8, 49 / 8, 0),  # it added more than there is
        (12, 11.5, 10 / 9.5, 70 / 9.5, 15 / 9.5),  # the traced run happened to be a shorter one
    ],
)
def test_a_plain_run_is_divided_as_traced_ones_are(by_hand, graph, plain_ended, traced_ended, feed, compute, other):
    traced = step_of(2, traced_ended, fetch={by_hand: (0.5, 1)}, run=RUN)
    times = StepTimes.of([step_of(2, plain_ended), traced], graph)
    assert parts_of(times) == pytest.approx(np.array([2, feed, compute, other]) / 1e3)
    assert times.waiting == pytest.approx(0.0005)
    assert times.layers == pytest.approx({"conv1": 4 / 9, "conv1 backwards": 4 / 9, "fc1": 1 / 9})


def test_waiting_within_the_run_is_fetching(by_hand, graph):
    run = {by_hand: (1, 5), "weight/read": (1, 2), "conv1/Conv2D": (5, 9)}  # for 3 nothing else goes on
    times = StepTimes.of([step_of(0, 10), step_of(0, 10, fetch={}, run=run)], graph)
    assert parts_of(times) == pytest.approx([0.003, 0.001, 0.005, 0.001])
    assert times.waiting == pytest.approx(0.003)
    assert times.layers == pytest.approx({"conv1": 0.8, "weight": 0.2})


def test_interrupted_steps_do_not_count(by_hand, graph):
    traced = step_of(2, 12, fetch={by_hand: (0.5, 1)}, run=RUN)
    plain = [step_of(2, 12)] * 3
    assert StepTimes.of([*plain, step_of(2, 500), traced], graph).step == pytest.approx(0.012)


def test_seconds_covered():
    spans = [Span("a", 0, 4), Span("within", 1, 2), Span("over its end", 3, 6), Span("apart", 8, 9)]
    assert seconds_covered(spans) == 7
    assert seconds_covered([]) == 0


@pytest.mark.parametrize(
    "node, place",
    [
        ("conv1/Conv2D", "conv1"),
        ("gradients/conv1/Conv2D_grad/Conv2DBackpropFilter", "conv1 backwards"),
        ("gradients_1/conv1/add_grad/Sum", "conv1 backwards"),
        ("ConstantFolding/gradients/conv1/add_grad/Shape", "conv1 backwards"),
        ("block/conv1/Relu", "block/conv1"),  # a layer within a scope
        ("block/Relu", "block"),
        ("conv10/Relu", "conv10"),
        ("Adam/update_conv1/weights/ApplyAdam", "Adam"),
        ("Softmax", "Softmax"),
        ("gradients/Softmax_grad/mul", "Softmax backwards"),
    ],
)
def test_the_layer_of_a_node(node, place):
    assert shares_of_layers([Operation(node, 0.0, 1.0, "")], ["conv1", "block/conv1", "block"]) == {place: 1.0}


# ----------------------------------------------------------------------------- preparing batches


def test_parsing_and_reading_a_batch(tmp_path):
    (tmp_path / "file").write_bytes(b"read")

    def parse(line):
        return slept(tf.read_file(line)), line

    reading, parsing = seconds_to_parse(
        lambda: tf.data.Dataset.from_tensors(str(tmp_path / "file")), parse, batch_size=3, most_lines=10
    )
    assert parsing > 0.9 * 3 * NAP > reading > 0


def test_parsing_a_batch_of_a_table():
    def lines():
        return tf.data.Dataset.from_tensor_slices(([0, 1], ["1,2", "3,4"]))

    def parse(label, line):
        return slept(tf.strings.to_number(tf.strings.split([line], ",").values)), label

    reading, parsing = seconds_to_parse(lines, parse, batch_size=2, most_lines=10)
    assert parsing > 0.9 * 2 * NAP > reading > 0


def test_gathering_a_batch(graph):
    loop = training(examples(late=slept))
    assert 0.9 * NAP < seconds_to_gather(loop.session, loop.next_element) < 10 * NAP


# ----------------------------------------------------------------------------- the trace


def rows_of(path):
    """The complete events of a trace: {(pid, tid): [event]}, in the file's order."""
    events = json.loads(path.read_text())["traceEvents"]
    rows = {}
    for event in events:
        if event["ph"] == "X":
            rows.setdefault((event["pid"], event["tid"]), []).append(event)
    return rows


def end(event):
    return event["ts"] + event["dur"] - 1e-6  # less than a nanosecond, in microseconds


@pytest.mark.parametrize("is_direct", [False, True])
def test_trace_of_a_training(graph, tmp_path, is_direct):
    loop = training(examples(), layer=slept, is_direct=is_direct)
    write_steps(tmp_path / "trace.json", timed_steps(loop), graph)
    rows = rows_of(tmp_path / "trace.json")
    calls = rows.pop((1, 1))
    steps = [event for event in calls if event["name"].startswith("step ")]
    assert [event["name"] for event in steps] == [f"step {number}" for number in range(1, TIMED_STEPS + 1)]
    assert {event["name"] for event in calls} - {event["name"] for event in steps} == (
        {"feed and run"} if is_direct else {"fetch", "feed and run"}
    )
    for call in calls:
        assert any(step["ts"] <= call["ts"] and end(call) <= step["ts"] + step["dur"] for step in steps)
    for row in [steps, *rows.values()]:
        assert all(end(event) <= after["ts"] for event, after in itertools.pairwise(row))
    naps = [event for row in rows.values() for event in row if event["name"] == "slow/PyFunc"]
    assert len(naps) == 10 and min(event["dur"] for event in naps) > 0.9e6 * NAP
    for nap, step in zip(sorted(naps, key=lambda event: event["ts"]), steps[3::4]):  # the traced ones
        assert step["ts"] < nap["ts"] + 1000 and end(nap) < end(step) + 1000  # two clocks, compared to a millisecond


# ----------------------------------------------------------------------------- in words


def test_chart():
    assert chart(TIMES, DECODE, "--input feed, network cnn").splitlines() == [
        "Where a step's time goes (--input feed, network cnn):",
        "  fetch         1.2 ms    6%  ##                              the next batch, from the data set",
        "  feed          0.8 ms    4%  #                               session.run up to its first operation",
        "  compute      17.6 ms   88%  ##########################      the operations of the graph",
        "  other         0.4 ms    2%  #                               between and after the operations",
        "  a step       20.0 ms  100%  ##############################",
        "",
        "Meanwhile other threads prepare the next batches. A batch takes, on a single thread:",
        "  read          1.1 ms    6%  ##                              lines, and the files they name",
        "  decode        2.1 ms   10%  ###                             from files to pixels",
        "",
        "Layers, by their share of the time of all operations:",
        "  conv1  80%  ########################",
        "  fc1    20%  ######",
    ]


def test_the_chart_is_never_too_wide():
    slow = Preparation("on a single thread", {"read": 123.4, "parse": 567.8})
    layers = {f"{'block/' * 20}conv{number}": 0.1 for number in range(10)}
    times = StepTimes(fetch=1e-5, feed=1e-5, compute=1e-4, other=0.0, waiting=0.0, layers=layers)
    lines = chart(times, slow, "--input feed, " + 30 * "long words ").splitlines()
    assert max(map(len, lines)) <= 100
    assert "  parse    567800.00 ms" in "\n".join(lines)


def changed(**seconds):
    return StepTimes(**{**vars(TIMES), **seconds})


@pytest.mark.parametrize(
    "times, preparation, mode, said",
    [
        (
            changed(fetch=0.002),
            GATHER,
            "memory",
            "Fetch and feed take 13% of a step, computing takes 85%.",
        ),
        (
            changed(fetch=0.0005),
            GATHER,
            "cached",
            "Feeding is not slow here. Fetch and feed take 7% of a step, computing takes 91%.",
        ),
        (
            changed(fetch=0.011),
            GATHER,
            "feed",
            "Fetch and feed take 40% of a step, computing takes 59%. --input direct saves the fetch.",
        ),
        (
            changed(fetch=0.02, waiting=0.019),
            DECODE,
            "direct",
            "For 49% of a step the network waits for its images: a batch takes 3.2 ms to prepare, 17.6 ms to compute. "
            "Try --input memory or cached.",
        ),
        (
            changed(fetch=0.02, waiting=0.019),
            GATHER,
            "memory",
            "For 49% of a step the network waits for its images: a batch takes 2.0 ms to prepare, 17.6 ms to compute.",
        ),
        (
            changed(compute=0.002),
            DECODE,
            "feed",
            "Only 45% of a step is computing. A call of session.run costs about the same for a batch of any size: "
            "a larger --batch_size needs fewer calls.",
        ),
    ],
)
def test_verdict(times, preparation, mode, said):
    assert verdict(times, preparation, mode, "images") == said


def test_preparing_that_is_not_waited_for_is_mentioned(monkeypatch):
    said = "Preparing batches takes much of the processor's time, too: --input memory or cached would save that."
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert verdict(TIMES, DECODE, "direct", "images").endswith(said)
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    assert not verdict(TIMES, DECODE, "direct", "images").endswith(said)


# ----------------------------------------------------------------------------- all of it


@pytest.mark.parametrize("mode, prepared", [("feed", "decode"), ("direct", "decode"), ("memory", "gather")])
def test_explain_time(graph, tmp_path, capsys, mode, prepared):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    loop = training(examples(), layer=slept, is_direct=mode == "direct")
    run = SimpleNamespace(folder=tmp_path, design="network made", settings=SimpleNamespace(input=mode, batch_size=2))
    lesson = SimpleNamespace(read_lines=lambda data, part: tf.data.Dataset.from_tensors("line"))
    fields = {"unit": "images", "shape": (1, 1, 3), "most_shuffled": 10, "parsing": "decode"}
    data = SimpleNamespace(**fields, parse=tf.strings.length, lesson=lesson)
    with tf.summary.FileWriter(str(tmp_path)) as writer:
        explain_time(loop, run, data, writer)
    output = capsys.readouterr().out
    assert f"(--input {mode}, network made, batches of 2 images of 1 x 1 x 3):" in output
    assert f"  {prepared}" in output and "40 steps, 10 of them operation by operation" in output
    assert "  slow " in output and "of a step, computing takes" in output
    assert rows_of(tmp_path / "trace.json")
    events = EventAccumulator(str(tmp_path))
    events.Reload()
    assert events.Tags()["run_metadata"] == ["step 40"]
    assert "slow/PyFunc" in {
        node.node_name for node in events.RunMetadata("step 40").step_stats.dev_stats[0].node_stats
    }


# ----------------------------------------------------------------------------- as a user runs it


@pytest.mark.parametrize(
    "kind", ["feed", *(pytest.param(kind, marks=pytest.mark.long) for kind in INPUTS if kind != "feed")]
)
def test_the_script_explains_and_leaves_no_training(kind, drawn, tmp_path):
    shutil.copytree(drawn, tmp_path / "class")
    words = ["--network", "simple_fc", "--batch_size", 100, "--input", kind, "--run", "timed"]
    status, output, errors = train(tmp_path / "class", *words, "--explain_time")
    assert (status, errors) == (0, "")
    assert all(f"\n  {part} " in output for part in ("fetch", "feed", "compute", "other"))
    assert ("\n  gather " in output) is (kind in ("memory", "cached"))
    folder = tmp_path / "class" / "runs" / "timed"
    assert json.loads((folder / "trace.json").read_text())["traceEvents"]
    assert not (folder / "config.json").exists() and not list(folder.glob("checkpoints/*"))
    assert train(tmp_path / "class", *words, "--epochs", 1)[0] == 0  # its name is still free


@pytest.mark.parametrize("is_whole", [True, False])
def test_of_tfrecord_files_the_way_is_measured_by_which_training_reads(is_whole):
    """Some are read a batch at once, and their `parse` isn't called; of others, it reads the records."""
    parsed, read = [], []

    def noted(calls):
        return lambda number: tf.numpy_function(lambda value: calls.append(value) or value, [number], tf.int64)

    data = SimpleNamespace(
        parsing="read",
        lesson=SimpleNamespace(read_lines=lambda data, part: tf.data.Dataset.range(8)),
        parse=noted(parsed),
        training_batches=lambda settings, from_lines: (
            tf.data.Dataset.range(4).map(noted(read)) if is_whole else from_lines
        ),
    )
    settings = SimpleNamespace(input="feed", batch_size=2)
    parts = Preparation.measured(SimpleNamespace(), settings, data).parts
    assert list(parts) == ["read"] and parts["read"] > 0
    assert (len(parsed) > 8, len(read) > 8) == (not is_whole, is_whole)
