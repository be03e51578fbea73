"""truth.csv beside a CSV of images: read line by line, or refused."""

import shutil

import numpy as np
import pytest
from PIL import Image

import kit.tensorflow1 as tf
import dlho2018
from kit.cli.errors import UserError
from kit.data.image_data import ImageData
from kit.data.parts import TRAINING, VALIDATION
from kit.data.truth_file import HEADER, truth_of

COUNT = 12


@pytest.fixture
def truth_lines(tmp_path, monkeypatch):
    """The lines of truth.csv, of COUNT images with one header in the middle; dataset.csv and the masks are there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "masks").mkdir()
    lines, truths = ["image_name,image_path,label"], [",".join(HEADER)]
    for number in range(COUNT):
        if number == COUNT // 2:
            lines.append(lines[0])
            truths.append(truths[0])
        name = f"{number}.png"
        Image.new("RGB", (16, 16), (number, 0, 0)).save(name)
        Image.new("L", (16, 16), 100 + number).save(f"masks/{name}")
        lines.append(f"{name},{name},{number % 2}")
        truths.append(f"{name},masks/{name},{number}.5,2.25,30,{number},4,1")
    (tmp_path / "dataset.csv").write_text("\n".join(lines) + "\n")
    return truths


def truth(lines, ending="\n"):
    """(data, truth) of what is in dataset.csv, and lines written to truth.csv."""
    with open("truth.csv", "w", newline="") as file:
        file.write(ending.join(lines) + ending)
    data = ImageData.scan("dataset.csv", 0.4, lesson=dlho2018)
    return data, truth_of(data, "truth.csv")


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_each_image_comes_with_its_truth(truth_lines, ending):
    data, facts = truth(truth_lines, ending)
    seen = []
    for part in (TRAINING, VALIDATION):
        with tf.Graph().as_default(), tf.Session() as session:
            lines = tf.data.Dataset.zip((dlho2018.read_lines(data, part), dlho2018.read_lines(facts, part)))

            def parse(image, fact):
                parsed = facts.parse(*fact)
                return data.parse(*image)[0], parsed, facts.mask(parsed)

            next_element = tf.data.make_one_shot_iterator(lines.map(parse)).get_next()
            for _ in range(data.count(part)):
                image, fact, mask = session.run(next_element)
                number = image[0, 0, 0]
                assert (mask == 100 + number).all() and mask.shape == (16, 16, 1)
                assert fact.mask_path.decode() == f"masks/{number}.png"
                numbers = [*fact.centre, fact.area, fact.turn, fact.symmetry, fact.is_outline]
                assert np.allclose(numbers, [number + 0.5, 2.25, 30, number, 4, 1])
                seen.append(number)
    assert sorted(seen) == list(range(COUNT))


@pytest.mark.parametrize(
    ("line", "with_what", "words"),
    [
        (3, "7.png,masks/7.png,1,1,1,1,4,1", "truth.csv:4: the truth of '7.png', but dataset.csv has '2.png' in this"),
        (3, "2.png,masks/2.png,1,1,1,1,4", "truth.csv:4: 7 fields, expected 8: image_name,mask_path,centre_x"),
        (3, "2.png,masks/2.png,1,1,large,1,4,1", "truth.csv:4: area is 'large', expected a number"),
        (3, '2.png,"masks/2.png,1,1,1,1,4,1', "truth.csv:4: a stray quote; quotes go around a whole field"),
        (3, "2.png,masks/no.png,1,1,1,1,4,1", "truth.csv:4: the mask 'masks/no.png' does not exist"),
    ],
)
def test_a_wrong_line_is_named(truth_lines, line, with_what, words):
    truth_lines[line] = with_what
    with pytest.raises(UserError) as error:
        truth(truth_lines)
    assert words in str(error.value) and "\n  " in str(error.value)


def test_other_lines_than_those_of_the_images_are_refused(truth_lines):
    with pytest.raises(UserError, match=r"the truth of 10 images, but dataset.csv has 12"):
        truth(truth_lines[:-2])
    with pytest.raises(UserError, match=r"truth.csv:15: a line more than dataset.csv has"):
        truth([*truth_lines, "12.png,masks/11.png,1,1,1,1,4,1"])


def test_a_missing_file_is_named(truth_lines):
    data, _ = truth(truth_lines)
    with pytest.raises(UserError, match=r"no.csv: no such file.\n  Draw the images with --truth"):
        truth_of(data, "no.csv")
    with pytest.raises(UserError, match=r"^.: a folder; expected a file, such as truth.csv in it.\n  Draw the images"):
        truth_of(data, ".")


def test_the_truth_of_other_images_of_the_same_names_is_refused(truth_lines, tmp_path):
    (tmp_path / "others").mkdir()
    shutil.copytree(tmp_path / "masks", tmp_path / "others" / "masks")
    with pytest.raises(
        UserError, match=r"truth.csv:2: the mask .*others.* beside the image .*the truth of other images"
    ):
        truth([line.replace("masks/", "others/masks/") for line in truth_lines])


def test_folders_with_commas_and_absolute_paths_are_read(tmp_path, monkeypatch):
    """The CSV is read from another folder, which goes before relative paths only."""
    folder = tmp_path / "squares, big"
    (folder / "masks").mkdir(parents=True)
    lines, truths = [], []
    for number, start in enumerate(("", f"{tmp_path}/")):
        Image.new("RGB", (16, 16), (number, 0, 0)).save(folder / f"{number}.png")
        Image.new("L", (16, 16), 100 + number).save(folder / "masks" / f"{number}.png")
        lines.append(f'{number}.png,"{start}squares, big/{number}.png",{number}')
        truths.append(f'{number}.png,"{start}squares, big/masks/{number}.png",1,1,1,1,4,1')
    for name, each in (("dataset.csv", lines), ("truth.csv", truths)):
        (tmp_path / name).write_text("\n".join(each) + "\n")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    facts = truth_of(ImageData.scan("../dataset.csv", 0.0, lesson=dlho2018), "../truth.csv")
    assert facts.folder == "../"
    with tf.Graph().as_default(), tf.Session() as session:
        masks = dlho2018.read_lines(facts, TRAINING).map(lambda *line: facts.mask(facts.parse(*line)))
        next_mask = tf.data.make_one_shot_iterator(masks).get_next()
        assert [session.run(next_mask)[0, 0, 0] for _ in range(2)] == [100, 101]
