"""The seed that a student's images are drawn from, unless --seed says otherwise: in the record beside the scripts."""

from pathlib import Path

from kit.cli.errors import UserError
from kit.system.files import read_json

RECORD_FILE = ".handson.json"  # in a student's folder; `python -m exercises start` writes it
MOST = 2**31 - 1
SCRIPTS = Path(__file__).absolute().parents[3]  # the folder that the scripts stand in


def students_seed(folder: Path = SCRIPTS) -> int | None:
    """The seed of the student whose folder this is; None where it is nobody's.

    Args:
      folder: that holds the record.
    Raises:
      UserError: the record can't be read, or its seed is no whole number from 0.
    """
    path = folder / RECORD_FILE
    if not path.exists():
        return None
    seed = read_json(path, "the record of the hands-on").get("seed", 0)
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed <= MOST:
        raise UserError(
            f"{path}: the seed is {seed!r}, expected a whole number from 0 to {MOST}.\n"
            "  Fix it; or draw from a seed of your choice: --seed 1."
        )
    return seed
