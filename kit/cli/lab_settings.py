"""Every setting of every lab, as kit/cli/settings.py has those of the scripts."""

from dataclasses import dataclass

from kit.cli.flags import flag

TRUTH_HELP = "CSV of the truth of the images, from dataset_creation.py --truth"
EPOCHS_HELP, MOST_EPOCHS = "passes over the training images", 10_000
LEARNING_RATE_HELP = "step size at the start; it falls to 0"


@dataclass(frozen=True)
class FolderSettings:
    """What every lab has."""

    folder: str | None = flag(None, "folder in runs/labs/ for pictures and curves (the lab's name and the time)")


@dataclass(frozen=True)
class ImagesSettings(FolderSettings):
    """What each lab has that reads images."""

    data: str = flag("dataset.csv", "CSV of images (image_name,image_path,label)")


@dataclass(frozen=True)
class LabSettings(ImagesSettings):
    """What each lab has that trains a network on images."""

    epochs: int = flag(20, EPOCHS_HELP, least=1, most=MOST_EPOCHS)
    batch_size: int = flag(32, "images per step", least=1, most=10_000)
    learning_rate: float = flag(0.001, LEARNING_RATE_HELP, above=0)
    seed: int = flag(0, "seed of the weights, and of the order of the images", least=0, most=2**31 - 1)


@dataclass(frozen=True)
class LocateSettings(LabSettings):
    """labs/locate.py"""

    truth: str = flag("truth.csv", TRUTH_HELP)
    epochs: int = flag(30, EPOCHS_HELP, least=1, most=MOST_EPOCHS)
    learning_rate: float = flag(0.002, LEARNING_RATE_HELP, above=0)


@dataclass(frozen=True)
class SegmentSettings(LabSettings):
    """labs/segment.py"""

    truth: str = flag("truth.csv", TRUTH_HELP)
    other_data: str | None = flag(None, "CSV of images of another size, to try the trained network on (none)")
    other_truth: str = flag("other_truth.csv", "CSV of their truth")
    epochs: int = flag(16, EPOCHS_HELP, least=1, most=MOST_EPOCHS)
    batch_size: int = flag(16, "images per step", least=1, most=10_000)
    learning_rate: float = flag(0.003, LEARNING_RATE_HELP, above=0)


@dataclass(frozen=True)
class ReconstructSettings(LabSettings):
    """labs/reconstruct.py"""

    batch_size: int = flag(8, "images per step", least=1, most=10_000)
    learning_rate: float = flag(0.002, LEARNING_RATE_HELP, above=0)


@dataclass(frozen=True)
class GenerateSettings(LabSettings):
    """labs/generate.py"""

    truth: str = flag("truth.csv", TRUTH_HELP)
    epochs: int = flag(30, EPOCHS_HELP, least=1, most=MOST_EPOCHS)
    learning_rate: float = flag(0.003, LEARNING_RATE_HELP, above=0)
    run: str | None = flag(None, "name of the run whose network looks at the images made, in runs/ (the newest)")


@dataclass(frozen=True)
class FineTuneSettings(FolderSettings):
    """labs/fine_tune.py"""

    run: str | None = flag(None, "name of the run whose network is fine-tuned, in runs/ (the newest)")
    data: str = flag("drawn/info.csv", "CSV of the new images (image_name,image_path,label); a third is held out")
    labels: tuple[int, ...] = flag((20, 50, 200), "how many of the new images have a label: one number, or several")
    repeats: int = flag(3, "trainings with other images, for each way and each number of labels", least=1, most=1000)
    steps: int = flag(200, "steps of a training", least=1, most=1_000_000)
    layers: int = flag(2, "how many of the last layers learn, where the others are frozen", least=1, most=1000)
    batch_size: int = flag(32, "images per step", least=1, most=10_000)
    learning_rate: float = flag(0.001, LEARNING_RATE_HELP, above=0)
    seed: int = flag(0, "seed of the weights, and of which images have a label", least=0, most=2**31 - 1)


@dataclass(frozen=True)
class TransferStyleSettings(FolderSettings):
    """labs/transfer_style.py"""

    run: str | None = flag(None, "name of the run whose network looks at the pictures, in runs/ (the newest)")
    style: str | None = flag(None, "a picture whose style is taken (four patterns)")
    steps: int = flag(400, "steps of the pixels", least=1, most=1_000_000)
    learning_rate: float = flag(0.05, LEARNING_RATE_HELP, above=0)
    content_weight: float = flag(0.1, "weight of the content's distance; the style's is 1", least=0)
    smoothness: float = flag(0.03, "weight of the differences between neighbouring pixels", least=0)
    noise: float = flag(0.3, "noise at the start, where pixels are from -1 to 1", least=0)
    seed: int = flag(0, "seed of the noise, and of which images are shown", least=0, most=2**31 - 1)


@dataclass(frozen=True)
class FullyConvolutionalSettings(LabSettings):
    """labs/fully_convolutional.py"""

    truth: str = flag("truth.csv", TRUTH_HELP)
    largest: float = flag(
        2.25, "each batch is enlarged at random, up to so many times (1: not at all)", least=1, most=4
    )
    learning_rate: float = flag(0.002, LEARNING_RATE_HELP, above=0)


@dataclass(frozen=True)
class IteratorsSettings(ImagesSettings):
    """labs/iterators.py"""

    truth: str = flag("truth.csv", TRUTH_HELP)


@dataclass(frozen=True)
class FindSettings(ImagesSettings):
    """labs/find_settings.py"""

    tries: int = flag(15, "settings to draw at random and to train with", least=1, most=1000)
    epochs: int = flag(6, "passes over the training images in each try", least=1, most=MOST_EPOCHS)
    seed: int = flag(
        0, "seed of what is drawn, of the weights, and of the order of the images", least=0, most=2**31 - 1
    )
