"""A Python that has imported the slow libraries and forks for each script: TensorFlow takes seconds to import.

python warm_server.py FILE_DESCRIPTOR "import ..."    for support.warm, which sends what to run

Only libraries stay imported. The kit's own modules are dropped, so every script imports them from its own folder,
and a changed copy of the project is run as it stands there.
"""

import atexit
import contextlib
import gc
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import threading
import types

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MOST_BYTES = 2**20  # of a request
FILES = 4  # that come with a request: stdin, stdout, stderr, and where the outcome is written


def main(control, imports):
    """Becomes the forked process of a request, which this gives; the server itself never returns."""
    sys.path.insert(0, PROJECT)
    kept = {}  # as long as the server runs
    exec(imports, kept)
    del sys.path[0]
    forget_the_project()
    gc.collect()
    gc.freeze()  # what is there now isn't looked at again, nor copied for it
    try_to_fork()  # OpenBLAS, of NumPy, now ends its threads, which it begins again when it needs them
    threads = len(os.listdir("/proc/self/task"))
    control.send(str(threads).encode())  # more than one, and no fork would be safe
    return serve(control)


def try_to_fork():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def forget_the_project():
    """Drops the modules of the kit, but not the libraries that they imported."""
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None) or ""
        if name != "__main__" and path.startswith(PROJECT + os.sep) and "site-packages" not in path:
            del sys.modules[name]


def serve(control):
    running = {}  # {file descriptor that tells of a process's end: (its id, where the outcome is written)}
    with selectors.PollSelector() as selector:  # it has no file of its own, which children would inherit
        selector.register(control, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is control:
                    message, files, _, _ = socket.recv_fds(control, MOST_BYTES, FILES)
                    if not message:  # the tests have ended
                        for pid, _ in running.values():
                            os.kill(pid, signal.SIGKILL)
                        os._exit(0)
                    outcome = files.pop()
                    pid = os.fork()
                    if pid == 0:
                        control.close()
                        for ended, (_, other) in running.items():
                            os.close(ended)
                            os.close(other)
                        os.close(outcome)
                        return become(json.loads(message), files)
                    for file in files:
                        os.close(file)
                    os.write(outcome, f"{pid}\n".encode())
                    ended = os.pidfd_open(pid)
                    running[ended] = pid, outcome
                    selector.register(ended, selectors.EVENT_READ)
                else:
                    pid, outcome = running.pop(key.fileobj)
                    selector.unregister(key.fileobj)
                    os.close(key.fileobj)
                    _, status = os.waitpid(pid, 0)
                    with contextlib.suppress(BrokenPipeError):  # nobody asks any more
                        os.write(outcome, f"{os.waitstatus_to_exitcode(status)}\n".encode())
                    os.close(outcome)


def become(request, files):
    """Turns a fresh fork into the process that a request asks for, up to its first line."""
    for wanted, file in enumerate(files):
        os.dup2(file, wanted)
        os.close(file)
    if request["new_session"]:
        os.setsid()
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # else every fork would draw the server's numbers
    return request


def run(request):
    """Runs a script, a module, or lines of code, as Python itself would."""
    main_module = types.ModuleType("__main__")
    name, *arguments = request["command"]
    sys.argv, sys.path[0] = [name, *arguments], os.path.dirname(name)  # "" but for a script
    sys.path[1:1] = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    sys.modules["__main__"] = main_module
    status = 0
    try:
        if name == "-m":
            sys.argv, sys.path[0] = arguments, os.getcwd()
            runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
        elif name == "-c":
            exec(compile(sys.argv.pop(1), "<string>", "exec"), main_module.__dict__)
        else:
            main_module.__file__ = name
            with open(name, "rb") as file:
                source = file.read()
            exec(compile(source, name, "exec"), main_module.__dict__)
    except SystemExit as stopped:
        if not isinstance(stopped.code, int | None):
            raise
        status = stopped.code or 0
    end(status)


def end(status):
    """Ends the process as Python does, but for tidying up its memory, which was the server's and takes a while."""
    threading._shutdown()
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        if not sys.stderr.closed:
            sys.stderr.flush()
    except (OSError, ValueError):  # nobody reads it any more, or it is closed: Python knows how that ends
        sys.exit(status)
    os._exit(status)


if __name__ == "__main__":
    # `run` comes last, at the top: the script ends, well or not, as it does in a Python of its own.
    run(main(socket.socket(fileno=int(sys.argv[1])), sys.argv[2]))
