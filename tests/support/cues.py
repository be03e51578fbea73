"""A search for cues: can a linear model tell two classes of images apart without a look at any outline?"""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601


def summary(pixels, ink):
    """Numbers that hold for an image as a whole.

    Args:
      pixels: float [N, size, size, 3], 0 to 255.
      ink: float [N, size, size], the share of each pixel that the shape covers.
    Returns:
      {feature: [N]}.
    """
    size = pixels.shape[1]
    luma, area, along = pixels @ LUMA, ink.sum(axis=(1, 2)), np.arange(size)
    features = {
        "ink area": area,
        "ink x": (ink.sum(axis=1) * along).sum(axis=1) / area,
        "ink y": (ink.sum(axis=2) * along).sum(axis=1) / area,
        "ink luma": (luma * ink).sum(axis=(1, 2)) / area,
        "background luma": (luma * (1 - ink)).sum(axis=(1, 2)) / (size**2 - area),
        "mean luma": luma.mean(axis=(1, 2)),
        "luma deviation": luma.std(axis=(1, 2)),
    }
    for channel, name in enumerate(("red", "green", "blue")):
        features[f"mean {name}"] = pixels[..., channel].mean(axis=(1, 2))
        features[f"{name} deviation"] = pixels[..., channel].std(axis=(1, 2))
    return features


def chance_of_a_right_guess(squares, triangles):
    """Cross-validated accuracy of a linear classifier on {feature: [N]} of each class."""
    inputs = np.concatenate([np.stack(list(features.values()), axis=1) for features in (squares, triangles)])
    # Squares, too, tell how far an image is from the middle of a feature.
    centred = inputs - inputs.mean(axis=0)
    inputs = np.concatenate([inputs, centred**2], axis=1)
    labels = np.repeat([0, 1], len(inputs) // 2)
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    return cross_val_score(classifier, inputs, labels, cv=folds).mean()
