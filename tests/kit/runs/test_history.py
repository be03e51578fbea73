"""The history of a training: what is saved, which epoch is the best, when the learning rate falls."""

import csv
from types import SimpleNamespace

import numpy as np
import pytest
from support.keras_process import keras_answers

from kit.cli.errors import UserError
from kit.runs.history import Epoch, EpochMeans, History, heading

LOSSES = {  # made ones: falling, rising, standing still, by less than counts, up and down
    "falls": np.linspace(2.0, 0.5, 12),
    "rises": np.linspace(0.5, 2.0, 12),
    "stands still": np.full(12, 0.7),
    "falls by too little": 1.0 - 0.00009 * np.arange(12),
    "falls by just enough": 1.0 - 0.00011 * np.arange(12),
    "a plateau in the middle": [1, 0.8, 0.6, 0.6, 0.61, 0.6, 0.62, 0.4, 0.41, 0.39, 0.4, 0.4],
    "up and down": np.random.default_rng(0).uniform(0.1, 1.0, 12).round(3),
}
PATIENCES = (1, 2, 3, 5)
RATE, FACTOR = 0.05, 0.3

KERAS = """
class Model:
    def __init__(self):
        self.optimizer = keras.optimizers.SGD(given["rate"].item())
        self.stop_training = False
for i, losses in enumerate(given["losses"]):
    for patience in given["patiences"]:
        model = Model()
        callback = keras.callbacks.ReduceLROnPlateau(patience=int(patience), factor=given["factor"].item())
        callback.set_model(model)
        callback.on_train_begin()
        rates = []
        for epoch, loss in enumerate(losses):
            rates.append(float(model.optimizer.learning_rate))
            callback.on_epoch_end(epoch, {"val_loss": float(loss)})
        answers[f"{i}, {patience}"] = np.array(rates)
"""


def epoch(number, loss=1.0, score=0.5):
    return Epoch(number, 10 * number, 0.001, 1.0, 0.5, loss, score, 0.25)


@pytest.fixture(scope="module")
def keras_rates():
    """The learning rates of Keras's ReduceLROnPlateau: {"<which losses>, <patience>": one an epoch}."""
    return keras_answers(KERAS, losses=list(LOSSES.values()), patiences=PATIENCES, rate=RATE, factor=FACTOR)


@pytest.mark.parametrize("patience", PATIENCES)
@pytest.mark.parametrize("losses", LOSSES)
def test_the_learning_rate_falls_as_keras_s(keras_rates, tmp_path, losses, patience):
    history, rates = History(tmp_path), []
    for number, loss in enumerate(LOSSES[losses], 1):
        rates.append(RATE * FACTOR ** history.reductions(patience))
        history.add(epoch(number, float(loss)))
    expected = keras_rates[f"{list(LOSSES).index(losses)}, {patience}"]
    np.testing.assert_allclose(rates, expected, rtol=1e-5)


def test_the_made_losses_do_lower_it(keras_rates):
    lowered = {key for key, rates in keras_rates.items() if rates[-1] < RATE / 2}
    assert 10 < len(lowered) < len(keras_rates)


# ----------------------------------------------------------------------------- on disk


@pytest.mark.parametrize("score", [np.nan, np.float32("nan")])
def test_an_undefined_score_is_an_empty_cell_and_a_word_on_the_screen(tmp_path, score):
    means = EpochMeans(SimpleNamespace(score_name="R2", unit="rows"))
    means.add(0.5, score, 8)
    assert "loss 0.5000, R2 undefined, " in str(means)
    each = Epoch.of(1, 10, 0.1, means, 0.25, SimpleNamespace(loss=0.25, score=score))
    assert (each.training_score, each.validation_score) == (None, None)
    assert str(each).split()[2:6] == ["0.5000", "undefined", "0.2500", "undefined"] and len(str(each)) <= 80
    history, again = History(tmp_path, "R2"), History(tmp_path, "R2")
    history.add(each)
    again.read()
    assert again.epochs == [each] and "nan" not in (tmp_path / "history.csv").read_text()


def test_what_is_written_is_read_again(tmp_path):
    history = History(tmp_path, "R2")
    kept = [epoch(1, 1 / 3, -2e30), Epoch(2, 20, 1e-30, 1e30, 0.5, None, None, 0.1)]
    for each in kept:
        history.add(each)
    again = History(tmp_path, "R2")
    again.read()
    assert again.epochs == kept
    with open(tmp_path / "history.csv", newline="", encoding="utf-8") as file:
        header, _, last = csv.reader(file)
    assert [name for name in header if "R2" in name] == ["training_R2", "validation_R2"]
    assert "accuracy" not in "".join(header)
    assert (last[header.index("validation_loss")], last[header.index("validation_R2")]) == ("", "")


def test_epochs_after_the_checkpoint_are_left_out(tmp_path):
    history = History(tmp_path)
    for number in (1, 2, 3):
        history.add(epoch(number))
    history.read(up_to_step=20)
    assert [each.epoch for each in history.epochs] == [1, 2]


HEADER = "epoch,step,learning_rate,training_loss,training_accuracy,validation_loss,validation_accuracy,seconds"
LINE = "1,10,0.001,0.5,0.75,0.6,0.7,1.5"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        ("rubbish\n", "its first line is 'rubbish', expected epoch, step, learning_rate, "),
        (f"{LINE}\n{LINE}\n", "its first line is '1, 10, 0.001, "),
        (f"{HEADER}\n{LINE}\n2,20\n", "line 3 has 2 fields, expected 8"),
        (f"{HEADER}\n{LINE.replace('10', 'ten')}\n", "line 2: invalid literal for int"),
        (f"{HEADER}\n{LINE.replace('0.5', 'nan')}\n", "line 2: a number is missing"),
        (f"{HEADER}\n{LINE.replace(',', ';')}\n", "line 2 has 1 fields, expected 8"),
        ("\x00\x00", "its first line is "),
    ],
)
def test_a_damaged_history_is_told_and_kept(tmp_path, text, reason):
    path = tmp_path / "history.csv"
    path.write_text(text)
    with pytest.raises(UserError) as error:
        History(tmp_path).resume(10, 10, epochs=5, patience=None)
    assert str(error.value).startswith(f"{path}: cannot read the history of the run: {reason}")
    assert str(error.value).endswith("Or rename it: the run then goes on without its earlier epochs.")
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("lines", "step", "missing"),
    [((1, 2, 3), 30, None), ((1, 2, 3), 25, None), ((), 5, None), ((), 30, "1, 2, 3"), ((1, 3), 35, "2")],
)
def test_missing_epochs_are_told(tmp_path, capsys, lines, step, missing):
    history = History(tmp_path)
    for number in lines:
        history.add(epoch(number))
    history = History(tmp_path)
    history.resume(step, 10, epochs=50, patience=None)
    assert [each.epoch for each in history.epochs] == [number for number in lines if 10 * number <= step]
    errors = capsys.readouterr().err
    assert (f"trained so far, these are missing: {missing}.\n" in errors) if missing else not errors


def test_a_run_that_patience_has_ended_says_so(tmp_path, capsys):
    history = History(tmp_path)
    for number, score in enumerate([0.9, 0.5, 0.5], 1):
        history.add(epoch(number, score=score))
    history.resume(30, 10, epochs=5, patience=2)
    assert capsys.readouterr().out == (
        "Stopped after epoch 3 by --patience 2: the best was epoch 1. To train on, give a larger --patience.\n"
    )


# ----------------------------------------------------------------------------- the best


@pytest.mark.parametrize(
    ("epochs", "best"),
    [
        ([(0.5, 0.7), (0.4, 0.9), (0.3, 0.8)], 2),  # the score first
        ([(0.5, 0.9), (0.4, 0.9), (0.6, 0.9)], 2),  # then the lower loss
        ([(0.4, 0.9), (0.4, 0.9)], 1),  # then the earlier
        ([(None, None), (None, None), (None, None)], 3),  # nothing held back: the last
        ([(0.5, None), (0.3, None), (0.4, None)], 2),  # equal labels, R2 undefined: the loss
        ([(0.2, None), (0.9, -2e30), (0.4, None)], 2),  # any score is better than none
    ],
)
def test_the_best_epoch(tmp_path, epochs, best):
    history = History(tmp_path)
    for number, (loss, score) in enumerate(epochs, 1):
        history.add(epoch(number, loss, score))
    assert history.best.epoch == best
    assert history.last_is_best == (best == len(epochs))


def test_patience_counts_from_the_best_epoch(tmp_path):
    history = History(tmp_path)
    assert not history.is_stale(1)
    for number, score in enumerate([0.5, 0.8, 0.7, 0.7], 1):
        history.add(epoch(number, score=score))
    assert [history.is_stale(patience) for patience in (None, 1, 2, 3)] == [False, True, True, False]


# ----------------------------------------------------------------------------- the means, the lines


def test_the_means_weigh_a_smaller_last_batch_less():
    means = EpochMeans(SimpleNamespace(score_name="accuracy", unit="rows"))
    means.add(1.0, 0.5, 8)
    means.add(4.0, 1.0, 2)
    assert (means.loss, means.score) == pytest.approx((1.6, 0.6))
    assert str(means).startswith("loss 1.6000, accuracy 0.600, ") and str(means).endswith(" rows/s")


@pytest.mark.parametrize("score_name", ["accuracy", "R2"])
@pytest.mark.parametrize(("loss", "score"), [(0.25, 0.5), (1e30, -1e30), (None, None)])
def test_the_lines_stand_below_their_headings_in_80_columns(score_name, loss, score):
    line = str(Epoch(1_000_000, 10, 0.1, loss or 1.0, score or 0.5, loss, score, 1234.5))
    over, names = heading(score_name).splitlines()
    assert max(map(len, (line, over, names))) <= 80
    first = str(Epoch(1, 10, 0.1, 0.25, 0.5, 0.125, 0.75, 1.0))
    ends = [at + len(word) for word in ("0.2500", "0.5000", "0.1250", "0.7500") for at in [first.index(word)]]
    assert [names[:end].split()[-1] for end in ends] == ["loss", score_name] * 2
    assert [len(names[:end].split()) for end in ends] == [1, 2, 3, 4]


def test_a_run_that_is_trained_to_its_end_needs_its_history(tmp_path, capsys):
    with pytest.raises(UserError, match=r"history.csv: all 3 epochs are trained, and none[^$]*--resume --epochs 6"):
        History(tmp_path).resume(30, 10, epochs=3, patience=None)
    assert capsys.readouterr().err == ""
    History(tmp_path).resume(30, 10, epochs=6, patience=None)
    assert "these are missing: 1, 2, 3" in capsys.readouterr().err
