"""What evaluating.py finds out about a table while its session is open: --importance, --explain_rows."""

from __future__ import annotations

import kit.tensorflow1 as tf
from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.settings import EvaluatingSettings
from kit.data.data_spec import TableSpec
from kit.data.interface import Data
from kit.evaluation.findings import Findings
from kit.runs.judged_rows import learnt_from
from kit.runs.run_folder import Run

REPEATS = 10  # shuffles of each column


def check_wanted(settings: EvaluatingSettings, run: Run) -> None:
    """Checks, before data is read, that a run can be asked for what --importance and --explain_rows ask for.

    Raises:
      UserError: the run was trained on images, or a flag needs another.
    """
    flag = "--importance" if settings.importance else "--explain_rows" if settings.explain_rows else None
    if flag and run.data_spec.is_of_images:
        raise UserError(
            f"{flag} is only for tables, but run '{run.name}' was trained on images.\n"
            f"  What decides there: {console.python('labs/look_inside.py', '--run', run.name)}"
        )
    if settings.explain_rows and (in_words := _looked_up(run)):
        raise UserError(
            f"--explain_rows: run '{run.name}' {in_words}: they have no values between them, on which to follow the "
            "prediction.\n  Which places matter for all: --importance"
        )
    if settings.importance_repeats and not settings.importance:
        raise UserError("--importance_repeats needs --importance.")


def _looked_up(run: Run) -> str:
    """What the inputs of a run are, if they stand for something else; "" if they are measured."""
    if isinstance(run.data_spec, TableSpec) and run.data_spec.alphabet:
        return "learnt from letters"
    if run.architecture:
        from kit.model.keras import architectures  # here: most runs need none

        if architectures.takes_indices(run.architecture):
            return "has an Embedding, which looks up whole numbers"
    return ""


def check_data(settings: EvaluatingSettings, run: Run, data: Data) -> None:
    """Checks, before time is spent on an evaluation, that its data has what these flags need; else a UserError.

    Warns if columns are to be shuffled among the rows that the run has learnt from.
    """
    if settings.importance or settings.explain_rows:
        from kit.data.tables.table_data import TableData  # here, and below: most evaluations need none
        from kit.runs import explained_rows, importance

        assert isinstance(data, TableData)  # check_wanted refuses images
        if settings.importance:
            importance.check_rows(data)
            if learnt := learnt_from(settings, run, data):
                console.warn(
                    f"--importance: {learnt}. There, it relies on more than is of use elsewhere. Leave out --data for "
                    "the rows held out, or give others"
                )
        if settings.explain_rows:
            explained_rows.check_rows(settings.explain_rows, data)


def look_into(
    session: tf.Session,
    settings: EvaluatingSettings,
    data: Data,
    batches: tuple,
    inputs: tf.Tensor,
    logits: tf.Tensor,
    probabilities: tf.Tensor,
) -> Findings:
    """Does what --importance and --explain_rows ask for.

    Args:
      session: with the weights in place.
      settings: of evaluating.py.
      data: whose VALIDATION part is evaluated.
      batches, inputs, logits, probabilities: as EvaluationReport.use_network has them.
    """
    findings = Findings()
    if settings.importance or settings.explain_rows:
        from kit.data.tables.table_data import TableData
        from kit.runs import explained_rows, importance

        assert isinstance(data, TableData)
        network = batches, inputs, logits, probabilities
        if settings.importance:
            findings.add(importance.find_importance(session, data, *network, settings.importance_repeats or REPEATS))
        if settings.explain_rows:
            baseline = explained_rows.ZEROS if settings.model else explained_rows.AVERAGE
            findings.add(explained_rows.explain_rows(session, settings.explain_rows, data, *network, baseline))
    return findings
