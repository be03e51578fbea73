"""What was found out beside the scores: tables with tabs, lines and tables for the screen."""

from kit.evaluation.findings import Findings, tabular


def test_a_table_with_tabs():
    content = tabular(["feature", "importance", "rank"], [["a\tb", 0.123456789, 1], ["白血病", -1e-9, 2]])
    assert content.decode() == 'feature\timportance\trank\n"a\tb"\t0.123457\t1\n白血病\t-1e-09\t2\n'


def test_findings_are_added_and_told_in_their_order(capsys):
    first, second = Findings({"a": b"1"}, {"x": 1}), Findings({"b": b"2"}, {"y": 2})
    first.tell("One line")
    second.tell("A table", ["gene", "share"], [["X", 0.5]])
    first.add(second)
    assert (first.files, first.report) == ({"a": b"1", "b": b"2"}, {"x": 1, "y": 2})
    first.say()
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["One", "line"] and lines[1] == ["A", "table"] and lines[-1] == ["X", "0.5000"]
