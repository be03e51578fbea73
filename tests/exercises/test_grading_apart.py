"""What a submission can't do while it is graded: write its own verdict, read solutions or other hand-ins, do damage."""

import json
import subprocess
import sys

import pytest
from support.scripts import PROJECT, environment

from exercises.answers import Answer
from exercises.blanks import blank
from exercises.fence import has_fence, paths_apart, version
from exercises.findings import Empty, Finding
from exercises.verdict_message import LONGEST_MESSAGE, LONGEST_TEXT, MOST_REMARKS, decode, encode

TOKEN = b"0123456789abcdef"
FORGED = "[1, [], null]"
CONNECTIONS = """
import gc
from multiprocessing.connection import Connection
for connection in [each for each in gc.get_objects() if isinstance(each, Connection)]:
    {}
"""
TO_STREAMS = f"""
import os, struct
message = {FORGED.encode()!r}
for file in range(3, 64):
    try:
        os.write(file, struct.pack("!i", len(message)) + message)
    except OSError:
        pass
"""
UNREADABLE = "the check's answer could not be read"
FORGERIES = [  # in blank 1: (title, lines)
    ("a tuple of too many points", CONNECTIONS.format("connection.send((303, (), None))")),
    ("all parts, as the check says it", CONNECTIONS.format(f"connection.send_bytes({FORGED.encode()!r})")),
    ("through every stream", TO_STREAMS),
    ("that it has started", CONNECTIONS.format("connection.send_bytes(b'started')")),
    ("what is no message", CONNECTIONS.format("connection.send_bytes(b'')")),
    ("a very long message", CONNECTIONS.format("connection.send_bytes(b'x' * (1 << 17))")),
    ("code for the reader to run", CONNECTIONS.format("connection.send(__import__('os').getcwd)")),
]
READINGS = [  # paths of what must not be read, as a submission may find them
    ("the kit, from its virtual environment", "os.path.dirname(sys.prefix) + '/training.py'"),
    ("the kit, by its path", f"{str(PROJECT / 'training.py')!r}"),
    ("the kit, from the checks' modules", "os.path.dirname(sys.modules['exercises'].__file__) + '/grading/grade.py'"),
    ("the kit, from the working folder", "multiprocessing.process.ORIGINAL_DIR + '/training.py'"),
    ("the kit, from the variables", "os.environ['PWD'] + '/training.py'"),
    ("the kit, from the process that grades", "f'/proc/{os.getppid()}/cwd/training.py'"),
    ("another hand-in", "HANDED_IN"),
    ("passwords", "'/etc/shadow'"),
    ("the user's own", "os.path.expanduser('~') + '/.bashrc'"),
]
READ = """
import multiprocessing.process, os, sys
HANDED_IN = {!r}
raise ValueError(open({}).read())
"""
GRADE = """
import json, sys, types
from pathlib import Path
sys.path[:0] = [{project!r}, {tests!r}]
from exercises.build_handout import build_folder
from exercises.folder import Record
from exercises.markers import with_lines
from exercises.runner import Runner
from exercises.scripts import empty_script, script_names
folder = Path({folder!r})
build_folder(folder / "kit")
runner = Runner(folder / "kit")
for title, answer in json.loads({answers!r}):
    texts = {{script: with_lines(script, empty_script(script), answer) for script in script_names()}}
    hand_in = types.SimpleNamespace(path=folder / "mine", texts=lambda: texts, record=Record())
    (verdict,) = runner.check(hand_in, [1], seconds=20)
    finding = verdict.finding
    print(json.dumps([title, verdict.solved, verdict.passed, finding and finding.found, verdict.printed]))
"""
needs_fence = pytest.mark.skipif(not has_fence(), reason="this system has no fence")
CLOSES_SIGNALS = 6  # since this version of Landlock
SOCKETS = {  # that nobody may make
    "TCP": "socket.create_connection(('127.0.0.1', 9), 1)",
    "UDP": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "the process that starts the checks": "socket.socket(socket.AF_UNIX).connect(forkserver._forkserver_address)",
}


def in_blank_1(title, lines):
    return title, Answer(1, title, lines).lines()


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """Blank 1 of submissions, graded in one process as `grade` does: {title: (solved, passed, found, printed)}."""
    folder = tmp_path_factory.mktemp("grading")
    handed_in = folder / "other.py"
    handed_in.write_text("the work of somebody else")
    answers = [in_blank_1(title, lines) for title, lines in FORGERIES]
    answers += [in_blank_1(title, READ.format(str(handed_in), path)) for title, path in READINGS]
    if version() >= CLOSES_SIGNALS:
        answers.append(in_blank_1("kill", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"))
    answers.append(
        in_blank_1("solutions", "from exercises.scripts import solved_places\nraise ValueError(solved_places())")
    )
    answers += [
        in_blank_1(title, f"import socket\nfrom multiprocessing.forkserver import _forkserver as forkserver\n{line}")
        for title, line in SOCKETS.items()
    ]
    answers.append(in_blank_1("write", f"open({str(handed_in)!r}, 'w')"))
    answers.append(in_blank_1("variables", "import os\nraise ValueError(sorted(os.environ))"))
    answers.append(("solved", Answer(1).lines()))
    code = GRADE.format(
        project=str(PROJECT), tests=str(PROJECT / "tests"), folder=str(folder), answers=json.dumps(answers)
    )
    env = {**environment(), "COURSE_TOKEN": "secret", "TF_TOKEN_class": "secret"}
    result = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=env, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert handed_in.read_text() == "the work of somebody else"
    return {title: told for title, *told in map(json.loads, result.stdout.splitlines())}


@pytest.mark.parametrize("title", [title for title, _ in FORGERIES])
def test_a_forged_verdict_costs_only_its_own_blank(verdicts, title):
    assert verdicts[title][:3] == [False, 0, UNREADABLE]
    assert verdicts["solved"][:2] == [True, len(blank(1).parts)]  # which came last


@needs_fence
@pytest.mark.parametrize("title", [title for title, _ in READINGS])
def test_nothing_of_solutions_and_other_hand_ins_is_read(verdicts, title):
    solved, passed, found, _ = verdicts[title]
    assert not solved and passed == 0
    assert any(error in found for error in ("PermissionError", "FileNotFoundError", "KeyError", "TypeError")), found


@needs_fence
def test_nothing_else_is_reached(verdicts):
    assert version() < CLOSES_SIGNALS or "PermissionError" in verdicts["kill"][2]
    for title in ("write", *SOCKETS):
        assert "PermissionError" in verdicts[title][2]
    assert "ValueError: None" in verdicts["solutions"][2]
    assert "PATH" in verdicts["variables"][2] and "TOKEN" not in verdicts["variables"][2]
    assert str(PROJECT) not in verdicts["variables"][2]


def test_paths_to_import_from_hold_neither_the_kit_nor_where_grading_was_started(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", ["", str(PROJECT), str(PROJECT.parent), "/", str(PROJECT / ".venv"), "/usr/lib"])
    assert paths_apart(tmp_path, PROJECT) == [str(tmp_path), str(PROJECT / ".venv"), "/usr/lib"]


# ----------------------------------------------------------------------------- the message

FINDING = Finding("found", "expected", "why", ("training.py", 7, "a = 1"))


@pytest.mark.parametrize(
    ("passed", "remarks", "finding"),
    [
        (3, (), None),
        (3, ("a remark",), None),
        (0, (), FINDING),
        (2, (), Finding("f", "e", "w")),
        (3, (), FINDING),
        (0, (), Empty("f", "e", "w")),
    ],
)
def test_a_message_says_what_the_check_came_to(passed, remarks, finding):
    told = decode(encode(TOKEN, passed, remarks, finding), TOKEN, 3)
    assert told[:2] == (passed, remarks)
    assert told[2].__reduce__() == finding.__reduce__() if finding else told[2] is None


def test_half_characters_are_replaced():
    """No file can hold them, and a class's table would end with the first."""
    finding = Finding("\ud800", "\udfff", "a\udc80b", ("training.py", 7, "\ud83d"))
    _, remarks, told = decode(encode(TOKEN, 0, ("\ude00 \U0001f600",), finding), TOKEN, 3)
    assert (remarks, told.found, told.expected, told.why) == (("\ufffd \U0001f600",), "\ufffd", "\ufffd", "a\ufffdb")
    assert told.line == ("training.py", 7, "\ufffd")


def test_long_texts_are_cut_and_odd_ones_become_texts():
    finding = Finding(1, ["x"], "y" * 9999, ("training.py", 7, "z" * 9999))
    message = encode(TOKEN, 0, ("m" * 9999,), finding)
    passed, remarks, told = decode(message, TOKEN, 3)
    assert (passed, told.found, told.expected) == (0, "1", "['x']") and len(message) < LONGEST_MESSAGE
    assert len(told.why) == len(told.line[2]) == len(remarks[0]) == LONGEST_TEXT


@pytest.mark.parametrize(
    "content",
    [
        *(f"[{passed}, [], null]" for passed in ("303", "4", "-1", "2", "3.0", "true", '"3"', "null", "1e999", "NaN")),
        *(
            f"[3, {remarks}, null]"
            for remarks in ("null", "[1]", "3", '"text"', '{"a": 1}', json.dumps(["m"] * (MOST_REMARKS + 1)))
        ),
        *(f"[0, [], {finding}]" for finding in ("1", '"found"', '["f"]', '["f", "e", 1, null, false]')),
        *(f"[3, [], {finding}]" for finding in ("0", "false", '""', "[]", "{}", '{"a": 1}', '["f", "e", "w", null]')),
        *(f'[0, [], ["f", "e", "w", null, {empty}]]' for empty in ("0", "null", '"no"')),
        '[0, [], ["f", "e", "w", ["s", 1], false]]',
        '[3, ["' + "m" * 9999 + '"], null]',
        *(
            f'[0, [], ["f", "e", "w", ["s", {number}, "t"], false]]'
            for number in ("0", "-1", "true", "1.5", "99999999999")
        ),
        '[0, [], ["' + "f" * 9999 + '", "e", "w", null, false]]',
        *("[]", "{}", "", "3", "null", "[3, []]", "[3, [], null", "[" * 9999, "\0"),
    ],
)
def test_what_no_check_says_is_refused(content):
    with pytest.raises(ValueError, match=r".+"):
        decode(TOKEN + content.encode(), TOKEN, 3)


def test_a_message_without_the_token_is_refused():
    for message in (b"", b"[3, [], null]", TOKEN[1:] + b"[3, [], null]"):
        with pytest.raises(ValueError, match="not by the check"):
            decode(message, TOKEN, 3)
