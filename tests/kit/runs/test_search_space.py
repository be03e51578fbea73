"""What a random search draws from."""

import numpy as np
import pytest

from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.runs.search_space import SearchSpace

SETTINGS = TrainingSettings(architecture="dense {units} elu, dropout {share}, dense 1 sigmoid", search=5)
WORDS = ["units=4..64", "share=0..0.5", "learning_rate=0.0001..0.1", "batch_size=4,8", "optimizer=adam,sgd"]


def test_what_is_drawn_is_in_its_range():
    space, random = SearchSpace(WORDS, SETTINGS), np.random.default_rng(0)
    drawn = [space.draw(random) for _ in range(2000)]
    units, rates = (np.array([each[name] for each in drawn]) for name in ("units", "learning_rate"))
    assert units.dtype.kind == "i" and (units.min(), units.max()) == (4, 64)
    assert 0.45 < np.mean(units < 16) < 0.58 and 0.6 < np.mean(rates < 0.01) < 0.73  # equal ratios equally often
    assert 0.0001 <= rates.min() < 0.00012 and 0.085 < rates.max() <= 0.1
    shares = np.array([each["share"] for each in drawn])
    assert shares.min() >= 0 and shares.max() <= 0.5 and 0.23 < shares.mean() < 0.27
    assert {each["batch_size"] for each in drawn} == {4, 8}
    assert {each["optimizer"] for each in drawn} == {"adam", "sgd"}


def test_ends_are_all_values_and_both_ends_of_ranges():
    ends = SearchSpace(WORDS, SETTINGS).ends()
    found = {name: {each[name] for each in ends} for name in ends[0]}
    assert found == {
        "units": {4, 64},
        "share": {0, 0.5},
        "learning_rate": {0.0001, 0.1},
        "batch_size": {4, 8},
        "optimizer": {"adam", "sgd"},
    }


def test_it_becomes_the_settings_of_a_training():
    drawn = {"units": 16, "share": 0.25, "learning_rate": 0.003, "batch_size": 4, "optimizer": "sgd"}
    settings = SearchSpace(WORDS, SETTINGS).apply(drawn)
    assert settings.architecture == "dense 16 elu, dropout 0.25, dense 1 sigmoid"
    assert (settings.learning_rate, settings.batch_size, settings.optimizer) == (0.003, 4, "sgd")
    assert (settings.search, settings.search_space) == (None, ())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--architecture has {units}, but --search_space doesn't say what it may be"),
        (WORDS[:1], "--architecture has {share}"),
        ([*WORDS, "units"], "--search_space units: expected NAME=VALUES"),
        ([*WORDS, "unit=1..4"], "'unit' can't be searched"),
        ([*WORDS, "units=9..4"], "expected a range of two numbers from 0 on, the smaller first"),
        ([*WORDS, "units=a..4"], "expected a range of two numbers"),
        ([*WORDS, "units=4,b"], "--search_space units=4,b: found 'b', expected a range as"),
        ([*WORDS, "epochs=4,b"], "--search_space epochs=4,b: found 'b', expected a range as"),
        ([*WORDS, "optimizer=adam,adum"], "setting 'optimizer' is 'adum', expected one of "),
        ([*WORDS, "scale=standard,big"], "setting 'scale' is 'big', expected one of none, standard, minmax"),
        ([*WORDS, "batch_size=0,8"], "batch_size=0,8: setting 'batch_size' is 0; expected at least 1 and at most"),
        ([*WORDS, "batch_size=8..200000"], "setting 'batch_size' is 200000; expected at least 1 and at most 100000"),
        ([*WORDS, "learning_rate=-0.1,0.1"], "setting 'learning_rate' is -0.1; expected above 0"),
        ([*WORDS, "learning_rate=0..0.1"], "setting 'learning_rate' is 0; expected above 0"),
        ([*WORDS, "epochs=1.5,2"], "setting 'epochs' is 1.5, expected a whole number"),
        ([*WORDS, "epochs=1..2.5"], "setting 'epochs' is 2.5, expected a whole number"),
        ([*WORDS, "decay=0.5..1.5"], "setting 'decay' is 1.5; expected at most 1 and above 0"),
    ],
)
def test_a_wrong_space(words, said):
    with pytest.raises(UserError) as caught:
        SearchSpace(words, SETTINGS)
    assert said in str(caught.value)


def test_nothing_to_search():
    with pytest.raises(UserError, match="--search needs --search_space, such as"):
        SearchSpace([], TrainingSettings(architecture="dense 1 sigmoid"))
