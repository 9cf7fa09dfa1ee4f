"""Integrated gradients: the way from a baseline to the image, and the check that nothing is left over."""

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.saliency.gradient import signed_gradient
from fer_nb.analysis.saliency.scores import class_logits_of

MOST_STEPS = 1024


def integrated_gradients(
    model: keras.Model,
    images: ArrayLike,
    classes: ArrayLike,
    *,
    baseline: ArrayLike = 0.0,
    steps: int = 32,
    tolerance: float = 0.05,
) -> NDArray[np.float32]:
    """Return what each pixel adds to the logit on the straight way from a baseline, (N, 48, 48), with sign.

    Sundararajan et al., arXiv 1703.01365, by the midpoint rule.

    Args:
        model: (batch, 48, 48, 1) grey levels 0 to 255 in.
        images: uint8 (N, 48, 48).
        classes: (N,).
        baseline: Grey levels to start from: 0 for black, or an image (48, 48) such as the mean face.
        steps: Midpoints on the way, at first: an image's are doubled, up to 1,024, until its map is complete.
        tolerance: How much of the change of the logit (where it is below 1, how many logits) may be missing.
    """
    start, labels = np.asarray(baseline, np.float32), np.asarray(classes)
    faces = np.asarray(images, np.float32)
    maps, left = np.empty_like(faces), np.arange(len(faces))
    while len(left):
        way, total = faces[left] - start, np.zeros_like(faces[left])
        for step in range(steps):
            total += signed_gradient(model, start + (step + 0.5) / steps * way, labels[left])
        maps[left] = way * total / steps
        error, change = completeness_error(model, faces[left], labels[left], maps[left], baseline=start)
        left = left[np.abs(error) > tolerance * np.maximum(np.abs(change), 1)]
        steps *= 2
        if steps > MOST_STEPS:
            break
    return maps


def completeness_error(
    model: keras.Model, images: ArrayLike, classes: ArrayLike, maps: ArrayLike, *, baseline: ArrayLike = 0.0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return by how much maps miss the change of the logit that they should add up to.

    `maps` are what `integrated_gradients` returned, (N, 48, 48); all else is as it was given there.

    Returns:
        Error and change from the baseline to the image, (N,) each, in logits.
    """
    start = np.broadcast_to(np.asarray(baseline, np.float32), np.shape(images))
    before, after = (class_logits_of(model, end, classes).astype(np.float64) for end in (start, images))
    change = after - before
    return np.asarray(maps, np.float64).sum(axis=(1, 2)) - change, change
