"""Hostile bytes in files that the kit reads: each is read, or refused with a UserError; nothing else.

Whole files are damaged: bytes changed, cut out, doubled, cut off, and words put in that have been the undoing of
readers elsewhere. Each kind of file comes a few times; in `make test-all`, by the hundred; by hand, by the thousand:

FUZZ_EXAMPLES=1000 python -m pytest -m long tests/end_to_end/test_fuzz.py
"""

import contextlib
import functools
import gzip
import os
import resource
import signal
import warnings
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image
from support.data_sets import image_data, table_data
from support.made_tables import rows_and_kinds, write_table

import kit.tensorflow1 as tf
from dlho2018 import read_image, read_lines
from kit.cli.errors import UserError
from kit.cli.flags import from_json
from kit.cli.settings import DrawnSettings, TfrecordSettings, TrainingSettings
from kit.data.data_spec import ImageSpec
from kit.data.decoded_cache import cached_examples
from kit.data.image_files import ImageCheck
from kit.data.image_shown import image_size
from kit.data.parts import TRAINING, VALIDATION
from kit.data.pipeline import decode_all
from kit.data.sequences.sequence_data import ONE_HOT, SequenceData
from kit.data.sequences.sequence_layout import open_sequences
from kit.data.shown_content import decoded_as_shown
from kit.data.tables import splits
from kit.data.tables import table as tables
from kit.data.tfrecord.writing import pack_images
from kit.data.truth_file import HEADER, truth_of
from kit.model.keras import architectures, weights, writing
from kit.model.keras.network import build
from kit.runs import checkpoints
from kit.runs import run_folder as runs
from kit.runs.history import History
from kit.runs.session_errors import readable_data_errors
from kit.system.files import read_json

FEW = 20  # of each kind, always the same
MANY = int(os.environ.get("FUZZ_EXAMPLES", "100"))  # others every time
MOST_SECONDS, MOST_MEMORY = 30, 2**30  # of one input: seconds; bytes more than before
WORDS = [  # that have been the undoing of readers elsewhere
    *b"""\t|,|"|'|-1|0|1e999|nan|inf|99999999999999999999|2147483648|{}|null|true""".split(b"|"),
    *(b"\0", b"\n", b"\r\n", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80" * 10, b"\xef\xbb\xbf", b"[" * 2000),
    *(b"../../../etc/passwd", b"/dev/zero", b"=cmd|' /C calc'!A0", b"%s%n"),
]


@st.composite
def damages(draw):
    """What turns a whole file's bytes into others: a function, bytes -> bytes."""
    kinds = st.sampled_from(["change", "insert", "cut out", "double", "cut off", "word"])
    one = st.tuples(
        kinds, st.floats(0, 1), st.integers(1, 64), st.binary(min_size=1, max_size=8), st.sampled_from(WORDS)
    )
    steps = draw(st.lists(one, min_size=1, max_size=6))

    def damage(content):
        for kind, share, length, random_bytes, word in steps:
            place = int(share * len(content))
            before, after = content[:place], content[place:]
            content = {
                "change": before + random_bytes + after[len(random_bytes) :],
                "insert": before + random_bytes + after,
                "cut out": before + after[length:],
                "double": before + after[:length] + after,
                "cut off": before,
                "word": before + word + after[length % 8 :],
            }[kind]
        return content

    return damage


# ----------------------------------------------------------------------------- whole files, and how each is read


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A folder with one whole file of each kind, the working directory while these tests run."""
    folder, before = tmp_path_factory.mktemp("fuzz"), os.getcwd()
    os.chdir(folder)
    random = np.random.default_rng(0)
    for number in range(6):
        Image.fromarray(random.integers(0, 256, (8, 8, 3), np.uint8)).save(f"{number}.png")
    Image.fromarray(random.integers(0, 256, (8, 8, 3), np.uint8)).save("a.jpg")
    Image.fromarray(random.integers(0, 256, (8, 8), np.uint8)).convert("P").save("a.gif")
    lines = ["image_name,image_path,label", *(f"{number}.png,{number}.png,{number % 2}" for number in range(6))]
    Path("dataset.csv").write_text("\n".join(lines) + "\n")
    rows, kinds = rows_and_kinds()
    write_table(Path("X.tabular"), rows[:12])
    write_table(Path("y.tabular"), [[kind] for kind in kinds[:12]], header=["kind"])
    Path("X.tabular.gz").write_bytes(gzip.compress(Path("X.tabular").read_bytes()))
    write_genes_in_rows(rows[:12])
    Path("reads.fasta").write_text("".join(f">read_{number} label={number % 2}\nACGTA\nCCGT\n" for number in range(12)))
    truths = [f"{number}.png,masks/{number}.png,4.5,3.5,20.0,12.5,4,{number % 2}" for number in range(6)]
    Path("masks").mkdir()
    for number in range(6):
        Path(f"masks/{number}.png").write_bytes(Path(f"{number}.png").read_bytes())
    Path("truth.csv").write_text("\n".join([",".join(HEADER), *truths]) + "\n")
    pack_images(TfrecordSettings("shards", "dataset.csv", 2))
    architecture = network()
    Path("network.json").write_text(writing.to_json(architecture))
    values = {name: np.zeros(shape, np.float32) for name, shape in weights.shapes_of(architecture).items()}
    for name in ("w.h5", "w.weights.h5"):
        weights.write_weights(name, architecture, values)
    with zipfile.ZipFile("model.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write("network.json", "config.json")
        archive.writestr("metadata.json", '{"keras_version": "3.12.0"}')
        archive.write("w.weights.h5", "model.weights.h5")
    Path("settings.json").write_text('{"shape": "square", "size": 32, "seed": 0, "style": "varied", "label": 0}')
    a_run()
    with tf.Graph().as_default():
        data = image_data("dataset.csv", 0.0)
        decoded(data)
    yield folder
    os.chdir(before)


def write_genes_in_rows(rows):
    """The same table as GEO and the Broad Institute write it."""
    samples = [f"p{number}" for number in range(len(rows))]
    genes = [[f"gene_{number}", *cells] for number, cells in enumerate(zip(*rows))]
    write_table(Path("X.gct"), [[name, "", *cells] for name, *cells in genes], ["Name", "Description", *samples])
    Path("X.gct").write_text(f"#1.2\n{len(genes)}\t{len(rows)}\n" + Path("X.gct").read_text())
    write_table(Path("series.txt"), genes, ["ID_REF", *samples])
    kinds = "\t".join(f'"kind: {number % 2}"' for number in range(len(rows)))
    head = f'!Series_title\t"a"\n!Sample_characteristics_ch1\t{kinds}\n!series_matrix_table_begin\n'
    Path("series.txt").write_text(head + Path("series.txt").read_text() + "!series_matrix_table_end\n")


def network():
    given = "dense 4 elu, batchnormalization, dropout 0.3, dense 1 sigmoid"
    return architectures.with_input_shape(architectures.read(given), (6,))


def a_run():
    """A run's folder, with a checkpoint of two variables."""
    run = runs.Run("runs/a", SimpleNamespace(architecture=None))
    folder = Path("runs/a/checkpoints")
    folder.mkdir(parents=True)
    with tf.Graph().as_default(), tf.Session() as session:
        variables()
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, run.checkpoint_prefix("newest"), 7, write_meta_graph=False)
    spec = ImageSpec((8, 8), ("square", "triangle"), 5, 1)
    begun = runs.Run("runs/a", TrainingSettings(loss="softmax_cross_entropy"), spec)
    begun.write_config()
    Path("runs/a/history.csv").write_text(
        "epoch,step,learning_rate,training_loss,training_accuracy,validation_loss,validation_accuracy,seconds\n"
        "1,100,0.001,0.5,0.75,0.6,0.7,12.5\n2,200,0.001,0.4,0.85,,,12.5\n"
    )


def variables():
    tf.get_variable("conv1/weights", [3, 3, 3, 8])
    tf.get_variable("global_step", initializer=tf.constant(7, tf.int64))
    tf.get_variable(checkpoints.MADE_WITH, initializer=tf.constant([10, 0], tf.int64))


def read_csv():
    data = image_data("dataset.csv", 0.2)
    with readable_data_errors(data):
        decode_all(data, lambda: read_lines(data, TRAINING), data.num_training)


def read_picture(name):
    def read():
        if problem := ImageCheck().problem(name):
            raise UserError(problem)
        _, size = image_size(name)
        only = SimpleNamespace(find_bad_example=lambda: None)  # Pillow shows some that TensorFlow doesn't decode
        with readable_data_errors(only), tf.Session() as session:
            assert session.run(decoded_as_shown(lambda: read_image(name))).shape == (*size, 3)

    return read


def read_table(name):
    def read():
        labels = tables.LabelSource("y.tabular", None)
        table = table_data(name, labels, scale="standard", fill_missing=True, split=splits.hold_out(0.25, 0))
        decode_all(table, lambda: read_lines(table, TRAINING), table.num_training)

    return read


def read_fasta():
    layout = open_sequences("reads.fasta", "--data")
    kind = functools.partial(SequenceData, alphabet=layout.alphabet.letters, encoding=ONE_HOT)
    table = table_data("reads.fasta", tables.LabelSource(None, "label"), layout=layout, kind=kind)
    decode_all(table, lambda: read_lines(table, VALIDATION), table.num_validation)


def read_truth():
    truth = truth_of(image_data("dataset.csv", 0.2), "truth.csv")
    next_element = tf.data.make_one_shot_iterator(read_lines(truth, TRAINING).map(truth.parse)).get_next()
    with readable_data_errors(truth), tf.Session() as session:
        for _ in range(truth.num_training):
            session.run(next_element)


def read_records():
    data = image_data("shards", 0.2)
    with readable_data_errors(data):
        decode_all(data, lambda: read_lines(data, TRAINING), data.num_training)


def read_model():
    architecture = architectures.read("model.keras")
    weights.read_weights("model.keras", architectures.with_input_shape(architecture, (6,)))


def read_architecture():
    architecture = architectures.read("network.json")
    if architecture.input_shape is None:
        architecture = architectures.with_input_shape(architecture, (6,))
    shape = architecture.input_shape
    build(architecture, tf.placeholder(tf.float32, [None, *shape]), tf.constant(True))


def read_run():
    run = runs.open_run("a", {"network": ["cnn"], "loss": ["softmax_cross_entropy"], "optimizer": ["adam"]})
    checkpoints.start_of(run)


def read_history():
    history = History(Path("runs/a"), "accuracy")
    history.read()
    for epoch in history.epochs:
        str(epoch)


def read_checkpoint():
    run = runs.Run("runs/a", SimpleNamespace(architecture=None), ImageSpec((8, 8), ("square", "triangle"), 5, 1))
    variables()
    path = checkpoints.find(run, "newest")
    checkpoints.check_network(path, tf.global_variables(), run, (8, 8, 3))
    with checkpoints.readable_checkpoint_errors(path), tf.Session() as session:
        tf.train.Saver().restore(session, path)


def decoded(data):
    def batches():
        yield np.zeros((data.num_training, 8, 8, 3), np.uint8), np.zeros(data.num_training, np.int64)

    return cached_examples(data, batches())


def read_cache():
    assert decoded(image_data("dataset.csv", 0.0))["example"].shape == (6, 8, 8, 3)


READERS = {  # {the file that is damaged: what reads it}
    "dataset.csv": read_csv,
    "0.png": read_csv,
    "1.png": read_picture("1.png"),
    "a.jpg": read_picture("a.jpg"),
    "a.gif": read_picture("a.gif"),
    "X.tabular": read_table("X.tabular"),
    "X.tabular.gz": read_table("X.tabular.gz"),
    "y.tabular": read_table("X.tabular"),
    "X.gct": read_table("X.gct"),
    "series.txt": read_table("series.txt"),
    "reads.fasta": read_fasta,
    "truth.csv": read_truth,
    "shards/info.csv": read_records,
    "shards/manifest.json": read_records,
    "shards/part-00000-of-00002.tfrecord": read_records,
    "model.keras": read_model,
    "network.json": read_architecture,
    "w.h5": lambda: weights.read_weights("w.h5", network()),
    "w.weights.h5": lambda: weights.read_weights("w.weights.h5", network()),
    "settings.json": lambda: from_json(DrawnSettings, read_json("settings.json", "settings"), "settings.json"),
    "runs/a/config.json": read_run,
    "runs/a/history.csv": read_history,
    "runs/a/checkpoints/checkpoint": read_checkpoint,
    "runs/a/checkpoints/model.ckpt-7.index": read_checkpoint,
    "runs/a/checkpoints/model.ckpt-7.data-00000-of-00001": read_checkpoint,
    "dataset.csv.decoded": read_cache,
}


@contextlib.contextmanager
def bounded():
    """Fails where the block takes too long, or too much memory."""

    def too_long(*_):
        raise AssertionError(f"more than {MOST_SECONDS} s")

    before = signal.signal(signal.SIGALRM, too_long)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    signal.alarm(MOST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) * 1024 < MOST_MEMORY


def read_well_or_refuse(read):
    """Reads, in a graph of its own; a UserError is an answer, anything else a fault."""
    with bounded(), tf.Graph().as_default(), warnings.catch_warnings(), contextlib.suppress(UserError):
        warnings.simplefilter("error")  # a warning would reach the user's console
        read()


@pytest.mark.parametrize("name", READERS)
def test_whole_files_are_read(whole, name):
    with tf.Graph().as_default():
        READERS[name]()


STATE = "runs/a/checkpoints/checkpoint"
INDEX = "runs/a/checkpoints/model.ckpt-7.index"
FAULTS = {  # what once ended otherwise: {name: (the file, what damages it, words of the answer)}
    "a size for all that is not the picture's": ("a.gif", lambda whole: whole[:9] + b"\x09" + whole[10:], "claims"),
    "an empty state": (STATE, lambda whole: b"", "Invalid checkpoint state"),
    "a state that is none": (STATE, lambda whole: b"}" + whole, "names no checkpoint"),
    "another folder's": (STATE, lambda whole: whole.replace(b'"model', b'"../checkpoints/model'), "another folder"),
    "an index cut short": (INDEX, lambda whole: whole[:20], "too short"),
    "an index that goes too far": (INDEX, lambda whole: whole[:-45] + b"\xff" + whole[-44:], "ends too early"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_was_a_fault_is_refused(whole, fault):
    name, damage, words = FAULTS[fault]
    content = Path(name).read_bytes()
    Path(name).write_bytes(damage(content))
    try:
        with tf.Graph().as_default(), pytest.raises(UserError, match=words):
            READERS[name]()
    finally:
        Path(name).write_bytes(content)


@pytest.mark.parametrize("examples", [FEW, pytest.param(MANY, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", READERS)
def test_damaged_files_are_read_or_refused(whole, name, examples):
    content = Path(name).read_bytes()

    @settings(
        max_examples=examples,
        derandomize=examples == FEW,
        deadline=None,
        database=None,
        phases=[Phase.generate] if examples == FEW else [Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(damages())
    def each_damage(damage):
        Path(name).write_bytes(damage(content))
        read_well_or_refuse(READERS[name])

    try:
        each_damage()
    finally:
        Path(name).write_bytes(content)
