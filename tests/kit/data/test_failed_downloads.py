"""A web page or a pointer in place of a table is told as such, for --data and for --labels; a table is read."""

import pytest
from support.data_sets import table_data

from kit.cli.errors import UserError
from kit.data.tables.labels import LabelSource

PAGE = b'\xef\xbb\xbf\n<!DOCTYPE html>\n<html lang="en">\n<title>404</title>\n'
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 41104\n"
KINDS = [
    (PAGE, "a web page, expected a table.\n  Download the file itself"),
    (b"<html><body class='x'>", "a web page, expected a table.\n  Download the file itself"),
    (POINTER, "a pointer of Git LFS, which stands for the file, expected a table.\n  Get the file: git lfs pull."),
    (b"<?xml version='1.0'?>\n<Error>", "XML, expected a table.\n  Download the file itself"),
]


@pytest.mark.parametrize(("content", "said"), KINDS)
@pytest.mark.parametrize("wrong", ["X.tabular", "y.tabular"])
def test_a_failed_download_in_place_of_a_table_or_of_labels(tmp_path, monkeypatch, wrong, content, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "X.tabular").write_text("a\tb\n1\t2\n3\t4\n")
    (tmp_path / "y.tabular").write_text("y\nA\nB\n")
    (tmp_path / wrong).write_bytes(content)
    with pytest.raises(UserError) as caught:
        table_data("X.tabular", LabelSource("y.tabular"))
    assert str(caught.value).startswith(f"{wrong}: this is {said}")


@pytest.mark.parametrize("first", ["<NA>", "<header>", "version", "html"])
def test_a_table_that_begins_alike_is_read(tmp_path, monkeypatch, first):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "X.csv").write_text(f"{first},b,y\n1,2,A\n3,4,B\n")
    assert table_data("X.csv", LabelSource(None, "y")).columns == (first, "b")
