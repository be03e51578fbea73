"""What helps where a table is wrong, as far as it depends on the script that reads it, and so on its flags."""

from __future__ import annotations

from dataclasses import dataclass, replace

AS_MISSING = "Where it means that there is no value, write NA"


@dataclass(frozen=True)
class Advice:
    """Lines for errors; `{flag}` in one stands for --without_columns with the columns."""

    no_value: str  # a cell is empty
    as_missing: str  # a cell is no number
    words: str  # columns hold no number
    no_numbers: str  # columns hold cells that are almost numbers, such as dates
    two_words: str  # a column holds only two words, {words}
    labels: str  # a label is none of the network's classes
    turn: str  # a table lies the other way round
    turn_back: str  # and has been transposed
    decimal: str = ""  # numbers can be read in two ways, and there is no --decimal


FOR_TRAINING = Advice(
    no_value="Fill with the mean of the column's training rows: --fill_missing. Or remove the row, or leave out the "
    "column: --without_columns.",
    as_missing=f"{AS_MISSING}, and pass --fill_missing.",
    words="Leave out columns without numbers: {flag}",
    no_numbers="Or leave out columns without numbers: {flag}",
    two_words="In a column of two words, such as {words}: write 0 and 1.",
    labels="",  # those of a training are its classes
    turn="--transpose",
    turn_back="leave out --transpose",
)
FOR_RUN = Advice(
    no_value="Write the value, or remove the row. Or train again: with --fill_missing, or without the column, with "
    "--without_columns.",
    as_missing=f"{AS_MISSING}, and train again with --fill_missing.",
    words="Write numbers, as in training. Or train again without these columns: {flag}",
    no_numbers="Or train again without these columns: {flag}",
    two_words="For {words}, write the numbers that stood for them in training.",
    labels="Write the labels as in training.",
    turn="--transpose yes",
    turn_back="--transpose no",
)
FOR_MODEL = Advice(  # of Keras, whose training the kit doesn't know
    no_value="Write the value, or remove the row.",
    as_missing="Where it means that there is no value, remove the row.",
    words="Write numbers, as in the model's training. Columns that it wasn't trained on must be deleted.",
    no_numbers="Columns that it wasn't trained on must be deleted.",
    two_words=FOR_RUN.two_words,
    labels=f"{FOR_RUN.labels} The classes of --model get their names from --classes.",
    turn=FOR_RUN.turn,
    turn_back=FOR_RUN.turn_back,
)
FOR_SCORING = replace(  # of two files of labels and predictions
    FOR_TRAINING,
    turn="",
    turn_back="",
    decimal="Write numbers with a decimal point and no sign between thousands. Separate columns by tabs.",
)


def for_evaluating(is_finished_model: bool, fill_missing: bool) -> Advice:
    """The advice for another table of a run, which may have been trained with --fill_missing, or for one of --model."""
    if is_finished_model:
        return FOR_MODEL
    return replace(FOR_RUN, as_missing=f"{AS_MISSING}.") if fill_missing else FOR_RUN
