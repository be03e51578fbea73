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

    Of a picture in two classes it isn't known which is right: none counts.

    Raises:
      UserError: without --skip_bad: a picture can't be read, or is in the folders of two classes. And if none is left.
    """
    alike: dict[str, list[MadeImage]] = {}  # by the picture's content
    for image in images:
        if not image.problem:
            alike.setdefault(image.content, []).append(image)
    problems, copies, num_twins = [image.problem for image in images if image.problem], [], 0
    for content, (first, *others) in list(alike.items()):
        other = next((image for image in others if image.photo.label != first.photo.label), None)
        if other is None:
            copies += [f"{image.photo.shown} = {first.photo.shown}" for image in others]
            continue
        del alike[content]
        num_twins += len(others)
        problems.append(
            f"images '{first.photo.shown}' and '{other.photo.shown}' are the same, so one of their classes is wrong\n"
            "  Remove the one in the wrong folder."
        )
    if problems and not settings.skip_bad:
        raise _refusal(problems)
    if problems:
        console.warn(f"{console.counted(len(problems) + num_twins, 'pictures')} left out:")
        for problem in problems[:SHOWN]:
            console.warn(f"  {problem.splitlines()[0]}")
        if len(problems) > SHOWN:
            console.warn(f"  and {len(problems) - SHOWN:,} more")
    if copies:
        console.warn(f"the same picture in two files of a class counts once: {console.listed(copies)}")
    if not alike:
        raise UserError(f"{settings.photos}: none of its pictures can be learnt from.")
    return [first for first, *_ in alike.values()]


def _refusal(problems: Sequence[str]) -> UserError:
    sentence, _, way_out = problems[0].partition("\n")
    others = f"  Problems with other pictures: {len(problems) - 1:,}.\n" if len(problems) > 1 else ""
    way_out = f"{way_out}\n" if way_out else ""
    return UserError(f"{sentence}.\n{way_out}{others}  Or leave such pictures out with --skip_bad.")
