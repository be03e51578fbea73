"""Every setting of every script: type, default, bounds, meaning. kit/cli/flags.py turns them into flags.

A default in brackets within a help text is what a script uses if the flag isn't given. docs/flags.md is made from this
file (docs/make_flags.py).
"""

from dataclasses import MISSING, dataclass, field

from kit.cli.flags import flag

INPUTS = ("feed", "direct", "memory", "cached")
HEADERS = ("auto", "yes", "no")
DECIMALS = ("auto", "point", "comma")


@dataclass(frozen=True)
class FirstGraphSettings:
    """first_graph.py"""

    x: float = flag(4.0, "number to feed")


@dataclass(frozen=True)
class DrawingSettings:
    """dataset_creation.py"""

    shape: str = flag(MISSING, "shape to draw")  # one of kit.data.drawing.shapes.SHAPES
    num_images: int = flag(MISSING, "number of images", least=1, most=10_000_000)
    output_directory: str = flag(MISSING, "folder for the images and info.csv")
    size: int = flag(128, "height and width of an image, in pixels", least=16, most=2048)
    seed: int = flag(0, "seed of the drawing; in a folder of the hands-on, the student's own", least=0)
    style: str = flag("varied", "drawing style", choices=("varied", "plain", "sketch", "mixed"))
    label: int | None = flag(None, "class number in info.csv (square 0, triangle 1, ...)", least=0)
    truth: bool = flag(False, "also write each image's mask, and truth.csv: where its shape is, how large, how turned")
    shards: int | None = flag(None, "TFRecord files to draw into (none: a PNG file per image)", least=1, most=10_000)
    workers: int | None = flag(
        None, "processes that draw in parallel (one per core)", least=1, most=61
    )  # Windows allows a pool no more


@dataclass(frozen=True)
class DrawnSettings:
    """The DrawingSettings that the images depend on, kept in the folder of a data set."""

    shape: str
    size: int
    seed: int
    style: str
    label: int
    shards: int | None = field(default=None, metadata={"may_be_missing": True})


@dataclass(frozen=True)
class PicturesSettings:
    """python -m kit.data.pictures"""

    photos: str = flag(MISSING, "folder that holds a folder of pictures for each class")
    output_directory: str = flag(MISSING, "folder for the images and info.csv")
    size: int = flag(128, "height and width of an image, in pixels", least=16, most=2048)
    skip_bad: bool = flag(False, "leave out pictures that can't be read or are in two classes, with a warning")
    workers: int | None = flag(None, "processes that make images in parallel (one per core)", least=1, most=61)


@dataclass(frozen=True)
class TfrecordSettings:
    """python -m kit.data.tfrecord"""

    output_directory: str = flag(MISSING, "folder for the TFRecord files and info.csv")
    data: str = flag("dataset.csv", "CSV of images (image_name,image_path,label), or a table with --format table")
    shards: int = flag(16, "number of files", least=1, most=10_000)
    format: str = flag(
        "raw", "images: raw is faster to read, png smaller; or the lines of a table", choices=("raw", "png", "table")
    )
    skip_bad: bool = flag(False, "leave out images that can't be read, with a warning")


@dataclass(frozen=True)
class TrainingSettings:
    """training.py"""  # kept with the run, so that resuming and evaluating need no flag again

    # data
    data: str = flag("dataset.csv", "CSV of images (image_name,image_path,label), a table of numbers, or a FASTA file")
    labels: str | None = flag(None, "a table's labels: a file with one label per row")
    label_column: str | None = flag(None, "column of the labels, in --labels or in the table: name or number from 1")
    positive_class: str | None = flag(
        None, "of a table's two classes, the one that precision, recall and ROC are of (the second)", is_later=True
    )
    transpose: bool = flag(
        False,
        "turn a table round: genes in rows become columns (of GCT and series matrix files, always)",
        is_later=True,
    )
    columns: tuple[str, ...] = flag((), "a table's columns to use: names, numbers from 1, or ranges like 3-20 (all)")
    without_columns: tuple[str, ...] = flag((), "a table's columns to leave out, in the same form")
    header: str = flag("auto", "whether a table starts with column names", choices=HEADERS)
    decimal: str = flag(
        "auto", "decimal sign of a table and its labels, where a file leaves it open", choices=DECIMALS, is_later=True
    )
    scale: str = flag(
        "none",
        "scale a table's columns: to mean 0 and standard deviation 1, or to 0..1",
        choices=("none", "standard", "minmax"),
    )
    encoding: str = flag(
        "one_hot",
        "letters of sequences as vectors with a single 1, or as numbers, for an Embedding; padding is 0",
        choices=("one_hot", "index"),
        is_later=True,
    )
    fill_missing: bool = flag(False, "replace a table's missing values by the mean of their column's training rows")
    skip_bad: bool = flag(False, "skip bad lines and images, with a warning")
    input: str = flag(
        "feed",
        "how batches reach the graph: fetched and fed; read directly; kept decoded in memory; or on disk",
        choices=INPUTS,
    )
    # validation
    validation: float = flag(0.2, "share of the data for validation; 0 for none", least=0, below=1)
    test: float | None = flag(
        None, "share of a table's rows to keep for a test: evaluating.py --part test", above=0, below=1, is_later=True
    )
    stratified: bool = flag(False, "split a table so that each class has the same share of all parts")
    folds: int | None = flag(
        None, "cross-validate on a table: train N times, each time holding out a different part", least=2
    )
    fold: int | None = flag(None, "only train this one of the --folds, from 1", least=1)
    repeats: int | None = flag(
        None, "cross-validate N times, each time with other folds", least=2, most=1000, is_later=True
    )
    training_share: float | None = flag(
        None, "share of a table's training rows to learn from (all)", above=0, most=1, is_later=True
    )
    learning_curve: int | None = flag(
        None,
        "train on so many shares of the training rows, up to all: would more rows help?",
        least=2,
        most=100,
        is_later=True,
    )
    group_column: str | None = flag(
        None, "column whose rows of one value stay together, as a patient's: name or number from 1", is_later=True
    )
    search: int | None = flag(
        None,
        "draw N settings of --search_space at random, and find the best in nested folds",
        least=2,
        most=1000,
        is_later=True,
    )
    search_space: tuple[str, ...] = flag(
        (), "what to search: learning_rate=0.0001..0.1 batch_size=4,8 units=4..64 for 'dense {units}'", is_later=True
    )
    # network
    network: str = flag("cnn", "network in dlho2018_nns.py")
    architecture: str | None = flag(
        None, "network in a Keras file (.json, .keras, .h5), or as text such as 'dense 16 elu, dense 1 sigmoid'"
    )
    write_architecture: str | None = flag(None, "write --architecture to this file as Keras JSON, then stop")
    initial_weights: str | None = flag(
        None, "weights to start from: those of another run, by its name, or a Keras file (.h5, .keras)"
    )
    # optimization
    epochs: int = flag(10, "passes over the training data", least=1, most=1_000_000)
    batch_size: int = flag(32, "images or rows per step", least=1, most=100_000)
    micro_batches: int = flag(
        1,
        "parts of a batch whose gradients are added up; as many machines may share the work",
        least=1,
        most=10_000,
        is_later=True,
    )
    class_weights: tuple[str, ...] = flag(
        (), "how much a row of each class counts in training: numbers, or balanced", is_later=True
    )
    loss: str | None = flag(None, "the loss to minimise (softmax_cross_entropy, or what fits --architecture)")
    optimizer: str = flag("adam", "optimizer, which turns gradients into steps")
    optimizer_options: tuple[str, ...] = flag((), "options of the optimizer, such as momentum=0.9 nesterov=true")
    learning_rate: float | None = flag(None, "step size (the optimizer's default)", above=0)
    decay: float | None = flag(
        None,
        "factor on the learning rate after every epoch (1; for images it falls to 0 over the last half of the epochs)",
        above=0,
        most=1,
    )
    reduce_on_plateau: int | None = flag(
        None, "multiply the learning rate by --reduce_factor after N epochs without a lower validation loss", least=1
    )
    reduce_factor: float = flag(0.1, "factor for --reduce_on_plateau", above=0, below=1)
    patience: int | None = flag(None, "stop after N epochs without a better validation result", least=1)
    seed: int = flag(0, "seed of the weights, the data's order and split, and dropout", least=0, most=2**31 - 1)
    precision: str = flag(
        "auto",
        "number format; auto: bfloat16 for images if the processor supports it, float32 with --micro_batches",
        choices=("auto", "float32"),
    )
    deterministic: bool = flag(
        False, "same result every time, bit for bit; an error if an operation can't guarantee that"
    )
    # run
    run: str | None = flag(None, "name of the run's folder in runs/ (network and time)")
    explain_time: bool = flag(False, "don't train: time some steps and show where the time goes")
    resume: bool = flag(False, "continue a stopped run: the one named by --run, or the newest")


@dataclass(frozen=True)
class ClusterSettings:
    """python -m kit.cluster"""

    workers: int = flag(MISSING, "processes to start", least=1, most=64)
    pin: bool = flag(False, "keep each worker on one core of the processor, in turn")


@dataclass(frozen=True)
class EvaluatingSettings:
    """evaluating.py"""

    run: str | None = flag(None, "name of the run's folder in runs/ (the newest)")
    checkpoint: str = flag("best", "checkpoint to restore: best on validation, or newest", choices=("best", "newest"))
    weights: str | None = flag(None, "Keras file of weights (.h5, .keras) to use instead of a checkpoint")
    model: str | None = flag(None, "finished model of Keras (.keras, .h5, .h5mlm) to use on --data, instead of a run")
    classes: tuple[str, ...] = flag((), "with --model: its classes' names, in the order of its outputs (0 1 ...)")
    data: str | None = flag(None, "CSV or table to evaluate, all of it (the run's own validation data)")
    labels: str | None = flag(None, "file with the labels of --data; a table without labels is predicted, not scored")
    label_column: str | None = flag(None, "column of the labels: name or number from 1 (as in training)")
    transpose: str | None = flag(None, "whether --data has genes in rows (as in training)", choices=("yes", "no"))
    header: str | None = flag(None, "whether --data starts with column names (as in training)", choices=HEADERS)
    decimal: str | None = flag(None, "decimal sign, where a file leaves it open (as in training)", choices=DECIMALS)
    threshold: str | None = flag(
        None, "of two classes: the probability from which on the second is predicted; chosen; or a score to choose by"
    )
    part: str = flag("validation", "rows of the run's own table to evaluate", choices=("validation", "test"))
    images: tuple[str, ...] = flag((), "image files to classify, instead of --data")
    batch_size: int | None = flag(
        None, "images or rows per step (256; fewer for images over 128 x 128 pixels)", least=1, most=100_000
    )
    skip_bad: bool = flag(False, "skip bad lines and images, with a warning")
    importance: bool = flag(False, "also find the columns of a table that matter most: shuffle each, and score again")
    importance_repeats: int | None = flag(None, "how often --importance shuffles each column (10)", least=2, most=1000)
    explain_rows: tuple[str, ...] = flag(
        (), "also explain rows of a table, by name or number from 1: what pushed them to their prediction"
    )
    export: str | None = flag(None, "also export the network to this new folder, as a SavedModel, TFLite and ONNX")
    write_weights: str | None = flag(None, "also save the weights for Keras: a .weights.h5 file, or the older .h5")


@dataclass(frozen=True)
class ScoringSettings:
    """python -m kit.evaluation.scores"""

    y_true: str = flag(MISSING, "file with a label per row; may stand first, without the flag")
    y_predicted: str = flag(MISSING, "file with a prediction per row, or probabilities; may stand second, likewise")
    label_column: str | None = flag(None, "column of the labels in --y_true: name or number from 1 (the only one)")
    header: str = flag("auto", "whether both files start with column names", choices=HEADERS)
    classes: tuple[str, ...] = flag((), "all classes, in the order of the columns of probabilities (those of --y_true)")
    positive: str | None = flag(None, "the positive one of two classes (the second)")
    values: bool = flag(False, "labels are values, even if all are whole numbers")
    output_directory: str = flag("scores", "folder for report.json, scores.tabular and pictures")


@dataclass(frozen=True)
class BoardSettings:
    """drawing_board.py"""

    run: str | None = flag(None, "name of the run's folder in runs/ (the newest)")
    checkpoint: str = flag("best", "checkpoint to restore: best on validation, or newest", choices=("best", "newest"))
    output_directory: str = flag("drawn", "folder for the drawings that are kept, and their info.csv")
    host: str = flag("127.0.0.1", "address to serve the page on; 0.0.0.0 lets other devices of the network in")
    port: int = flag(8000, "port of the page; 0 for any that is free", least=0, most=65535)


@dataclass(frozen=True)
class LookSettings:
    """labs/look_inside.py"""

    run: str | None = flag(None, "name of the run's folder in runs/ (the newest)")
    checkpoint: str = flag("best", "checkpoint to restore: best on validation, or newest", choices=("best", "newest"))
    data: str | None = flag(None, "CSV whose images to look at, all of it (the run's own validation images)")
    skip_bad: bool = flag(False, "skip bad lines and images, with a warning")
