"""Deletion and insertion: pixels taken away or put back in the order of a map (RISE, arXiv 1806.07421)."""

import keras
import numpy as np
import scipy.integrate
import scipy.ndimage
import scipy.special
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.saliency.localization import descending_ranks
from fer_nb.analysis.saliency.scores import logits_of
from fer_nb.errors import InputError

BLUR = 5.0  # pixels, the deviation of the Gaussian


def mean_fill(images: ArrayLike) -> NDArray[np.float32]:
    """Return images that are flat, each at its own mean grey level, (N, 48, 48)."""
    faces = np.asarray(images, np.float32)
    return np.broadcast_to(faces.mean(axis=(1, 2), keepdims=True), faces.shape)


def blur_fill(images: ArrayLike) -> NDArray[np.float32]:
    """Return images (N, 48, 48) so blurred that no expression is to be seen."""
    return scipy.ndimage.gaussian_filter(np.asarray(images, np.float32), (0, BLUR, BLUR))


def deletion_curves(
    model: keras.Model,
    images: ArrayLike,
    classes: ArrayLike,
    maps: ArrayLike,
    *,
    fill: ArrayLike,
    steps: int = 16,
) -> NDArray[np.float64]:
    """Return the probability of the class while pixels are replaced, those of the largest relevance first.

    Insertion is the same from the other end: `fill` for `images`, and these for `fill`.

    Args:
        model: (batch, 48, 48, 1) grey levels 0 to 255 in.
        images: uint8 (N, 48, 48).
        classes: (N,).
        maps: Relevance, (N, 48, 48).
        fill: What replaces them, (N, 48, 48).
        steps: Equal parts of the pixels.

    Returns:
        (N, steps + 1), from no pixel to all.

    Raises:
        InputError: A map holds a number that is not finite, which has no place in an order.
    """
    if not np.isfinite(maps).all():
        raise InputError("saliency maps: expected finite numbers, found NaN or infinity")
    start, end = np.asarray(images, np.float32), np.asarray(fill, np.float32)
    rows, labels = np.arange(len(start)), np.asarray(classes)
    ranks, curves = descending_ranks(maps), np.empty((len(start), steps + 1))
    for step in range(steps + 1):
        changed = np.where(ranks < round(step / steps * start[0].size), end, start)
        answers = logits_of(model, changed).astype(np.float64)
        curves[:, step] = scipy.special.softmax(answers, axis=1)[rows, labels]
    return curves


def area_under_curve(curves: ArrayLike) -> NDArray[np.float64]:
    """Return the mean height of curves (..., points), 0 to 1: deletion wants it low, insertion high."""
    heights = np.asarray(curves, np.float64)
    return scipy.integrate.trapezoid(heights, axis=-1) / (heights.shape[-1] - 1)
