"""Groups of rows, by a column of the table."""

import numpy as np
import pytest
from support.data_sets import table_data

from kit.cli.errors import UserError
from kit.data.parts import TRAINING, VALIDATION
from kit.data.tables import splits
from kit.data.tables.labels import LabelSource

LINES = ["patient,a,kind", *(f"{'pqrst'[i // 2]},{i}.5,{'xy'[i % 2]}" for i in range(10))]


def table(folder, lines=LINES, column="patient"):
    (folder / "t.csv").write_text("\n".join(lines) + "\n")
    options = {"split": splits.hold_out(0.4, 1), "group_column": column, "header": "yes"}
    return table_data(str(folder / "t.csv"), LabelSource(None, "kind"), **options)


def test_a_group_is_in_one_part_and_its_column_is_no_input(tmp_path, capsys):
    for column in ("patient", "1"):
        data = table(tmp_path, column=column)
        assert data.columns == ("a",)
        parts = np.frombuffer(data.split_of_line, np.uint8)[1:].reshape(5, 2)
        assert (parts[:, 0] == parts[:, 1]).all() and (parts == VALIDATION).sum() == 4
        assert (parts == TRAINING).sum() == 6
        assert "5 groups of rows by column patient, each in one part" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "hints"), [("patient", True), ("sample_id", True), ("dose", False), ("kind", False)])
def test_samples_of_several_rows_are_told(tmp_path, name, hints, capsys):
    lines = [f"{name},a,y", *(f"{i // 2},{i}.5,{'xy'[i % 2]}" for i in range(10))]
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
    table_data(str(tmp_path / "t.csv"), LabelSource(None, "y"), split=splits.hold_out(0.4, 1))
    said = capsys.readouterr().err
    assert (f"To keep them together: --group_column {name}" in said) == hints
    assert (f"column '{name}' has 5 values in 10 rows" in said) == hints


def test_samples_of_one_row_each_are_no_groups(tmp_path, capsys):
    lines = ["patient,a,y", *(f"{i * 3 % 10},{i}.5,{'xy'[i % 2]}" for i in range(10))]
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
    table_data(str(tmp_path / "t.csv"), LabelSource(None, "y"), split=splits.hold_out(0.4, 1))
    assert "--group_column" not in capsys.readouterr().err


def test_what_is_no_group_is_told(tmp_path):
    with pytest.raises(UserError, match=r"t.csv:4: no group in column 'patient', .*\n  Write one into the cell"):
        table(tmp_path, [*LINES[:3], ",7.5,x", *LINES[3:]])
    lines = ["id,p1,p2,p3", "patient,q,,r", "a,1,2,4", "kind,x,y,x"]
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(UserError, match=r"t.csv:2, column 3: no group in row 'patient', .*\n.* leave out the column\."):
        table_data(str(tmp_path / "t.csv"), LabelSource(None, "kind"), group_column="patient", transpose=True)
    with pytest.raises(UserError, match=r"all rows of .*t.csv are of one group"):
        table(tmp_path, [LINES[0], *(f"p,{i}.5,{'xy'[i % 2]}" for i in range(10))])
    with pytest.raises(UserError, match=r"--group_column pateint: no such column .* Did you mean 'patient'"):
        table(tmp_path, column="pateint")
    for column in ("kind", "3"):
        with pytest.raises(UserError, match=rf"^--group_column {column}: this is the column of the labels"):
            table(tmp_path, column=column)
