"""The fewest grey levels by which every pixel may change until a network answers something else."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from fer_nb.analysis.ascent.layers import class_logits
from fer_nb.analysis.autodiff import ModelScore, value_and_grad

UNMOVED = -1
STEPS = 10  # at each number of levels
OUT_OF_REACH = 1e9


@dataclass(frozen=True, eq=False)
class Adversarial:
    """Images changed until the network takes them for something else.

    Attributes:
        images: The changed images, uint8 (N, 48, 48).
        levels: Largest change of a pixel in grey levels, int64 (N,); 0 where the answer was wrong before,
            -1 where none was found.
    """

    images: NDArray[np.uint8]
    levels: NDArray[np.int64]


def fewest_levels(
    model: keras.Model, images: NDArray[np.uint8], labels: NDArray[np.integer], *, most: int = 16
) -> Adversarial:
    """Find for each image a small change that turns the network's answer away from its label.

    The iterative sign gradient (Kurakin, Goodfellow, Bengio, arXiv 1607.02533) on whole grey levels: steps of
    one level up or down in every pixel, at most `levels` away from the image, for 1, 2, ... levels until the
    answer changes. An attack that is clever enough may need fewer: it is an upper bound.

    Args:
        model: (batch, 48, 48, 1) to one number a class.
        images: uint8 (N, 48, 48).
        labels: The answers to turn away from, (N,).
        most: Levels at which to give up.

    Raises:
        InputError: As `fer_nb.analysis.ascent.class_logits` does.
    """
    score = ModelScore(class_logits(model), _margin)
    original = images.astype(np.int64)
    current, levels = original.copy(), np.full(len(images), UNMOVED, np.int64)
    for level in range(most + 1):
        for _ in range(STEPS if level else 1):
            open_rows = np.flatnonzero(levels == UNMOVED)
            if not open_rows.size:
                break
            margin, gradient = value_and_grad(score, current[open_rows][..., None], labels[open_rows])
            levels[open_rows[margin > 0]] = level
            moving = open_rows[margin <= 0]
            moved = current[moving] + np.sign(gradient[margin <= 0, ..., 0]).astype(np.int64)
            within = np.clip(moved, original[moving] - level, original[moving] + level)
            current[moving] = np.clip(within, 0, 255)
    return Adversarial(current.astype(np.uint8), levels)


def shuffled(images: NDArray[np.uint8], adversarial: NDArray[np.uint8], *, seed: int) -> NDArray[np.uint8]:
    """Return images changed by as much as adversarial ones, pixel by pixel, but with the pixels shuffled.

    Args:
        images: The originals, uint8 (N, 48, 48).
        adversarial: The changed ones, likewise.
        seed: Of the shuffling.
    """
    change = adversarial.astype(np.int64) - images
    pixels = int(np.prod(images.shape[1:]))  # not -1, which no image at all leaves open
    flat = np.random.default_rng(seed).permuted(change.reshape(len(images), pixels), axis=1)
    return np.clip(images + flat.reshape(change.shape), 0, 255).astype(np.uint8)


def _margin(answer: Any, labels: Any) -> Any:
    """Return the best logit of another class less that of the label; above 0 the answer is wrong."""
    logits = ops.cast(answer, "float32")
    own = ops.one_hot(labels, logits.shape[-1], dtype="float32")
    return ops.max(logits - OUT_OF_REACH * own, axis=-1) - ops.sum(logits * own, axis=-1)
