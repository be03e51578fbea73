"""Which trainings a learning curve consists of. What they say together: tests/end_to_end/test_table_parts.py."""

from types import SimpleNamespace

from support.scored import EPOCHS

from kit.cli.settings import TrainingSettings
from kit.evaluation import plots
from kit.runs.learning_curve import shares_of, summarize


def test_its_runs():
    runs = shares_of("a", TrainingSettings(learning_curve=4))
    shares = {name: each.training_share for name, each in runs.items()}
    assert shares == {"a_share_25": 0.25, "a_share_50": 0.5, "a_share_75": 0.75, "a_share_100": 1.0}
    folds = shares_of("a", TrainingSettings(learning_curve=2, folds=2))
    assert list(folds) == ["a_share_50_fold_1", "a_share_50_fold_2", "a_share_100_fold_1", "a_share_100_fold_2"]


def test_training_and_validation_have_the_colours_of_the_learning_curves(tmp_path, monkeypatch):
    figures = []
    monkeypatch.setattr(plots, "png_of", lambda figure: figures.append(figure) or b"PNG")
    runs = [
        SimpleNamespace(
            folder=tmp_path / f"a_share_{share}",
            name_to_resume="a",
            settings=SimpleNamespace(training_share=share / 100),
            data_spec=SimpleNamespace(class_names=("ALL", "AML"), num_training=share),
            epochs=lambda: EPOCHS,
        )
        for share in (50, 100)
    ]
    summarize(runs)
    plots.learning_curves_png(EPOCHS, "accuracy")
    of_sizes, of_epochs = ({line.get_label(): line.get_color() for line in each.axes[0].lines} for each in figures)
    for part in ("training", "validation"):
        assert of_sizes[f"{part} rows"] == of_epochs[part]
