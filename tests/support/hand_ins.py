"""What students hand in: files, and the folders and archives that hold them."""

import io
import tarfile
import zipfile

from exercises.grading.unpack import unpack
from exercises.scripts import empty_script, script_names
from kit.data.drawing.students_seed import RECORD_FILE

RECORD = b'{"student": "Ada", "seed": 7}'
MINE, OTHERS = "# mine\n", "# of somebody else\n"
PLACE = "# blank 4: batches\nmine = 1\n# end of blank 4\n"  # of training.py


def handed_out(changed="training.py", text=MINE, record=RECORD):
    """{name: content} of a student's folder, with one script changed."""
    files = {name: empty_script(name).encode() for name in script_names()}
    return {**files, changed: text.encode(), **({RECORD_FILE: record} if record else {})}


def renamed(files, names):
    """Files under other names: {old: new}; None leaves one out."""
    return {names.get(name, name): content for name, content in files.items() if names.get(name, name) is not None}


def under(folder, files):
    """Files in a folder."""
    return {f"{folder}/{name}": content for name, content in files.items()}


def zip_of(files):
    """A zip's content."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name) if name.endswith("/") else name, content)
    return stream.getvalue()


def tar_of(files, mode="w:gz"):
    """A tar's content."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def laid_out(folder, files):
    """Writes files into a folder; gives it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def unpacked(hand_in, tmp_path):
    """(notes, {name: text}) of what is found."""
    folder = tmp_path / "unpacked"
    folder.mkdir()
    notes = unpack(hand_in, folder).notes
    return notes, {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir()}
