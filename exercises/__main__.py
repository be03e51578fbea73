"""python -m exercises: start, check ..."""

import sys
from exercises.folder import StudentFolder
from exercises import edition
from exercises.runner import Runner


def check_this_folder(path):
    pass


if __name__ == "__main__":
    if sys.argv[1] == "start":
        edition.make(sys.argv[2])
    else:
        import time

        t = time.time()
        for v in Runner().check(StudentFolder(sys.argv[2]), [0, 1, 0, 1]):
            print(v, round(time.time() - t, 2))
            f = v.finding
            if f:
                print(f.found, f.expected, f.why, f.line)
