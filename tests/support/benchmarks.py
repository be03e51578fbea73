"""The modules of benchmarks/, for their tests. They import each other as a script does."""

import sys

from support.scripts import PROJECT

sys.path.append(str(PROJECT / "benchmarks"))  # at its end: `training` is the lesson's

import diagnosis
import mutations
import right_mutants
import told

__all__ = ["diagnosis", "mutations", "right_mutants", "told"]
