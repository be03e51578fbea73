"""The command line of python -m kit.cluster: a wrong one is one error, and no worker starts."""

import subprocess
import sys

import pytest
from support.scripts import PROJECT, environment

from kit.cluster.__main__ import check_micro_batches, split_at_script

EXAMPLE = "python -m kit.cluster --workers 2 training.py --micro_batches 4"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--workers", "2"],
            f"The script is missing; expected a name that ends in .py.\n  For example: {EXAMPLE}",
        ),
        (["--workers", "2", "none.py"], "none.py: there is no such script.\n  Check the name and the folder."),
        (
            ["--workers", "2", "./evaluating.py", "--run", "a"],
            "./evaluating.py: only training.py shares its work among workers; each of them would run all of this "
            "script.\n  Start it without python -m kit.cluster.",
        ),
        (["--workers", "0", "training.py"], "--workers is 0; expected at least 1 and at most 64."),
        (
            ["--workers", "two", "training.py"],
            "--workers is 'two'; expected a whole number in digits, such as 1000.\n"
            "  'python -m kit.cluster --help' lists every flag.",
        ),
        (
            ["training.py", "--workers", "2"],
            "the following arguments are required: --workers\n  'python -m kit.cluster --help' lists every flag.",
        ),
        (
            ["--workers", "4", "training.py", "--micro_batches", "6"],
            "--micro_batches is 6, which 4 workers can't share evenly.\n"
            "  Use a multiple of --workers: --micro_batches 4 or 8, for example.",
        ),
    ],
)
def test_a_wrong_command_is_one_error(words, message):
    command = [sys.executable, "-m", "kit.cluster", *words]
    done = subprocess.run(command, cwd=PROJECT, env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {message}\n")


def test_flags_before_the_script_are_the_launcher_s():
    words = ["--workers=2", "--pin", "a/training.py", "--data", "other.py"]
    assert split_at_script(words) == (["--workers=2", "--pin"], ["a/training.py", "--data", "other.py"])


@pytest.mark.parametrize(
    "flags",
    [
        ["--micro_batches", "4"],
        ["--micro-batches=2"],
        ["--micro_batches=3", "--micro_batches", "2"],
        ["--micro_batches", "some"],  # the script says what is wrong with it
        [],
    ],
)
def test_what_two_workers_can_share(flags):
    check_micro_batches(["training.py", *flags], 2)
