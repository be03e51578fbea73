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
class LabSettings(FolderSettings):
    """What each lab has that trains a network on images."""

    data: str = flag("dataset.csv", "CSV of images (image_name,image_path,label)")
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
