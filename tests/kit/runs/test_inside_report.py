"""What labs/look_inside.py says of a network that has learnt nothing; its pictures: tests/end_to_end."""

from types import SimpleNamespace

import numpy as np
import pytest

from kit.runs.inside_report import InsideReport


@pytest.mark.parametrize(("least", "is_told"), [(0.495, True), (0.2, False)])
def test_a_network_that_only_guesses_is_told(least, is_told, capsys):
    report = InsideReport(SimpleNamespace(name="mine", design="network flat"), SimpleNamespace(), [])
    of_first = np.linspace(least, 0.505, 6)  # probability of class 0
    report.add(np.zeros([6, 4, 4, 3]), np.array([0, 1, 0, 1, 0, 1]), {"probabilities": np.c_[of_first, 1 - of_first]})
    assert report.chosen() == [4, 0, 1, 5]  # of each class the surest and the least sure
    assert ("run mine gives all images much the same answer" in capsys.readouterr().err) == is_told
