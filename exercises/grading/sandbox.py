"""A sandbox for a submission's checks: bubblewrap, which needs no rights, and gives them a small system of their own.

In it are the system's and Python's folders, to read; a copy of the kit without solutions, to read; a temporary folder
in memory; its own processes; and no network. See https://github.com/containers/bubblewrap.
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from exercises.fence import is_kept
from exercises.verdict_message import LONGEST_MESSAGE
from exercises.warden import NO_TENSORFLOW, READY, Order
from kit.cli.errors import UserError

SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin", "/nix/store")
SYSTEM += ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/etc/nsswitch.conf", "/etc/os-release")
KIT = "/kit"  # where the copy of the kit is in the sandbox
WITHOUT = ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try")
DISK = 256 << 20  # bytes of the temporary folder
NOBODY = 65534
USERS = range(50_000, 59_000)  # one of them is a sandbox's, where root grades
SECONDS_TO_TRY = 60
GET_IT = "On Debian and Ubuntu: sudo apt install bubblewrap"
RESTRICTED = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
ALLOW = "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
CONTAINER = "Without --isolated, grade in a container or on a throw-away machine; see docs/teaching.md."


@dataclass
class Sandbox:
    """How to start one, on this system.

    Attributes:
      kit: a students' copy of the kit, without solutions.
      hidden: folders of which nothing may be seen, even where they lie in one of the system's.
    """

    kit: Path
    hidden: tuple[Path, ...] = ()
    _command: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """
        Raises:
          UserError: there is no sandbox here; says how to get one.
        """
        if sys.platform != "linux":
            raise UserError(f"--isolated: this system has no bubblewrap, which is Linux's.\n  {CONTAINER}")
        bubblewrap = shutil.which("bwrap")
        if not bubblewrap:
            raise UserError(f"--isolated: bubblewrap (bwrap) is not installed.\n  {GET_IT}")
        reasons = []
        for as_root in [True, False] if os.geteuid() == 0 else [False]:
            for sized in (True, False):  # an older bubblewrap can't limit a folder; the warden can
                self._command = [bubblewrap, *self._arguments(as_root, sized)]
                reasons.append(self._reason_not_to_run())
                if not reasons[-1]:
                    return
        raise UserError(f"--isolated: bubblewrap can't make a sandbox here: {reasons[0]}.\n  {_way_out()}")

    @contextlib.contextmanager
    def started(self, order: Order) -> Iterator["Inside"]:
        """A sandbox that carries out an order; it ends, and all that is in it, with the block."""
        process = subprocess.Popen(
            [*self._command, sys.executable, "-m", "exercises.warden"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_variables(),
            start_new_session=True,  # Ctrl-C is for us
        )
        assert process.stdin and process.stdout
        try:
            with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
                stdin.write(order.to_json())
            yield Inside(process, Connection(os.dup(process.stdout.fileno()), writable=False))
        finally:
            process.kill()
            process.stdout.close()
            process.wait()

    def _reason_not_to_run(self) -> str:
        """Why it can't be started, in a line; "" if it can."""
        order = Order(
            token=secrets.token_hex(),
            numbers=[],
            texts={},
            seed=0,
            labs=False,
            seconds=1,
            memory=0,
            processes=100,
            user=USERS[0],
        )
        command = [*self._command, sys.executable, "-m", "exercises.warden"]
        try:
            tried = subprocess.run(
                command, input=order.to_json(), capture_output=True, env=_variables(), timeout=SECONDS_TO_TRY
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        if tried.stdout.endswith(NO_TENSORFLOW):
            raise UserError(
                "--isolated: TensorFlow isn't in Python's own folders. Install it into a virtual environment, as "
                "README.md says."
            )
        if tried.stdout.endswith(READY):
            return ""
        lines = tried.stderr.decode(errors="replace").strip().splitlines()
        return lines[-1].rstrip(".") if lines else f"it ends with status {tried.returncode}"

    def _arguments(self, as_root: bool, sized: bool) -> list[str]:
        """Of bubblewrap. As root it needs no user namespace, and the warden becomes another user."""
        arguments = ["--size", str(DISK), "--perms", "1777"] if sized else []
        arguments += ["--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev"]
        for path in SYSTEM:
            arguments += ["--symlink", os.readlink(path), path] if os.path.islink(path) else _readable(path, path)
        hidden = [str(path) for path in self.hidden if _in_system(path) and str(path) not in SYSTEM]
        for path in hidden:
            arguments += ["--tmpfs", path]
        for path in _of_python():
            if not self._is_there(path):
                parents = [each for each in reversed(path.parents) if each.parts[1:] and not self._is_there(each)]
                # made here, so that everybody may pass: bubblewrap would copy what they are outside
                arguments += [word for each in parents for word in ("--dir", str(each))]
                arguments += _readable(str(path), str(path))
        arguments += [*_readable(str(self.kit), KIT), "--chdir", KIT]
        arguments += [word for path in ("/dev", *hidden, "/") for word in ("--remount-ro", path)]
        arguments += [*WITHOUT, "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
        if as_root:
            return [*arguments, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--"]
        return [*arguments, "--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY), "--"]

    def _is_there(self, path: Path) -> bool:
        """Whether a path can be read in the sandbox, as one of the system's."""
        return _in_system(path) and not any(path.is_relative_to(each) for each in self.hidden)


class Inside:
    """A sandbox that runs."""

    def __init__(self, process: subprocess.Popen, answers: Connection) -> None:
        self._process, self._answers = process, answers

    def answer(self, seconds: float) -> bytes:
        """The warden's next message.

        Raises:
          EOFError, OSError: there is none: the sandbox has ended, or its time is over.
        """
        last_call = threading.Timer(seconds, self.end)
        last_call.start()
        try:
            return self._answers.recv_bytes(LONGEST_MESSAGE)
        finally:
            last_call.cancel()

    def end(self) -> None:
        """Ends it at once, and all that is in it."""
        self._process.kill()


def _way_out() -> str:
    with contextlib.suppress(OSError):
        if RESTRICTED.read_text(encoding="ascii").strip() == "1":
            return f"Ubuntu forbids it (user namespaces). Until the next start, this allows it: {ALLOW}"
    return f"Many containers and some systems forbid it (user namespaces). {CONTAINER}"


def _readable(path: str, inside: str) -> list[str]:
    return ["--ro-bind-try", path, inside]


def _of_python() -> list[Path]:
    """What there is of Python and its packages."""
    tops = (Path(sys.prefix), Path(sys.base_prefix), Path(os.path.realpath(sys.executable)).parents[1])
    libraries = map(Path, filter(os.path.isabs, os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)))
    paths = [top / name for top in tops for name in ("bin", "lib", "lib64", "pyvenv.cfg")]
    return [path for path in dict.fromkeys([*paths, *libraries]) if path.exists()]


def _in_system(path: Path) -> bool:
    return any(path.is_relative_to(each) for each in SYSTEM)


def _variables() -> dict[str, str]:
    """The environment in the sandbox: none of the user's own."""
    kept = [name for name in os.environ if is_kept(name) and name != "PYTHONPATH"]
    own = {"PYTHONPATH": KIT, "TMPDIR": "/tmp", "TMP": "/tmp", "TEMP": "/tmp", "HOME": "/tmp"}
    return {**{name: os.environ[name] for name in kept}, **own}
