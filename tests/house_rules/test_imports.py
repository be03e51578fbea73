"""Who may import whom, where import-linter can't look: it knows packages only (see pyproject.toml)."""

import ast
from pathlib import Path

import pytest
from support.scripts import PROJECT

MAY_IMPORT = {  # of the project's own; ARCHITECTURE.md says why
    "dataset_creation": {"kit"},
    "first_graph": {"kit"},
    "training": {"kit", "dlho2018", "dlho2018_nns"},
    "evaluating": {"kit", "dlho2018", "dlho2018_nns"},
    "drawing_board": {"kit", "dlho2018", "dlho2018_nns"},
    "dlho2018": {"kit"},
    "dlho2018_nns": {"kit", "tf_layers"},
    "tf_layers": {"kit"},
}
PACKAGES = {"kit", "exercises", "benchmarks", "labs", "tests", "docs"}
LABS = [path.stem for path in sorted((PROJECT / "labs").glob("*.py"))]
MOST_LINES = 150  # of a lab
EXERCISES = [str(path.relative_to(PROJECT)) for path in sorted((PROJECT / "exercises").rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """The first names of all that a file imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_every_script_has_its_rule():
    assert {path.stem for path in PROJECT.glob("*.py")} == set(MAY_IMPORT)


@pytest.mark.parametrize("script", MAY_IMPORT)
def test_a_script_imports_only_what_it_may(script):
    of_project = imported(PROJECT / f"{script}.py") & (PACKAGES | set(MAY_IMPORT))
    assert of_project <= MAY_IMPORT[script]


@pytest.mark.parametrize("script", MAY_IMPORT)
def test_a_script_imports_tensorflow_through_kit(script):
    assert "tensorflow" not in imported(PROJECT / f"{script}.py")


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_is_short_and_imports_what_the_lesson_does(lab):
    path = PROJECT / "labs" / f"{lab}.py"
    assert imported(path) & (PACKAGES | set(MAY_IMPORT) | {"tensorflow"}) <= {
        "kit",
        "dlho2018",
        "dlho2018_nns",
        "tf_layers",
    }
    assert lab not in MAY_IMPORT
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("module", EXERCISES)
def test_exercises_import_kit_and_themselves_only(module):
    """Also in folders such as blanks/00_graph, which are no packages."""
    of_project = imported(PROJECT / module) & (PACKAGES | set(MAY_IMPORT))
    assert of_project <= {"kit", "exercises"}
