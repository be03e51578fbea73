"""Random search in nested folds: which settings are best, and how good is the best, honestly?

For each fold, --search N settings are drawn, and each is tried in inner folds of the rows that are not held out. The
best learns from all of them, and is scored on the rows held out, which had no say. So the scores are those of the whole
way, search included (Varma and Simon 2006, https://doi.org/10.1186/1471-2105-7-91). In the end the same search runs on
all rows, and what it chooses is the setting to use.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import math
import os
import shutil
from collections.abc import Callable, Generator, Iterator, Set
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.settings import TrainingSettings
from kit.evaluation.scores import defined, write_scores
from kit.runs import cross_validation
from kit.runs.commands import OF_THE_WHOLE, words_of
from kit.runs.hparams import end_of_try, in_words, start_of_try
from kit.runs.run_folder import TRIES, Run, check_free, folder_of
from kit.runs.search_space import SearchSpace
from kit.system.files import make_folder

INNER_FOLDS = 3
FOR_TENSORBOARD, INNER = "tries", ".try"  # folders
NOT_IN_COMMAND = (*OF_THE_WHOLE, "folds", "run", "validation")


class InnerRun(Run):
    """One training of a try: on an inner fold of the rows that aren't held out. Its folder is removed in the end."""

    def claim_folder(self) -> None:
        make_folder(self.folder)


class Search:
    """A search. training.py trains `runs`, one after another; what comes next depends on how they ended."""

    def __init__(
        self,
        name: str,
        settings: TrainingSettings,
        fill: Callable[[TrainingSettings], TrainingSettings],
        given: Set[str],
    ) -> None:
        """
        Args:
          name: of the search.
          settings: of training.py, with --search, --search_space and --folds.
          fill: kit.model.defaults.fill_defaults of the settings of a try.
          given: the names of the flags on the command line.
        Raises:
          UserError: the space is wrong, no network can be built from it, or a run's name is taken.
        """
        self._name, self._settings, self._fill, self._given = name, settings, fill, given
        self._space = SearchSpace(settings.search_space, settings)
        self._random = np.random.default_rng(settings.seed)
        self._folder = folder_of(name)
        self._rows: list[dict] = []  # of tries.tabular
        self._folds: list[Run] = []
        for each in self._space.ends():  # their errors, before all else
            fill(self._space.apply(each))
        for each in (name, *cross_validation.folds_of(name, settings)):
            check_free(each)

    def runs(self) -> Iterator[Run]:
        """The runs, in the order in which they are to be trained."""
        make_folder(self._folder)
        for left_over in (FOR_TENSORBOARD, INNER):  # of a search that was stopped
            shutil.rmtree(self._folder / left_over, ignore_errors=True)
        for name, of_fold in cross_validation.folds_of(self._name, self._settings).items():
            best = yield from self._best(of_fold, name.removeprefix(f"{self._name}_").replace("_", " "))
            kept = {each: getattr(of_fold, each) for each in ("fold", "seed", "search", "search_space")}
            run = Run(folder_of(name), dataclasses.replace(self._fill(self._space.apply(best)), run=name, **kept))
            self._folds.append(run)
            console.say(f"\n{name}: {in_words(best)}")
            yield run
        self._chosen = yield from self._best(
            dataclasses.replace(self._settings, folds=None, validation=0.0), "all rows"
        )

    def finish(self) -> None:
        """Says how good the search is, what it chose, and the command that trains with it."""
        cross_validation.summarize(self._folds)
        console.say(f"\n{self._folder / TRIES}: all tries; the page HParams of TensorBoard shows them")
        console.say(f"Chosen, on all rows: {in_words(self._chosen)}")
        console.say("The scores above are those of the search, on rows that had no say in it.")
        console.say_next(self._command(), console.tensorboard(str(self._folder)))

    # ------------------------------------------------------------------------- tries

    def _best(self, settings: TrainingSettings, where: str) -> Generator[Run, None, dict[str, Any]]:
        """Tries settings on the rows that a fold doesn't hold out; returns the best."""
        tried = []
        for number in range(1, (self._settings.search or 0) + 1):
            drawn = self._space.draw(self._random)
            loss, score, shown = yield from self._try(settings, drawn)
            tried.append((loss, drawn))
            self._write(where, number, drawn, loss, score)
            console.say(f"{where}, try {number} of {self._settings.search}: {in_words(drawn)}: {shown}")
        loss, best = min(tried, key=lambda pair: pair[0])
        if not math.isfinite(loss):
            raise UserError(
                f"--search: {where}: all {len(tried)} tries diverged: their losses were infinite or no numbers.\n"
                "  Search smaller learning rates, such as: --search_space learning_rate=0.00001..0.001"
            )
        return best

    def _try(self, settings: TrainingSettings, drawn: dict[str, Any]) -> Generator[Run, None, tuple[float, float, str]]:
        """Trains on the inner folds; returns the means of loss and score, in words, too. Infinite if one diverges."""
        scored = []
        for inner in range(1, INNER_FOLDS + 1):
            run = self._inner_run(settings, drawn, inner)
            with contextlib.redirect_stdout(io.StringIO()):
                yield run
            if run.has_diverged:
                shutil.rmtree(run.folder, ignore_errors=True)
                return math.inf, math.nan, "diverged, its loss was infinite or no number"
            last = run.epochs()[-1]
            scored.append((last.validation_loss, last.validation_score))
            shutil.rmtree(run.folder)
        loss, score = np.mean(np.array(scored, np.float64), axis=0).tolist()  # NaN if it is undefined in a fold
        name = "accuracy" if run.data_spec.class_names else "R2"
        return loss, score, f"loss {loss:.4f}, {name} {score:.4f}"

    def _inner_run(self, settings: TrainingSettings, drawn: dict[str, Any], inner: int) -> Run:
        filled = self._fill(self._space.apply(drawn))
        kept = {name: getattr(settings, name) for name in ("folds", "fold", "validation", "seed")}
        run = InnerRun(self._folder / INNER, dataclasses.replace(filled, run=INNER, **kept))
        run.inner = inner, INNER_FOLDS
        return run

    def _write(self, where: str, number: int, drawn: dict[str, Any], loss: float, score: float) -> None:
        """Adds a try to tries.tabular, and to TensorBoard's page HParams."""
        self._rows.append({"fold": where, "try": str(number), **drawn, "loss": loss, "score": defined(score)})
        write_scores(self._folder / TRIES, self._rows)
        name = f"{where.replace(' ', '_')}_{number:02d}"
        with (
            tf.summary.FileWriter(os.path.join(self._folder, FOR_TENSORBOARD, name)) as writer,
            tf.Graph().as_default(),
        ):
            writer.add_summary(start_of_try(f"{name} of {self._name}", drawn))
            writer.add_summary(end_of_try(**({"loss": loss, "score": score} if math.isfinite(loss) else {})))

    def _command(self) -> str:
        """The command that trains with what was chosen, on all rows."""
        settings = self._space.apply(self._chosen)
        wanted = {*self._given, *self._chosen} - {*NOT_IN_COMMAND}
        names = [field.name for field in dataclasses.fields(settings) if field.name in wanted]
        return console.python("training.py", *words_of(settings, names), "--validation", "0")
