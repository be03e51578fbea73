"""Why a worker's server doesn't start. Workers that do: tests/end_to_end/test_cluster.py."""

import errno
import os
import socket

import kit.tensorflow1 as tf
from kit.cluster import membership
from kit.cluster.membership import why_no_server

NOT_STARTED = tf.errors.UnknownError(None, None, "Could not start gRPC server")


def test_a_port_in_use_is_told():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert why_no_server(port, NOT_STARTED).startswith("its port is in use, by another program")
    assert why_no_server(port, NOT_STARTED) == "TensorFlow's server didn't start: Could not start gRPC server."


def test_a_port_that_needs_rights_is_not_told_as_taken(monkeypatch):
    refused = OSError(errno.EACCES, os.strerror(errno.EACCES))

    def refuse(host, port):
        raise refused

    monkeypatch.setattr(membership, "try_to_listen", refuse)
    expected = "its port 80 can't be used: Permission denied.\n  Choose one from 1024 to 65535 in TF_CONFIG."
    assert why_no_server(80, NOT_STARTED) == expected
