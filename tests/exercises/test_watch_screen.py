"""Watch mode on a screen that is none: what is shown where a script can't be read."""

import functools

import pytest

from exercises import watch_screen
from exercises.blanks import numbers
from exercises.findings import Finding, Verdict
from exercises.folder import StudentFolder
from kit.data.drawing.students_seed import RECORD_FILE

FINDING = Finding("a number", "a graph", "why", ("first_graph.py", 3, "x"))


class Checks:
    """A Runner that finds something in every blank; counts them."""

    def __init__(self):
        self.checked = []

    def check(self, folder, numbers):
        self.checked.append(numbers)
        return [Verdict(number, ("all",), 0, (), FINDING, "", 0.0) for number in numbers]

    def look(self, folder, number):
        folder.texts()
        return Verdict(number, ("all",), 0, (), FINDING, "", 0.0)


class Typed:
    """A Screen on which steps are typed: keys, or a function that saves something; then q."""

    def __init__(self, *steps):
        self._steps, self.shown = iter(steps), []

    def show(self, lines):
        self.shown.append("\n".join(lines))

    def keys(self, seconds):
        step = next(self._steps, "q") if seconds else ""
        return step if isinstance(step, str) else step()


def saved(path, content):
    """Writes a file; no key."""
    path.write_bytes(content)
    return ""


@pytest.fixture
def watched(folder, monkeypatch):
    """Watches the folder: function(steps) -> (blanks that were checked, what was shown)."""
    checks = Checks()
    monkeypatch.setenv("COLUMNS", "500")
    monkeypatch.setenv("LINES", "60")
    monkeypatch.setattr(watch_screen, "Runner", lambda: checks)

    def run(*steps):
        screen = Typed(*steps)
        watch_screen._Watch(StudentFolder(folder), screen, "vim").run()
        return checks.checked, screen.shown

    return run


def test_watching_goes_on_while_a_script_can_not_be_read(folder, watched):
    script = folder / "first_graph.py"
    text = script.read_text(encoding="utf-8")
    latin, mended = f"# \u00e4\n{text}".encode("latin-1"), text.replace("raise", "# mine\n        raise", 1).encode()
    save_latin, save_mended = (functools.partial(saved, script, content) for content in (latin, mended))
    checked, shown = watched(save_latin, "", "e", "l", "n", "h", "hhh", save_mended, "")
    assert checked == [numbers(), [0]]
    unreadable = [page for page in shown if "first_graph.py: not text in UTF-8" in page]
    assert len(unreadable) >= 4 and all("Watching goes on." in page for page in unreadable)
    assert "Hint 1:" in "".join(shown) and "Next: blank 0" in shown[-1] and "UTF-8" not in shown[-1]


def test_watching_goes_on_after_a_record_that_can_not_be_read(folder, watched):
    record = folder / RECORD_FILE
    content = record.read_bytes()
    _, shown = watched(functools.partial(saved, record, b"{"), "h", functools.partial(saved, record, content), "h")
    assert any("cannot read the record" in page for page in shown) and "Hint 1:" in shown[-1]
