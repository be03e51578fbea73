"""How a script ends when something given was wrong: one clear error, an exit status, no traceback."""

import sys

import pytest
from support import warm
from support.scripts import PROJECT

from kit.cli.errors import INTERRUPTED, WRONG_INPUT, UserError, run_script, tensorflow_reason

EMPTY = "blank 4 is still empty: shuffle, batch, repeat"


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (UserError("d.csv:3: no label.\n  Add one."), WRONG_INPUT, "error: d.csv:3: no label.\n  Add one.\n"),
        (NotImplementedError(EMPTY), WRONG_INPUT, f"error: {EMPTY}\n"),
        (NotImplementedError(f"pages\n  of NotImplementedError: {EMPTY}"), WRONG_INPUT, f"error: {EMPTY}\n"),
        (KeyboardInterrupt(), INTERRUPTED, "Stopped.\n"),
        (
            MemoryError("Unable to allocate 4.58 GiB"),
            WRONG_INPUT,
            "error: there is too little memory: Unable to allocate 4.58 GiB.\n"
            "  Close other programs, or use fewer images or rows, or a smaller --batch_size.\n",
        ),
        (
            ModuleNotFoundError("No module named 'PIL.Image'", name="PIL.Image"),
            WRONG_INPUT,
            f"error: the package 'PIL.Image' is not installed in {sys.executable}.\n"
            "  Activate the virtualenv, as README.md says: source .venv/bin/activate\n",
        ),
    ],
)
def test_what_the_user_hears(capfd, monkeypatch, error, status, said):
    def main():
        raise error

    with pytest.raises(SystemExit) as ended, open("/dev/null", "w") as stdout:
        monkeypatch.setattr("sys.stdout", stdout)
        run_script(main)
    assert ended.value.code == status
    assert capfd.readouterr().err == said


@pytest.mark.parametrize("error", [ValueError("a fault"), NotImplementedError("of the kit")])
def test_a_fault_of_the_kit_keeps_its_traceback(tmp_path, error):
    code = f"import sys; sys.path.insert(0, {str(PROJECT)!r})\nfrom kit.cli.errors import run_script\n"
    result = warm.run("-c", tmp_path, f"{code}def main(): raise {error!r}\nrun_script(main)")
    assert result.returncode == 1 and "Traceback" in result.stderr and str(error) in result.stderr


def test_a_reader_that_has_gone_is_no_error(tmp_path):
    code = f"import sys; sys.path.insert(0, {str(PROJECT)!r})\nfrom kit.cli.errors import run_script\n"
    code += "def main():\n    while True: print('line', flush=True)\nrun_script(main)"
    process = warm.start("-c", tmp_path, code)
    process.stdout.close()
    assert process.wait(timeout=60) == INTERRUPTED
    assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Error"),
        ("too short", "too short"),
        ("Graph execution error:\n\nNode: 'a'\nno such file\nmore", "no such file"),
        ("Read less bytes than requested", "the file ends too early: it was cut off, or is still being written"),
        ("2 root error(s) found.\nNode: 'a'\nfirst\nNode: 'b'\nlast\n", "last"),
    ],
)
def test_tensorflow_s_reason_in_a_line(text, reason):
    class Error(Exception):
        message = text

    assert tensorflow_reason(Error()) == reason
