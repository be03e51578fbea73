"""Every setting of every script: its type, default, bounds and meaning. They become flags (kit/cli/flags.py)."""

from dataclasses import MISSING, dataclass

from kit.cli.flags import flag
from kit.data.drawing.shapes import SHAPES

INPUTS = ("feed", "direct", "memory", "cached")
DRAWING_SEED = 0  # what a data set is drawn from, unless --seed says otherwise


@dataclass(frozen=True)
class FirstGraphSettings:
    """Of first_graph.py."""

    x: float = flag(4.0, "the number to feed")


@dataclass(frozen=True)
class DrawingSettings:
    """Of dataset_creation.py."""

    shape: str = flag(MISSING, "what to draw", choices=SHAPES)
    num_images: int = flag(MISSING, "how many images", least=1, most=10_000_000)
    output_directory: str = flag(MISSING, "folder for the images and info.csv")
    size: int = flag(128, "height and width of an image, in pixels", least=16, most=2048)
    seed: int = flag(DRAWING_SEED, "another seed, other images", least=0)
    style: str = flag("varied", "how to draw", choices=("varied", "plain"))
    label: int | None = flag(None, "the class written to info.csv (square 0, triangle 1, ...)", least=0)
    workers: int | None = flag(
        None, "processes that draw (all cores)", least=1, most=61
    )  # as many as Windows lets a pool have


@dataclass(frozen=True)
class DrawnSettings:
    """What a folder of images was drawn with: those DrawingSettings that its images depend on."""

    shape: str
    size: int
    seed: int
    style: str
    label: int


@dataclass(frozen=True)
class TrainingSettings:
    """Of training.py. They are kept with the run, so that resuming and evaluating need no flag twice."""

    # the data
    data: str = flag("dataset.csv", "CSV of the images: image_name,image_path,label; or a table, with its labels")
    labels: str | None = flag(None, "a table's labels: a file with a label for each row")
    label_column: str | None = flag(None, "the column of the labels, in --labels or in the table: a name or a number")
    columns: tuple[str, ...] = flag((), "columns of a table to learn from: names, numbers from 1, 3-20 (all)")
    without_columns: tuple[str, ...] = flag((), "columns of a table to leave out, likewise")
    header: str = flag("auto", "does a table begin with the columns' names", choices=("auto", "yes", "no"))
    scale: str = flag(
        "none", "a table's columns to mean 0 and deviation 1, or into 0 to 1", choices=("none", "standard", "minmax")
    )
    fill_missing: bool = flag(False, "missing values of a table become the mean of their column in training")
    skip_bad: bool = flag(False, "leave out bad lines and images, with a warning")
    input: str = flag(
        "feed",
        "how batches come: read, fetched and fed; wired into the graph; kept decoded in memory, or on disk",
        choices=INPUTS,
    )
    # what is held back from training
    validation: float = flag(0.2, "share of the data kept for validation; 0 for none", least=0, below=1)
    stratified: bool = flag(False, "a table's split keeps the share of each class")
    folds: int | None = flag(None, "cross-validate on a table: so many trainings, each without another part", least=2)
    fold: int | None = flag(None, "this one of the --folds alone, from 1", least=1)
    # the network
    network: str = flag("cnn", "a design in dlho2018_nns.py")
    architecture: str | None = flag(
        None, "a network of Keras's: a file of its JSON, or 'dense 16 elu, dense 1 sigmoid'"
    )
    write_architecture: str | None = flag(None, "write --architecture as Keras's JSON to this file, and end")
    initial_weights: str | None = flag(None, "weights to start from, an .h5 file of Keras's, for --architecture")
    # how it learns
    epochs: int = flag(10, "passes over the training data", least=1, most=1_000_000)
    batch_size: int = flag(32, "images, or rows, a step", least=1, most=100_000)
    loss: str | None = flag(None, "what training makes small (softmax_cross_entropy, or what suits --architecture)")
    optimizer: str = flag("adam", "how a step changes the weights")
    optimizer_options: tuple[str, ...] = flag((), "options of the optimizer, such as momentum=0.9 nesterov=true")
    learning_rate: float | None = flag(None, "the size of a step (what suits the optimizer)", above=0)
    decay: float = flag(1.0, "the learning rate is multiplied by this after every epoch", above=0, most=1)
    reduce_on_plateau: int | None = flag(
        None,
        "multiply the learning rate by --reduce_factor after so many epochs without a lower validation loss",
        least=1,
    )
    reduce_factor: float = flag(0.1, "see --reduce_on_plateau", above=0, below=1)
    patience: int | None = flag(None, "stop after so many epochs without a better validation", least=1)
    seed: int = flag(0, "of the weights, the order of the data, its split, and dropout", least=0, most=2**31 - 1)
    precision: str = flag(
        "auto", "auto: images in bfloat16 where the processor has it; or float32", choices=("auto", "float32")
    )
    deterministic: bool = flag(False, "the same bits each time, or an error where an operation can't promise it")
    # the run
    run: str | None = flag(None, "name of the run's folder in runs/ (the network and the time)")
    explain_time: bool = flag(False, "instead of a training, time some steps, and tell where their time goes")
    resume: bool = flag(False, "go on with a run that was stopped: --run, or the newest")


@dataclass(frozen=True)
class EvaluatingSettings:
    """Of evaluating.py."""

    run: str | None = flag(None, "name of the run's folder in runs/ (the newest)")
    checkpoint: str = flag("best", "the best on validation, or the newest", choices=("best", "newest"))
    weights: str | None = flag(None, "an .h5 file of Keras's, instead of the checkpoint's weights")
    data: str | None = flag(None, "another CSV or table, all of it (the run's own validation data)")
    labels: str | None = flag(None, "the labels of that table; without them it is predicted, not scored")
    label_column: str | None = flag(None, "the column of the labels: a name or a number (as in training)")
    images: tuple[str, ...] = flag((), "image files to classify, instead of a CSV")
    batch_size: int | None = flag(
        None, "images, or rows, a step (256; of images over 128 x 128, fewer)", least=1, most=100_000
    )
    skip_bad: bool = flag(False, "leave out bad lines and images, with a warning")
    export: str | None = flag(None, "also write the network as a SavedModel, to this new folder")
    write_weights: str | None = flag(None, "also write the weights for Keras: .weights.h5, or its older .h5")
