"""The seed that a data set is drawn from, unless --seed says otherwise: in a student's folder, the student's own."""

from pathlib import Path

from kit.cli.errors import UserError
from kit.system.files import read_json

RECORD_FILE = ".handson.json"  # beside the scripts of a student's folder; `python -m exercises start` writes it
EVERYBODYS = 0
MOST = 2**31 - 1


def default_seed() -> int:
    """The seed in the record beside the scripts; EVERYBODYS where there is no record.

    Raises:
      UserError: the record can't be read, or its seed is no whole number from 0.
    """
    path = Path(__file__).absolute().parents[3] / RECORD_FILE
    if not path.exists():
        return EVERYBODYS
    seed = read_json(path, "the record of the hands-on").get("seed", EVERYBODYS)
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed <= MOST:
        raise UserError(
            f"{path}: the seed is {seed!r}, expected a whole number from 0 to {MOST}.\n"
            "  Fix it; or draw from a seed of your choice: --seed 1."
        )
    return seed
