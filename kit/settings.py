"""Every setting of every script: its type, default, bounds and meaning. They become flags (kit/flags.py)."""

from dataclasses import MISSING, dataclass

from kit.flags import flag
from kit.shapes import SHAPES

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

    data: str = flag("dataset.csv", "CSV of the images: image_name,image_path,label")
    network: str = flag("cnn", "a design in dlho2018_nns.py")
    epochs: int = flag(10, "passes over the training images", least=1, most=1_000_000)
    batch_size: int = flag(32, "images a step", least=1, most=100_000)
    loss: str = flag("softmax_cross_entropy", "what training makes small")
    optimizer: str = flag("adam", "how a step changes the weights")
    learning_rate: float | None = flag(None, "the size of a step (what suits the optimizer)", above=0)
    decay: float = flag(1.0, "the learning rate is multiplied by this after every epoch", above=0, most=1)
    validation: float = flag(0.2, "share of the images kept for validation", above=0, below=1)
    patience: int | None = flag(None, "stop after so many epochs without a better validation", least=1)
    seed: int = flag(0, "of the weights, the order of the images, and dropout", least=0, most=2**31 - 1)
    in_memory: bool = flag(False, "decode all images once and keep them in memory")
    skip_bad: bool = flag(False, "leave out bad lines and images, with a warning")
    run: str | None = flag(None, "name of the run's folder in runs/ (the network and the time)")
    resume: bool = flag(False, "go on with a run that was stopped: --run, or the newest")


@dataclass(frozen=True)
class EvaluatingSettings:
    """Of evaluating.py."""

    run: str | None = flag(None, "name of the run's folder in runs/ (the newest)")
    checkpoint: str = flag("best", "the best on validation, or the newest", choices=("best", "newest"))
    data: str | None = flag(None, "another CSV, all of its images (the run's own validation images)")
    images: tuple[str, ...] = flag((), "image files to classify, instead of a CSV")
    batch_size: int = flag(64, "images a step", least=1, most=100_000)
    skip_bad: bool = flag(False, "leave out bad lines and images, with a warning")
