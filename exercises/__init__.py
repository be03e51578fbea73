"""The hands-on: blanks cut out of the scripts, checks of what a student writes into them, hints, grades.

The scripts at the top of the project are the one source: solved, with a pair of marker lines around each blank.
"""

import kit  # noqa: F401, first: it looks for files that hide modules
