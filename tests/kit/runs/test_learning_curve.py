"""Which trainings a learning curve consists of. What they say together: tests/end_to_end/test_table_parts.py."""

from kit.cli.settings import TrainingSettings
from kit.runs.learning_curve import shares_of


def test_its_runs():
    runs = shares_of("a", TrainingSettings(learning_curve=4))
    shares = {name: each.training_share for name, each in runs.items()}
    assert shares == {"a_share_25": 0.25, "a_share_50": 0.5, "a_share_75": 0.75, "a_share_100": 1.0}
    folds = shares_of("a", TrainingSettings(learning_curve=2, folds=2))
    assert list(folds) == ["a_share_50_fold_1", "a_share_50_fold_2", "a_share_100_fold_1", "a_share_100_fold_2"]
