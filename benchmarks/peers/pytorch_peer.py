"""PyTorch on a list of images: how fast does it train, and how well does it learn?

  python benchmarks/peers/pytorch_peer.py --data_train train.csv --data_validation validation.csv --network cnn --best

As in its guides: a Dataset that reads with Pillow, a DataLoader with two workers, float32. --best adds what made it
faster: bytes through the loader, persistent workers, images with channels last, bfloat16 inside the layers.
"""

import time

import numpy as np
import torch
from PIL import Image
from task import answer, parser_of_task, read_list
from torch import nn
from torch.utils.data import DataLoader, Dataset

WORKERS = 2  # processes that read images, per loader


def main():
    task = parser_of_task(__doc__, NETWORKS).parse_args()
    torch.manual_seed(task.seed)
    training = read_list(task.data_train)
    model = NETWORKS[task.network](*training.image_size, training.num_classes)
    if task.best:
        model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), task.learning_rate, eps=1e-7)  # as in Keras and the kit
    training_loader = loader_of(training, task, shuffle=True)
    validation_loader = loader_of(read_list(task.data_validation), task)
    seconds, accuracies = [], []
    for _ in range(task.epochs):
        began = time.perf_counter()
        train(model, optimizer, training_loader, task)
        seconds.append(time.perf_counter() - began)
        accuracies.append(accuracy_of(model, validation_loader, task))
    answer(
        images_per_second=[len(training.paths) / epoch for epoch in seconds[1:]],
        validation_accuracies=accuracies,
    )


class Images(Dataset):
    """The images of a list: (uint8 [H, W, 3], label); or, scaled, (float32 [3, H, W], label)."""

    def __init__(self, listed, is_scaled):
        self.listed, self.is_scaled = listed, is_scaled

    def __len__(self):
        return len(self.listed.paths)

    def __getitem__(self, index):
        with Image.open(self.listed.paths[index]) as image:
            pixels = torch.from_numpy(np.array(image.convert("RGB")))
        return (scaled(pixels.permute(2, 0, 1)) if self.is_scaled else pixels), self.listed.labels[index]


def scaled(pixels):
    """uint8 -> float32 in [-1, 1]."""
    return pixels.float() / 127.5 - 1


def loader_of(listed, task, shuffle=False):
    images = Images(listed, is_scaled=not task.best)
    return DataLoader(images, task.batch_size, shuffle, num_workers=WORKERS, persistent_workers=task.best)


def train(model, optimizer, loader, task):
    """Trains for an epoch."""
    loss_of = nn.CrossEntropyLoss()
    model.train()
    for images, labels in loader:
        loss = loss_of(logits_of(model, images, task), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def accuracy_of(model, loader, task):
    """The share of the images that the model gets right."""
    model.eval()
    with torch.no_grad():
        right = [(logits_of(model, images, task).argmax(dim=1) == labels) for images, labels in loader]
    return torch.cat(right).float().mean().item()


def logits_of(model, images, task):
    """The model's logits, float32 [B, classes], for a batch of a loader."""
    if task.best:
        images = scaled(images.permute(0, 3, 1, 2))  # [B, 3, H, W]; in memory, the channels stay last
    with torch.autocast("cpu", torch.bfloat16, enabled=task.best and task.bfloat16):
        return model(images).float()


# ----------------------------------------------------------------------------- networks: (height, width, classes)


def cnn(height, width, num_classes):
    """The kit's `cnn`."""
    blocks = [
        part
        for before, filters in ((8, 16), (16, 32), (32, 64))
        for part in (initialised(nn.Conv2d(before, filters, 3, padding="same")), nn.ReLU(), nn.MaxPool2d(2))
    ]
    return nn.Sequential(
        initialised(nn.Conv2d(3, 8, 5, stride=2, padding=2)),
        nn.ReLU(),
        *blocks,
        nn.Flatten(),
        initialised(nn.Linear(height // 16 * (width // 16) * 64, 64)),
        nn.ELU(),
        logits(64, num_classes),
    )


def simple_fc(height, width, num_classes):
    """The kit's `simple_fc`."""
    blocks = [
        part
        for before, units in ((height * width * 3, 128), (128, 32), (32, 64))
        for part in (initialised(nn.Linear(before, units)), nn.ReLU())
    ]
    return nn.Sequential(nn.Flatten(), *blocks, logits(64, num_classes))


NETWORKS = {"cnn": cnn, "simple_fc": simple_fc}


def initialised(layer):
    """A layer with He's initial weights and biases of 0, as the kit's layers before relu and elu."""
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    nn.init.zeros_(layer.bias)
    return layer


def logits(inputs, num_classes):
    """The last layer, with Glorot's initial weights and biases of 0."""
    layer = nn.Linear(inputs, num_classes)
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


if __name__ == "__main__":
    main()
