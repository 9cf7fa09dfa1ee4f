"""A network, faces and recipes so small that training takes a moment; scripts and fixtures share them."""

from typing import Any

import keras
import numpy as np

from fer_nb.data.faces import Faces, numbered
from fer_nb.language import Text
from fer_nb.learning.models.registry import logits
from fer_nb.learning.recipe import Recipe

NAME = "tiny_cnn"


def tiny_cnn(
    images: keras.KerasTensor, *, dropout: float = 0.0, average: bool = False, deeper: bool = False
) -> keras.KerasTensor:
    """A convolution or two, batch normalization, dropout, the logits of all places or of their average."""
    x = keras.layers.Conv2D(4, 5, strides=4, padding="same", name="conv")(images)
    x = keras.layers.BatchNormalization(momentum=0.5, name="norm")(x)
    x = keras.layers.ReLU(name="relu")(x)
    if deeper:
        x = keras.layers.Conv2D(4, 3, strides=2, padding="same", name="conv2")(x)
    pooled = keras.layers.GlobalAveragePooling2D if average else keras.layers.Flatten
    x = pooled(name="flatten")(x)
    x = keras.layers.Dropout(dropout, name="dropout")(x)
    return logits(x)


def faces(training: int = 98, test: int = 14, *, seed: int = 0) -> Faces:
    """Noise with a bright band whose height tells the class; every class as often as another."""
    generator = np.random.default_rng(seed)
    usage = np.repeat(np.array([0, 1, 2], np.uint8), [training, test, test])
    labels = (np.arange(len(usage)) % 7).astype(np.int8)
    images = generator.integers(0, 120, (len(usage), 48, 48)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[6 * label : 6 * label + 6] += 100
    return Faces(images, labels, usage, numbered(usage), "tiny faces")


def recipe(**changes: Any) -> Recipe:
    """Three epochs of Adam on the tiny network, changed as asked for."""
    settings: dict[str, Any] = {
        "name": "tiny",
        "architecture": NAME,
        "source": Text("測試", "a test"),
        "cost": Text("一瞬間", "a moment"),
        "multiply_adds": 18_432,
        "epochs": 3,
        "batch_size": 16,
        "learning_rate": 0.01,
        "validation": 0.15,
    }
    return Recipe(**settings | changes)


FULL = {
    "epochs": 8,
    "optimizer": "sgd_nesterov",
    "weight_decay": 1e-3,
    "schedule": "cosine",
    "warmup_epochs": 1.0,
    "mixup": 1.0,
    "label_smoothing": 0.1,
    "averaging": 0.9,
    "augmentation": "champion",
    "crop": 44,
    "normalization": "standardized",
    "options": {"dropout": 0.2},
    "selection": "best",
    "snapshots": 2,
}
"""Every feature that the champions' recipes have."""
