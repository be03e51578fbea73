"""The pictures of an evaluation: what is drawn, by the lines and words in their figures."""

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib import colormaps
from sklearn import metrics
from support.scored import CHANCES, EPOCHS, LABELS, THREE, THREE_LABELS, TWO, epoch, picture_of

from kit.evaluation import plots
from kit.evaluation.result import EvaluationResult

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture
def figures(monkeypatch):
    """Instead of PNGs, the functions of kit.evaluation.plots return matplotlib's figures."""
    monkeypatch.setattr(plots, "png_of", lambda figure: figure)


def lines_of(axes):
    """{label: (x, y)} of a picture's lines."""
    return {line.get_label(): (line.get_xdata(), line.get_ydata()) for line in axes.lines}


def legend_of(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


NAMES = [f"_class ${i}$ 白血病 " + "that goes on and on " * (i % 3) for i in range(300)]
MATRIX = np.arange(90_000).reshape(300, 300) % 7


@pytest.mark.parametrize(
    "png",
    [
        lambda: plots.confusion_matrix_png([[17, 3], [4, 10]], ("ALL", "AML")),
        lambda: plots.confusion_matrix_png([[0, 0], [4, 100_000]], NAMES[1:3]),
        lambda: plots.confusion_matrix_png(MATRIX[:30, :30], NAMES[:30]),
        lambda: plots.confusion_matrix_png(MATRIX, NAMES),
        lambda: plots.roc_png(LABELS, TWO, ("ALL", "AML")),
        lambda: plots.roc_png(LABELS * 0, TWO, NAMES[:2]),
        lambda: plots.precision_recall_png(THREE_LABELS, THREE, NAMES[:3]),
        lambda: plots.learning_curves_png(EPOCHS[:1], "accuracy"),
        lambda: plots.learning_curves_png([epoch(n) for n in range(1, 100)], "R2"),
        lambda: plots.values_png(np.float32([1]), np.float32([1])),
        lambda: plots.values_png(np.arange(5000, dtype=np.float32), np.ones(5000, np.float32)),
    ],
)
def test_pictures_are_of_a_sensible_size_and_drawn_on(png):
    assert len(picture_of(png()).getcolors(1 << 24)) > 20


def test_the_confusion_matrix_has_true_classes_on_the_y_axis():
    pixels = np.int32(picture_of(plots.confusion_matrix_png([[10, 0], [10, 0]], ("ALL", "AML"))))
    is_dark_blue = (pixels[..., 2] - pixels[..., 0] > 60) & (pixels.sum(axis=2) < 200)
    rows, columns = np.nonzero(is_dark_blue)
    assert np.ptp(rows) > 1.9 * np.ptp(columns)  # both true classes, high; the first predicted one, wide


def test_the_confusion_matrix_is_labelled(figures):
    (axes,) = plots.confusion_matrix_png([[17, 3], [4, 10]], ("ALL", "a $ and a $, and many more words")).axes
    assert (axes.get_ylabel(), axes.get_xlabel(), axes.get_title()) == ("true", "predicted", "27 of 34 right")
    names = ["ALL", r"a \$ and a \$, and many more …"]
    for labels in (axes.get_xticklabels(), axes.get_yticklabels()):
        assert [label.get_text() for label in labels] == names
    assert {text.get_text(): text.get_position() for text in axes.texts}["3"] == (1, 0)  # true ALL, taken for AML


def test_the_roc_curve_of_two_classes_is_scikit_learns(figures):
    (axes,) = plots.roc_png(LABELS, TWO, ("ALL", "AML")).axes
    expected = metrics.roc_curve(LABELS, CHANCES)[:2]
    np.testing.assert_array_equal(lines_of(axes)["AUC 0.833, class AML"], expected)
    np.testing.assert_array_equal(lines_of(axes)["guessing"], [[0, 1], [0, 1]])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("false positive rate", "true positive rate")
    assert legend_of(axes) == ["AUC 0.833, class AML", "guessing"]


def test_the_precision_recall_curve_of_two_classes_is_scikit_learns(figures):
    (axes,) = plots.precision_recall_png(LABELS, TWO, ("ALL", "AML")).axes
    precision, recall, _ = metrics.precision_recall_curve(LABELS, CHANCES, drop_intermediate=True)
    np.testing.assert_array_equal(lines_of(axes)["AP 0.833, class AML"], (recall, precision))
    np.testing.assert_array_equal(lines_of(axes)["guessing"], [[0, 1], [0.4, 0.4]])  # 2 of 5 are AML
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("recall", "precision")


def test_each_of_more_classes_has_its_curves_the_hardest_first(figures):
    (axes,) = plots.roc_png(THREE_LABELS, THREE, ("a", "b", "c")).axes
    areas = {name: metrics.roc_auc_score(i == THREE_LABELS, THREE[:, i]) for i, name in enumerate("abc")}
    named = [f"AUC {areas[name]:.3f}, class {name}" for name in sorted(areas, key=areas.get)]
    assert legend_of(axes) == [*named, "guessing"]
    (axes,) = plots.precision_recall_png(THREE_LABELS, THREE, ("a", "b", "c")).axes
    areas = {name: metrics.average_precision_score(i == THREE_LABELS, THREE[:, i]) for i, name in enumerate("abc")}
    assert legend_of(axes) == [f"AP {areas[name]:.3f}, class {name}" for name in sorted(areas, key=areas.get)]


def test_of_many_classes_the_ten_hardest_are_named(figures):
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 14, 400)
    (axes,) = plots.roc_png(labels, rng.random((400, 15)), [f"class {i}" for i in range(15)]).axes
    legend = legend_of(axes)
    assert len(legend) == 12 and legend[-2:] == ["4 other classes", "guessing"]  # class 14 has no row
    assert len(axes.lines) == 15 and legend[:10] == sorted(legend[:10])


def test_a_class_has_the_same_colour_in_both_pictures(figures):
    labels = np.int64([0, 0, 1, 1, 2, 2])
    hard_to_rank = np.float32(
        [[0.1, 0.6, 0.3], [0.9, 0, 0.1], [0.4, 0.5, 0.1], [0, 0.2, 0.8], [0.2, 0, 0.8], [0, 0, 1]]
    )
    colours = []
    for draw in (plots.roc_png, plots.precision_recall_png):
        (axes,) = draw(labels, hard_to_rank[:, [2, 0, 1]], ("a", "b", "c")).axes
        lines = [line for line in axes.lines if "class" in line.get_label()]
        colours.append({line.get_label()[-1]: line.get_color() for line in lines})
    assert colours[0] == colours[1] == dict(zip("abc", colormaps["tab10"].colors))
    assert list(colours[0]) != list("abc")  # the hardest first: not the order of the colours


def test_one_class_alone_has_no_curve_and_the_picture_says_so(figures):
    for draw in (plots.roc_png, plots.precision_recall_png):
        (axes,) = draw(LABELS * 0 + 1, TWO, ("ALL", "AML")).axes
        assert not axes.lines and [text.get_text() for text in axes.texts] == ["No curve: every label is AML."]


def test_a_class_without_labels_has_no_curve_and_the_picture_says_so(figures):
    for draw, lines in ((plots.roc_png, 3), (plots.precision_recall_png, 2)):
        (axes,) = draw(THREE_LABELS[:4], THREE[:4], ("a", "b", "c")).axes
        assert len(axes.lines) == lines and axes.get_title() == "no curve without labels: c"


def test_learning_curves_of_an_undefined_score(figures):
    epochs = [epoch(n, (0.5, 0.1 * n), (0.4, None)) for n in (1, 2)]
    loss, score = plots.learning_curves_png(epochs, "R2").axes
    assert {"training", "validation"} <= lines_of(loss).keys() and "validation" not in lines_of(score)
    assert [text.get_text() for text in score.texts] == ["R2 of validation is undefined: its labels are equal"]


def test_learning_curves_show_training_and_validation(figures):
    loss, accuracy = plots.learning_curves_png(EPOCHS, "accuracy").axes
    assert (loss.get_ylabel(), accuracy.get_ylabel(), loss.get_xlabel()) == ("loss", "accuracy", "epoch")
    np.testing.assert_array_equal(lines_of(loss)["training"], [[1, 2, 3], [0.9, 0.5, 0.3]])
    np.testing.assert_array_equal(lines_of(loss)["validation"], [[1, 2, 3], [0.8, 0.7, 0.6]])
    np.testing.assert_array_equal(lines_of(accuracy)["training"], [[1, 2, 3], [0.5, 0.7, 0.9]])
    np.testing.assert_array_equal(lines_of(accuracy)["validation"], [[1, 2, 3], [0.6, 0.9, 0.8]])
    assert lines_of(accuracy)["best, epoch 2"][0] == [2, 2]
    assert loss.get_yscale() == "linear"


def test_learning_curves_without_validation(figures):
    axes, _ = plots.learning_curves_png([epoch(n, validation=(None, None)) for n in (1, 2)], "accuracy").axes
    assert legend_of(axes) == ["training"] and len(axes.lines) == 1


def test_learning_curves_stay_readable_where_the_beginning_was_bad(figures):
    epochs = [epoch(1, (9000, -70), (8000, -60)), epoch(2, (3, 0.8), (4, 0.7))]
    loss, r2 = plots.learning_curves_png(epochs, "R2").axes
    assert loss.get_yscale() == "log" and r2.get_ylim() == (-1.0, 1.05) and r2.get_ylabel() == "R2"


def test_values_are_drawn_true_over_predicted(figures):
    (axes,) = plots.values_png(np.float32([1, 2, 4]), np.float32([2, 2, 3])).axes
    np.testing.assert_array_equal(axes.collections[0].get_offsets(), [[2, 1], [2, 2], [3, 4]])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted", "true") and axes.get_xlim() == axes.get_ylim()


def test_ranges_are_drawn_around_their_means(figures):
    curves = {"fine-tuned": {20: [0.75, 1.0], 200: [1.0, 1.0]}, "from scratch": {20: [0.5, 0.5], 200: [0.5, 0.75]}}
    (axes,) = plots.ranges_png(curves, "labels", "accuracy").axes
    drawn = lines_of(axes)
    assert [drawn[name][1].tolist() for name in curves] == [[0.875, 1.0], [0.5, 0.625]]
    assert legend_of(axes) == list(curves) and axes.get_xscale() == "log"
    assert axes.get_xlabel() == "labels (logarithmic)"
    assert [text.get_text() for text in axes.get_xticklabels()] == ["20", "200"]
    lows_and_highs = [each.get_paths()[0].vertices[:, 1] for each in axes.collections]
    assert [(each.min(), each.max()) for each in lows_and_highs] == [(0.75, 1.0), (0.5, 0.75)]


def test_mistakes_by_a_threshold_have_the_probability_of_the_class_predicted(figures, monkeypatch):
    probabilities = np.float32([[0.7, 0.3], [0.9, 0.1], [0.4, 0.6]])
    data = SimpleNamespace(class_names=("A", "B"), decide=lambda shares: (shares[:, 1] >= 0.2).astype(int))
    monkeypatch.setattr(plots, "images_of", lambda data, part: [(i, "", f"{i}.png", "") for i in range(3)])
    monkeypatch.setattr("kit.data.image_shown.shown_image", lambda path: np.zeros([2, 2]))
    figure = plots.mistakes_png(data, EvaluationResult(1.0, 0.0, np.array([0, 1, 0]), probabilities))
    said = [axes.get_title() for axes in figure.axes[:3]]
    assert said == ["B\ntaken for A\n90%", "A\ntaken for B\n60%", "A\ntaken for B\n30%"]
