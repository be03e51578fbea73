"""deploy/Dockerfile: what it copies is there, no process is root, and Kubernetes's file fits it."""

import re

import pytest
import yaml
from support.scripts import PROJECT

FOLDER = PROJECT / "deploy"


@pytest.fixture(scope="module")
def instructions():
    """[(instruction, the rest of its line)]."""
    lines = (FOLDER / "Dockerfile").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split(" ", 1)) for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def pod():
    *_, job = yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text(encoding="utf-8"))
    return job["spec"]["template"]["spec"]


def values(instructions, name):
    return [rest for instruction, rest in instructions if instruction == name]


def test_python_is_one_that_the_kit_is_tested_with(instructions):
    (version,) = re.fullmatch(r"python:3\.(\d+)-slim", *values(instructions, "FROM")).groups()
    low, high = re.search(
        r'requires-python = ">=3\.(\d+),<3\.(\d+)"', (PROJECT / "pyproject.toml").read_text()
    ).groups()
    assert int(low) <= int(version) < int(high)


def test_what_is_copied_is_there(instructions):
    copied = [words.split()[:-1] for words in values(instructions, "COPY")]
    assert [source for sources in copied for source in sources if not [*PROJECT.glob(source)]] == []
    assert ["requirements.txt"] in copied and ["kit"] in copied and ["deploy"] in copied


def test_no_process_is_root(instructions, pod):
    user = values(instructions, "USER")[-1]
    assert int(user) > 0
    assert re.search(rf"useradd --uid {user} ", " ".join(values(instructions, "RUN")))
    context = pod["securityContext"]
    assert (context["runAsNonRoot"], context["runAsUser"]) == (True, int(user))


def test_the_job_runs_this_image_in_its_last_folder(instructions, pod):
    (worker,) = pod["containers"]
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    assert f"--tag {worker['image']} ." in text
    assert values(instructions, "WORKDIR")[-1] == worker["workingDir"]
    kit = values(instructions, "WORKDIR")[0]
    for word in (*worker["command"], *worker["args"]):
        if word.startswith(f"{kit}/"):
            assert (PROJECT / word.removeprefix(f"{kit}/")).is_file()
