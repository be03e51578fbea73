"""What a submission can't do in the sandbox: every way out is tried, with the fence (Landlock) taken away."""

import contextlib
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from support.sandboxes import needs_sandbox
from support.students import folder_with

from exercises.answers import Answer
from exercises.build_handout import build_folder
from exercises.findings import Finding, TooBusy, Verdict
from exercises.grading import isolated, sandbox
from exercises.grading.isolated import IsolatedRunner
from exercises.grading.sandbox import Sandbox
from exercises.verdict_message import TOKEN_BYTES
from exercises.warden import answer, read_answer
from kit.cli.errors import UserError

NO_FENCE = "\n\ndef version() -> int:\n    return 0\n"
TOKEN = b"t" * TOKEN_BYTES
MEMORY = 1 << 30
PROCESSES = 200
LEFT = "6543.21"  # seconds of a sleep: by this, one that outlives its check is known
REACH = """
import glob, os, socket, subprocess
def connect(family, address):
    with socket.socket(family) as line:
        line.settimeout(2)
        line.connect(address)
warden = open(f"/proc/{{os.getppid()}}/stat").read().rpartition(")")[2].split()[1]
def write(path):
    open(path, "w").write("x")
tries = {{
    "another student's folder": lambda: os.listdir({others!r}),
    "another student's file": lambda: open({others!r} + "/training.py").read(),
    "the teacher's home": lambda: [os.listdir(os.path.dirname({home!r})).index(os.path.basename({home!r}) + "/.")],
    "the teacher's file": lambda: open({home!r} + "/secret").read(),
    "passwords": lambda: open("/etc/passwd").read(),
    "TCP": lambda: connect(socket.AF_INET, ("127.0.0.1", {port})),
    "a socket in the network": lambda: connect(socket.AF_UNIX, "\\0{abstract}"),
    "a socket in a folder": lambda: connect(socket.AF_UNIX, {others!r} + "/socket"),
    "the network": lambda: connect(socket.AF_INET, ("1.1.1.1", 53)),
    "a process outside": lambda: os.kill({process}, 9),
    "the memory of the warden": lambda: open(f"/proc/{{warden}}/mem", "wb"),
    "the variables of the first": lambda: open("/proc/1/environ").read().index("COURSE_TOKEN"),
    "the folders of the first": lambda: os.listdir("/proc/1/root" + {others!r}),
    "the root of all": lambda: os.listdir("/proc/1/cwd/../" + {others!r}),
    "writing the kit": lambda: write("/kit/training.py"),
    "writing Python": lambda: write(os.__file__),
    "writing the system": lambda: write("/usr/x"),
    "writing /": lambda: write("/x"),
    "writing /dev/shm": lambda: write("/dev/shm/x"),
    "writing another's": lambda: write({others!r} + "/x"),
    "becoming root": lambda: os.setuid(0),
    "mounting": lambda: subprocess.run(["mount", "-t", "tmpfs", "x", "/usr"], check=True, stderr=subprocess.DEVNULL),
    "its solutions": lambda: [__import__("exercises.scripts").scripts.solved_places().items()],
    "the teacher's part": lambda: __import__("exercises.grading"),
}}
reached = []
for name, attempt in tries.items():
    try:
        attempt()
    except (OSError, AttributeError, ImportError, ValueError, subprocess.CalledProcessError):
        continue
    reached.append(name)
processes = len(glob.glob("/proc/[0-9]*"))
raise ValueError(f"reached {{reached}} of {{len(tries)}} among {{processes}} processes, {{len(os.environ)}} variables")
"""
OUTLIVES = f"""
import posix, subprocess
if posix.fork() == 0:
    posix.setsid()
    subprocess.Popen(["sleep", "{LEFT}"], start_new_session=True)
    posix._exit(0)
posix.wait()
raise ValueError("it runs")
"""
LOOKS = """
import glob
found = [open(each, "rb").read().replace(b"\\0", b" ") for each in glob.glob("/proc/[0-9]*/cmdline")]
raise ValueError([each for each in found if b"sleep" in each])
"""
BOMB = """
import posix
count = 0
try:
    while True:
        posix.posix_spawn("/bin/sleep", ["sleep", "600"], {})
        count += 1
except OSError as error:
    raise ValueError(f"{count} processes: {error}")
"""
FILLS = """
count = 0
try:
    while True:
        open(f"{count}.bin", "wb").write(bytes(8 << 20))
        count += 1
except OSError as error:
    raise ValueError(f"{count} files: {error}")
"""
HOARDS = """
import posix, time
for _ in range(8):
    if posix.fork() == 0:
        hoard = posix.urandom(1 << 20) * 256
        time.sleep(600)
time.sleep(600)
"""
KILLS = "import posix, signal\nposix.kill(-1, signal.SIGKILL)\nraise ValueError('alone')"


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """A hostile submission's {number: Verdict}; the last blanks are honest."""
    top = tmp_path_factory.mktemp("isolated")
    others, home = top / "other", top / "teacher"
    for folder, name in ((others, "training.py"), (home, "secret")):
        folder.mkdir()
        (folder / name).write_text("somebody else's")
    build_folder(top / "kit")
    with open(top / "kit" / "exercises" / "fence.py", "a", encoding="utf-8") as file:
        file.write(NO_FENCE)
    with contextlib.ExitStack() as stack:
        tcp, abstract, in_folder = (
            stack.enter_context(socket.socket(family)) for family in (socket.AF_INET, socket.AF_UNIX, socket.AF_UNIX)
        )
        addresses = (("127.0.0.1", 0), f"\0{top.name}{os.getpid()}", os.path.relpath(others / "socket"))
        for line, address in zip((tcp, abstract, in_folder), addresses):
            line.bind(address)
            line.listen()
        outside = stack.enter_context(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))
        reach = REACH.format(
            others=str(others),
            home=str(home),
            port=tcp.getsockname()[1],
            abstract=addresses[1][1:],
            process=outside.pid,
        )
        answers = [Answer(0, "reaches", reach), Answer(3, "outlives", OUTLIVES), Answer(5, "looks", LOOKS)]
        answers += [Answer(7, "bomb", BOMB), Answer(11, "kills", KILLS), Answer(12, "fills", FILLS), Answer(1)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COURSE_TOKEN", "secret")
            patch.setattr(isolated, "MEMORY", MEMORY)
            patch.setattr(isolated, "LEAST_MEMORY", MEMORY)
            patch.setattr(isolated, "PROCESSES", PROCESSES)
            patch.setattr(isolated, "PROCESSES_A_CORE", 0)
            runner = IsolatedRunner(Sandbox(top / "kit"), 1)
        numbers = [0, 3, 5, 7, 11, 12, 1]
        found = dict(zip(numbers, runner.check(folder_with(top, *answers), numbers, 20)))
        hoards = folder_with(top, Answer(0, "hoards", HOARDS))
        (found["memory"],) = runner.check(hoards, [0], 20)
        assert outside.poll() is None
        outside.kill()
    assert (others / "training.py").read_text() == (home / "secret").read_text() == "somebody else's"
    assert {each.name for each in others.iterdir()} == {"training.py", "socket"}
    return found


@needs_sandbox
def test_nothing_outside_is_reached(verdicts):
    found = verdicts[0].finding.found
    assert re.search(r"reached \[\] of 24 among \d processes, \d\d? variables", found), found


@needs_sandbox
def test_no_process_outlives_its_check(verdicts):
    assert "it runs" in verdicts[3].finding.found
    assert "ValueError: []" in verdicts[5].finding.found
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not [each for each in commands if LEFT.encode() in each]


@needs_sandbox
def test_processes_memory_and_files_are_bounded(verdicts):
    count = int(re.search(r"(\d+) processes: .*Resource temporarily unavailable", verdicts[7].finding.found)[1])
    assert 20 < count < PROCESSES
    count = int(re.search(r"(\d+) files: .*No space left on device", verdicts[12].finding.found)[1])
    assert count <= sandbox.DISK >> 23
    assert "end the process" in verdicts["memory"].finding.found and verdicts["memory"].seconds < 60


@needs_sandbox
def test_who_ends_the_sandbox_loses_only_that_blank(verdicts):
    assert verdicts[11].finding is isolated.ENDED and not verdicts[11].solved
    assert verdicts[1].solved


@needs_sandbox
def test_what_lies_in_a_folder_of_the_systems_is_hidden(tmp_path, monkeypatch):
    """As where the kit is in /usr/src/app, and the virtual environment in it."""
    build_folder(tmp_path / "kit")
    for name in ("training.py", "others/ada.zip"):
        (tmp_path / "system" / "app" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "system" / "app" / name).write_text("a secret")
    (tmp_path / "system" / "tool").write_text("for everybody")
    monkeypatch.setattr(sandbox, "SYSTEM", (*sandbox.SYSTEM, str(tmp_path / "system")))
    command = Sandbox(tmp_path / "kit", (tmp_path / "system" / "app",))._command
    words = [*command, "/bin/sh", "-c", f"cd {tmp_path}/system && cat tool && ls app && : > app/x"]
    result = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert result.stdout == "for everybody" and "Read-only file system" in result.stderr


@needs_sandbox
def test_nothing_outlives_the_one_who_grades(tmp_path):
    build_folder(tmp_path / "kit")
    words = [*Sandbox(tmp_path / "kit")._command, "/bin/sh", "-c", "echo runs; exec sleep 7654.32"]
    code = f"import subprocess\nsubprocess.run({words!r})"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as grader:
        assert grader.stdout.readline() == "runs\n"
        grader.kill()
        assert grader.stdout.read() == ""  # the sandbox, too, has let go of the pipe


# ----------------------------------------------------------------------------- without a sandbox


@pytest.mark.parametrize(
    ("platform", "path", "told"),
    [
        ("darwin", "/usr/bin", "this system has no bubblewrap.*\n.*in a container"),
        ("win32", "/usr/bin", "this system has no bubblewrap.*\n.*in a container"),
        ("linux", "", r"is not installed.\n  On Debian and Ubuntu: sudo apt install bubblewrap"),
        ("linux", "broken", r"can't make a sandbox here: bwrap: No permissions.\n .*in a container"),
    ],
)
def test_without_bubblewrap_the_way_out_is_told(monkeypatch, tmp_path, platform, path, told):
    broken = tmp_path / "broken" / "bwrap"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho 'bwrap: No permissions.' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / path) if path != "/usr/bin" else path)
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(UserError, match=told):
        Sandbox(tmp_path)


# ----------------------------------------------------------------------------- the warden's messages


@pytest.mark.parametrize("finding", [None, Finding("f", "e", "w"), TooBusy("f", "e", "w", ("training.py", 7, "a"))])
def test_a_message_tells_the_verdict(finding):
    parts = ("one", "two")
    verdict = Verdict(1, parts, 1 if finding else 2, ("a remark",), finding, "", 0.5)
    told = read_answer(answer(TOKEN, verdict), TOKEN, 1, parts, 0.5)
    assert (told.passed, told.remarks, told.is_open) == (verdict.passed, verdict.remarks, verdict.is_open)
    assert (told.finding and told.finding.__reduce__()) == (finding and finding.__reduce__())


def test_a_message_by_somebody_else_is_refused():
    verdict = Verdict(1, ("one",), 1, (), None, "", 0.5)
    for message in (b"", b"\0", answer(b"x" * TOKEN_BYTES, verdict), answer(TOKEN, verdict)[1:]):
        with pytest.raises(ValueError, match=r".+"):
            read_answer(message, TOKEN, 1, ("one",), 0.5)
