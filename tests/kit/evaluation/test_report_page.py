"""report.html: everything is in it, nothing is loaded from elsewhere, and no name can be taken for HTML."""

import re
from html.parser import HTMLParser

import numpy as np

from kit.evaluation import report_page
from kit.evaluation.report_page import About, page_of

PNG = b"\x89PNG picture"
ABOUT = About(
    "architecture dense 1 <sigmoid>",
    "X.tabular: 30 training and 8 validation rows",
    {
        "epochs": 10,
        "learning_rate": 0.00005,
        "validation": 0.2,
        "columns": ["a", "b"],
        "labels": None,
        "skip_bad": False,
        "stratified": True,
    },
    ["python training.py --data 'a & b.tabular'", "python evaluating.py"],
)
REPORT = {
    **{"run": "<b>mine</b>", "checkpoint": "best", "data": "X & Y.tabular", "loss": 0.25, "rows": 1200},
    **{"accuracy": 0.75, "precision": None, "f1": 0.5, "undefined": ["AML: never predicted"]},
    "classes": [
        {"label": 0, "name": "<script>alert(1)</script>", "precision": 0.5, "recall": 1.0, "f1": 0.7, "rows": 1000},
        {"label": 1, "name": "AML", "precision": None, "recall": 0.0, "f1": 0.0, "rows": 200},
    ],
    "confusion_matrix": [[1000, 0], [200, 0]],
}


class Reader(HTMLParser):
    """The texts of a page, its tags, and what it refers to."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.open, self.sources, self.tags = [], [], [], set()
        self.feed(page.decode())

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.sources += [value for name, value in attributes if name in ("src", "href")]
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        self.texts.append(text.strip())


def test_texts_stay_texts_and_nothing_is_loaded():
    read = Reader(page_of(REPORT, {"roc.png": PNG, "learning_curves.png": PNG, "other.png": PNG}, ABOUT))
    assert not read.open and not read.tags & {"script", "link", "iframe", "b"}
    assert "Run <b>mine</b> on X & Y.tabular" in read.texts and "<script>alert(1)</script>" in read.texts
    assert len(read.sources) == 2 and all(source.startswith("data:image/png;base64,") for source in read.sources)
    headings = ["Scores", "Classes", "Learning curves", "Data", "Network and settings", "Commands", "Versions"]
    assert [text for text in read.texts if text in {*headings, "Importance", "Explained rows"}] == headings


def test_scores_and_settings_are_told():
    texts = Reader(page_of(REPORT, {}, ABOUT)).texts
    cells = [text for text in texts if text]
    for name, value in (("accuracy", "0.7500"), ("precision", "-"), ("F1", "0.5000"), ("loss", "0.2500")):
        assert cells[cells.index(name) + 1] == value
    for name, value in (
        ("epochs", "10"),
        ("learning_rate", "5e-05"),
        ("validation", "0.2"),
        ("columns", "a b"),
        ("stratified", "yes"),
    ):
        assert cells[cells.index(name) + 1] == value
    assert "labels" not in cells and "skip_bad" not in cells  # not given
    assert "AML: never predicted" in cells and "1,200 rows of X & Y.tabular" in cells
    assert "python training.py --data 'a & b.tabular'\npython evaluating.py" in cells
    assert cells[cells.index("numpy") + 1] == np.__version__


def test_importance_and_explanations_are_told():
    found = {"feature": "X_<1>", "importance": 0.0312, "low": 0.01, "high": 0.05, "rank": 1}
    importance = {"score": "log_loss", "rows": 34, "repeats": 10, "most_important": [found]}
    row = {"row": 3, "name": "Ann", "predicted": "AML", "difference": 4.5, "sum_of_shares": 4.5, "is_complete": False}
    row["compared_with"] = "a row of zeros"
    report = {**REPORT, "importance": importance, "explanations": [row]}
    cells = [text for text in Reader(page_of(report, {"importance.png": PNG}, ABOUT)).texts if text]
    assert cells[cells.index("X_<1>") :][:5] == ["X_<1>", "0.0312", "0.0100", "0.0500", "1"]
    assert cells[cells.index("Ann") :][:5] == ["Ann", "AML", "4.5000", "4.5000", "no"]
    assert any("compared with a row of zeros" in text for text in cells)


def test_predictions_without_labels_have_a_page_too():
    report = {"run": "a", "checkpoint": "best", "data": "X.tabular", "images": 2}
    read = Reader(page_of(report, {}, ABOUT))
    assert "Scores" not in read.texts and "2 images of X.tabular" in read.texts


def test_of_many_classes_some_are_shown(monkeypatch):
    monkeypatch.setattr(report_page, "MOST_CLASSES", 1)
    page = page_of(REPORT, {}, ABOUT).decode()
    assert "<p>1 more are in report.json.</p>" in page and not re.search(r"<td>AML</td>", page)
