"""What in a student's scripts is worth a teacher's look: words by which Python code reaches into a check.

A check and a student's lines share a process, so no guard is perfect. None of these words is needed in any blank.
"""

import re
from collections.abc import Iterator, Mapping

from exercises.markers import lines_of

WORDS = re.compile(
    r"\b(gc|ctypes|inspect|importlib|multiprocessing|subprocess|socket|exercises|operator|builtins|traceback|"
    r"(?:import|from)\s+(?:sys|os)|sys\s*\.\s*modules|_getframe|_current_frames|_exit|"
    r"f_back|f_locals|f_globals|tb_frame|gi_frame|__\w*(?:globals|subclasses|code|builtins|import|dict)__|"
    r"(?<!\.)(?:eval|compile)|exec|globals|vars|settrace|setprofile|setattr|getattr|attrgetter)\b"
)
MOST = 3  # that are named


def worth_a_look(texts: Mapping[str, str], empty_texts: Mapping[str, str]) -> str:
    """A note on such words, in lines that were not handed out: "worth a look: training.py:52 has gc"; "" for none.

    Args:
      texts: {script: what the student has made of it}.
      empty_texts: the same, as they were handed out.
    """
    found = list(
        dict.fromkeys(word for script, text in texts.items() for word in _words(script, text, empty_texts[script]))
    )
    more = [f"{len(found) - MOST:,} more"] if len(found) > MOST else []
    return f"worth a look: {', '.join(found[:MOST] + more)}" if found else ""


def _words(script: str, text: str, empty_text: str) -> Iterator[str]:
    handed_out = {line.strip() for line in lines_of(empty_text)}
    for number, line in enumerate(lines_of(text), start=1):
        if line.strip() not in handed_out and not line.lstrip().startswith("#"):
            yield from (f"{script}:{number} has {word[0]}" for word in WORDS.finditer(line))
