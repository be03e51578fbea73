"""Scripts as processes, forked from one that has imported TensorFlow already: a start takes no seconds.

What a process does, says and ends with is the same as when a user starts it; how it starts is not. What is about the
start itself asks for `cold=True`: the time of --help, what is imported, Ctrl-C within an import, the order of sets. A
new Python is started, too, where there is no fork to rely on (macOS, Windows).
"""

import atexit
import functools
import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from support.scripts import PROJECT, environment

OURS = environment()  # before a test changes it
HAS_FORK = sys.platform == "linux"
SECONDS = 300  # that a script may take
KIT = """
import kit.tensorflow1 as tf
tf.Graph  # the first use of a name imports TensorFlow
import h5py, matplotlib.figure, matplotlib.backends.backend_agg, numpy, PIL.Image, rich.console, rich.progress
import rich.table, sklearn.metrics, sklearn.model_selection, tensorboard.summary

# TensorFlow rewrites the functions of a data pipeline, which takes it 0.2 s, and knows them again by their code.
import contextlib, tensorflow, types
import dlho2018, kit.data.image_data, kit.data.shown_content, kit.data.tables.table_data
lambdas = [each for each in dlho2018.read_lines.__code__.co_consts if isinstance(each, types.CodeType)]
pipeline = [types.FunctionType(each, vars(dlho2018)) for each in lambdas]
pipeline += [dlho2018.parse_line, dlho2018.read_image, kit.data.shown_content.decoded_as_shown]
pipeline += [kit.data.image_data.ImageData.parse, kit.data.tables.table_data.TableData.parse]
autograph = tensorflow.__internal__.autograph
for function in pipeline:
    with contextlib.suppress(TypeError):  # without arguments, it is rewritten, but not run
        autograph.tf_convert(function, autograph.control_status_ctx())()
"""


def run(script, folder, *arguments, before=None, timeout=SECONDS, **more):
    """Runs a script of the kit to its end; gives its subprocess.CompletedProcess, with text.

    Args:
      script: its name; or `-c`, and lines of Python follow; or `-m`, and a module's name.
      folder: the working directory.
      arguments: the words of the command.
      before: called in the new process before anything else; it is a cold one, then.
      timeout: seconds until it is killed, and subprocess.TimeoutExpired raised.
      more: as for `start`.
    """
    process = start(script, folder, *arguments, before=before, **more)
    try:
        output, errors = process.communicate(timeout=timeout)
    except BaseException:
        process.kill()
        process.communicate()
        raise
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def start(script, folder, *arguments, project=PROJECT, env=None, cold=False, before=None, pipes=True, own_group=False):
    """Starts a script of the kit; gives a subprocess.Popen, or what has its methods. See `run`.

    Args:
      project: the folder of the script; a copy of the project, for example.
      env: the environment; by default ours, with output in UTF-8.
      cold: starts a new Python, as a user does.
      pipes: whether what it prints can be read; else it is dropped.
      own_group: whether signals to its group reach it and its children alone.
    """
    env = environment() if env is None else env
    command = [sys.executable, script if script in ("-c", "-m") else str(Path(project) / script), *map(str, arguments)]
    stream = subprocess.PIPE if pipes else subprocess.DEVNULL
    if cold or before or not HAS_FORK or starts_otherwise(env):
        text = {"text": True, "encoding": "utf-8"} if pipes else {}
        return subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdout=stream,
            stderr=stream,
            preexec_fn=before,
            start_new_session=own_group,
            **text,
        )
    return server(KIT).start(command, folder, env, pipes, own_group)


def starts_otherwise(env):
    """Whether Python itself would start in another way than the server has."""
    names = {name for name in {*env, *OURS} if name.startswith(("PYTHON", "LC_", "LANG", "LD_"))} - {"PYTHONPATH"}
    return any(env.get(name) != OURS.get(name) for name in names)


@functools.cache
def server(imports):
    """The server that has done these imports: one for each process of pytest, started when it is first needed."""
    return Server(imports)


class Server:
    """A Python that forks; see support/warm_server.py.

    Args:
      imports: lines of Python.
      env: its environment.
    """

    def __init__(self, imports, env=OURS):
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        program = Path(__file__).with_name("warm_server.py")
        self._process = subprocess.Popen(
            [sys.executable, program, str(theirs.fileno()), imports],
            env=env,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,  # as its forks have it: Python's streams know whether they are files
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for pytest, which then ends it
        )
        theirs.close()
        threads = self._control.recv(100).decode()
        assert threads, self._process.communicate()[1].decode()
        assert threads == "1", f"with {threads} threads it can't fork: {imports}"
        atexit.register(self.close)

    def start(self, command, folder, env, pipes=True, own_group=False):
        """Forks a process for a command, [Python, script or "-c" or "-m", *arguments]; gives its Forked."""
        request = {
            "command": command[1:],
            "folder": str(folder),
            "environment": dict(env),
            "new_session": own_group,
        }
        outcome, their_outcome = os.pipe()
        nothing = os.open(os.devnull, os.O_RDWR)
        (output, their_output), (errors, their_errors) = (os.pipe() if pipes else (None, nothing) for _ in range(2))
        theirs = [nothing, their_output, their_errors, their_outcome]
        socket.send_fds(self._control, [json.dumps(request).encode()], theirs)
        for file in {*theirs}:
            os.close(file)
        return Forked(command, outcome, output, errors)

    def close(self):
        self._control.close()
        self._process.communicate()


class Forked:
    """A process of the server, with the methods of subprocess.Popen."""

    def __init__(self, command, outcome, output, errors):
        self.args, self.returncode, self.stdin = command, None, None
        self._outcome = os.fdopen(outcome)
        self.pid = int(self._outcome.readline())
        self._streams = [file and os.fdopen(file, encoding="utf-8") for file in (output, errors)]
        self.stdout, self.stderr = self._streams
        self._ended, self._readers, self._read = threading.Event(), [], ["", ""]
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self):
        self.returncode = int(self._outcome.readline() or -9)
        self._outcome.close()
        self._ended.set()

    def poll(self):
        return self.returncode

    def wait(self, timeout=None):
        if not self._ended.wait(timeout):
            raise subprocess.TimeoutExpired(self.args, timeout)
        return self.returncode

    def communicate(self, timeout=None):
        """Reads what is still to come to its end, and waits; gives (output, errors)."""
        if not self._readers:
            self._readers = [threading.Thread(target=self._read_all, args=[i], daemon=True) for i in range(2)]
            for reader in self._readers:
                reader.start()
        until = None if timeout is None else time.monotonic() + timeout
        for reader in self._readers:
            reader.join(until and max(0, until - time.monotonic()))
            if reader.is_alive():
                raise subprocess.TimeoutExpired(self.args, timeout)
        self.wait(until and max(0, until - time.monotonic()))
        return tuple(self._read)

    def _read_all(self, i):
        if self._streams[i]:
            with self._streams[i] as stream:
                self._read[i] = stream.read()

    def send_signal(self, number):
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self):
        self.send_signal(9)

    def terminate(self):
        self.send_signal(15)
