"""The documents name only what is there: files, what is defined in them, flags, links and their #anchors."""

import re
from pathlib import Path

import pytest
from support.scripts import PROJECT

DOCUMENTS = sorted(path for pattern in ("*.md", "docs/*.md", "exercises/*.md") for path in PROJECT.glob(pattern))
FLAGS_PAGE = PROJECT / "docs" / "flags.md"  # tests/kit/cli/test_flags_page.py
FOLDERS = "kit|labs|deploy|docs|tests|benchmarks|exercises|\\.ci|\\.github"
PATH = re.compile(rf"(?<![\w./\\-])(?:{FOLDERS})/[\w./-]*")
FILE = re.compile(r"(?<![\w./\\*-])\w+\.(?:py|md|toml)\b")
PLACEHOLDERS = {"exercises/blanks/NN_name"}  # in ARCHITECTURE.md: what may be added
MADE_FILES = {"check.py"}  # in a student's folder
OTHER_FLAGS = {"help", "logdir"}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchors_of(path: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a document."""
    prose = re.sub(r"(?ms)^```.*?^```$", "", text_of(path))
    headings = re.findall(r"(?m)^#+ (.*)$", prose)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def defines(path: Path, name: str) -> bool:
    """Whether a Python file defines a name, "function" or "Class.method"."""
    code = text_of(path)
    return all(re.search(rf"(?m)^ *(?:def|class) {part}\b|^{part}\b.* = ", code) for part in name.split("."))


def by_name(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_paths_exist(document):
    named = {path.rstrip(".") for path in PATH.findall(text_of(document))} - PLACEHOLDERS
    assert not {path for path in named if not (PROJECT / path).exists()}


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_files_exist(document):
    """Also those that are named without their folder."""
    folders = ("kit", "labs", "docs", "exercises", "tests", "benchmarks")
    files = [*PROJECT.glob("*.*"), *(path for folder in folders for path in (PROJECT / folder).rglob("*.*"))]
    known = {path.name for path in files}
    assert set(FILE.findall(text_of(document))) - known <= MADE_FILES


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_names_are_defined_in_the_files_they_are_ascribed_to(document):
    text = text_of(document)
    pairs = [
        (path, name)
        for path, names in re.findall(r"([\w/]+\.py): ((?:`[\w.]+`(?:, | and )?)+)", text)
        for name in re.findall(r"`([\w.]+)`", names)
    ]
    pairs += [(path, name) for name, path in re.findall(r"`(\w+)`: ([\w/]+\.py)", text)]
    assert not [(path, name) for path, name in pairs if not defines(PROJECT / path, name)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_modules_of_kit_exist(document):
    for dotted in re.findall(r"(?<![\w.])kit(?:\.\w+)+", text_of(document)):
        path, *names = PROJECT, *dotted.split(".")
        while names and (path / names[0]).is_dir():
            path /= names.pop(0)
        if names:
            module = path / f"{names.pop(0)}.py"
            assert module.is_file() and all(defines(module, name) for name in names), dotted


@pytest.mark.parametrize("document", [path for path in DOCUMENTS if path != FLAGS_PAGE], ids=by_name)
def test_flags_exist(document):
    listed = set(re.findall(r"(?m)^\| `--(\w+)` \|", text_of(FLAGS_PAGE)))
    code = [path for folder in ("exercises", "benchmarks") for path in (PROJECT / folder).rglob("*.py")]
    parsed = {flag for path in code for flag in re.findall(r"--(\w+)", text_of(path))}
    prose = re.sub(r"<!--.*?-->", "", text_of(document))
    assert set(re.findall(r"(?<![\w-])--([a-z]\w*)", prose)) <= listed | parsed | OTHER_FLAGS


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_links_lead_somewhere(document):
    folder = PROJECT if document.name == "students_readme.md" else document.parent  # it is copied to the top
    prose = re.sub(r"(?ms)^```.*?^```$", "", text_of(document))
    targets = re.findall(r"\]\(([^)]+)\)|src=\"([^\"]+)\"|(?m:^\[[^]]+\]: (\S+)$)", prose)
    for target in filter(None, ("".join(each) for each in targets)):
        file, _, anchor = target.partition("#")
        if not file.startswith(("https://", "http://")):
            path = folder / file if file else document
            assert path.exists(), target
            assert not anchor or anchor in anchors_of(path), target


def test_what_the_readme_ascribes_to_a_script_stands_in_its_code():
    rows = re.findall(r"(?m)^\| \[(\w+\.py)\]\(\1\) \| (.*) \|$", text_of(PROJECT / "README.md"))
    assert {"dlho2018.py", "training.py", "evaluating.py"} <= {script for script, _ in rows}
    for script, said in rows:
        code = re.sub(r'(?s:""".*?""")|#.*', "", text_of(PROJECT / script))
        missing = [name for name in re.findall(r"`(\w+)`", said) if not re.search(rf"\b{name}\b", code)]
        assert not missing, f"{script}: {missing}"
