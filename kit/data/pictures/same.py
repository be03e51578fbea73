"""Leaves out pictures that can't be read, and those that are there twice."""

from __future__ import annotations

from collections.abc import Sequence

from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.settings import PicturesSettings
from kit.data.pictures.images import MadeImage

SHOWN = 5  # problems


def only_once(images: Sequence[MadeImage], settings: PicturesSettings) -> list[MadeImage]:
    """The images that can be learnt from: one of each picture. Says which were left out.

    Raises:
      UserError: without --skip_bad: a picture can't be read, or is in the folders of two classes. And if none is left.
    """
    first: dict[str, MadeImage] = {}  # by the picture's content
    problems, copies = [], []
    for image in images:
        before = first.setdefault(image.content, image) if not image.problem else image
        if image.problem:
            problems.append(image.problem)
        elif before.photo.label != image.photo.label:
            problems.append(
                f"image '{image.photo.path}' is the same as '{before.photo.path}', so one of their classes is wrong\n"
                "  Remove the one in the wrong folder."
            )
        elif before is not image:
            copies.append(f"{image.photo.path} = {before.photo.path}")
    if problems and not settings.skip_bad:
        raise _refusal(problems)
    if problems:
        console.warn(f"{console.counted(len(problems), 'pictures')} left out:")
        for problem in problems[:SHOWN]:
            console.warn(f"  {problem.splitlines()[0]}")
        if len(problems) > SHOWN:
            console.warn(f"  and {len(problems) - SHOWN:,} more")
    if copies:
        console.warn(f"the same picture in two files of a class counts once: {console.listed(copies)}")
    if not first:
        raise UserError(f"{settings.photos}: none of its pictures can be read.")
    return list(first.values())


def _refusal(problems: Sequence[str]) -> UserError:
    sentence, _, way_out = problems[0].partition("\n")
    others = f"  Problems with other pictures: {len(problems) - 1:,}.\n" if len(problems) > 1 else ""
    way_out = f"{way_out}\n" if way_out else ""
    return UserError(f"{sentence}.\n{way_out}{others}  Or leave such pictures out with --skip_bad.")
