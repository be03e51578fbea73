"""TF_CONFIG is TensorFlow's format: what is right in it is read, and what is wrong is one clear error."""

import json

import pytest

from kit.cli.errors import UserError
from kit.cluster.tf_config import EXAMPLE, Cluster, read_cluster, tf_config


def config(workers=("host0:2222", "host1:2222"), index: object = 0, **changes):
    """A TF_CONFIG as text."""
    whole = {"cluster": {"worker": list(workers)}, "task": {"type": "worker", "index": index}}
    return json.dumps({**whole, **changes})


def test_the_example_of_the_errors_is_read():
    cluster = read_cluster({"TF_CONFIG": EXAMPLE})
    assert cluster == Cluster(workers=("host0:2222", "host1:2222"), rank=0)
    assert cluster.size == 2


def test_it_is_read_from_this_process_s_environment(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", config(index=1))
    assert read_cluster() == Cluster(("host0:2222", "host1:2222"), 1)
    monkeypatch.delenv("TF_CONFIG")
    assert read_cluster() is None


@pytest.mark.parametrize("text", ["", "  \n", config(["host0:2222"])])
def test_one_process_alone_is_no_cluster(text):
    assert read_cluster({"TF_CONFIG": text}) is None


@pytest.mark.parametrize("address", ["10.0.0.1:1", "[::1]:2222", "training-0.training:65535", "a_b.example.org:80"])
def test_addresses(address):
    cluster = read_cluster({"TF_CONFIG": config(["host0:2222", address], index=1)})
    assert cluster == Cluster(("host0:2222", address), 1)


def test_what_platforms_add_is_left_alone():
    added = config(environment="cloud", job={"gpu": 0}, cluster={"worker": ["a:1", "b:1"], "ps": []})
    assert read_cluster({"TF_CONFIG": added}) == Cluster(("a:1", "b:1"), 0)


def test_what_is_written_is_read():
    cluster = Cluster(("127.0.0.1:4000", "127.0.0.1:4001", "127.0.0.1:4002"), 2)
    assert read_cluster({"TF_CONFIG": tf_config(cluster)}) == cluster
    assert tf_config(Cluster(("host0:2222", "host1:2222"), 0)) == EXAMPLE


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("host0:2222,host1:2222", "'host0:2222,host1:2222' is not JSON: Expecting value: line 1 column 1 (char 0)"),
        ("[" * 100_000, "it is nested too deeply to be read"),
        ('["host0:2222"]', "the whole of it is '[\"host0:2222\"]'; expected an object in braces"),
        ("{}", "'cluster' is missing"),
        (config(cluster=None), "'cluster' is missing"),
        (config(cluster=["a:1"]), "'cluster' is '[\"a:1\"]'; expected an object in braces"),
        (
            config(cluster={"chief": ["a:1"], "worker": ["b:1"]}),
            "'cluster' has the job 'chief'; expected workers only, the first of which is the chief",
        ),
        (
            config(cluster={"worker": ["a:1"], "ps": ["b:1"]}),
            "'cluster' has the job 'ps'; expected workers only, the first of which is the chief",
        ),
        (config(cluster={}), "'worker' in 'cluster' is missing; expected a list of addresses"),
        (config([]), "'worker' in 'cluster' is '[]'; expected a list of addresses"),
        (config(cluster={"worker": "a:1"}), "'worker' in 'cluster' is 'a:1'; expected a list of addresses"),
        (config(["a:1", "b"]), "worker 1 is 'b'; expected a host and a port, such as \"host1:2222\""),
        (config([7, "b:1"]), "worker 0 is '7'; expected a host and a port, such as \"host0:2222\""),
        (config([":22", "b:1"]), "worker 0 is ':22'; expected a host and a port, such as \"host0:2222\""),
        (config(["::1:22"]), "worker 0 is '::1:22'; expected a host and a port, such as \"host0:2222\""),
        (config(["grpc://a:1"]), "worker 0 is 'grpc://a:1'; expected a host and a port, such as \"host0:2222\""),
        (config(["a b:1"]), "worker 0 is 'a b:1'; expected a host and a port, such as \"host0:2222\""),
        (config(["a:1\n"]), "worker 0 is 'a:1\\n'; expected a host and a port, such as \"host0:2222\""),
        (config(["a:0"]), "worker 0 is 'a:0'; expected a port from 1 to 65535"),
        (config(["a:65536"]), "worker 0 is 'a:65536'; expected a port from 1 to 65535"),
        (config(["a:1", "b:1", "A:1"]), "workers 0 and 2 have the same address, 'A:1'"),
        (config(task=None), "'task' is missing"),
        (config(task={"index": 0}), "'type' in 'task' is missing; expected \"worker\""),
        (config(task={"type": "evaluator", "index": 0}), "'type' in 'task' is 'evaluator'; expected \"worker\""),
        (config(task={"type": "worker"}), "'index' in 'task' is missing; expected a whole number without quotes"),
        (config(index="0"), "'index' in 'task' is '0'; expected a whole number without quotes"),
        (config(index=True), "'index' in 'task' is 'true'; expected a whole number without quotes"),
        (config(index=0.0), "'index' in 'task' is '0.0'; expected a whole number without quotes"),
        (config(index=2), "'index' in 'task' is 2; expected 0 to 1, one less than there are workers"),
        (config(index=-1), "'index' in 'task' is -1; expected 0 to 1, one less than there are workers"),
        (config(["a:1"], index=1), "'index' in 'task' is 1; expected 0 to 0, one less than there are workers"),
    ],
)
def test_what_is_wrong_is_said(text, what):
    with pytest.raises(UserError) as error:
        read_cluster({"TF_CONFIG": text})
    assert str(error.value) == (
        f"TF_CONFIG: {what}.\n  Write it like this: {EXAMPLE}\n  To train with one process, unset TF_CONFIG."
    )


def test_a_long_value_is_cut():
    with pytest.raises(UserError) as error:
        read_cluster({"TF_CONFIG": "x" * 10_000})
    assert f"'{'x' * 60}...' is not JSON" in str(error.value)
